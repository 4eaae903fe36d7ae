package samplers

import (
	"math"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
)

// small has every kind of decision: ordered and not, weighted, continuous, one that only some points meet,
// and one with a single option.
const small = `edition 1
space small

rule depth = 1..16

config train {
  depth:     depth
  optimizer: sgd(momentum: 0.0..0.9) | adam | lion
  lr:        1e-4..1e-1 log
  fixed:     7
}
`

func load(tb testing.TB, name, text string) *ir.Space {
	tb.Helper()
	var report diag.Report
	space := ir.Load(lang.NewSource(name, text), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &report)
	for _, d := range report.Diagnostics() {
		if d.Severity == diag.Error {
			tb.Fatalf("%s: %s", d.Code, d.Message)
		}
	}
	return space
}

func digits(tb testing.TB) *ir.Space {
	tb.Helper()
	text, err := os.ReadFile("../examples/digits.space")
	if err != nil {
		tb.Fatal(err)
	}
	return load(tb, "digits.space", string(text))
}

// values are the fields of the small space's one config.
func values(tb testing.TB, p *ir.Point) map[string]any {
	tb.Helper()
	b, err := p.Build()
	if err != nil {
		tb.Fatal(err)
	}
	return b.Config("train").Map()
}

func ask(tb testing.TB, s Sampler, trial int) *ir.Point {
	tb.Helper()
	p, err := s.Ask(trial)
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

func TestNewSuggestsTheNearName(t *testing.T) {
	_, err := New("mtcs", nil, 0)
	if got, want := err.Error(), "unknown sampler 'mtcs': did you mean 'mcts'?"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	_, err = New("simulated-annealing", nil, 0)
	if got, want := err.Error(), "unknown sampler 'simulated-annealing': there are random, mcts"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Every sampler gives the same points for the same seed and the same history, and accepts any history.
func TestAnyHistory(t *testing.T) {
	spaces := []*ir.Space{load(t, "small.space", small), digits(t)}
	for _, kind := range Kinds() {
		t.Run(kind.Name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				space := spaces[rapid.IntRange(0, 1).Draw(t, "space")]
				seed := rapid.Uint64().Draw(t, "seed")
				a, b := kind.New(space, seed), kind.New(space, seed)
				var asked []int
				for trial := range rapid.IntRange(1, 40).Draw(t, "trials") {
					p, err := a.Ask(trial)
					if err != nil {
						t.Fatal(err)
					}
					q, err := b.Ask(trial)
					if err != nil {
						t.Fatal(err)
					}
					if diff := cmp.Diff(p.Choices(), q.Choices()); diff != "" {
						t.Fatalf("trial %d differs:\n%s", trial, diff)
					}
					asked = append(asked, trial)
					for len(asked) > 0 && rapid.Bool().Draw(t, "tell") {
						i := rapid.IntRange(0, len(asked)-1).Draw(t, "which")
						o := Outcome{
							rapid.SampledFrom([]State{Complete, Pruned, Fail, Infeasible}).Draw(t, "state"),
							rapid.OneOf(rapid.Float64(), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1),
								math.MaxFloat64, -math.MaxFloat64, 0})).Draw(t, "value"),
						}
						for _, s := range []Sampler{a, b} {
							if err := s.Tell(asked[i], o); err != nil {
								t.Fatal(err)
							}
						}
						asked = append(asked[:i], asked[i+1:]...)
					}
				}
			})
		})
	}
}

func BenchmarkRandomPoints(b *testing.B) {
	walk := digits(b).Walk()
	decisions := 0
	for trial := range 1000 { // what the space learns on first use is learnt
		walk.Reset()
		walk.Draw(1, uint64(trial))
		p, err := walk.Point()
		if err != nil {
			b.Fatal(err)
		}
		decisions += len(p.Choices())
	}
	b.ReportAllocs()
	trial := uint64(0)
	for b.Loop() {
		walk.Reset()
		walk.Draw(1, trial%1000)
		trial++
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "points/s")
	b.ReportMetric(float64(decisions)/1000, "decisions/point")
}
