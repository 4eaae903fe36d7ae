package train

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/spacec-lang/spacec/compile/gorgonia"
	"github.com/spacec-lang/spacec/ir/op"
)

// linear is a linear model, written out: softmax regression on labels, least squares on values.
type linear struct {
	batch, in, out int
	w              *gorgonia.Param // in x out, then out biases
	seen           func(inputs []float32)
	spoil          func(step int, loss float64) (float64, error)
	steps          int
}

func newLinear(d *Dataset, batch int) *linear {
	m := &linear{batch: batch, in: int(d.Input.Elements()), out: int(d.target().Elements())}
	n := (m.in + 1) * m.out
	m.w = &gorgonia.Param{Name: "w", Value: make([]float32, n), Grad: make([]float32, n)}
	return m
}

func (m *linear) Origin() error { return nil }

func (m *linear) SetStep(uint64) {}

func fit(ctx context.Context, m model, data *Splits, s Settings, hooks Hooks) (Result, error) {
	return newLoop(ctx, m, data, s, hooks).run()
}

func (m *linear) Params() []*gorgonia.Param { return []*gorgonia.Param{m.w} }

func (m *linear) Predict(inputs [][]float32) ([][]float32, error) {
	y := make([]float32, m.batch*m.out)
	for b := range m.batch {
		for o := range m.out {
			sum := m.w.Value[m.in*m.out+o]
			for i := range m.in {
				sum += inputs[0][b*m.in+i] * m.w.Value[i*m.out+o]
			}
			y[b*m.out+o] = sum
		}
	}
	return [][]float32{y}, nil
}

func (m *linear) Step(inputs [][]float32, target gorgonia.Target) (float64, error) {
	if m.seen != nil {
		m.seen(inputs[0])
	}
	outputs, err := m.Predict(inputs)
	clear(m.w.Grad)
	loss := 0.0
	for b := range m.batch {
		y := outputs[0][b*m.out : (b+1)*m.out]
		score, _ := rate(y, (&batch{m.batch, nil, target}).of(b))
		loss += score.Loss / float64(m.batch)
		delta := make([]float64, m.out) // of the loss by the output
		total := 0.0
		for _, x := range y {
			total += math.Exp(float64(x))
		}
		for o, x := range y {
			if target.Labels == nil {
				delta[o] = 2 * float64(x-target.Values[b*m.out+o]) / float64(m.out)
				continue
			}
			delta[o] = math.Exp(float64(x)) / total
			if o == target.Labels[b] {
				delta[o]--
			}
		}
		for o := range y {
			g := float32(delta[o] / float64(m.batch))
			for i := range m.in {
				m.w.Grad[i*m.out+o] += g * inputs[0][b*m.in+i]
			}
			m.w.Grad[m.in*m.out+o] += g
		}
	}
	m.steps++
	if m.spoil != nil {
		return m.spoil(m.steps, loss)
	}
	return loss, err
}

// small are 97 examples of two inputs and three classes, or of the line y = 2a - b + 1.
func small(classes int) *Splits {
	d := &Dataset{Name: "small", From: "small.csv", Input: op.Shape{{Size: 2}}, Classes: classes}
	if classes == 0 {
		d.Target = op.Shape{{Size: 1}}
	}
	for i := range 97 {
		a, b := float32(i%10)/10, float32(i%7)/7
		d.Inputs = append(d.Inputs, a, b)
		if classes == 0 {
			d.Values = append(d.Values, 2*a-b+1)
		} else {
			d.Labels = append(d.Labels, i%10*classes/10)
		}
	}
	return d.Split(3)
}

func settings(change func(*Settings)) Settings {
	s := DefaultSettings()
	s.LR, s.Batch, s.Epochs, s.Schedule.Kind = 0.1, 8, 4, "constant"
	change(&s)
	return s
}

