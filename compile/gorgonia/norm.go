package gorgonia

import "math"

// batchNorm normalises each channel of [batch, channels, inner]; its weights are gamma and beta.
type batchNorm[T real] struct {
	run                    *running
	batch, channels, inner int
	mean, variance         []T // running
	momentum, eps          float64
	batchMean, inverse     []T // of the last forward pass: mean and 1 / deviation
}

func (k *batchNorm[T]) forward(in [][]T, y []T) error {
	for c := 0; c < k.channels; c++ {
		mean, inverse := float64(k.mean[c]), 1/math.Sqrt(float64(k.variance[c])+k.eps)
		if k.run.training {
			mean, inverse = k.measure(in[0], c)
		}
		k.batchMean[c], k.inverse[c] = T(mean), T(inverse)
		scale := T(inverse) * in[1][c]
		shift := in[2][c] - T(mean)*scale
		for n := 0; n < k.batch; n++ {
			x, y := part(in[0], n*k.channels+c, k.inner), part(y, n*k.channels+c, k.inner)
			for i, v := range x {
				y[i] = v*scale + shift
			}
		}
	}
	return nil
}

// measure finds a channel's mean and 1 / deviation, and moves the running statistics.
func (k *batchNorm[T]) measure(x []T, c int) (mean, inverse float64) {
	sum, count := 0.0, float64(k.batch*k.inner)
	for n := 0; n < k.batch; n++ {
		sum += total(part(x, n*k.channels+c, k.inner))
	}
	mean = sum / count
	sum = 0
	for n := 0; n < k.batch; n++ {
		sum += squares(part(x, n*k.channels+c, k.inner), T(mean))
	}
	move := func(running *T, to float64) { *running += T(k.momentum * (to - float64(*running))) }
	move(&k.mean[c], mean)
	move(&k.variance[c], sum/max(1, count-1))
	return mean, 1 / math.Sqrt(sum/count+k.eps)
}

// backward is equation 6 of Ioffe and Szegedy 2015, gathered: with xhat the normalised x and m the count,
// dx = gamma / deviation * (dy - mean(dy) - xhat mean(dy xhat)).
func (k *batchNorm[T]) backward(in [][]T, _, dy []T, din [][]T) {
	count := float64(k.batch * k.inner)
	for c := 0; c < k.channels; c++ {
		mean, inverse := k.batchMean[c], k.inverse[c]
		var sum, dot float64
		for n := 0; n < k.batch; n++ {
			x, g := part(in[0], n*k.channels+c, k.inner), part(dy, n*k.channels+c, k.inner)
			sum += total(g)
			dot += products(g, x, mean)
		}
		dot *= float64(inverse)
		din[1][c], din[2][c] = T(dot), T(sum)
		if din[0] == nil {
			continue
		}
		meanOf, dotOf, scale := T(sum/count), T(dot/count), in[1][c]*inverse
		for n := 0; n < k.batch; n++ {
			at := n*k.channels + c
			x, g, dx := part(in[0], at, k.inner), part(dy, at, k.inner), part(din[0], at, k.inner)
			for i, d := range g {
				dx[i] = scale * (d - meanOf - (x[i]-mean)*inverse*dotOf)
			}
		}
	}
}

// rowNorm normalises rows of n. Element i of row r is scaled by gamma[(r*n + i) / inner mod channels]: for
// layer norm inner is 1, for group norm the size of a channel.
type rowNorm[T real] struct {
	rows, n, inner int
	eps            float64
	mean, inverse  []float64
}

func newRowNorm[T real](rows, n, inner int, eps float64) *rowNorm[T] {
	return &rowNorm[T]{rows, n, inner, eps, make([]float64, rows), make([]float64, rows)}
}

