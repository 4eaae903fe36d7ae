package format_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/lang/format"
	"github.com/spacec-lang/spacec/parser"
)

// parse parses a text; errors are what is wrong with it.
func parse(text string) (file *lang.File, errors string) {
	var report diag.Report
	file = parser.ParseFile(lang.NewSource("test.space", text), &report)
	var b strings.Builder
	if report.Failed() {
		if err := report.Render(&b, false); err != nil {
			return file, err.Error()
		}
	}
	return file, b.String()
}

// sameTree ignores where things stand.
func sameTree() cmp.Options {
	return cmp.Options{cmpopts.IgnoreTypes(lang.At{}, lang.Span{}), cmpopts.EquateEmpty()}
}

// sameMeaning ignores how numbers are written as well.
func sameMeaning() cmp.Options {
	return append(sameTree(), cmpopts.IgnoreFields(lang.Number{}, "Text", "Value"))
}

// bare takes the parentheses out of a tree.
func bare[T any](tree T) T {
	strip(reflect.ValueOf(&tree).Elem())
	return tree
}

func strip(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		for {
			paren, ok := v.Interface().(*lang.Paren)
			if !ok {
				break
			}
			v.Set(reflect.ValueOf(paren.X))
		}
		strip(v.Elem())
	case reflect.Pointer:
		strip(v.Elem())
	case reflect.Slice:
		for i := range v.Len() {
			strip(v.Index(i))
		}
	case reflect.Struct:
		if v.Type() != reflect.TypeFor[lang.At]() {
			for i := range v.NumField() {
				strip(v.Field(i))
			}
		}
	}
}

func spaces(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.space")
	more, errToo := filepath.Glob("../../parser/testdata/spaces/*.space")
	if err != nil || errToo != nil || len(files) == 0 || len(more) == 0 {
		t.Fatalf("no test data: %v, %v", err, errToo)
	}
	texts := map[string]string{}
	for _, name := range append(files, more...) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(name)] = string(data)
	}
	return texts
}

// check formats a text that parses, and gives what is wrong with the result: it has to have the same tree and the same
// comments, and to be its own format.
func check(text string) string {
	file, errors := parse(text)
	if errors != "" {
		return ""
	}
	once := string(format.Source(file))
	again, errors := parse(once)
	if errors != "" {
		return "the result has errors:\n" + errors + "\n" + once
	}
	if diff := cmp.Diff(file.Decls, again.Decls, sameTree()); diff != "" {
		return "the result has another tree:\n" + diff + "\n" + once
	}
	if diff := cmp.Diff(comments(file), comments(again)); diff != "" {
		return "the result has other comments:\n" + diff + "\n" + once
	}
	if diff := cmp.Diff(once, string(format.Source(again))); diff != "" {
		return "the result is formatted differently:\n" + diff
	}
	return ""
}

func comments(file *lang.File) []string {
	var texts []string
	for _, c := range file.Comments {
		texts = append(texts, c.Text)
	}
	return texts
}

func TestSpaces(t *testing.T) {
	for name, text := range spaces(t) {
		if problem := check(text); problem != "" {
			t.Errorf("%s: %s", name, problem)
		}
		if _, errors := parse(text); errors != "" {
			t.Errorf("%s: %s", name, errors)
		}
	}
}

// TestGolden formats testdata/*.space into what stands in the golden file beside it.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.space")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test data: %v", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		golden := strings.TrimSuffix(name, ".space") + ".golden"
		want, err := os.ReadFile(golden)
		if err != nil && os.Getenv("UPDATE") == "" {
			t.Fatal(err)
		}
		file, errors := parse(string(text))
		if errors != "" {
			t.Errorf("%s: %s", name, errors)
		}
		got := format.Source(file)
		if os.Getenv("UPDATE") != "" {
			if err := os.WriteFile(golden, got, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s (-want +got; UPDATE=1 rewrites it):\n%s", name, diff)
		}
	}
}

// TestFormatted sees that the spaces that people start from are in canonical form, byte for byte.
func TestFormatted(t *testing.T) {
	for _, pattern := range []string{"../../examples/*.space", "../../stdlib/*.space"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("no files %s: %v", pattern, err)
		}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			file, errors := parse(string(text))
			if errors != "" {
				t.Errorf("%s: %s", name, errors)
			}
			if diff := cmp.Diff(string(format.Source(file)), string(text)); diff != "" {
				t.Errorf("%s; run spacec fmt -w on it (-want +got):\n%s", name, diff)
			}
		}
	}
}

func TestExprParentheses(t *testing.T) {
	for _, text := range []string{
		"a >> b >> c", "(a >> b) >> c", "a >> (b + c)", "a - (b - c)", "a - b - c", "(a | b) >> c", "-(a + b)", "-a * b",
		"(a implies b) implies c", "a implies b implies c", "not (a and b)", "not a and b", "(not a) == b",
		"(if a then b) | (if c then d)", "if a then (if b then c) else d", "if a then if b then c else d", "2 of (a | b)",
		"2 of ((a | b))", "(a of b) of c", "a{1 | 2}", "(a + b){2}?", "(1..4).a", "1..(2..3)", "(1..4 step 2) + 1",
		"1..4 step -2 log", "(a < b) < c", "(a is b) is c", "{ a = in; let b = c, d(e) = 3; require b; a >> b }",
		"f(a, b: c | d [3] if e)", "a [50%] if if b then c else d | e [each]", "1e-4..1.5 log points 32",
	} {
		file, errors := parse("x = " + text)
		if errors != "" {
			t.Errorf("%q: %s", text, errors)
			continue
		}
		if got := format.Expr(file.Decls[0].(*lang.Rule).Body); got != text {
			t.Errorf("%q is printed as %q", text, got)
		}
	}
}

