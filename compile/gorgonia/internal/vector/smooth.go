package vector

import "math"

// Logistic is y = 1 / (1 + exp(-x)).
func Logistic(y, x []float32) {
	x = x[:len(y)]
	n := whole(len(y))
	if n > 0 {
		logistic(n, &y[0], &x[0], &smoothTable[0])
	}
	for i := n; i < len(y); i++ {
		y[i] = float32(1 / (1 + math.Exp(-float64(x[i]))))
	}
}

// Tanh is y = tanh(x).
func Tanh(y, x []float32) {
	x = x[:len(y)]
	n := whole(len(y))
	if n > 0 {
		tangent(n, &y[0], &x[0], &smoothTable[0])
	}
	for i := n; i < len(y); i++ {
		y[i] = float32(math.Tanh(float64(x[i])))
	}
}

// GELU is y = x Phi(x), Phi being the normal distribution function, and the slope of that. Phi is by formula 7.1.26 of Abramowitz
// and Stegun 1964, right to 1.5e-7: for x of 0 or less t (a1 + t (a2 + t (a3 + t (a4 + t a5)))) exp(-x^2 / 2) / 2, where t is
// 1 / (1 + p |x| / sqrt 2); 1 less that of -x for the rest.
func GELU(y, slope, x []float32) {
	slope, x = slope[:len(y)], x[:len(y)]
	n := whole(len(y))
	if n > 0 {
		gelu(n, &y[0], &slope[0], &x[0], &smoothTable[0])
	}
	for i := n; i < len(y); i++ {
		v := float64(x[i])
		phi := math.Erfc(-v/math.Sqrt2) / 2
		y[i], slope[i] = float32(v*phi), float32(phi+v*math.Exp(-v*v/2)/(math.Sqrt2*math.SqrtPi))
	}
}

// smoothTable is the constants of the assembly, each for all lanes, by their number there.
var smoothTable = func() (t [25 * lanes]float32) {
	for i, v := range [25]float64{
		0: -87, 1: 88.7, 2: math.Log2E, 3: 0.693359375, 4: -2.12194440e-4, // bounds, and ln 2 in two parts
		5: 1. / 720, 6: 1. / 120, 7: 1. / 24, 8: 1. / 6, 9: 1. / 2, 10: 1, // of exp's series
		11: math.Copysign(0, -1),                                           // the sign
		12: 62. / 2835, 13: -17. / 315, 14: 2. / 15, 15: -1. / 3, 16: 0.25, // of tanh's series, and where it is taken
		17: -0.5, 18: 0.3275911 / math.Sqrt2, // p
		19: 1.061405429 / 2, 20: -1.453152027 / 2, 21: 1.421413741 / 2, 22: -0.284496736 / 2, 23: 0.254829592 / 2, // a5 down to a1
		24: 1 / (math.Sqrt2 * math.SqrtPi),
	} {
		for lane := range lanes {
			t[i*lanes+lane] = float32(v)
		}
	}
	return t
}()
