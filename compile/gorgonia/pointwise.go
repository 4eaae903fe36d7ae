package gorgonia

import "math"

// add is the sum of its inputs.
type add[T real] struct{}

func (*add[T]) passes() bool { return true }

func (*add[T]) forwardPart(in [][]T, y []T, lo, hi int) {
	if len(in) == 1 {
		copy(y[lo:hi], in[0][lo:hi])
		return
	}
	addTo(y[lo:hi], in[0][lo:hi], in[1][lo:hi])
	for _, x := range in[2:] {
		addTo(y[lo:hi], y[lo:hi], x[lo:hi])
	}
}

func (*add[T]) backwardPart(_ [][]T, _, dy []T, din [][]T, lo, hi int) {
	for _, dx := range din {
		copy(dx[lo:hi], dy[lo:hi])
	}
}

// mul is the product of its inputs, element by element.
type mul[T real] struct{}

func (*mul[T]) forwardPart(in [][]T, y []T, lo, hi int) {
	copy(y[lo:hi], in[0][lo:hi])
	for _, x := range in[1:] {
		times(y[lo:hi], y[lo:hi], x[lo:hi])
	}
}

// backwardPart multiplies the other inputs anew: dividing the product would fail at zeros.
func (*mul[T]) backwardPart(in [][]T, _, dy []T, din [][]T, lo, hi int) {
	for j, dx := range din {
		if dx == nil {
			continue
		}
		copy(dx[lo:hi], dy[lo:hi])
		for o, x := range in {
			if o != j {
				times(dx[lo:hi], dx[lo:hi], x[lo:hi])
			}
		}
	}
}

// addWeight adds a weight to each example.
type addWeight[T real] struct{ rowSums[T] }

func (*addWeight[T]) forward(in [][]T, y []T) error {
	eachPlus(y, in[0], in[1])
	return nil
}

func (k *addWeight[T]) backward(_ [][]T, _, dy []T, din [][]T) {
	copy(din[0], dy)
	k.sum(din[1], dy)
}

// eachPlus is each run of x plus one of numbers.
func eachPlus[T real](y, x, one []T) {
	n := len(one)
	for i := 0; i*n < len(y); i++ {
		addTo(part(y, i, n), part(x, i, n), one)
	}
}

// mulChannels multiplies each channel of x by its factor; a factor belongs to a run of n.
type mulChannels[T real] struct{ n int }

func (k *mulChannels[T]) forwardPart(in [][]T, y []T, lo, hi int) {
	for c := lo; c < hi; c++ {
		affine(part(y, c, k.n), part(in[0], c, k.n), 0, in[1][c], 0)
	}
}

func (k *mulChannels[T]) backwardPart(in [][]T, _, dy []T, din [][]T, lo, hi int) {
	for c := lo; c < hi; c++ {
		g := part(dy, c, k.n)
		if din[0] != nil {
			affine(part(din[0], c, k.n), g, 0, in[1][c], 0)
		}
		if din[1] != nil {
			din[1][c] = T(products(g, part(in[0], c, k.n), 0))
		}
	}
}

// sinusoid adds a fixed table to each example.
type sinusoid[T real] struct{ table []T }

func newSinusoid[T real](length, width int) *sinusoid[T] {
	k := &sinusoid[T]{make([]T, length*width)}
	for p := 0; p < length; p++ {
		for c := 0; c < width; c++ {
			angle := float64(p) / math.Pow(10000, float64(c/2*2)/float64(width))
			if c%2 == 1 {
				angle += math.Pi / 2
			}
			k.table[p*width+c] = T(math.Sin(angle))
		}
	}
	return k
}

func (*sinusoid[T]) passes() bool { return true }

func (k *sinusoid[T]) forward(in [][]T, y []T) error {
	eachPlus(y, in[0], k.table)
	return nil
}

func (*sinusoid[T]) backward(_ [][]T, _, dy []T, din [][]T) { copy(din[0], dy) }

// zero is zeros; no gradient goes back.
type zero[T real] struct{}

func (*zero[T]) forward(_ [][]T, y []T) error {
	clear(y)
	return nil
}

func (*zero[T]) backward(_ [][]T, _, _ []T, din [][]T) { clear(din[0]) }

// copying is a reshape: the same elements in a buffer of their own.
type copying[T real] struct{}

func (*copying[T]) forwardPart(in [][]T, y []T, lo, hi int) { copy(y[lo:hi], in[0][lo:hi]) }

func (*copying[T]) backwardPart(_ [][]T, _, dy []T, din [][]T, lo, hi int) {
	copy(din[0][lo:hi], dy[lo:hi])
}

// dropout zeroes elements while training. The mask is drawn from seed, name and step, so that a step can be
// repeated, and two dropouts of one tensor differ.
type dropout[T real] struct {
	run   *running
	key   uint64
	below uint64 // an element whose 32 random bits are below this is zeroed
	scale T
	mask  []T // the factors
}

func newDropout[T real](run *running, elements int, rate float64, name string, nth int) *dropout[T] {
	return &dropout[T]{run: run, mask: make([]T, elements), key: key(run.seed, name+" dropout") + uint64(nth), below: uint64(rate * (1 << 32)), scale: T(1 / (1 - rate))}
}

func (k *dropout[T]) forwardPart(in [][]T, y []T, lo, hi int) {
	if !k.run.training {
		copy(y[lo:hi], in[0][lo:hi])
		return
	}
	factor := [2]T{0, k.scale}
	start := mix(k.key ^ mix(k.run.step+1))
	for i := lo; i < hi; i++ {
		bits := mix(start + uint64(i/2))
		if i%2 == 1 {
			bits >>= 32
		}
		keep := 1 - (bits&0xffffffff-k.below)>>63
		k.mask[i] = factor[keep]
	}
	times(y[lo:hi], in[0][lo:hi], k.mask[lo:hi])
}

func (k *dropout[T]) backwardPart(_ [][]T, _, dy []T, din [][]T, lo, hi int) {
	times(din[0][lo:hi], dy[lo:hi], k.mask[lo:hi])
}
