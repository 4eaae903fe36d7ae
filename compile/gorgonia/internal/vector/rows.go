package vector

import "math"

// AdamStep is the numbers of a step of Adam (Kingma & Ba 2015, algorithm 1): Rate is the learning rate and Root a factor of the roots,
// both corrected for the moments' start at zero. L2 times the weight is added to the gradient, and Shrink times it taken from it.
type AdamStep struct{ L2, Beta1, Beta2, Rate, Root, Epsilon, Shrink float32 }

// Adam takes the step on weights w, whose moments are m and v, by the gradients g.
func Adam(s AdamStep, w, m, v, g []float32) {
	m, v, g = m[:len(w)], v[:len(w)], g[:len(w)]
	n := whole(len(w))
	if n > 0 {
		var table [9 * lanes]float32
		for i, c := range [9]float32{s.L2, s.Beta1, 1 - s.Beta1, s.Beta2, 1 - s.Beta2, s.Rate, s.Root, s.Epsilon, s.Shrink} {
			for lane := range lanes {
				table[i*lanes+lane] = c
			}
		}
		adam(n, &w[0], &m[0], &v[0], &g[0], &table[0])
	}
	for i := n; i < len(w); i++ {
		d := g[i] + s.L2*w[i]
		m[i] = s.Beta1*m[i] + (1-s.Beta1)*d
		v[i] = s.Beta2*v[i] + (1-s.Beta2)*d*d
		w[i] -= s.Shrink*w[i] + s.Rate*m[i]/(float32(math.Sqrt(float64(v[i])))*s.Root+s.Epsilon)
	}
}

// SGDStep is the numbers of a step of gradient descent with momentum.
type SGDStep struct{ Rate, Momentum, Decay float32 }

// SGD takes the step on weights w, whose velocity is v, by the gradients g: v = momentum v + g + decay w, w = w - rate v.
func SGD(s SGDStep, w, v, g []float32) {
	v, g = v[:len(w)], g[:len(w)]
	n := whole(len(w))
	if n > 0 {
		sgd(n, &w[0], &v[0], &g[0], s.Rate, s.Momentum, s.Decay)
	}
	for i := n; i < len(w); i++ {
		v[i] = s.Momentum*v[i] + g[i] + s.Decay*w[i]
		w[i] -= s.Rate * v[i]
	}
}

// Columns is sum[i] = x[i] + x[stride + i] + ..., over as many rows.
func Columns(sum, x []float32, rows, stride int) {
	i := 0
	if rows > 0 {
		_ = x[(rows-1)*stride+len(sum)-1]
		for ; fast && i+16 <= len(sum); i += 16 {
			columns(rows, 4*stride, &sum[i], &x[i])
		}
	}
	for ; i < len(sum); i++ {
		total := 0.0
		for r := range rows {
			total += float64(x[r*stride+i])
		}
		sum[i] = float32(total)
	}
}

// Times is y = a * b.
func Times(y, a, b []float32) {
	a, b = a[:len(y)], b[:len(y)]
	n := whole(len(y))
	if n > 0 {
		times(n, &y[0], &a[0], &b[0])
	}
	for i := n; i < len(y); i++ {
		y[i] = a[i] * b[i]
	}
}

// Max is the largest of x, which isn't empty; of numbers with a NaN among them it is any.
func Max(x []float32) float32 {
	top, n := x[0], whole(len(x))
	if n > 0 {
		top = most(n, &x[0])
	}
	for _, v := range x[n:] {
		top = max(top, v)
	}
	return top
}
