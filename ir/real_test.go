package ir

import (
	"math"
	"testing"
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
