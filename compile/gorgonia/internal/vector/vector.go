// Package vector is loops over float32, eight numbers at a time where the processor has AVX2 and FMA. All
// slices of a call are as long as the first, or longer; results may stand where an operand stood. Sums are
// in float64.
package vector

import "math"

// lanes is how many numbers the assembly takes at a time; the rest is done here.
const lanes = 8

// whole is how much of n the assembly does.
func whole(n int) int {
	if !fast {
		return 0
	}
	return n &^ (lanes - 1)
}

// Add is y = a + b.
func Add(y, a, b []float32) {
	a, b = a[:len(y)], b[:len(y)]
	n := whole(len(y))
	if n > 0 {
		add(n, &y[0], &a[0], &b[0])
	}
	for i := n; i < len(y); i++ {
		y[i] = a[i] + b[i]
	}
}

// ReLU is y = max(x, 0), NaN staying NaN.
func ReLU(y, x []float32) {
	x = x[:len(y)]
	n := whole(len(y))
	if n > 0 {
		relu(n, &y[0], &x[0])
	}
	for i := n; i < len(y); i++ {
		y[i] = max(x[i], 0)
	}
}

// Where is dx = dy where y isn't 0, and else 0: the gradient of ReLU by its result.
func Where(dx, dy, y []float32) {
	dy, y = dy[:len(dx)], y[:len(dx)]
	n := whole(len(dx))
	if n > 0 {
		where(n, &dx[0], &dy[0], &y[0])
	}
	for i := n; i < len(dx); i++ {
		if y[i] == 0 {
			dx[i] = 0
		} else {
			dx[i] = dy[i]
		}
	}
}

// Affine is y = (x - mean) * scale + shift.
func Affine(y, x []float32, mean, scale, shift float32) {
	x = x[:len(y)]
	n := whole(len(y))
	if n > 0 {
		affine(n, &y[0], &x[0], mean, scale, shift)
	}
	for i := n; i < len(y); i++ {
		y[i] = (x[i]-mean)*scale + shift
	}
}

// Blend is y = a * g + b * (x - mean) + c.
func Blend(y, g, x []float32, a, b, mean, c float32) {
	g, x = g[:len(y)], x[:len(y)]
	n := whole(len(y))
	if n > 0 {
		blend(n, &y[0], &g[0], &x[0], a, b, mean, c)
	}
	for i := n; i < len(y); i++ {
		y[i] = a*g[i] + b*(x[i]-mean) + c
	}
}

// Sum is the sum of x.
func Sum(x []float32) (sum float64) {
	n := whole(len(x))
	if n > 0 {
		sum = total(n, &x[0])
	}
	for _, v := range x[n:] {
		sum += float64(v)
	}
	return sum
}

// Squares is the sum of (x - mean)^2.
func Squares(x []float32, mean float64) (sum float64) {
	n := whole(len(x))
	if n > 0 {
		sum = squares(n, &x[0], mean)
	}
	for _, v := range x[n:] {
		sum += (float64(v) - mean) * (float64(v) - mean)
	}
	return sum
}

// Dot is the sum of g * (x - mean).
func Dot(g, x []float32, mean float64) (sum float64) {
	x = x[:len(g)]
	n := whole(len(g))
	if n > 0 {
		sum = dot(n, &g[0], &x[0], mean)
	}
	for i := n; i < len(g); i++ {
		sum += float64(g[i]) * (float64(x[i]) - mean)
	}
	return sum
}

// Exp is y = exp(x + by), within 2e-7 of it: 0 below exp(-87), and never more than exp(88.7).
func Exp(y, x []float32, by float32) {
	x = x[:len(y)]
	n := whole(len(y))
	if n > 0 {
		exp(n, &y[0], &x[0], by, &expTable[0])
	}
	for i := n; i < len(y); i++ {
		if v := x[i] + by; v < -87 {
			y[i] = 0
		} else {
			y[i] = float32(math.Exp(float64(min(v, 88.7))))
		}
	}
}

// expTable is the numbers of exp, each for all lanes: bounds, log2 e, ln 2 in two parts, 1, and 1/n! from 6
// down, as a polynomial of that degree is exact enough between -ln 2 / 2 and ln 2 / 2.
var expTable = func() (t [12]float32) {
	copy(t[:], []float32{-87, 88.7, math.Log2E, 0.693359375, -2.12194440e-4, 1,
		1. / 720, 1. / 120, 1. / 24, 1. / 6, 1. / 2, 1})
	return t
}()
