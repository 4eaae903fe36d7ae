package ir

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/parser"
)

// Env is what a file may use besides itself.
type Env struct {
	Ops    *op.Library                              // nil is none
	Module func(name string) (text string, ok bool) // the text of "use NAME"
	// File is the text of a file that another one uses, by its path with slashes: relative to the working
	// directory where that of the file which uses it is. An error that is fs.ErrNotExist says that it isn't
	// there. Where File is nil, files can't be used.
	File func(path string) (text string, err error)
}

// Load parses, lowers and checks a file. It returns nil where the report holds an error.
func Load(src *lang.Source, env Env, report *diag.Report) *Space {
	file := parser.ParseFile(src, report)
	if report.Failed() {
		return nil
	}
	return Lower(file, env, report)
}

// Lower makes a space of a parsed file and checks it. It returns nil where the report holds an error.
func Lower(file *lang.File, env Env, report *diag.Report) *Space {
	if env.Ops == nil {
		env.Ops = op.NewLibrary()
	}
	sp := &Space{File: file, alternatives: map[lang.Span]bool{}, env: env, vals: newValues(), states: newStates(), lib: env.Ops,
		ops: newMadeOps(), calls: map[callKey]*opCall{}, ranges: map[rangeKey]*domain{}, letIDs: map[letKey]int32{}, declared: map[string]*declaredOp{}, results: map[string]bool{}}
	sp.bottom = &frame{path: &path{hash: 14695981039346656037}} // the offset basis of FNV-1a
	sp.forget()
	sp.m.sp = sp
	sp.layersHi, sp.onWay = math.MaxInt64, maxOnWay
	sp.dims = []costDim{{name: "params", scale: 1}, {name: "macs", scale: 1}, {name: "layers", scale: 1}, {name: "ops", scale: 1}}
	sp.leaper, sp.recorder = machine{sp: sp, jump: true}, machine{sp: sp, jump: true}
	l := &lowerer{sp: sp, report: report, lib: env.Ops, rules: map[string]*lang.Rule{}, std: map[string]*lang.Rule{}, types: map[string]*lang.TypeDecl{},
		globals: map[string]*binding{},
		uses:    map[*lang.Rule]*ruleUses{}, procs: map[string]*proc{}, used: map[any]bool{}, tested: map[string]bool{}, stdless: map[*lang.Source]bool{}}
	l.declare(file, env)
	if report.Failed() {
		return nil
	}
	l.file(file)
	if report.Failed() {
		return nil
	}
	l.finish()
	if report.Failed() {
		return nil
	}
	sp.loaded = len(sp.vals.list)
	sp.Check(report)
	if !report.Failed() {
		sp.lowerSeeds(env, report)
	}
	if report.Failed() {
		return nil
	}
	return sp
}

// declare collects the names of a file and of what it uses. A used file brings the names that it declares
// and the conditions on its lets; what it says of a space of its own is passed over.
func (l *lowerer) declare(file *lang.File, env Env) {
	u := usesOf(file, env, l.report)
	l.files, l.sees = u.files, u.sees
	for _, f := range u.std {
		for _, d := range f.Decls {
			if r, ok := d.(*lang.Rule); ok {
				l.std[r.Name.Name] = r
				l.used[r] = true
			}
		}
	}
	if l.sp.usesStd = len(u.std) > 0; !l.sp.usesStd {
		l.lib = op.NewLibrary()
	}
	names := scopes{}
	for _, f := range l.files {
		l.names(f, f == file, names)
		for _, d := range f.Decls {
			lang.Walk(d, func(n lang.Node) bool {
				if is, ok := n.(*lang.Is); ok {
					l.tested[headName(is.X)] = true
				}
				return true
			})
		}
	}
	l.declareOps()
	for _, f := range l.files {
		for _, d := range f.Decls {
			if c, ok := d.(*lang.Cost); ok {
				l.cost(c)
			}
		}
	}
	mentioned := map[string]int{}
	for name, g := range l.globals {
		all := l.mentions(&lang.Rule{Body: g.once, Params: g.params}).globals
		if mentioned[name] = len(all); all[name] {
			l.report.Errorf(diag.Endless, g.span, "the let '%s' is defined by itself", name)
		}
	}
	order := slices.Clone(l.order) // each after those that it mentions, which mention fewer
	slices.SortStableFunc(order, func(a, b string) int { return mentioned[a] - mentioned[b] })
	for _, name := range order {
		g := l.globals[name]
		s := &scope{names: map[string]*binding{}, inKind: isWire}
		g.kind = l.letKind(lang.Ident{At: lang.At{Span: g.span}, Name: name}, g.params, g.once, s, g.let.share)
		l.sp.sharing = l.sp.sharing || g.let.share
	}
	l.kinds = map[*lang.Rule]expKind{}
}

