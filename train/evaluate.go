package train

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/spacec-lang/spacec/compile/gorgonia"
)

// batch is room for one batch, in the form that a model takes. It is reused from step to step.
type batch struct {
	size   int
	inputs [][]float32 // one input
	target gorgonia.Target
}

func newBatch(d *Dataset, size int) batch {
	b := batch{size: size, inputs: [][]float32{make([]float32, size*int(d.Input.Elements()))}}
	if d.Classes > 0 {
		b.target.Labels = make([]int, size*d.targets())
	} else if len(d.Target) > 0 {
		b.target.Values = make([]float32, size*d.targets())
	}
	return b
}

// load copies examples in. Where there are fewer than the batch holds the last of them is repeated.
func (b *batch) load(d *Dataset, rows []int) {
	for i := range b.size {
		r := rows[min(i, len(rows)-1)]
		copyRow(b.inputs[0], i, d.Inputs, r, b.size)
		switch {
		case b.target.Labels != nil:
			copyRow(b.target.Labels, i, d.Labels, r, b.size)
		case len(b.target.Values) > 0:
			copyRow(b.target.Values, i, d.Values, r, b.size)
		}
	}
}

// copyRow copies row r of src to row i of dst, which has size rows.
func copyRow[T any](dst []T, i int, src []T, r, size int) {
	width := len(dst) / size
	copy(dst[i*width:(i+1)*width], src[r*width:])
}

// row is row i of as many rows.
func row[T any](list []T, i, rows int) []T {
	width := len(list) / rows
	return list[i*width : (i+1)*width]
}

// of is the target of example i.
func (b *batch) of(i int) gorgonia.Target {
	if b.target.Labels != nil {
		return gorgonia.Target{Labels: row(b.target.Labels, i, b.size)}
	}
	return gorgonia.Target{Values: row(b.target.Values, i, b.size)}
}

// Score is how well a model does on a data set; in regression the accuracy is 0, and with labels for places it is that
// of the places that have one.
type Score struct{ Loss, Accuracy float64 }

// predictor is what measuring needs of a backend's model.
type predictor interface {
	Predict(inputs [][]float32) ([][]float32, error)
	Origin() error
}

// Evaluate measures a model that was built for so many examples on every example of d.
func Evaluate(ctx context.Context, m predictor, batch int, d *Dataset) (Score, error) {
	b := newBatch(d, batch)
	return evaluate(ctx, m, &b, d)
}

func evaluate(ctx context.Context, m predictor, b *batch, d *Dataset) (Score, error) {
	var sum Score
	n := 0
	err := each(ctx, m, b, d, func(at, _ int, out []float32) error {
		s, labels := rate(out, b.of(at))
		if !finite(s.Loss) {
			return &divergence{s.Loss, m.Origin()}
		}
		sum.Loss += s.Loss
		sum.Accuracy += s.Accuracy
		n += labels
		return nil
	})
	all := float64(max(n, 1))
	return Score{sum.Loss / all, sum.Accuracy / all}, err
}

// divergence is a loss that isn't finite.
type divergence struct {
	loss   float64
	origin error // may be nil
}

func (d *divergence) Error() string {
	if d.origin == nil {
		return fmt.Sprintf("the loss is %v", d.loss)
	}
	return fmt.Sprintf("the loss is %v: %v", d.loss, d.origin)
}

// Predict gives a model's output for every example of d, which may be without targets, in order.
func Predict(ctx context.Context, m predictor, batch int, d *Dataset, yield func(example int, out []float32) error) error {
	bare := *d
	bare.Classes, bare.Target, bare.Labels, bare.Values = 0, nil, nil, nil
	b := newBatch(&bare, batch)
	return each(ctx, m, &b, &bare, func(_, row int, out []float32) error {
		for _, x := range out {
			if !finite(float64(x)) {
				return fmt.Errorf("example %d: the output holds %v: %w", row, x, m.Origin())
			}
		}
		return yield(row, out)
	})
}

// each runs the model on all examples, batch by batch; at is the place in the batch.
func each(ctx context.Context, m predictor, b *batch, d *Dataset, yield func(at, row int, out []float32) error) error {
	n := len(d.Inputs) / int(d.Input.Elements())
	for start := 0; start < n; start += b.size {
		if err := ctx.Err(); err != nil {
			return err
		}
		rows := make([]int, min(b.size, n-start))
		for i := range rows {
			rows[i] = start + i
		}
		b.load(d, rows)
		outputs, err := m.Predict(b.inputs)
		if err != nil {
			return fmt.Errorf("examples %d to %d of %s: %w", start, start+len(rows)-1, d.Name, err)
		}
		for i, r := range rows {
			if err := yield(i, r, row(outputs[0], i, b.size)); err != nil {
				return err
			}
		}
	}
	return nil
}

// evaluate measures the model on a part of the data.
func (l *loop) evaluate(d *Dataset, part string) (Score, error) {
	s, err := evaluate(l.ctx, l.model, &l.batch, d)
	var diverged *divergence
	if errors.As(err, &diverged) {
		l.diverged(diverged.origin, "the %s loss is %v after epoch %d", part, diverged.loss, l.now)
		return s, nil
	}
	return s, err
}

// Classify gives the class of the largest logit, the first of equal ones, and what each class's probability is.
func Classify(logits []float32) (class int, probabilities []float64) {
	class = largest(logits)
	p, sum := make([]float64, len(logits)), 0.0
	for i, x := range logits {
		p[i] = math.Exp(float64(x) - float64(logits[class]))
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return class, p
}

func largest(logits []float32) int {
	best := 0
	for j, x := range logits {
		if x > logits[best] {
			best = j
		}
	}
	return best
}

// rate scores the output for an example: the sum over its n labels of the cross-entropy and of whether the largest
// logit is the label's (the first of equal ones counts), or the mean squared error, where n is 1.
func rate(out []float32, target gorgonia.Target) (s Score, n int) {
	if target.Labels == nil {
		for i, y := range target.Values {
			e := float64(out[i]) - float64(y)
			s.Loss += e * e / float64(len(out))
		}
		return s, 1
	}
	for i, label := range target.Labels {
		if label == gorgonia.NoLabel {
			continue
		}
		n++
		logits, sum := row(out, i, len(target.Labels)), 0.0
		best := largest(logits)
		for _, x := range logits {
			sum += math.Exp(float64(x) - float64(logits[best]))
		}
		s.Loss += math.Log(sum) + float64(logits[best]) - float64(logits[label])
		if best == label {
			s.Accuracy++
		}
	}
	return s, n
}
