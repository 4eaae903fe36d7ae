package gorgonia

import "math"

type relu[T real] struct{}

// forward lets NaN through, so that a loss shows it.
func (*relu[T]) forward(in [][]T, y []T) error {
	for i, v := range in[0] {
		y[i] = max(v, 0)
	}
	return nil
}

func (*relu[T]) backward(_ [][]T, y, dy []T, din [][]T) {
	if y, ok := any(y).([]float32); ok {
		passPositive(any(din[0]).([]float32), any(dy).([]float32), y)
		return
	}
	for i, d := range dy {
		if y[i] == 0 {
			d = 0
		}
		din[0][i] = d
	}
}

// passPositive is dy where y, which isn't negative, isn't 0. It has no branch to mispredict: a number that
// isn't 0, or its negative, has the top bit.
func passPositive(dx, dy, y []float32) {
	dx, y = dx[:len(dy)], y[:len(dy)]
	for i, d := range dy {
		b := int32(math.Float32bits(y[i]))
		dx[i] = math.Float32frombits(math.Float32bits(d) & uint32((b|-b)>>31))
	}
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
	for i, v := range in[0] {
		y[i] = T(logistic(float64(v)))
	}
	return nil
}

func (*sigmoid[T]) backward(_ [][]T, y, dy []T, din [][]T) {
	for i, d := range dy {
		din[0][i] = d * y[i] * (1 - y[i])
	}
}

type silu[T real] struct{}

func (*silu[T]) forward(in [][]T, y []T) error {
	for i, v := range in[0] {
		y[i] = T(float64(v) * logistic(float64(v)))
	}
	return nil
}

func (*silu[T]) backward(in [][]T, _, dy []T, din [][]T) {
	for i, v := range in[0] {
		x := float64(v)
		s := logistic(x)
		din[0][i] = dy[i] * T(s*(1+x*(1-s)))
	}
}

type gelu[T real] struct{}

func normal(x float64) float64 { return 0.5 * math.Erfc(-x/math.Sqrt2) }

func (*gelu[T]) forward(in [][]T, y []T) error {
	for i, v := range in[0] {
		y[i] = T(float64(v) * normal(float64(v)))
	}
	return nil
}

func (*gelu[T]) backward(in [][]T, _, dy []T, din [][]T) {
	for i, v := range in[0] {
		x := float64(v)
		density := math.Exp(-x*x/2) / math.Sqrt(2*math.Pi)
		din[0][i] = dy[i] * T(normal(x)+x*density)
	}
}

// softmax is along the middle axis of [outer, n, inner].
type softmax[T real] struct{ outer, n, inner int }

func (k *softmax[T]) each(f func(at func(i int) int)) {
	for o := 0; o < k.outer; o++ {
		for j := 0; j < k.inner; j++ {
			start := o*k.n*k.inner + j
			f(func(i int) int { return start + i*k.inner })
		}
	}
}

// forward subtracts the maximum, so that no exponential overflows.
func (k *softmax[T]) forward(in [][]T, y []T) error {
	x := in[0]
	k.each(func(at func(int) int) {
		most := x[at(0)]
		for i := 1; i < k.n; i++ {
			most = max(most, x[at(i)])
		}
		sum := 0.0
		for i := 0; i < k.n; i++ {
			e := math.Exp(float64(x[at(i)] - most))
			sum += e
			y[at(i)] = T(e)
		}
		for i := 0; i < k.n; i++ {
			y[at(i)] = T(float64(y[at(i)]) / sum)
		}
	})
	return nil
}

func (k *softmax[T]) backward(_ [][]T, y, dy []T, din [][]T) {
	k.each(func(at func(int) int) {
		dot := 0.0
		for i := 0; i < k.n; i++ {
			dot += float64(y[at(i)]) * float64(dy[at(i)])
		}
		for i := 0; i < k.n; i++ {
			din[0][at(i)] = y[at(i)] * (dy[at(i)] - T(dot))
		}
	})
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
