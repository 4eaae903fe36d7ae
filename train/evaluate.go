package train

import (
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
		b.target.Labels = make([]int, size)
	} else {
		b.target.Values = make([]float32, size*int(d.Target.Elements()))
	}
	return b
}

// load copies examples in. Where there are fewer than the batch holds the last of them is repeated.
func (b *batch) load(d *Dataset, rows []int) {
	for i := range b.size {
		r := rows[min(i, len(rows)-1)]
		copyRow(b.inputs[0], i, d.Inputs, r, b.size)
		if d.Classes > 0 {
			b.target.Labels[i] = d.Labels[r]
		} else {
			copyRow(b.target.Values, i, d.Values, r, b.size)
		}
	}
}

// copyRow copies row r of src to row i of dst, which has size rows.
func copyRow(dst []float32, i int, src []float32, r, size int) {
	width := len(dst) / size
	copy(dst[i*width:(i+1)*width], src[r*width:(r+1)*width])
}

// score is how well a model does on one part of the data.
type score struct{ loss, accuracy float64 }

// evaluate measures the model on every example of d, batch by batch.
func (l *loop) evaluate(d *Dataset, part string) (score, error) {
	var sum score
	rows, n := make([]int, 0, l.batch.size), d.Len()
	for start := 0; start < n; start += l.batch.size {
		if err := l.ctx.Err(); err != nil {
			return score{}, err
		}
		rows = rows[:0]
		for r := start; r < min(start+l.batch.size, n); r++ {
			rows = append(rows, r)
		}
		l.batch.load(d, rows)
		outputs, err := l.model.Predict(l.batch.inputs)
		if err != nil {
			return score{}, fmt.Errorf("evaluating %s examples %d to %d: %w", part, start, start+len(rows)-1, err)
		}
		width := len(outputs[0]) / l.batch.size
		for i := range rows {
			s := rate(outputs[0][i*width:(i+1)*width], &l.batch.target, i)
			sum.loss += s.loss
			sum.accuracy += s.accuracy
		}
	}
	sum.loss /= float64(n)
	sum.accuracy /= float64(n)
	if !finite(sum.loss) {
		l.fail("the %s loss is %v after epoch %d: a smaller learning rate may help", part, sum.loss, l.now)
	}
	return sum, nil
}

// rate scores the output for example i of the batch: cross-entropy and whether the largest logit is the
// label's (the first of equal ones counts), or the mean squared error.
func rate(out []float32, target *gorgonia.Target, i int) (s score) {
	if target.Labels == nil {
		for j, x := range out {
			e := float64(x) - float64(target.Values[i*len(out)+j])
			s.loss += e * e / float64(len(out))
		}
		return s
	}
	best, label := 0, target.Labels[i]
	for j, x := range out {
		if x > out[best] {
			best = j
		}
	}
	sum := 0.0
	for _, x := range out {
		sum += math.Exp(float64(x) - float64(out[best]))
	}
	s.loss = math.Log(sum) + float64(out[best]) - float64(out[label])
	if best == label {
		s.accuracy = 1
	}
	return s
}
