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

func (k *batchNorm[T]) forwardPart(in [][]T, y []T, lo, hi int) {
	x, gamma, beta := in[0], in[1], in[2]
	for c := lo; c < hi; c++ {
		mean, inverse := float64(k.mean[c]), 1/math.Sqrt(float64(k.variance[c])+k.eps)
		if k.run.training {
			mean, inverse = k.measure(x, c)
		}
		k.batchMean[c], k.inverse[c] = T(mean), T(inverse)
		for n := range k.batch {
			at := n*k.channels + c
			affine(part(y, at, k.inner), part(x, at, k.inner), T(mean), T(inverse)*gamma[c], beta[c])
		}
	}
}

// measure finds a channel's mean and 1 / deviation, and moves the running statistics.
func (k *batchNorm[T]) measure(x []T, c int) (mean, inverse float64) {
	sum, count := 0.0, float64(k.batch*k.inner)
	for n := range k.batch {
		sum += total(part(x, n*k.channels+c, k.inner))
	}
	mean = sum / count
	sum = 0
	for n := range k.batch {
		sum += squares(part(x, n*k.channels+c, k.inner), mean)
	}
	move := func(running *T, to float64) { *running += T(k.momentum * (to - float64(*running))) }
	move(&k.mean[c], mean)
	move(&k.variance[c], sum/max(1, count-1))
	return mean, 1 / math.Sqrt(sum/count+k.eps)
}

// backwardPart is equation 6 of Ioffe and Szegedy 2015, gathered: with xhat the normalised x and m the count,
// dx = gamma / deviation * (dy - mean(dy) - xhat mean(dy xhat)). dx may be dy.
func (k *batchNorm[T]) backwardPart(in [][]T, _, dy []T, din [][]T, lo, hi int) {
	x, gamma := in[0], in[1]
	count := float64(k.batch * k.inner)
	for c := lo; c < hi; c++ {
		mean, inverse := k.batchMean[c], k.inverse[c]
		var sum, dot float64
		for n := range k.batch {
			g := part(dy, n*k.channels+c, k.inner)
			sum += total(g)
			dot += products(g, part(x, n*k.channels+c, k.inner), float64(mean))
		}
		dot *= float64(inverse)
		din[1][c], din[2][c] = T(dot), T(sum)
		if din[0] == nil {
			continue
		}
		scale := gamma[c] * inverse
		b, shift := -scale*inverse*T(dot/count), -scale*T(sum/count)
		for n := range k.batch {
			at := n*k.channels + c
			blend(part(din[0], at, k.inner), part(dy, at, k.inner), part(x, at, k.inner), scale, b, mean, shift)
		}
	}
}

// exchanged is the kernel of a batch norm of single numbers [batch, channels]: the norm of [channels, batch], so that there
// are rows to work on.
type exchanged[T real] struct {
	kernel[T]
	batch, channels int
	x, y            []T
	in, din         [3][]T
}

func (k *exchanged[T]) forward(in [][]T, y []T) error {
	exchange(k.x, in[0], k.batch, k.channels)
	k.in = [3][]T{k.x, in[1], in[2]}
	err := k.kernel.forward(k.in[:], k.y)
	exchange(y, k.y, k.channels, k.batch)
	return err
}

func (k *exchanged[T]) backward(_ [][]T, _, dy []T, din [][]T) {
	exchange(k.y, dy, k.batch, k.channels)
	k.din = [3][]T{nil, din[1], din[2]}
	if din[0] != nil {
		k.din[0] = k.y
	}
	k.kernel.backward(k.in[:], nil, k.y, k.din[:])
	if din[0] != nil {
		exchange(din[0], k.y, k.channels, k.batch)
	}
}

// rowNorm is group norm: it normalises rows of n, the groups. Element i of row r is scaled by gamma[(r*n + i) / inner mod channels],
// inner being the size of a channel.
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
		mean := total(x) / float64(k.n)
		inverse := 1 / math.Sqrt(squares(x, mean)/float64(k.n)+k.eps)
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
