package samplers

import (
	"os"
	"strings"
	"testing"

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

// failer is a test, or one of rapid's.
type failer interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func load(tb failer, name, text string) *ir.Space {
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

func digits(tb testing.TB) *ir.Space { return example(tb, "digits") }

// example is a space of the examples.
func example(tb testing.TB, name string) *ir.Space {
	tb.Helper()
	text, err := os.ReadFile("../examples/" + name + ".space")
	if err != nil {
		tb.Fatal(err)
	}
	return load(tb, name+".space", string(text))
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
	if got, want := err.Error(), "unknown sampler 'simulated-annealing': there are "+strings.Join(Names(), ", "); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// A space without a name leaves no gap in a message.
func TestMessagesCallTheSpace(t *testing.T) {
	for head, called := range map[string]string{"": "the space", "space few\n": "space few"} {
		e := NewEnumerate(load(t, "few.space", head+"config c { x: a | b }\n"), 1)
		ask(t, e, 0)
		ask(t, e, 1)
		_, err := e.Ask(2)
		if want := "every point of the space was proposed already: " + called + " has 2"; err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
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
