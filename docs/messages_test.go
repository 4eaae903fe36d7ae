package docs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// rules are those of messages.md that a program can check: what a message may not hold, and why.
var rules = []struct {
	not  *regexp.Regexp
	rule string
}{
	{regexp.MustCompile(`(^|[^.])[.!;:]$`), "ends without a mark"},
	{regexp.MustCompile(`[^'%s]\?$|[^.]\. `), "is one sentence, and a question only as \"did you mean 'x'?\""},
	{regexp.MustCompile(`%q|"%s"`), "puts names in single quotes"},
	{regexp.MustCompile(`%T|%#v|%\+v|\b(lang|ast|ir|diag|parser|op|canon|gorgonia|tensor)\.[A-Z]|\b(nil|struct|AST|tokens?|lexer|panic)\b|\[\]\w`),
		"has no word of the program's insides"},
	{regexp.MustCompile(`(?i)\b(please|sorry|oops|invalid|illegal|unexpected|failed to|cannot|can not)\b`),
		"says what is wrong and what there is to do, in plain words"},
	{regexp.MustCompile(`\n|\t|  `), "stands on one line, with single spaces"},
}

// against is the first rule that a text of a message breaks; whole where nothing is joined to it.
func against(text string, whole bool) string {
	if text == "" {
		return ""
	}
	if first, _ := utf8.DecodeRuneInString(text); whole && unicode.IsUpper(first) {
		return "starts in lower case"
	}
	if whole && utf8.RuneCountInString(text) > 120 {
		return "has at most 120 characters"
	}
	for _, r := range rules {
		if r.not.MatchString(text) && (whole || !strings.HasPrefix(r.rule, "ends")) {
			return r.rule
		}
	}
	return ""
}

// speaks are the functions and methods whose texts users read as messages, labels and notes.
var speaks = map[string]bool{"Errorf": true, "Warnf": true, "With": true, "Note": true, "Fail": true, "bad": true, "usagef": true}

// TestMessages holds the texts of diagnostics and of wrong usage in the source, and the messages that the page of errors
// shows, to the guide.
func TestMessages(t *testing.T) {
	files, seen := token.NewFileSet(), 0
	err := filepath.WalkDir("..", func(file string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") || strings.Contains(file, "testdata") {
			return err
		}
		parsed, err := parser.ParseFile(files, file, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !speaks[called(call)] {
				return true
			}
			for _, arg := range call.Args {
				for _, lit := range texts(arg) {
					text, err := strconv.Unquote(lit.Value)
					if err != nil {
						t.Fatal(err)
					}
					if rule := against(text, lit == arg); rule != "" {
						t.Errorf("%s: %q: a message %s", files.Position(lit.Pos()), text, rule)
					}
					seen++
				}
			}
			return true
		})
		return nil
	})
	if err != nil || seen < 200 {
		t.Fatalf("%d texts seen: %v", seen, err)
	}
	printed := regexp.MustCompile(`(?m)^(?:error|warning)\[[EW]\d+\]: (.*)$`).FindAllStringSubmatch(readPage(t, "errors.md"), -1)
	if len(printed) == 0 {
		t.Fatal("errors.md shows no messages")
	}
	for _, m := range printed {
		if rule := against(m[1], true); rule != "" {
			t.Errorf("errors.md: %q: a message %s", m[1], rule)
		}
	}
}

// The rules tell good messages from bad ones.
func TestMessageRules(t *testing.T) {
	for _, good := range []string{"unknown name 'cov': did you mean 'conv'?", "a net needs an input", "write in >> %s to apply it to what arrives",
		"the file is over the limit of %d bytes", "a range is written with two points, '..'", `a file stands in quotes: use "%s.space"`} {
		if rule := against(good, true); rule != "" {
			t.Errorf("%q: a message %s", good, rule)
		}
	}
	for _, bad := range []string{"Unknown name", "unknown name 'cov'.", "unknown name %q", "expected lang.Rule", "found %T", "unexpected '='",
		"is this right?", "one thing. another", "two  spaces", "the name cannot be used", strings.Repeat("long ", 30) + "message"} {
		if against(bad, true) == "" {
			t.Errorf("%q breaks no rule", bad)
		}
	}
}

// called is the name of what is called, but for fmt's.
func called(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); !ok || x.Name != "fmt" || f.Sel.Name == "Sprintf" {
			return f.Sel.Name
		}
	}
	return ""
}

// texts are the strings that an argument is, joins or formats.
func texts(arg ast.Expr) []*ast.BasicLit {
	switch x := arg.(type) {
	case *ast.BasicLit:
		if x.Kind == token.STRING {
			return []*ast.BasicLit{x}
		}
	case *ast.BinaryExpr:
		return append(texts(x.X), texts(x.Y)...)
	case *ast.CallExpr:
		if called(x) == "Sprintf" && len(x.Args) > 0 {
			return texts(x.Args[0])
		}
	}
	return nil
}
