package canon_test

import (
	"fmt"
	"testing"

	"github.com/spacec-lang/spacec/ir/canon"
	"github.com/spacec-lang/spacec/ir/op"
	"pgregory.net/rapid"
)

// palette is the ops of random graphs.
func palette(t testing.TB) []op.Args {
	named := func(m map[string]any) map[string]any { return m }
	return []op.Args{
		bind(t, "skip"), bind(t, "zero"), bind(t, "relu"), bind(t, "relu"), bind(t, "tanh"), bind(t, "sigmoid"),
		bind(t, "avg_pool", 3, named(map[string]any{"stride": 1, "padding": 1})),
		bind(t, "conv", named(map[string]any{"kernel": 1, "bias": false})), bind(t, "conv"), bind(t, "conv"),
		bind(t, "batch_norm"), bind(t, "dropout", 0.5), bind(t, "add"), bind(t, "add"), bind(t, "add"), bind(t, "mul"),
		bind(t, "clone", 2), bind(t, "split", 2), bind(t, "concat"),
	}
}

// draw makes a random graph of so many ops, and hands out the wires' shapes.
func draw(r *rapid.T, t testing.TB, ops []op.Args, size int) *op.Graph {
	n := newNet(t, image(4))
	for range size {
		args := rapid.SampledFrom(ops).Draw(r, "op")
		x := op.Wire(rapid.IntRange(0, n.g.Wires-1).Draw(r, "wire"))
		in := []op.Wire{x}
		if args.Spec.Arity < 0 {
			var fit []op.Wire
			for w, s := range n.shapes {
				if s.Same(n.shapes[x]) {
					fit = append(fit, op.Wire(w))
				}
			}
			for range rapid.IntRange(1, 2).Draw(r, "more") {
				in = append(in, rapid.SampledFrom(fit).Draw(r, "operand"))
			}
		}
		channels := n.shapes[x][0].Size
		if args.Spec.Name == "split" && channels%2 != 0 || args.Spec.Name == "concat" && channels > 8 {
			continue
		}
		share := weights(r, args, channels)
		n.all(share, args, in...)
	}
	// What nothing uses is added up, so that little is dead.
	used := map[op.Wire]bool{}
	for _, k := range n.g.Nodes {
		for _, w := range k.In {
			used[w] = true
		}
	}
	last := op.Wire(n.g.Wires - 1)
	ends := []op.Wire{last}
	for w := range last {
		if !used[w] && n.shapes[w].Same(n.shapes[last]) {
			ends = append(ends, w)
		}
	}
	if len(ends) > 1 {
		last = n.do("add", ends...)
	}
	if rapid.Bool().Draw(r, "two outputs") {
		return n.out(last, op.Wire(rapid.IntRange(0, n.g.Wires-1).Draw(r, "output")))
	}
	return n.out(last)
}

// weights draws whether an op has weights of its own (0) or some that it may share: those of one size.
func weights(r *rapid.T, args op.Args, channels int) int {
	if name := args.Spec.Name; name != "conv" && name != "batch_norm" || !rapid.Bool().Draw(r, "share") {
		return 0
	}
	return channels*100 + len(args.String())
}

// rewritten is a graph that builds the same: nodes in another order, wires and weights with other numbers,
// sums and products in another order and grouping, and with what makes no difference added.
func rewritten(r *rapid.T, t testing.TB, g *op.Graph) *op.Graph {
	shapes := make([]op.Shape, len(g.Inputs))
	for i, p := range g.Inputs {
		shapes[i] = p.Shape
	}
	n := newNet(t, shapes...)
	at := map[op.Wire]op.Wire{}
	for i := range g.Inputs {
		at[op.Wire(i)] = op.Wire(i)
	}
	shares := map[int]int{0: 0}
	left := make([]*op.Node, len(g.Nodes))
	for i := range g.Nodes {
		left[i] = &g.Nodes[i]
	}
	for len(left) > 0 {
		var ready []int
		for i, k := range left {
			ok := true
			for _, w := range k.In {
				_, made := at[w]
				ok = ok && made
			}
			if ok {
				ready = append(ready, i)
			}
		}
		i := rapid.SampledFrom(ready).Draw(r, "next")
		k := left[i]
		left = append(left[:i:i], left[i+1:]...)
		in := make([]op.Wire, len(k.In))
		for j, w := range k.In {
			in[j] = detour(r, t, n, at[w])
		}
		if _, ok := shares[k.Share]; !ok {
			shares[k.Share] = 1000 - len(shares)
		}
		if name := k.Args.Spec.Name; name == "add" || name == "mul" {
			at[k.Out[0]] = regrouped(r, t, n, name, in)
			continue
		}
		for j, w := range n.all(shares[k.Share], k.Args, in...) {
			at[k.Out[j]] = w
		}
	}
	var out []op.Wire
	for _, w := range g.Outputs {
		out = append(out, detour(r, t, n, at[w]))
	}
	return n.out(out...)
}

