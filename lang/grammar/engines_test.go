package grammar_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/alecthomas/chroma/v2"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/grammar"
)

// classes are the classes of the bytes of a text, line by line, as chroma's engine finds them; "" of blanks.
func classes(t *testing.T, text string) [][]grammar.Class {
	t.Helper()
	ops, rules := library(t)
	lexer, err := grammar.Lexer(append(ops, rules...))
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := chroma.Tokenise(lexer, nil, text)
	if err != nil {
		t.Fatal(err)
	}
	lines := [][]grammar.Class{nil}
	for _, token := range tokens {
		for _, b := range []byte(token.Value) {
			last := len(lines) - 1
			if b == '\n' {
				lines = append(lines, nil)
			} else {
				lines[last] = append(lines[last], grammar.ClassOf(token.Type))
			}
		}
	}
	return lines
}

// TestAssertions checks the classes that the comments of testdata/classes.space assert, in the notation of
// vscode-tmgrammar-test, which checks the TextMate grammar by them.
func TestAssertions(t *testing.T) {
	text, err := os.ReadFile("testdata/classes.space")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	all := classes(t, string(text))
	subject, checked := 0, 0
	for i, line := range lines[1:] {
		i++
		mark := strings.TrimLeft(strings.TrimPrefix(line, "//"), " ")
		start := strings.IndexAny(line, "^<")
		if !strings.HasPrefix(line, "//") || strings.HasPrefix(line, "///") || !strings.HasPrefix(mark, "^") && !strings.HasPrefix(mark, "<-") {
			subject = i
			continue
		}
		span, scope, _ := strings.Cut(mark, " ")
		if strings.HasPrefix(span, "<") {
			start, span = 0, span[1:]
		}
		for at := start; at < start+len(span); at++ {
			checked++
			if got := grammar.Scope(all[subject][at]); got != strings.TrimSpace(scope) {
				t.Errorf("line %d, column %d is %s, want %s:\n%s", subject+1, at+1, got, scope, lines[subject])
			}
		}
	}
	if checked < 200 {
		t.Errorf("only %d bytes are asserted", checked)
	}
}

// TestEngines compares chroma's classes with those of VS Code's engine and of Vim, byte by byte, on files that .ci/highlight ran
// these on. It leaves them in the folder that SPACE_ENGINES names.
func TestEngines(t *testing.T) {
	dir := os.Getenv("SPACE_ENGINES")
	if dir == "" {
		t.Skip("the editors' engines are run by .ci/highlight")
	}
	paths, err := filepath.Glob(dir + "/*.space")
	if err != nil || len(paths) < 5 {
		t.Fatalf("%d files in %s (%v)", len(paths), dir, err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			read := func(name string) []string {
				b, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				return strings.Split(string(b), "\n")
			}
			text, scopes, groups := read(path), read(path+".textmate"), read(path+".vim")
			if len(text) != len(scopes) || len(groups) < len(text)-1 {
				t.Fatalf("%d lines, %d of VS Code, %d of Vim", len(text), len(scopes), len(groups))
			}
			all := classes(t, strings.Join(text, "\n"))
			faults := 0
			for i, line := range text {
				var tokens [][3]any
				if err := json.Unmarshal([]byte(scopes[i]), &tokens); err != nil {
					t.Fatal(err)
				}
				var vim []string
				if i < len(groups) {
					vim = strings.Fields(groups[i])
				}
				if strings.IndexFunc(line, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 {
					continue // each engine counts such columns in its own way
				}
				for at, b := range []byte(line) {
					if b == ' ' || faults > 20 {
						continue
					}
					want := all[i][at]
					scope := ""
					for _, token := range tokens {
						if int(token[0].(float64)) <= at && at < int(token[1].(float64)) {
							scope = token[2].(string)
						}
					}
					if scope != grammar.Scope(want) {
						faults++
						t.Errorf("%d:%d is %s, and %s in VS Code: %s", i+1, at+1, want, scope, line)
					}
					group := strings.TrimPrefix(vim[at], "space")
					if group != string(want) && !(group == "-" && (want == grammar.Name || want == grammar.Mark)) {
						faults++
						t.Errorf("%d:%d is %s, and %s in Vim: %s", i+1, at+1, want, group, line)
					}
				}
			}
		})
	}
}

// TestPainter takes the colours away again, and looks for those of a line.
func TestPainter(t *testing.T) {
	asked := 0
	p := grammar.NewPainter(func() []string { asked++; return []string{"conv"} })
	const text = "net = conv(8) >> \"x\" // done\n"
	painted := p.Paint(text)
	if asked != 1 || p.Paint(text) != painted || asked != 1 {
		t.Errorf("the names were asked for %d times", asked)
	}
	for _, want := range []string{"\x1b[1mnet\x1b[0m", "\x1b[34mconv\x1b[0m(", "\x1b[33m8\x1b[0m", "\x1b[2m// done\x1b[0m"} {
		if !strings.Contains(painted, want) {
			t.Errorf("%q lacks %q", painted, want)
		}
	}
	for painted != "" {
		before, after, ok := strings.Cut(painted, "\x1b[")
		if !strings.HasPrefix(text[len(text)-len(plain(painted)):], before) {
			t.Errorf("%q is not of the text", before)
		}
		if !ok {
			break
		}
		_, painted, _ = strings.Cut(after, "m")
	}
}

func plain(painted string) string {
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(painted, "\x1b[")
		b.WriteString(before)
		if !ok {
			return b.String()
		}
		_, painted, _ = strings.Cut(after, "m")
	}
}

// TestSnippets parses the snippets of the VS Code extension with their places filled in as proposed.
func TestSnippets(t *testing.T) {
	text, err := os.ReadFile("vscode/snippets.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]struct {
		Prefix string   `json:"prefix"`
		Body   []string `json:"body"`
	}
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	expressions := []string{"block", "range", "choice"}
	for name, s := range all {
		body := filled(strings.Join(s.Body, "\n"))
		if slices.Contains(expressions, s.Prefix) {
			body = "net = (" + body + ")"
			if s.Prefix == "block" {
				body = "net = " + filled(strings.Join(s.Body, "\n"))
			}
		}
		if report := parsed(lang.NewSource(name, body)); report.Failed() {
			t.Errorf("%s: %s\n%s", name, report.Diagnostics()[0].Message, body)
		}
	}
}
