package ir_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

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
