package study

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/samplers"
)

// Task is a point to evaluate.
type Task struct {
	Number int // of the trial
	Point  *ir.Point
	Jobs   int // how many are evaluated at once; 0 is 1
	built  *ir.Built
}

// Cores is the processor cores that are the evaluation's, 1 or more: those that Go may use, divided among all that go on at once.
func (t *Task) Cores() int { return max(1, runtime.GOMAXPROCS(0)/max(1, t.Jobs)) }

// Build is what the point stands for; it is built once. A Task is for one goroutine at a time.
func (t *Task) Build() (*ir.Built, error) {
	var err error
	if t.built == nil {
		t.built, err = t.Point.Build()
	}
	return t.built, err
}

// Evaluator tries a point. Several workers call it at once. A point that gives no value is no error but a Fail or
// Infeasible evaluation; an error ends the study. It should end soon after ctx does, with ctx's error.
type Evaluator func(ctx context.Context, t *Task) (Evaluation, error)

// maxJobs is the most workers: beyond it a typing error is likelier than a wish.
const maxJobs = 1 << 16

// Options are how a study runs.
type Options struct {
	Trials   int // 1 or more, those that the study has among them
	Jobs     int // workers, 1 or more; there are no more than trials
	Evaluate Evaluator
	// Progress, which may be nil, is called after each trial, in the order of their numbers, with the best
	// so far, which may be nil.
	Progress func(t, best *Trial)
}

// Run runs a study until it has as many trials as asked for, or the sampler has no more points, or ctx ends: then the trials
// that have ended are kept, those under way are not, and the error is ctx's. The summary is never nil.
//
// What a study finds doesn't depend on how long its trials take. With J workers, trial t is asked for once
// the trials up to t - (2J-1) are told, those and no others, in the order of their numbers, whatever else
// has ended by then. So at most 2J-1 trials are under way: J that run, and some that wait for an earlier one,
// which keep the workers busy where a trial takes up to twice as long as its neighbours. The points depend
// on the seed and on J; a line of trials.jsonl is written once those of the trials before are.
//
// Meanwhile Ask, Tell and another Run fail with ErrRunning, and change nothing.
//
// Meanwhile Ask, Tell and another Run fail with ErrRunning, and change nothing.
func (s *Study) Run(ctx context.Context, o Options) (*Summary, error) {
	if o.Trials < 1 || o.Jobs < 1 {
		return s.Summary(), fmt.Errorf("a study needs at least one trial and one job; it has %d and %d", o.Trials, o.Jobs)
	}
	if o.Evaluate == nil {
		return s.Summary(), errors.New("a study needs something that evaluates points; Options.Evaluate is nil")
	}
	if err := s.take(); err != nil {
		return s.Summary(), err
	}
	s.running = true
	s.turn.Unlock()
	defer func() {
		s.turn.Lock()
		s.running = false
		s.turn.Unlock()
	}()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	o.Jobs = min(o.Jobs, max(o.Trials, len(s.trials)))
	if o.Jobs > maxJobs {
		return s.Summary(), fmt.Errorf("a study of %d trials takes at most %d jobs at once; it has %d", o.Trials, maxJobs, o.Jobs)
	}
	window := 2*o.Jobs - 1
	room := max(window, len(s.trials))
	r := &run{Options: o, ctx: ctx, stop: stop, study: s, ended: map[int]*Trial{}, queue: make(chan *Trial, room), done: make(chan result, room)}
	var workers sync.WaitGroup
	for range o.Jobs {
		workers.Go(r.work)
	}
	for _, t := range s.trials { // that were under way when the study ended
		if !t.State.Ended() {
			r.queue <- &Trial{Number: t.Number, Point: t.Point}
		}
	}
	for number := len(s.trials); number < o.Trials && r.going(); number++ {
		if !r.wait(number-window) || !r.ask(number-window+1) {
			break
		}
	}
	close(r.queue)
	go func() { workers.Wait(); close(r.done) }()
	for res := range r.done {
		r.end(res)
	}
	for number := r.next; number < len(s.trials); number++ { // beyond one that was interrupted
		r.keep(number)
	}
	want := o.Trials
	if r.exhausted {
		want = len(s.trials)
	}
	if r.err == nil && s.ended < want {
		r.err = ctx.Err()
	}
	sum := s.Summary()
	sum.Exhausted = r.exhausted
	return sum, r.err
}

// run is the state of Run. Only the fields of its workers, ctx, queue and done, are used by several
// goroutines.
type run struct {
	Options
	ctx       context.Context
	stop      func()
	study     *Study
	queue     chan *Trial // asked for, to be evaluated
	done      chan result
	ended     map[int]*Trial // evaluated and not kept yet
	next      int            // the first trial not kept yet
	full      bool           // the store couldn't take a trial
	exhausted bool           // the sampler has no more points
	err       error
}

func (r *run) going() bool { return r.err == nil && r.ctx.Err() == nil }

// ask asks for the next trial, the sampler being told of those below a number, and queues it.
func (r *run) ask(below int) bool {
	t, err := r.study.ask(below)
	switch {
	case errors.Is(err, samplers.ErrExhausted):
		r.exhausted = true
		return false
	case err != nil:
		r.fail(err)
		return false
	}
	if !t.State.Ended() {
		r.queue <- &Trial{Number: t.Number, Point: t.Point}
	}
	return true
}

// wait waits until the trials up to a number are kept. It is false where the study ends instead.
func (r *run) wait(number int) bool {
	for r.advance(); r.next <= number; r.advance() {
		r.end(<-r.done)
		if !r.going() {
			return false
		}
	}
	return true
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
	r.advance()
}

// advance keeps the trials that are next.
func (r *run) advance() {
	for r.next < len(r.study.trials) && (r.ended[r.next] != nil || r.study.trials[r.next].State.Ended()) {
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
	delete(r.ended, number)
	if err := r.study.end(t); err != nil {
		r.full = !r.study.trials[number].State.Ended()
		r.fail(err)
		if r.full {
			return
		}
	}
	if r.Progress != nil {
		r.Progress(t, r.study.best)
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
	task := &Task{Number: t.Number, Point: t.Point, Jobs: r.Jobs}
	b, err := task.Build()
	if err == nil {
		err = t.measure(b)
	}
	if err != nil {
		t.Evaluation = Failed("%v", err)
		return nil
	}
	if t.Evaluation, err = r.Evaluate(r.ctx, task); err != nil {
		return err
	}
	t.check()
	return nil
}
