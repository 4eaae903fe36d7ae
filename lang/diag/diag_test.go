package diag

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/spacec-lang/spacec/lang"
)

// at is the span of the nth occurrence, from 0, of a text in a source.
func at(src *lang.Source, text string, nth int) lang.Span {
	start := 0
	for ; nth >= 0; nth-- {
		i := strings.Index(src.Text[start:], text)
		if i < 0 {
			panic("no " + text)
		}
		start += i + 1
	}
	return lang.Span{Source: src, Start: start - 1, End: start - 1 + len(text)}
}

func render(t *testing.T, r *Report, color bool) string {
	t.Helper()
	var b strings.Builder
	if err := r.Render(&b, color); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestRender(t *testing.T) {
	for _, test := range []struct {
		name, text string
		make       func(*Report, *lang.Source)
		want       string
	}{
		{"label, note and fix", "space a\nnet = cov(8) >> relu\n", func(r *Report, src *lang.Source) {
			d := r.Errorf(UnknownName, at(src, "cov", 0), "unknown op 'cov'").Note("ops are in std")
			d.Label = "did you mean 'conv'?"
			d.Edit(at(src, "cov", 0), "conv")
		}, `
error[E201]: unknown op 'cov'
  --> a.space:2:7
   |
 2 | net = cov(8) >> relu
   |       ^^^ did you mean 'conv'?
   = note: ops are in std
   = fix:
 2 | net = conv(8) >> relu
   |       ~~~~
`},
		{"further places, above and below", "rule a = 1\n\n\nrule a = 2\nrule a = 3", func(r *Report, src *lang.Source) {
			r.Errorf(Defined, at(src, "a", 1), "'a' is defined twice").With(at(src, "a", 0), "first here").
				With(at(src, "a", 2), "and here").With(at(src, "2", 0), "the value")
		}, `
error[E202]: 'a' is defined twice
  --> a.space:4:6
   |
 1 | rule a = 1
   |      - first here
...
 4 | rule a = 2
   |      ^
   |          - the value
 5 | rule a = 3
   |      - and here
`},
		{"a tab and wide characters", "\tx = \"日本\" + y", func(r *Report, src *lang.Source) {
			r.Warnf(Dead, at(src, "y", 0), "dead").With(at(src, "日本", 0), "wide")
		}, `
warning[W502]: dead
  --> a.space:1:13
   |
 1 |     x = "日本" + y
   |                  ^
   |          ---- wide
`},
		{"the end of a line", "net = a >>\n", func(r *Report, src *lang.Source) {
			end := lang.Span{Source: src, Start: 10, End: 10}
			r.Errorf(Syntax, end, "expected an expression")
		}, `
error[E104]: expected an expression
  --> a.space:1:11
   |
 1 | net = a >>
   |           ^
`},
		{"several lines", "net = {\n a\n}\n", func(r *Report, src *lang.Source) {
			r.Errorf(Kind, at(src, "{\n a\n}", 0), "no output")
		}, `
error[E301]: no output
  --> a.space:1:7
   |
 1 | net = {
   |       ^
`},
		{"control characters", "net = \x1b[31m\u202ered", func(r *Report, src *lang.Source) {
			r.Errorf(BadCharacter, at(src, "\x1b", 0), "the character \x1b")
		}, "\nerror[E103]: the character \ufffd\n  --> a.space:1:7\n   |\n 1 | net = \ufffd[31m\ufffdred\n   |       ^\n"},
		{"nowhere", "", func(r *Report, src *lang.Source) {
			r.Errorf(BadUse, lang.Span{}, "no such file").Note("look elsewhere")
		}, `
error[E204]: no such file
   = note: look elsewhere
`},
		{"a fix of two lines", "a\nb\nc", func(r *Report, src *lang.Source) {
			r.Errorf(Syntax, at(src, "b", 0), "wrong").Edit(at(src, "a\nb", 0), "d\ne").Edit(at(src, "c", 0), "ff")
		}, `
error[E104]: wrong
  --> a.space:2:1
   |
 2 | b
   | ^
   = fix:
 1 | d
   | ~
 2 | e
   | ~
 3 | ff
   | ~~
`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var r Report
			test.make(&r, lang.NewSource("a.space", test.text))
			if diff := cmp.Diff(test.want[1:]+"\n", render(t, &r, false)); diff != "" {
				t.Errorf("rendered (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRenderOtherFile names the second file, and colours only when asked.
func TestRenderOtherFile(t *testing.T) {
	a, b := lang.NewSource("a.space", "rule x = 1"), lang.NewSource("b.space", "\n\n\n\n\n\n\n\n\n\n\n\nrule x = 2")
	var r Report
	r.Errorf(Defined, at(a, "x", 0), "'x' is defined twice").With(at(b, "x", 0), "first here")
	want := `error[E202]: 'x' is defined twice
  --> a.space:1:6
   |
 1 | rule x = 1
   |      ^
  ::: b.space:13:6
   |
13 | rule x = 2
   |      - first here

`
	if diff := cmp.Diff(want, render(t, &r, false)); diff != "" {
		t.Errorf("rendered (-want +got):\n%s", diff)
	}
	colored := render(t, &r, true)
	if !strings.Contains(colored, "\x1b[1;31merror[E202]\x1b[0m") {
		t.Errorf("no colour in %q", colored)
	}
	if strings.Contains(render(t, &r, false), "\x1b") {
		t.Error("colour without being asked")
	}
}

// TestLongLine cuts a line of a million characters around the place, quickly.
func TestLongLine(t *testing.T) {
	src := lang.NewSource("a.space", strings.Repeat("é", 400_000)+"xyz"+strings.Repeat("é", 100_000))
	var r Report
	start := time.Now()
	for i := range MaxDiagnostics + 7 {
		r.Errorf(Syntax, at(src, "xyz", 0), "wrong %d", i).Edit(at(src, "y", 0), "zz")
	}
	out := render(t, &r, false)
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	lines := strings.Split(out, "\n")
	want := " 1 | ..." + strings.Repeat("é", 40) + "xyz" + strings.Repeat("é", 39) + "..."
	if diff := cmp.Diff(want, lines[3]); diff != "" {
		t.Errorf("cut (-want +got):\n%s", diff)
	}
	if want := "   |    " + strings.Repeat(" ", 40) + "^^^"; lines[4] != want {
		t.Errorf("marks %q, want %q", lines[4], want)
	}
	if !strings.Contains(out, "... and 7 more errors and warnings") || r.Summary() != "107 errors" {
		t.Errorf("the rest is not counted: %s", r.Summary())
	}
}

func TestJSON(t *testing.T) {
	src := lang.NewSource("a.space", "é\nnet = cov")
	var r Report
	r.Errorf(UnknownName, at(src, "cov", 0), "unknown <op>").Note("n").Edit(at(src, "cov", 0), "conv")
	r.Warnf(Unused, lang.Span{}, "w")
	var b strings.Builder
	if err := WriteJSON(&b, r.Diagnostics()); err != nil {
		t.Fatal(err)
	}
	want := `{"code":"W207","severity":"warning","message":"w"}
{"code":"E201","severity":"error","message":"unknown <op>",` +
		`"at":{"file":"a.space","start":{"offset":9,"line":2,"column":7},"end":{"offset":12,"line":2,"column":10}},` +
		`"notes":["n"],"edits":[{"file":"a.space","start":{"offset":9,"line":2,"column":7},` +
		`"end":{"offset":12,"line":2,"column":10},"text":"conv"}]}
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Errorf("JSON (-want +got):\n%s", diff)
	}
	for _, line := range strings.Split(strings.TrimSpace(b.String()), "\n") {
		if !json.Valid([]byte(line)) {
			t.Errorf("not JSON: %s", line)
		}
	}
}

func TestNearest(t *testing.T) {
	words := []string{"input", "output", "rule", "let", "conv", "max_pool", "maximize", "a", "step"}
	for _, test := range []struct{ name, want string }{
		{"inptu", "input"}, {"ruel", "rule"}, {"cov", "conv"}, {"conv2", "conv"}, {"maxpool", "max_pool"},
		{"maximise", "maximize"}, {"lte", "let"}, {"setp", "step"}, {"b", ""}, {"x", ""}, {"", ""}, {"zebra", ""},
		{"conv", ""}, {strings.Repeat("a", 1_000_000), ""},
	} {
		if got := Nearest(test.name, words); got != test.want {
			t.Errorf("nearest to %.20q is %q, want %q", test.name, got, test.want)
		}
	}
}

// TestDistance checks what makes it a distance, and that one slip of the keyboard is one.
func TestDistance(t *testing.T) {
	word := rapid.SliceOfN(rapid.RuneFrom([]rune("abcd")), 0, 8)
	rapid.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		d := distance(a, b)
		if d != distance(b, a) || (d == 0) != (string(a) == string(b)) || d > max(len(a), len(b)) || d < len(a)-len(b) {
			t.Fatalf("distance %d", d)
		}
		if len(a) < 2 {
			return
		}
		i := rapid.IntRange(0, len(a)-2).Draw(t, "i")
		swapped := append([]rune(nil), a...)
		swapped[i], swapped[i+1] = swapped[i+1], swapped[i]
		dropped := append(append([]rune(nil), a[:i]...), a[i+1:]...)
		if distance(a, swapped) > 1 || distance(a, dropped) != 1 {
			t.Fatalf("swapped %d, dropped %d", distance(a, swapped), distance(a, dropped))
		}
	})
}

// TestFull keeps errors rather than warnings, and says the same thing once.
func TestFull(t *testing.T) {
	src := lang.NewSource("a.space", "x")
	var r Report
	for i := range MaxDiagnostics + 1 {
		r.Warnf(Unused, at(src, "x", 0), "unused %d", i)
	}
	r.Errorf(Syntax, at(src, "x", 0), "wrong")
	r.Errorf(Syntax, at(src, "x", 0), "wrong")
	if out := render(t, &r, false); !r.Failed() || strings.Count(out, "error[E104]: wrong") != 1 {
		t.Errorf("the error is lost in:\n%s", out)
	}
	if got := r.Summary(); got != "1 error, 101 warnings" || r.Dropped() != 2 {
		t.Errorf("%s, %d dropped", got, r.Dropped())
	}
}

func TestApply(t *testing.T) {
	src := lang.NewSource("a.space", "abcdef")
	span := func(a, b int) lang.Span { return lang.Span{Source: src, Start: a, End: b} }
	got, err := Apply(src, []Edit{{span(4, 5), "E"}, {span(0, 0), "1"}, {span(0, 0), "2"}, {span(1, 3), ""}})
	if err != nil || got != "12adEf" {
		t.Errorf("got %q, %v", got, err)
	}
	for name, edits := range map[string][]Edit{
		"overlap":      {{span(0, 2), ""}, {span(1, 3), ""}},
		"other source": {{lang.Span{Source: lang.NewSource("b", "abc")}, "x"}},
		"outside":      {{span(4, 9), "x"}},
		"reversed":     {{span(4, 3), "x"}},
	} {
		if got, err := Apply(src, edits); err == nil {
			t.Errorf("%s: no error, but %q", name, got)
		}
	}
}

// TestRenderAnything renders any spans of any text, whatever they cover.
func TestRenderAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src := lang.NewSource("a.space", rapid.String().Draw(t, "text"))
		offset := rapid.IntRange(0, len(src.Text))
		span := func(label string) lang.Span {
			a, b := offset.Draw(t, label), offset.Draw(t, label)
			return lang.Span{Source: src, Start: min(a, b), End: max(a, b)}
		}
		var r Report
		r.Errorf(Syntax, span("at"), "%s", rapid.String().Draw(t, "message")).With(span("other"), "other").
			Edit(span("edit"), rapid.String().Draw(t, "edit")).Edit(span("second"), "x")
		var b strings.Builder
		if err := r.Render(&b, false); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), "-->") || strings.ContainsAny(b.String(), "\x1b\x00\t\r") {
			t.Fatalf("rendered %q", b.String())
		}
		if err := WriteJSON(&b, r.Diagnostics()); err != nil {
			t.Fatal(err)
		}
	})
}
