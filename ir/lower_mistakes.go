package ir

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/lang/foreign"
)

// Errors of lowering that say what was likely meant, and mend it where that is clear.

// applied reports wires or modules as arguments of an op, 'relu(x)' for 'x >> relu'; false where the first is a value.
func (l *lowerer) applied(e lang.Expr, spec *op.Spec, args []lang.Arg, s *scope) bool {
	n := 0
	for n < len(args) && args[n].Name == nil && l.kind(args[n].Value, s) != isValue && l.means(args[n].Value, s) {
		n++
	}
	if n == 0 || s.config || spec.Params != nil && spec.Params[0].Kind == op.Symbol {
		return false
	}
	call := e.(*lang.Call)
	first, last := args[0].Value.Pos(), args[n-1].Value.Pos()
	d := l.report.Errorf(diag.Kind, first.To(last), "%s is applied with '>>': what it takes stands before it, not in its arguments", spec.Name)
	before := operand(args[0].Value)
	if p, ok := args[0].Value.(*lang.Pipe); ok {
		before = p.Pos().Text()
	}
	if n > 1 {
		before = "(" + first.To(last).Text() + ")"
	}
	rest := ""
	if n < len(args) {
		rest = "(" + args[n].Pos().To(args[len(args)-1].Pos()).Text() + ")"
	}
	text := before + " >> " + call.Fun.Name + rest
	if !stands(e.Pos()) {
		text = "(" + text + ")"
	}
	d.Edit(e.Pos(), text)
	return true
}

// alternatives reports numbers or texts between which 'or' stands.
func (l *lowerer) alternatives(e *lang.Binary, s *scope) bool {
	var parts []string
	var list func(x lang.Expr) bool
	list = func(x lang.Expr) bool {
		switch b, _ := x.(*lang.Binary); x.(type) {
		case *lang.Binary:
			return b.Op == "or" && list(b.X) && list(b.Y)
		case *lang.Number, *lang.String:
			parts = append(parts, x.Pos().Text())
			return true
		}
		n, _ := x.(*lang.Name)
		if n == nil || !l.isSymbol(n, n.Name, s) {
			return false
		}
		parts = append(parts, n.Name)
		return true
	}
	if !list(e) {
		return false
	}
	text := strings.Join(parts, " | ")
	l.report.Errorf(diag.Kind, e.Pos(), "'or' joins conditions; alternatives are written %s", text).Edit(e.Pos(), text)
	return true
}

// rangeMeant reports 1-10, which is a number below zero.
func (l *lowerer) rangeMeant(e *lang.Binary) bool {
	x, ok := e.X.(*lang.Number)
	y, ok2 := e.Y.(*lang.Number)
	if e.Op != "-" || !ok || !ok2 || !(x.Value < y.Value) || strings.Contains(e.Pos().Text(), " ") {
		return false
	}
	d := l.report.Errorf(diag.BadValue, e.Pos(), "this is a difference, below zero; a range is written with two points")
	d.Edit(e.Pos(), x.Pos().Text()+".."+y.Pos().Text())
	return true
}

// noParam reports an argument with a name that an op's parameters don't have.
func (l *lowerer) noParam(e lang.Expr, spec *op.Spec, args []lang.Arg, i int) {
	name := args[i].Name
	d := l.report.Errorf(diag.Arguments, name.Span, "%s has no parameter '%s'", spec.Name, name.Name)
	d.Note("%s has %s", spec.Name, paramNames(spec))
	near, known := foreign.FindParam(name.Name)
	if known && near == "" {
		d.Label = "not given here"
		d.Note("what arrives says its sizes: leave this out")
		d.Edit(argument(e, args, i), "")
		return
	}
	has := false
	for _, p := range names(spec) {
		has = has || p == near
	}
	if !has {
		near = diag.Nearest(name.Name, names(spec))
	}
	if near == "" {
		if name.Name == "activation" {
			d.Note("an activation is an op of its own: %s(...) >> relu", spec.Name)
		}
		return
	}
	d.Label = "did you mean '" + near + "'?"
	d.Edit(name.Span, near)
}

// argument is the span of an argument with a comma beside it; of the only one, with its parentheses.
func argument(e lang.Expr, args []lang.Arg, i int) lang.Span {
	at := args[i].Span
	switch call, _ := e.(*lang.Call); {
	case i > 0:
		at.Start = args[i-1].Span.End
	case len(args) > 1:
		at.End = args[1].Span.Start
	case call != nil:
		at.Start, at.End = call.Fun.Span.End, call.Span.End
	}
	return at
}

// useStd reports what needs an op of the standard library, in a file that doesn't use it, once a file; false where there is no
// such op.
func (l *lowerer) useStd(name string, at lang.Span, text string) bool {
	if l.sp.usesStd || l.sp.env.Ops == nil || l.sp.env.Ops.Lookup(name) == nil {
		return false
	}
	if l.stdless[at.Source] {
		return true
	}
	l.stdless[at.Source] = true
	d := l.report.Errorf(diag.UnknownName, at, "%s", text).
		Note("'%s' is an op of the standard library, which this file doesn't use: declare 'use std'", name)
	to := lang.Span{Source: at.Source}
	line := "use std\n"
	for _, f := range l.files {
		for _, decl := range f.Decls {
			switch decl.(type) {
			case *lang.Edition, *lang.SpaceDecl:
				if end := decl.Pos().End; f.Source == at.Source && end > to.End {
					rest, _, _ := strings.Cut(f.Source.Text[end:], "\n")
					to.Start, to.End, line = end+len(rest), end+len(rest), "\nuse std"
				}
			}
		}
	}
	d.Edit(to, line)
	return true
}

