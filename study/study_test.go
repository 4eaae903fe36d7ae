package study

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/samplers"
	"github.com/spacec-lang/spacec/stdlib"
)

const text = `edition 1
space small
use std
input  image:  [c: 1, h: 8, w: 8]
output logits: [10]
net = flatten >> dense(8..64 step 8) >> (relu | tanh) >> dense(10)
config train {
  optimizer: sgd(momentum: 0.0..0.9) | adam
  lr:        1e-4..1e-1 log
}
`

func small(tb testing.TB) *ir.Space {
	tb.Helper()
	var report diag.Report
	space := ir.Load(lang.NewSource("small.space", text), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &report)
	for _, d := range report.Diagnostics() {
		tb.Fatalf("%s: %s", d.Code, d.Message)
	}
	return space
}

// rate makes the learning rate the value: nearer to 0.01 is better.
func rate(_ context.Context, task *Task) (Evaluation, error) {
	b, err := task.Build()
	if err != nil {
		return Evaluation{}, err
	}
	lr := b.Config("train").Map()["lr"].(float64)
	v := 1 - math.Abs(math.Log10(lr)+2)
	return Evaluation{State: samplers.Complete, Value: v, Metrics: []Metric{{"val_accuracy", v}, {"test_accuracy", v / 2}}}, nil
}

func create(tb testing.TB) *Store {
	tb.Helper()
	s, err := Create(filepath.Join(tb.TempDir(), "study"), Settings{}, false)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

// runOn runs the study that a store keeps.
func runOn(ctx context.Context, tb testing.TB, store *Store, sampler samplers.Sampler, o Options) (*Summary, error) {
	tb.Helper()
	s, err := store.Study(sampler)
	if err != nil {
		tb.Fatal(err)
	}
	return s.Run(ctx, o)
}

// lines are the objects of trials.jsonl.
func lines(tb testing.TB, s *Store) []map[string]any {
	tb.Helper()
	b, err := os.ReadFile(filepath.Join(s.Dir(), TrialsFile))
	if err != nil {
		tb.Fatal(err)
	}
	var out []map[string]any
	for line := range strings.Lines(string(b)) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			tb.Fatalf("%v: %s", err, line)
		}
		out = append(out, m)
	}
	return out
}

// Trials that take any time give the same study, for every sampler and number of jobs.
func TestTimingDoesNotMatter(t *testing.T) {
	space := small(t)
	for _, kind := range samplers.Kinds() {
		for _, jobs := range []int{1, 2, 5} {
			var want []map[string]any
			for range 2 {
				store := create(t)
				slow := func(ctx context.Context, b *Task) (Evaluation, error) {
					time.Sleep(time.Duration(rand.IntN(2000)) * time.Microsecond)
					return rate(ctx, b)
				}
				if _, err := runOn(t.Context(), t, store, kind.New(samplers.NewCatalogue(space), 4), Options{Trials: 30, Jobs: jobs, Evaluate: slow}); err != nil {
					t.Fatal(err)
				}
				got := lines(t, store)
				for _, m := range got {
					delete(m, "started")
					delete(m, "seconds")
				}
				if want == nil {
					want = got
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Fatalf("%s with %d jobs: two runs differ:\n%s", kind.Name, jobs, diff)
				}
			}
			if len(want) != 30 {
				t.Fatalf("%s with %d jobs: %d trials, want 30", kind.Name, jobs, len(want))
			}
		}
	}
}

// recorder notes in which order a sampler is asked and told.
type recorder struct {
	samplers.Sampler
	log []int // asks as t, tells as -t-1
}

func (r *recorder) Ask(trial int) (*ir.Point, error) {
	r.log = append(r.log, trial)
	return r.Sampler.Ask(trial)
}

func (r *recorder) Tell(trial int, o samplers.Outcome) error {
	r.log = append(r.log, -trial-1)
	return r.Sampler.Tell(trial, o)
}

func TestTellsInOrderOnceBeforeEachAsk(t *testing.T) {
	r := &recorder{Sampler: samplers.NewRandom(small(t), 1)}
	var running, most atomic.Int32
	busy := func(ctx context.Context, b *Task) (Evaluation, error) {
		n := running.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		time.Sleep(5 * time.Millisecond)
		running.Add(-1)
		return rate(ctx, b)
	}
	if _, err := runOn(t.Context(), t, create(t), r, Options{Trials: 6, Jobs: 2, Evaluate: busy}); err != nil {
		t.Fatal(err)
	}
	want := []int{0, 1, 2, -1, 3, -2, 4, -3, 5}
	if diff := cmp.Diff(want, r.log); diff != "" {
		t.Errorf("asks t and tells -t-1, with 2 jobs (-want +got):\n%s", diff)
	}
	if most.Load() != 2 {
		t.Errorf("%d trials ran at once, want 2", most.Load())
	}
}

