package ir

import (
	"fmt"
	"strings"

	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/format"
)

// equations are those of one application of a declared op: its names, with what is known of them so far.
type equations struct {
	*declaredOp
	b    op.Builder
	m    machine // for the arithmetic of its own values
	in   []op.Shape
	env  map[string]val
	axes map[string]val // those of env that an arriving type names
}

// apply checks what arrives and computes what leaves, in the order in which names become known: what the
// arriving types name, parameters, the other sizes of the arriving types, requirements, the leaving types, costs.
func (o *declaredOp) apply(b op.Builder, args op.Args, in []op.Tensor) []op.Tensor {
	q := &equations{declaredOp: o, b: b, env: map[string]val{}, axes: map[string]val{}}
	q.m.sp = &Space{vals: newValues()}
	for _, x := range in {
		q.in = append(q.in, x.Shape())
	}
	for i, t := range o.decl.In {
		q.name(t, q.in[i])
	}
	for i := range o.decl.Params {
		q.param(&o.decl.Params[i], &o.spec.Params[i], args.Values[i])
	}
	for i, t := range o.decl.In {
		q.compare(t, q.in[i])
	}
	for _, c := range o.decl.Requires {
		q.require(c)
	}
	out := q.in
	if o.decl.In != nil {
		out = nil
		for _, t := range o.decl.Out {
			out = append(out, q.leaving(t))
		}
	}
	return b.Opaque(in, out, q.cost("params", o.decl.ParamCount), q.cost("macs", o.decl.Macs))
}

// refuse ends the op: what arrives isn't what it takes.
func (q *equations) refuse() {
	var takes, got []string
	for i, t := range q.decl.In {
		takes, got = append(takes, format.Type(t)), append(got, q.in[i].String())
	}
	q.b.Fail("%s takes %s; %s arrives", q.spec.Name, strings.Join(takes, " and "), strings.Join(got, " and "))
}

// parts are the expressions of an arriving type with the sizes that they have to be. Names of axes are nil for a
// type's arguments.
func (q *equations) parts(t lang.Type, s op.Shape, each func(name *lang.Ident, e lang.Expr, size int)) {
	name, args, nominal := s.Nominal()
	switch t := t.(type) {
	case *lang.TensorType:
		if nominal || len(s) != len(t.Axes) {
			q.refuse()
		}
		for i, a := range t.Axes {
			each(a.Name, a.Size, s[i].Size)
		}
	case *lang.NominalType:
		if !nominal || name != t.Name.Name || len(args) != len(t.Args) {
			q.refuse()
		}
		for i, e := range t.Args {
			each(nil, e, args[i].Size)
		}
	}
}

// name gives the names of an arriving type their sizes; one that stands twice has one size.
func (q *equations) name(t lang.Type, s op.Shape) {
	bind := func(name string, size int) {
		v := q.m.sp.vals.int(int64(size))
		if old, ok := q.axes[name]; ok && old != v {
			q.refuse()
		}
		q.axes[name] = v
	}
	q.parts(t, s, func(name *lang.Ident, e lang.Expr, size int) {
		if name != nil {
			bind(name.Name, size)
		}
		if n, ok := e.(*lang.Name); ok && q.spec.Param(n.Name) < 0 {
			bind(n.Name, size)
		}
	})
	for name, v := range q.axes {
		q.env[name] = v
	}
}

// param gives a parameter its argument, or its default where that is computed.
func (q *equations) param(p *lang.Param, spec *op.Param, arg any) {
	if arg == nil && p.Default != nil {
		arg = q.m.sp.goValue(q.value(p.Default))
		if x, ok := arg.(int); ok && spec.Kind == op.Real {
			arg = float64(x)
		}
		if err := op.CheckParam(&op.Spec{Name: q.spec.Name, Params: []op.Param{*spec}}, 0, arg); err != nil {
			q.b.Fail("%v", err)
		}
	}
	vs := q.m.sp.vals
	switch x := arg.(type) {
	case int:
		q.env[p.Name.Name] = vs.int(int64(x))
	case float64:
		q.env[p.Name.Name] = vs.real(x)
	case bool:
		q.env[p.Name.Name] = vs.bool(x)
	case string:
		q.env[p.Name.Name] = vs.text(x)
	}
}

// compare checks the sizes that an arriving type computes.
func (q *equations) compare(t lang.Type, s op.Shape) {
	q.parts(t, s, func(_ *lang.Ident, e lang.Expr, size int) {
		if v := q.m.sp.vals.at(q.value(e)); v.kind != kindInt || v.i != int64(size) {
			q.refuse()
		}
	})
}

// value computes an expression.
func (q *equations) value(e lang.Expr) val {
	v, err := q.m.formula(e, func(name string) (val, bool) {
		if axis, ok := strings.CutPrefix(name, "in."); ok {
			v, ok := q.axes[axis]
			if size, found := q.in[0].Axis(axis); !ok && found {
				v, ok = q.m.sp.vals.int(int64(size)), true
			}
			return v, ok
		}
		v, ok := q.env[name]
		return v, ok
	})
	if err != nil {
		q.b.Fail("%s of %s: %v", format.Expr(e), q.spec.Name, err)
	}
	return v
}

