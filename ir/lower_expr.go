package ir

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// lower makes nodes of an expression where a module, a value or a wire is wanted. It never returns nil:
// after an error it returns something that can be walked over.
func (l *lowerer) lower(e lang.Expr, s *scope, want expKind) node {
	l.depth++
	defer func() { l.depth-- }()
	if l.depth > 500 {
		return l.bad(diag.Limit, e, "this nests beyond the limit of 500 levels, rules called in place counted")
	}
	if l.nodes > maxNodes {
		return l.bad(diag.Limit, e, "this space is beyond the limit of %d parts, rules called in place counted", maxNodes)
	}
	kind := l.kind(e, s)
	if want == isValue && asksUnused(e) {
		kind = isValue
	}
	if b, ok := e.(*lang.Binary); ok && kind == isValue {
		for _, x := range []lang.Expr{b.X, b.Y} {
			if k := l.kind(x, s); k != isValue && !asksUnused(x) && l.unknown(x, s) == nil {
				return l.noValue(b, x, k)
			}
		}
	}
	switch {
	case want == isValue && kind != isValue:
		if n := l.unknown(e, s); n != nil {
			return n
		}
		return l.bad(diag.Kind, e, "a value is needed here, and '%s' is %s", headName(e), kind)
	case want != isValue && kind == isValue:
		return l.noModule(e, s, want)
	case want == isWire && kind == isModule:
		if n := l.unknown(e, s); n != nil {
			return n
		}
		what, short := "'"+headName(e)+"'", headName(e)
		if _, ok := e.(*lang.Block); ok {
			what, short = "a block by itself", "{ ... }"
		}
		d := l.report.Errorf(diag.Kind, e.Pos(), "a wire is needed here, and %s is a module", what)
		d.Note("write in >> %s to apply it to what arrives", short).
			Edit(lang.Span{Source: e.Pos().Source, Start: e.Pos().Start, End: e.Pos().Start}, "in >> ").Perhaps()
		return &failNode{l.info(e.Pos())}
	}
	switch e := e.(type) {
	case *lang.Paren:
		return l.lower(e.X, s, want)
	case *lang.Name:
		return l.name(e, nil, e.Name, s, want, true)
	case *lang.Call:
		return l.name(e, e.Args, e.Fun.Name, s, want, true)
	case *lang.Choice:
		return l.choice(e, s, want)
	case *lang.Cond:
		n := &condNode{nodeInfo: l.info(e.Pos()), cond: l.lower(e.If, s, isValue), then: l.lower(e.Then, s, isValue)}
		n.otherwise = &constNode{l.info(e.Pos()), valTrue}
		if e.Else != nil {
			n.otherwise = l.lower(e.Else, s, isValue)
		}
		return n
	case *lang.Tuple:
		return l.tuple(e, s, want)
	case *lang.NOf:
		return l.subset(e, s, want)
	case *lang.Binary:
		if kind == isValue {
			if l.alternatives(e, s) || l.rangeMeant(e) || l.neverEqual(e, s) {
				return &failNode{l.info(e.Pos())}
			}
			n := l.pure(e, s, e.Op, arithmetic(e.Op), e.X, e.Y)
			l.turns(e.Op, n)
			return n
		}
		return l.join(e, s, want)
	case *lang.Number:
		if e.Int {
			return &constNode{l.info(e.Pos()), l.sp.vals.int(e.I)}
		}
		return &constNode{l.info(e.Pos()), l.sp.vals.real(e.Value)}
	case *lang.Bool:
		return &constNode{l.info(e.Pos()), l.sp.vals.bool(e.Value)}
	case *lang.String:
		return &constNode{l.info(e.Pos()), l.sp.vals.text(e.Value)}
	case *lang.Unary:
		return l.pure(e, s, e.Op, unary(e.Op), e.X)
	case *lang.Access:
		return l.access(e, s)
	case *lang.Is:
		return l.is(e, s)
	case *lang.Range:
		return l.rng(e, s)
	}
	return l.module(e, s, want)
}