func TestFitLearns(t *testing.T) {
	digits := digits(t).Split(1)
	s := settings(func(s *Settings) { s.LR, s.Batch, s.Epochs = 0.01, 32, 12 })
	got, err := fit(context.Background(), newLinear(digits.Train, s.Batch), digits, s, Hooks{})
	if err != nil || got.Failed != "" {
		t.Fatal(err, got.Failed)
	}
	// Softmax regression reaches 95 to 97 % on this data set.
	if got.TestAccuracy < 0.94 || got.ValAccuracy < 0.94 || got.TestLoss > 0.3 || got.TrainLoss > 0.25 {
		t.Errorf("%+v", got)
	}
	if got.Steps != 12*(1078/32) || got.Epochs != 12 || got.Seconds <= 0 {
		t.Errorf("%+v", got)
	}

	line := small(0)
	s = settings(func(s *Settings) { s.Epochs, s.Schedule.Kind = 60, "cosine" })
	got, err = fit(context.Background(), newLinear(line.Train, s.Batch), line, s, Hooks{})
	if err != nil || got.TestLoss > 1e-5 || got.ValLoss > 1e-5 || got.TestAccuracy != 0 {
		t.Errorf("least squares: %v, %+v", err, got)
	}
}

func TestFitIsDetermined(t *testing.T) {
	data := small(3)
	run := func(seed uint64) (Result, []float32, []Epoch) {
		var order []float32
		var epochs []Epoch
		s := settings(func(s *Settings) { s.Seed = seed })
		m := newLinear(data.Train, s.Batch)
		m.seen = func(in []float32) { order = append(order, in...) }
		r, err := fit(context.Background(), m, data, s, Hooks{Epoch: func(e Epoch) error { epochs = append(epochs, e); return nil }})
		if err != nil {
			t.Fatal(err)
		}
		return r, order, epochs
	}
	r1, order1, epochs1 := run(5)
	r2, order2, epochs2 := run(5)
	ignore := cmpopts.IgnoreFields
	if diff := cmp.Diff(r1, r2, ignore(Result{}, "Seconds")); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(epochs1, epochs2, ignore(Epoch{}, "Seconds")); diff != "" {
		t.Error(diff)
	}
	_, other, _ := run(6)
	if !cmp.Equal(order1, order2) || cmp.Equal(order1, other) {
		t.Error("the order of examples doesn't follow the seed")
	}
	perEpoch := len(order1) / 4
	if cmp.Equal(order1[:perEpoch], order1[perEpoch:2*perEpoch]) {
		t.Error("two epochs have one order")
	}
	last := epochs1[len(epochs1)-1]
	if len(epochs1) != 4 || last.Epoch != 4 || last.ValAccuracy != r1.ValAccuracy || last.TrainLoss != r1.TrainLoss {
		t.Errorf("the last report %+v isn't the result's %+v", last, r1)
	}
}

// Evaluation takes each example once, whatever the batch size.
func TestEvaluateIsIndependentOfBatch(t *testing.T) {
	for _, classes := range []int{0, 3} {
		data := small(classes)
		var want Score
		for _, size := range []int{1, 7, 19, 64} {
			m := newLinear(data.Train, size)
			for i := range m.w.Value {
				m.w.Value[i] = float32(math.Sin(float64(i)))
			}
			l := &loop{ctx: context.Background(), model: m, data: data, batch: newBatch(data.Train, size)}
			got, err := l.evaluate(data.Test, "test")
			if err != nil {
				t.Fatal(err)
			}
			if size == 1 {
				want = got
			}
			if diff := cmp.Diff(want, got, cmpopts.EquateApprox(1e-12, 0)); diff != "" || got.Loss == 0 {
				t.Errorf("batch %d: %s", size, diff)
			}
		}
	}
}

