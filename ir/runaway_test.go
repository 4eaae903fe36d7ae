package ir_test

import (
	"fmt"
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

// TestSoonest: a draw that goes on is ended, in a space whose types are listed as in one whose are not; it is the same point again
// from its answers.
func TestSoonest(t *testing.T) {
	for _, text := range []string{"net = t\nrule t = relu [1%] | t >> t\n", "net = t\nrule t = skip [5%] | conv(in.c + 1) [5%] | t >> t\n"} {
		sp := load(t, image+text)
		p := draw(t, sp, 1, 1)
		answers := map[string]string{}
		for _, c := range p.Choices() {
			answers[c.Path] = fmt.Sprint(c.Value)
		}
		if len(answers) < 4_000 || p.Ops() > 5_000 {
			t.Errorf("%d answers, %v ops", len(answers), p.Ops())
		}
		again, err := sp.Replay(answers)
		if err != nil {
			t.Fatal(err)
		}
		if again.Key() != p.Key() {
			t.Error("it isn't what its answers lead to")
		}
	}
}