func TestEveryLineIsWrittenAsItsTrialEnds(t *testing.T) {
	store := create(t)
	progress := func(tr, best *Trial) {
		if n := len(lines(t, store)); n != tr.Number+1 {
			t.Errorf("trial %d ended and there are %d lines", tr.Number, n)
		}
		if _, err := os.Stat(store.BestPath()); err != nil {
			t.Errorf("trial %d ended, %d is the best, and %v", tr.Number, best.Number, err)
		}
	}
	sum, err := runOn(t.Context(), t, store, samplers.NewRandom(small(t), 1), Options{Trials: 8, Jobs: 3, Evaluate: rate, Progress: progress})
	if err != nil {
		t.Fatal(err)
	}
	for _, tr := range sum.Trials {
		if tr.Value > sum.Best.Value || tr.Value == sum.Best.Value && tr.Number < sum.Best.Number {
			t.Errorf("trial %d of value %v is better than the best, %d of %v", tr.Number, tr.Value, sum.Best.Number, sum.Best.Value)
		}
	}
	var report diag.Report
	got, err := os.ReadFile(store.BestPath())
	if err != nil {
		t.Fatal(err)
	}
	space := ir.Load(lang.NewSource(BestFile, string(got)), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &report)
	if space == nil {
		t.Fatalf("best.space does not check: %v", report.Diagnostics()[0].Message)
	}
	p, err := space.Only()
	if err != nil {
		t.Fatal(err)
	}
	b, err := p.Build()
	if err != nil {
		t.Fatal(err)
	}
	want, err := sum.Best.Point.Build()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Configs, b.Configs); diff != "" {
		t.Errorf("best.space has other settings than the best trial (-trial +file):\n%s", diff)
	}
}

func TestTiesGoToTheEarlierTrial(t *testing.T) {
	same := func(context.Context, *Task) (Evaluation, error) {
		time.Sleep(time.Duration(rand.IntN(500)) * time.Microsecond)
		return Evaluation{State: samplers.Complete, Value: 0.5}, nil
	}
	sum, err := runOn(t.Context(), t, create(t), samplers.NewRandom(small(t), 1), Options{Trials: 10, Jobs: 4, Evaluate: same})
	if err != nil {
		t.Fatal(err)
	}
	if sum.Best.Number != 0 {
		t.Errorf("the best of equals is trial %d, want 0", sum.Best.Number)
	}
}

// Trials without a value are kept with their reason, and none of them is the best.
func TestTrialsWithoutAValue(t *testing.T) {
	results := []Evaluation{
		{State: samplers.Complete, Value: math.NaN()},
		{State: samplers.Complete, Value: 1, Metrics: []Metric{{"val_loss", math.Inf(1)}}},
		{State: samplers.Fail, Reason: "diverged"},
		{State: samplers.Infeasible, Reason: "too large"},
		{State: samplers.Pruned, Value: 0.9},
		{State: samplers.Complete, Value: 0.1},
		{},
	}
	n := 0
	next := func(context.Context, *Task) (Evaluation, error) { n++; return results[n-1], nil }
	store := create(t)
	sum, err := runOn(t.Context(), t, store, samplers.NewMCTS(small(t), 1), Options{Trials: len(results), Jobs: 1, Evaluate: next})
	if err != nil {
		t.Fatal(err)
	}
	var got [][2]any
	for _, m := range lines(t, store) {
		got = append(got, [2]any{m["state"], m["reason"]})
	}
	want := [][2]any{{"FAIL", "the value is NaN"}, {"FAIL", "val_loss is +Inf"}, {"FAIL", "diverged"}, {"INFEASIBLE", "too large"},
		{"PRUNED", nil}, {"COMPLETE", nil}, {"FAIL", `the evaluation ended in the state ""`}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("states and reasons (-want +got):\n%s", diff)
	}
	if sum.Best.Number != 5 || sum.Count(samplers.Fail) != 4 {
		t.Errorf("best is %d and %d failed, want 5 and 4", sum.Best.Number, sum.Count(samplers.Fail))
	}
}