// detour is a wire that is the same as w, by way of ops that make no difference.
func detour(r *rapid.T, t testing.TB, n *net, w op.Wire) op.Wire {
	switch rapid.IntRange(0, 7).Draw(r, "detour") {
	case 0:
		return n.do("skip", w)
	case 1:
		return n.all(0, bind(t, "clone", 3), w)[2]
	case 2:
		return n.do("add", n.do("zero", n.do("conv", w)), w)
	case 3:
		n.do("relu", n.do("conv", w)) // dead
	case 4:
		z := n.do("mul", n.do("conv", w), n.do("relu", n.do("zero", w)))
		return n.do("add", z, w, z)
	}
	return w
}

// regrouped is the sum or product of wires, in another order and grouping.
func regrouped(r *rapid.T, t testing.TB, n *net, name string, in []op.Wire) op.Wire {
	in = rapid.Permutation(in).Draw(r, "order")
	for len(in) > 2 {
		if rapid.Bool().Draw(r, "at once") {
			break
		}
		in = append(in[2:len(in):len(in)], n.do(name, in[0], in[1]))
	}
	return n.do(name, in...)
}

func form(r *rapid.T, g *op.Graph) canon.Form {
	f, err := canon.Hash(g)
	if err != nil {
		r.Fatal(err)
	}
	if !f.Exact {
		r.Fatal("a small graph is beyond the budget")
	}
	return f
}

// TestRewritingAGraphKeepsItsHash, and what is left of it.
func TestRewritingAGraphKeepsItsHash(t *testing.T) {
	ops := palette(t)
	rapid.Check(t, func(r *rapid.T) {
		g := draw(r, t, ops, rapid.IntRange(1, 40).Draw(r, "size"))
		h := rewritten(r, t, g)
		if a, b := form(r, g), form(r, h); a != b {
			r.Fatalf("%+v and %+v:\n%s\n%s", a, b, show(g), show(h))
		}
	})
}

// TestHashesAreEqualExactlyForIsomorphicGraphs compares them with the oracle, on a random graph and some
// that are like it.
func TestHashesAreEqualExactlyForIsomorphicGraphs(t *testing.T) {
	ops := palette(t)
	few := []op.Args{bind(t, "conv"), bind(t, "conv"), bind(t, "relu"), bind(t, "batch_norm")} // weights, mostly
	equal, different := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		var graphs []*op.Graph
		for range 3 {
			g := draw(r, t, rapid.SampledFrom([][]op.Args{ops, few}).Draw(r, "ops"), rapid.IntRange(3, 8).Draw(r, "size"))
			h := rewired(r, t, g)
			graphs = append(graphs, g, h, rewired(r, t, h), rewired(r, t, g))
		}
		for i, a := range graphs {
			for _, b := range graphs[:i] {
				want := same(a, b)
				if got := form(r, a).Hash == form(r, b).Hash; got != want {
					r.Fatalf("one hash: %v, isomorphic: %v\n%s\n%s", got, want, show(a), show(b))
				}
				if want {
					equal++
				} else {
					different++
				}
			}
		}
	})
	if equal < 50 || different < 50 {
		t.Errorf("%d pairs are isomorphic, %d aren't: too few to tell", equal, different)
	}
}

// rewired is a graph with a wire of some nodes replaced by one of the same shape that is made before, or
// with other ones sharing weights.
func rewired(r *rapid.T, t testing.TB, g *op.Graph) *op.Graph {
	n := newNet(t, g.Inputs[0].Shape)
	for _, k := range g.Nodes {
		in := append([]op.Wire(nil), k.In...)
		if rapid.IntRange(0, 3).Draw(r, "rewire") == 0 {
			i := rapid.IntRange(0, len(in)-1).Draw(r, "which")
			var fit []op.Wire
			for w, s := range n.shapes {
				if s.Same(n.shapes[in[i]]) {
					fit = append(fit, op.Wire(w))
				}
			}
			in[i] = rapid.SampledFrom(fit).Draw(r, "instead")
		}
		share := k.Share
		if rapid.IntRange(0, 3).Draw(r, "other weights") == 0 {
			share = weights(r, k.Args, n.shapes[in[0]][0].Size)
		}
		n.all(share, k.Args, in...)
	}
	return n.out(g.Outputs...)
}

func show(g *op.Graph) string {
	s := ""
	for _, n := range g.Nodes {
		s += fmt.Sprintf("%v = %s %v share %d\n", n.Out, n.Args, n.In, n.Share)
	}
	return s + fmt.Sprint(g.Outputs)
}
