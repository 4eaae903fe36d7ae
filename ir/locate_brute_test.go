package ir_test

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/ir/op"
)

// isomorphic tells by trying whether two graphs are the same up to the order of their nodes and of the operands
// of sums and products. Clones are wires.
func isomorphic(a, b *op.Graph) bool {
	a, b = unwired(a), unwired(b)
	if len(a.Nodes) != len(b.Nodes) || len(a.Outputs) != len(b.Outputs) {
		return false
	}
	to := map[op.Wire]op.Wire{}
	for i := range a.Inputs {
		to[op.Wire(i)] = op.Wire(i)
	}
	used := make([]bool, len(b.Nodes))
	var try func(i int) bool
	try = func(i int) bool {
		if i == len(a.Nodes) {
			for k, w := range a.Outputs {
				if to[w] != b.Outputs[k] {
					return false
				}
			}
			return samePartition(a, b, to)
		}
		n := &a.Nodes[i]
		var in []op.Wire
		for _, w := range n.In {
			in = append(in, to[w])
		}
		for j := range b.Nodes {
			m := &b.Nodes[j]
			want := slices.Clone(m.In)
			if n.Args.Spec.Name == "add" || n.Args.Spec.Name == "mul" {
				slices.Sort(in)
				slices.Sort(want)
			}
			if used[j] || n.Args.Spec != m.Args.Spec || arguments(n) != arguments(m) || !slices.Equal(in, want) {
				continue
			}
			used[j] = true
			for k, w := range n.Out {
				to[w] = m.Out[k]
			}
			if try(i + 1) {
				return true
			}
			used[j] = false
		}
		return false
	}
	return try(0)
}

// samePartition tells whether the same nodes share weights.
func samePartition(a, b *op.Graph, to map[op.Wire]op.Wire) bool {
	class := func(g *op.Graph, at func(op.Wire) op.Wire) map[op.Wire]string {
		members := map[int][]int{}
		for _, n := range g.Nodes {
			if n.Share != 0 && len(n.Out) > 0 {
				members[n.Share] = append(members[n.Share], int(at(n.Out[0])))
			}
		}
		out := map[op.Wire]string{}
		for _, m := range members {
			slices.Sort(m)
			for _, w := range m {
				if len(m) > 1 {
					out[op.Wire(w)] = fmt.Sprint(m)
				}
			}
		}
		return out
	}
	return fmt.Sprint(class(a, func(w op.Wire) op.Wire { return to[w] })) == fmt.Sprint(class(b, func(w op.Wire) op.Wire { return w }))
}

// arguments are a node's, some defaults written out.
func arguments(n *op.Node) string {
	v := slices.Clone(n.Args.Values)
	switch n.Args.Spec.Name {
	case "conv":
		if v[0] == nil {
			v[0] = n.Shapes[0][0].Size
		}
	case "dropout":
		if v[0] == nil {
			v[0], v[1] = 1-v[1].(float64), nil
		}
	}
	return fmt.Sprint(v)
}

func unwired(g *op.Graph) *op.Graph {
	h := &op.Graph{Inputs: g.Inputs}
	alias := map[op.Wire]op.Wire{}
	at := func(w op.Wire) op.Wire {
		if v, ok := alias[w]; ok {
			return v
		}
		return w
	}
	for _, n := range g.Nodes {
		n.In = slices.Clone(n.In)
		for i, w := range n.In {
			n.In[i] = at(w)
		}
		if n.Args.Spec.Name == "clone" {
			for _, w := range n.Out {
				alias[w] = n.In[0]
			}
			continue
		}
		h.Nodes = append(h.Nodes, n)
	}
	for _, w := range g.Outputs {
		h.Outputs = append(h.Outputs, at(w))
	}
	return h
}

func sameConfigs(a, b *ir.Built) bool {
	return fmt.Sprint(a.Configs) == fmt.Sprint(b.Configs)
}

// checkLocated compares what is found with all points of a finite space.
func checkLocated(t rapid.TB, sp, a *ir.Space, points []*ir.Point) {
	only, err := a.Only()
	if err != nil {
		t.Fatal(err)
	}
	want, err := only.Build()
	if err != nil {
		t.Fatal(err)
	}
	count, total, best := int64(0), math.Inf(-1), math.Inf(-1)
	for _, p := range points {
		b, err := p.Build()
		if err != nil {
			t.Fatal(err)
		}
		if isomorphic(b.Graph, want.Graph) && sameConfigs(b, want) {
			x := priorOf(t, sp, p)
			count, total, best = count+1, math.Log(math.Exp(total)+math.Exp(x)), math.Max(best, x)
		}
	}
	loc, err := sp.Locate(a)
	if count == 0 {
		if err == nil {
			t.Fatalf("found what is not in the space: %v", loc.Point.Choices())
		}
		return
	}
	if err != nil {
		t.Fatalf("%v, and %d points build it", err, count)
	}
	if loc.Derivations.Cmp(big.NewInt(count)) != 0 || !loc.Exact {
		t.Fatalf("%s derivations, exact: %v; want %d", loc.Derivations, loc.Exact, count)
	}
	if math.Abs(loc.LogTotal-total) > 1e-9 || math.Abs(loc.LogProbability-best) > 1e-9 || !loc.TotalExact || !loc.MostProbable {
		t.Fatalf("log probability %v of %v in all; want %v of %v", loc.LogProbability, loc.LogTotal, best, total)
	}
	if x := priorOf(t, sp, loc.Point); math.Abs(x-best) > 1e-9 {
		t.Fatalf("the found point has log probability %v, not %v", x, best)
	}
	b, err := loc.Point.Build()
	if err != nil {
		t.Fatal(err)
	}
	if !isomorphic(b.Graph, want.Graph) || !sameConfigs(b, want) {
		t.Fatal("the found point builds something else")
	}
}

