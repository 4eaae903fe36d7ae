// Package study runs trials: a sampler proposes points, workers evaluate them, and what came of them is
// told to the sampler and kept in a folder.
//
// What a study finds doesn't depend on how long its trials take. With J workers, trial t is asked for once
// the trials up to t - (2J-1) are told, those and no others, in the order of their numbers, whatever else
// has ended by then. So at most 2J-1 trials are under way: J that run, and some that wait for an earlier one,
// which keep the workers busy where a trial takes up to twice as long as its neighbours. The points depend
// on the seed and on J; the order of lines in trials.jsonl is the trials' own.
package study

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/samplers"
)

// Evaluator tries what a point stands for. Several workers call it at once. A point that gives no value is
// no error but a Fail or Infeasible evaluation; an error ends the study. It should end soon after ctx does,
// with ctx's error.
type Evaluator func(ctx context.Context, b *ir.Built) (Evaluation, error)

// Options are how a study runs.
type Options struct {
	Trials   int // 1 or more
	Jobs     int // workers, 1 or more
	Sampler  samplers.Sampler
	Evaluate Evaluator
	// Progress, which may be nil, is called after each trial, in the order of their numbers, with the best
	// so far, which may be nil.
	Progress func(t, best *Trial)
}

// Summary is what a study came to.
type Summary struct {
	Trials []*Trial // those that ended, by number
	Best   *Trial   // of the greatest value, the first of several; nil where none is complete
}

// Count is how many trials ended in a state.
func (s *Summary) Count(state samplers.State) int {
	n := 0
	for _, t := range s.Trials {
		if t.State == state {
			n++
		}
	}
	return n
}

// Run runs a study to its end, or until ctx ends: then the trials that have ended are kept, those under way
// are not, and the error is ctx's. The summary is never nil.
func Run(ctx context.Context, store *Store, o Options) (*Summary, error) {
	if o.Trials < 1 || o.Jobs < 1 {
		return &Summary{}, fmt.Errorf("a study needs at least one trial and one job; it has %d and %d", o.Trials, o.Jobs)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	window := 2*o.Jobs - 1
	r := &run{Options: o, ctx: ctx, stop: stop, store: store, summary: &Summary{}, ended: map[int]*Trial{},
		queue: make(chan *Trial, window), done: make(chan result, window)}
	var workers sync.WaitGroup
	for range o.Jobs {
		workers.Go(r.work)
	}
	for number := 0; number < o.Trials && r.err == nil && ctx.Err() == nil; number++ {
		if number >= window && !r.tell(number-window) {
			break
		}
		r.ask(number)
	}
	close(r.queue)
	go func() { workers.Wait(); close(r.done) }()
	for res := range r.done {
		r.end(res)
	}
	for number := r.next; number < r.asked; number++ { // beyond one that was interrupted
		r.keep(number)
	}
	if r.err == nil && len(r.summary.Trials) < o.Trials {
		r.err = ctx.Err()
	}
	return r.summary, r.err
}

// run is the state of Run. Only the fields of its workers, ctx, queue and done, are used by several
// goroutines.
type run struct {
	Options
	ctx     context.Context
	stop    func()
	store   *Store
	queue   chan *Trial // asked for, to be evaluated
	done    chan result
	ended   map[int]*Trial // evaluated and not told, or not kept yet
	asked   int            // trials asked for
	next    int            // the first trial not kept yet
	full    bool           // the store couldn't take a trial
	summary *Summary
	err     error
}

// ask asks for a trial and queues it.
func (r *run) ask(number int) {
	p, err := r.Sampler.Ask(number)
	if err != nil {
		r.fail(err)
		return
	}
	r.asked = number + 1
	r.queue <- &Trial{Number: number, Point: p}
}

// tell waits for a trial and tells the sampler of it. It is false where the study ends instead.
func (r *run) tell(number int) bool {
	for r.ended[number] == nil {
		r.end(<-r.done)
		if r.err != nil || r.ctx.Err() != nil {
			return false
		}
	}
	t := r.ended[number]
	delete(r.ended, number)
	if err := r.Sampler.Tell(number, samplers.Outcome{State: t.State, Value: t.Value}); err != nil {
		r.fail(err)
	}
	return r.err == nil
}

// end takes a trial from a worker, and keeps it and those behind it that waited for it.
func (r *run) end(res result) {
	if res.err != nil {
		if r.ctx.Err() == nil {
			r.fail(fmt.Errorf("trial %d: %w", res.trial.Number, res.err))
		}
		return
	}
	r.ended[res.trial.Number] = res.trial
	for r.ended[r.next] != nil {
		r.keep(r.next)
		r.next++
	}
}

// keep stores a trial that has ended. Behind one that couldn't be stored none is.
func (r *run) keep(number int) {
	t := r.ended[number]
	if t == nil || r.full {
		return
	}
	if err := r.store.add(t); err != nil {
		r.full = true
		r.fail(err)
		return
	}
	r.summary.Trials = append(r.summary.Trials, t)
	if t.better(r.summary.Best) {
		r.summary.Best = t
		if err := r.store.keep(t); err != nil {
			r.fail(err)
		}
	}
	if r.Progress != nil {
		r.Progress(t, r.summary.Best)
	}
}

// fail ends the study; the first error counts.
func (r *run) fail(err error) {
	if r.err == nil {
		r.err = err
	}
	r.stop()
}

// result is a trial that has ended or, with an error, that gave nothing to keep.
type result struct {
	trial *Trial
	err   error
}

// work evaluates trials until there are no more.
func (r *run) work() {
	for t := range r.queue {
		err := r.ctx.Err()
		if err == nil {
			err = r.try(t)
		}
		r.done <- result{t, err}
	}
}

// try evaluates a trial.
func (r *run) try(t *Trial) error {
	t.Started = time.Now()
	defer func() { t.Seconds = time.Since(t.Started).Seconds() }()
	b, err := t.Point.Build()
	if err == nil {
		err = t.measure(b)
	}
	if err != nil {
		t.Evaluation = Evaluation{State: samplers.Fail, Reason: err.Error()}
		return nil
	}
	if t.Evaluation, err = r.Evaluate(r.ctx, b); err != nil {
		return err
	}
	t.check()
	return nil
}

// measure notes what is known of a point without trying it.
func (t *Trial) measure(b *ir.Built) error {
	t.configs = b.Configs
	if b.Graph == nil {
		return nil
	}
	cost, err := b.Graph.Costs()
	t.Params, t.MACs, t.Layers, t.memory = cost.Params, cost.MACs, cost.Layers, b.Graph.Memory(cost)
	return err
}
