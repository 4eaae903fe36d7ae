package gorgonia

import "math"

type relu[T real] struct{}

func (*relu[T]) forwardPart(in [][]T, y []T, lo, hi int) { positive(y[lo:hi], in[0][lo:hi]) }

func (*relu[T]) backwardPart(_ [][]T, y, dy []T, din [][]T, lo, hi int) {
	where(din[0][lo:hi], dy[lo:hi], y[lo:hi])
}

type leaky[T real] struct{ slope T }

func (k *leaky[T]) forward(in [][]T, y []T) error {
	for i, v := range in[0] {
		if v < 0 {
			v *= k.slope
		}
		y[i] = v
	}
	return nil
}

func (k *leaky[T]) backward(in [][]T, _, dy []T, din [][]T) {
	x := in[0]
	for i, d := range dy {
		if x[i] <= 0 {
			d *= k.slope
		}
		din[0][i] = d
	}
}

type scale[T real] struct{ by T }

func (k *scale[T]) forward(in [][]T, y []T) error {
	for i, v := range in[0] {
		y[i] = k.by * v
	}
	return nil
}

func (k *scale[T]) backward(_ [][]T, _, dy []T, din [][]T) {
	for i, d := range dy {
		din[0][i] = k.by * d
	}
}

type tanh[T real] struct{}

func (*tanh[T]) forward(in [][]T, y []T) error {
	for i, v := range in[0] {
		y[i] = T(math.Tanh(float64(v)))
	}
	return nil
}

func (*tanh[T]) backward(_ [][]T, y, dy []T, din [][]T) {
	for i, d := range dy {
		din[0][i] = d * (1 - y[i]*y[i])
	}
}

func logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

type sigmoid[T real] struct{}

func (*sigmoid[T]) forward(in [][]T, y []T) error {
	logistics(y, in[0])
	return nil
}

// logistics is y = 1 / (1 + exp(-x)).
func logistics[T real](y, x []T) {
	for i, v := range x {
		y[i] = -v
	}
	exponential(y, y, 0)
	for i, v := range y {
		y[i] = 1 / (1 + v)
	}
}

func (*sigmoid[T]) backward(_ [][]T, y, dy []T, din [][]T) {
	for i, d := range dy {
		din[0][i] = d * y[i] * (1 - y[i])
	}
}

// silu keeps its slope for backward.
type silu[T real] struct{ slope []T }

func (k *silu[T]) forward(in [][]T, y []T) error {
	grow(&k.slope, len(y))
	logistics(k.slope, in[0])
	for i, s := range k.slope {
		x := in[0][i]
		y[i] = x * s
		k.slope[i] = s * (1 + x*(1-s))
	}
	return nil
}

func (k *silu[T]) backward(_ [][]T, _, dy []T, din [][]T) { times(din[0], dy, k.slope) }

// grow makes a buffer of at least n.
func grow[T any](buffer *[]T, n int) {
	if len(*buffer) < n {
		*buffer = make([]T, n)
	}
}

// gelu keeps its slope for backward.
type gelu[T real] struct{ slope []T }

func (k *gelu[T]) forward(in [][]T, y []T) error {
	grow(&k.slope, len(y))
	x := in[0]
	for i, v := range x {
		k.slope[i] = -v * v / 2
	}
	exponential(k.slope, k.slope, 0)
	for i, v := range x {
		e := k.slope[i]
		phi := normal(v, e)
		y[i] = v * phi
		k.slope[i] = phi + v*e/T(math.Sqrt2*math.SqrtPi)
	}
	return nil
}

// normal is the normal distribution function at x, where e is exp(-x^2 / 2). In float32 it is formula 7.1.26
// of Abramowitz and Stegun 1964, right to 1.5e-7.
func normal[T real](x, e T) T {
	if _, ok := any(x).(float64); ok {
		return T(0.5 * math.Erfc(-float64(x)/math.Sqrt2))
	}
	z := x
	if z < 0 {
		z = -z
	}
	t := 1 / (1 + 0.3275911*(z/math.Sqrt2))
	tail := t * (0.254829592 + t*(-0.284496736+t*(1.421413741+t*(-1.453152027+t*1.061405429)))) * e / 2
	if x < 0 {
		return tail
	}
	return 1 - tail
}