// A study that is interrupted keeps what has ended, also behind a trial that was cut off.
func TestInterrupted(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	var calls atomic.Int32
	evaluate := func(ctx context.Context, b *Task) (Evaluation, error) {
		switch calls.Add(1) {
		case 3: // one of two workers hangs until it is interrupted
			<-ctx.Done()
			return Evaluation{}, ctx.Err()
		case 5:
			defer interrupt()
		}
		return rate(ctx, b)
	}
	store := create(t)
	sum, err := runOn(ctx, t, store, samplers.NewRandom(small(t), 1), Options{Trials: 100, Jobs: 3, Evaluate: evaluate})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("got the error %v, want %v", err, context.Canceled)
	}
	got := lines(t, store)
	if len(got) != len(sum.Trials) || len(got) < 4 || len(got) > 6 {
		t.Fatalf("%d lines of %d trials, want the 4 or more that ended", len(got), len(sum.Trials))
	}
	for i, tr := range sum.Trials {
		if got[i]["number"] != float64(tr.Number) || i > 0 && tr.Number <= sum.Trials[i-1].Number {
			t.Errorf("line %d is of trial %v, want %d, in ascending order", i+1, got[i]["number"], tr.Number)
		}
	}
	if _, err := os.Stat(store.BestPath()); err != nil {
		t.Error(err)
	}
}

func TestAnErrorEndsTheStudy(t *testing.T) {
	wrong := errors.New("the data set is not there")
	sum, err := runOn(t.Context(), t, create(t), samplers.NewRandom(small(t), 1), Options{Trials: 100, Jobs: 2,
		Evaluate: func(context.Context, *Task) (Evaluation, error) { return Evaluation{}, wrong }})
	if !errors.Is(err, wrong) || len(sum.Trials) > 0 {
		t.Errorf("got %v and %d trials, want %v and none", err, len(sum.Trials), wrong)
	}
	for _, o := range []Options{{Trials: 0, Jobs: 1, Evaluate: rate}, {Trials: 1, Jobs: 0, Evaluate: rate}, {Trials: 1, Jobs: 1},
		{Trials: math.MaxInt, Jobs: math.MaxInt, Evaluate: rate}} {
		if sum, err := New(samplers.NewRandom(small(t), 1)).Run(t.Context(), o); err == nil || sum == nil {
			t.Errorf("a study of %+v is no error", o)
		}
	}
}

// More jobs than trials are as many as those.
func TestMoreJobsThanTrials(t *testing.T) {
	s := New(samplers.NewRandom(small(t), 1))
	sum, err := s.Run(t.Context(), Options{Trials: 3, Jobs: math.MaxInt, Evaluate: func(ctx context.Context, task *Task) (Evaluation, error) {
		if task.Jobs != 3 {
			t.Errorf("%d trials go on at once, want 3", task.Jobs)
		}
		return rate(ctx, task)
	}})
	if err != nil || len(sum.Trials) != 3 {
		t.Errorf("%d trials: %v", len(sum.Trials), err)
	}
}

// What a study holds is read as it runs, from Evaluate, from Progress and from elsewhere; nobody else asks, tells or runs it then.
func TestReadWhileItRuns(t *testing.T) {
	s := New(samplers.NewRandom(small(t), 1))
	read := func(when string, atLeast int) {
		if n := s.Ended(); n < atLeast || n > len(s.Trials()) || len(s.Summary().Trials) < n || n > 0 && s.Best() == nil {
			t.Errorf("%s: %d of %d trials have ended, want %d or more", when, n, len(s.Trials()), atLeast)
		}
		_, asked := s.Ask()
		_, ran := s.Run(t.Context(), Options{Trials: 1, Jobs: 1, Evaluate: rate})
		for what, err := range map[string]error{"ask": asked, "tell": s.Tell(0, Value(1)), "run": ran} {
			if !errors.Is(err, ErrRunning) {
				t.Errorf("%s: %s gives %v, want %v", when, what, err, ErrRunning)
			}
		}
	}
	elsewhere := make(chan struct{})
	o := Options{Trials: 8, Jobs: 2,
		Evaluate: func(ctx context.Context, task *Task) (Evaluation, error) {
			if task.Number == 4 { // until that has read
				<-elsewhere
			}
			read("evaluating", 0)
			return rate(ctx, task)
		},
		Progress: func(tr, best *Trial) {
			read("after a trial", tr.Number+1)
			if s.Best() != best {
				t.Errorf("after trial %d the best is %v, want %v", tr.Number, s.Best(), best)
			}
			if tr.Number == 0 {
				go func() { read("elsewhere", 1); close(elsewhere) }()
			}
		}}
	if _, err := s.Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Ask(); err != nil {
		t.Errorf("after it ran: %v", err)
	}
}
