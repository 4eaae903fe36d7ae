package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPagesOfCommands keeps docs/commands what --help says: a page for each command, and their index.
func TestPagesOfCommands(t *testing.T) {
	var index strings.Builder
	index.WriteString(generatedHelp + "# Commands\n\n")
	pages := map[string]string{"README.md": ""}
	var a app
	for _, c := range a.root().Commands() {
		if c.Name() == "help" {
			continue
		}
		fmt.Fprintf(&index, "- [spacec %s](%s.md): %s\n", c.Name(), c.Name(), c.Short)
		pages[c.Name()+".md"] = fmt.Sprintf("%s# spacec %s\n\n%s.\n\n```text\n%s```\n\n[All commands](README.md)\n", generatedHelp, c.Name(), c.Short,
			helpOf(t, c.Name()))
	}
	fmt.Fprintf(&index, "\n```text\n%s```\n", helpOf(t))
	pages["README.md"] = index.String()

	folder := "../../docs/commands"
	if *update {
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(folder, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	there := map[string]string{}
	for name, text := range pages {
		file := filepath.Join(folder, name)
		if *update {
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		there[e.Name()] = string(text)
	}
	if diff := cmp.Diff(pages, there); diff != "" {
		t.Errorf("docs/commands is not current; run go generate ./cmd/spacec (-want +got):\n%s", diff)
	}
}

const generatedHelp = "<!-- Generated from the commands' help by go generate ./cmd/spacec; don't edit. -->\n"

// helpOf is what "spacec COMMAND --help" prints.
func helpOf(t *testing.T, command ...string) string {
	t.Helper()
	var out bytes.Buffer
	a := &app{in: strings.NewReader(""), out: &out, err: &out}
	if code := a.run(context.Background(), append(command, "--help")); code != 0 {
		t.Fatalf("help of %v exits with %d", command, code)
	}
	return out.String()
}
