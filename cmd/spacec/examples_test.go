package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestExamplesTry runs the command that each example's comment tells its reader to try.
func TestExamplesTry(t *testing.T) {
	t.Chdir("../..")
	files, err := filepath.Glob("examples/*.space")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_, after, found := strings.Cut(string(text), "\n/// Try: spacec ")
		if !found {
			continue // package docs requires one of every published space
		}
		command, _, _ := strings.Cut(after, "\n")
		var out, trouble bytes.Buffer
		a := &app{in: strings.NewReader(""), out: &out, err: &trouble}
		if code := a.run(context.Background(), strings.Fields(command)); code != 0 || out.Len() == 0 {
			t.Errorf("%s: spacec %s: exit code %d, %q", file, command, code, trouble.String())
		}
	}
}
