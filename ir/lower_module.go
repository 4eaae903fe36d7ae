package ir

import (
	"slices"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// module lowers the forms that only modules and wires have.
func (l *lowerer) module(e lang.Expr, s *scope, want expKind) node {
	switch e := e.(type) {
	case *lang.Pipe:
		n := &seqNode{nodeInfo: l.info(e.Pos())}
		n.items = append(n.items, l.lower(e.Stages[0], s, l.kind(e.Stages[0], s)))
		for _, x := range e.Stages[1:] {
			if l.kind(x, s) == isWire {
				l.report.Errorf(diag.Kind, x.Pos(), "a module belongs after >>, and '%s' is a wire", headName(x))
				continue
			}
			n.items = append(n.items, l.lower(x, s, isModule))
		}
		return n
	case *lang.Repeat:
		return l.repeat(e, s)
	case *lang.Optional:
		head := headName(e.X)
		if l.lib.Lookup("skip") == nil {
			return l.needsStd(e, "?", "skip")
		}
		skip := l.name(e, nil, "skip", s, isModule, true)
		before := s.labels["choice"]
		s.labels["choice"] = max(1, before) // the path itself names this choice
		body := l.alternative(e.X, s, isModule, s.labels)
		s.labels["choice"] = before
		option := head
		if head == "skip" {
			option = "skip#2"
		}
		n := l.newChoice(e.Pos(), []alt{{label: option, weight: weight{w: 1}, body: body},
			{label: "skip", weight: weight{w: 1}, body: skip}})
		return &labelNode{l.info(e.Pos()), step{name: s.label(head + ".optional")}, n, nil}
	case *lang.Block:
		return l.block(e, s)
	}
	return l.bad(diag.Kind, e, "this can't stand here")
}

// topChoice is the choice that a definition is, if it is one.
func topChoice(n node) *choiceNode {
	switch n := n.(type) {
	case *labelNode:
		return topChoice(n.body)
	case *seqNode: // lets that its guards read come first
		if _, ok := n.items[0].(*forceNode); ok {
			return topChoice(n.items[1])
		}
	case *choiceNode:
		return n
	}
	return nil
}

// alternative lowers one of several exclusive parts: names start over in each.
func (l *lowerer) alternative(e lang.Expr, s *scope, want expKind, labels map[string]int) node {
	t := s.inner()
	t.labels = map[string]int{}
	for k, v := range labels {
		t.labels[k] = v
	}
	n := l.lower(e, t, want)
	for k, v := range t.labels {
		s.labels[k] = max(s.labels[k], v)
	}
	return n
}

func (l *lowerer) repeat(e *lang.Repeat, s *scope) node {
	head := headName(e.X)
	n := &repeatNode{nodeInfo: l.info(e.Pos()), keep: s.unit.cell()}
	here := s.here()
	here.labels = map[string]int{}
	n.count = l.lower(e.Count, here, isValue)
	if asks(n.count) {
		n.count = &labelNode{l.info(e.Pos()), step{name: s.label(head + ".times")}, n.count, nil}
	}
	if c, ok := n.count.(*constNode); ok {
		if v := l.sp.vals.at(c.v); v.kind != kindInt || v.i < 0 || v.i > maxRepeat {
			d := l.report.Errorf(diag.BadValue, e.Count.Pos(), "a repetition needs a count of 0 to %d, not %s", maxRepeat, l.sp.vals.describe(c.v))
			if b, ok := e.Count.(*lang.Binary); ok && b.Op == "-" {
				d.Note("a range is written with two points").
					Edit(lang.Span{Source: b.X.Pos().Source, Start: b.X.Pos().End, End: b.Y.Pos().Start}, "..")
			}
			return &failNode{n.nodeInfo}
		}
	}
	n.atLeast = l.leastCount(n.count)
	s.unit.release(n.keep)
	t := s.inner()
	t.labels = map[string]int{}
	switch x := e.X.(type) {
	case *lang.Name:
		n.body = l.name(x, nil, x.Name, t, isModule, false)
	case *lang.Call:
		n.body = l.name(x, x.Args, x.Fun.Name, t, isModule, false)
	default:
		n.body = l.lower(e.X, t, isModule)
		head = "times"
	}
	n.name = s.label(head)
	return n
}

// leastCount is the least value of a count, as far as its form shows.
func (l *lowerer) leastCount(n node) int {
	v := absent
	switch n := n.(type) {
	case *labelNode:
		return l.leastCount(n.body)
	case *constNode:
		v = n.v
	case *rangeNode:
		if c, ok := n.lo.(*constNode); ok {
			v = c.v
		}
	case *choiceNode:
		least := maxRepeat
		for _, a := range n.alts {
			least = min(least, l.leastCount(a.body))
		}
		return least
	}
	return int(max(0, min(maxRepeat, l.sp.vals.at(v).i)))
}

func (l *lowerer) tuple(e *lang.Tuple, s *scope, want expKind) node {
	if want != isModule || l.kind(e, s) == isWire {
		want = l.kind(e, s)
	}
	if want == isModule {
		return l.parallel(e, e.Elems, s, false)
	}
	n := &gatherNode{nodeInfo: l.info(e.Pos())}
	for _, x := range e.Elems {
		n.out = append(n.out, s.unit.cell())
		n.items = append(n.items, l.lower(x, s, want))
	}
	s.unit.release(n.out...)
	return n
}

func (l *lowerer) parallel(e lang.Expr, items []lang.Expr, s *scope, fork bool) node {
	n := &parNode{nodeInfo: l.info(e.Pos()), in: s.unit.cell(), fork: fork}
	for range items {
		n.out = append(n.out, s.unit.cell())
	}
	for _, x := range items {
		n.items = append(n.items, l.lower(x, s, isModule))
	}
	s.unit.release(append(n.out, n.in)...)
	return n
}

// join is "a + b" and its like: both on what arrives, or two wires, then an op on the pair.
func (l *lowerer) join(e *lang.Binary, s *scope, want expKind) node {
	name := map[string]string{"+": "add", "*": "mul", "@": "matmul", "++": "concat"}[e.Op]
	spec := l.lib.Lookup(name)
	if spec == nil {
		return l.needsStd(e, e.Op, name)
	}
	items := flatten(e, e.Op)
	seq := &seqNode{nodeInfo: l.info(e.Pos()), join: e.Op}
	if l.kind(e, s) == isWire {
		n := &gatherNode{nodeInfo: l.info(e.Pos()), out: s.unit.take(len(items))}
		for _, x := range items {
			n.items = append(n.items, l.lower(x, s, isWire))
		}
		s.unit.release(n.out...)
		seq.items = append(seq.items, n)
	} else {
		seq.items = append(seq.items, l.parallel(e, items, s, true))
	}
	seq.items = append(seq.items, l.op(e, spec, nil, s))
	return seq
}

// flatten takes a + b + c as one join of three, where the join doesn't mind (add, mul, concat).
func flatten(e lang.Expr, op string) []lang.Expr {
	if b, ok := e.(*lang.Binary); ok && b.Op == op {
		if op == "@" {
			return []lang.Expr{b.X, b.Y}
		}
		return append(flatten(b.X, op), b.Y)
	}
	return []lang.Expr{e}
}

// block lowers { statements; result }: wires and lets in a scope of their own.
func (l *lowerer) block(e *lang.Block, s *scope) node {
	t := s.inner()
	in, cells := -1, []int{}
	node_ := &scopeNode{nodeInfo: l.info(e.Pos()), block: true}
	t.in, t.inKind, t.cells, t.node = &in, isWire, &cells, node_
	seq := &seqNode{nodeInfo: l.info(e.Pos())}
	ends := looseEnds(e)
	var after []node
	for i, st := range e.Stmts {
		switch st := st.(type) {
		case *lang.Let:
			rest := &lang.Block{Stmts: e.Stmts[i+1:], Result: e.Result}
			l.lets(st, t, rest)
		case *lang.Require:
			for _, c := range st.Conds {
				after = append(after, l.require(c, t))
			}
		case *lang.Assign:
			seq.items = append(seq.items, l.lower(st.Value, t, isWire))
			store := &storeNode{nodeInfo: l.info(st.Span)}
			for _, n := range st.Names {
				if t.names[n.Name] != nil {
					l.report.Errorf(diag.Defined, n.Span, "'%s' is defined twice in this block", n.Name).
						With(t.names[n.Name].span, "first here")
				}
				c := s.unit.cell()
				cells = append(cells, c)
				store.cells, store.names = append(store.cells, c), append(store.names, n.Name)
				b := &binding{name: n.Name, span: n.Span, kind: isWire, cell: c, value: true}
				if b.marked = ends[n.Name]; b.marked {
					b.mark = s.unit.cell()
					cells = append(cells, b.mark)
				}
				t.names[n.Name] = b
			}
			seq.items = append(seq.items, store)
		}
	}
	if e.Result == nil {
		return l.bad(diag.Syntax, e, "a block needs a last expression, which is its output")
	}
	kind := l.moduleOrWire(e.Result, t)
	if kind == isModule && len(seq.items) > 0 { // it runs on what arrived, not on the wire named last
		seq.items = append(seq.items, l.arrival(e, t))
	}
	seq.items = append(seq.items, l.lower(e.Result, t, kind))
	seq.items = append(seq.items, after...)
	node_.in, node_.cells, node_.body = in, cells, seq
	s.unit.release(cells...)
	return node_
}

func (l *lowerer) moduleOrWire(e lang.Expr, s *scope) expKind {
	if l.kind(e, s) == isWire {
		return isWire
	}
	return isModule
}

func (l *lowerer) require(c lang.Expr, s *scope) node {
	if l.requiring || s.config {
		l.nestingNowhere(c, s)
	}
	return &requireNode{l.info(c.Pos()), l.condition(c, s)}
}

// nestingNowhere reports a requirement on the nesting where no rule is around: it is 0 there, whatever the rules do.
func (l *lowerer) nestingNowhere(c lang.Expr, s *scope) {
	lang.Walk(c, func(e lang.Node) bool {
		if n, ok := e.(*lang.Name); ok && n.Name == "nesting" && l.bindingOf(s, n.Span, n.Name) == nil && l.ruleAt(n.Span, n.Name) == nil {
			l.report.Errorf(diag.BadValue, n.Span, "the nesting is 0 here, where no rule is around").
				Note("put a guard on the alternative that recurses: tower >> tower if nesting <= 2")
		}
		return true
	})
}

// lets declares the bindings of a let in a scope; rest is where they can be used.
func (l *lowerer) lets(d *lang.Let, s *scope, rest *lang.Block) {
	for i := range d.Bindings {
		b := &d.Bindings[i]
		if old := s.names[b.Name.Name]; old != nil {
			l.report.Errorf(diag.Defined, b.Name.Span, "'%s' is defined twice here", b.Name.Name).With(old.span, "first here")
		}
		later := &lang.Let{Bindings: d.Bindings[i+1:]}
		uses := min(2, countUses(rest, b.Name.Name)+countUses(later, b.Name.Name))
		if uses == 0 {
			l.report.Warnf(diag.Unused, b.Name.Span, "'%s' is never used, so it draws nothing", b.Name.Name)
		}
		bound := l.bind(b.Name, b.Params, b.Body, s, s, uses, d.Share)
		if bound.kind == isValue {
			bound.may = l.known(b.Body, s)
		}
		s.names[b.Name.Name] = bound
		if uses > 0 && countUses(unrequired(rest), b.Name.Name)+countUses(later, b.Name.Name) == 0 {
			l.requiredAlone(bound)
		}
	}
}

// unrequired is a block without what it requires.
func unrequired(b *lang.Block) *lang.Block {
	return &lang.Block{Result: b.Result, Stmts: slices.DeleteFunc(slices.Clone(b.Stmts), func(s lang.Stmt) bool {
		_, required := s.(*lang.Require)
		return required
	})}
}

// requiredAlone warns of a let that nothing but requirements uses, which draw nothing; what is computed needs no draw.
func (l *lowerer) requiredAlone(b *binding) {
	if b.let != nil && drawing(b.let.body) != nil {
		l.report.Warnf(diag.Unused, b.span, "'%s' is used in requirements alone, so it draws nothing, and they hold", b.name)
	}
}

// bind makes the binding of a let or of a parameter: env is where its expression's names are looked up, s
// the scope that it belongs to.
func (l *lowerer) bind(name lang.Ident, params []lang.Param, e lang.Expr, env, s *scope, uses int, share bool) *binding {
	b := &binding{name: name.Name, span: name.Span, params: params, kind: l.letKind(name, params, e, env, share)}
	if b.kind == isModule && len(params) == 0 && uses < 2 && !share && !l.tested[name.Name] {
		b.once, b.env, b.home = e, env.now(), s.node
		return b
	}
	b.cell = s.unit.cell()
	*s.cells = append(*s.cells, b.cell)
	l.nodes++
	b.let = &let{name: name.Name, share: share, id: l.nodes, tag: -1}
	b.module = b.kind == isModule
	l.sp.sharing = l.sp.sharing || share
	l.define(b, e, env, s)
	return b
}

// letKind is the kind of what a let or a parameter names, and reports what none can be.
func (l *lowerer) letKind(name lang.Ident, params []lang.Param, e lang.Expr, env *scope, share bool) expKind {
	if len(params) > 0 {
		env = env.inner() // only to tell the kind; define makes the real one
		for _, p := range params {
			if p.Rule {
				l.report.Errorf(diag.Declaration, p.Span, "a let's parameters are values: what it draws is drawn once")
			}
			env.names[p.Name.Name] = &binding{name: p.Name.Name, span: p.Name.Span, kind: isValue, value: true}
		}
	}
	kind := l.kind(e, env)
	if kind == isWire {
		if _, isBlock := e.(*lang.Block); !isBlock {
			l.report.Errorf(diag.Kind, e.Pos(), "a let can't name a wire").Note("a block names it without let, %s = ..., and a file makes it a rule", name.Name)
			kind = isModule
		}
	}
	if share && len(params) > 0 {
		l.report.Errorf(diag.Declaration, name.Span, "a shared let takes no parameters: its weights are one set")
	}
	if kind == isValue && len(params) > 0 {
		l.report.Errorf(diag.Declaration, name.Span, "a let with parameters has to be a module; a rule can compute a value")
	}
	return kind
}

// define lowers what a let is drawn from. The cells that it uses are its own: it runs wherever the let is
// first used, in the middle of anything.
func (l *lowerer) define(b *binding, e lang.Expr, env, s *scope) {
	free := s.unit.free
	s.unit.free = nil
	defer func() { s.unit.free = free }()
	inner := env
	if len(b.params) > 0 {
		inner = env.inner()
		for _, p := range b.params {
			c := s.unit.cell()
			*s.cells = append(*s.cells, c)
			b.pcells = append(b.pcells, c)
			inner.names[p.Name.Name] = &binding{name: p.Name.Name, span: p.Name.Span, kind: isValue, value: true, cell: c}
		}
	}
	b.let.home = s.node
	b.let.low = s.unit.cells
	tag := -1
	if b.module && l.tested[b.name] {
		tag = s.unit.cell() // before the body, which works in cells that it gives back
	}
	b.let.body = l.labelled(b.name, e, inner, b.kind, s.node)
	b.let.high = s.unit.cells
	if choice := topChoice(b.let.body); choice != nil && tag >= 0 {
		b.let.tag, choice.tag = tag, tag
		for i := range choice.alts {
			choice.tags = append(choice.tags, l.sp.vals.symbol(choice.alts[i].label))
		}
	}
}
