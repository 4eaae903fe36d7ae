// Package source writes a graph as a file of Go that builds it again: a function with a line for each op, in terms of
// package nn, which reads as one would write it by hand.
package source

import (
	"bytes"
	"fmt"
	"go/format"
	"strconv"
	"strings"

	"github.com/spacec-lang/spacec/compile/gorgonia"
	"github.com/spacec-lang/spacec/compile/gorgonia/internal/spell"
	"github.com/spacec-lang/spacec/compile/gorgonia/nn"
	"github.com/spacec-lang/spacec/ir/op"
)

// File is what a file says besides the graph.
type File struct {
	Package string
	Func    string // the function that makes the graph
	Text    string // of the point, for its comment
}

// Name is a Go name for a function, of a text such as the name of a file.
func Name(text string) string { return spell.Exported(text) }

// Package is a Go name for a package, of a text such as the name of a folder.
func Package(text string) string { return strings.ToLower(spell.Local(text)) }

// Write is the file, formatted. The error is a *gorgonia.OpError where an op can't be written.
func Write(g *op.Graph, f File) ([]byte, error) {
	cost, err := g.Costs()
	if err != nil {
		return nil, err
	}
	if err := gorgonia.Runnable(g); err != nil {
		return nil, err
	}
	w := &writer{made: map[op.Wire]maker{}, readers: map[op.Wire][]int{}, share: map[int][]int{}, wires: map[op.Wire]string{},
		taken: map[string]bool{"g": true, "nn": true}, assign: map[int]string{}}
	if err := w.read(g); err != nil {
		return nil, err
	}
	fmt.Fprintf(&w.out, "package %s\n\nimport \"github.com/spacec-lang/spacec/compile/gorgonia/nn\"\n\n", f.Package)
	w.comment("%s is the network of this point, as spacec compile wrote it:", f.Func)
	w.comment("")
	for _, line := range strings.Split(strings.TrimSpace(f.Text), "\n") {
		w.out.WriteString(strings.TrimRight("//\t"+line, " \t\r") + "\n")
	}
	w.comment("")
	w.comment("It takes %s and gives %s, with %d params and %d multiplications for each example.",
		ports(g.Inputs), ports(g.OutPort), cost.Params, cost.MACs)
	fmt.Fprintf(&w.out, "func %s() *nn.Graph {\ng := nn.New()\n", f.Func)
	for i, p := range g.Inputs {
		sizes := strconv.Quote(p.Name)
		for _, n := range p.Shape.Sizes() {
			sizes += ", " + strconv.Itoa(n)
		}
		w.line(w.declare([]op.Wire{op.Wire(i)}, w.fresh(spell.Local(p.Name))), "g.Input("+sizes+")", p.Shape)
	}
	w.block(0, len(w.nodes))
	w.out.WriteByte('\n')
	for i, p := range g.OutPort {
		w.line("", fmt.Sprintf("g.Output(%q, %s)", p.Name, w.wires[w.outputs[i]]), p.Shape)
	}
	w.out.WriteString("return g\n}\n")
	text, err := format.Source(w.out.Bytes())
	if err != nil {
		return nil, fmt.Errorf("the file can't be formatted: %w", err)
	}
	return text, nil
}

// ports names inputs or outputs with their shapes.
func ports(list []op.Port) string {
	var names []string
	for _, p := range list {
		names = append(names, p.Name+" "+p.Shape.String())
	}
	return strings.Join(names, ", ")
}

// node is an op that is written: wiring isn't.
type node struct {
	*op.Node
	name string
	in   []op.Wire // past wiring
	kind string    // what two turns of a loop have in common: the op, its arguments and the shapes that it makes
	own  bool      // it has weights
}

// maker is where a wire is from: an output of a node.
type maker struct{ node, out int }

// writer writes the body of a function.
type writer struct {
	out     bytes.Buffer
	nodes   []node
	outputs []op.Wire          // past wiring
	made    map[op.Wire]maker  // by nodes
	readers map[op.Wire][]int  // the nodes that read a wire; len(nodes) for an output
	share   map[int][]int      // the nodes with the same weights
	wires   map[op.Wire]string // the expressions of wires
	taken   map[string]bool    // names
	assign  map[int]string     // the variables that nodes are assigned to, instead of new ones
	section string             // of the last line: the rules that lead to it
	loops   int                // so far
	turning int                // how many loops are around
}