// needsStd reports that an operator stands for an op that isn't there.
func (l *lowerer) needsStd(e lang.Expr, operator, name string) node {
	text := fmt.Sprintf("'%s' needs %s of the standard library", operator, name)
	if !l.useStd(name, e.Pos(), text) {
		l.report.Errorf(diag.UnknownName, e.Pos(), "%s", text)
	}
	return &failNode{l.info(e.Pos())}
}

// noModule reports a value where a module or wire belongs.
func (l *lowerer) noModule(e lang.Expr, s *scope, want expKind) node {
	if c, ok := e.(*lang.Choice); ok {
		for _, a := range c.Alts {
			if l.kind(a.Body, s) == isValue {
				l.noModule(a.Body, s, want)
			}
		}
		return &failNode{l.info(e.Pos())}
	}
	at, head := e.Pos(), headName(e)
	if b, ok := e.(*lang.Binary); ok && l.kind(b.Y, s) != isValue {
		return l.noValue(b, b.Y, l.kind(b.Y, s))
	}
	d := l.report.Errorf(diag.Kind, at, "%s is needed here, and '%s' is a value", want, head)
	switch e := e.(type) {
	case *lang.String:
		if l.lib.Lookup(e.Value) != nil || l.std[e.Value] != nil || l.rules[e.Value] != nil {
			d.Note("ops and rules are named without quotes").Edit(at, e.Value)
		}
	case *lang.Cond:
		if e.Else != nil {
			d.Note("alternatives that depend on a condition have guards: a if c | b if not c")
			condition := e.If.Pos().Text()
			text := fmt.Sprintf("%s if %s | %s if not (%s)", operand(e.Then), condition, operand(e.Else), condition)
			if !stands(at) {
				text = "(" + text + ")"
			}
			d.Edit(at, text)
		}
	case *lang.Access:
		if l.lib.Lookup(e.Name.Name) != nil {
			d.Note("ops are named without a module before them").Edit(at, e.Name.Name)
		}
	}
	return &failNode{l.info(at)}
}

// noValue reports an operator of values between a value and a module.
func (l *lowerer) noValue(b *lang.Binary, x lang.Expr, k expKind) node {
	d := l.report.Errorf(diag.Kind, b.Pos(), "'%s' computes values, and '%s' is %s: modules are joined by + * @ ++", b.Op, headName(x), k)
	n, module := b.X, b.Y
	if x == b.X {
		n, module = b.Y, b.X
	}
	number, ok := n.(*lang.Number)
	switch {
	case !ok:
	case b.Op == "*" && number.Int:
		d.Note("a module is repeated with braces, as in %s{%s}", headName(x), number.Text).
			Edit(b.Pos(), operand(module)+"{"+number.Text+"}")
	case b.Op == "%" && module == b.Y:
		d.Note("a weight stands in brackets behind its alternative").
			Edit(b.Pos(), module.Pos().Text()+" ["+number.Text+"%]")
	}
	return &failNode{l.info(b.Pos())}
}

// unboundable says what a requirement at the top of a file can be about, where it names something else.
func (l *lowerer) unboundable(d *diag.Diagnostic, name string) {
	d.Label = "not a cost or a let"
	for _, f := range l.files {
		for _, decl := range f.Decls {
			switch decl := decl.(type) {
			case *lang.Config:
				if field := decl.Field(name); field != nil {
					d.Note("a requirement on fields of a config stands in that config").With(field.Name.Span, "declared here")
					return
				}
			case *lang.Objective:
				if decl.Name.Name == name {
					d.Note("a metric is known after training: it is sought with 'maximize' or 'minimize', not required").With(decl.Name.Span, "sought here")
					return
				}
			}
		}
	}
	d.Note("what can be required are bounds on costs, %s, and conditions on lets; a metric of the training is sought with 'maximize'",
		strings.Join(l.costs(), ", "))
}

// costs are the names of the costs that can be bounded.
func (l *lowerer) costs() (names []string) {
	for _, d := range l.sp.dims {
		names = append(names, d.name)
	}
	return names
}

// nearNet says which rule is nearly called net, in a file without one.
func (l *lowerer) nearNet(d *diag.Diagnostic) {
	var names []string
	for n := range l.rules {
		names = append(names, n)
	}
	slices.Sort(names)
	for _, n := range append([]string{diag.Nearest("net", names)}, "network", "model", "Model") {
		if r := l.rules[n]; r != nil {
			d.At, d.Label = r.Name.Span, "did you mean 'net'?"
			d.Edit(r.Name.Span, "net")
			return
		}
	}
}
