package samplers

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
)

// seedNetwork locates a network of examples/einspace in einspace, and gives a walk of the space and the network.
func seedNetwork(t testing.TB, name string) (*ir.Walk, *kin) {
	t.Helper()
	read := func(path string) (string, error) {
		text, err := os.ReadFile(filepath.Join("../examples/einspace", filepath.Base(path)))
		return string(text), err
	}
	text, err := read(name + ".space")
	if err != nil {
		t.Fatal(err)
	}
	var report diag.Report
	network := ir.Load(lang.NewSource(name, text), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source, File: read}, &report)
	if network == nil {
		t.Fatal(report.Diagnostics()[0].Message)
	}
	space := example(t, "einspace")
	l, err := space.Locate(network)
	if err != nil {
		t.Fatal(err)
	}
	w := space.Walk()
	k, err := kinOf(w, l.Point)
	if err != nil {
		t.Fatal(err)
	}
	return w, k
}

// TestMutantsOfSeeds: every mutant of a network that was located is a point, keeps the requirements as built, and differs from its
// parent; most of what it doesn't change is the parent's.
func TestMutantsOfSeeds(t *testing.T) {
	for _, name := range []string{"vit", "mlp_mixer"} {
		t.Run(name, func(t *testing.T) {
			w, parent := seedNetwork(t, name)
			for trial := range uint64(50) {
				p, g, err := mutate(w, drawn{1, trial}, parent)
				if err != nil {
					t.Fatal(err)
				}
				if g.same(parent.genome) {
					t.Errorf("mutant %d is its parent", trial)
				}
				b, err := p.Build()
				if err != nil {
					t.Fatalf("mutant %d: %v", trial, err)
				}
				if c := b.Costs(); c[0].Value > 50e6 || c[1].Value > 5e9 || len(b.Graph.OutPort) != 1 || b.Graph.OutPort[0].Shape.Elements() != 10 {
					t.Errorf("mutant %d is of %v, and leaves %v", trial, c, b.Graph.OutPort)
				}
			}
		})
	}
}

// TestMutantsElsewhere changes a number of which nothing else is on offer: the next decision changes instead, by its own prior.
func TestMutantsElsewhere(t *testing.T) {
	sp := load(t, "t", "edition 1\nspace t\nuse std\ninput x: [c: 3, h: 8, w: 8]\nnet = t\nrule t = skip [60%] | conv(in.c + 1) >> t\n"+
		"let a = 1..3\nconfig training {\n  n: a\n  m: 5 if a == 2\n  lr: 0.1..0.9\n}\n")
	w := sp.Walk()
	_, parent, err := drive(w, drawn{1, 1})
	if err != nil {
		t.Fatal(err)
	}
	a := parent[len(parent)-2]
	for trial := range uint64(20) {
		b := &bred{drawn: drawn{2, trial}, parent: parent.genes(), changed: a.key, to: a.near(0.7)}
		_, g, err := drive(w, b)
		if err != nil {
			t.Fatal(err)
		}
		if g.same(parent) || g[len(g)-1].at == 0 {
			t.Errorf("trial %d: %v becomes %v", trial, parent, g)
		}
	}
}

// BenchmarkMutate makes mutants of a transformer that was located in einspace: ever new ones, and a few again and again, of whose
// situations all are known.
func BenchmarkMutate(b *testing.B) {
	run := func(b *testing.B, trials uint64) {
		w, parent := seedNetwork(b, "vit")
		trial := uint64(0)
		mutate := func() {
			if _, _, err := mutate(w, drawn{1, trial % trials}, parent); err != nil {
				b.Fatal(err)
			}
			trial++
		}
		for trials < 1000 && trial < trials {
			mutate()
		}
		trial = 0
		b.ReportAllocs()
		for b.Loop() {
			mutate()
		}
		b.ReportMetric(float64(trial)/b.Elapsed().Seconds(), "mutants/s")
	}
	b.Run("new", func(b *testing.B) { run(b, 1<<62) })
	b.Run("known", func(b *testing.B) { run(b, 10) })
}
