package parser

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// FuzzParse parses anything. It must end soon, report errors at places in the file, give a file without errors a declaration,
// and give every node a place within its declaration's.
func FuzzParse(f *testing.F) {
	for _, text := range spaces(f) {
		f.Add(text)
	}
	files, err := filepath.Glob("testdata/errors/*.space")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Fuzz(func(t *testing.T, text string) {
		src := lang.NewSource("fuzz.space", text)
		var report diag.Report
		start := time.Now()
		file := ParseFile(src, &report)
		if took := time.Since(start); took > 2*time.Second+time.Duration(len(text))*100*time.Microsecond {
			t.Errorf("took %v", took)
		}
		within := func(what any, span, around lang.Span) {
			if span.Source != src || span.Start < around.Start || span.End > around.End || span.Start > span.End {
				t.Fatalf("%T has the span %d to %d, outside of %d to %d", what, span.Start, span.End, around.Start, around.End)
			}
		}
		whole := lang.Span{Source: src, End: len(text)}
		for _, d := range report.Diagnostics() {
			within(d, d.At, whole)
			for _, o := range d.Others {
				within(d, o.Span, whole)
			}
			if len(d.Edits) > 0 {
				if _, err := diag.Apply(src, d.Edits); err != nil {
					t.Fatalf("%s: %v", d.Message, err)
				}
			}
		}
		if len(file.Decls) == 0 && !report.Failed() {
			t.Fatal("neither a declaration nor an error")
		}
		for _, d := range file.Decls {
			lang.Walk(d, func(n lang.Node) bool {
				within(n, n.Pos(), d.Pos())
				return true
			})
		}
	})
}
