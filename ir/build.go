package ir

import (
	"fmt"
	"strings"

	"github.com/spacec-lang/spacec/ir/op"
)

// Built is what a point stands for: the graph of its net, the values of its configs, and its text.
type Built struct {
	Graph   *op.Graph // nil where the space has no net
	Configs []ConfigValues
	text    string // of the net
	shapes  map[op.Wire]op.Shape
	fields  map[string]string // the text of a config's field, by "config.field"
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

// Build runs a point's answers through the space once more, this time making what they decide.
func (p *Point) Build() (b *Built, err error) {
	sp := p.space
	sp.mu.Lock()
	defer sp.mu.Unlock()
	x := &builder{sp: sp, p: p, out: &Built{shapes: map[op.Wire]op.Shape{}, fields: map[string]string{}}, paths: map[string]int{}}
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
		x.out.Graph = &op.Graph{Inputs: sp.Inputs, OutPort: sp.Outputs}
	}
	x.frame = &buildFrame{cells: make([]cell, sp.cells)}
	x.run(sp.root, made{})
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
	path    []string
	paths   map[string]int
	shares  int // shared weights so far
}

func (x *builder) fail(format string, args ...any) {
	panic(buildError{fmt.Errorf("point of "+x.sp.Name+": "+format, args...)})
}

// buildFrame is a procedure's cells.
type buildFrame struct {
	cells   []cell
	imports int
	depth   int
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
	frame   *buildFrame
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

// text is how what was made is written. chosen tells whether a choice decided it.
type text struct {
	s      string
	prec   int8 // 3 an operand, 2 a sum, 1 a pipe
	chosen bool
	wire   bool // starts from a wire: stands in a block only
}

// within is the text as an operand of something that binds as tightly as prec.
func (t text) within(prec int8) string {
	if t.wire && prec > 1 {
		return "(" + t.s + ")"
	}
	if t.prec < prec {
		return "(" + t.s + ")"
	}
	return t.s
}

// module is the text where a module has to stand.
func (t text) module() text {
	if t.wire {
		return text{"{ " + t.s + " }", 3, t.chosen, false}
	}
	return t
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
		inside := d.frame == x.frame && c >= d.let.low && c < d.let.high ||
			d.frame != x.frame && x.frame.depth > d.frame.depth && c >= x.frame.imports
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
	x.path = append(x.path, name)
	m := f()
	x.path = x.path[:len(x.path)-1]
	return m
}

// value computes a value and its text.
func (x *builder) value(v val) made { return made{v: v, text: text{s: x.sp.vals.describe(v), prec: 3}} }

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
		return m
	case *arrivalNode:
		return in
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
			g.OutPort = append(g.OutPort, op.Port{Name: name, Shape: x.shape(g.Outputs[i])})
		}
		return m
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

func (x *builder) inputs() made {
	g := x.out.Graph
	m := made{tuple: len(g.Inputs) > 1}
	for range g.Inputs {
		m.wires = append(m.wires, op.Wire(g.Wires))
		g.Wires++
	}
	return m
}

func (x *builder) seq(n *seqNode, in made) made {
	var parts []text
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
	for i, p := range parts {
		if i > 0 {
			t.s += " >> "
			p = p.module()
		}
		t.wire = t.wire || i == 0 && p.wire
		t.chosen = t.chosen || p.chosen
		t.s += p.withinPipe()
	}
	if len(parts) == 1 {
		t = parts[0]
	}
	if len(named) > 0 {
		t = text{strings.Join(append(named, t.s), "; "), 0, t.chosen || chosen, true}
	}
	in.text = t
	return in
}

// withinPipe is a stage's text.
func (t text) withinPipe() string {
	if t.prec == 2 || t.prec == 0 {
		return "(" + t.s + ")"
	}
	return t.s
}

// joinMark stands between operands until the seq around knows the operator.
const joinMark = "\x00"

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
	outerFrame := x.frame
	f := &buildFrame{cells: make([]cell, n.proc.cells), imports: len(n.imports), depth: outerFrame.depth + 1}
	for i, c := range n.imports {
		f.cells[i] = outerFrame.cells[c]
	}
	for i, a := range n.args {
		f.cells[len(n.imports)+i] = cell{set: true, m: x.run(a, in)}
	}
	x.frame = f
	m := x.named(n.step.name, func() made { return x.run(n.proc.body, in) })
	x.frame = outerFrame
	for i, c := range n.imports {
		outerFrame.cells[c] = f.cells[i]
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
	if out.wires == nil {
		out.v = x.sp.vals.tuple(vals)
	}
	out.text.s, out.text.prec, out.text.chosen = "("+strings.Join(parts, ", ")+")", 3, true
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
	if sv := x.sp.vals.at(v); sv.kind == kindInts {
		m.text.s = strings.Join(texts, ", ")
	}
	m.text.chosen = chosen
	return m
}

