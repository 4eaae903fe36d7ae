package samplers

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/ir"
)

// objective has its maximum, 1, at depth 12, adam and a learning rate of 0.01.
func objective(tb testing.TB, p *ir.Point) float64 {
	v := values(tb, p)
	depth := 1 - math.Abs(float64(v["depth"].(int)-12))/16
	rate := 1 - math.Abs(math.Log10(v["lr"].(float64))+2)/3
	kind := 0.6
	if v["optimizer"] == "adam" {
		kind = 1
	}
	return depth * rate * kind
}

// best is the greatest value that a sampler finds.
func best(tb testing.TB, s Sampler, trials int) float64 {
	greatest := math.Inf(-1)
	for trial := range trials {
		value := objective(tb, ask(tb, s, trial))
		greatest = math.Max(greatest, value)
		if err := s.Tell(trial, Outcome{Complete, value}); err != nil {
			tb.Fatal(err)
		}
	}
	return greatest
}

// Paired over seeds, tree search finds better points than chance: the mean difference is beyond three of
// its standard errors.
func TestMCTSBeatsRandom(t *testing.T) {
	space := load(t, "small.space", small)
	const seeds = 50
	sum, square := 0.0, 0.0
	for seed := range uint64(seeds) {
		d := best(t, NewMCTS(space, seed), 64) - best(t, NewRandom(space, seed), 64)
		sum += d
		square += d * d
	}
	mean := sum / seeds
	standard := math.Sqrt((square/seeds - mean*mean) / (seeds - 1))
	t.Logf("best of 64, mcts less random: %.4f ± %.4f", mean, standard)
	if mean < 3*standard {
		t.Errorf("mcts is better by %.4f ± %.4f, want three standard errors", mean, standard)
	}
}

// Before anything is known the tree follows the prior.
func TestMCTSStartsAsRandom(t *testing.T) {
	for _, space := range []*ir.Space{load(t, "small.space", small), digits(t)} {
		for seed := range uint64(100) {
			m, r := ask(t, NewMCTS(space, seed), 0), ask(t, NewRandom(space, seed), 0)
			if diff := cmp.Diff(r.Choices(), m.Choices(), near); diff != "" {
				t.Fatalf("seed %d: first points differ:\n%s", seed, diff)
			}
		}
	}
}

var near = cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) <= 1e-12*math.Abs(a) })

// Points asked for at once differ, though nothing has been told between them.
func TestMCTSSpreadsOut(t *testing.T) {
	space := load(t, "small.space", "space s\nconfig c { x: a | b | c | d | e | f | g | h }")
	s := NewMCTS(space, 1)
	seen := map[any]int{}
	for trial := range 16 {
		seen[ask(t, s, trial).Choices()[0].Value]++
	}
	for x, n := range seen {
		if n != 2 {
			t.Errorf("%v was asked for %d times of 16, want 2", x, n)
		}
	}
}

// An option that always fails is hardly tried again, even where all others are as bad as it gets.
func TestMCTSLeavesWhatFails(t *testing.T) {
	space := load(t, "small.space", "space s\nconfig c { x: good | fails | breaks }")
	s := NewMCTS(space, 3)
	seen := map[any]int{}
	for trial := range 200 {
		x := ask(t, s, trial).Choices()[0].Value
		seen[x]++
		o := map[any]Outcome{"good": {Complete, 0.1}, "fails": {Fail, 9}, "breaks": {Complete, math.NaN()}}[x]
		if err := s.Tell(trial, o); err != nil {
			t.Fatal(err)
		}
	}
	if seen["good"] < 150 || seen["fails"] == 0 || seen["breaks"] == 0 {
		t.Errorf("tried %v, want good most of the time and the others at least once", seen)
	}
}

// Values of any size are rewards between 0 and 1: only how they compare matters.
func TestMCTSRewardsHaveNoScale(t *testing.T) {
	space := load(t, "small.space", small)
	for _, scale := range []float64{1e-200, 1e300} {
		a, b := NewMCTS(space, 7), NewMCTS(space, 7)
		for trial := range 100 {
			p, q := ask(t, a, trial), ask(t, b, trial)
			if diff := cmp.Diff(p.Choices(), q.Choices()); diff != "" {
				t.Fatalf("values times %g: trial %d differs:\n%s", scale, trial, diff)
			}
			value := math.Round(objective(t, p)*64) / 64
			if err := a.Tell(trial, Outcome{Complete, value}); err != nil {
				t.Fatal(err)
			}
			if err := b.Tell(trial, Outcome{Complete, value * scale}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// The tree has a node a trial at most, and nothing is kept of a trial that was told.
func TestMCTSMemory(t *testing.T) {
	s := NewMCTS(digits(t), 1).(*mcts)
	const trials = 300
	for trial := range trials {
		ask(t, s, trial)
		if err := s.Tell(trial, Outcome{Complete, float64(trial % 7)}); err != nil {
			t.Fatal(err)
		}
	}
	var count func(n *node) int
	count = func(n *node) int {
		sum := 1
		for _, child := range n.arms {
			sum += count(child)
		}
		return sum
	}
	if n := count(s.root); n > trials+1 || n < trials/2 {
		t.Errorf("%d nodes after %d trials", n, trials)
	}
	if len(s.pending) > 0 {
		t.Errorf("%d trials pending after all were told", len(s.pending))
	}
}

// Of a hundred options tree search tries the more the longer it goes on, and comes back to those that are good.
func TestMCTSWidens(t *testing.T) {
	var options []string
	for i := range 100 {
		options = append(options, fmt.Sprintf("o%d", i))
	}
	space := load(t, "wide.space", "space wide\nconfig c { x: "+strings.Join(options, " | ")+" }")
	s := NewMCTS(space, 1)
	tried := map[any]int{}
	for trial := range 400 {
		x := ask(t, s, trial).Choices()[0].Value
		tried[x]++
		value, _ := strconv.Atoi(x.(string)[1:])
		if err := s.Tell(trial, Outcome{Complete, float64(value)}); err != nil {
			t.Fatal(err)
		}
		if limit := 4*math.Sqrt(float64(trial+1)) + 1; float64(len(tried)) > limit && len(tried) > 16 {
			t.Fatalf("after %d trials %d options were tried, want %.0f at most", trial+1, len(tried), limit)
		}
	}
	if len(tried) < 40 {
		t.Errorf("%d options were tried", len(tried))
	}
}
