package ir

import (
	"fmt"

	"github.com/spacec-lang/spacec/ir/op"
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
		skip := l.name(e, nil, "skip", s, isModule, true)
		body := l.alternative(e.X, s, isModule, s.labels)
		n := l.newChoice(e.Pos(), []alt{{label: head, weight: weight{w: 1}, body: body},
			{label: "skip", weight: weight{w: 1}, body: skip}})
		return &labelNode{l.info(e.Pos()), step{name: s.label(head + ".optional")}, n, nil}
	case *lang.Block:
		return l.block(e, s)
	}
	return l.bad(diag.Kind, e, "this can't stand here")
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
	n.count = l.lower(e.Count, s.here(), isValue)
	if asks(n.count) {
		n.count = &labelNode{l.info(e.Pos()), step{name: s.label(head + ".times")}, n.count, nil}
	}
	if c, ok := n.count.(*constNode); ok {
		if v := l.sp.vals.at(c.v); v.kind != kindInt || v.i < 0 || v.i > maxRepeat {
			return l.bad(diag.BadValue, e.Count, "a repetition needs a count of 0 to %d, not %s", maxRepeat, l.sp.vals.describe(c.v))
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

func (l *lowerer) choice(e *lang.Choice, s *scope, want expKind) node {
	anonymous := s.label("choice")
	var alts []alt
	var uses []node
	labels := optionLabels(e.Alts)
	before := map[string]int{}
	for k, v := range s.labels {
		before[k] = v
	}
	for i := range e.Alts {
		a := &e.Alts[i]
		w := weight{w: 1}
		if a.Weight != nil {
			w = weight{a.Weight.Value, a.Weight.Percent}
			if a.Weight.Each {
				w.w = 1
			}
			if w.w <= 0 || w.percent && w.w > 100 {
				l.report.Errorf(diag.BadWeight, a.Weight.Span, "a weight has to be above zero, and a percentage at most 100")
				w.w = 1
			}
		}
		var guard node
		if a.Guard != nil {
			guard = l.lower(a.Guard, s.here(), isValue)
			uses = l.forced(guard, uses)
		}
		bodies := []body{{e: a.Body, s: s}}
		if a.Weight != nil && a.Weight.Each {
			bodies = l.spread(a.Body, s)
		}
		for _, b := range bodies {
			label := labels[i]
			if len(bodies) > 1 {
				label = headText(b.e)
			}
			x := alt{label: label, weight: w, guard: guard}
			if b.s == s {
				x.body = l.alternative(b.e, s, want, before)
			} else {
				x.body = l.lower(b.e, b.s, want)
			}
			alts = append(alts, x)
		}
	}
	n := l.distinct(anonymous, l.newChoice(e.Pos(), alts))
	if len(uses) > 0 {
		f := &forceNode{l.info(e.Pos()), uses, s.unit.cell()}
		s.unit.release(f.keep)
		return &seqNode{nodeInfo: l.info(e.Pos()), items: []node{f, n}}
	}
	return n
}

// distinct names a choice that is not the first of its rule, let or parameter, whose name the first has.
func (l *lowerer) distinct(anonymous string, n node) node {
	if anonymous == "choice" {
		return n
	}
	return &labelNode{l.info(n.pos().span), step{name: anonymous}, n, nil}
}

// optionLabels are the names of alternatives: that of the rule or op at its head, which goes to an
// alternative that is just that before it goes to a longer one; a further one of that name is name#2.
func optionLabels(alts []lang.Alt) []string {
	labels := make([]string, len(alts))
	seen := map[string]int{}
	for _, exact := range []bool{true, false} {
		for i, a := range alts {
			switch a.Body.(type) {
			case *lang.Name, *lang.Call, *lang.Number, *lang.Bool, *lang.String:
				if !exact {
					continue
				}
			default:
				if exact {
					continue
				}
			}
			labels[i] = headName(a.Body)
			if seen[labels[i]]++; seen[labels[i]] > 1 {
				labels[i] = fmt.Sprintf("%s#%d", labels[i], seen[labels[i]])
			}
		}
	}
	return labels
}

// newChoice is a choice of alternatives; literals are its values.
func (l *lowerer) newChoice(span lang.Span, alts []alt) *choiceNode {
	n := &choiceNode{nodeInfo: l.info(span), alts: alts}
	d := &domain{n: len(alts), ordered: true}
	last := 0.0
	for i, a := range alts {
		v := absent
		if c, ok := a.body.(*constNode); ok {
			v = c.v
		}
		x, ok := l.sp.vals.at(v).number()
		d.ordered = d.ordered && ok && (i == 0 || x > last)
		last = x
		d.vals = append(d.vals, v)
		d.labels = append(d.labels, a.label)
		if v != absent && l.sp.vals.at(v).kind != kindSymbol {
			d.labels[i] = l.sp.vals.describe(v)
		}
		d.weights = append(d.weights, a.weight)
	}
	n.all = d
	return n
}

// forced collects the lets that a guard reads, which have to be drawn before it.
func (l *lowerer) forced(n node, uses []node) []node {
	switch n := n.(type) {
	case *useNode:
		return append(uses, n)
	case *pureNode:
		for _, a := range n.args {
			uses = l.forced(a, uses)
		}
	case *condNode:
		uses = l.forced(n.cond, l.forced(n.then, l.forced(n.otherwise, uses)))
	}
	return uses
}

// body is an expression and where its names are looked up.
type body struct {
	e     lang.Expr
	s     *scope
	given bool // an argument whose value the caller gives
}

// spread is [each]: the alternatives within an alternative, its arguments' choices included.
func (l *lowerer) spread(e lang.Expr, s *scope) []body {
	switch x := e.(type) {
	case *lang.Paren:
		return l.spread(x.X, s)
	case *lang.Choice:
		var out []body
		for _, a := range x.Alts {
			out = append(out, l.spread(a.Body, s)...)
		}
		return out
	case *lang.Name:
		if r := l.rules[x.Name]; r != nil && s.find(x.Name) == nil && len(r.Params) == 0 {
			if c, ok := r.Body.(*lang.Choice); ok {
				l.used[r] = true
				rs := l.ruleScope(s.unit)
				rs.labels = map[string]int{}
				return l.spread(c, rs)
			}
		}
	case *lang.Range:
		if d := l.listed(x, s); d != nil {
			var out []body
			for _, v := range d.vals {
				out = append(out, body{e: l.literal(x, v), s: s})
			}
			return out
		}
	case *lang.Call:
		calls := []*lang.Call{{At: x.At, Fun: x.Fun}}
		for _, a := range x.Args {
			var next []*lang.Call
			for _, c := range calls {
				for _, b := range l.spread(a.Value, s) {
					args := append(append([]lang.Arg(nil), c.Args...), lang.Arg{At: a.At, Name: a.Name, Value: b.e})
					next = append(next, &lang.Call{At: x.At, Fun: x.Fun, Args: args})
				}
			}
			calls = next
		}
		var out []body
		for _, c := range calls {
			out = append(out, body{e: c, s: s})
		}
		return out
	}
	return []body{{e: e, s: s}}
}

// listed is the domain of a range of constants.
func (l *lowerer) listed(x *lang.Range, s *scope) *domain {
	n, ok := l.rng(x, s).(*rangeNode)
	if !ok {
		return nil
	}
	for _, e := range []node{n.lo, n.hi, n.step} {
		if _, ok := e.(*constNode); e != nil && !ok {
			return nil
		}
	}
	if d := n.domain(&l.sp.m); !d.continuous {
		return d
	}
	return nil
}

func (l *lowerer) literal(at lang.Node, v val) lang.Expr {
	t := l.sp.vals.at(v)
	f, _ := t.number()
	return &lang.Number{At: lang.At{Span: at.Pos()}, Text: l.sp.vals.describe(v), Int: t.kind == kindInt, Value: f, I: t.i}
}

// headText is a call with its literal arguments: how [each] tells its options apart.
func headText(e lang.Expr) string {
	c, ok := e.(*lang.Call)
	if !ok {
		return headName(e)
	}
	text := c.Fun.Name + "("
	for i, a := range c.Args {
		if i > 0 {
			text += ", "
		}
		if a.Name != nil {
			text += a.Name.Name + ": "
		}
		text += headName(a.Value)
	}
	return text + ")"
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
		return l.bad(diag.UnknownName, e, "'%s' needs the op %s, which is not there", e.Op, name)
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

func (l *lowerer) subset(e *lang.NOf, s *scope, want expKind) node {
	c, ok := e.X.(*lang.Choice)
	if !ok {
		return l.bad(diag.BadValue, e.X, "'of' picks among alternatives: write 2 of (a | b | c)")
	}
	count, ok := l.lower(e.N, s, isValue).(*constNode)
	k := -1
	if ok {
		k = int(l.sp.vals.at(count.v).i)
	}
	if k < 1 || k > len(c.Alts) {
		return l.bad(diag.BadValue, e.N, "'of' needs a number of 1 to %d here", len(c.Alts))
	}
	kind := l.kind(c, s)
	n := &subsetNode{nodeInfo: l.info(e.Pos()), n: k, in: s.unit.cell(), wire: kind != isModule}
	n.out = s.unit.take(k)
	label := s.label("of")
	labels := optionLabels(c.Alts)
	for i, a := range c.Alts {
		w := 1.0
		if a.Guard != nil || a.Weight != nil && (a.Weight.Percent || a.Weight.Each) {
			l.report.Errorf(diag.BadWeight, a.Span, "an alternative of 'of' takes neither a guard nor a percentage")
		} else if a.Weight != nil {
			w = a.Weight.Value
		}
		t := s.inner()
		t.labels = map[string]int{}
		n.alts = append(n.alts, alt{label: labels[i], weight: weight{w: w}, body: l.lower(a.Body, t, kind)})
	}
	s.unit.release(append(n.out, n.in)...)
	// sym[j][i] is the elementary symmetric polynomial of degree j in the weights from i on: the total
	// weight of the ways to pick j more there. It makes every subset as likely as the product of its weights.
	m := len(n.alts)
	sym := make([][]float64, k+1)
	for j := range sym {
		sym[j] = make([]float64, m+2)
		for i := m; i >= 0; i-- {
			switch {
			case j == 0:
				sym[j][i] = 1
			case i < m:
				sym[j][i] = sym[j][i+1] + n.alts[i].weight.w*sym[j-1][i+1]
			}
		}
	}
	for pick := range k {
		for last := -1; last < m; last++ {
			a := &subsetAsk{nodeInfo: l.info(e.Pos()), of: n, k: pick, last: last, all: &domain{}, step: step{label, int32(pick + 1)}}
			for i := last + 1; i <= m-(k-pick); i++ {
				a.all.labels = append(a.all.labels, n.alts[i].label)
				v := absent
				if c, ok := n.alts[i].body.(*constNode); ok {
					v = c.v
				}
				a.all.vals = append(a.all.vals, v)
				a.all.weights = append(a.all.weights, weight{w: n.alts[i].weight.w * sym[k-pick-1][i+1]})
				a.all.n++
			}
			n.asks = append(n.asks, a)
		}
	}
	return n
}

// block lowers { statements; result }: wires and lets in a scope of their own.
func (l *lowerer) block(e *lang.Block, s *scope) node {
	t := s.inner()
	in, cells := -1, []int{}
	node_ := &scopeNode{nodeInfo: l.info(e.Pos()), block: true}
	t.in, t.inKind, t.cells, t.node = &in, isWire, &cells, node_
	seq := &seqNode{nodeInfo: l.info(e.Pos())}
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
				t.names[n.Name] = &binding{name: n.Name, span: n.Span, kind: isWire, cell: c, value: true}
			}
			seq.items = append(seq.items, store)
		}
	}
	if e.Result == nil {
		return l.bad(diag.Syntax, e, "a block needs a last expression, which is its output")
	}
	seq.items = append(seq.items, l.lower(e.Result, t, l.moduleOrWire(e.Result, t)))
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
	return &requireNode{l.info(c.Pos()), l.lower(c, s, isValue)}
}

