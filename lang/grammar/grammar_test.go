package grammar_test

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/lang/grammar"
	"github.com/spacec-lang/spacec/parser"
	"github.com/spacec-lang/spacec/stdlib"
)

// library is the names of the ops and rules of the standard library.
func library(t *testing.T) (ops, rules []string) {
	t.Helper()
	for _, spec := range stdlib.Library().Specs() {
		ops = append(ops, spec.Name)
	}
	text, ok := stdlib.Source("std")
	if !ok {
		t.Fatal("the standard library has no file std")
	}
	var report diag.Report
	for _, d := range parser.ParseFile(lang.NewSource("std.space", text), &report).Decls {
		if r, ok := d.(*lang.Rule); ok {
			rules = append(rules, r.Name.Name)
		}
	}
	return ops, rules
}

// parsed is what parsing says of a source.
func parsed(src *lang.Source) *diag.Report {
	report := &diag.Report{}
	parser.ParseFile(src, report)
	return report
}

var place = regexp.MustCompile(`\$\{\d+:?([^{}]*)\}|\$\d`)

// filled is a snippet with its places filled in as proposed.
func filled(text string) string { return place.ReplaceAllString(text, "$1") }

// TestCurrent compares the files with what go generate would write.
func TestCurrent(t *testing.T) {
	ops, rules := library(t)
	files, err := grammar.Files(ops, rules)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range files {
		got, err := os.ReadFile(path)
		if err != nil {
			t.Errorf("%v; run go generate ./lang/grammar", err)
			continue
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("%s is not current; run go generate ./lang/grammar (-want +got):\n%s", path, diff)
		}
		if strings.HasSuffix(path, ".json") && !json.Valid(got) {
			t.Errorf("%s is not JSON", path)
		}
	}
}

// TestWords looks for every word and operator of the language in both grammars.
func TestWords(t *testing.T) {
	files, err := grammar.Files([]string{"conv"}, []string{"residual"})
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for _, list := range [][]string{lang.ReservedWords(), lang.DeclarationWords(), lang.StatementWords(), lang.ClauseWords(),
		lang.RangeWords(), lang.ExpressionWords(), {"conv", "residual"}} {
		words = append(words, list...)
	}
	for _, path := range []string{"vscode/syntaxes/space.tmLanguage.json", "vim/syntax/space.vim"} {
		for _, word := range words {
			if !strings.Contains(files[path], word) {
				t.Errorf("%s lacks %q", path, word)
			}
		}
	}
}
