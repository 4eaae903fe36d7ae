package ir_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/lang/diag"
)

// TestRunaway: a warning is given where a branching process by the written weights has no finite mean, of what requirements
// leave when they are used up. The probabilities of ending are the least roots of x = (1 + x^2 + x^3) / 3 and x = .4 + .6 x^2.
func TestRunaway(t *testing.T) {
	for name, test := range map[string]struct{ text, want, label string }{
		"ends soon":                   {"net = t\nrule t = relu [51%] | t >> t", "", ""},
		"no mean":                     {"net = t\nrule t = relu | t >> t", "draws with 't' have no mean size", "one other"},
		"no end":                      {"net = t\nrule t = relu | t >> t | t >> t >> t", "a draw with 't' need not end: it does with a probability of 0.41", "1.67 others"},
		"no end, of endless types":    {"net = t\nrule t = conv(in.c + 1) [40%] | t >> t", "a draw with 't' need not end: it does with a probability of 0.67", "1.2 others"},
		"ended by types":              {"net = t\nrule t = relu | max_pool(2) >> t >> t >> t", "", ""},
		"ended by a guard":            {"net = t\nrule t = relu | t >> t >> t if nesting < 3", "", ""},
		"ended by ops":                {"net = t\nrule t = relu | t >> t >> t\nrequire ops <= 9", "", ""},
		"ended by layers":             {"net = t\nrule t = relu | t >> t >> t\nrequire layers <= 9", "", ""},
		"ended by a cost of the file": {"cost mine { relu: 2 }\nnet = t\nrule t = relu | t >> t >> t\nrequire mine <= 9", "", ""},
		"skips aren't":                {"net = t\nrule t = relu | skip [30%] | t >> t\nrequire ops <= 9", "a draw with 't' need not end", "of what costs nothing that is bounded, a call leads to 1.4 others"},
		"but bounded":                 {"net = t\nrule t = relu | skip [30%] | t >> t\nrequire ops <= 9, count(skip) <= 9", "", ""},
		"what costs isn't counted":    {"net = t\nrule t = skip [60%] | relu >> t >> t >> t\nrequire ops <= 9", "", ""},
		"at least":                    {"net = t\nrule t = relu | t >> t >> t\nrequire ops >= 2", "a draw with 't' need not end: it does with a probability of 0.62", "1.5 others"},
	} {
		t.Run(name, func(t *testing.T) {
			sp := load(t, image+test.text+"\n")
			var report diag.Report
			sp.WarnRunaway(&report)
			got := ""
			for _, d := range report.Diagnostics() {
				if got = d.Message; d.Code != diag.Runaway || !strings.Contains(d.Label, test.label) {
					t.Errorf("%s: %s", d.Code, d.Label)
				}
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestTooLong: a draw that goes on is given up.
func TestTooLong(t *testing.T) {
	sp := load(t, image+"net = t\nrule t = relu [1%] | t >> t\n")
	w := sp.Walk()
	w.Draw(1, 1)
	if _, err := w.Point(); err == nil || !strings.Contains(err.Error(), "more than 262144 choices") {
		t.Error(err)
	}
}