// lets declares the bindings of a let in a scope; rest is where they can be used.
func (l *lowerer) lets(d *lang.Let, s *scope, rest lang.Node) {
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
		s.names[b.Name.Name] = l.bind(b.Name, b.Params, b.Body, s, s, uses, d.Share)
	}
}

// bind makes the binding of a let or of a parameter: env is where its expression's names are looked up, s
// the scope that it belongs to.
func (l *lowerer) bind(name lang.Ident, params []lang.Param, e lang.Expr, env, s *scope, uses int, share bool) *binding {
	b := &binding{name: name.Name, span: name.Span, params: params}
	inner := env
	if len(params) > 0 {
		inner = env.inner() // only to tell the kind; define makes the real one
		for _, p := range params {
			if p.Rule {
				l.report.Errorf(diag.Declaration, p.Span, "a let's parameters are values: what it draws is drawn once")
			}
			inner.names[p.Name.Name] = &binding{name: p.Name.Name, span: p.Name.Span, kind: isValue, value: true}
		}
	}
	b.kind = l.kind(e, inner)
	if b.kind == isWire {
		if _, isBlock := e.(*lang.Block); !isBlock {
			l.report.Errorf(diag.Kind, e.Pos(), "a let can't name a wire").Note("name it without let: %s = ...", name.Name)
			b.kind = isModule
		}
	}
	if b.kind == isModule && len(params) == 0 && uses < 2 && !share {
		b.once, b.env, b.home = e, env, s.node
		return b
	}
	b.cell = s.unit.cell()
	*s.cells = append(*s.cells, b.cell)
	l.nodes++
	b.let = &let{name: name.Name, share: share, id: l.nodes}
	b.module = b.kind == isModule
	if !b.module && len(params) > 0 {
		l.report.Errorf(diag.Declaration, name.Span, "a let with parameters has to be a module; a rule can compute a value")
	}
	l.define(b, e, env, s)
	return b
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
	b.let.low = s.unit.cells
	b.let.body = l.labelled(b.name, e, inner, b.kind, s.node)
	b.let.high = s.unit.cells
}

