package canon_test

import (
	"os"
	"strings"
	"testing"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/ir/canon"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
)

func example(t testing.TB, name string) *ir.Space {
	t.Helper()
	text, err := os.ReadFile("../../examples/" + name + ".space")
	if err != nil {
		t.Fatal(err)
	}
	var report diag.Report
	sp := ir.Load(lang.NewSource(name+".space", string(text)), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &report)
	for _, d := range report.Diagnostics() {
		t.Errorf("%s: %s: %q", d.Code, d.Message, d.At.Text())
	}
	if sp == nil {
		t.FailNow()
	}
	return sp
}

// enumerate visits every point of a space, and returns how many there are.
func enumerate(t testing.TB, sp *ir.Space, visit func(*ir.Point)) int {
	t.Helper()
	w := sp.Walk()
	var stack []int
	for n := 1; ; n++ {
		w.Reset()
		var sizes []int
		for d, ok := w.Next(); ok; d, ok = w.Next() {
			k := len(sizes)
			sizes = append(sizes, d.Len())
			if k == len(stack) {
				stack = append(stack, 0)
			}
			w.Choose(stack[k])
		}
		p, err := w.Point()
		if err != nil {
			t.Fatalf("a walk ended without a point: %v", err)
		}
		visit(p)
		for len(stack) > 0 && stack[len(stack)-1] == sizes[len(stack)-1]-1 {
			stack = stack[:len(stack)-1]
		}
		if len(stack) == 0 {
			return n
		}
		stack[len(stack)-1]++
	}
}

// distinct is how many different networks points build.
func distinct(t *testing.T, points []*ir.Point) int {
	t.Helper()
	h := canon.NewHasher(canon.Budget)
	seen := map[[32]byte]bool{}
	for _, p := range points {
		b, err := p.Build()
		if err != nil {
			t.Fatal(err)
		}
		f, err := h.Hash(b.Graph)
		if err != nil || !f.Exact {
			t.Fatalf("exact: %v, %v", f.Exact, err)
		}
		seen[f.Hash] = true
	}
	return len(seen)
}

// TestNASBenchMacroStructures: a stage of three layers builds 3 * 7 networks, as the order of one identity and
// one bottleneck after its first makes no difference; one of two layers builds 9.
func TestNASBenchMacroStructures(t *testing.T) {
	var first, later []*ir.Point
	n := enumerate(t, example(t, "nasbenchmacro"), func(p *ir.Point) {
		identities := [2]int{} // in the first stage, and after it
		for i, c := range p.Choices() {
			if c.Value == "identity" {
				identities[min(i/2, 1)]++
			}
		}
		if identities[0] == 2 {
			later = append(later, p)
		}
		if identities[1] == 6 {
			first = append(first, p)
		}
	})
	if got, want := [3]int{n, distinct(t, first), distinct(t, later)}, [3]int{6561, 9, 21 * 21}; got != want {
		t.Errorf("points, and structures of the first stage and of the others: %d, not %d", got, want)
	}
}

// TestTFRefStructures: no two of its points are one network.
func TestTFRefStructures(t *testing.T) {
	var points []*ir.Point
	n := enumerate(t, example(t, "tfref"), func(p *ir.Point) { points = append(points, p) })
	if got := distinct(t, points); n != 2025 || got != n {
		t.Errorf("%d points, %d structures; 2,025 are published", n, got)
	}
}

// TestNASBenchMacroCosts compares networks of one kind of layer with formulas worked out by hand from the
// authors' network.
func TestNASBenchMacroCosts(t *testing.T) {
	conv := func(in, out, kernel, groups int) int { return kernel*kernel*in/groups*out + 2*out } // with its norm
	around := conv(3, 32, 3, 1) + conv(256, 1280, 1, 1) + 1280*10 + 10
	bottleneck := func(in, out, e, k int) int {
		return conv(in, e*in, 1, 1) + conv(e*in, e*in, k, e*in) + conv(e*in, out, 1, 1)
	}
	layers := func(e, k int) int {
		n := 0
		for _, l := range [][2]int{{32, 64}, {64, 64}, {64, 128}, {128, 128}, {128, 128}, {128, 256}, {256, 256}, {256, 256}} {
			n += bottleneck(l[0], l[1], e, k)
		}
		return n
	}
	want := map[string]int{
		"identity": around + conv(32, 64, 1, 1) + conv(64, 128, 1, 1) + conv(128, 256, 1, 1),
		"mb3_k3":   around + layers(3, 3),
		"mb6_k5":   around + layers(6, 5),
	}
	w := example(t, "nasbenchmacro").Walk()
	for kind, params := range want {
		w.Reset()
		n := 0
		for d, ok := w.Next(); ok; d, ok = w.Next() {
			i := 0
			for d.Label(i) != kind {
				i++
			}
			w.Choose(i)
			n++
		}
		p, err := w.Point()
		if err != nil {
			t.Fatal(err)
		}
		b, err := p.Build()
		if err != nil {
			t.Fatal(err)
		}
		cost, err := b.Graph.Costs()
		if err != nil || cost.Params != int64(params) || n != 8 {
			t.Errorf("%s: %d params in %d layers, not %d (%v)", kind, cost.Params, n, params, err)
		}
	}
}

// TestDeepConvHasAsManyPointsAsPublished: only whether there is drop-out decides which other decisions there
// are, so the points are the sum, over those two, of the product of all others' sizes.
func TestDeepConvHasAsManyPointsAsPublished(t *testing.T) {
	sp := example(t, "deepconv")
	w := sp.Walk()
	for trial := range uint64(50) {
		total := int64(0)
		for dropouts := range 4 {
			w.Reset()
			product, met := int64(1), 0
			for d, ok := w.Next(); ok; d, ok = w.Next() {
				if strings.HasSuffix(d.Path(), "optional") {
					w.Choose(dropouts >> met & 1)
					met++
					continue
				}
				product *= int64(d.Len())
				w.Choose(d.Pick(ir.Uniform(7, trial, d.Key())))
			}
			if _, err := w.Point(); err != nil || met != 2 {
				t.Fatalf("%d drop-outs, %v", met, err)
			}
			total += product
		}
		if total != 247669456896 {
			t.Fatalf("%d points from draw %d", total, trial)
		}
	}
}
