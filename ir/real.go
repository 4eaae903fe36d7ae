package ir

import "math"

// Draws are the same on every machine. The compiler may fuse a product and a sum on some processors, and the
// standard library computes exponentials in assembly on some; here every rounding is written out (float64(...)
// forbids the fusing), so that a value drawn from a log range has the same bits everywhere.

const (
	ln2Hi = 6.93147180369123816490e-01 // ln 2, its low bits zero, so that k*ln2Hi is exact
	ln2Lo = 1.90821492927058770002e-10
)

// exp is e^x to about one unit in the last place, by the Taylor series after the reduction x = k ln 2 + r.
func exp(x float64) float64 {
	k := math.Floor(float64(x/math.Ln2) + 0.5)
	r := float64(x-float64(k*ln2Hi)) - float64(k*ln2Lo)
	sum := 1.0
	for n := 17.0; n >= 1; n-- {
		sum = 1 + float64(float64(r*sum)/n)
	}
	return math.Ldexp(sum, int(k))
}

// log is ln x for x > 0 to about one unit in the last place, by the series of the inverse hyperbolic tangent
// after the reduction x = m 2^k with m around 1.
func log(x float64) float64 {
	m, k := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, k = m*2, k-1
	}
	s := float64(m-1) / float64(m+1)
	square := float64(s * s)
	sum := 0.0
	for n := 25.0; n >= 1; n -= 2 {
		sum = float64(float64(sum*square) + 1/n)
	}
	return float64(float64(float64(2*s)*sum)+float64(float64(k)*ln2Lo)) + float64(float64(k)*ln2Hi)
}

// between is the value at u, in [0, 1], from lo to hi: evenly spaced, or evenly in the logarithm.
func between(lo, hi, u float64, inLog bool) float64 {
	x := lo + float64(u*float64(hi-lo))
	if math.IsInf(hi-lo, 0) {
		x = float64(lo*float64(1-u)) + float64(hi*u)
	}
	if inLog {
		a, b := log(lo), log(hi)
		x = exp(a + float64(u*float64(b-a)))
	}
	return math.Max(lo, math.Min(hi, x))
}
