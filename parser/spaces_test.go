package parser

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/lang"
)

// spaces are the texts of testdata/spaces, which between them use every construct.
func spaces(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob("testdata/spaces/*.space")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test data: %v", err)
	}
	texts := map[string]string{}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(name)] = string(data)
	}
	return texts
}

// TestSpans parses the text of each expression's span by itself: it has to give the same expression. Every span lies
// within that of the node around it.
func TestSpans(t *testing.T) {
	for name, text := range spaces(t) {
		t.Run(name, func(t *testing.T) {
			file := parse(t, text)
			for _, d := range file.Decls {
				around := d.Pos()
				lang.Walk(d, func(n lang.Node) bool {
					span := n.Pos()
					if span.Source != file.Source || span.Start < around.Start || span.End > around.End || span.Start >= span.End {
						t.Errorf("%T has the span %q", n, span.Text())
						return false
					}
					if e, ok := n.(lang.Expr); ok {
						again := parseExpr(t, "("+span.Text()+")").(*lang.Paren).X
						if diff := cmp.Diff(e, again, noSpans()); diff != "" {
							t.Errorf("%q (-in the file +by itself):\n%s", span.Text(), diff)
						}
					}
					return true
				})
			}
		})
	}
}
