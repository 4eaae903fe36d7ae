// Package train trains one point's graph and reports what came of it. A graph of ops, a data set and
// the settings of a config block enter; metrics leave. A training that fails on its own terms, as when
// the loss stops being finite, is a result too: errors are kept for what the caller must mend.
//
// Everything is determined by the settings' seed on one machine: the first weights and the dropout by
// the seed, the order of examples by the seed and the epoch.
package train

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/spacec-lang/spacec/compile/gorgonia"
	"github.com/spacec-lang/spacec/ir/op"
)

// Epoch is what is known after each epoch. In regression the accuracy is 0.
type Epoch struct {
	Epoch       int     `json:"epoch"`      // from 1
	TrainLoss   float64 `json:"train_loss"` // mean over the epoch's steps, each before its change of weights
	ValLoss     float64 `json:"val_loss"`
	ValAccuracy float64 `json:"val_accuracy"` // 0..1
	Seconds     float64 `json:"seconds"`      // since the training began, or was resumed
}

// Step is what is known after each step.
type Step struct {
	Epoch, Epochs int // from 1
	Step, Steps   int // from 1, of all epochs
	Loss          float64
}

// Hooks are called as a training goes; each may be nil. An error ends the training.
type Hooks struct {
	Start func(*Training) error // before the first step, with its weights at their start
	Step  func(Step)
	Epoch func(Epoch) error
}

// Training is one that has begun: its model, and what it takes to go on later from where it is.
type Training struct {
	Model *gorgonia.Model
	loop  *loop
}

// Result is what came of a training; Steps are all, and Seconds those since it was resumed, if it was. Its numbers are finite whatever happened. Accuracies run from 0 to
// 1 and are 0 in regression, where losses are mean squared errors.
type Result struct {
	TrainLoss    float64 // of the last epoch
	ValLoss      float64 // after the last epoch, as is all that follows
	ValAccuracy  float64
	TestLoss     float64
	TestAccuracy float64
	Epochs       int // completed
	Steps        int
	Seconds      float64
	Params       int64
	MACs         int64  // of one example, forward
	Failed       string // why the training gave no network; empty where it did
}

// Run trains a graph and measures it with the weights of the last epoch: picking the best epoch by
// its validation accuracy would make that accuracy an optimistic reward for a search. Each epoch's
// last partial batch of training examples is dropped; evaluation takes all examples. The loss is the
// cross-entropy of the output as logits for classes, the mean squared error for values. The error is ctx's
// when it ends, between two steps; the result then says how far it came.
func Run(ctx context.Context, g *op.Graph, data *Splits, s Settings, hooks Hooks) (Result, error) {
	if err := data.check(); err != nil {
		return Result{}, err
	}
	if err := data.Fits(g); err != nil {
		return Result{}, err
	}
	if err := s.check(); err != nil {
		return Result{}, err
	}
	cost, err := g.Costs()
	if err != nil {
		return Result{}, err
	}
	loss := gorgonia.MeanSquared
	if data.Train.Classes > 0 {
		loss = gorgonia.CrossEntropy
	}
	start := time.Now()
	m, err := gorgonia.Build(g, gorgonia.Options{Batch: s.Batch, Seed: s.Seed, Loss: loss, Cores: s.Cores})
	if err != nil {
		return Result{}, err
	}
	defer m.Close()
	l := newLoop(ctx, m, data, s, hooks)
	if hooks.Start != nil {
		if err := hooks.Start(&Training{m, l}); err != nil {
			return Result{}, err
		}
	}
	r, err := l.run()
	r.Params, r.MACs, r.Seconds = cost.Params, cost.MACs, time.Since(start).Seconds()
	return r, err
}

// model is what the loop needs of a backend's model, so that tests can give it one that misbehaves.
type model interface {
	// Step leaves the gradients of a batch's mean loss in Params.
	Step(inputs [][]float32, target gorgonia.Target) (loss float64, err error)
	// Predict gives the outputs for a batch in evaluation mode, batch-major.
	Predict(inputs [][]float32) ([][]float32, error)
	Params() []*gorgonia.Param
	SetStep(n uint64)
	// Origin says where numbers stopped being finite in the last Step or Predict; nil where all are.
	Origin() error
}

// loop is the state of one training.
type loop struct {
	ctx       context.Context
	model     model
	optimizer Optimizer
	settings  Settings
	hooks     Hooks
	data      *Splits
	batch     batch
	start     time.Time
	now       int   // the epoch, from 1
	last      Epoch // that is complete
	result    Result
}

