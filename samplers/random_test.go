package samplers

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Random draws follow the written weights: [32%] keeps its share, the rest share what is left by theirs.
func TestRandomFollowsTheWeights(t *testing.T) {
	space := load(t, "weights.space", `edition 1
space weights
config c {
  kind:  red [3] | green | blue [20%] | black [0.5]
  count: 1..5
}
`)
	const trials = 20_000
	kinds, counts := map[any]float64{}, map[any]float64{}
	s := NewRandom(space, 11)
	for trial := range trials {
		choices := ask(t, s, trial).Choices()
		kinds[choices[0].Value]++
		counts[choices[1].Value]++
	}
	fits(t, kinds, map[any]float64{
		"red": 0.8 * 3 / 4.5 * trials, "green": 0.8 * 1 / 4.5 * trials, "blue": 0.2 * trials, "black": 0.8 * 0.5 / 4.5 * trials})
	fits(t, counts, map[any]float64{1: trials / 5, 2: trials / 5, 3: trials / 5, 4: trials / 5, 5: trials / 5})
}

// fits fails where counts as far from the expected would come up once in ten thousand times.
func fits(t *testing.T, got, want map[any]float64) {
	t.Helper()
	var observed, expected []float64
	for k := range want {
		observed, expected = append(observed, got[k]), append(expected, want[k])
	}
	if len(got) != len(want) {
		t.Fatalf("got the values %v, want %v", got, want)
	}
	x := stat.ChiSquare(observed, expected)
	if p := 1 - (distuv.ChiSquared{K: float64(len(want) - 1)}).CDF(x); p < 1e-4 {
		t.Errorf("got %v, want about %v: chi-square %.1f, p %.2g", got, want, x, p)
	}
}

// A trial can be drawn again alone, before or after any other.
func TestRandomNeedsNoHistory(t *testing.T) {
	space := digits(t)
	forward, backward := NewRandom(space, 5), NewRandom(space, 5)
	want := make([]any, 50)
	for trial := range want {
		want[trial] = ask(t, forward, trial).Choices()
	}
	for trial := len(want) - 1; trial >= 0; trial-- {
		if diff := cmp.Diff(want[trial], any(ask(t, backward, trial).Choices())); diff != "" {
			t.Fatalf("trial %d differs:\n%s", trial, diff)
		}
	}
}
