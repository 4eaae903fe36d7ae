package samplers

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/spacec-lang/spacec/ir"
)

// The suite holds every sampler to the same properties, on small spaces that are drawn.

// anySpace draws a space of at most a few hundred points: decisions of every kind, some met by some points only, in a
// net whose points may build one network in several ways, and under a bound that some points break. It tells whether
// a range is continuous.
func anySpace(t *rapid.T) (text string, continuous bool) {
	var b strings.Builder
	b.WriteString("edition 1\nspace drawn\n\nuse std\n\n")
	if rapid.Bool().Draw(t, "net") {
		b.WriteString("input x: [c: 4]\nrule unit = skip | relu | (relu >> dense(4)) | (skip + skip)\n")
		fmt.Fprintf(&b, "net = unit{1..%d}\n", rapid.IntRange(1, 3).Draw(t, "units"))
		if rapid.Bool().Draw(t, "bound") {
			b.WriteString("require params <= 30\n")
		}
	}
	b.WriteString("config c {\n")
	for i := range rapid.IntRange(1, 3).Draw(t, "fields") {
		field := rapid.SampledFrom([]string{"a | b | d", "1..4", "f(k: 1..3) | g", "true | false", "8 | 16 | 64", "7", "0.5..2.0", "1e-3..1.0 log"}).Draw(t, "field")
		continuous = continuous || strings.Contains(field, ".0")
		fmt.Fprintf(&b, "  x%d: %s\n", i, field)
	}
	b.WriteString("}\n")
	return b.String(), continuous
}

var anyOutcome = rapid.Custom(func(t *rapid.T) Outcome {
	return Outcome{
		rapid.SampledFrom([]State{Complete, Complete, Complete, Pruned, Fail, Infeasible}).Draw(t, "state"),
		rapid.OneOf(rapid.Float64Range(0, 1), rapid.Float64(), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1),
			math.MaxFloat64, -math.MaxFloat64, 0})).Draw(t, "value"),
	}
})

// feasible fails unless the space takes the point's own answers, and builds it.
func feasible(t *rapid.T, p *ir.Point) {
	list := given(p.Choices())
	q, _, err := drive(p.Space().Walk(), &list)
	if err != nil || len(list) > 0 {
		t.Fatalf("%v is no point of the space: %v", p.Choices(), err)
	}
	if diff := cmp.Diff(p.Choices(), q.Choices()); diff != "" {
		t.Fatalf("the space takes other answers:\n%s", diff)
	}
	if _, err := p.Build(); err != nil {
		t.Fatalf("%v: %v", p.Choices(), err)
	}
}

// Whatever is told, in any order, after any number of points asked for: two samplers with one seed and one history
// propose the same feasible points, and none twice where they are told not to.
func TestAnyHistory(t *testing.T) {
	byName := map[string]Kind{}
	for _, kind := range Kinds() {
		byName[kind.Name] = kind
	}
	rapid.Check(t, func(t *rapid.T) {
		anyHistory(t, byName[rapid.SampledFrom(Names()).Draw(t, "sampler")], rapid.Bool().Draw(t, "distinct"))
	})
}

func anyHistory(t *rapid.T, kind Kind, distinct bool) {
	text, continuous := anySpace(t)
	space := load(t, "drawn.space", text)
	seed := rapid.Uint64().Draw(t, "seed")
	a, b := kind.New(NewCatalogue(space), seed), kind.New(NewCatalogue(space), seed)
	if distinct {
		a, b = NewDistinct(a, NewCatalogue(space)), NewDistinct(b, NewCatalogue(space))
	}
	seen := map[ID]int{}
	ids := NewCatalogue(space)
	var asked []int
	for trial := range rapid.IntRange(1, 24).Draw(t, "trials") {
		p, err := a.Ask(trial)
		q, err2 := b.Ask(trial)
		if (err == nil) != (err2 == nil) {
			t.Fatalf("trial %d: one fails, %v, %v", trial, err, err2)
		}
		if errors.Is(err, ErrExhausted) && (kind.Name == "enumerate" || distinct && !continuous) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(p.Choices(), q.Choices()); diff != "" {
			t.Fatalf("trial %d differs:\n%s", trial, diff)
		}
		feasible(t, p)
		id := ids.ID(p)
		if first, twice := seen[id]; twice && distinct {
			t.Fatalf("trials %d and %d are the same: %v", first, trial, p.Choices())
		}
		seen[id] = trial
		asked = append(asked, trial)
		for len(asked) > 0 && rapid.Bool().Draw(t, "tell") {
			i := rapid.IntRange(0, len(asked)-1).Draw(t, "which")
			o := anyOutcome.Draw(t, "outcome")
			for _, s := range []Sampler{a, b} {
				if err := s.Tell(asked[i], o); err != nil {
					t.Fatal(err)
				}
			}
			asked = append(asked[:i], asked[i+1:]...)
		}
	}
}