// TestLocateSmall compares with brute force on spaces by hand.
func TestLocateSmall(t *testing.T) {
	for _, text := range []string{
		"net = relu",
		"net = (relu | tanh | relu){0..3}",
		"net = relu? >> relu? >> tanh?",
		"let a = relu | tanh\nnet = a >> a >> (a | relu)",
		"net = { let a = relu | tanh | relu\n in >> a >> (a | relu){2} }",
		"rule b = { let a = relu | tanh\n in >> a >> a }\nnet = b >> b",
		"let w = 8 | 16 | 8\nnet = conv(w) >> conv(w)",
		"net = conv(8) >> conv(8 | 16, 3 | 5) >> (conv(8) | conv)",
		"net = clone(3) >> each(relu | tanh) >> add",
		"net = clone(2) >> (relu | tanh | skip, skip | relu) >> add",
		"net = (relu | tanh | skip) + (skip | relu)",
		"net = (conv(3) | conv(3)) + conv(3)",
		"net = conv(3) + (conv(3) >> conv(3)) + (conv(3) | conv(3) >> conv(3))",
		"net = clone(2) >> 2 of (relu | tanh | skip) >> add",
		"net = { a = in >> (relu | tanh); b = a >> (relu | skip); a + b }",
		"net = { a = in >> (relu | tanh); b = in >> (relu | tanh); c = a >> (conv(3) | conv(3)); b ++ c }",
		"let b = max_pool(2) | conv(8) | relu\nnet = b{3}",
		"net = { let w = 8 | 16\n in >> (relu if w == 8 | tanh) >> conv(w) }",
		"net = { let a = 1..4, b = 1..4\n require a + b <= 4\n in >> conv(a) >> conv(b) }",
		"let a = 1..3, b = 1..3\nrequire a == 1 implies b == 3\nnet = conv(a) >> conv(b)",
		"require params <= 100\nnet = conv(1 | 2 | 3 | 4, kernel: 1 | 3) >> relu?",
		"let w = 8 | 16\nlet u = conv(w) >> (relu | tanh)\nnet = u{2} >> conv(w)",
		"let u = { let v = conv(3) | relu | tanh\n in >> v >> (v | relu) }\nnet = u >> (relu | u)",
		"let v = conv(3) | relu\nlet u = v >> (v | relu)\nnet = u >> u >> v",
		"net = { let l(s) = conv(8 | 16, stride: s) | conv(8, kernel: 1, stride: s)\n in >> l(2) >> l(1){2} }",
		"net = { share let s = conv(3) | conv(3) >> relu\n in >> s >> (s | conv(3)) }",
		"net = { let s = conv(3) | conv(3) >> relu\n in >> s >> (s | conv(3)) }",
		"rule a = relu | b\nrule b = tanh | relu >> tanh\nnet = a >> b?",
		"rule t(d) = relu | relu >> t(d - 1) if d > 0\nnet = t(2)",
		"rule t = max_pool(2) >> t | relu | tanh >> max_pool(2) >> t >> relu | max_pool(2) >> (t | relu)\nnet = t",
		"rule t(d) = relu | t(d - 1) >> t(d - 1) if d > 0 | t(d - 1) + skip if d > 0\nnet = t(2)",
		"net = relu | tanh\nconfig train { lr: 1 | 2 | 1; opt: sgd(momentum: 0.1 | 0.2) | adam }",
		"net = { a = in >> relu; b = in >> relu; in >> (tanh | relu) }",
		"net = (dropout(0.5) | dropout(keep: 0.5)) >> conv(3 | 4, 1) >> conv(kernel: 1)",
	} {
		t.Run(text, func(t *testing.T) {
			sp := load(t, image+text+"\n")
			var points []*ir.Point
			enumerate(t, sp, 3_000, func(p *ir.Point) { points = append(points, p) })
			for i, p := range points {
				if i%max(1, len(points)/20) == 0 {
					checkLocated(t, sp, arch(t, p), points)
				}
			}
		})
	}
}