// turns notes where a comparison of the nesting with a number turns.
func (l *lowerer) turns(op string, n node) {
	p, ok := n.(*pureNode)
	if !ok || len(p.args) != 2 || !strings.Contains("== != <= >=", op) {
		return
	}
	for i, a := range p.args {
		limit, isConst := p.args[1-i].(*constNode)
		if _, asks := a.(*nestingNode); !asks || !isConst {
			continue
		}
		if v := l.sp.vals.at(limit.v); v.kind == kindInt && v.i >= 0 && v.i < math.MaxInt32 {
			l.sp.turns = append(l.sp.turns, int32(v.i))
		}
	}
}

// maxNodes is how many nodes a space may have after lowering.
const maxNodes = 500_000

func (l *lowerer) bad(code diag.Code, e lang.Node, format string, args ...any) node {
	l.report.Errorf(code, e.Pos(), format, args...)
	return &failNode{l.info(e.Pos())}
}

// failNode stands where lowering found an error.
type failNode struct{ nodeInfo }

func (n *failNode) enter(m *machine) (node, status) {
	return m.fail(&n.nodeInfo, "this was reported before")
}
func (n *failNode) resume(*machine, *frame) (node, status) { panic("unreachable") }

// unknown reports a name that means nothing, if that is what e is.
func (l *lowerer) unknown(e lang.Expr, s *scope) node {
	var name string
	at := e.Pos()
	switch e := e.(type) {
	case *lang.Name:
		name = e.Name
	case *lang.Call:
		name, at = e.Fun.Name, e.Fun.Span
	default:
		return nil
	}
	if l.meant(name, at, s) {
		return nil
	}
	if l.useStd(name, at, fmt.Sprintf("unknown name '%s'", name)) || l.foreign(e, name, at) {
		return &failNode{l.info(at)}
	}
	d := l.report.Errorf(diag.UnknownName, at, "unknown name '%s'", name)
	d.Label = "not a rule, let, parameter or op"
	near := diag.Nearest(name, l.visible(s))
	for _, p := range l.sp.Inputs {
		if p.Name == name {
			d.Label = "an input arrives by itself"
			d.Note("a net starts from what arrives without being told; where a wire is needed, that is 'in'")
			if len(l.sp.Inputs) == 1 {
				d.Edit(at, "in").Perhaps()
			}
			return &failNode{l.info(at)}
		}
		if _, ok := p.Shape.Axis(name); ok && e.Pos() == at {
			near = "in." + name
		}
	}
	for _, p := range l.sp.Outputs {
		if p.Name == name {
			d.Label = "an output is what the net leaves"
			return &failNode{l.info(at)}
		}
	}
	if l.requiring {
		l.unboundable(d, name)
		near = diag.Nearest(name, append(l.visible(s), l.costs()...))
	}
	if near != "" {
		d.Label = "did you mean '" + near + "'?"
		d.Edit(at, near)
	}
	return &failNode{l.info(at)}
}

// meant tells whether a name means something in a scope.
func (l *lowerer) meant(name string, at lang.Span, s *scope) bool {
	return name == "in" || name == "each" || name == "unused" || s.find(name) != nil || l.letAt(at, name) != nil ||
		l.ruleAt(at, name) != nil || l.lib.Lookup(name) != nil
}

// means tells whether the first name of an expression means something.
func (l *lowerer) means(e lang.Expr, s *scope) bool { return l.meant(headName(e), e.Pos(), s) }

// pure is a computation; of constants, its value.
func (l *lowerer) pure(e lang.Expr, s *scope, name string, fn func(*machine, []val) (val, error), args ...lang.Expr) node {
	n := &pureNode{nodeInfo: l.info(e.Pos()), name: name, fn: fn, keep: s.unit.cell()}
	constant := true
	for _, a := range args {
		x := l.lower(a, s, isValue)
		_, ok := x.(*constNode)
		constant = constant && ok
		n.args = append(n.args, x)
		n.tmp = append(n.tmp, s.unit.cell())
	}
	s.unit.release(append(n.tmp, n.keep)...)
	if constant {
		var vals []val
		for _, a := range n.args {
			vals = append(vals, a.(*constNode).v)
		}
		v, err := fn(&l.sp.m, vals)
		if err != nil {
			return l.bad(diag.BadValue, e, "%v", err)
		}
		return &constNode{n.nodeInfo, v}
	}
	return n
}