// A finite space is tried to its end: each network with each config once, and then Ask says so.
func TestExhausted(t *testing.T) {
	const text = `edition 1
space few
use std
input x: [c: 4]
rule unit = skip | relu | (skip + skip)
net = unit{1..2}
config c { k: 1..2; s: f(k: 1..2) | g }
`
	space := load(t, "few.space", text)
	ids := NewCatalogue(space)
	want := map[ID]bool{}
	for e := NewEnumerate(space, 1); ; {
		p, err := e.Ask(0)
		if errors.Is(err, ErrExhausted) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		want[ids.ID(p)] = true
	}
	// The networks are x, relu(x), relu(relu(x)), 2x, 4x, 2 relu(x) and relu(2x); the configs twice f(1), f(2) and g.
	if len(want) != 7*6 {
		t.Errorf("%d different trials, want 42", len(want))
	}
	for _, kind := range Kinds() {
		t.Run(kind.Name, func(t *testing.T) {
			s := NewDistinct(kind.New(NewCatalogue(space), 3), NewCatalogue(space))
			got := map[ID]bool{}
			for trial := 0; ; trial++ {
				p, err := s.Ask(trial)
				if errors.Is(err, ErrExhausted) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				got[ids.ID(p)] = true
				if err := s.Tell(trial, Outcome{Complete, float64(len(p.Choices()))}); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("trials differ:\n%s", diff)
			}
		})
	}
}

// A space without end isn't exhausted, although nearly all that is drawn from it is one of a few points.
func TestNotExhausted(t *testing.T) {
	space := load(t, "long.space", "edition 1\nspace long\nuse std\ninput x: [c: 4]\nnet = t\nrule t = relu [90%] | tanh [4%] | t >> t\n")
	for _, name := range []string{"random", "mcts", "evolution"} {
		inner, err := New(name, NewCatalogue(space), 1)
		if err != nil {
			t.Fatal(err)
		}
		s := NewDistinct(inner, NewCatalogue(space))
		for trial := range 300 {
			p, err := s.Ask(trial)
			if err != nil {
				t.Fatalf("%s, trial %d: %v", name, trial, err)
			}
			if err := s.Tell(trial, Outcome{Complete, float64(-len(p.Choices()))}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// Asking twice for a trial, telling twice, and telling of what was never asked for are errors that change nothing, but of samplers
// that keep no trials. A trial may have any number, and one that hasn't ended counts as a failure.
func TestRefuses(t *testing.T) {
	space := load(t, "small.space", small)
	for _, kind := range Kinds() {
		s := kind.New(NewCatalogue(space), 1)
		switch s.(type) {
		case *random, *uniform, *enumerate: // they keep no trials
			ask(t, s, 4)
			ask(t, s, 4)
			if err := s.Tell(3, Outcome{}); err != nil {
				t.Errorf("%s: %v", kind.Name, err)
			}
			s = NewDistinct(s, NewCatalogue(space))
		}
		ask(t, s, 4)
		if _, err := s.Ask(4); err == nil {
			t.Errorf("%s: asking for a trial twice is no error", kind.Name)
		}
		if err := s.Tell(3, Outcome{}); err == nil {
			t.Errorf("%s: telling of a trial that was never asked for is no error", kind.Name)
		}
		if err := s.Tell(4, Outcome{Complete, 1}); err != nil {
			t.Errorf("%s: %v", kind.Name, err)
		}
		if err := s.Tell(4, Outcome{Complete, 1}); err == nil {
			t.Errorf("%s: telling of a trial twice is no error", kind.Name)
		}
		seeded, err := NewSeeded(s, space, []*ir.Point{ask(t, NewRandom(space, 9), 0)})
		if err != nil {
			t.Fatal(err)
		}
		ask(t, seeded, -1)
		if err := seeded.Tell(-1, Outcome{Running, 1}); err != nil {
			t.Errorf("%s: %v", kind.Name, err)
		}
		if r := (Outcome{Running, 1}).reward(); !math.IsInf(r, -1) {
			t.Errorf("a trial that runs has the reward %v", r)
		}
	}
}
