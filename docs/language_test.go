package docs_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/parser"
)

// TestGeneratedGrammar keeps the grammar in the reference that of the parser.
func TestGeneratedGrammar(t *testing.T) {
	page := readPage(t, "language.md")
	current(t, "language.md", between(t, page, "grammar", "```ebnf\n"+parser.Grammar()+"```\n"))
}

// TestExamples loads every block of the pages that is marked "space" and compares the outcome that its last line
// states, and every block marked "point" with what the space before it draws. A block marked "file" is a file that
// those after it can use.
func TestExamples(t *testing.T) {
	for _, page := range []string{"language.md", "training.md", "../README.md"} {
		blocks, err := fences(readPage(t, page))
		if err != nil {
			t.Errorf("%s: %v", page, err)
		}
		var space *ir.Space
		files := map[string]string{}
		for _, b := range blocks {
			t.Run(fmt.Sprintf("%s:%d", filepath.Base(page), b.line), func(t *testing.T) {
				switch word, argument, _ := strings.Cut(b.info, " "); word {
				case "space":
					space = example(t, files, b.text)
				case "file":
					files[argument] = b.text
				case "point":
					drawn(t, space, argument, b.text)
				}
			})
		}
	}
}

// whole is an example as a file: what the reference says it leaves out is put before it.
func whole(text string) string {
	if regexp.MustCompile(`(?m)^(edition|space|use|input) `).MatchString(text) {
		return text
	}
	head := "edition 1\nspace example\n"
	if regexp.MustCompile(`(?m)^net =`).MatchString(text) {
		head += "use std\ninput image: [c: 3, h: 8, w: 8]\n"
	}
	return head + text
}

var outcome = regexp.MustCompile(`^(\d+) points?$|^(infinite)$|^(?:error|warning) ([EW]\d{3})$|^prior ([\d.% ]+)$`)

// example loads a block and compares what its last line states.
func example(t *testing.T, files map[string]string, text string) *ir.Space {
	space, report := beside(files, "example.space", whole(text))
	lines := strings.Split(strings.TrimSpace(text), "\n")
	_, stated, _ := strings.Cut(lines[len(lines)-1], "// ")
	want := outcome.FindStringSubmatch(stated)
	if want == nil {
		if len(report.Diagnostics()) > 0 {
			t.Errorf("the example has %s", said(report))
		}
		return space
	}
	if code := want[3]; code != "" {
		for _, d := range report.Diagnostics() {
			if string(d.Code) != code {
				t.Errorf("want %s alone, got %s", stated, said(report))
			}
		}
		if len(report.Diagnostics()) == 0 {
			t.Errorf("want %s, got none", stated)
		}
		return space
	}
	if len(report.Diagnostics()) > 0 {
		t.Fatalf("the example has %s", said(report))
	}
	if shares := want[4]; shares != "" {
		if got := priors(space); got != shares {
			t.Errorf("the prior of the first decision is %s, want %s", got, shares)
		}
		return space
	}
	n, err := space.Count()
	got := fmt.Sprint(n)
	if err != nil {
		got = err.Error()
	}
	if got != want[1]+want[2] {
		t.Errorf("counted %s, want %s", got, stated)
	}
	return space
}

// priors are the shares of the first decision's options.
func priors(space *ir.Space) string {
	d, ok := space.Walk().Next()
	if !ok {
		return "none"
	}
	var shares []string
	for i := range d.Len() {
		shares = append(shares, strconv.FormatFloat(100*d.Prior(i), 'g', 6, 64)+"%")
	}
	return strings.Join(shares, " ")
}

// drawn compares a block with the text of a space's point 0 of a seed, of which it has to be a part, and reads
// the point back.
func drawn(t *testing.T, space *ir.Space, seed, text string) {
	if space == nil {
		t.Fatal("no space stands before this point")
	}
	n, err := strconv.ParseUint(strings.TrimPrefix(seed, "seed "), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	w := space.Walk()
	w.Draw(n, 0)
	point, err := w.Point()
	if err != nil {
		t.Fatal(err)
	}
	all, err := point.Text()
	if err != nil {
		t.Fatal(err)
	}
	if text == "" || !strings.Contains(all, text) {
		t.Errorf("seed %d draws\n%s\nwhich does not hold\n%s", n, all, text)
	}
	file := parser.ParseFile(lang.NewSource("point.space", all), &diag.Report{})
	again, err := space.Read(file)
	if err != nil {
		t.Fatalf("the point can't be read back: %v", err)
	}
	if same, _ := again.Text(); same != all {
		t.Errorf("the point read back is another:\n%s", same)
	}
}

// TestWordsOfTheReference: the reference shows every word of the language in code, besides the grammar.
func TestWordsOfTheReference(t *testing.T) {
	page, _, _ := strings.Cut(readPage(t, "language.md"), "<!-- grammar -->")
	blocks, err := fences(page)
	if err != nil {
		t.Fatal(err)
	}
	code := map[string]bool{}
	word := regexp.MustCompile(`\w+`)
	for _, b := range blocks {
		for _, w := range word.FindAllString(b.text, -1) {
			code[w] = true
		}
	}
	for _, span := range regexp.MustCompile("`[^`\n]+`").FindAllString(page, -1) {
		for _, w := range word.FindAllString(span, -1) {
			code[w] = true
		}
	}
	for _, words := range [][]string{lang.DeclarationWords(), lang.StatementWords(), lang.ClauseWords(), lang.RangeWords(),
		lang.ExpressionWords(), lang.ReservedWords()} {
		for _, w := range words {
			if !code[w] {
				t.Errorf("the reference doesn't show '%s'", w)
			}
		}
	}
}