func unary(op string) func(m *machine, args []val) (val, error) {
	return func(m *machine, args []val) (val, error) {
		v := m.sp.vals.at(args[0])
		switch {
		case op == "not" && v.kind == kindBool:
			return m.sp.vals.bool(v.i == 0), nil
		case op == "-" && v.kind == kindInt && v.i != math.MinInt64:
			return m.sp.vals.int(-v.i), nil
		case op == "-" && v.kind == kindReal:
			return m.sp.vals.real(-v.f), nil
		case op == "-" && v.kind == kindInterval:
			return m.sp.vals.intern(value{kind: kindInterval, f: -v.g, g: -v.f}), nil
		}
		return 0, fmt.Errorf("'%s' can't be applied to %s", op, m.sp.vals.describe(args[0]))
	}
}

// valueFunctions are the functions of the language over numbers.
var valueFunctions = map[string]func(m *machine, args []val) (val, error){
	"ceil":  rounding(math.Ceil),
	"floor": rounding(math.Floor),
	"round": rounding(math.Round),
	"min":   extreme(func(a, b float64) bool { return a <= b }),
	"max":   extreme(func(a, b float64) bool { return a >= b }),
}

func rounding(f func(float64) float64) func(m *machine, args []val) (val, error) {
	return func(m *machine, args []val) (val, error) {
		if x, ok := m.sp.vals.at(args[0]).number(); ok && len(args) == 1 && math.Abs(x) < 1<<53 {
			return m.sp.vals.int(int64(f(x))), nil
		}
		return 0, fmt.Errorf("rounding needs one number")
	}
}

func extreme(first func(a, b float64) bool) func(m *machine, args []val) (val, error) {
	return func(m *machine, args []val) (val, error) {
		var best val
		for i, a := range args {
			x, ok := m.sp.vals.at(a).number()
			if !ok {
				return 0, fmt.Errorf("min and max need numbers, not %s", m.sp.vals.describe(a))
			}
			if y, _ := m.sp.vals.at(best).number(); i == 0 || first(x, y) {
				best = a
			}
		}
		return best, nil
	}
}

func (l *lowerer) access(e *lang.Access, s *scope) node {
	var x node
	if l.kind(e.X, s) == isWire {
		x = l.wireValue(e.X, s)
		l.sp.results[e.Name.Name] = true
	} else {
		x = l.lower(e.X, s, isValue)
	}
	n := &pureNode{nodeInfo: l.info(e.Pos()), name: e.Name.Name, fn: field(e.Name.Name), args: []node{x},
		keep: s.unit.cell(), tmp: s.unit.take(1)}
	s.unit.release(n.keep, n.tmp[0])
	return n
}

// wireValue is a wire whose fields are asked for: a name.
func (l *lowerer) wireValue(e lang.Expr, s *scope) node {
	if n, ok := e.(*lang.Name); ok {
		if n.Name == "in" {
			return l.arrival(e, s)
		}
		if b := s.find(n.Name); b != nil && b.value {
			return &readNode{l.info(e.Pos()), b.cell, ""}
		}
	}
	return l.bad(diag.Kind, e, "only a named wire has fields: name this one first")
}

// arrival is "in": what arrived at the block or rule around, whose scope then keeps it in a cell.
func (l *lowerer) arrival(e lang.Expr, s *scope) node {
	if s.in == nil {
		return &arrivalNode{l.info(e.Pos())}
	}
	if *s.in < 0 {
		*s.in = s.unit.cell()
		if s.cells != nil {
			*s.cells = append(*s.cells, *s.in)
		}
	}
	return &readNode{l.info(e.Pos()), *s.in, "in"}
}

// here is a scope in which "in" is what arrives just there: a guard's, an op's arguments'.
func (s *scope) here() *scope {
	t := s.inner()
	t.in = nil
	t.inKind = isWire
	return t
}

// now is s with the names that it has so far: what is lowered later sees none that are declared after it, itself among them.
func (s *scope) now() *scope {
	t := *s
	t.names = maps.Clone(s.names)
	return &t
}

