// Package bench compares samplers: each searches a space again and again, with a seed for each time, and what counts is the
// best that it has found by a number of evaluations of points that it had not evaluated before. Samplers and an evaluator
// enter; curves leave, and what they come to over the repeats.
package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/samplers"
	"github.com/spacec-lang/spacec/study"
)

// Sampler is a contestant.
type Sampler struct {
	Name string
	New  func(seed uint64) (samplers.Sampler, error)
}

// Contest is what samplers are compared by.
type Contest struct {
	Samplers []Sampler
	Trials   int    // evaluations of different points, in each repeat
	Repeats  int    // searches of each sampler; those of a number have one seed
	Seed     uint64 // what the repeats' seeds depend on
	// ID tells which points count as one. Several goroutines call it at once, as they do Evaluate.
	ID func(p *ir.Point) samplers.ID
	// Evaluate tries a point. Of the evaluation a sampler is told the state and the value, and nothing else.
	Evaluate study.Evaluator
	Report   string // the metric that is reported of the best points; empty for none
	Best     float64
	HasBest  bool // Best is the greatest value that a point has
	// Shared tells that samplers share what they know of the space: then the first repeat of each runs alone, so that it is found out in
	// one order whatever the cores.
	Shared   bool
	Progress func() // called after each repeat, by one goroutine at a time; it may be nil
}

// Curve is how a search went: after each evaluation of a new point the value and the reported metric of the best so far, NaN
// where there is none.
type Curve struct {
	Value, Report []float64
	Evaluations   int // of different points; fewer than asked for where the sampler has no more
	ToBest        int // evaluations until the best of all was found; 0 where it wasn't
}

// patience is how often in a row a sampler may propose points that it had before: then it has no more.
const patience = 10_000

// Run runs a contest on all cores: curves by sampler and repeat. They depend on nothing but the contest.
func (c *Contest) Run(ctx context.Context) ([][]Curve, error) {
	if c.Trials < 1 || c.Repeats < 1 {
		return nil, fmt.Errorf("a contest needs at least one trial and one repeat; it has %d and %d", c.Trials, c.Repeats)
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	curves := make([][]Curve, len(c.Samplers))
	for i := range curves {
		curves[i] = make([]Curve, c.Repeats)
	}
	type job struct{ sampler, repeat int }
	var mu sync.Mutex
	do := func(j job) {
		curve, err := c.search(ctx, c.Samplers[j.sampler], j.repeat)
		if err != nil {
			stop(fmt.Errorf("%s, repeat %d: %w", c.Samplers[j.sampler].Name, j.repeat, err))
			return
		}
		curves[j.sampler][j.repeat] = curve
		if c.Progress != nil {
			mu.Lock()
			defer mu.Unlock()
			c.Progress()
		}
	}
	jobs := make(chan job)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			for j := range jobs {
				do(j)
			}
		})
	}
	for repeat := range c.Repeats { // the samplers of a repeat together, which take turns with what the evaluator remembers
		for sampler := range c.Samplers {
			if c.Shared && repeat == 0 && ctx.Err() == nil {
				do(job{sampler, repeat})
				continue
			}
			select {
			case jobs <- job{sampler, repeat}:
			case <-ctx.Done():
			}
		}
	}
	close(jobs)
	workers.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return curves, nil
}

// seed is the seed of a repeat.
func (c *Contest) seed(repeat int) uint64 {
	return uint64(ir.Uniform(c.Seed, uint64(repeat), 0) * (1 << 53))
}

// search is one search of a sampler.
func (c *Contest) search(ctx context.Context, by Sampler, repeat int) (Curve, error) {
	curve := Curve{Value: make([]float64, 0, c.Trials), Report: make([]float64, 0, c.Trials)}
	s, err := by.New(c.seed(repeat))
	if err != nil {
		return curve, err
	}
	seen := map[samplers.ID]bool{}
	best, report := math.NaN(), math.NaN()
	known := 0 // proposals in a row of points that it had before
	for trial := 0; len(curve.Value) < c.Trials && known < patience; trial++ {
		if err := ctx.Err(); err != nil {
			return curve, err
		}
		p, err := s.Ask(trial)
		if errors.Is(err, samplers.ErrExhausted) {
			break
		}
		if err != nil {
			return curve, err
		}
		e, err := c.Evaluate(ctx, &study.Task{Number: trial, Point: p, Jobs: runtime.GOMAXPROCS(0)})
		if err != nil {
			return curve, err
		}
		if err := s.Tell(trial, samplers.Outcome{State: e.State, Value: e.Value}); err != nil {
			return curve, err
		}
		id := c.ID(p)
		if known++; seen[id] {
			continue
		}
		seen[id], known = true, 0
		if e.State == samplers.Complete && !(e.Value <= best) {
			best, report = e.Value, math.NaN()
			if x, ok := e.Metric(c.Report); ok {
				report = x
			}
		}
		curve.Value, curve.Report = append(curve.Value, best), append(curve.Report, report)
		if c.HasBest && best >= c.Best && curve.ToBest == 0 {
			curve.ToBest = len(curve.Value)
		}
	}
	curve.Evaluations = len(curve.Value)
	for len(curve.Value) < c.Trials { // it has found what there is
		curve.Value, curve.Report = append(curve.Value, best), append(curve.Report, report)
	}
	return curve, nil
}

// Remember makes an evaluator of one that is asked once for each point, by what the points' identities are.
func Remember(evaluate study.Evaluator, id func(*ir.Point) samplers.ID) study.Evaluator {
	type entry struct {
		once sync.Once
		e    study.Evaluation
		err  error
	}
	var mu sync.Mutex
	known := map[samplers.ID]*entry{}
	return func(ctx context.Context, t *study.Task) (study.Evaluation, error) {
		key := id(t.Point)
		mu.Lock()
		x := known[key]
		if x == nil {
			x = &entry{}
			known[key] = x
		}
		mu.Unlock()
		x.once.Do(func() { x.e, x.err = evaluate(ctx, t) })
		return x.e, x.err
	}
}
