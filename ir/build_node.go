package ir

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spacec-lang/spacec/ir/op"
)

func (x *builder) seq(n *seqNode, in made) made {
	var few [4]text
	parts := few[:0]
	var named []string
	joined, chosen := "", false
	for _, item := range n.items {
		in = x.run(item, in)
		if in.joined != "" {
			joined = in.joined
		}
		switch item := item.(type) {
		case *requireNode, *forceNode:
		case *storeNode:
			if k := len(parts) - 1; k >= 0 && item.names != nil {
				named = append(named, strings.Join(item.names, ", ")+" = "+parts[k].s)
				chosen = chosen || parts[k].chosen
				parts = parts[:k]
			}
		default:
			if in.text.s != "" {
				parts = append(parts, in.text)
			}
		}
	}
	if n.join != "" {
		in.text = parts[0] // the operands; the op is the sign between them
		if joined != "" {
			in.text.s = joined
		}
		in.text.s = strings.ReplaceAll(in.text.s, joinMark, " "+n.join+" ")
		in.text.prec = 2
		return in
	}
	t := text{prec: 1}
	if len(parts) > 1 {
		kept := parts[:0]
		for _, p := range parts {
			if p.s != "skip" {
				kept = append(kept, p)
			}
		}
		if parts = kept; len(parts) == 0 {
			parts = append(parts, text{s: "skip", prec: 3})
		}
	}
	if len(parts) == 1 {
		t = parts[0]
	} else {
		stages := make([]string, len(parts))
		for i, p := range parts {
			if i > 0 {
				p = p.module()
			}
			t.wire = t.wire || i == 0 && p.wire
			t.chosen = t.chosen || p.chosen
			stages[i] = p.withinPipe()
		}
		t.s = strings.Join(stages, " >> ")
	}
	if len(named) > 0 {
		t = text{strings.Join(append(named, t.s), "; "), 0, t.chosen || chosen, true}
	}
	in.text = t
	return in
}

func (x *builder) parallel(items []node, fork bool, in made) made {
	out := made{tuple: true, wires: []op.Wire{}}
	var parts []string
	for i, item := range items {
		arrives := in
		if !fork {
			arrives = made{wires: in.wires[i : i+1]}
		}
		m := x.run(item, arrives)
		out.wires = append(out.wires, m.wires...)
		out.text.chosen = out.text.chosen || m.text.chosen
		if fork {
			parts = append(parts, m.text.module().within(3))
		} else {
			parts = append(parts, m.text.module().s)
		}
	}
	if fork {
		out.text.s, out.text.prec = strings.Join(parts, joinMark), 2
	} else {
		out.text.s, out.text.prec = "("+strings.Join(parts, ", ")+")", 3
	}
	return out
}

func (x *builder) gather(items []node) made {
	out := made{tuple: true}
	var parts, operands []string
	var vals []val
	for _, item := range items {
		m := x.run(item, made{})
		out.wires = append(out.wires, m.wires...)
		vals = append(vals, m.v)
		out.text.chosen = out.text.chosen || m.text.chosen
		out.text.wire = out.text.wire || m.text.wire
		parts, operands = append(parts, m.text.s), append(operands, m.text.within(3))
		if m.text.prec == 3 && m.text.wire {
			operands[len(operands)-1] = m.text.s
		}
	}
	if out.wires == nil {
		out.v = x.sp.vals.tuple(vals)
	}
	out.text.s, out.text.prec = "("+strings.Join(parts, ", ")+")", 3
	out.joined = strings.Join(operands, joinMark)
	return out
}

func (x *builder) repeat(n *repeatNode, in made) made {
	count := x.run(n.count, in)
	c := int(x.sp.vals.at(count.v).i)
	var turns []text
	same, chosen := true, count.text.chosen
	for i := range c {
		in = x.named(fmt.Sprintf("%s[%d]", n.name, i+1), func() made { return x.run(n.body, in) })
		turns = append(turns, in.text.module())
		same = same && turns[i].s == turns[0].s
		chosen = chosen || turns[i].chosen
	}
	switch {
	case c == 0:
		in.text = text{s: "skip", prec: 3}
	case c == 1:
		in.text = turns[0]
	case same:
		in.text = text{s: fmt.Sprintf("%s{%d}", turns[0].within(3), c), prec: 3}
	default:
		parts := make([]string, c)
		for i, t := range turns {
			parts[i] = t.withinPipe()
		}
		in.text = text{s: strings.Join(parts, " >> "), prec: 1}
	}
	in.text.chosen = chosen
	return in
}