func (k *gelu[T]) backward(_ [][]T, _, dy []T, din [][]T) { times(din[0], dy, k.slope) }

// softmax is along the middle axis of [outer, n, inner]. Where inner isn't 1 it works on the axes exchanged.
type softmax[T real] struct {
	outer, n, inner int
	x, g            []T // of one outer: [inner, n]
}

func (k *softmax[T]) forward(in [][]T, y []T) error {
	size := k.n * k.inner
	grow(&k.x, size)
	for o := range k.outer {
		from, to := part(in[0], o, size), part(y, o, size)
		if k.inner == 1 {
			softmaxRow(to, from)
			continue
		}
		exchange(k.x, from, k.n, k.inner)
		for i := range k.inner {
			row := part(k.x, i, k.n)
			softmaxRow(row, row)
		}
		exchange(to, k.x, k.inner, k.n)
	}
	return nil
}

// softmaxRow subtracts the maximum, so that no exponential overflows. Where masks leave nothing of a row it is zeros.
func softmaxRow[T real](y, x []T) {
	most := x[0]
	for _, v := range x {
		most = max(most, v)
	}
	if math.IsInf(float64(most), -1) {
		clear(y)
		return
	}
	exponential(y, x, -most)
	scale := T(1 / total(y))
	for i := range y {
		y[i] *= scale
	}
}

// exchange is the transpose of the n by m matrix x.
func exchange[T real](y, x []T, n, m int) {
	for i := range n {
		for j, v := range part(x, i, m) {
			y[j*n+i] = v
		}
	}
}

func (k *softmax[T]) backward(_ [][]T, y, dy []T, din [][]T) {
	size := k.n * k.inner
	grow(&k.g, size)
	for o := range k.outer {
		y, g, dx := part(y, o, size), part(dy, o, size), part(din[0], o, size)
		if k.inner == 1 {
			softmaxRowBack(dx, y, g)
			continue
		}
		exchange(k.x, y, k.n, k.inner)
		exchange(k.g, g, k.n, k.inner)
		for i := range k.inner {
			row := part(k.g, i, k.n)
			softmaxRowBack(row, part(k.x, i, k.n), row)
		}
		exchange(dx, k.g, k.inner, k.n)
	}
}

func softmaxRowBack[T real](dx, y, g []T) {
	dot := T(products(g, y, 0))
	for i, v := range y {
		dx[i] = v * (g[i] - dot)
	}
}

// causal puts minus infinity above the diagonal of squares of n.
type causal[T real] struct{ n int }

func (k *causal[T]) forward(in [][]T, y []T) error {
	for i, v := range in[0] {
		if i%k.n > i/k.n%k.n {
			v = T(math.Inf(-1))
		}
		y[i] = v
	}
	return nil
}

func (k *causal[T]) backward(_ [][]T, _, dy []T, din [][]T) {
	for i, d := range dy {
		if i%k.n > i/k.n%k.n {
			d = 0
		}
		din[0][i] = d
	}
}

// padding puts minus infinity where an example's mask, a number for each of the n columns, is 0.
type padding[T real] struct{ batch, n int }

func (k *padding[T]) forward(in [][]T, y []T) error {
	k.masked(in[1], in[0], y, T(math.Inf(-1)))
	return nil
}

func (k *padding[T]) backward(in [][]T, _, dy []T, din [][]T) {
	if din[0] != nil {
		k.masked(in[1], dy, din[0], 0)
	}
	if din[1] != nil {
		clear(din[1]) // a step function of the mask
	}
}

// masked is x, with v where the mask is 0.
func (k *padding[T]) masked(mask, x, y []T, v T) {
	size := len(x) / k.batch
	for i, e := range x {
		if mask[i/size*k.n+i%k.n] == 0 {
			e = v
		}
		y[i] = e
	}
}
