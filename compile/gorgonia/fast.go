package gorgonia

import (
	"math"
	"slices"

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
	if y, ok := any(y).([]float32); ok {
		vector.Times(y, any(a).([]float32), any(b).([]float32))
		return
	}
	for i := range y {
		y[i] = a[i] * b[i]
	}
}

// largest is the maximum of x; any number of it where one is NaN.
func largest[T real](x []T) T {
	if x, ok := any(x).([]float32); ok {
		return T(vector.Max(x))
	}
	return slices.Max(x)
}

// logistics is y = 1 / (1 + exp(-x)).
func logistics[T real](y, x []T) {
	if y, ok := any(y).([]float32); ok {
		vector.Logistic(y, any(x).([]float32))
		return
	}
	for i, v := range x {
		y[i] = T(1 / (1 + math.Exp(-float64(v))))
	}
}

// tangents is y = tanh(x).
func tangents[T real](y, x []T) {
	if y, ok := any(y).([]float32); ok {
		vector.Tanh(y, any(x).([]float32))
		return
	}
	for i, v := range x {
		y[i] = T(math.Tanh(float64(v)))
	}
}

// gaussian is y = x Phi(x), Phi being the normal distribution function, and its slope.
func gaussian[T real](y, slope, x []T) {
	if y, ok := any(y).([]float32); ok {
		vector.GELU(y, any(slope).([]float32), any(x).([]float32))
		return
	}
	for i, v := range x {
		x := float64(v)
		phi := math.Erfc(-x/math.Sqrt2) / 2
		y[i], slope[i] = T(x*phi), T(phi+x*math.Exp(-x*x/2)/(math.Sqrt2*math.SqrtPi))
	}
}

// columns is the sum of rows of x, as long as sum and stride apart.
func columns[T real](sum, x []T, rows, stride int) {
	if sum, ok := any(sum).([]float32); ok {
		vector.Columns(sum, any(x).([]float32), rows, stride)
		return
	}
	for i := range sum {
		total := 0.0
		for r := range rows {
			total += float64(x[r*stride+i])
		}
		sum[i] = T(total)
	}
}

// normal is y = (x - mean) * inverse * gamma + beta, gamma and beta being as long as y.
func normal[T real](y, x, gamma, beta []T, mean, inverse T) {
	if y, ok := any(y).([]float32); ok {
		vector.Normal(y, any(x).([]float32), any(gamma).([]float32), any(beta).([]float32), float32(mean), float32(inverse))
		return
	}
	for i := range y {
		y[i] = (x[i]-mean)*inverse*gamma[i] + beta[i]
	}
}

// weighed is the sum of g * gamma, and that of g * gamma * (x - mean).
func weighed[T real](g, gamma, x []T, mean T) (sum, dot float64) {
	if g, ok := any(g).([]float32); ok {
		return vector.Weighed(g, any(gamma).([]float32), any(x).([]float32), float32(mean))
	}
	for i, v := range g {
		sum += float64(v * gamma[i])
		dot += float64(v * gamma[i] * (x[i] - mean))
	}
	return sum, dot
}

// normalBack is dx = a * g * gamma + b * (x - mean) + c.
func normalBack[T real](dx, g, gamma, x []T, a, b, mean, c T) {
	if dx, ok := any(dx).([]float32); ok {
		vector.NormalBack(dx, any(g).([]float32), any(gamma).([]float32), any(x).([]float32), float32(a), float32(b), float32(mean), float32(c))
		return
	}
	for i := range dx {
		dx[i] = a*g[i]*gamma[i] + b*(x[i]-mean) + c
	}
}

// normalColumns is, for columns of rows that are stride apart, the sums of g, and those of g * (x - mean) * inverse, where each row
// has a mean and an inverse.
func normalColumns[T real](dgamma, dbeta, g, x, mean, inverse []T, stride int) {
	if dgamma, ok := any(dgamma).([]float32); ok {
		vector.NormalColumns(dgamma, any(dbeta).([]float32), any(g).([]float32), any(x).([]float32), any(mean).([]float32), any(inverse).([]float32), stride)
		return
	}
	for i := range dgamma {
		var sum, dot T
		for r, m := range mean {
			v := g[r*stride+i]
			sum += v
			dot += v * (x[r*stride+i] - m) * inverse[r]
		}
		dgamma[i], dbeta[i] = dot, sum
	}
}
