package ir_test

import (
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// TestDeadInRecursion names the alternatives that no point takes, by hand, and those that stay undecided.
func TestDeadInRecursion(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       []string
	}{
		{"none", "net = tower\nrule tower = relu | max_pool(2) >> tower", nil},
		{"none, endless", "net = tower\nrule tower = relu | tanh >> tower", nil},
		{"an op that never fits", "net = tower\nrule tower = relu | tanh >> tower | permute(2, 1) >> tower", []string{"W502 permute(2, 1) >> tower"}},
		{"only what comes after the rule forbids it", "net = tower >> exact\nrule exact = skip if in.rank == 3\nrule tower = relu | flatten | tanh >> tower", []string{"W502 flatten"}},
		{"a call that can't end well", "net = tower >> exact\nrule exact = skip if in.rank == 3\nrule tower = relu | side >> flatten | tanh >> tower\nrule side = gelu | silu >> side", []string{"W502 side >> flatten"}},
		{"alive in one use of two", "net = a\nrule a = b | flatten >> b\nrule b = relu | relu >> b | permute(2, 1, 3) >> b", nil},
		{"by nesting", "net = t\nrule t = relu | tanh >> t if nesting < 3 | gelu >> t if nesting > 9", []string{"W502 gelu >> t"}},
		{"undecided", "net = relu | wide >> exact\nrule exact = skip if in.c == 100\nrule wide = skip | conv(in.c + 1) >> wide", []string{"W504 wide >> exact"}},
		{"what is required leaves no room for it", "net = t\nrule t = relu | relu ++ t | gelu >> tanh >> tanh >> tanh\nrequire ops <= 3", []string{"W502 gelu >> tanh >> tanh >> tanh"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var report diag.Report
			if ir.Load(lang.NewSource("t.space", image+test.text+"\n"), env, &report) == nil {
				t.Fatal(report.Diagnostics()[0].Message)
			}
			var got []string
			for _, d := range report.Diagnostics() {
				got = append(got, string(d.Code)+" "+d.At.Text())
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestDeadChangesNothing: an alternative that is said to be dead can be shut without a change to the number of points.
func TestDeadChangesNothing(t *testing.T) {
	t.Parallel()
	fixSeed(t)
	shut, unmet, alive := 0, 0, 0
	rapid.Check(t, func(r *rapid.T) {
		text := recursive(r, rapid.SampledFrom(endings).Draw(r, "end"))
		var report diag.Report
		sp := ir.Load(lang.NewSource("t.space", text), env, &report)
		if sp == nil {
			return
		}
		n, err := sp.Count()
		if err != nil || n.BitLen() > 20 {
			return
		}
		dead := map[lang.Span]bool{}
		for _, d := range report.Diagnostics() {
			dead[d.At] = d.Code == diag.Dead
		}
		visit := func(node lang.Node) bool {
			a, ok := node.(lang.Alt)
			if !ok || a.Guard != nil || strings.Contains(a.Pos().Text(), "each") {
				return true
			}
			at := a.Pos()
			m := new(big.Int)
			if less := ir.Load(lang.NewSource("t.space", text[:at.End]+" if 1 == 2"+text[at.End:]), env, &diag.Report{}); less != nil {
				if m, err = less.Count(); err != nil {
					return true
				}
			}
			switch same := m.Cmp(n) == 0; {
			case !dead[a.Body.Pos()] && same:
				unmet++
			case !dead[a.Body.Pos()]:
				alive++
			case same:
				shut++
			default:
				r.Fatalf("without '%s', which is dead, there are %v points of %v\n%s", at.Text(), m, n, text)
			}
			return true
		}
		for _, d := range sp.File.Decls {
			lang.Walk(d, visit)
		}
	})
	t.Logf("%d alternatives are dead, %d are not, and %d are in what is dead or never met", shut, alive, unmet)
}