// types is the type of wires.
func (x *builder) types(m made) val {
	var parts []val
	for _, w := range m.wires {
		parts = append(parts, x.sp.vals.shape(x.shape(w)))
	}
	return x.sp.vals.tuple(parts)
}

func (x *builder) shape(w op.Wire) op.Shape {
	if i := int(w); i < len(x.out.Graph.Inputs) {
		return x.out.Graph.Inputs[i].Shape
	}
	return x.out.shapes[w]
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
		d := &drawn{let: n.let, frame: x.frame}
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
	} else {
		d := c.drawn
		replay, replays, reading := x.replay, x.replays, x.reading
		x.replay, x.replays, x.reading = d.answers, 0, true
		first := len(x.out.Graph.Nodes)
		saved := x.active
		// The answers were noted when the let was drawn, by itself and, if it is theirs, by lets around it.
		x.active = nil
		m = body()
		x.active = saved
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
	return m
}

func (x *builder) op(n *opNode, in made) made {
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
			texts = append(texts, p.Name+": "+x.sp.vals.at(m.v).s)
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
	g := x.out.Graph
	var in2 []op.Shape
	for _, w := range in.wires {
		in2 = append(in2, x.shape(w))
	}
	r, err := op.Infer(args, in2)
	if err != nil {
		x.fail("%v", err)
	}
	if n.spec.Name == "skip" { // the wire itself
		in.text = text{s: "skip", prec: 3, chosen: chosen}
		return in
	}
	out := made{tuple: len(r.Out) > 1}
	for _, s := range r.Out {
		w := op.Wire(g.Wires)
		g.Wires++
		out.wires = append(out.wires, w)
		x.out.shapes[w] = s
	}
	g.Nodes = append(g.Nodes, op.Node{Args: args, In: in.wires, Out: out.wires, Shapes: r.Out,
		Path: x.unique(n.name), Span: n.span})
	out.text = text{s: n.spec.Name, prec: 3, chosen: chosen}
	if len(texts) > 0 {
		out.text.s += "(" + strings.Join(texts, ", ") + ")"
	}
	return out
}

// unique is the path of a node of the graph.
func (x *builder) unique(name string) string {
	path := strings.Join(append(x.path[:len(x.path):len(x.path)], name), ".")
	x.paths[path]++
	if n := x.paths[path]; n > 1 {
		path = fmt.Sprintf("%s~%d", path, n)
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

// Text is the point as a .space file with one point: no choice is left in it, and its decisions stand in
// a from clause, so that reading it under the space gives the same point again.
func (p *Point) Text() (string, error) {
	b, err := p.Build()
	if err != nil {
		return "", err
	}
	sp := p.space
	var w strings.Builder
	fmt.Fprintf(&w, "edition 1\nspace %s\n\nuse std\n", sp.Name)
	if len(sp.Inputs) > 0 {
		w.WriteByte('\n')
		for _, in := range sp.Inputs {
			fmt.Fprintf(&w, "input %s: %s\n", in.Name, in.Shape)
		}
		for _, out := range sp.Outputs {
			fmt.Fprintf(&w, "output %s: %s\n", out.Name, out.Shape)
		}
	}
	if b.Graph != nil {
		fmt.Fprintf(&w, "\nnet = %s\n", b.text)
	}
	for _, c := range b.Configs {
		fmt.Fprintf(&w, "\nconfig %s {\n", c.Name)
		for _, f := range c.Fields {
			fmt.Fprintf(&w, "  %s: %s\n", f.Name, b.fields[c.Name+"."+f.Name])
		}
		w.WriteString("}\n")
	}
	for i, o := range sp.Objectives {
		if i == 0 {
			w.WriteByte('\n')
		}
		if o.Maximize {
			fmt.Fprintf(&w, "maximize %s\n", o.Name)
		} else {
			fmt.Fprintf(&w, "minimize %s\n", o.Name)
		}
	}
	fmt.Fprintf(&w, "\nfrom %s {\n", sp.Name)
	sp.mu.Lock()
	defer sp.mu.Unlock()
	for i := range p.taken {
		if t := &p.taken[i]; !t.forced {
			fmt.Fprintf(&w, "  %s = %s\n", t.path, p.answer(t))
		}
	}
	w.WriteString("}\n")
	return w.String(), nil
}
