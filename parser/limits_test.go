package parser

import (
	"strings"
	"testing"
	"time"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// parsed parses a text within five seconds, more than ten times what it needs, and gives the report.
func parsed(t *testing.T, text string) *diag.Report {
	t.Helper()
	report := &diag.Report{}
	start := time.Now()
	if ParseFile(lang.NewSource("test.space", text), report) == nil {
		t.Fatal("no file")
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
	return report
}

func TestLimits(t *testing.T) {
	many := func(s string, n int) string { return strings.Repeat(s, n) }
	for _, test := range []struct {
		name, text string
		want       diag.Code
	}{
		{"too large", many(" ", lang.MaxSource+1), diag.TooLarge},
		{"empty", "", diag.Empty},
		{"separators only", ";\n;", diag.Empty},
		{"comments only", "// a\n\n", diag.Empty},
		{"NUL bytes", "net = a" + many("\x00", 100_000), diag.NotText},
		{"invalid UTF-8", "net = " + many("\xff\xfe", 100_000), diag.NotText},
		{"parentheses", "net = " + many("(", 100_000), diag.TooDeep},
		{"closed parentheses", "net = " + many("(", 100_000) + "a" + many(")", 100_000), diag.TooDeep},
		{"brackets of all kinds", "net = " + many("f({(a{", 50_000), diag.TooDeep},
		{"blocks", "net = " + many("{", 100_000) + "a" + many("}", 100_000), diag.TooDeep},
		{"conditions", "net = " + many("if a then b else ", 50_000) + "c", diag.TooDeep},
		{"conditions inside", "net = " + many("if a then ", 50_000) + "c" + many(" else b", 50_000), diag.TooDeep},
		{"conditions first", "net = " + many("if ", 1_000) + "a" + many(" then b", 1_000), diag.TooDeep},
		{"signs", "net = " + many("-", 100_000) + "a", diag.TooDeep},
		{"nots", "require " + many("not ", 100_000) + "a", diag.TooDeep},
		{"a sum", "net = a" + many("+a", 100_000), diag.TooDeep},
		{"implications", "require a" + many(" implies a", 50_000), diag.TooDeep},
		{"postfixes", "net = a" + many("?", 100_000), diag.TooDeep},
		{"repetitions", "net = a" + many("{2}", 100_000), diag.TooDeep},
		{"accesses", "net = a" + many(".b", 100_000), diag.TooDeep},
		{"sums in parentheses", "net = " + many("("+many("a+", 99), 190) + "a" + many(")", 190), diag.TooDeep},
	} {
		t.Run(test.name, func(t *testing.T) {
			all := parsed(t, test.text).Diagnostics()
			if len(all) != 1 || all[0].Code != test.want {
				t.Errorf("%d diagnostics, the first %+v; want one %s", len(all), all[0], test.want)
			}
		})
	}
}

// TestWithinLimits parses what is just allowed; exponential time shows here.
func TestWithinLimits(t *testing.T) {
	many := strings.Repeat
	for name, text := range map[string]string{
		"parentheses": "net = " + many("(", 190) + "a" + many(")", 190),
		"calls":       "net = " + many("f(a: ", 190) + "a" + many(")", 190),
		"blocks":      "net = " + many("{", 190) + "a" + many("}", 190),
		"repetitions": "net = " + many("a{", 190) + "2" + many("}", 190),
		"tuples":      "net = " + many("(a, ", 190) + "a" + many(")", 190),
		"conditions":  "net = " + many("if a then b else ", 190) + "c",
		"mixture":     "net = " + many("(a | f(x >> {h = in;\n", 63) + "a" + many("}))", 63),
		"a sum":       "net = a" + many(" + a", 900),
		"a choice":    "net = a" + many(" | a", 3_000),
		"a sequence":  "net = a" + many(" >> a{2}", 3_000),
		"arguments":   "net = f(a" + many(", a + b", 3_000) + ")",
	} {
		t.Run(name, func(t *testing.T) {
			if all := parsed(t, text).Diagnostics(); len(all) > 0 {
				t.Errorf("%+v", all[0])
			}
		})
	}
}

// TestManyErrors needs time in proportion to the number of errors.
func TestManyErrors(t *testing.T) {
	many := strings.Repeat
	for name, text := range map[string]string{
		"declarations":     many("rule a = b c\n", 3_000),
		"unknown words":    many("ruel a b\n", 3_000),
		"statements":       "net = {\n" + many("a = b c\n", 3_000) + "b }",
		"fields":           "config t {\n" + many("a = b c\n", 3_000) + "}",
		"characters":       many("$ a ", 3_000),
		"closing brackets": many(") ", 10_000),
		"unclosed":         many("rule a = (b\n", 3_000),
		"nested":           many("net = {\n", 150) + many("a b\n", 3_000) + many("}", 150),
		"one long line":    "net = " + many("f(a b) ", 3_000),
	} {
		t.Run(name, func(t *testing.T) {
			report := parsed(t, text)
			if !report.Failed() {
				t.Error("no error")
			}
			if n := len(report.Diagnostics()); n > diag.MaxDiagnostics {
				t.Errorf("%d diagnostics are kept", n)
			}
		})
	}
}

// TestRecovery checks that what is right in a file with errors is in the tree.
func TestRecovery(t *testing.T) {
	src := lang.NewSource("test.space", "space x\nrule a = b c\nrule d = { h = ; in }\nnet = d(\nmaximize y\n")
	var report diag.Report
	file := ParseFile(src, &report)
	if n := len(report.Diagnostics()); n != 3 {
		t.Errorf("%d errors, want 3", n)
	}
	var kept []string
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *lang.SpaceDecl:
			kept = append(kept, d.Name.Name)
		case *lang.Rule:
			kept = append(kept, d.Name.Name)
		case *lang.Objective:
			kept = append(kept, d.Name.Name)
		}
	}
	if got := strings.Join(kept, " "); got != "x d y" {
		t.Errorf("kept %q", got)
	}
}
