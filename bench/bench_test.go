package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/samplers"
	"github.com/spacec-lang/spacec/study"
)

func space(tb testing.TB) *ir.Space {
	tb.Helper()
	var report diag.Report
	s := ir.Load(lang.NewSource("t.space", "config x {\n  a: 1..8\n  b: 1..8\n}\n"), ir.Env{}, &report)
	if s == nil {
		tb.Fatal(report.Diagnostics()[0].Message)
	}
	return s
}

// value is that of a point; some have none.
func value(p *ir.Point) (float64, bool) {
	c := p.Choices()
	a, b := c[0].Value.(int), c[1].Value.(int)
	return float64(10*a - b), a != 4
}

// contest compares all samplers; hidden is what is reported of a point.
func contest(tb testing.TB, hidden func(value float64) float64) *Contest {
	sp := space(tb)
	shared := samplers.NewCatalogue(sp)
	c := &Contest{Trials: 40, Repeats: 6, Seed: 3, ID: samplers.PointID, Report: "test", Best: 79, HasBest: true,
		Evaluate: func(_ context.Context, t *study.Task) (study.Evaluation, error) {
			v, ok := value(t.Point)
			if !ok {
				return study.Impossible("it is a 4"), nil
			}
			return study.Value(v, study.Metric{Name: "test", Value: hidden(v)}), nil
		}}
	for _, k := range samplers.Kinds() {
		c.Samplers = append(c.Samplers, Sampler{k.Name, func(seed uint64) (samplers.Sampler, error) {
			return k.New(shared, seed), nil
		}})
	}
	return c
}

