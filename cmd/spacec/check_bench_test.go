package main

import (
	"context"
	"io"
	"path/filepath"
	"testing"
)

// BenchmarkCheck checks each example, as a run of the program does but for its start.
func BenchmarkCheck(b *testing.B) {
	files, err := filepath.Glob("../../examples/*.space")
	if err != nil {
		b.Fatal(err)
	}
	for _, file := range files {
		b.Run(filepath.Base(file), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				a := &app{out: io.Discard, err: io.Discard}
				if code := a.run(context.Background(), []string{"check", file}); code != 0 {
					b.Fatalf("exit code %d", code)
				}
			}
		})
	}
}