// file lowers the root: the net on the input, then every config.
func (l *lowerer) file(file *lang.File) {
	sp := l.sp
	u := &unit{local: map[string]*binding{}}
	l.top = &scopeNode{nodeInfo: l.info(lang.Span{Source: file.Source}), in: -1}
	l.importLets(u, l.order, u.take(len(l.order)))
	s := &scope{unit: u, names: map[string]*binding{}, cells: new([]int), labels: map[string]int{}, node: l.top}
	seq := &seqNode{nodeInfo: l.top.nodeInfo}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *lang.Port:
			port := op.Port{Name: d.Name.Name, Shape: l.shape(d.Type)}
			if d.Output {
				sp.Outputs = append(sp.Outputs, port)
			} else {
				sp.Inputs = append(sp.Inputs, port)
			}
		case *lang.Objective:
			sp.Objectives = append(sp.Objectives, Objective{d.Name.Name, d.Maximize})
		}
	}
	net := l.rules["net"]
	if net != nil {
		l.used[net] = true
		if len(sp.Inputs) == 0 {
			l.report.Errorf(diag.Declaration, net.Name.Span, "a net needs an input").Note("declare one: input image: [c: 1, h: 8, w: 8]")
			return
		}
		if len(net.Params) > 0 {
			l.report.Errorf(diag.Declaration, net.Params[0].Span, "net takes no parameters: nothing calls it")
			return
		}
		var parts []val
		for _, p := range sp.Inputs {
			parts = append(parts, sp.vals.shape(p.Shape))
		}
		in := -1
		t := &scope{unit: u, names: map[string]*binding{}, in: &in, inKind: isWire, cells: new([]int), labels: s.labels, node: l.top}
		body := l.lower(net.Body, t, l.moduleOrWire(net.Body, t))
		seq.items = append(seq.items, &constNode{l.info(net.Name.Span), sp.vals.tuple(parts)})
		if in >= 0 {
			seq.items = append(seq.items, &storeNode{nodeInfo: l.info(net.Name.Span), cells: []int{in}})
		}
		seq.items = append(seq.items, &netNode{nodeInfo: l.info(net.Span), body: body})
	}
	configs := 0
	var after []node
	for _, d := range file.Decls {
		if c, ok := d.(*lang.Config); ok {
			configs++
			l.config(c, s, seq)
		}
	}
	drawn := maps.Clone(l.used)
	for _, f := range l.files {
		for _, d := range f.Decls {
			r, ok := d.(*lang.Require)
			for i := 0; ok && i < len(r.Conds); i++ {
				if n := l.topRequire(r.Conds[i], s, f == file); n != nil {
					after = append(after, n)
				}
			}
		}
	}
	if net == nil && configs == 0 {
		d := l.report.Errorf(diag.NoRoot, lang.Span{Source: file.Source}, "this file has neither a net nor a config: nothing to draw")
		d.Note("name what is to be drawn: net = conv(8) >> relu")
		l.nearNet(d)
		return
	}
	if net == nil {
		l.portless(file)
	}
	seq.items = append(append(seq.items, after...), &constNode{l.info(lang.Span{Source: file.Source}), valUnit})
	l.top.body = seq
	sp.root, sp.cells = l.top, u.cells
	sp.top = &proc{name: "net", span: l.top.span, cells: u.cells, top: l.top, body: l.top}
	if l.report.Failed() {
		return // what a mistake kept from being lowered may use what nothing else does
	}
	for _, name := range l.order {
		if g := l.globals[name]; !l.used[g] {
			l.report.Warnf(diag.Unused, g.span, "'%s' is never used, so it draws nothing", name)
		} else if !drawn[g] {
			l.requiredAlone(u.local[name])
		}
	}
	for _, d := range file.Decls {
		if r, ok := d.(*lang.Rule); ok && !l.used[r] && l.rules[r.Name.Name] == r {
			l.report.Warnf(diag.Unused, r.Name.Span, "the rule '%s' is never used", r.Name.Name)
		}
	}
}

// portless reports the first input or output of a file that has configs and no net.
func (l *lowerer) portless(file *lang.File) {
	for _, d := range file.Decls {
		if p, ok := d.(*lang.Port); ok {
			what := "input"
			if p.Output {
				what = "output"
			}
			d := l.report.Errorf(diag.Declaration, p.Name.Span, "the %s '%s' is that of a net, and this file has none", what, p.Name.Name).
				Note("a file of configs alone has neither inputs nor outputs")
			l.nearNet(d)
			return
		}
	}
}

// netNode checks what the net leaves against the declared outputs.
type netNode struct {
	nodeInfo
	body node
}

func (n *netNode) enter(m *machine) (node, status) {
	m.push(n, 0, 0, 0)
	return n.body, stNext
}

func (n *netNode) resume(m *machine, _ *frame) (node, status) {
	if m.rec != nil && m.sp.hasOpaque(m.acc) {
		return m.rec.check(m, n)
	}
	return n.check(m)
}

