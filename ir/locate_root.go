package ir

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang"
)

// root is the space's root over the wires of the graph: its input are the graph's, its net has to leave the
// graph's outputs, and its configs have the architecture's values. Configs that the architecture doesn't have
// are left out: they are free.
func (l *locator) root(arch *Built) (node, error) {
	top := *l.sp.root.(*scopeNode)
	seq := *top.body.(*seqNode)
	items := seq.items
	seq.items = nil
	for _, item := range items {
		switch n := item.(type) {
		case *constNode:
			if len(seq.items) == 0 && arch.Graph != nil && len(l.sp.Inputs) > 0 {
				item = &constNode{n.nodeInfo, l.inputs(arch.Graph)}
			}
		case *netNode:
			item = &locatedNet{*n, l}
		case *scopeNode:
			named, given := l.config(n, arch)
			if !given {
				continue
			}
			item = named
		}
		seq.items = append(seq.items, item)
	}
	top.body = &seq
	return &top, nil
}

func (l *locator) inputs(g *op.Graph) val {
	var parts []val
	for i := range g.Inputs {
		parts = append(parts, l.wire(value{kind: kindTensor, shape: l.sp.Inputs[i].Shape}, op.Wire(i)))
	}
	return l.tw.vals.tuple(parts)
}

// locatedNet is a net that has to leave the graph's outputs.
type locatedNet struct {
	netNode
	l *locator
}

func (n *locatedNet) enter(m *machine) (node, status) {
	m.push(n, 0, 0, 0)
	return n.body, stNext
}

func (n *locatedNet) resume(m *machine, _ *frame) (node, status) {
	l := n.l
	left := l.wires(m.acc)
	if l.target.sets.list[l.matched].size() < len(l.target.nodes) || !slices.Equal(left, l.target.outputs) {
		l.leaves.refused(l, offered{end: true, in: left})
		return m.fail(&n.nodeInfo, "the net ends before the graph does")
	}
	shapes, _ := l.tw.shapes(m.acc)
	for i, p := range l.sp.Outputs {
		if i >= len(shapes) || !shapes[i].Same(p.Shape) {
			return m.fail(&n.nodeInfo, "the net leaves what the output is not declared to be")
		}
	}
	return nil, stDone
}

// config is a config whose fields have the architecture's values; false where the architecture has none of the
// name.
func (l *locator) config(sc *scopeNode, arch *Built) (node, bool) {
	seq, ok := sc.body.(*seqNode)
	if !ok {
		return sc, true
	}
	config := *sc
	body := *seq
	body.items = slices.Clone(seq.items)
	for i, item := range body.items {
		f, ok := item.(*fieldNode)
		if !ok {
			continue
		}
		given := slices.IndexFunc(arch.Configs, func(c ConfigValues) bool { return c.Name == f.config })
		if given < 0 {
			return nil, false
		}
		for _, want := range arch.Configs[given].Fields {
			if want.Name == f.name {
				body.items[i] = &locatedField{*f, l, i, want.Value}
			}
		}
	}
	config.body = &body
	return &config, true
}

// locatedField is a field that has to have a value.
type locatedField struct {
	fieldNode
	l    *locator
	rank int
	want any
}

func (n *locatedField) enter(m *machine) (node, status) {
	m.push(n, 0, 0, 0)
	return n.body, stNext
}

func (n *locatedField) resume(m *machine, f *frame) (node, status) {
	if got := n.l.tw.goValue(m.acc); !sameValue(got, n.want) {
		n.l.leaves.refused(n.l, offered{field: n, value: n.l.tw.vals.describe(m.acc)})
		return m.fail(&n.nodeInfo, "the architecture has another value")
	}
	return n.fieldNode.resume(m, f)
}

// sameValue compares values of a field; numbers by value.
func sameValue(a, b any) bool {
	number := func(v any) (float64, bool) {
		switch v := v.(type) {
		case int:
			return float64(v), true
		case float64:
			return v, true
		}
		return 0, false
	}
	x, ok := number(a)
	y, ok2 := number(b)
	if ok || ok2 {
		return ok && ok2 && x == y
	}
	s, ok := a.(Symbol)
	t, ok2 := b.(Symbol)
	if ok || ok2 {
		if !ok || !ok2 || s.Name != t.Name || len(s.Args) != len(t.Args) {
			return false
		}
		for k, v := range s.Args {
			if w, ok := t.Args[k]; !ok || !sameValue(v, w) {
				return false
			}
		}
		return true
	}
	list, ok := a.([]any)
	other, ok2 := b.([]any)
	if ok || ok2 {
		return ok == ok2 && slices.EqualFunc(list, other, sameValue)
	}
	return fmt.Sprint(a) == fmt.Sprint(b)
}

// findReals collects what a continuous range may have been drawn as: the reals of the architecture, and what
// makes one of them by an operation with a number that the space writes.
func (l *locator) findReals(arch *Built) {
	seen := map[float64]bool{}
	add := func(x float64) {
		if !math.IsNaN(x) && !math.IsInf(x, 0) {
			seen[x] = true
		}
	}
	var visit func(v any)
	visit = func(v any) {
		switch v := v.(type) {
		case int:
			add(float64(v))
		case float64:
			add(v)
		case Symbol:
			for _, a := range v.Args {
				visit(a)
			}
		}
	}
	if arch.Graph != nil {
		for _, n := range arch.Graph.Nodes {
			for _, v := range n.Args.Values {
				visit(v)
			}
		}
	}
	for _, c := range arch.Configs {
		for _, f := range c.Fields {
			visit(f.Value)
		}
	}
	factors := map[float64]bool{}
	for _, d := range l.sp.File.Decls {
		lang.Walk(d, func(n lang.Node) bool {
			if b, ok := n.(*lang.Binary); ok {
				for _, e := range []lang.Expr{b.X, b.Y} {
					if x, ok := e.(*lang.Number); ok {
						factors[x.Value] = true
					}
				}
			}
			return true
		})
	}
	var given []float64
	for x := range seen {
		given = append(given, x)
	}
	for _, y := range given {
		for c := range factors {
			for _, x := range [...]float64{y - c, y + c, c - y, y / c, y * c, c / y} {
				for _, near := range [...]float64{x, math.Nextafter(x, -1), math.Nextafter(x, math.Inf(1))} {
					add(near)
				}
			}
		}
	}
	for x := range seen {
		l.reals = append(l.reals, x)
	}
	sort.Float64s(l.reals)
}