func (k *rowNorm[T]) forward(in [][]T, y []T) error {
	channels := len(in[1])
	for r := 0; r < k.rows; r++ {
		x, y := part(in[0], r, k.n), part(y, r, k.n)
		sum := 0.0
		for _, v := range x {
			sum += float64(v)
		}
		mean := sum / float64(k.n)
		sum = 0
		for _, v := range x {
			d := float64(v) - mean
			sum += d * d
		}
		inverse := 1 / math.Sqrt(sum/float64(k.n)+k.eps)
		k.mean[r], k.inverse[r] = mean, inverse
		for i, c := 0, r*k.n/k.inner%channels; i < k.n; i, c = i+k.inner, (c+1)%channels {
			gamma, beta := in[1][c], in[2][c]
			for j, v := range x[i : i+k.inner] {
				y[i+j] = T((float64(v)-mean)*inverse)*gamma + beta
			}
		}
	}
	return nil
}

func (k *rowNorm[T]) backward(in [][]T, _, dy []T, din [][]T) {
	channels := len(in[1])
	dgamma, dbeta := make([]float64, channels), make([]float64, channels)
	for r := 0; r < k.rows; r++ {
		x, g := part(in[0], r, k.n), part(dy, r, k.n)
		mean, inverse := k.mean[r], k.inverse[r]
		var sum, dot float64 // of the gradient by the normalised x
		for i, c := 0, r*k.n/k.inner%channels; i < k.n; i, c = i+k.inner, (c+1)%channels {
			var s, d float64
			for j, v := range g[i : i+k.inner] {
				s += float64(v)
				d += float64(v) * (float64(x[i+j]) - mean) * inverse
			}
			dbeta[c] += s
			dgamma[c] += d
			sum += s * float64(in[1][c])
			dot += d * float64(in[1][c])
		}
		if din[0] == nil {
			continue
		}
		dx := part(din[0], r, k.n)
		sum, dot = sum/float64(k.n), dot/float64(k.n)
		for i, c := 0, r*k.n/k.inner%channels; i < k.n; i, c = i+k.inner, (c+1)%channels {
			gamma := float64(in[1][c])
			for j, v := range g[i : i+k.inner] {
				xhat := (float64(x[i+j]) - mean) * inverse
				dx[i+j] = T(inverse * (float64(v)*gamma - sum - xhat*dot))
			}
		}
	}
	convert(din[1], dgamma)
	convert(din[2], dbeta)
}

// The sums below keep four totals in float64, since one alone would wait for each addition.

// total is the sum of x.
func total[T real](x []T) float64 {
	var a, b, c, d float64
	for ; len(x) >= 4; x = x[4:] {
		a += float64(x[0])
		b += float64(x[1])
		c += float64(x[2])
		d += float64(x[3])
	}
	for _, v := range x {
		a += float64(v)
	}
	return (a + b) + (c + d)
}

// squares is the sum of the squares of x - mean.
func squares[T real](x []T, mean T) float64 {
	var sums [4]float64
	for ; len(x) >= 4; x = x[4:] {
		a, b, c, d := float64(x[0]-mean), float64(x[1]-mean), float64(x[2]-mean), float64(x[3]-mean)
		sums[0] += a * a
		sums[1] += b * b
		sums[2] += c * c
		sums[3] += d * d
	}
	for _, v := range x {
		sums[0] += float64(v-mean) * float64(v-mean)
	}
	return (sums[0] + sums[1]) + (sums[2] + sums[3])
}

// products is the sum of g times x - mean.
func products[T real](g, x []T, mean T) float64 {
	var sums [4]float64
	x = x[:len(g)]
	for ; len(g) >= 4 && len(x) >= 4; g, x = g[4:], x[4:] {
		sums[0] += float64(g[0]) * float64(x[0]-mean)
		sums[1] += float64(g[1]) * float64(x[1]-mean)
		sums[2] += float64(g[2]) * float64(x[2]-mean)
		sums[3] += float64(g[3]) * float64(x[3]-mean)
	}
	for i, v := range g {
		sums[0] += float64(v) * float64(x[i]-mean)
	}
	return (sums[0] + sums[1]) + (sums[2] + sums[3])
}
