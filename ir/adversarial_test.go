package ir_test

import (
	"testing"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// TestAdversarial loads grammars whose types explode and draws from them: they end with points within their requirements or with
// an error that says so, and their tables stay small.
func TestAdversarial(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, text string }{
		{"types that grow without end", "net = t\nrule t = relu | conv(in.c + 1) >> t | conv(in.c * 2) >> t | flatten >> reshape(in.elements, 1, 1) >> t"},
		{"mutual recursion that grows", "net = a >> global_avg_pool\nrule a = skip | conv(in.c + 1) >> b\nrule b = skip | conv(in.c + 3) >> a | (a + a) >> b"},
		{"pairs that must fit", "require ops <= 60\nnet = t\nrule t = skip [60%] | conv(in.c + 1) | t >> t | (t + t) | (t ++ t) | (t @ t)"},
		{"joins within joins", "require ops <= 200\nnet = t\nrule t = skip [55%] | conv(1..8) | clone(3) >> (t, t, t) >> add | clone(4) >> each(t) >> concat(1)"},
		{"deep before it can end", "net = t >> exact\nrule exact = skip if in.c > 400\nrule t = conv(in.c + 1) >> t | conv(in.c + 7) >> t | skip"},
		{"one sum of many", "require params == 123456, layers <= 30\nnet = t\nrule t = conv(8..64 step 8) | t >> t | t + t | relu"},
		{"requirements that exclude each other", "require params >= 5000, params <= 4000, layers >= 2\nnet = (conv(1..200) | relu){1..8}"},
		{"many sums at once", "require params >= 90000, params <= 90100, macs >= 5000000, macs <= 5000500, layers == 7\nnet = (conv(1..64) | relu | tanh){1..9}"},
		{"a sum of names", "let a = 1..40, b = 1..40, c = 1..40, d = 1..40\nrequire a + b + c + d == 70, a != b, a * b <= c * d\nnet = conv(a) >> conv(b) >> conv(c) >> conv(d)"},
		{"more sums than are listed", "require params == 7777777, macs >= 1000\nrule t = conv(1..99) | t >> t | t + t\nnet = t"},
		{"hundreds of turns", "net = (relu | tanh | conv(1..30)){0..100}"},
		{"a product that is a prime", "let a = 1..300, b = 1..300, c = 1..300, d = 1..300\nrequire a * b * c * d == 15485863\nnet = conv(a) >> conv(b) >> conv(c) >> conv(d)"},
		{"by nesting", "net = t\nrule t = relu [40%] | conv(in.c + 1) >> t if nesting < 200 | t + t if nesting < 200"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var report diag.Report
			sp := ir.Load(lang.NewSource("t.space", image+test.text+"\n"), env, &report)
			if sp == nil {
				if !report.Failed() {
					t.Fatal("neither a space nor an error")
				}
				t.Log(report.Diagnostics()[0].Message)
				return
			}
			sp.Check(&report)
			if report.Failed() {
				t.Log(report.Diagnostics()[0].Message)
				return
			}
			if n, err := sp.Count(); err != nil {
				t.Log(err)
			} else {
				t.Log(len(n.String()), "digits")
			}
			for trial := range uint64(5) {
				w := sp.Walk()
				for n := 0; n < 2000; n++ {
					d, ok := w.Next()
					if !ok {
						break
					}
					w.Choose(d.Pick(ir.Uniform(3, trial, d.Key())))
				}
				if w.Err() != nil {
					t.Errorf("trial %d: %v", trial, w.Err())
				}
			}
			if s := sp.Stats(); s.Configs > 400_000 {
				t.Errorf("%+v", s)
			}
		})
	}
}
