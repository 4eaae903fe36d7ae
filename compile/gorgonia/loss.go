package gorgonia

import (
	"fmt"
	"math"

	"github.com/spacec-lang/spacec/compile/gorgonia/internal/cores"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// lossOf adds the loss and the input of its target.
func (l *lowering[T]) lossOf(e *execution[T], out *wire[T]) (*G.Node, error) {
	s := out.shape
	at := &place{path: "loss"}
	o := &operation[T]{low: l, at: at, shape: tensor.Shape{}, needs: []bool{out.needs, false}}
	shape := l.batched(s)
	if l.Loss == Sum {
		o.name, o.kernel, o.needs = "sum", &sumAll[T]{}, o.needs[:1]
		return o.forward(G.Nodes{out.node})
	}
	if l.Loss == CrossEntropy {
		if len(s) == 0 {
			return nil, fmt.Errorf("cross-entropy needs an output of scores, as [10]; %s arrives", s)
		}
		e.classes = s[len(s)-1].Size
		shape = shape[:len(shape)-1]
		o.name, o.kernel = "cross-entropy", newCrossEntropy[T](l.team, shape.TotalSize(), e.classes)
	} else {
		o.name, o.kernel = "mean squared error", &meanSquared[T]{}
	}
	target, data, err := l.input("target", shape)
	if err != nil {
		return nil, err
	}
	e.labels, e.values = data, data
	return o.forward(G.Nodes{out.node, target})
}

// crossEntropy is the mean of -log softmax at the labels that there are; 0 where there are none.
type crossEntropy[T real] struct {
	team        *cores.Team
	classes     int
	probs       []T
	losses      []float64 // of each row
	labels      float64   // how many there are, or 1
	in, din     [][]T     // of the run at hand
	scale       T
	ahead, back cores.Func
}

func newCrossEntropy[T real](team *cores.Team, rows, classes int) *crossEntropy[T] {
	k := &crossEntropy[T]{team: team, classes: classes, probs: make([]T, rows*classes), losses: make([]float64, rows)}
	k.ahead, k.back = k.rowsAhead, k.rowsBack
	return k
}

func (k *crossEntropy[T]) forward(in [][]T, loss []T) error {
	k.in, k.labels = in, 0
	for _, label := range in[1] {
		if label != NoLabel {
			k.labels++
		}
	}
	k.labels = max(k.labels, 1)
	k.team.Do(len(k.losses), 1+elementsAtOnce/k.classes, k.ahead)
	sum := 0.0
	for _, l := range k.losses {
		sum += l
	}
	loss[0] = T(sum / k.labels)
	return nil
}

func (k *crossEntropy[T]) rowsAhead(_, lo, hi int) {
	for r := lo; r < hi; r++ {
		label := k.in[1][r]
		if k.losses[r] = 0; label == NoLabel {
			continue
		}
		x, p := part(k.in[0], r, k.classes), part(k.probs, r, k.classes)
		most := largest(x)
		exponential(p, x, -most)
		sum := total(p)
		affine(p, p, 0, T(1/sum), 0)
		k.losses[r] = math.Log(sum) - float64(x[int(label)]-most)
	}
}

func (k *crossEntropy[T]) backward(in [][]T, _, dy []T, din [][]T) {
	k.in, k.din, k.scale = in, din, dy[0]/T(k.labels)
	k.team.Do(len(k.losses), 1+elementsAtOnce/k.classes, k.back)
}

func (k *crossEntropy[T]) rowsBack(_, lo, hi int) {
	for r := lo; r < hi; r++ {
		label, d := k.in[1][r], part(k.din[0], r, k.classes)
		if label == NoLabel {
			clear(d)
			continue
		}
		affine(d, part(k.probs, r, k.classes), 0, k.scale, 0)
		d[int(label)] -= k.scale
	}
}

// meanSquared is the mean of the squared differences.
type meanSquared[T real] struct{}

func (*meanSquared[T]) forward(in [][]T, loss []T) error {
	sum := 0.0
	for i, v := range in[0] {
		d := float64(v) - float64(in[1][i])
		sum += d * d
	}
	loss[0] = T(sum / float64(len(in[0])))
	return nil
}

func (*meanSquared[T]) backward(in [][]T, _, dy []T, din [][]T) {
	scale := 2 * dy[0] / T(len(in[0]))
	for i, v := range in[0] {
		din[0][i] = scale * (v - in[1][i])
	}
}

// sumAll is the sum of all numbers.
type sumAll[T real] struct{}

func (*sumAll[T]) forward(in [][]T, loss []T) error {
	total := 0.0
	for _, v := range in[0] {
		total += float64(v)
	}
	loss[0] = T(total)
	return nil
}

func (*sumAll[T]) backward(_ [][]T, _, dy []T, din [][]T) {
	for i := range din[0] {
		din[0][i] = dy[0]
	}
}
