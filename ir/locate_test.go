package ir_test

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/spacec-lang/spacec/ir"
)

// arch is a point as an architecture: its text, read without knowing where it came from.
func arch(t testing.TB, p *ir.Point) *ir.Space {
	t.Helper()
	text, err := p.Text()
	if err != nil {
		t.Fatal(err)
	}
	return load(t, text)
}

// priorOf is the logarithm of a point's probability as a walk has it.
func priorOf(t rapid.TB, sp *ir.Space, p *ir.Point) float64 {
	t.Helper()
	sum := 0.0
	answers := p.Choices()
	w := sp.Walk()
	for d, ok := w.Next(); ok; d, ok = w.Next() {
		a := answers[0]
		answers = answers[1:]
		if d.Continuous() {
			w.ChooseReal(a.Value.(float64))
			continue
		}
		found := false
		for i := range d.Len() {
			if !found && d.Path() == a.Path && d.Value(i) == a.Value {
				sum += math.Log(d.Prior(i))
				w.Choose(i)
				found = true
				break
			}
		}
		if !found {
			t.Fatalf("'%s' doesn't offer %v", d.Path(), a)
		}
	}
	return sum
}

func locate(t testing.TB, sp, a *ir.Space) *ir.Location {
	t.Helper()
	loc, err := sp.Locate(a)
	if err != nil {
		var out *ir.Outside
		if errors.As(err, &out) {
			t.Fatalf("%v\nthe space has %v", err, out.Offers)
		}
		t.Fatal(err)
	}
	return loc
}

// TestLocateDrawn: a point of the space is found in it.
func TestLocateDrawn(t *testing.T) {
	for _, test := range []struct {
		name   string
		points uint64
	}{{"digits", 200}, {"darts", 5}, {"deepconv", 10}, {"nasbench201", 10}, {"nasbenchmacro", 10}, {"tfref", 10}} {
		sp := example(t, test.name)
		for i := range test.points {
			p := draw(t, sp, 3, i)
			a := arch(t, p)
			loc := locate(t, sp, a)
			if own := priorOf(t, sp, p); loc.LogProbability < own-1e-9 || loc.LogTotal < loc.LogProbability-1e-9 {
				t.Fatalf("%s: point %d has log probability %v; found %v, in all %v", test.name, i, own, loc.LogProbability, loc.LogTotal)
			}
			if got := priorOf(t, sp, loc.Point); math.Abs(got-loc.LogProbability) > 1e-9 {
				t.Fatalf("%s: the found point has log probability %v, not %v", test.name, got, loc.LogProbability)
			}
			if !loc.Exact || !loc.TotalExact || !loc.MostProbable || len(loc.Free) > 0 {
				t.Fatalf("%s: %+v", test.name, loc)
			}
		}
	}
}
