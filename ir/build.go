package ir

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spacec-lang/spacec/ir/op"
)

// Built is what a point stands for: the graph of its net, the values of its configs, and its text.
type Built struct {
	Graph   *op.Graph // nil where the space has no net
	Configs []ConfigValues
	text    string // of the net
	dims    []costDim
	spent   costs
	lets    []string          // shared lets of the file, as drawn
	fields  map[string]string // the text of a config's field, by "config.field"
	point   *Point
}

// ConfigValues are the values of one config's fields, in the order written.
type ConfigValues struct {
	Name   string
	Fields []Field
}

// Field is one field of a config: an int, float64, bool, string or Symbol.
type Field struct {
	Name  string
	Value any
}

// Example is what a point of the space stands for: for what all points have alike, such as ports, fields and the names of
// costs.
func (sp *Space) Example() (*Built, error) {
	w := sp.Walk()
	w.Draw(0, 0)
	p, err := w.Point()
	if err != nil {
		return nil, err
	}
	return p.Build()
}

// Build runs a point's answers through the space once more, this time making what they decide.
func (p *Point) Build() (b *Built, err error) {
	sp := p.space
	sp.mu.Lock()
	defer sp.mu.Unlock()
	x := &builder{sp: sp, p: p, out: &Built{dims: sp.dims, fields: map[string]string{}, point: p}, paths: map[string]int{},
		written: map[*scopeNode][]string{}, results: map[op.Wire][]op.Export{}, constant: map[*opNode]*opCalled{}}
	defer func() {
		if r := recover(); r != nil {
			f, ok := r.(buildError)
			if !ok {
				panic(r)
			}
			b, err = nil, f.error
		}
	}()
	if len(sp.Outputs) > 0 || len(sp.Inputs) > 0 {
		x.out.Graph = &op.Graph{Inputs: sp.Inputs, OutPort: sp.Outputs, Nodes: make([]op.Node, 0, min(p.spent[costOps], 1<<12))}
	}
	x.frame = x.newFrame(sp.cells)
	x.run(sp.root, made{})
	for _, lets := range x.written { // of the file: those of blocks stand there
		x.out.lets = append(x.out.lets, lets...)
	}
	if x.pos != len(p.taken) {
		x.fail("the point has %d answers too many", len(p.taken)-x.pos)
	}
	return x.out, nil
}

type buildError struct{ error }

// builder is the machine's twin over real things: wires of a graph instead of types.
type builder struct {
	sp      *Space
	p       *Point
	pos     int
	replay  []int // answers of a drawn let that are read again; nil when reading on
	replays int
	reading bool
	active  []*drawn // lets that are being drawn, whose answers are noted
	frame   *buildFrame
	out     *Built
	path    []byte // of where it is, each name with a dot after it
	paths   map[string]int
	shapes  []op.Shape // by wire
	results map[op.Wire][]op.Export
	frames  int           // so far
	spare   []*buildFrame // of calls that are over
	tracer  op.Tracer
	tensors []op.Tensor // of the op at hand

	constant map[*opNode]*opCalled   // where no argument is drawn or computed
	shares   int                     // shared weights so far
	sharing  bool                    // within a further use of a shared let
	written  map[*scopeNode][]string // shared lets, as drawn, by the scope that declares them
}

func (x *builder) fail(format string, args ...any) {
	panic(buildError{fmt.Errorf("point of "+x.sp.Name+": "+format, args...)})
}

// buildFrame is a procedure's cells.
type buildFrame struct {
	cells   []cell
	id      int
	imports int
	depth   int
}

// newFrame is a frame for a procedure of so many cells.
func (x *builder) newFrame(cells int) *buildFrame {
	f := &buildFrame{}
	if k := len(x.spare); k > 0 {
		f, x.spare = x.spare[k-1], x.spare[:k-1]
	}
	f.cells = slices.Grow(f.cells[:0], cells)[:cells]
	clear(f.cells)
	x.frames++
	f.id = x.frames
	return f
}

// cell holds a wire or a value, or a let that was drawn.
type cell struct {
	set   bool
	m     made
	drawn *drawn
}

// drawn is a let that holds a module: the answers that drew it, to be read again at each use.
type drawn struct {
	let     *let
	frame   int // in which it was drawn
	depth   int // of that
	answers []int
	nodes   []int // of a shared let: the shares of its nodes
}

// made is what a node leaves: wires (a tuple's parts), or a value.
type made struct {
	v      val
	wires  []op.Wire
	tuple  bool // wires were made as a tuple, even if of one
	text   text
	joined string // the text of a tuple of wires as operands of a sum
}

// answer is the next answer of the point.
func (x *builder) answer() *taken {
	var i int
	if x.reading {
		if x.replays >= len(x.replay) {
			x.fail("a repeated let has no answer left")
		}
		i = x.replay[x.replays]
		x.replays++
	} else {
		if x.pos >= len(x.p.taken) {
			x.fail("an answer is missing")
		}
		i = x.pos
		x.pos++
	}
	for _, d := range x.active {
		d.answers = append(d.answers, i)
	}
	return &x.p.taken[i]
}

// outer runs f, which draws a let declared at cell c of the frame, with only those lets noting answers
// within whose definition it is declared.
func (x *builder) outer(c int, f func()) {
	saved := x.active
	x.active = nil
	for _, d := range saved {
		inside := d.frame == x.frame.id && c >= d.let.low && c < d.let.high ||
			d.frame != x.frame.id && x.frame.depth > d.depth && c >= x.frame.imports
		if inside {
			x.active = append(x.active, d)
		}
	}
	f()
	x.active = saved
}

