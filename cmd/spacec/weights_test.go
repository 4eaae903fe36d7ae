package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Weights take the place of other weights, and of nothing else: a point that was named twice was lost.
func TestWeightsReplaceWeightsAlone(t *testing.T) {
	dir := t.TempDir()
	point, weights := filepath.Join(dir, "p.space"), filepath.Join(dir, "w.safetensors")
	if err := os.WriteFile(point, []byte(onePoint), 0o644); err != nil {
		t.Fatal(err)
	}
	train := func(save string) (code int, said string) {
		var out, err bytes.Buffer
		a := &app{in: strings.NewReader(""), out: &out, err: &err}
		code = a.run(t.Context(), []string{"train", point, "--save", save, "--epochs", "1"})
		return code, err.String()
	}
	if code, said := train(point); code != exitInput || !strings.Contains(said, "holds no weights") {
		t.Errorf("it exits with %d and says %q", code, said)
	}
	if text, err := os.ReadFile(point); err != nil || string(text) != onePoint {
		t.Errorf("the point is %q now, %v", text, err)
	}
	for range 2 {
		if code, said := train(weights); code != 0 {
			t.Errorf("it exits with %d and says %q", code, said)
		}
	}
}
