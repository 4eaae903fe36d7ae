package ir

import (
	"fmt"
	"strings"
	"sync"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// name lowers a use of a name, with arguments where it is a call. named tells whether a rule adds its name
// to the path, or the let, the parameter or the repetition around has done so.
func (l *lowerer) name(e lang.Expr, args []lang.Arg, name string, s *scope, want expKind, named bool) node {
	_, isCall := e.(*lang.Call)
	b := l.bindingOf(s, e.Pos(), name)
	r, spec := l.ruleAt(e.Pos(), name), l.lib.Lookup(name)
	switch {
	case name == "in" && !isCall:
		return l.arrival(e, s)
	case b != nil:
		return l.bound(e, args, b, s, want, named)
	case r != nil:
		return l.rule(e, args, r, s, want, named)
	case want == isValue && name == "nesting" && !isCall:
		l.sp.nests = true
		l.sp.nestings++
		return &nestingNode{l.info(e.Pos())}
	case want == isValue && valueFunctions[name] != nil && isCall:
		var xs []lang.Expr
		for _, a := range args {
			xs = append(xs, a.Value)
		}
		if len(xs) == 0 {
			return l.bad(diag.Arguments, e, "%s needs a number", name)
		}
		return l.pure(e, s, name, valueFunctions[name], xs...)
	case name == "unused" && isCall && !s.config:
		return l.unused(e, args, s, want)
	case want == isValue && s.config && (l.foreignSymbol(e, name) || !isCall && l.below(e.Pos(), name)):
		return &failNode{l.info(e.Pos())}
	case want == isValue && s.config:
		return l.symbol(e, args, name, s)
	case spec != nil && want != isValue:
		return l.op(e, spec, args, s)
	case want != isValue && name == "each" && isCall:
		return l.each(e, args, s)
	}
	if n := l.unknown(e, s); n != nil {
		return n
	}
	return l.bad(diag.Kind, e, "%s is needed here, and '%s' is not one", want, name)
}

// bound lowers a use of a wire, a let or a parameter.
func (l *lowerer) bound(e lang.Expr, args []lang.Arg, b *binding, s *scope, want expKind, named bool) node {
	if len(args) > 0 && b.fresh {
		if n := l.callGiven(e, args, b, s, want, named); n != nil {
			return n
		}
	}
	if len(args) > 0 && len(b.params) == 0 {
		return l.bad(diag.Arguments, e, "'%s' takes no arguments", b.name)
	}
	switch {
	case b.marked:
		return &markNode{l.info(e.Pos()), &readNode{l.info(e.Pos()), b.cell, ""}, b.mark}
	case b.value:
		return &readNode{l.info(e.Pos()), b.cell, ""}
	case b.fresh: // a "rule" parameter: drawn where it is used
		t := b.env.inner()
		t.labels = s.labels
		if !named {
			t.labels = map[string]int{}
		}
		switch x := b.once.(type) {
		case *lang.Name:
			return l.name(x, nil, x.Name, t, want, named)
		case *lang.Call:
			return l.name(x, x.Args, x.Fun.Name, t, want, named)
		}
		return l.lower(b.once, t, want)
	case b.once != nil: // a let used once
		return l.labelled(b.name, b.once, b.env, want, b.home)
	case !b.module:
		return &useNode{l.info(e.Pos()), b.cell, b.let}
	}
	n := &moduleNode{nodeInfo: l.info(e.Pos()), cell: b.cell, let: b.let, params: b.pcells, keep: s.unit.cell()}
	given, ok := l.arguments(e, args, b.name, b.params)
	if !ok {
		return &failNode{n.nodeInfo}
	}
	here := s.here()
	for i, g := range given {
		if g == nil {
			g = b.params[i].Default
		}
		n.args = append(n.args, l.labelled(b.params[i].Name.Name, g, here, isValue, nil))
		n.tmp = append(n.tmp, s.unit.cell())
	}
	s.unit.release(append(n.tmp, n.keep)...)
	return n
}

// callGiven lowers a call of a "rule" parameter that was given the name of a rule or an op: a call of that.
func (l *lowerer) callGiven(e lang.Expr, args []lang.Arg, b *binding, s *scope, want expKind, named bool) node {
	x, env := resolve(b.once, b.env)
	name, ok := x.(*lang.Name)
	if !ok || env.find(name.Name) != nil || l.letAt(name.Span, name.Name) != nil {
		return nil
	}
	if r := l.ruleAt(name.Span, name.Name); r != nil {
		return l.rule(e, args, r, s, want, named)
	}
	if spec := l.lib.Lookup(name.Name); spec != nil && want != isValue {
		return l.op(e, spec, args, s)
	}
	return nil
}

// arguments gives parameters their arguments, nil where the default stands.
func (l *lowerer) arguments(e lang.Expr, args []lang.Arg, name string, params []lang.Param) ([]lang.Expr, bool) {
	given := make([]lang.Expr, len(params))
	ok := true
	at := 0
	for _, a := range args {
		i := at
		if a.Name != nil {
			var all []string
			for i = 0; i < len(params) && params[i].Name.Name != a.Name.Name; i++ {
				all = append(all, params[i].Name.Name)
			}
			if i == len(params) {
				l.report.Errorf(diag.Arguments, a.Name.Span, "'%s' has no parameter '%s'", name, a.Name.Name).Nearest(a.Name.Span, a.Name.Name, all)
				ok = false
				continue
			}
		} else if at >= len(params) {
			l.report.Errorf(diag.Arguments, a.Span, "'%s' takes %s", name, atMost(len(params)))
			return nil, false
		}
		if given[i] != nil {
			l.report.Errorf(diag.Arguments, a.Span, "the parameter '%s' of '%s' is given twice", params[i].Name.Name, name)
			ok = false
		}
		given[i] = a.Value
		at = i + 1
	}
	for i, p := range params {
		if given[i] == nil && p.Default == nil {
			l.report.Errorf(diag.Arguments, e.Pos(), "'%s' needs its parameter '%s'", name, p.Name.Name).
				With(p.Name.Span, "declared here without a default")
			ok = false
		}
	}
	return given, ok
}

func atMost(n int) string {
	switch n {
	case 0:
		return "no arguments"
	case 1:
		return "one argument"
	}
	return fmt.Sprintf("%d arguments at most", n)
}

// rule lowers a call of a rule: as a procedure where its arguments are closed, in place elsewhere.
func (l *lowerer) rule(e lang.Expr, args []lang.Arg, r *lang.Rule, s *scope, want expKind, named bool) node {
	l.used[r] = true
	given, ok := l.arguments(e, args, r.Name.Name, r.Params)
	if !ok {
		return &failNode{l.info(e.Pos())}
	}
	label := step{}
	if named {
		label.name = s.label(r.Name.Name)
	}
	passed := make([]body, len(given))
	open := false
	for i, g := range given {
		if g == nil {
			continue
		}
		x, env := resolve(g, s)
		passed[i] = body{e: x, s: env}
		open = open || !l.closed(x, env)
	}
	if open && !l.recursive(r) {
		return l.inPlace(e, r, passed, s, want, label)
	}
	n := &callNode{nodeInfo: l.info(e.Pos()), step: label, keep: s.unit.cell()}
	key := strings.Builder{}
	fmt.Fprintf(&key, "%p", r)
	imports := l.imports(r, passed)
	here := s.here()
	for i, p := range passed {
		switch {
		case p.e == nil:
			key.WriteString("|-")
		case l.closed(p.e, p.s):
			fmt.Fprintf(&key, "|%p", p.e)
			if envKey := l.envKey(p.e, p.s); envKey != "" {
				key.WriteString("@" + envKey)
			}
		default: // an argument of a recursive call, which its caller has to know
			if l.kind(p.e, p.s) != isValue {
				l.report.Errorf(diag.Kind, given[i].Pos(), "this module argument of a call within a recursion uses names of the rule around it").
					Note("mark the parameter: rule %s(rule %s, ...)", r.Name.Name, r.Params[i].Name.Name)
				return &failNode{n.nodeInfo}
			}
			key.WriteString("|=")
			n.args = append(n.args, l.labelled(r.Params[i].Name.Name, p.e, hereOf(p.s, s, here), isValue, nil))
			n.tmp = append(n.tmp, s.unit.cell())
			passed[i] = body{given: true}
		}
	}
	s.unit.release(append(n.tmp, n.keep)...)
	n.proc = l.procs[key.String()]
	if n.proc == nil {
		if len(l.all) > maxProcs {
			return l.bad(diag.Endless, e, "'%s' is called with ever new arguments: the limit is %d", r.Name.Name, maxProcs)
		}
		n.proc = &proc{name: r.Name.Name, span: r.Name.Span, imports: len(imports)}
		l.procs[key.String()] = n.proc
		l.all = append(l.all, n.proc)
		l.procedure(n.proc, r, passed, imports, want)
	}
	n.leap = &leapNode{nodeInfo: l.info(e.Pos()), call: n}
	for _, g := range imports {
		n.imports = append(n.imports, s.unit.local[g].cell)
		l.used[l.globals[g]] = true
	}
	return n
}

// maxProcs is how many procedures a space may have.
const maxProcs = 2_000

func hereOf(env, s, here *scope) *scope {
	if env == s {
		return here
	}
	return env
}

// envKey tells closed arguments apart that mention "rule" parameters.
func (l *lowerer) envKey(e lang.Expr, s *scope) string {
	var parts []string
	eachName(e, func(name string) {
		if b := s.find(name); b != nil && b.fresh {
			x, env := resolve(b.once, b.env)
			parts = append(parts, fmt.Sprintf("%p%s", x, l.envKey(x, env)))
		}
	})
	return strings.Join(parts, ",")
}

// imports are the lets of the file that a rule and its arguments mention, in order of declaration.
func (l *lowerer) imports(r *lang.Rule, passed []body) []string {
	mentioned := map[string]bool{}
	add := func(u *ruleUses) {
		for g := range u.globals {
			mentioned[g] = true
		}
	}
	add(l.mentions(r))
	seen := map[string]bool{}
	var global func(name string)
	global = func(name string) {
		if seen[name] {
			return
		}
		g := l.globals[name]
		seen[name], mentioned[name] = true, true
		eachName(g.once, func(n string) {
			if l.globals[n] != nil {
				global(n)
			}
			if q := l.ruleAt(g.span, n); q != nil {
				add(l.mentions(q))
			}
		})
	}
	var visit func(e lang.Expr, s *scope)
	visit = func(e lang.Expr, s *scope) {
		eachName(e, func(name string) {
			switch b := s.find(name); {
			case b != nil && b.fresh:
				visit(b.once, b.env)
			case b != nil:
			case l.letAt(e.Pos(), name) != nil:
				global(name)
			case l.ruleAt(e.Pos(), name) != nil:
				add(l.mentions(l.ruleAt(e.Pos(), name)))
			}
		})
	}
	for _, p := range passed {
		if p.e != nil {
			visit(p.e, p.s)
		}
	}
	var out []string
	for _, g := range l.order {
		if mentioned[g] {
			out = append(out, g)
		}
	}
	return out
}

// ruleScope is the scope in which a rule's body stands: above it is the file.
func (l *lowerer) ruleScope(u *unit) *scope {
	in := -1
	return &scope{unit: u, names: map[string]*binding{}, in: &in, inKind: isWire, cells: new([]int), labels: map[string]int{}}
}

// procedure lowers the body of a rule for closed arguments.
func (l *lowerer) procedure(p *proc, r *lang.Rule, passed []body, imports []string, want expKind) {
	u := &unit{local: map[string]*binding{}}
	given := 0
	for _, q := range passed {
		if q.given {
			given++
		}
	}
	cells := u.take(len(imports) + given) // as callNode.given fills them
	l.importLets(u, imports, cells)
	cells = cells[len(imports):]
	s := l.ruleScope(u)
	top := &scopeNode{nodeInfo: l.info(r.Span), in: -1}
	s.node, p.top = top, top
	for i := range passed {
		if passed[i].e != nil {
			passed[i].s = rebase(passed[i].e, passed[i].s, s)
		}
	}
	for i, q := range passed {
		if q.given {
			name := r.Params[i].Name
			s.names[name.Name] = &binding{name: name.Name, span: name.Span, kind: isValue, cell: cells[0], value: true}
			cells = cells[1:]
		}
	}
	l.parameters(r, passed, s)
	body := l.lower(r.Body, s, l.bodyKind(r, s, want))
	top.in, top.cells, top.body = *s.in, *s.cells, body
	p.cells, p.body = u.cells, body
	if top.in >= 0 || len(top.cells) > 0 {
		p.body = top
	}
}

// rebase is a scope in which a closed expression is lowered within another procedure, whose cells it then uses:
// of the names of its own scope it mentions "rule" parameters alone.
func rebase(e lang.Expr, from, onto *scope) *scope {
	t := &scope{unit: onto.unit, names: map[string]*binding{}, in: onto.in, inKind: onto.inKind, cells: onto.cells,
		labels: map[string]int{}, node: onto.node}
	eachName(e, func(name string) {
		if b := from.find(name); b != nil && b.fresh && t.names[name] == nil {
			moved := *b
			moved.env = rebase(b.once, b.env, onto)
			t.names[name] = &moved
		}
	})
	return t
}

// importLets binds lets of the file in a procedure, to the first of the cells. Each procedure has nodes of its own for
// them, since nodes name cells.
func (l *lowerer) importLets(u *unit, imports []string, cells []int) {
	s := &scope{unit: u, names: map[string]*binding{}, cells: new([]int), labels: map[string]int{}, node: l.top}
	for i, name := range imports {
		g := l.globals[name]
		b := &binding{name: name, span: g.span, kind: g.kind, cell: cells[i], params: g.params}
		own := *g.let
		own.tag = -1
		b.let = &own
		b.module = g.kind == isModule
		if !b.module && len(g.params) == 0 {
			b.may = sync.OnceValues(func() (symbols, bool) { return l.symbols(g.once, s) })
		}
		u.local[name] = b
	}
	for _, name := range imports {
		l.define(u.local[name], l.globals[name].once, s, s)
	}
}

// bodyKind is how to lower a rule's body where want is wanted; one that starts from "in" is a wire.
func (l *lowerer) bodyKind(r *lang.Rule, s *scope, want expKind) expKind {
	if want != isValue && l.kind(r.Body, s) == isWire {
		return isWire
	}
	return want
}

// inPlace lowers a rule's body within the caller, its parameters being lets of a scope of their own.
func (l *lowerer) inPlace(e lang.Expr, r *lang.Rule, passed []body, s *scope, want expKind, label step) node {
	in, cells := -1, []int{}
	n := &scopeNode{nodeInfo: l.info(e.Pos()), rule: true, step: label}
	t := &scope{unit: s.unit, names: map[string]*binding{}, in: &in, inKind: isWire, cells: &cells, labels: map[string]int{}, node: n}
	l.parameters(r, passed, t)
	n.body = l.lower(r.Body, t, l.bodyKind(r, t, want))
	n.in, n.cells = in, cells
	s.unit.release(cells...)
	return n
}

// parameters declares a rule's parameters in its scope.
func (l *lowerer) parameters(r *lang.Rule, passed []body, s *scope) {
	for i, p := range r.Params {
		arg := passed[i]
		if arg.given {
			continue
		}
		if arg.e == nil {
			arg = body{e: p.Default, s: s.now()}
		}
		if p.Rule {
			s.names[p.Name.Name] = &binding{name: p.Name.Name, span: p.Name.Span, kind: l.kind(arg.e, arg.s), once: arg.e, env: arg.s, fresh: true}
			continue
		}
		uses := min(2, countUses(r.Body, p.Name.Name))
		for _, q := range r.Params[i+1:] {
			if q.Default != nil {
				uses = min(2, uses+countUses(q.Default, p.Name.Name))
			}
		}
		s.names[p.Name.Name] = l.bind(p.Name, nil, arg.e, arg.s, s, uses, false)
	}
}

// each lowers each(a): a is a parameter, so drawn once, and meets every tensor of a tuple.
func (l *lowerer) each(e lang.Expr, args []lang.Arg, s *scope) node {
	if len(args) != 1 || args[0].Name != nil {
		return l.bad(diag.Arguments, e, "each takes one module: each(a)")
	}
	cells := []int{}
	sc := &scopeNode{nodeInfo: l.info(e.Pos()), in: -1}
	t := s.inner()
	t.cells, t.node, t.labels = &cells, sc, map[string]int{}
	n := &eachNode{nodeInfo: l.info(e.Pos()), in: s.unit.cell(), out: s.unit.cell()}
	a := l.bind(lang.Ident{At: lang.At{Span: e.Pos()}, Name: s.label("each")}, nil, args[0].Value, s, t, 2, false)
	n.use = l.bound(e, nil, a, t, isModule, true)
	s.unit.release(n.in, n.out)
	sc.cells, sc.body = cells, n
	s.unit.release(cells...)
	return sc
}
