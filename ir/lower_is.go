package ir

import (
	"errors"
	"maps"
	"slices"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// What a let or a field was drawn as is tested by "is" and "==". To test for what it can't be drawn as is a mistake: the test would be
// false for ever, so that what it guards never comes about, and what it requires never matters.

// condition lowers what a guard or a requirement asks. It is asked of what has been drawn, and draws nothing itself: what would
// be drawn there, afresh, is a mistake.
func (l *lowerer) condition(e lang.Expr, s *scope) node {
	n := l.lower(e, s, isValue)
	draws := drawing(n)
	if draws == nil {
		return n
	}
	what := "a choice"
	switch draws.(type) {
	case *callNode, *scopeNode:
		what = "a rule"
	}
	at := draws.pos().span
	if !contains(e.Pos(), at) { // a "rule" parameter's argument
		at = e.Pos()
	}
	l.report.Errorf(diag.BadValue, at, "%s is drawn afresh at each use, so that no condition can be on it", what).
		Note("name it with let, which is drawn once, and use that name both here and where it is drawn")
	return &failNode{l.info(e.Pos())}
}

// drawing is the first part of a value that is drawn where it stands; nil where there is none, as far as machine.simple sees.
func drawing(n node) node {
	var parts []node
	switch n := n.(type) {
	case *constNode, *readNode, *useNode, *arrivalNode, *looseNode, *nestingNode, *failNode:
	case *labelNode:
		parts = []node{n.body}
	case *pureNode:
		parts = n.args
	case *condNode:
		parts = []node{n.cond, n.then, n.otherwise}
	default:
		return n
	}
	for _, p := range parts {
		if d := drawing(p); d != nil {
			return d
		}
	}
	return nil
}

// is tests which alternative a let drew: a module's by its name, a value's symbol.
func (l *lowerer) is(e *lang.Is, s *scope) node {
	fn := func(name string) func(m *machine, args []val) (val, error) {
		return func(m *machine, args []val) (val, error) {
			v := m.sp.vals.at(args[0])
			switch v.kind {
			case kindSymbol, kindString, kindTable, kindDrawn:
				return m.sp.vals.bool(v.s == name), nil
			case kindOpaque:
				return 0, errors.New("nothing is known of it")
			}
			return valFalse, nil
		}
	}(e.Name.Name)
	n, ok := e.X.(*lang.Name)
	if !ok {
		return l.pure(e, s, "is", fn, e.X)
	}
	b := l.bindingOf(s, n.Span, n.Name)
	if b == nil && l.isSymbol(n, n.Name, s) {
		return l.untested(n, s)
	}
	if b == nil || b.kind == isValue {
		if o, known := l.symbols(n, s); known && !o.named(e.Name.Name) {
			return l.noOption(e.Name.Span, n.Name, e.Name.Name, o)
		}
		return l.pure(e, s, "is", fn, e.X)
	}
	if b.let == nil || b.let.tag < 0 {
		return l.bad(diag.Kind, e, "'is' tests which alternative a let drew; '%s' is no let that is a choice itself", n.Name)
	}
	var alternatives symbols
	for _, a := range topChoice(b.let.body).alts {
		alternatives = append(alternatives, symbol{name: a.label})
	}
	if !alternatives.named(e.Name.Name) {
		return l.noOption(e.Name.Span, n.Name, e.Name.Name, alternatives)
	}
	p := &pureNode{nodeInfo: l.info(e.Pos()), name: "is", fn: fn, keep: s.unit.cell(), tmp: s.unit.take(1)}
	p.args = []node{&readNode{l.info(n.Span), b.cell, ""}}
	s.unit.release(p.keep, p.tmp[0])
	return p
}

// symbol is a symbol or a text that a value may be.
type symbol struct {
	name string
	text bool
	args bool // it is a symbol with arguments
}

type symbols []symbol

func (o symbols) named(name string) bool {
	return slices.ContainsFunc(o, func(x symbol) bool { return x.name == name })
}

// symbols are the symbols and texts that an expression may come to; false where it takes more than reading it to tell.
func (l *lowerer) symbols(e lang.Expr, s *scope) (all symbols, known bool) {
	switch e := e.(type) {
	case *lang.Paren:
		return l.symbols(e.X, s)
	case *lang.Number, *lang.Bool, *lang.Range:
		return nil, true
	case *lang.String:
		return symbols{{name: e.Value, text: true}}, true
	case *lang.Call:
		return symbols{{name: e.Fun.Name, args: true}}, l.isSymbol(e, e.Fun.Name, s)
	case *lang.Name:
		if b := l.bindingOf(s, e.Span, e.Name); b != nil && b.may != nil {
			return b.may()
		}
		return symbols{{name: e.Name}}, l.isSymbol(e, e.Name, s)
	case *lang.Choice:
		for _, a := range e.Alts {
			some, ok := l.symbols(a.Body, s)
			if !ok {
				return nil, false
			}
			for _, x := range some {
				if !slices.Contains(all, x) {
					all = append(all, x)
				}
			}
		}
		return all, true
	}
	return nil, false
}

// known are the symbols of what is about to be bound: its own name may mean something else in it.
func (l *lowerer) known(e lang.Expr, s *scope) func() (symbols, bool) {
	all, known := l.symbols(e, s)
	return func() (symbols, bool) { return all, known }
}

// isSymbol tells whether a name stands for itself.
func (l *lowerer) isSymbol(e lang.Expr, name string, s *scope) bool {
	return s.config && s.find(name) == nil && l.letAt(e.Pos(), name) == nil && l.ruleAt(e.Pos(), name) == nil &&
		name != "in" && name != "nesting" && valueFunctions[name] == nil
}

// neverEqual reports an operator of which one side can't be what the other needs: a symbol where a number belongs, a name compared
// with a symbol or a text that it can't be.
func (l *lowerer) neverEqual(e *lang.Binary, s *scope) bool {
	if e.Op != "==" && e.Op != "!=" {
		return l.unequal(e.X, nil, s) || l.unequal(e.Y, nil, s)
	}
	n, isName := e.X.(*lang.Name)
	if l.unequal(e.X, e.Y, s) || !isName && l.unequal(e.Y, e.X, s) {
		return true
	}
	with, known := l.symbols(e.Y, s)
	if !isName || !known || len(with) != 1 {
		return false
	}
	all, known := l.symbols(n, s)
	if !known || slices.Contains(all, with[0]) || with[0].args {
		return false
	}
	name := with[0].name
	if !all.named(name) {
		l.noOption(e.Y.Pos(), n.Name, name, all)
		return true
	}
	is := n.Name + " is " + name
	if e.Op == "!=" {
		is = "not " + is
	}
	d := l.report.Errorf(diag.BadValue, e.Pos(), "'%s' is never equal to this", n.Name)
	d.Label = "did you mean '" + is + "'?"
	d.Edit(e.Pos(), is)
	if all[slices.IndexFunc(all, func(x symbol) bool { return x.name == name })].args {
		d.Note("'%s' has arguments, and is equal to nothing that has none; 'is' tests the name alone", name)
	} else {
		d.Note("a symbol and a text between quotes are different things")
	}
	return true
}

// unequal reports a symbol that is compared with what is never that symbol; with nothing where only a number will do.
func (l *lowerer) unequal(e, with lang.Expr, s *scope) bool {
	n, ok := e.(*lang.Name)
	if !ok || !l.isSymbol(n, n.Name, s) {
		return false
	}
	switch with := with.(type) {
	case nil, *lang.Binary, *lang.Unary, *lang.Access:
	case *lang.Name:
		all, known := l.symbols(with, s)
		if l.isSymbol(with, with.Name, s) {
			break
		}
		if !known || all.named(n.Name) {
			return false
		}
		if len(all) > 0 {
			l.noOption(n.Span, with.Name, n.Name, all)
			return true
		}
	default:
		if _, known := l.symbols(with, s); !known {
			return false
		}
	}
	l.untested(n, s)
	return true
}

// untested reports that a symbol is tested, not something that was drawn.
func (l *lowerer) untested(n *lang.Name, s *scope) node {
	if l.below(n.Span, n.Name) {
		return &failNode{l.info(n.Span)}
	}
	d := l.report.Errorf(diag.UnknownName, n.Span, "'%s' is no field or let here, and a symbol is only ever itself", n.Name)
	_, here := l.configAt(n.Span)
	for _, f := range l.files {
		for _, decl := range f.Decls {
			c, ok := decl.(*lang.Config)
			if !ok || f.Source != n.Span.Source || c.Field(n.Name) == nil {
				continue
			}
			if c == here {
				d.Label = "a field sees those before it alone"
				d.With(c.Field(n.Name).Name.Span, "this isn't one")
			} else {
				d.With(c.Field(n.Name).Name.Span, "a field of another config")
				d.Note("configs share what a let of the file names")
			}
			return &failNode{l.info(n.Span)}
		}
	}
	var names []string
	for t := s; t != nil; t = t.parent {
		names = slices.AppendSeq(names, maps.Keys(t.names))
	}
	slices.Sort(names)
	d.Nearest(n.Span, n.Name, names)
	return &failNode{l.info(n.Span)}
}

// configAt is the config that something is written in, and its file; nil where it is in none.
func (l *lowerer) configAt(at lang.Span) (*lang.File, *lang.Config) {
	for _, f := range l.files {
		for _, decl := range f.Decls {
			if c, ok := decl.(*lang.Config); ok && contains(c.Span, at) {
				return f, c
			}
		}
	}
	return nil, nil
}

// below reports a name in a config that the config gives a meaning further down: it would be a symbol here. It is meant as one
// where what stands below reads what stands here, and in a point, which is printed with the symbols that were drawn.
func (l *lowerer) below(at lang.Span, name string) bool {
	f, c := l.configAt(at)
	if c == nil || slices.ContainsFunc(f.Decls, func(d lang.Decl) bool { _, from := d.(*lang.From); return from }) {
		return false
	}
	var here []string
	for _, item := range c.Items {
		for _, b := range named(item) {
			reads := false
			eachName(b.Body, func(n string) { reads = reads || slices.Contains(here, n) })
			if here != nil && b.Name.Name == name && !reads {
				l.report.Errorf(diag.UnknownName, at, "'%s' stands below, and a field sees those before it alone: move it above", name).
					With(b.Name.Span, "declared here")
				return true
			}
			if contains(b.Span, at) {
				here = append(here, b.Name.Name)
			}
		}
	}
	return false
}

// named are what an item of a config gives names to.
func named(item lang.ConfigItem) []lang.Binding {
	switch item := item.(type) {
	case *lang.Field:
		return []lang.Binding{{At: item.At, Name: item.Name, Body: item.Value}}
	case *lang.Let:
		return item.Bindings
	}
	return nil
}

// contains tells whether a text holds another.
func contains(whole, part lang.Span) bool {
	return whole.Source == part.Source && whole.Start <= part.Start && part.End <= whole.End
}

// noOption reports that something can't be drawn as what it is tested for.
func (l *lowerer) noOption(at lang.Span, tested, name string, all symbols) node {
	d := l.report.Errorf(diag.UnknownName, at, "'%s' has no alternative '%s'", tested, name)
	var names []string
	for _, o := range all {
		names = append(names, o.name)
	}
	d.Nearest(at, name, names)
	return &failNode{l.info(at)}
}
