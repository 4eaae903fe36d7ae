package ir

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRealFunctions compares exp and log with the standard library's, which may differ in the last bit.
func TestRealFunctions(t *testing.T) {
	for i := range 20_000 {
		u := Uniform(1, 2, uint64(i))
		x := -700 + 1400*u
		if got, want := exp(x), math.Exp(x); math.Abs(got-want) > 4e-16*want {
			t.Fatalf("exp(%v) = %v, want %v", x, got, want)
		}
		y := math.Exp(-300 + 600*u)
		if got, want := log(y), math.Log(y); math.Abs(got-want) > 4e-16*math.Max(1, math.Abs(want)) {
			t.Fatalf("log(%v) = %v, want %v", y, got, want)
		}
	}
}

// TestDrawBits holds bits that every machine has to draw.
func TestDrawBits(t *testing.T) {
	if got := math.Float64bits(between(1e-4, 1e-1, Uniform(1, 0, 42), true)); got != drawnBits {
		t.Errorf("bits %#x, want %#x", got, uint64(drawnBits))
	}
}

// drawnBits were drawn on amd64, and again on 386.
const drawnBits = 0x3fad148389e94609

// TestWideRange draws from a range that is longer than the greatest number.
func TestWideRange(t *testing.T) {
	for u, want := range map[float64]float64{0: -1e308, 0.25: -5e307, 0.5: 0, 0.75: 5e307} {
		if got := between(-1e308, 1e308, u, false); got != want {
			t.Errorf("%v falls on %v, want %v", u, got, want)
		}
	}
}

// TestRangeValues holds numbers of ranges to those that a person would write.
func TestRangeValues(t *testing.T) {
	step := func(lo, hi, by float64) []float64 {
		list, _ := steps(lo, hi, by, maxRange)
		return list
	}
	for _, test := range []struct{ got, want []float64 }{
		{step(0.1, 1, 0.1), []float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1}},
		{step(-0.3, 0.3, 0.1), []float64{-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3}},
		{step(0, 2, 0.6666666666666667), []float64{0, 0.6666666666666667, 1.3333333333333334, 2}},
		{step(-1e308, 1e308, 1e308), []float64{-1e308, 0, 1e308}},
		{step(0, 1, 0.7), []float64{0, 0.7}},
		{points(0, 1, 4, false), []float64{0, 1. / 3, 2. / 3, 1}},
		{points(0.1, 0.5, 5, false), []float64{0.1, 0.2, 0.3, 0.4, 0.5}},
		{points(1e-4, 1e-1, 4, true), []float64{0.0001, 0.001, 0.01, 0.1}},
		{points(1e-300, 1e300, 7, true), []float64{1e-300, 1e-200, 1e-100, 1, 1e100, 1e200, 1e300}},
		{points(2, 64, 6, true), []float64{2, 4, 8, 16, 32, 64}},
		{points(0.3, 0.3, 1, true), []float64{0.3}},
	} {
		if diff := cmp.Diff(test.want, test.got); diff != "" {
			t.Error(diff)
		}
	}
	if list := step(0, 1, 1e-9); list != nil {
		t.Errorf("%d values are too many", len(list))
	}
}