func (l *lowerer) rng(e *lang.Range, s *scope) node {
	n := &rangeNode{nodeInfo: l.info(e.Pos()), log: e.Log}
	n.lo, n.hi = l.lower(e.Lo, s, isValue), l.lower(e.Hi, s, isValue)
	switch {
	case e.Step != nil:
		n.step, n.mode = l.lower(e.Step, s, isValue), rangeStep
	case e.Factor != nil:
		n.step, n.mode = l.lower(e.Factor, s, isValue), rangeFactor
	case e.Points != nil:
		n.step, n.mode = l.lower(e.Points, s, isValue), rangePoints
	}
	var ends [3]val
	for i, x := range []node{n.lo, n.hi, n.step} {
		c, ok := x.(*constNode)
		if x != nil && !ok {
			return l.distinct(s.label("choice"), n) // known only when what it depends on is
		}
		if x != nil {
			ends[i] = c.v
		}
	}
	d, err := l.sp.rangeDomain(ends, n.mode, n.log, n.step != nil)
	if err != nil {
		msg := l.report.Errorf(diag.BadRange, e.Pos(), "%v", err)
		lo, hi := l.sp.vals.at(ends[0]), l.sp.vals.at(ends[1])
		if a, ok := lo.number(); ok {
			if b, ok := hi.number(); ok && a > b {
				msg.Note("write the smaller end first")
				msg.Edit(e.Lo.Pos(), e.Hi.Pos().Text())
				msg.Edit(e.Hi.Pos(), e.Lo.Pos().Text())
			}
		}
		return &failNode{n.nodeInfo}
	}
	if d.n == 1 && !d.continuous {
		return &constNode{n.nodeInfo, d.vals[0]}
	}
	return l.distinct(s.label("choice"), n)
}

// config's symbols: a name that means nothing else is itself, a call of one a symbol with arguments.
func (l *lowerer) symbol(e lang.Expr, args []lang.Arg, name string, s *scope) node {
	var keys []string
	var values []lang.Expr
	for i, a := range args {
		key := fmt.Sprint(i)
		switch n := a.Value.(type) {
		case *lang.Name: // gamma for gamma: gamma
			key = n.Name
		}
		if a.Name != nil {
			key = a.Name.Name
		}
		if slices.Contains(keys, key) {
			return l.bad(diag.Arguments, a.Value, "'%s' of %s is given twice", key, name)
		}
		keys, values = append(keys, key), append(values, a.Value)
	}
	if len(args) == 0 {
		return &constNode{l.info(e.Pos()), l.sp.vals.symbol(name)}
	}
	fn := func(m *machine, parts []val) (val, error) {
		return m.sp.vals.intern(value{kind: kindSymbol, s: name, keys: keys, parts: append([]val(nil), parts...)}), nil
	}
	n := &pureNode{nodeInfo: l.info(e.Pos()), name: name, fn: fn, keep: s.unit.cell()}
	for i, a := range values {
		n.args = append(n.args, l.labelled(keys[i], a, s, isValue, nil))
		n.tmp = append(n.tmp, s.unit.cell())
	}
	s.unit.release(append(n.tmp, n.keep)...)
	return n
}

// labelled lowers the expression that a name stands for, under that name. Where it is itself a call of a
// rule, the rule adds no name of its own.
func (l *lowerer) labelled(name string, e lang.Expr, s *scope, want expKind, at *scopeNode) node {
	t := s.inner()
	t.labels = map[string]int{}
	var body node
	switch x := e.(type) {
	case *lang.Name:
		body = l.name(x, nil, x.Name, t, want, false)
	case *lang.Call:
		body = l.name(x, x.Args, x.Fun.Name, t, want, false)
	default:
		body = l.lower(e, t, want)
	}
	if !asks(body) {
		return body
	}
	if at == nil {
		name = s.label(name)
	}
	return &labelNode{l.info(e.Pos()), step{name: name}, body, at}
}

// asks tells whether a node may come to a choice or a call; what can't needs no name.
func asks(n node) bool {
	switch n := n.(type) {
	case *constNode, *readNode, *arrivalNode, *failNode, *markNode, *looseNode:
		return false
	case *pureNode:
		for _, a := range n.args {
			if asks(a) {
				return true
			}
		}
		return false
	case *useNode: // has a name of its own
		return false
	}
	return true
}