// read takes the graph apart.
func (w *writer) read(g *op.Graph) error {
	from, shapes := map[op.Wire]op.Wire{}, map[op.Wire]op.Shape{}
	source := func(x op.Wire) op.Wire { // past wiring
		if f, ok := from[x]; ok {
			return f
		}
		return x
	}
	for i, p := range g.Inputs {
		shapes[op.Wire(i)] = p.Shape
	}
	names := g.Names()
	for i := range g.Nodes {
		n := &g.Nodes[i]
		spec := n.Args.Spec
		var in []op.Shape
		for _, x := range n.In {
			in = append(in, shapes[x])
		}
		for k, x := range n.Out {
			shapes[x] = n.Shapes[k]
			if spec.Wiring {
				from[x] = source(n.In[0])
			}
		}
		if spec.Wiring {
			continue
		}
		r, err := op.Infer(n.Args, in)
		if err == nil && !nn.Has(spec) {
			err = fmt.Errorf("%s is declared in a file, without a definition that could be written in Go", spec.Name)
		}
		if err != nil {
			return &gorgonia.OpError{Path: n.Path, Span: n.Span, Err: err}
		}
		m := node{Node: n, kind: fmt.Sprint(n.Args, n.Shapes), own: r.Params > 0,
			name: spell.Local(spec.Name) + strings.TrimPrefix(names[i], spec.Name)}
		w.taken[m.name] = true
		for _, x := range n.In {
			m.in = append(m.in, source(x))
			w.readers[source(x)] = append(w.readers[source(x)], len(w.nodes))
		}
		for k, x := range n.Out {
			w.made[x] = maker{len(w.nodes), k}
		}
		if n.Share != 0 && m.own {
			w.share[n.Share] = append(w.share[n.Share], len(w.nodes))
		}
		w.nodes = append(w.nodes, m)
	}
	for _, x := range g.Outputs {
		x = source(x)
		w.outputs = append(w.outputs, x)
		w.readers[x] = append(w.readers[x], len(w.nodes))
	}
	return nil
}

// fresh is a name that nothing has, like the given one.
func (w *writer) fresh(name string) string {
	for w.taken[name] {
		name += "_"
	}
	w.taken[name] = true
	return name
}

func (w *writer) comment(text string, args ...any) {
	w.out.WriteString(strings.TrimRight("// "+fmt.Sprintf(text, args...), " ") + "\n")
}

// line writes a statement with the shapes of what it makes.
func (w *writer) line(assign, expression string, shapes ...op.Shape) {
	var texts []string
	for _, s := range shapes {
		texts = append(texts, s.String())
	}
	fmt.Fprintf(&w.out, "%s%s // %s\n", assign, expression, strings.Join(texts, ", "))
}

// declare names the wires of a statement, and is its left side; nothing where they aren't used.
func (w *writer) declare(wires []op.Wire, name string) string {
	used := false
	for i, x := range wires {
		w.wires[x] = name
		if len(wires) > 1 {
			w.wires[x] = fmt.Sprintf("%s[%d]", name, i)
		}
		used = used || len(w.readers[x]) > 0
	}
	if !used {
		return ""
	}
	return name + " := "
}

// block writes the nodes [from, to), turns of a loop as a loop.
func (w *writer) block(from, to int) {
	for i := from; i < to; {
		if l, ok := w.loop(i, to); ok {
			w.repeat(l)
			if i += l.size * l.turns; i < to {
				w.out.WriteByte('\n')
			}
			continue
		}
		n := &w.nodes[i]
		w.head(n.Path)
		call, left := w.call(i), w.declare(n.Out, n.name)
		if x := w.assign[i]; x != "" {
			left, w.wires[n.Out[0]] = x+" = ", x
		} else if left == "" && w.leads(i) {
			left = n.name + " := "
		}
		w.line(left, call, n.Shapes...)
		i++
	}
}

// head parts the ops of different rules.
func (w *writer) head(path string) {
	section := w.rules(path)
	if section == w.section {
		return
	}
	w.section = section
	w.out.WriteByte('\n')
	if section != "" {
		w.comment("%s", section)
	}
}

// rules are the names of a path that a file gives: not the op, nor repetition as such; in a loop without numbers.
func (w *writer) rules(path string) string {
	var names []string
	parts := strings.Split(path, ".")
	for _, p := range parts[:len(parts)-1] {
		name := p
		if end := strings.IndexAny(p, "[#"); end >= 0 {
			name = p[:end]
		}
		if name == "times" {
			continue
		}
		if w.turning > 0 {
			p = name
		}
		names = append(names, p)
	}
	return strings.Join(names, ".")
}

// leads tells whether a node's weights are used by later ones.
func (w *writer) leads(i int) bool {
	group := w.share[w.nodes[i].Share]
	return w.nodes[i].own && len(group) > 1 && group[0] == i
}

// call is the expression of a node.
func (w *writer) call(i int) string {
	n := &w.nodes[i]
	var args []string
	for _, x := range n.in {
		args = append(args, w.wires[x])
	}
	for p := range n.Args.Spec.Params {
		param, v := &n.Args.Spec.Params[p], n.Args.Values[p]
		if param.Default == nil && param.DefaultDoc == "" {
			args = append(args, literal(v))
		}
	}
	for p := range n.Args.Spec.Params {
		param, v := &n.Args.Spec.Params[p], n.Args.Values[p]
		if (param.Default != nil || param.DefaultDoc != "") && v != nil && v != param.Default {
			args = append(args, "nn."+spell.Exported(param.Name)+"("+literal(v)+")")
		}
	}
	if group := w.share[n.Share]; n.own && len(group) > 0 && group[0] != i {
		args = append(args, "nn.WeightsOf("+w.nodes[group[0]].name+")")
	}
	return "g." + spell.Exported(n.Args.Spec.Name) + "(" + strings.Join(args, ", ") + ")"
}

// literal is an argument in Go.
func literal(v any) string {
	if list, ok := v.([]int); ok {
		items := make([]string, len(list))
		for i, n := range list {
			items[i] = strconv.Itoa(n)
		}
		return strings.Join(items, ", ")
	}
	return fmt.Sprintf("%#v", v)
}
