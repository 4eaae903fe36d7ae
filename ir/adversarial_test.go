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
	for _, test := range []struct{ name, text string }{
		{"types that grow without end", "net = t\nrule t = relu | conv(in.c + 1) >> t | conv(in.c * 2) >> t | flatten >> reshape(in.elements, 1, 1) >> t"},
		{"mutual recursion that grows", "net = a >> global_avg_pool\nrule a = skip | conv(in.c + 1) >> b\nrule b = skip | conv(in.c + 3) >> a | (a + a) >> b"},
		{"pairs that must fit", "require ops <= 60\nnet = t\nrule t = skip [60%] | conv(in.c + 1) | t >> t | (t + t) | (t ++ t) | (t @ t)"},
		{"joins within joins", "require ops <= 200\nnet = t\nrule t = skip [55%] | conv(1..8) | clone(3) >> (t, t, t) >> add | clone(4) >> each(t) >> concat(1)"},
		{"deep before it can end", "net = t >> exact\nrule exact = skip if in.c > 400\nrule t = conv(in.c + 1) >> t | conv(in.c + 7) >> t | skip"},
		{"one sum of many", "require params == 123456, layers <= 30\nnet = t\nrule t = conv(8..64 step 8) | t >> t | t + t | relu"},
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