func (x *builder) scope(n *scopeNode, in made) made {
	if n.in >= 0 {
		x.frame.cells[n.in] = cell{set: true, m: in}
	}
	if n.rule {
		x.frame.depth++
	}
	m := x.named(n.step.name, func() made { return x.run(n.body, in) })
	if n.rule {
		x.frame.depth--
	}
	for _, c := range n.cells {
		x.frame.cells[c] = cell{}
	}
	if lets := x.written[n]; len(lets) > 0 && n.block {
		m.text = text{strings.Join(append(lets, m.text.s), "; "), 0, true, true}
		delete(x.written, n)
	}
	if n.block || n.rule {
		m.text = m.text.module()
		m.text.prec = min(m.text.prec, 3)
	}
	if n.rule && m.text.prec < 3 {
		m.text.s, m.text.prec = "("+m.text.s+")", 3
	}
	return m
}

func (x *builder) call(n *callNode, in made) made {
	around, f := x.frame, x.newFrame(n.proc.cells)
	f.imports, f.depth = len(n.imports), around.depth+1
	for i, c := range n.imports {
		f.cells[i] = around.cells[c]
	}
	for i, a := range n.args {
		f.cells[len(n.imports)+i] = cell{set: true, m: x.run(a, in)}
	}
	x.frame = f
	m := x.named(n.step.name, func() made { return x.run(n.proc.body, in) })
	x.frame, x.spare = around, append(x.spare, f)
	for i, c := range n.imports {
		around.cells[c] = f.cells[i]
	}
	m.text = m.text.module()
	if m.wires == nil {
		return m // a value is written as what it is
	}
	if m.text.prec < 3 {
		m.text.s, m.text.prec = "("+m.text.s+")", 3
	}
	return m
}

func (x *builder) subset(n *subsetNode, in made) made {
	out := made{tuple: true}
	var parts []string
	var vals []val
	last := -1
	for k := range n.n {
		a := x.answer()
		last = last + 1 + int(a.option)
		arrives := in
		if !n.wire {
			arrives = made{wires: in.wires[k : k+1]}
		}
		ask := n.asks[0]
		m := x.named(fmt.Sprintf("%s[%d]", ask.step.name, k+1), func() made { return x.run(n.alts[last].body, arrives) })
		out.wires = append(out.wires, m.wires...)
		vals = append(vals, m.v)
		out.text.wire = out.text.wire || m.text.wire
		parts = append(parts, m.text.s)
	}
	out.text.s, out.text.prec, out.text.chosen = "("+strings.Join(parts, ", ")+")", 3, true
	if out.wires == nil {
		out.v = x.sp.vals.set(vals)
		if n.n == 1 {
			out.text.s, out.text.prec = "1 of "+out.text.s, 2
		}
	}
	return out
}

func (x *builder) pure(n *pureNode, in made) made {
	args := make([]val, len(n.args))
	chosen := false
	var texts []string
	for i, a := range n.args {
		m := x.run(a, in)
		args[i] = m.v
		if m.wires != nil {
			args[i] = x.types(m)
		}
		chosen = chosen || m.text.chosen
		texts = append(texts, m.text.s)
	}
	v, err := n.fn(&x.sp.m, args)
	if err != nil {
		x.fail("%v", err)
	}
	m := x.value(v)
	if sv := x.sp.vals.at(v); sv.kind == kindInts && n.name == "ints" {
		m.text.s = strings.Join(texts, ", ")
	}
	m.text.chosen = chosen
	return m
}

// types is the type of wires.
func (x *builder) types(m made) val {
	var parts []val
	for _, w := range m.wires {
		parts = append(parts, x.sp.vals.tensor(x.shapes[w], 0, x.results[w], x.sp.results))
	}
	return x.sp.vals.tuple(parts)
}

func (x *builder) module(n *moduleNode, in made) made {
	var args []made
	for _, a := range n.args {
		args = append(args, x.run(a, in))
	}
	cells := x.frame.cells
	for i, c := range n.params {
		cells[c] = cell{set: true, m: args[i]}
	}
	body := func() made { return x.run(n.let.body, in) }
	var m made
	if c := &cells[n.cell]; !c.set {
		d := &drawn{let: n.let, frame: x.frame.id, depth: x.frame.depth}
		first := len(x.out.Graph.Nodes)
		x.outer(n.cell, func() {
			x.active = append(x.active, d)
			m = body()
		})
		for i := first; n.let.share && i < len(x.out.Graph.Nodes); i++ {
			x.shares++
			x.out.Graph.Nodes[i].Share = x.shares
			d.nodes = append(d.nodes, x.shares)
		}
		cells[n.cell] = cell{set: true, drawn: d}
		if n.let.tag >= 0 {
			cells[n.cell].m = cells[n.let.tag].m
		}
		if n.let.share {
			x.written[n.let.home] = append(x.written[n.let.home], "share let "+n.let.name+" = "+m.text.module().s)
		}
	} else {
		d := c.drawn
		replay, replays, reading := x.replay, x.replays, x.reading
		x.replay, x.replays, x.reading = d.answers, 0, true
		first := len(x.out.Graph.Nodes)
		saved := x.active
		// The answers were noted when the let was drawn, by itself and, if it is theirs, by lets around it.
		sharing := x.sharing
		x.active, x.sharing = nil, sharing || n.let.share
		m = body()
		x.active, x.sharing = saved, sharing
		x.replay, x.replays, x.reading = replay, replays, reading
		for i := range d.nodes {
			if first+i < len(x.out.Graph.Nodes) {
				x.out.Graph.Nodes[first+i].Share = d.nodes[i]
			}
		}
	}
	for _, c := range n.params {
		cells[c] = cell{}
	}
	m.text.chosen = true
	if n.let.share {
		m.text = text{s: n.let.name, prec: 3, chosen: true}
	}
	return m
}

