package samplers

import (
	"testing"

	"pgregory.net/rapid"
)

// nested has decisions below others, in a net and in a config, and none that a bound could take from what is on offer.
const nested = `edition 1
space nested
use std
input x: [c: 4]
net = unit{1..3}
rule unit = skip | dense(units) >> act | (unit1 + skip)
rule unit1 = dense(4) | relu
rule units = 4
rule act = relu | tanh
config c {
  a: f(k: 1..5, m: x | y) | g(k: 1..5) | h
  lr: 1e-3..1.0 log
}
`

// A mutant differs from its parent, in one decision and in what that leads to: every other decision that both meet has
// the parent's answer.
func TestMutants(t *testing.T) {
	space := load(t, "nested.space", nested)
	w := space.Walk()
	rapid.Check(t, func(t *rapid.T) {
		at := drawn{rapid.Uint64().Draw(t, "seed"), rapid.Uint64().Draw(t, "trial")}
		_, parent, err := drive(w, at)
		if err != nil {
			t.Fatal(err)
		}
		at.trial++
		_, from := mutant(at, parent, parent.genes())
		_, child, err := drive(w, from)
		if err != nil {
			t.Fatal(err)
		}
		if child.same(parent) {
			t.Fatalf("the mutant %v is its parent", child)
		}
		old := parent.genes()
		for _, x := range child {
			y := old[x.key]
			switch same := y != nil && x.option == y.option && x.real == y.real; {
			case y != nil && x.key == from.changed && same:
				t.Fatalf("decision %x is to change from %v", x.key, *y)
			case y != nil && x.key != from.changed && !same:
				t.Fatalf("decision %x changes from %v to %v", x.key, *y, x)
			}
		}
	})
}

// A child of two parents takes from each: what both meet comes from the one or the other.
func TestChildren(t *testing.T) {
	space := load(t, "nested.space", nested)
	w := space.Walk()
	rapid.Check(t, func(t *rapid.T) {
		at := drawn{rapid.Uint64().Draw(t, "seed"), 1}
		_, a, err := drive(w, at)
		if err != nil {
			t.Fatal(err)
		}
		_, b, err := drive(w, drawn{at.seed, 2})
		if err != nil {
			t.Fatal(err)
		}
		_, child, err := drive(w, &bred{drawn: at, parent: a.genes(), other: b.genes()})
		if err != nil {
			t.Fatal(err)
		}
		mother, father := a.genes(), b.genes()
		for _, x := range child {
			of := func(y *gene) bool { return y != nil && y.option == x.option && y.real == x.real }
			if (mother[x.key] != nil || father[x.key] != nil) && !of(mother[x.key]) && !of(father[x.key]) {
				t.Fatalf("decision %x is of neither parent", x.key)
			}
		}
	})
}

// The neighbours of a point without numbers are all that differ from it in one decision, each once.
func TestNeighbours(t *testing.T) {
	space := load(t, "flat.space", "space flat\nconfig c { a: x | y | z; b: x | y; d: v | w | x | y }\n")
	w := space.Walk()
	_, centre, err := drive(w, drawn{1, 1})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[[3]int]bool{}
	for _, n := range neighbours(centre, drawn{1, 1}) {
		_, g, err := drive(w, &bred{drawn: drawn{1, 2}, parent: centre.genes(), changed: n.key, to: n.to})
		if err != nil {
			t.Fatal(err)
		}
		changed := 0
		for i := range g {
			if g[i].option != centre[i].option {
				changed++
			}
		}
		if changed != 1 {
			t.Errorf("a neighbour differs in %d decisions", changed)
		}
		seen[[3]int{g[0].option, g[1].option, g[2].option}] = true
	}
	if len(seen) != 2+1+3 {
		t.Errorf("%d neighbours, want 6", len(seen))
	}
}
