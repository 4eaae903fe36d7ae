package ir

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/lang/format"
)

// kindWords are the kinds that a parameter of a declared op can have.
var kindWords = map[string]op.Kind{"int": op.Int, "real": op.Real, "bool": op.Bool, "symbol": op.Symbol, "text": op.Text}

// declaredOp is an op that a file declares: equations over the axes that arrive and the op's parameters. Its Spec
// interprets them, so that it is an op like those of the library.
type declaredOp struct {
	decl *lang.OpDecl
	spec *op.Spec
	// known are the names that the equations may use: parameters and what the arriving types name.
	known map[string]bool
	// late are the parameters of which an equation needs the value, and not only bounds: a continuous range,
	// whose value is drawn after everything else, can't be given to them.
	late  map[string]bool
	types map[string]*lang.TypeDecl
}

// declareOps makes the declared ops known: they join the library.
func (l *lowerer) declareOps() {
	specs := l.lib.Specs()
	for _, f := range l.files {
		for _, d := range f.Decls {
			d, ok := d.(*lang.OpDecl)
			if !ok {
				continue
			}
			if l.lib.Lookup(d.Name.Name) != nil {
				l.report.Errorf(diag.Defined, d.Name.Span, "'%s' is an op of the standard library", d.Name.Name).
					Note("a point holds both where rules of the library use it; give yours another name")
				continue
			}
			if l.sp.declared[d.Name.Name] == nil {
				o := l.declareOp(d)
				l.sp.declared[d.Name.Name] = o
				specs = append(specs[:len(specs):len(specs)], o.spec)
			}
		}
	}
	l.lib = op.NewLibrary(specs...)
	l.sp.lib = l.lib
}

func (l *lowerer) declareOp(d *lang.OpDecl) *declaredOp {
	o := &declaredOp{decl: d, known: map[string]bool{}, late: map[string]bool{},
		spec: &op.Spec{Name: d.Name.Name, Family: "declared", Doc: d.Doc, Arity: max(1, len(d.In)), Opaque: true}, types: l.types}
	o.spec.Apply = o.apply
	for _, t := range d.In {
		o.binds(t)
		l.typeOf(t)
	}
	for _, t := range d.Out {
		l.typeOf(t)
	}
	for i := range d.Params {
		l.declareParam(o, &d.Params[i])
		o.known[d.Params[i].Name.Name] = true
	}
	for _, t := range append(d.In[:len(d.In):len(d.In)], d.Out...) {
		for _, e := range sizes(t) {
			l.equation(o, e)
		}
	}
	for _, c := range d.Requires {
		if !l.bounds(o, c) {
			l.equation(o, c)
		}
	}
	for _, e := range []lang.Expr{d.ParamCount, d.Macs} {
		if e != nil {
			l.equation(o, e)
		}
	}
	return o
}

// binds notes the names that an arriving type gives to what it finds: a name alone, and one before a colon.
func (o *declaredOp) binds(t lang.Type) {
	if tt, ok := t.(*lang.TensorType); ok {
		for _, a := range tt.Axes {
			if a.Name != nil {
				o.known[a.Name.Name] = true
			}
		}
	}
	for _, e := range sizes(t) {
		if n, ok := e.(*lang.Name); ok && !slices.ContainsFunc(o.decl.Params, func(p lang.Param) bool { return p.Name.Name == n.Name }) {
			o.known[n.Name] = true
		}
	}
}

// sizes are the expressions of a type: of its axes, or its arguments.
func sizes(t lang.Type) (out []lang.Expr) {
	switch t := t.(type) {
	case *lang.TensorType:
		for _, a := range t.Axes {
			out = append(out, a.Size)
		}
	case *lang.NominalType:
		out = t.Args
	}
	return out
}

// typeOf is the declaration of a type of a file's own; nil of a tensor's, and where there is none, which is
// reported.
func (l *lowerer) typeOf(t lang.Type) *lang.TypeDecl {
	n, ok := t.(*lang.NominalType)
	if !ok {
		return nil
	}
	d := l.types[n.Name.Name]
	if d == nil {
		var names []string
		for name := range l.types {
			names = append(names, name)
		}
		e := l.report.Errorf(diag.UnknownName, n.Name.Span, "unknown type '%s'", n.Name.Name)
		if !e.Nearest(n.Name.Span, n.Name.Name, names) {
			e.Note("declare it: type %s; a tensor's is [c: 3, h: 32, w: 32]", n.Name.Name)
		}
		return nil
	}
	if len(n.Args) != len(d.Params) {
		l.report.Errorf(diag.Arguments, n.Span, "the type %s takes %s", d.Name.Name, exactly(len(d.Params))).With(d.Name.Span, "declared here")
		return nil
	}
	return d
}

func exactly(n int) string {
	if n > 1 {
		return fmt.Sprintf("%d arguments", n)
	}
	return atMost(n)
}