// opCalled is an op with its arguments, and how that is written.
type opCalled struct {
	args op.Args
	text text
}

// called are the arguments of an op.
func (x *builder) called(n *opNode, in made) *opCalled {
	if c := x.constant[n]; c != nil {
		return c
	}
	parts := make([]val, len(n.args))
	var texts []string
	chosen, byName := false, false
	for i, a := range n.args {
		p := &n.spec.Params[i]
		if a == nil {
			byName = true
			continue
		}
		m := x.run(a, in)
		parts[i] = m.v
		chosen = chosen || m.text.chosen
		switch {
		case p.Kind == op.Ints:
			texts = append(texts, m.text.s)
		case p.Kind == op.Symbol:
			texts = append(texts, p.Name+": "+op.Literal(p.Kind, x.sp.vals.at(m.v).s))
		case byName || i > 0:
			texts = append(texts, p.Name+": "+m.text.s)
		default:
			texts = append(texts, m.text.s)
		}
	}
	args, err := x.sp.opArgs(n.spec, parts)
	if err != nil {
		x.fail("%v", err)
	}
	c := &opCalled{args, text{s: n.spec.Name, prec: 3, chosen: chosen}}
	if len(texts) > 0 {
		c.text.s += "(" + strings.Join(texts, ", ") + ")"
	}
	if n.fixed != absent {
		x.constant[n] = c
	}
	return c
}

func (x *builder) op(n *opNode, in made) made {
	c := x.called(n, in)
	x.tensors = x.tensors[:0]
	for _, w := range in.wires {
		x.tensors = append(x.tensors, &x.shapes[w])
	}
	t := &x.tracer
	t.Reset()
	tensors, err := op.Run(t, c.args, x.tensors)
	if err != nil {
		x.fail("%v", err)
	}
	cost, err := x.sp.costsOf(n.spec, c.args, x.tensors, &op.Result{Params: t.Params, MACs: t.MACs})
	if err != nil {
		x.fail("%v", err)
	}
	if x.sharing {
		cost[costParams] = 0
	}
	x.out.spent.add(&cost)
	if n.spec.Name == "skip" { // the wire itself
		in.text = c.text
		return in
	}
	return x.node(n, c, in, tensors)
}

// node adds an op to the graph that has made tensors.
func (x *builder) node(n *opNode, c *opCalled, in made, tensors []op.Tensor) made {
	out := made{tuple: len(tensors) > 1, wires: make([]op.Wire, len(tensors)), text: c.text}
	shapes := make([]op.Shape, len(tensors))
	for i, y := range tensors {
		shapes[i] = slices.Clone(y.Shape())
		out.wires[i] = x.wire(shapes[i])
		if len(x.tracer.Exports) > 0 {
			x.results[out.wires[i]] = x.tracer.Exports
		}
	}
	g := x.out.Graph
	g.Nodes = append(g.Nodes, op.Node{Args: c.args, In: in.wires, Out: out.wires, Shapes: shapes, Path: x.unique(n.name), Span: n.span})
	return out
}

// unique is the path of a node of the graph.
func (x *builder) unique(name string) string {
	x.path = append(x.path, name...)
	path := string(x.path)
	x.path = x.path[:len(x.path)-len(name)]
	x.paths[path]++
	if n := x.paths[path]; n > 1 {
		path += "~" + strconv.Itoa(n)
	}
	return path
}

func (x *builder) field(n *fieldNode) made {
	m := x.run(n.body, made{})
	if n.cell >= 0 {
		x.frame.cells[n.cell] = cell{set: true, m: m}
	}
	cs := &x.out.Configs
	if k := len(*cs); k == 0 || (*cs)[k-1].Name != n.config {
		*cs = append(*cs, ConfigValues{Name: n.config})
	}
	c := &(*cs)[len(*cs)-1]
	c.Fields = append(c.Fields, Field{n.name, x.sp.goValue(m.v)})
	x.out.fields[n.config+"."+n.name] = m.text.s
	return made{v: valUnit}
}