func (n *netNode) check(m *machine) (node, status) {
	outs := m.sp.Outputs
	if m.sp.flat {
		return nil, stDone
	}
	if m.sp.depthDim > 0 {
		m.cost[m.sp.depthDim] += m.sp.depth(m.acc)
	}
	got, err := m.sp.tensors(m.acc)
	ok := len(outs) == 0 || err == nil && len(got) == len(outs)
	for i := 0; ok && i < len(outs); i++ {
		ok = got[i].Shape().Same(outs[i].Shape)
	}
	if ok && m.sp.deep {
		if d := m.sp.depth(m.acc); d < m.sp.layersLo {
			return m.fail(&n.nodeInfo, fmt.Sprintf("the longest path has %d layers, and at least %d are required", d, m.sp.layersLo))
		}
	}
	if !ok {
		want := ""
		for i, o := range outs {
			if i > 0 {
				want += ", "
			}
			want += o.Shape.String()
		}
		return m.fail(&n.nodeInfo, "the net leaves "+m.sp.vals.describe(m.acc)+", and the output is declared "+want)
	}
	return nil, stDone
}

// shape is a declared tensor type.
func (l *lowerer) shape(t lang.Type) op.Shape {
	if n, ok := t.(*lang.NominalType); ok {
		return l.nominal(n)
	}
	tt := t.(*lang.TensorType)
	var out op.Shape
	s := &scope{unit: &unit{local: map[string]*binding{}}, names: map[string]*binding{}, labels: map[string]int{}}
	for _, a := range tt.Axes {
		c, ok := l.lower(a.Size, s, isValue).(*constNode)
		axis := op.Axis{}
		if a.Name != nil {
			axis.Name = a.Name.Name
		}
		if ok {
			if v := l.sp.vals.at(c.v); v.kind == kindInt && v.i >= 1 && v.i < 1<<31 {
				axis.Size = int(v.i)
			}
		}
		if axis.Size == 0 {
			l.report.Errorf(diag.BadValue, a.Span, "the size of an axis is an integer of 1 or more")
		}
		out = append(out, axis)
	}
	return out
}

// config lowers a config: its fields in order, each a let of the config's scope.
func (l *lowerer) config(c *lang.Config, s *scope, seq *seqNode) {
	t := s.inner()
	cells := []int{}
	sc := &scopeNode{nodeInfo: l.info(c.Span), in: -1, step: step{name: s.label(c.Name.Name)}}
	t.cells, t.node, t.labels, t.config = &cells, sc, map[string]int{}, true
	body := &seqNode{nodeInfo: l.info(c.Span)}
	var required []lang.Expr // of all fields, wherever it is written
	for i, item := range c.Items {
		switch item := item.(type) {
		case *lang.Let:
			rest := &lang.Block{}
			for _, later := range c.Items[i+1:] {
				switch later := later.(type) {
				case *lang.Field:
					rest.Stmts = append(rest.Stmts, &lang.Assign{Value: later.Value})
				case *lang.Let:
					rest.Stmts = append(rest.Stmts, later)
				case *lang.Require:
					rest.Stmts = append(rest.Stmts, later)
				}
			}
			l.lets(item, t, rest)
		case *lang.Require:
			required = append(required, item.Conds...)
		case *lang.Field:
			if old := t.names[item.Name.Name]; old != nil {
				l.report.Errorf(diag.Defined, item.Name.Span, "the field '%s' is defined twice", item.Name.Name).With(old.span, "first here")
			}
			f := &fieldNode{nodeInfo: l.info(item.Span), config: c.Name.Name, name: item.Name.Name, cell: -1}
			f.body = l.labelled(item.Name.Name, item.Value, t, isValue, nil)
			if l.mentioned(c, item) {
				f.cell = s.unit.cell()
				cells = append(cells, f.cell)
			}
			t.names[item.Name.Name] = &binding{name: item.Name.Name, span: item.Name.Span, kind: isValue, cell: f.cell, value: true, may: l.known(item.Value, t)}
			body.items = append(body.items, f)
		}
	}
	for _, cond := range required {
		body.items = append(body.items, l.require(cond, t))
	}
	body.items = append(body.items, &constNode{l.info(c.Span), valUnit})
	sc.cells, sc.body = cells, body
	s.unit.release(cells...)
	seq.items = append(seq.items, sc)
}

// mentioned tells whether anything else in a config reads a field.
func (l *lowerer) mentioned(c *lang.Config, f *lang.Field) bool {
	found := false
	for _, item := range c.Items {
		if item != lang.ConfigItem(f) {
			eachName(item, func(n string) { found = found || n == f.Name.Name })
		}
	}
	return found
}

// fieldNode is one field of a config.
type fieldNode struct {
	nodeInfo
	config, name string
	body         node
	cell         int
}

func (n *fieldNode) enter(m *machine) (node, status) {
	m.push(n, 0, 0, 0)
	return n.body, stNext
}

func (n *fieldNode) resume(m *machine, _ *frame) (node, status) {
	if n.cell >= 0 {
		m.cells[n.cell] = m.acc
	}
	m.acc = valUnit
	return nil, stDone
}
