package train

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/spacec-lang/spacec/ir/op"
)

func TestSplitIsStratifiedAndFixed(t *testing.T) {
	d := digits(t)
	a, b := d.Split(1), d.Split(1)
	if diff := cmp.Diff(a, b); diff != "" {
		t.Errorf("one seed, two splits:\n%s", diff)
	}
	if cmp.Equal(a.Train.Labels, d.Split(2).Train.Labels) {
		t.Error("two seeds give one split")
	}
	if diff := cmp.Diff([]int{1078, 360, 359}, []int{a.Train.Len(), a.Val.Len(), a.Test.Len()}); diff != "" {
		t.Error(diff)
	}
	for class := range d.Classes {
		n := func(d *Dataset) (n int) {
			for _, l := range d.Labels {
				if l == class {
					n++
				}
			}
			return n
		}
		if got, want := float64(n(a.Test)), 0.2*float64(n(d)); got < want-1 || got > want+1 {
			t.Errorf("class %d has %v test examples; a fifth is %v", class, got, want)
		}
	}
}

// Every example lands in exactly one part, with its own label.
func TestPartsDivide(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		classes := rapid.IntRange(0, 4).Draw(t, "classes")
		n, places := rapid.IntRange(1, 60).Draw(t, "n"), rapid.IntRange(1, 3).Draw(t, "places")
		d := &Dataset{Name: "d", Input: op.Shape{{Size: 2}}, Classes: classes, Target: op.Shape{{Size: places}}}
		for i := range n {
			d.Inputs = append(d.Inputs, float32(i), -float32(i))
			for p := range places {
				if classes > 0 {
					d.Labels = append(d.Labels, (i+p)%classes)
				} else {
					d.Values = append(d.Values, float32(i+p))
				}
			}
		}
		shares := rapid.SliceOfN(rapid.IntRange(-2, 9), 1, 4).Draw(t, "shares")
		if slices.Max(shares) <= 0 {
			n = 0 // no part takes any
		}
		var seen []int
		for k, p := range d.Parts(rapid.Uint64().Draw(t, "seed"), shares...) {
			if shares[k] <= 0 && p.Len() > 0 {
				t.Fatalf("a share of %d is %d examples", shares[k], p.Len())
			}
			for i := range p.Len() {
				id := int(p.Inputs[2*i])
				seen = append(seen, id)
				if p.Inputs[2*i+1] != -float32(id) {
					t.Fatalf("example %d was torn apart", id)
				}
				for at := range places {
					if classes > 0 && p.Labels[i*places+at] != (id+at)%classes || classes == 0 && p.Values[i*places+at] != float32(id+at) {
						t.Fatalf("example %d lost its target", id)
					}
				}
			}
		}
		slices.Sort(seen)
		for i, id := range seen {
			if i != id {
				t.Fatalf("parts hold %v", seen)
			}
		}
		if len(seen) != n {
			t.Fatalf("parts hold %d of %d examples", len(seen), n)
		}
	})
}

func TestFits(t *testing.T) {
	shape := func(sizes ...int) op.Shape {
		s := make(op.Shape, len(sizes))
		for i, n := range sizes {
			s[i].Size = n
		}
		return s
	}
	graph := func(in, out op.Shape) *op.Graph {
		return &op.Graph{Inputs: []op.Port{{Name: "image", Shape: in}}, OutPort: []op.Port{{Name: "logits", Shape: out}}, Outputs: make([]op.Wire, 1)}
	}
	s := digits(t).Split(1)
	for _, c := range []struct {
		g    *op.Graph
		want string
	}{
		{graph(shape(1, 8, 8), shape(10)), ""},
		{graph(shape(8, 8), shape(1, 10)), ""},
		{graph(shape(64), shape(10, 1)), "output logits is [10, 1], but"},
		{graph(shape(64), shape(10)), ""},
		{graph(shape(8, 8, 2), shape(10)), "input image is [8, 8, 2], but the digits data set holds inputs of [c: 1, h: 8, w: 8]: declare the input so"},
		{graph(shape(4, 16), shape(10)), "input image is [4, 16]"},
		{graph(shape(1, 8, 8), shape(9)), "output logits is [9], but data set digits has 10 classes, one logit each: declare the output as [10]"},
		{nil, "there is no network"},
		{&op.Graph{}, "the space has 0 inputs and 0 outputs"},
	} {
		err := s.Fits(c.g)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}
