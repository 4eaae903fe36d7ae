package gorgonia

import (
	"fmt"
	"math"

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
		o.name, o.kernel = "cross-entropy", &crossEntropy[T]{classes: e.classes}
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
	classes int
	probs   []T
	labels  float64 // how many there are, or 1
}

func (k *crossEntropy[T]) forward(in [][]T, loss []T) error {
	if k.probs == nil {
		k.probs = make([]T, len(in[0]))
	}
	sum, n := 0.0, 0.0
	for r, label := range in[1] {
		if label == NoLabel {
			continue
		}
		n++
		x, p := part(in[0], r, k.classes), part(k.probs, r, k.classes)
		most := x[0]
		for _, v := range x {
			most = max(most, v)
		}
		total := 0.0
		for i, v := range x {
			e := math.Exp(float64(v - most))
			p[i] = T(e)
			total += e
		}
		for i := range p {
			p[i] = T(float64(p[i]) / total)
		}
		sum += math.Log(total) - float64(x[int(label)]-most)
	}
	k.labels = max(n, 1)
	loss[0] = T(sum / k.labels)
	return nil
}

func (k *crossEntropy[T]) backward(in [][]T, _, dy []T, din [][]T) {
	scale := dy[0] / T(k.labels)
	for r, label := range in[1] {
		d := part(din[0], r, k.classes)
		if label == NoLabel {
			clear(d)
			continue
		}
		for i, p := range part(k.probs, r, k.classes) {
			d[i] = p * scale
		}
		d[int(label)] -= scale
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
