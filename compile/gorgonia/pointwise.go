package gorgonia

import "math"

// add is the sum of its inputs.
type add[T real] struct{}

func (*add[T]) passes() bool { return true }

func (*add[T]) forward(in [][]T, y []T) error {
	copy(y, in[0])
	for _, x := range in[1:] {
		addTo(y, y, x)
	}
	return nil
}

func (*add[T]) backward(_ [][]T, _, dy []T, din [][]T) {
	for _, dx := range din {
		copy(dx, dy)
	}
}

// mul is the product of its inputs, element by element.
type mul[T real] struct{}

func (*mul[T]) forward(in [][]T, y []T) error {
	copy(y, in[0])
	for _, x := range in[1:] {
		for i, v := range x {
			y[i] *= v
		}
	}
	return nil
}

// backward multiplies the other inputs anew: dividing the product would fail at zeros.
func (*mul[T]) backward(in [][]T, _, dy []T, din [][]T) {
	for j, dx := range din {
		if dx == nil {
			continue
		}
		copy(dx, dy)
		for o, x := range in {
			if o == j {
				continue
			}
			for i, v := range x {
				dx[i] *= v
			}
		}
	}
}

// addWeight adds a weight to each example.
type addWeight[T real] struct{}

func (*addWeight[T]) forward(in [][]T, y []T) error {
	n := len(in[1])
	for i := 0; i*n < len(y); i++ {
		addTo(part(y, i, n), part(in[0], i, n), in[1])
	}
	return nil
}

func (*addWeight[T]) backward(_ [][]T, _, dy []T, din [][]T) {
	copy(din[0], dy)
	sumRows(din[1], dy)
}

// mulChannels multiplies each channel of x by its factor; a factor belongs to a run of equal length.
type mulChannels[T real] struct{}

func (*mulChannels[T]) forward(in [][]T, y []T) error {
	n := len(y) / len(in[1])
	for c, f := range in[1] {
		x := part(in[0], c, n)
		for i := range x {
			y[c*n+i] = x[i] * f
		}
	}
	return nil
}

func (*mulChannels[T]) backward(in [][]T, _, dy []T, din [][]T) {
	n := len(dy) / len(in[1])
	for c, f := range in[1] {
		x, g := part(in[0], c, n), part(dy, c, n)
		sum := 0.0
		for i, d := range g {
			sum += float64(d) * float64(x[i])
			if din[0] != nil {
				din[0][c*n+i] = d * f
			}
		}
		if din[1] != nil {
			din[1][c] = T(sum)
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
	return (&addWeight[T]{}).forward([][]T{in[0], k.table}, y)
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

func newDropout[T real](run *running, rate float64, name string, nth int) *dropout[T] {
	return &dropout[T]{run: run, key: key(run.seed, name+" dropout") + uint64(nth), below: uint64(rate * (1 << 32)), scale: T(1 / (1 - rate))}
}

func (k *dropout[T]) forward(in [][]T, y []T) error {
	if !k.run.training {
		copy(y, in[0])
		return nil
	}
	if k.mask == nil {
		k.mask = make([]T, len(y))
	}
	factor := [2]T{0, k.scale}
	start := mix(k.key ^ mix(k.run.step+1))
	for i := range y {
		bits := mix(start + uint64(i/2))
		if i%2 == 1 {
			bits >>= 32
		}
		keep := 1 - (bits&0xffffffff-k.below)>>63
		k.mask[i] = factor[keep]
		y[i] = in[0][i] * k.mask[i]
	}
	return nil
}

func (k *dropout[T]) backward(_ [][]T, _, dy []T, din [][]T) {
	for i, d := range dy {
		din[0][i] = d * k.mask[i]
	}
}