func (q *equations) require(c lang.Expr) {
	switch v := q.value(c); v {
	case valTrue:
	case valFalse:
		q.b.Fail("%s requires %s%s", q.spec.Name, format.Expr(c), q.where(c))
	default:
		q.b.Fail("%s requires %s, which is %s and not a condition", q.spec.Name, format.Expr(c), q.m.sp.vals.describe(v))
	}
}

// where says what the names of an expression are: "; a is 1, b is 2".
func (q *equations) where(e lang.Expr) string {
	text, sign := "", "; "
	seen := map[string]bool{}
	eachName(e, func(name string) {
		if v, ok := q.env[name]; ok && !seen[name] {
			text += sign + name + " is " + q.m.sp.vals.describe(v)
			sign, seen[name] = ", ", true
		}
	})
	return text
}

// size is a computed size of at least least.
func (q *equations) size(e lang.Expr, least int64) int {
	id := q.value(e)
	v := q.m.sp.vals.at(id)
	if v.kind != kindInt || v.i < least || v.i > op.MaxElements {
		q.b.Fail("%s leaves %s = %s, which is no whole number from %d to %d", q.spec.Name, format.Expr(e), q.m.sp.vals.describe(id),
			least, op.MaxElements)
	}
	return int(v.i)
}

// leaving is a type that leaves.
func (q *equations) leaving(t lang.Type) op.Shape {
	if n, ok := t.(*lang.NominalType); ok {
		var args []op.Axis
		for i, e := range n.Args {
			args = append(args, op.Axis{Name: q.types[n.Name.Name].Params[i].Name, Size: q.size(e, 0)})
		}
		return op.Nominal(n.Name.Name, args...)
	}
	var out op.Shape
	for _, a := range t.(*lang.TensorType).Axes {
		axis := op.Axis{Size: q.size(a.Size, 1)}
		if n, ok := a.Size.(*lang.Name); ok {
			axis.Name = n.Name
		}
		if a.Name != nil {
			axis.Name = a.Name.Name
		}
		out = append(out, axis)
	}
	return out
}

// cost is a computed count; 0 where the op has none.
func (q *equations) cost(what string, e lang.Expr) int64 {
	if e == nil {
		return 0
	}
	id := q.value(e)
	v := q.m.sp.vals.at(id)
	if v.kind != kindInt || v.i < 0 {
		q.b.Fail("the %s of %s are %s = %s, which is no whole number of 0 or more", what, q.spec.Name, format.Expr(e), q.m.sp.vals.describe(id))
	}
	return v.i
}

// declarations are those of the ops and types that a point needs to be read by itself.
func (sp *Space) declarations(graph *op.Graph) string {
	ops, types := map[string]bool{}, map[string]bool{}
	mention := func(t lang.Type) {
		if n, ok := t.(*lang.NominalType); ok {
			types[n.Name.Name] = true
		}
	}
	for _, n := range graph.Nodes {
		o := sp.declared[n.Args.Spec.Name]
		if o == nil || ops[n.Args.Spec.Name] {
			continue
		}
		ops[n.Args.Spec.Name] = true
		for _, t := range o.decl.In {
			mention(t)
		}
		for _, t := range o.decl.Out {
			mention(t)
		}
	}
	for _, p := range append(sp.Inputs[:len(sp.Inputs):len(sp.Inputs)], sp.Outputs...) {
		if name, _, ok := p.Shape.Nominal(); ok {
			types[name] = true
		}
	}
	var b strings.Builder
	for _, d := range sp.types {
		if types[d.Name.Name] {
			fmt.Fprintf(&b, "%s\n", format.Decl(&lang.TypeDecl{Name: d.Name, Params: d.Params}))
		}
	}
	for _, spec := range sp.lib.Specs() {
		if ops[spec.Name] {
			d := *sp.declared[spec.Name].decl
			d.Doc = ""
			fmt.Fprintf(&b, "%s\n", format.Decl(&d))
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return "\n" + b.String()
}

// continuous tells why a declared op can't be given ranges whose values are drawn after everything else: an
// equation needs a value, or a requirement that bounds it doesn't hold at both ends. The lower ends are checked
// as any argument is.
func (sp *Space) continuous(spec *op.Spec, args []val, in []op.Tensor) error {
	o := sp.declared[spec.Name]
	if o == nil {
		return nil
	}
	upper := append([]val(nil), args...)
	ranges := false
	for i, v := range args {
		t := sp.vals.at(v)
		if t.kind != kindInterval {
			continue
		}
		if name := spec.Params[i].Name; o.late[name] {
			return fmt.Errorf("%s of %s is continuous, and an equation of the op needs its value: give the range 'points'", name, spec.Name)
		}
		upper[i], ranges = sp.vals.real(t.g), true
	}
	if !ranges {
		return nil
	}
	a, err := sp.opArgs(spec, upper)
	if err == nil {
		_, err = op.Run(&op.Tracer{}, a, in)
	}
	return err
}
