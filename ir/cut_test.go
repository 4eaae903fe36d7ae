package ir_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestLeapsAreFew: no rule calls itself but through one that is leapt over, and of those there are few.
func TestLeapsAreFew(t *testing.T) {
	for _, test := range []struct{ name, rules, net, want string }{
		{"one calls itself", "rule a = relu | a >> tanh", "a", "a"},
		{"none does", "rule a = relu | b\nrule b = tanh | skip", "a", ""},
		{"one that the others go through", "rule a = relu | b | c | d\nrule b = a >> a\nrule c = a >> tanh\nrule d = relu >> c", "b", "a"},
		{"one that calls itself too", "rule a = relu | b\nrule b = tanh | b >> a", "a", "b"},
		{"two loops", "rule a = relu | b >> a2\nrule b = a | tanh\nrule a2 = relu | b2 >> a2\nrule b2 = skip", "a", "a a2"},
		{"what lies between loops", "rule a = relu | a >> b\nrule b = tanh | c\nrule c = skip | c >> relu", "a", "a c"},
		{"arguments", "rule a(n) = relu | b(n)\nrule b(n) = tanh | a(n) >> a(n + 1)", "a(1)", "b"},
	} {
		t.Run(test.name, func(t *testing.T) {
			sp := load(t, image+"net = "+test.net+"\n"+test.rules+"\n")
			if diff := cmp.Diff(test.want, strings.Join(sp.Leapt(), " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestLeapsBoundCopies: a rule that would be gone into in ever more places is leapt over.
func TestLeapsBoundCopies(t *testing.T) {
	text := &strings.Builder{}
	text.WriteString(image + "net = r0\n")
	const levels = 24
	for i := range levels {
		fmt.Fprintf(text, "rule r%d = relu | r%d >> r%d\n", i, i+1, i+1)
	}
	fmt.Fprintf(text, "rule r%d = tanh | r0\n", levels)
	sp := load(t, text.String())
	if n := len(sp.Leapt()); n < levels/4 || n > levels/2 {
		t.Errorf("%d of %d rules are leapt over", n, levels+1)
	}
	for trial := range uint64(50) {
		draw(t, sp, 1, trial)
	}
}
