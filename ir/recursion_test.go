package ir_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// TestRecursionByParameter: a rule that calls itself by way of what it gives to another is recursive, which is not to be seen
// from what is written of either.
func TestRecursionByParameter(t *testing.T) {
	for _, test := range []struct{ name, text string }{
		{"a rule of the library", "rule t = relu | residual(t)"},
		{"a rule of the file", "rule t = relu | twice(t)\nrule twice(x) = x >> x"},
		{"two rules by turns", "rule t = relu [3] | both(u, t)\nrule u = tanh [3] | both(t, u) | t\nrule both(x, y) = x >> y"},
		{"a parameter of a parameter", "rule t = relu | outer(t)\nrule outer(x) = inner(x)\nrule inner(x) = x >> gelu"},
		{"in a block", "rule t = relu | named(t)\nrule named(x) = { h = in >> x; h + in }"},
	} {
		t.Run(test.name, func(t *testing.T) {
			sp := load(t, image+"net = t\n"+test.text+"\n")
			if _, err := sp.Count(); !errors.Is(err, ir.ErrInfinite) {
				t.Errorf("counted with %v", err)
			}
			sizes := map[int]bool{}
			for trial := range uint64(40) {
				p := draw(t, sp, 1, trial)
				b, err := p.Build()
				if err != nil {
					t.Fatal(err)
				}
				sizes[len(b.Graph.Nodes)] = true
			}
			if len(sizes) < 3 {
				t.Errorf("40 points are of the sizes %v", sizes)
			}
		})
	}
}

// TestLocateLetsWithinLets: what is drawn is found again where a let may be drawn within itself, before anything is met, without end.
func TestLocateLetsWithinLets(t *testing.T) {
	for _, text := range []string{
		"rule t = relu | twice(t)\nrule twice(x) = x >> x",
		"rule t = relu | twice(t) >> conv(3)\nrule twice(x) = x >> x",
		"rule t = relu | { let a = t; in >> a >> a >> tanh }",
	} {
		sp := load(t, image+"net = t\n"+text+"\n")
		for trial := range uint64(8) {
			p := draw(t, sp, 1, trial)
			written, err := p.Text()
			if err != nil {
				t.Fatal(err)
			}
			found, err := sp.Locate(load(t, written))
			if err != nil {
				t.Fatalf("%s\n%v", text, err)
			}
			if diff := cmp.Diff(p.Choices(), found.Point.Choices()); diff != "" {
				t.Errorf("%s, point %d:\n%s", text, trial, diff)
			}
		}
	}
}

// TestSizesOfGrowingLets: a let within a recursion may meet ever new types. A let that is drawn once counts once, so that the sizes
// are Fibonacci's: one more than a smaller one, or two.
func TestSizesOfGrowingLets(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes seconds")
	}
	sp := load(t, image+"net = t\nrule t = relu | { h = in >> conv(3) >> t; h ++ in } | wraps(t) >> conv(3)\nrule wraps(x) = x >> x\n")
	if sizes, more, err := sp.CountBySize(7); err != nil || !more || fmt.Sprint(sizes) != "[0 1 1 2 3 5 8 13]" {
		t.Errorf("by size %v, more: %v, %v", sizes, more, err)
	}
}

// TestEachOfRecursion: [each] merges the alternatives of a rule once, not those of the rule within itself.
func TestEachOfRecursion(t *testing.T) {
	sp := load(t, image+"net = t [each] | tanh\nrule t = relu | residual(t)\n")
	d, ok := sp.Walk().Next()
	if !ok {
		t.Fatal("nothing is asked")
	}
	var labels []string
	for i := range d.Len() {
		labels = append(labels, d.Label(i))
	}
	if diff := cmp.Diff([]string{"relu", "residual(t)", "tanh"}, labels); diff != "" {
		t.Error(diff)
	}
}

// TestEachOfTooMany: [each] of more options than can be listed is an error, at once.
func TestEachOfTooMany(t *testing.T) {
	var report diag.Report
	text := image + "net = conv(1..1000, kernel: 1..1000, stride: 1..1000) [each] | tanh\n"
	if sp := ir.Load(lang.NewSource("test.space", text), env, &report); sp != nil {
		t.Fatal("the space loads")
	}
	for _, d := range report.Diagnostics() {
		if d.Code == diag.Limit && strings.Contains(d.Message, "[each]") {
			return
		}
	}
	t.Errorf("what is said: %v", report.Diagnostics())
}
