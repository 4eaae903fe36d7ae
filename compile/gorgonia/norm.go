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

// groupNorm normalises rows of n, the groups. A row is runs of inner elements, the channels, each scaled by its gamma.
type groupNorm[T real] struct {
	n, inner int
	eps      float64
	mean     []T // of each row
	inverse  []T // 1 / deviation
	sum, dot []T // of each run backward: of the gradient, and of its product with the normalised x
	channels int
}

func newGroupNorm[T real](rows, n, inner, channels int, eps float64) *groupNorm[T] {
	runs := rows * n / inner
	return &groupNorm[T]{n, inner, eps, make([]T, rows), make([]T, rows), make([]T, runs), make([]T, runs), channels}
}

func (k *groupNorm[T]) forwardPart(in [][]T, y []T, lo, hi int) {
	runs := k.n / k.inner
	for r := lo; r < hi; r++ {
		x := part(in[0], r, k.n)
		mean := total(x) / float64(k.n)
		inverse := T(1 / math.Sqrt(squares(x, mean)/float64(k.n)+k.eps))
		k.mean[r], k.inverse[r] = T(mean), inverse
		for i := r * runs; i < (r+1)*runs; i++ {
			c := i % k.channels
			affine(part(y, i, k.inner), part(in[0], i, k.inner), T(mean), inverse*in[1][c], in[2][c])
		}
	}
}

// backwardPart is, with xhat the normalised x and g the gradient by it, dx = (g - mean(g) - xhat mean(g xhat)) / deviation.
func (k *groupNorm[T]) backwardPart(in [][]T, _, dy []T, din [][]T, lo, hi int) {
	runs := k.n / k.inner
	for r := lo; r < hi; r++ {
		mean, inverse := k.mean[r], k.inverse[r]
		var sum, dot float64
		for i := r * runs; i < (r+1)*runs; i++ {
			g, gamma := part(dy, i, k.inner), float64(in[1][i%k.channels])
			s, d := total(g), products(g, part(in[0], i, k.inner), float64(mean))*float64(inverse)
			k.sum[i], k.dot[i] = T(s), T(d)
			sum += s * gamma
			dot += d * gamma
		}
		if din[0] == nil {
			continue
		}
		b, c := -inverse*inverse*T(dot/float64(k.n)), -inverse*T(sum/float64(k.n))
		for i := r * runs; i < (r+1)*runs; i++ {
			blend(part(din[0], i, k.inner), part(dy, i, k.inner), part(in[0], i, k.inner), inverse*in[1][i%k.channels], b, mean, c)
		}
	}
}

// summed is a group norm's kernel: the rows, and then the gradients by the weights.
type summed[T real] struct {
	*split[T]
	norm *groupNorm[T]
}

func (k summed[T]) backward(in [][]T, y, dy []T, din [][]T) {
	k.split.backward(in, y, dy, din)
	rows := len(k.norm.dot) / k.norm.channels
	columns(din[1], k.norm.dot, rows, k.norm.channels)
	columns(din[2], k.norm.sum, rows, k.norm.channels)
}