// named runs f with a name added to the path.
func (x *builder) named(name string, f func() made) made {
	if name == "" {
		return f()
	}
	n := len(x.path)
	x.path = append(append(x.path, name...), '.')
	m := f()
	x.path = x.path[:n]
	return m
}

// value computes a value and its text. Several numbers, of a named result, are written as the arguments that they are.
func (x *builder) value(v val) made {
	s := x.sp.vals.describe(v)
	if x.sp.vals.at(v).kind == kindInts {
		s = strings.Trim(s, "()")
	}
	return made{v: v, text: text{s: s, prec: 3}}
}

// run executes a node on what arrives.
func (x *builder) run(n node, in made) made {
	cells := x.frame.cells
	switch n := n.(type) {
	case *constNode:
		if n.v == valUnit {
			return made{v: n.v}
		}
		if v := x.sp.vals.at(n.v); v.kind == kindTensor || v.kind == kindTuple && x.out.Graph != nil && x.out.Graph.Wires == 0 {
			return x.inputs()
		}
		return x.value(n.v)
	case *readNode:
		m := cells[n.cell].m
		if m.wires == nil {
			return x.value(m.v)
		}
		m.text = text{s: n.span.Text(), prec: 3, wire: true}
		if n.name != "" {
			m.text.s = n.name
		}
		return m
	case *arrivalNode:
		return in
	case *looseNode:
		return x.value(n.value(func(mark int) bool { return cells[mark].set }))
	case *nestingNode:
		return x.value(x.sp.vals.int(int64(x.frame.depth)))
	case *storeNode:
		if len(n.cells) == 1 {
			cells[n.cells[0]] = cell{set: true, m: in}
			return in
		}
		for i, c := range n.cells {
			cells[c] = cell{set: true, m: made{wires: in.wires[i : i+1]}}
		}
		return in
	case *seqNode:
		return x.seq(n, in)
	case *labelNode:
		return x.named(n.step.name, func() made { return x.run(n.body, in) })
	case *scopeNode:
		return x.scope(n, in)
	case *callNode:
		return x.call(n, in)
	case *netNode:
		m := x.run(n.body, in)
		x.out.text = m.text.s
		g := x.out.Graph
		g.Outputs = m.wires
		for i := len(g.OutPort); i < len(g.Outputs); i++ { // none declared: what leaves is the output
			name := "output"
			if len(g.Outputs) > 1 {
				name = fmt.Sprintf("output%d", i+1)
			}
			g.OutPort = append(g.OutPort, op.Port{Name: name, Shape: x.shapes[g.Outputs[i]]})
		}
		return m
	case *markNode:
		cells[n.mark] = cell{set: true, m: x.value(valTrue)}
		return x.run(n.read, in)
	case *unusedNode:
		return n.build(x)
	case *fieldNode:
		return x.field(n)
	case *parNode:
		return x.parallel(n.items, n.fork, in)
	case *gatherNode:
		return x.gather(n.items)
	case *eachNode:
		out := made{tuple: true, wires: []op.Wire{}}
		for _, w := range in.wires {
			m := x.run(n.use, made{wires: []op.Wire{w}})
			out.wires = append(out.wires, m.wires...)
			out.text = text{"each(" + m.text.module().s + ")", 3, m.text.chosen, false}
		}
		return out
	case *repeatNode:
		return x.repeat(n, in)
	case *choiceNode:
		a := x.answer()
		if n.tags != nil {
			cells[n.tag] = cell{set: true, m: made{v: n.tags[a.option]}}
		}
		m := x.run(n.alts[a.option].body, in)
		m.text.chosen = true
		return m
	case *rangeNode:
		a := x.answer()
		m := x.value(x.sp.vals.real(a.real))
		if !a.dom.continuous {
			m = x.value(a.dom.vals[a.option])
		}
		m.text.chosen = true
		return m
	case *someNode:
		number := x.sp.vals.at(x.run(n.number, in).v).i
		m := x.subset(n.sets[number-1], in)
		m.text.chosen = true
		return m
	case *subsetNode:
		return x.subset(n, in)
	case *forceNode:
		for _, u := range n.uses {
			x.run(u, in)
		}
		in.text = text{}
		return in
	case *requireNode:
		in.text = text{}
		return in
	case *condNode:
		if x.run(n.cond, in).v == valTrue {
			return x.run(n.then, in)
		}
		return x.run(n.otherwise, in)
	case *pureNode:
		return x.pure(n, in)
	case *useNode:
		if !cells[n.cell].set {
			x.outer(n.cell, func() { cells[n.cell] = cell{set: true, m: x.run(n.let.body, in)} })
		}
		m := cells[n.cell].m
		return m
	case *moduleNode:
		return x.module(n, in)
	case *opNode:
		return x.op(n, in)
	}
	x.fail("a node of no known kind")
	return made{}
}

// wire is a new one.
func (x *builder) wire(s op.Shape) op.Wire {
	g := x.out.Graph
	x.shapes = append(x.shapes, s)
	g.Wires++
	return op.Wire(g.Wires - 1)
}

func (x *builder) inputs() made {
	g := x.out.Graph
	m := made{tuple: len(g.Inputs) > 1}
	for i := range g.Inputs {
		m.wires = append(m.wires, x.wire(g.Inputs[i].Shape))
	}
	return m
}

// Map is a config's values by field.
func (c ConfigValues) Map() map[string]any {
	m := map[string]any{}
	for _, f := range c.Fields {
		m[f.Name] = f.Value
	}
	return m
}

// Config is the values of the config of that name; empty where there is none.
func (b *Built) Config(name string) ConfigValues {
	for _, c := range b.Configs {
		if c.Name == name {
			return c
		}
	}
	return ConfigValues{Name: name}
}
