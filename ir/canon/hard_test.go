package canon_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spacec-lang/spacec/ir/canon"
	"github.com/spacec-lang/spacec/ir/op"
	"pgregory.net/rapid"
)

// pairs writes an undirected graph of n vertices as ops: a convolution for each vertex, and for each edge
// the relu of the sum of two. Two such are isomorphic exactly when the graphs are.
func pairs(t testing.TB, n int, order []int, joined func(i, j int) bool) *op.Graph {
	g := newNet(t, image(2))
	conv, add, relu := bind(t, "conv"), bind(t, "add"), bind(t, "relu")
	vertex := make([]op.Wire, n)
	var terms []op.Wire
	for _, i := range order {
		vertex[i] = g.op(conv, 0)
		terms = append(terms, vertex[i])
	}
	for _, i := range order {
		for _, j := range order {
			if i < j && joined(i, j) {
				terms = append(terms, g.op(relu, g.op(add, vertex[j], vertex[i])))
			}
		}
	}
	return g.out(g.op(add, append(terms, 0)...))
}

func inOrder(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

// TestUndirectedGraphsAreAsManyAsKnown: 34 of 5 vertices (OEIS A000088), of all 1,024.
func TestUndirectedGraphsAreAsManyAsKnown(t *testing.T) {
	h := canon.NewHasher(canon.Budget)
	for n, want := range map[int]int{3: 4, 4: 11, 5: 34} {
		seen := map[[32]byte]bool{}
		for edges := range 1 << (n * (n - 1) / 2) {
			f, err := h.Hash(pairs(t, n, inOrder(n), func(i, j int) bool { return edges>>(j*(j-1)/2+i)&1 != 0 }))
			if err != nil || !f.Exact {
				t.Fatal(err)
			}
			seen[f.Hash] = true
		}
		if len(seen) != want {
			t.Errorf("%d graphs of %d vertices, not %d", len(seen), n, want)
		}
	}
}

// TestCubicGraphsAreAsManyAsKnown: 6 of 8 vertices (OEIS A005638): five that hang together, of which a
// random pairing of ends finds all, and two tetrahedra. Colours alone tell none of them apart.
func TestCubicGraphsAreAsManyAsKnown(t *testing.T) {
	h := canon.NewHasher(canon.Budget)
	rng := rand.New(rand.NewPCG(1, 2))
	seen := map[[32]byte]bool{}
	add := func(joined func(i, j int) bool) {
		f, err := h.Hash(pairs(t, 8, inOrder(8), joined))
		if err != nil || !f.Exact {
			t.Fatal(err)
		}
		seen[f.Hash] = true
	}
	for n := 0; n < 100; {
		ends := rng.Perm(24) // three at each vertex
		edge := map[[2]int]bool{}
		for k := 0; k < 24; k += 2 {
			if i, j := ends[k]/3, ends[k+1]/3; i != j {
				edge[[2]int{min(i, j), max(i, j)}] = true
			}
		}
		if len(edge) == 12 {
			add(func(i, j int) bool { return edge[[2]int{i, j}] })
			n++
		}
	}
	if len(seen) != 5 {
		t.Errorf("%d graphs hang together, not 5", len(seen))
	}
	if add(func(i, j int) bool { return i/4 == j/4 }); len(seen) != 6 {
		t.Errorf("%d graphs, not 6", len(seen))
	}
}

// The two strongly regular graphs with parameters (16, 6, 2, 2): pairs in a 4 by 4 torus.
func rook(i, j int) bool { return i/4 == j/4 || i%4 == j%4 }

func shrikhande(i, j int) bool {
	d := [2]int{(j/4 - i/4 + 4) % 4, (j%4 - i%4 + 4) % 4}
	switch d {
	case [2]int{0, 1}, [2]int{0, 3}, [2]int{1, 0}, [2]int{3, 0}, [2]int{1, 1}, [2]int{3, 3}:
		return true
	}
	return false
}

// paley joins numbers whose difference is a square modulo the prime q, 1 modulo 4.
func paley(q int) func(i, j int) bool {
	square := map[int]bool{}
	for k := 1; k < q; k++ {
		square[k*k%q] = true
	}
	return func(i, j int) bool { return square[(j-i+q)%q] }
}

func TestStronglyRegularGraphs(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	forms := map[string]canon.Form{}
	for name, c := range map[string]struct {
		n      int
		joined func(i, j int) bool
	}{"rook": {16, rook}, "shrikhande": {16, shrikhande}, "paley 17": {17, paley(17)}, "paley 29": {29, paley(29)},
		"complete": {14, func(int, int) bool { return true }}} {
		forms[name] = hash(t, pairs(t, c.n, inOrder(c.n), c.joined))
		if !forms[name].Exact {
			t.Errorf("%s is beyond the budget", name)
		}
		for range 3 {
			if again := hash(t, pairs(t, c.n, rng.Perm(c.n), c.joined)); again != forms[name] {
				t.Errorf("%s in another order has another hash", name)
			}
		}
	}
	if forms["rook"].Hash == forms["shrikhande"].Hash {
		t.Error("the rook's graph and Shrikhande's are one")
	}
}

// TestBeyondTheBudgetNothingIsMerged: where a budget isn't enough, a form says so and its hash is that of
// the graph as written.
func TestBeyondTheBudgetNothingIsMerged(t *testing.T) {
	g := pairs(t, 16, inOrder(16), rook)
	exact := hash(t, g)
	seen := map[[32]byte]string{exact.Hash: "exact"}
	for _, budget := range []int{0, 10, 1000, 4000} {
		h := canon.NewHasher(budget)
		for name, g := range map[string]*op.Graph{"rook": g, "shrikhande": pairs(t, 16, inOrder(16), shrikhande)} {
			f, err := h.Hash(g)
			if err != nil || f.Exact {
				t.Fatalf("exact with a budget of %d: %v", budget, err)
			}
			again, err := h.Hash(g)
			if err != nil || again != f {
				t.Error("the same graph has another hash the next time")
			}
			if first, ok := seen[f.Hash]; ok && first != name {
				t.Errorf("%s and %s are one", first, name)
			}
			seen[f.Hash] = name
			if name == "rook" && f.Live != exact.Live {
				t.Errorf("costs %+v, not %+v", f.Live, exact.Live)
			}
		}
	}
}

// TestGraphsBuiltToBeHard end in bounded time; those that real ones look like are exact.
func TestGraphsBuiltToBeHard(t *testing.T) {
	for name, c := range map[string]struct {
		graph *op.Graph
		exact bool
	}{
		"a chain":              {chain(t, "conv", 5000), true},
		"branches":             {branches(t, 3000, 1), true},
		"branches of branches": {branches(t, 40, 2), true},
		"doubling":             {doubling(t, 1000), true},
		"rabbits":              {rabbits(t, 1000), true},
		"residual blocks":      {residuals(t, 500), true},
		"dense blocks":         {dense(t, 60), true},
		"a torus":              {pairs(t, 100, inOrder(100), func(i, j int) bool { return j == i+10 || j == i-i%10+(i+1)%10 || j == i-i%10+(i+9)%10 || j == i+90 }), true},
		"all pairs":            {pairs(t, 60, inOrder(60), func(i, j int) bool { return true }), false},
		"a large regular one":  {pairs(t, 101, inOrder(101), paley(101)), false},
	} {
		start := time.Now()
		f := hash(t, c.graph)
		t.Logf("%s: %d ops, exact: %v, %v", name, len(c.graph.Nodes), f.Exact, time.Since(start))
		if c.exact && !f.Exact {
			t.Errorf("%s is beyond the budget", name)
		}
	}
}

// chain is n ops one after the other.
func chain(t testing.TB, name string, n int) *op.Graph {
	g := newNet(t, image(2))
	args := bind(t, name)
	x := op.Wire(0)
	for range n {
		x = g.op(args, x)
	}
	return g.out(x)
}

// branches is n equal branches, each of which is a convolution and then, up to a depth, n branches.
func branches(t testing.TB, n, depth int) *op.Graph {
	g := newNet(t, image(2))
	conv, add, relu := bind(t, "conv"), bind(t, "add"), bind(t, "relu")
	var grow func(x op.Wire, depth int) op.Wire
	grow = func(x op.Wire, depth int) op.Wire {
		terms := make([]op.Wire, n)
		for i := range terms {
			terms[i] = g.op(conv, x)
			if depth > 1 {
				terms[i] = grow(terms[i], depth-1)
			}
		}
		return g.op(relu, g.op(add, terms...))
	}
	return g.out(grow(0, depth))
}

// doubling is 2^n times x, each half of it used once more.
func doubling(t testing.TB, n int) *op.Graph {
	g := newNet(t, image(2))
	x, y := op.Wire(0), op.Wire(0)
	for range n {
		x = g.do("add", x, x)
		y = g.do("mul", y, x)
	}
	return g.out(y)
}

// rabbits is a Fibonacci number of times each of two wires.
func rabbits(t testing.TB, n int) *op.Graph {
	g := newNet(t, image(2))
	a, b := op.Wire(0), g.do("conv", 0)
	for range n {
		a, b = b, g.do("add", a, b)
	}
	return g.out(b)
}

// dense is n layers, each a convolution of the sum of all before.
func dense(t testing.TB, n int) *op.Graph {
	g := newNet(t, image(2))
	all := []op.Wire{0, 0}
	for range n {
		all = append(all, g.do("conv", g.do("add", all...)))
	}
	return g.out(all[len(all)-1])
}

// TestMalformedGraphsAreErrors.
func TestMalformedGraphsAreErrors(t *testing.T) {
	good := func() *op.Graph { return newCellOps(t).graph(t, cell{2, 3, 4, 1, 2, 3}) }
	want := hash(t, good())
	for says, spoil := range map[string]func(g *op.Graph){
		"n1: wire 77 is used before it is made":                                func(g *op.Graph) { g.Nodes[1].In[0] = 77 },
		"n1: wire -1 is used before it is made":                                func(g *op.Graph) { g.Nodes[1].In[0] = -1 },
		"n1: wire 1 is made twice":                                             func(g *op.Graph) { g.Nodes[1].Out[0] = 1 },
		"n1: the graph has 2 wires for what conv makes, which is 1":            func(g *op.Graph) { g.Nodes[1].Out = []op.Wire{2, 99} },
		"n0: relu takes 1 tensor; 0 tensors arrive":                            func(g *op.Graph) { g.Nodes[0].In = nil },
		"n0: an op without a definition or with arguments that aren't its own": func(g *op.Graph) { g.Nodes[0].Args = op.Args{} },
		"n1: an op without a definition or with arguments that aren't its own": func(g *op.Graph) { g.Nodes[1].Args.Values = nil },
		"output 1 is a wire that nothing makes":                                func(g *op.Graph) { g.Outputs[0] = 1000 },
		"n0: relu can't take [0]: an axis must have 1 or more elements and a":  func(g *op.Graph) { g.Inputs[0].Shape = op.Shape{{Size: 0}} },
		"n1: conv takes [c, h, w]; [4] arrives":                                func(g *op.Graph) { g.Inputs[0].Shape = op.Shape{{Size: 4}} },
	} {
		g := good()
		spoil(g)
		_, err := canon.Hash(g)
		if err == nil || len(err.Error()) < len(says) || err.Error()[:len(says)] != says {
			t.Errorf("%v, not %s", err, says)
		}
	}
	if diff := cmp.Diff(want, hash(t, good())); diff != "" {
		t.Error(diff)
	}
	if f, err := canon.Hash(nil); err != nil || !f.Exact || f.Ops != 0 {
		t.Errorf("a space without a net: %+v, %v", f, err)
	}
	if fmt.Sprint(want)[:2] == "{[" {
		t.Error("a form prints as numbers, not as its hash")
	}
}

// TestNoGraphPanics, whatever is wrong with it.
func TestNoGraphPanics(t *testing.T) {
	ops := append(palette(t), op.Args{}, op.Args{Spec: bind(t, "conv").Spec}, op.Args{Spec: &op.Spec{Name: "empty", Arity: 1}})
	rapid.Check(t, func(r *rapid.T) {
		g := &op.Graph{Inputs: []op.Port{{Shape: rapid.SampledFrom([]op.Shape{image(4), {}, {{Size: -1}}, {{Size: 1 << 40}}}).Draw(r, "input")}}}
		wire := rapid.Custom(func(r *rapid.T) op.Wire { return op.Wire(rapid.IntRange(-1, 8).Draw(r, "wire")) })
		for range rapid.IntRange(0, 6).Draw(r, "size") {
			g.Nodes = append(g.Nodes, op.Node{Args: rapid.SampledFrom(ops).Draw(r, "op"),
				In:    rapid.SliceOfN(wire, 0, 3).Draw(r, "in"),
				Out:   rapid.SliceOfN(wire, 0, 2).Draw(r, "out"),
				Share: rapid.IntRange(-1, 1).Draw(r, "share")})
		}
		g.Outputs = rapid.SliceOfN(wire, 0, 2).Draw(r, "outputs")
		f, err := canon.Hash(g)
		if err == nil && !f.Exact {
			r.Fatal("a small graph is beyond the budget")
		}
	})
}
