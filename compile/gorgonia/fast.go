package gorgonia

import (
	"math"

	"github.com/spacec-lang/spacec/compile/gorgonia/internal/vector"
)

// The loops here do float32 eight at a time, and spell out float64, which is for checks.

// addTo is y = a + b.
func addTo[T real](y, a, b []T) {
	if y, ok := any(y).([]float32); ok {
		vector.Add(y, any(a).([]float32), any(b).([]float32))
		return
	}
	for i := range y {
		y[i] = a[i] + b[i]
	}
}

// positive is y = max(x, 0). NaN stays, so that a loss shows it.
func positive[T real](y, x []T) {
	if y, ok := any(y).([]float32); ok {
		vector.ReLU(y, any(x).([]float32))
		return
	}
	for i := range y {
		y[i] = max(x[i], 0)
	}
}

// where is dx = dy where y isn't 0.
func where[T real](dx, dy, y []T) {
	if dx, ok := any(dx).([]float32); ok {
		vector.Where(dx, any(dy).([]float32), any(y).([]float32))
		return
	}
	for i, v := range y {
		if v == 0 {
			dx[i] = 0
		} else {
			dx[i] = dy[i]
		}
	}
}

// affine is y = (x - mean) * scale + shift.
func affine[T real](y, x []T, mean, scale, shift T) {
	if y, ok := any(y).([]float32); ok {
		vector.Affine(y, any(x).([]float32), float32(mean), float32(scale), float32(shift))
		return
	}
	for i := range y {
		y[i] = (x[i]-mean)*scale + shift
	}
}

// blend is y = a * g + b * (x - mean) + c.
func blend[T real](y, g, x []T, a, b, mean, c T) {
	if y, ok := any(y).([]float32); ok {
		vector.Blend(y, any(g).([]float32), any(x).([]float32), float32(a), float32(b), float32(mean), float32(c))
		return
	}
	for i := range y {
		y[i] = a*g[i] + b*(x[i]-mean) + c
	}
}

// total is the sum of x.
func total[T real](x []T) (sum float64) {
	if x, ok := any(x).([]float32); ok {
		return vector.Sum(x)
	}
	for _, v := range x {
		sum += float64(v)
	}
	return sum
}

// squares is the sum of (x - mean)^2.
func squares[T real](x []T, mean float64) (sum float64) {
	if x, ok := any(x).([]float32); ok {
		return vector.Squares(x, mean)
	}
	for _, v := range x {
		d := float64(v) - mean
		sum += d * d
	}
	return sum
}

// products is the sum of g * (x - mean).
func products[T real](g, x []T, mean float64) (sum float64) {
	if g, ok := any(g).([]float32); ok {
		return vector.Dot(g, any(x).([]float32), mean)
	}
	for i, v := range g {
		sum += float64(v) * (float64(x[i]) - mean)
	}
	return sum
}

// exponential is y = exp(x + by).
func exponential[T real](y, x []T, by T) {
	if y, ok := any(y).([]float32); ok {
		vector.Exp(y, any(x).([]float32), float32(by))
		return
	}
	for i, v := range x {
		y[i] = T(math.Exp(float64(v + by)))
	}
}

// times is y = a * b, element by element.
func times[T real](y, a, b []T) {
	a, b = a[:len(y)], b[:len(y)]
	for i := range y {
		y[i] = a[i] * b[i]
	}
}