// newLoop is a training of a model built for s.Batch examples.
func newLoop(ctx context.Context, m model, data *Splits, s Settings, hooks Hooks) *loop {
	return &loop{ctx: ctx, model: m, optimizer: s.NewOptimizer(), settings: s, hooks: hooks, data: data, batch: newBatch(data.Train, s.Batch)}
}

func (l *loop) run() (Result, error) {
	l.start = time.Now()
	err := l.fit()
	l.result.Seconds = time.Since(l.start).Seconds()
	return l.result, err
}

// completed notes the epoch that is complete.
func (l *loop) completed(e Epoch) {
	l.last = e
	l.result.Epochs, l.result.TrainLoss, l.result.ValLoss, l.result.ValAccuracy = e.Epoch, e.TrainLoss, e.ValLoss, e.ValAccuracy
}

func (l *loop) fit() error {
	if n := l.data.Train.Len(); n < l.settings.Batch {
		l.fail("a batch of %d is more than the %d training examples of %s", l.settings.Batch, n, l.data.Train.Name)
		return nil
	}
	order := make([]int, l.data.Train.Len())
	for epoch := l.last.Epoch + 1; epoch <= l.settings.Epochs; epoch++ {
		l.now = epoch
		shuffle(order, l.settings.Seed, epoch)
		loss, err := l.epoch(order)
		if err != nil || l.failed() {
			return err
		}
		val, err := l.evaluate(l.data.Val, "validation")
		if err != nil || l.failed() {
			return err
		}
		l.completed(Epoch{epoch, loss, val.Loss, val.Accuracy, time.Since(l.start).Seconds()})
		if l.hooks.Epoch != nil {
			if err := l.hooks.Epoch(l.last); err != nil {
				return err
			}
		}
	}
	test, err := l.evaluate(l.data.Test, "test")
	if err != nil || l.failed() {
		return err
	}
	l.result.TestLoss, l.result.TestAccuracy = test.Loss, test.Accuracy
	return nil
}

// epoch takes a step on each full batch, in the given order, and returns the mean of their losses.
func (l *loop) epoch(order []int) (float64, error) {
	s, perEpoch, sum := l.settings, len(order)/l.settings.Batch, 0.0
	for i := range perEpoch {
		if err := l.ctx.Err(); err != nil {
			return 0, err
		}
		l.batch.load(l.data.Train, order[i*s.Batch:(i+1)*s.Batch])
		loss, err := l.model.Step(l.batch.inputs, l.batch.target)
		if err != nil {
			return 0, fmt.Errorf("step %d: %w", l.result.Steps+1, err)
		}
		if !finite(loss) {
			l.diverged(l.model.Origin(), "the training loss is %v at step %d, in epoch %d", loss, l.result.Steps+1, l.now)
			return 0, nil
		}
		rate := s.LR * s.Schedule.Rate(l.result.Steps, s.Epochs*perEpoch, perEpoch)
		l.result.Steps++
		l.optimizer.Step(l.model.Params(), rate, l.result.Steps)
		sum += loss
		if l.hooks.Step != nil {
			l.hooks.Step(Step{l.now, s.Epochs, l.result.Steps, s.Epochs * perEpoch, loss})
		}
	}
	// A NaN can hide from the loss behind a relu, which makes it 0.
	for _, p := range l.model.Params() {
		for _, w := range p.Value {
			if !finite(float64(w)) {
				l.diverged(l.model.Origin(), "the weights of %s are not finite after epoch %d", p.Name, l.now)
				return 0, nil
			}
		}
	}
	return sum / float64(perEpoch), nil
}

// diverged is a failure with its origin, which may be nil.
func (l *loop) diverged(origin error, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if origin != nil {
		text += ": " + origin.Error()
	}
	if !errors.Is(origin, gorgonia.ErrMasked) {
		text += "; a smaller learning rate may help"
	}
	l.fail("%s", text)
}

func (l *loop) fail(format string, args ...any) { l.result.Failed = fmt.Sprintf(format, args...) }
func (l *loop) failed() bool                    { return l.result.Failed != "" }

// shuffle puts 0..len(order)-1 in an order that depends on the seed and the epoch alone.
func shuffle(order []int, seed uint64, epoch int) {
	for i := range order {
		order[i] = i
	}
	rng := rand.New(rand.NewPCG(seed, uint64(epoch)))
	rng.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