// TestExpr prints trees that no parser made; what the parser reads from the text is the same, with parentheses only where
// they are needed: printing that again changes nothing.
func TestExpr(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := gen{t}.expr(rapid.IntRange(0, 4).Draw(t, "depth"))
		text := format.Expr(e)
		file, errors := parse("x = " + text)
		if errors != "" {
			t.Fatalf("%s\n%s", text, errors)
		}
		got := file.Decls[0].(*lang.Rule).Body
		if again := format.Expr(got); again != text {
			t.Fatalf("%q is printed as %q", text, again)
		}
		if diff := cmp.Diff(e, bare(got), sameMeaning()); diff != "" {
			t.Fatalf("%s (-printed +parsed):\n%s", text, diff)
		}
		if strings.Contains(text, "\n") {
			t.Fatalf("several lines: %q", text)
		}
	})
}

// TestDecl does the same with declarations, each alone and all as a file.
func TestDecl(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		file := &lang.File{}
		for range rapid.IntRange(1, 4).Draw(t, "declarations") {
			d := gen{t}.decl(rapid.IntRange(0, 3).Draw(t, "depth"))
			alone, errors := parse(format.Decl(d))
			if errors != "" {
				t.Fatalf("%s\n%s", format.Decl(d), errors)
			}
			if diff := cmp.Diff([]lang.Decl{d}, bare(alone.Decls), sameMeaning()); diff != "" {
				t.Fatalf("%s (-printed +parsed):\n%s", format.Decl(d), diff)
			}
			file.Decls = append(file.Decls, d)
		}
		text := string(format.Source(file))
		got, errors := parse(text)
		if errors != "" {
			t.Fatalf("%s\n%s", text, errors)
		}
		if diff := cmp.Diff(file.Decls, bare(got.Decls), sameMeaning()); diff != "" {
			t.Fatalf("%s (-printed +parsed):\n%s", text, diff)
		}
		if problem := check(text); problem != "" {
			t.Fatal(problem)
		}
	})
}

// TestAnywhere puts comments, line ends and spaces anywhere into files; where they still parse, formatting keeps what they
// say.
func TestAnywhere(t *testing.T) {
	var texts []string
	for _, text := range spaces(t) {
		texts = append(texts, strings.Split(text, "\n\n")...)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom(texts).Draw(t, "text")
		for range rapid.IntRange(0, 6).Draw(t, "insertions") {
			what := rapid.SampledFrom([]string{" // c\n", "\n// own\n", "\n", "\n\n\n", "  ", " /// d\n", "\r\n\t"}).Draw(t, "what")
			at := rapid.IntRange(0, len(text)).Draw(t, "at")
			text = text[:at] + what + text[at:]
		}
		if problem := check(text); problem != "" {
			t.Fatalf("%s\n%s", text, problem)
		}
	})
}

// TestLeft has comments where none can be printed, and lines that join.
func TestLeft(t *testing.T) {
	for _, text := range []string{
		"net = block{1..4\n// own\n} >> global_avg_pool >> dense(10)",
		"op join : ([ // c\nc, h], [c, h]) -> [c, h]",
		"rule choice =\n  | b [3]\n  | c if x>3 // c\n and // in the middle\n    y",
	} {
		if problem := check(text); problem != "" {
			t.Errorf("%s\n%s", text, problem)
		}
	}
}

// TestLarge formats large files of one kind in time proportional to their size.
func TestLarge(t *testing.T) {
	many := strings.Repeat
	for name, text := range map[string]string{
		"ports":      many("input a: b\n", 5_000),
		"comments":   "net = a\n" + many("// c\n", 20_000),
		"a sequence": "net = a" + many(" >> a", 5_000),
		"a choice":   "net = a" + many(" | a", 5_000),
		"arguments":  "net = f(a" + many(", a", 5_000) + ")",
		"a block":    "net = {" + many("a = in\n", 3_000) + "a }",
		"nested":     "net = " + many("f(a >> {", 90) + "a" + many("})", 90),
		"a sum":      "net = a" + many(" + a", 900),
	} {
		file, errors := parse(text)
		if errors != "" {
			t.Errorf("%s: %s", name, errors)
		}
		start := time.Now()
		out := format.Source(file)
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("%s: took %v", name, took)
		}
		if len(out) < len(text)/2 {
			t.Errorf("%s: %d bytes became %d", name, len(text), len(out))
		}
	}
}

func FuzzFormat(f *testing.F) {
	for _, text := range spaces(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if problem := check(text); problem != "" {
			t.Fatalf("%s\n%s", text, problem)
		}
	})
}
