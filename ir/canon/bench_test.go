package canon_test

import (
	"testing"

	"github.com/spacec-lang/spacec/ir/canon"
	"github.com/spacec-lang/spacec/ir/op"
)

// BenchmarkHash: a cell of NAS-Bench-201, alone and with ops met before; a whole network of its; a chain
// of 1,000 residual blocks, whose sums are flat.
func BenchmarkHash(b *testing.B) {
	o := newCellOps(b)
	cell := o.graph(b, cell{3, 4, 1, 2, 0, 3})
	w := example(b, "nasbench201").Walk()
	w.Draw(1, 1)
	p, err := w.Point()
	if err != nil {
		b.Fatal(err)
	}
	built, err := p.Build()
	if err != nil {
		b.Fatal(err)
	}
	for name, g := range map[string]*op.Graph{"cell": cell, "network": built.Graph, "residual": residuals(b, 1000)} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			h := canon.NewHasher(canon.Budget)
			for b.Loop() {
				if f, err := h.Hash(g); err != nil || !f.Exact {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("cell, first met", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := canon.Hash(cell); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// residuals is a chain of n blocks x + conv(x).
func residuals(t testing.TB, n int) *op.Graph {
	g := newNet(t, image(8))
	x := op.Wire(0)
	for range n {
		x = g.do("add", x, g.do("conv", x))
	}
	return g.out(x)
}
