package canon_test

import (
	"testing"

	"github.com/spacec-lang/spacec/ir/op"
)

// edges of a NAS-Bench-201 cell, in the order of the table, and the ops on them.
var (
	edges = [6][2]int{{0, 1}, {0, 2}, {1, 2}, {0, 3}, {1, 3}, {2, 3}}
	ops   = [5]string{"none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"}
)

type cell [6]int // an index of ops for each edge

// cells are all of them.
func cells() []cell {
	var all []cell
	for i := range 15625 {
		var c cell
		for e := range c {
			c[e] = i % 5
			i /= 5
		}
		all = append(all, c)
	}
	return all
}

type cellOps struct {
	zero, skip, relu, conv1, conv3, norm, pool, add op.Args
}

func newCellOps(t testing.TB) *cellOps {
	conv := func(k int) op.Args { return bind(t, "conv", map[string]any{"kernel": k, "bias": false}) }
	return &cellOps{bind(t, "zero"), bind(t, "skip"), bind(t, "relu"), conv(1), conv(3), bind(t, "batch_norm"),
		bind(t, "avg_pool", 3, map[string]any{"stride": 1, "padding": 1}), bind(t, "add")}
}

func (o *cellOps) edge(n *net, k int, x op.Wire) op.Wire {
	switch k {
	case 0:
		return n.op(o.zero, x)
	case 1:
		return n.op(o.skip, x)
	case 2:
		return n.op(o.norm, n.op(o.conv1, n.op(o.relu, x)))
	case 3:
		return n.op(o.norm, n.op(o.conv3, n.op(o.relu, x)))
	}
	return n.op(o.pool, x)
}

func (o *cellOps) graph(t testing.TB, c cell) *op.Graph {
	n := newNet(t, image(16))
	node := [4]op.Wire{}
	node[1] = o.edge(n, c[0], 0)
	node[2] = n.op(o.add, o.edge(n, c[1], 0), o.edge(n, c[2], node[1]))
	a := n.op(o.add, o.edge(n, c[3], 0), o.edge(n, c[4], node[1]))
	return n.out(n.op(o.add, a, o.edge(n, c[5], node[2])))
}