func run(tb testing.TB, c *Contest) [][]Curve {
	tb.Helper()
	curves, err := c.Run(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	return curves
}

func TestTheSameOnAnyCores(t *testing.T) {
	c := contest(t, math.Sqrt)
	c.Trials, c.Repeats, c.Shared = 16, 3, true
	want := run(t, c)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	if diff := cmp.Diff(want, run(t, c), cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
}

// spy notes what a sampler proposes and all that it is told.
type spy struct {
	samplers.Sampler
	log *[]string
}

func (s spy) Ask(trial int) (*ir.Point, error) {
	p, err := s.Sampler.Ask(trial)
	if err == nil {
		*s.log = append(*s.log, fmt.Sprint("ask ", p.Choices()))
	}
	return p, err
}

func (s spy) Tell(trial int, o samplers.Outcome) error {
	*s.log = append(*s.log, fmt.Sprintf("tell %+v", o))
	return s.Sampler.Tell(trial, o)
}

// Whatever the reported column holds, samplers propose and are told the same; what they are told is rewards.
func TestSamplersNeverSeeWhatIsReported(t *testing.T) {
	watched := func(hidden func(float64) float64) map[string][]string {
		c := contest(t, hidden)
		c.Repeats = 1
		logs := map[string][]string{}
		var mu sync.Mutex
		for i, s := range c.Samplers {
			c.Samplers[i].New = func(seed uint64) (samplers.Sampler, error) {
				inner, err := s.New(seed)
				log := &[]string{}
				return closing{spy{inner, log}, func() { mu.Lock(); logs[s.Name] = *log; mu.Unlock() }}, err
			}
		}
		run(t, c)
		return logs
	}
	want := watched(func(v float64) float64 { return v })
	for name, log := range want {
		told := 0
		for _, line := range log {
			if state, ok := strings.CutPrefix(line, "tell "); ok {
				told++
				var v float64
				if n, _ := fmt.Sscanf(state, "{State:COMPLETE Value:%f}", &v); n == 1 && v != math.Trunc(v) {
					t.Errorf("%s is told %s", name, state)
				}
			}
		}
		if told < 40 {
			t.Errorf("%s is told %d times", name, told)
		}
	}
	r := 0.5
	for _, hidden := range []func(float64) float64{
		func(v float64) float64 { return -v },
		func(float64) float64 { return math.Pi },
		func(v float64) float64 { r = 4 * r * (1 - r); return r },
	} {
		if runtime.GOMAXPROCS(0) > 1 {
			var mu sync.Mutex
			inner := hidden
			hidden = func(v float64) float64 { mu.Lock(); defer mu.Unlock(); return inner(v) }
		}
		if diff := cmp.Diff(want, watched(hidden)); diff != "" {
			t.Fatalf("with another reported column samplers do otherwise:\n%s", diff)
		}
	}
}

// closing calls done after each tell.
type closing struct {
	samplers.Sampler
	done func()
}

func (c closing) Tell(trial int, o samplers.Outcome) error {
	defer c.done()
	return c.Sampler.Tell(trial, o)
}

// fixed proposes points by index.
type fixed struct {
	space *ir.Space
	order []int64
}

func (f fixed) Ask(trial int) (*ir.Point, error) {
	if trial >= len(f.order) {
		return nil, samplers.ErrExhausted
	}
	return f.space.Replay(map[string]string{"x.a": fmt.Sprint(f.order[trial] / 10), "x.b": fmt.Sprint(f.order[trial] % 10)})
}

func (f fixed) Tell(int, samplers.Outcome) error { return nil }

// A curve counts different points; it has the best reward so far, and what is reported of the first point that has it.
func TestCurve(t *testing.T) {
	sp := space(t)
	c := contest(t, func(v float64) float64 { return 100 - v })
	c.Samplers = []Sampler{{"fixed", func(uint64) (samplers.Sampler, error) {
		return fixed{sp, []int64{41, 25, 25, 41, 28, 57, 25, 81, 11}}, nil
	}}}
	c.Trials, c.Repeats = 8, 1
	got := run(t, c)[0][0]
	nan := math.NaN()
	want := Curve{Value: []float64{nan, 15, 15, 43, 79, 79, 79, 79}, Report: []float64{nan, 85, 85, 57, 21, 21, 21, 21}, Evaluations: 6, ToBest: 5}
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
		t.Error(diff)
	}
}

// Random search without replacement has a known mean: the best of n of N values that are 1 to N is n (N+1) / (n+1).
func TestAgainstAFormula(t *testing.T) {
	sp := space(t)
	c := contest(t, math.Sqrt)
	c.Evaluate = func(_ context.Context, t *study.Task) (study.Evaluation, error) {
		ch := t.Point.Choices()
		return study.Value(float64(8*(ch[0].Value.(int)-1) + ch[1].Value.(int))), nil
	}
	c.Samplers = []Sampler{{"random", func(seed uint64) (samplers.Sampler, error) { return samplers.NewRandom(sp, seed), nil }}}
	c.Trials, c.Repeats, c.Best = 20, 1500, 64
	curves := run(t, c)[0]
	for _, n := range []int{1, 2, 5, 20} {
		values, _ := At(curves, n)
		mean, deviation := Mean(values)
		want := float64(n) * 65 / float64(n+1)
		if math.Abs(mean-want) > 4*deviation/math.Sqrt(float64(c.Repeats)) {
			t.Errorf("the mean of the best of %d is %v, want %v", n, mean, want)
		}
	}
}

func TestErrorsEndAContest(t *testing.T) {
	c := contest(t, math.Sqrt)
	wrong := errors.New("the table is gone")
	c.Evaluate = func(context.Context, *study.Task) (study.Evaluation, error) { return study.Evaluation{}, wrong }
	if _, err := c.Run(t.Context()); !errors.Is(err, wrong) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	c = contest(t, math.Sqrt)
	c.Progress = cancel
	c.Repeats = 10_000
	if _, err := c.Run(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}

func TestRemember(t *testing.T) {
	sp := space(t)
	var mu sync.Mutex
	asked := map[string]int{}
	evaluate := Remember(func(_ context.Context, t *study.Task) (study.Evaluation, error) {
		mu.Lock()
		defer mu.Unlock()
		asked[fmt.Sprint(t.Point.Choices())]++
		return study.Value(1), nil
	}, samplers.PointID)
	s := samplers.NewRandom(sp, 1)
	for trial := range 300 {
		p, err := s.Ask(trial)
		if err != nil {
			t.Fatal(err)
		}
		if e, err := evaluate(t.Context(), &study.Task{Point: p}); err != nil || e.Value != 1 {
			t.Fatal(e, err)
		}
	}
	var counts []int
	for _, n := range asked {
		counts = append(counts, n)
	}
	if slices.Max(counts) != 1 || len(asked) < 50 {
		t.Errorf("%d points, evaluated up to %d times", len(asked), slices.Max(counts))
	}
}