// declareParam makes a parameter of a declared op: its kind, and its default where that is a constant.
func (l *lowerer) declareParam(o *declaredOp, p *lang.Param) {
	out := op.Param{Name: p.Name.Name}
	constant, isConstant := l.constant(p.Default)
	defer func() { o.spec.Params = append(o.spec.Params, out) }()
	switch {
	case p.Rule:
		l.report.Errorf(diag.Declaration, p.Span, "the parameters of an op are values: 'rule' can't stand here")
		return
	case p.Kind != nil:
		kind, ok := kindWords[p.Kind.Name]
		if !ok {
			d := l.report.Errorf(diag.Declaration, p.Kind.Span, "there is no kind '%s'", p.Kind.Name)
			d.Note("a parameter of an op is one of int, real, bool, symbol and text")
			return
		}
		out.Kind = kind
		if n, ok := p.Default.(*lang.Name); ok && kind == op.Symbol && !o.known[n.Name] {
			constant, isConstant = n.Name, true
		}
	case isConstant:
		switch constant.(type) {
		case int:
			out.Kind = op.Int
		case float64:
			out.Kind = op.Real
		case bool:
			out.Kind = op.Bool
		default:
			out.Kind = op.Text
		}
	default:
		l.report.Errorf(diag.Declaration, p.Span, "the parameter '%s' of an op needs a kind", p.Name.Name).
			Note("one of int, real, bool, symbol and text: %s: int", p.Name.Name)
		return
	}
	switch {
	case p.Default == nil:
	case isConstant:
		if x, ok := constant.(int); ok && out.Kind == op.Real {
			constant = float64(x)
		}
		out.Default = constant
		if err := op.CheckParam(&op.Spec{Name: o.spec.Name, Params: []op.Param{out}}, 0, constant); err != nil {
			l.report.Errorf(diag.BadValue, p.Default.Pos(), "%v", err)
		}
	default:
		out.DefaultDoc = format.Expr(p.Default)
		l.equation(o, p.Default)
	}
}

// constant is the value of an expression without names.
func (l *lowerer) constant(e lang.Expr) (any, bool) {
	if e == nil {
		return nil, false
	}
	v, err := l.sp.m.formula(e, func(string) (val, bool) { return 0, false })
	return l.sp.goValue(v), err == nil
}

// equation checks the form and the names of an expression of a declared op, and notes the parameters whose values it needs.
func (l *lowerer) equation(o *declaredOp, e lang.Expr) {
	lang.Walk(e, func(n lang.Node) bool {
		switch n := n.(type) {
		case *lang.Access:
			x, ok := n.X.(*lang.Name)
			if !ok || x.Name != "in" {
				l.bad(diag.Kind, n, "an op's equations know 'in' and its axes, and nothing else has fields")
			} else if o.decl.In != nil && !o.known[n.Name.Name] {
				l.unknownIn(o, n.Name.Span, n.Name.Name)
			}
			return false
		case *lang.Name:
			if !o.known[n.Name] {
				l.unknownIn(o, n.Span, n.Name)
			}
			o.late[n.Name] = true
		case *lang.Call:
			if valueFunctions[n.Fun.Name] == nil {
				l.unknownIn(o, n.Fun.Span, n.Fun.Name)
			}
		case *lang.Number, *lang.Bool, *lang.String, *lang.Unary, *lang.Binary, *lang.Paren, *lang.Cond, *lang.Is, lang.Arg:
		case lang.Expr:
			d := l.report.Errorf(diag.Kind, n.Pos(), "this can't stand in an equation of an op, which is arithmetic and conditions")
			if _, choice := n.(*lang.Choice); choice {
				d.Note("a choice stands where the op is used")
			}
			return false
		}
		return true
	})
}

func (l *lowerer) unknownIn(o *declaredOp, at lang.Span, name string) {
	var names []string
	for n := range o.known {
		names = append(names, n)
	}
	d := l.report.Errorf(diag.UnknownName, at, "unknown name '%s'", name)
	d.Label = "neither a parameter nor an axis that arrives"
	d.Nearest(at, name, names)
}

// bounds tells whether a requirement only bounds a parameter: p > 0. Of a range it then holds where it holds at
// both ends.
func (l *lowerer) bounds(o *declaredOp, c lang.Expr) bool {
	b, ok := c.(*lang.Binary)
	if !ok || !strings.Contains(" < <= > >= ", " "+b.Op+" ") {
		return false
	}
	for _, side := range [][2]lang.Expr{{b.X, b.Y}, {b.Y, b.X}} {
		if n, ok := side[0].(*lang.Name); ok && o.spec.Param(n.Name) >= 0 {
			if _, known := l.constant(side[1]); known {
				return true
			}
		}
	}
	return false
}

// nominal is a declared type with constant arguments.
func (l *lowerer) nominal(t *lang.NominalType) op.Shape {
	d := l.typeOf(t)
	if d == nil {
		return nil
	}
	var args []op.Axis
	for i, e := range t.Args {
		n, ok := l.constant(e)
		size, whole := n.(int)
		if !ok || !whole || size < 0 || size > op.MaxElements {
			l.report.Errorf(diag.BadValue, e.Pos(), "the argument of a type is a constant whole number of 0 or more")
		}
		args = append(args, op.Axis{Name: d.Params[i].Name, Size: size})
	}
	return op.Nominal(d.Name.Name, args...)
}
