package ir_test

import (
	"testing"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"github.com/spacec-lang/spacec/ir"
)

// TestMeasures draws from each measure, of spaces that are small enough for the probabilities to be worked out by hand, and
// compares how often each point came up with them.
func TestMeasures(t *testing.T) {
	const draws = 6000
	prior := func(sp *ir.Space, trial uint64) (*ir.Point, error) {
		w := sp.Walk()
		w.Draw(7, trial)
		return w.Point()
	}
	conditional := func(sp *ir.Space, trial uint64) (*ir.Point, error) { return sp.DrawConditional(7, trial) }
	uniform := func(sp *ir.Space, trial uint64) (*ir.Point, error) { return sp.DrawUniform(7, trial) }
	ofSize := func(sp *ir.Space, trial uint64) (*ir.Point, error) { return sp.DrawSize(7, trial, 2) }
	type want []float64 // of the points in order of index
	for _, test := range []struct {
		name, text                             string
		prior, conditional, uniform, ofSizeTwo want
	}{
		// Of max_pool(8) >> ... on 8x8 only relu goes on, which the conditional measure takes into account before.
		{"dead ends below", "net = max_pool(8) >> (relu | max_pool(2) | max_pool(4)) | relu >> (relu | tanh)",
			want{.5, .25, .25}, want{.25, .375, .375}, want{1. / 3, 1. / 3, 1. / 3}, want{1. / 3, 1. / 3, 1. / 3}},
		{"weights and lengths", "net = (relu [3] | tanh){1..2}",
			want{.375, .125, .5 * .5625, .5 * .1875, .5 * .1875, .5 * .0625}, want{.375, .125, .5 * .5625, .5 * .1875, .5 * .1875, .5 * .0625},
			want{1. / 6, 1. / 6, 1. / 6, 1. / 6, 1. / 6, 1. / 6}, want{0, 0, .25, .25, .25, .25}},
		// Of the pairs with a < b the prior draws a first, among those that some b is greater than.
		{"a requirement", "let a = 1 | 2 [2] | 3, b = 1..3\nrequire a < b\nnet = conv(a) >> conv(b)",
			want{1. / 6, 1. / 6, 2. / 3}, want{.25, .25, .5}, want{1. / 3, 1. / 3, 1. / 3}, want{1. / 3, 1. / 3, 1. / 3}},
	} {
		t.Run(test.name, func(t *testing.T) {
			sp := load(t, image+test.text+"\n")
			for _, m := range []struct {
				name string
				draw func(*ir.Space, uint64) (*ir.Point, error)
				want want
			}{{"prior", prior, test.prior}, {"conditional", conditional, test.conditional}, {"uniform", uniform, test.uniform}, {"of size 2", ofSize, test.ofSizeTwo}} {
				got := make([]float64, len(m.want))
				for trial := range uint64(draws) {
					p, err := m.draw(sp, trial)
					if err != nil {
						t.Fatal(m.name, err)
					}
					i, err := p.Index()
					if err != nil {
						t.Fatal(m.name, err)
					}
					got[i.Int64()]++
				}
				var observed, expected []float64
				for i, x := range m.want {
					if x == 0 && got[i] > 0 {
						t.Errorf("%s: point %d was drawn", m.name, i)
					} else if x > 0 {
						observed, expected = append(observed, got[i]), append(expected, x*draws)
					}
				}
				x := stat.ChiSquare(observed, expected)
				if p := (distuv.ChiSquared{K: float64(len(expected) - 1)}).Survival(x); p < 1e-4 {
					t.Errorf("%s: drawn %v, want about %v: chi-square %.1f, p %.2g", m.name, observed, expected, x, p)
				}
			}
		})
	}
}