func TestRateByHand(t *testing.T) {
	// softmax(0, ln 3) = (1/4, 3/4).
	out := []float32{0, float32(math.Log(3))}
	for label, want := range []Score{{math.Log(4), 0}, {math.Log(4. / 3), 1}} {
		got, n := rate(out, gorgonia.Target{Labels: []int{label}})
		if diff := cmp.Diff(want, got, near); diff != "" || n != 1 {
			t.Error(n, diff)
		}
	}
	// Three places, of which one has no label.
	places, n := rate(slices.Concat(out, out, out), gorgonia.Target{Labels: []int{0, gorgonia.NoLabel, 1}})
	if diff := cmp.Diff(Score{math.Log(4) + math.Log(4./3), 1}, places, near); diff != "" || n != 2 {
		t.Error(n, diff)
	}
	// Logits far apart neither overflow nor lose the loss.
	if got, _ := rate([]float32{-3e4, 3e4}, gorgonia.Target{Labels: []int{0}}); got.Loss != 6e4 {
		t.Error(got)
	}
	// ((3-1)² + (5-2)²) / 2.
	if got, _ := rate([]float32{3, 5}, gorgonia.Target{Values: []float32{1, 2}}); got.Loss != 6.5 {
		t.Error(got)
	}
}

func TestFitFailures(t *testing.T) {
	broken := errors.New("broken")
	for _, c := range []struct {
		name   string
		change func(*Settings)
		spoil  func(m *linear) func(int, float64) (float64, error)
		failed string
		err    error
		steps  int
	}{
		{
			"not a number", func(*Settings) {},
			func(*linear) func(int, float64) (float64, error) {
				return func(step int, loss float64) (float64, error) {
					if step == 9 {
						loss = math.NaN()
					}
					return loss, nil
				}
			},
			"the training loss is NaN at step 9, in epoch 2; a smaller learning rate may help", nil, 8,
		},
		{
			"hidden NaN", func(*Settings) {},
			func(m *linear) func(int, float64) (float64, error) {
				return func(int, float64) (float64, error) { m.w.Grad[0] = float32(math.NaN()); return 1, nil }
			},
			"the weights of w are not finite after epoch 1; a smaller learning rate may help", nil, 7,
		},
		{
			"real divergence", func(s *Settings) { s.Optimizer, s.LR, s.Epochs = "sgd", 1e30, 9 }, nil,
			"the training loss is NaN at step 3, in epoch 1; a smaller learning rate may help", nil, 2,
		},
		{
			"backend error", func(*Settings) {},
			func(*linear) func(int, float64) (float64, error) {
				return func(int, float64) (float64, error) { return 0, broken }
			},
			"", broken, 0,
		},
		{"batch too large", func(s *Settings) { s.Batch = 1000 }, nil, "a batch of 1000 is more than the 58 training examples of small", nil, 0},
	} {
		data, s := small(3), settings(c.change)
		m := newLinear(data.Train, s.Batch)
		if c.spoil != nil {
			m.spoil = c.spoil(m)
		}
		got, err := fit(context.Background(), m, data, s, Hooks{})
		if got.Failed != c.failed || !errors.Is(err, c.err) || got.Steps != c.steps {
			t.Errorf("%s: %+v, %v", c.name, got, err)
		}
		for _, x := range []float64{got.TrainLoss, got.ValLoss, got.TestLoss} {
			if !finite(x) {
				t.Errorf("%s: the result holds %v", c.name, x)
			}
		}
	}
}

func TestFitStopsWithContext(t *testing.T) {
	data := small(3)
	ctx, cancel := context.WithCancel(context.Background())
	s := settings(func(s *Settings) { s.Epochs = maxEpochs })
	m := newLinear(data.Train, s.Batch)
	m.spoil = func(step int, loss float64) (float64, error) {
		if step == 10 {
			cancel()
		}
		return loss, nil
	}
	got, err := fit(ctx, m, data, s, Hooks{})
	if !errors.Is(err, context.Canceled) || got.Steps != 10 || got.Epochs != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}
