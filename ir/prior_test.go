package ir_test

import (
	"math"
	"testing"

	"github.com/spacec-lang/spacec/ir"
)

// TestConditional compares probabilities worked out by hand with those computed, of every point of small
// spaces, and what a walk that doesn't look ahead has for a chance.
func TestConditional(t *testing.T) {
	for _, test := range []struct {
		name, text string
		completes  float64
		points     []float64 // in order of index
	}{
		{"nothing dies", "net = relu [3] | tanh", 1, []float64{.75, .25}},
		{"weights matter below", "net = max_pool(8) >> (relu | max_pool(2) | max_pool(4)) | relu >> (relu | tanh)",
			.5/3 + .5, []float64{.25, .375, .375}},
		{"a guard that fails dies", "net = conv(8 | 16) >> (relu | tanh if in.c == 16)", .75, []float64{1. / 3, 1. / 3, 1. / 3}},
		{"percentages as written", "net = max_pool(3, padding: 0) >> (relu [20%] | max_pool(4) [3] | tanh)",
			.4, []float64{.5, .5}},
		{"a requirement", "let a = 1..3, b = 1..3\nrequire a < b\nnet = conv(a) >> conv(b)", 1. / 3, []float64{1. / 3, 1. / 3, 1. / 3}},
		{"a bound on a cost", "require params <= 16\nnet = conv(1 | 2 [2], kernel: 1) >> conv(1 | 3, kernel: 1)",
			2. / 3, []float64{.25, .25, .5}}, // 6, 10 and 11 parameters; 17 are too many
		{"a bound from below", "require params >= 14\nnet = conv(1 | 2 [2], kernel: 1) >> conv(1 | 3, kernel: 1)",
			1. / 3, []float64{1}},
		{"a let that has to fit all its uses", "let b = max_pool(2) [2] | conv(8) | relu\nnet = b{5}", .5, []float64{.5, .5}},
		{"recursion that shapes end", "rule t = max_pool(2) >> t | relu [3]\nnet = t",
			.75 * (1 + .25 + .25*.25 + .25*.25*.25), []float64{
				.25 * .25 * .25 / (1 + .25 + .25*.25 + .25*.25*.25), .25 * .25 / (1 + .25 + .25*.25 + .25*.25*.25),
				.25 / (1 + .25 + .25*.25 + .25*.25*.25), 1 / (1 + .25 + .25*.25 + .25*.25*.25)}},
		{"recursion within a bound", "require params <= 40\nrule t = conv(3, kernel: 1) >> t | relu [3]\nnet = t",
			.75 * (1 + .25 + .25*.25 + .25*.25*.25), []float64{
				.25 * .25 * .25 / (1 + .25 + .25*.25 + .25*.25*.25), .25 * .25 / (1 + .25 + .25*.25 + .25*.25*.25),
				.25 / (1 + .25 + .25*.25 + .25*.25*.25), 1 / (1 + .25 + .25*.25 + .25*.25*.25)}},
		{"pick two", "config a { f: 2 of (x [2] | y | z) }", 1, []float64{.4, .4, .2}},
		{"continuous values", "config a { lr: 1e-3..1.0 log; b: 1 | 2 [3] }", 1, []float64{.25, .75}},
	} {
		t.Run(test.name, func(t *testing.T) {
			head := image
			if test.text[:6] == "config" {
				head = "edition 1\nspace t\n"
			}
			sp := load(t, head+test.text+"\n")
			c, err := sp.Conditional()
			if err != nil {
				t.Fatal(err)
			}
			if got := c.Completion(); math.Abs(got-test.completes) > 1e-12 {
				t.Errorf("completes with %v, want %v", got, test.completes)
			}
			var got []float64
			enumerate(t, sp, 100, func(p *ir.Point) {
				x, err := c.Probability(p)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, x)
			})
			same := len(got) == len(test.points)
			for i := 0; same && i < len(got); i++ {
				same = math.Abs(got[i]-test.points[i]) < 1e-12
			}
			if !same {
				t.Errorf("the points have %v, want %v", got, test.points)
			}
		})
	}
}

// TestConditionalOfAnotherSpace: a point of another space has no probability, though it may have as many answers.
func TestConditionalOfAnotherSpace(t *testing.T) {
	c, err := load(t, image+"net = (relu | tanh) >> (relu | gelu)\n").Conditional()
	if err != nil {
		t.Fatal(err)
	}
	for _, net := range []string{"(relu | tanh) >> (relu | gelu)", "relu | tanh | gelu", "relu"} {
		if x, err := c.Probability(draw(t, load(t, image+"net = "+net+"\n"), 1, 0)); err == nil {
			t.Errorf("a point of %s has the probability %v", net, x)
		}
	}
}

// TestConditionalInfinite compares what a recursive grammar completes with, and the probability of its first
// points, with closed forms.
func TestConditionalInfinite(t *testing.T) {
	for _, test := range []struct {
		text      string
		completes float64
		accuracy  float64
	}{
		{"rule t = relu [60%] | t >> t\nnet = t", 1, 1e-12},
		{"rule t = relu [30%] | t >> t\nnet = t", 3. / 7, 1e-12},
		{"rule t = relu [50%] | t >> t\nnet = t", 1, 1e-7}, // a double root: half the digits
		{"rule t = relu | tanh >> t\nnet = t", 1, 1e-12},
		{"rule t = relu | sigmoid >> t | max_pool(2) >> t\nrule u = t >> max_pool(4)\nnet = u", .75, 1e-12},
	} {
		c, err := load(t, image+test.text+"\n").Conditional()
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Completion(); math.Abs(got-test.completes) > test.accuracy {
			t.Errorf("%s\ncompletes with %v, want %v", test.text, got, test.completes)
		}
	}
}