// op lowers the application of an op.
func (l *lowerer) op(e lang.Expr, spec *op.Spec, args []lang.Arg, s *scope) node {
	n := &opNode{nodeInfo: l.info(e.Pos()), spec: spec, name: s.label(spec.Name), keep: s.unit.cell()}
	n.args, n.tmp = make([]node, len(spec.Params)), s.unit.take(len(spec.Params))
	here := s.here()
	here.labels = s.labels
	at := 0
	var rest []node // the values of a parameter of kind Ints
	var restTmp []int
	for _, a := range args {
		i := at
		if a.Name != nil {
			for i = 0; i < len(spec.Params) && spec.Params[i].Name != a.Name.Name; i++ {
			}
			if i == len(spec.Params) {
				d := l.report.Errorf(diag.Arguments, a.Name.Span, "%s has no parameter '%s'", spec.Name, a.Name.Name)
				d.Note("%s has %s", spec.Name, paramNames(spec))
				if near := diag.Nearest(a.Name.Name, names(spec)); near != "" {
					d.Label = "did you mean '" + near + "'?"
					d.Edit(a.Name.Span, near)
				}
				continue
			}
		} else if at >= len(spec.Params) {
			l.report.Errorf(diag.Arguments, a.Span, "%s takes %d arguments at most", spec.Name, len(spec.Params)).
				Note("%s has %s", spec.Name, paramNames(spec))
			break
		}
		p := &spec.Params[i]
		if p.Kind == op.Ints && a.Name == nil {
			rest = append(rest, l.lower(a.Value, here, isValue))
			restTmp = append(restTmp, s.unit.cell())
			continue
		}
		at = i + 1
		if n.args[i] != nil {
			l.report.Errorf(diag.Arguments, a.Span, "the parameter '%s' of %s is given twice", p.Name, spec.Name)
			continue
		}
		if p.Kind == op.Symbol {
			if x, ok := a.Value.(*lang.Name); ok && s.find(x.Name) == nil {
				n.args[i] = &constNode{l.info(x.Span), l.sp.vals.text(x.Name)}
				continue
			}
		}
		n.args[i] = l.labelled(p.Name, a.Value, here, isValue, nil)
	}
	if rest != nil {
		i := len(spec.Params) - 1
		pack := func(m *machine, parts []val) (val, error) {
			return m.sp.vals.intern(value{kind: kindInts, parts: append([]val(nil), parts...)}), nil
		}
		p := &pureNode{nodeInfo: l.info(e.Pos()), name: "ints", fn: pack, args: rest, tmp: restTmp, keep: s.unit.cell()}
		s.unit.release(append(p.tmp, p.keep)...)
		n.args[i] = p
	}
	fixed, all := make([]val, len(n.args)), true
	for i, a := range n.args {
		p := &spec.Params[i]
		switch a := a.(type) {
		case nil:
			if p.Default == nil && p.DefaultDoc == "" {
				l.report.Errorf(diag.Arguments, e.Pos(), "%s needs its parameter '%s'", spec.Name, p.Name).
					Note("%s has %s", spec.Name, paramNames(spec))
			}
		case *constNode:
			fixed[i] = a.v
		case *pureNode:
			v, ok := l.sp.m.simpleConst(a)
			all = all && ok
			fixed[i] = v
		default:
			all = false
		}
	}
	s.unit.release(append(n.tmp, n.keep)...)
	if all {
		n.fixed = l.sp.m.tupleOf(fixed)
		if _, err := l.sp.opArgs(spec, fixed); err != nil {
			return l.bad(diag.BadValue, e, "%v", err)
		}
	} else {
		l.checkArgs(spec, n.args)
	}
	return n
}

