package ir

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestChooseHasThePrior compares what is drawn with the shares of the options that can be taken, for any weights, and counts
// what is asked.
func TestChooseHasThePrior(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 70).Draw(t, "options")
		d := &domain{n: n}
		var can []bool
		var options []int32
		for i := range n {
			w := weight{rapid.SampledFrom([]float64{1, 1, 1, 2, 5}).Draw(t, "weight"), rapid.IntRange(0, 9).Draw(t, "kind") == 0}
			if w.percent {
				w.w *= 10
			}
			d.weights = append(d.weights, w)
			can = append(can, rapid.Bool().Draw(t, "can"))
			if can[i] {
				options = append(options, int32(i))
			}
		}
		const draws = 2000
		counts, asked := make([]int, n), 0
		for k := range uint64(draws) {
			i := d.choose(Uniform(1, k, 2), func(i int) bool { asked++; return can[i] })
			if i < 0 {
				if len(options) > 0 {
					t.Fatal("nothing is chosen")
				}
				continue
			}
			if counts[i]++; !can[i] {
				t.Fatalf("option %d can't be taken", i)
			}
		}
		if asked > draws*n {
			t.Errorf("%d options are asked about in %d draws of %d", asked, draws, n)
		}
		prior := make([]float64, len(options))
		if d.shares(options, prior); len(options) == 0 {
			return
		}
		for j, o := range options {
			p := prior[j]
			if off := math.Abs(float64(counts[o])/draws - p); off > 6*math.Sqrt(p*(1-p)/draws)+12./draws {
				t.Errorf("option %d of %v is drawn %d times of %d; its share is %v", o, d.weights, counts[o], draws, p)
			}
		}
	})
}
