package ir

import (
	"math"
	"math/big"
	"strconv"
)

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

// The values of a range are those that a person would write: 0.1..1.0 step 0.1 has 0.3, and not the sum of three times the number
// that is nearest to 0.1.

// decimal is a number as it is written.
func decimal(x float64) *big.Rat {
	r, _ := new(big.Rat).SetString(strconv.FormatFloat(x, 'g', -1, 64))
	return r
}

// evenly are n numbers, by apart, each the nearest to its exact value.
func evenly(lo, by *big.Rat, n int) []float64 {
	list := make([]float64, n)
	at := new(big.Rat).Set(lo)
	for i := range list {
		list[i], _ = at.Float64()
		at.Add(at, by)
	}
	return list
}

// steps are the numbers from lo up to hi, by apart. A last one that misses hi by a rounding of by is hi. It is not ok where there are
// more than most.
func steps(lo, hi, by float64, most int) (list []float64, ok bool) {
	n := new(big.Rat).Sub(decimal(hi), decimal(lo))
	n.Quo(n, decimal(by)).Add(n, decimal(1e-9))
	last := new(big.Int).Quo(n.Num(), n.Denom())
	if last.Cmp(big.NewInt(int64(most))) >= 0 {
		return nil, false
	}
	list = evenly(decimal(lo), decimal(by), int(last.Int64())+1)
	if end := &list[len(list)-1]; math.Abs(hi-*end) <= 1e-9*by {
		*end = hi
	}
	return list, true
}

// points are n numbers from lo to hi, evenly spaced, or evenly in the logarithm.
func points(lo, hi float64, n int, inLog bool) []float64 {
	if n == 1 {
		return []float64{lo}
	}
	if !inLog {
		by := new(big.Rat).Sub(decimal(hi), decimal(lo))
		return evenly(decimal(lo), by.Quo(by, new(big.Rat).SetInt64(int64(n-1))), n)
	}
	list := make([]float64, n)
	for i := range list {
		list[i] = short(between(lo, hi, float64(i)/float64(n-1), true))
	}
	list[0], list[n-1] = lo, hi // as written
	return list
}

// short is a number without what its computation left behind: one of at most ten digits, where that is all but the same.
func short(x float64) float64 {
	s, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'e', 9, 64), 64)
	if math.Abs(s-x) <= 1e-12*math.Abs(x) {
		return s
	}
	return x
}
