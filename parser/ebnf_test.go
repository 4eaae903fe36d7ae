package parser

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestGrammar compares the grammar with the golden file; UPDATE=1 rewrites it.
func TestGrammar(t *testing.T) {
	const golden = "testdata/grammar.ebnf"
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(golden, []byte(Grammar()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), Grammar()); diff != "" {
		t.Errorf("grammar (-want +got; UPDATE=1 rewrites it):\n%s", diff)
	}
}
