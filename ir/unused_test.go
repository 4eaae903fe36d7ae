package ir_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
)

// A cell whose node i reads any earlier wire: the loose ends of each point are those of its graph, and the points are
// as many as the ways to read.
func TestUnused(t *testing.T) {
	sp, said := files{"main.space": `use std
input x: [c: 2, h: 4, w: 4]
net = {
  a = in >> relu
  b = (in | a) >> tanh
  c = (in | a | b) >> gelu
  d = (in | a | b | c) >> silu
  unused(a, b, c, d) >> (skip | concat)
}
`}.load()
	if len(said) > 0 {
		t.Fatal(said)
	}
	if n, err := sp.Count(); err != nil || n.Cmp(big.NewInt(24)) != 0 {
		t.Fatalf("%v points (%v), want 2 * 3 * 4", n, err)
	}
	seen := map[string]bool{}
	for trial := range uint64(200) {
		p := draw(t, sp, 1, trial)
		b, err := p.Build()
		if err != nil {
			t.Fatal(err)
		}
		read := map[string]bool{}
		last := b.Graph.Nodes[len(b.Graph.Nodes)-1]
		for _, n := range b.Graph.Nodes {
			for _, w := range n.In {
				if n.Path != last.Path || last.Args.Spec.Name != "concat" {
					read[fmt.Sprint(w)] = true
				}
			}
		}
		loose := b.Graph.Outputs
		if last.Args.Spec.Name == "concat" {
			loose = last.In
		}
		want := 0
		for _, n := range b.Graph.Nodes {
			if w := fmt.Sprint(n.Out[0]); n.Args.Spec.Name != "concat" && !read[w] {
				want++
				if !strings.Contains(fmt.Sprint(loose), w) {
					t.Errorf("wire %s is not among the loose ends %v", w, loose)
				}
			}
		}
		if len(loose) != want {
			t.Errorf("the loose ends are %v, want %d", loose, want)
		}
		seen[strings.Join(steps(t, p), ";")] = true
	}
	if len(seen) != 24 {
		t.Errorf("%d networks were drawn, want 24", len(seen))
	}
	rereads(t, sp, 20)
}

func TestUnusedErrors(t *testing.T) {
	for body, want := range map[string]string{
		"unused()":                              "E205 unused takes the wires to choose from",
		"unused(in)":                            "E205 unused takes wires that the block around names",
		"unused(a, q)":                          "E205 unused takes wires that the block around names",
		"unused(a) + unused(a)":                 "1 point",
		"a >> relu >> unused(a)":                "E301 a module belongs after >>",
		"in >> { b = a >> relu; unused(a) }":    "E501 this space has no point: each of these wires has been read: none is left",
		"in >> { b = a >> relu; unused(a, b) }": "1 point",
		"unused":                                "E301 a wire is needed here",
	} {
		sp, said := files{"main.space": "use std\ninput x: [3]\nnet = { a = in >> tanh; c = " + body + "; c }"}.load()
		got := strings.Join(said, "; ")
		if sp != nil {
			n, err := sp.Count()
			got = fmt.Sprintf("%v point %v", n, err)
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
}