// checkArgs checks the arguments that are known now, each alone.
func (l *lowerer) checkArgs(spec *op.Spec, args []node) {
	for i, a := range args {
		var vals []val
		var spans []lang.Span
		for {
			if lab, ok := a.(*labelNode); ok {
				a = lab.body
				continue
			}
			break
		}
		switch a := a.(type) {
		case *constNode:
			vals, spans = append(vals, a.v), append(spans, a.span)
		case *choiceNode:
			for j, v := range a.all.vals {
				if v != absent {
					vals, spans = append(vals, v), append(spans, a.alts[j].body.pos().span)
				}
			}
		}
		for j, v := range vals {
			if err := op.CheckParam(spec, i, l.sp.goValue(v)); err != nil {
				l.report.Errorf(diag.BadValue, spans[j], "%v", err)
			}
		}
	}
}

// simpleConst is the value of a computation of constants.
func (m *machine) simpleConst(n *pureNode) (val, bool) {
	for _, a := range n.args {
		if _, ok := a.(*constNode); !ok {
			return 0, false
		}
	}
	return m.simple(n)
}

func names(spec *op.Spec) (out []string) {
	for _, p := range spec.Params {
		out = append(out, p.Name)
	}
	return out
}

func paramNames(spec *op.Spec) string {
	if len(spec.Params) == 0 {
		return "no parameters"
	}
	text := "the parameters "
	for i, p := range spec.Params {
		if i > 0 {
			text += ", "
		}
		text += p.Name
	}
	return text
}
