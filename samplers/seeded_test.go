package samplers

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/ir"
)

// TestSeeded: the given points are the first trials, whatever the sampler; the tree of mcts follows them down, and
// goes where they were worth more.
func TestSeeded(t *testing.T) {
	space := load(t, "small.space", small)
	var points []*ir.Point
	for i := range 4 {
		points = append(points, ask(t, NewRandom(space, 9), i))
	}
	for _, name := range Names() {
		s, err := New(name, NewCatalogue(space), 1)
		if err != nil {
			t.Fatal(err)
		}
		seeded, err := NewSeeded(s, space, points)
		if err != nil {
			t.Fatal(err)
		}
		for i := range 8 {
			p := ask(t, seeded, i)
			if i < len(points) {
				if diff := cmp.Diff(points[i].Choices(), p.Choices()); diff != "" {
					t.Errorf("%s: trial %d is not the seed:\n%s", name, i, diff)
				}
			}
		}
		for i := range 8 {
			value := 0.0
			if i < len(points) {
				value = 1
			}
			if err := seeded.Tell(i, Outcome{State: Complete, Value: value}); err != nil {
				t.Errorf("%s: trial %d: %v", name, i, err)
			}
		}
		if m, ok := s.(*mcts); ok && (m.root.visits != 8 || len(m.told) != 8) {
			t.Errorf("mcts knows %d trials, %d told", m.root.visits, len(m.told))
		}
	}
}

// TestSeedsOfAnotherSpace: they are refused, though the text is the same.
func TestSeedsOfAnotherSpace(t *testing.T) {
	space := load(t, "small.space", small)
	points := []*ir.Point{ask(t, NewRandom(space, 9), 0), ask(t, NewRandom(load(t, "small.space", small), 9), 0)}
	_, err := NewSeeded(NewRandom(space, 1), space, points)
	if err == nil || !strings.HasPrefix(err.Error(), "point 1 of the seeds is of another space") {
		t.Errorf("got %v", err)
	}
}

// TestTaughtPath: a point that is taught again and again has, at each step of the tree, exactly the arm that it takes.
func TestTaughtPath(t *testing.T) {
	space := load(t, "small.space", small)
	p := ask(t, NewRandom(space, 3), 0)
	s := NewMCTS(space, 1).(*mcts)
	const n = 40
	for i := range n {
		if err := s.Teach(i, p); err != nil {
			t.Fatal(err)
		}
	}
	depth := 0
	for at := s.root; len(at.arms) > 0; depth++ {
		if len(at.arms) != 1 {
			t.Fatalf("a step has %d arms", len(at.arms))
		}
		for _, at = range at.arms {
		}
	}
	if depth < 5 {
		t.Errorf("the path has %d steps", depth)
	}
}
