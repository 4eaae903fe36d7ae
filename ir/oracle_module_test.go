package ir_test

import (
	"fmt"

	"github.com/spacec-lang/spacec/lang"
)

// apply runs a module on what arrives, or makes a wire, which asks for nothing that arrives but by name.
func (o *oracle) apply(e lang.Expr, s *scope, x any) any {
	switch e := e.(type) {
	case *lang.Paren:
		return o.apply(e.X, s, x)
	case *lang.Name:
		return o.applyName(e.Name, nil, s, x)
	case *lang.Call:
		return o.applyName(e.Fun.Name, e.Args, s, x)
	case *lang.Choice:
		c := o.choose(e, s, x)
		return o.apply(c.e, c.scope, x)
	case *lang.Optional:
		if o.pick(step{n: 2, weights: []share{{weight: 1}, {weight: 1}}}) == 0 {
			return o.apply(e.X, s, x)
		}
		return o.op("skip", nil, s, x)
	case *lang.Pipe:
		for _, stage := range e.Stages {
			x = o.apply(stage, s, x)
		}
		return x
	case *lang.Repeat:
		n, ok := o.value(e.Count, s, x).(int64)
		if !ok || n < 0 {
			fail("a count of %d", n)
		}
		for range n {
			x = o.apply(e.X, s, x)
		}
		return x
	case *lang.Tuple:
		return o.each(len(e.Elems), o.kind(e, s), x, func(i int, x any) any { return o.apply(e.Elems[i], s, x) })
	case *lang.NOf:
		k := o.kind(e.X, s)
		var list []any
		o.several(e, s, x, func(i, n int, body lang.Expr) {
			at := x
			if k == aModule {
				at = part(x, i, n)
			}
			list = append(list, o.apply(body, s, at))
		})
		return flat(list)
	case *lang.Binary:
		var list []any
		for _, operand := range operands(e, e.Op) {
			list = append(list, o.apply(operand, s, x))
		}
		return o.op(map[string]string{"+": "add", "*": "mul", "++": "concat"}[e.Op], nil, s, flat(list))
	case *lang.Block:
		return o.block(e, s, x)
	}
	panic(fmt.Sprintf("the oracle can't apply %T", e))
}

func operands(e lang.Expr, op string) []lang.Expr {
	if b, ok := e.(*lang.Binary); ok && b.Op == op {
		return append(operands(b.X, op), b.Y)
	}
	return []lang.Expr{e}
}

// each runs n modules on the parts of a tuple, or makes n wires.
func (o *oracle) each(n int, k kind, x any, f func(i int, x any) any) any {
	var list []any
	for i := range n {
		at := x
		if k == aModule {
			at = part(x, i, n)
		}
		list = append(list, f(i, at))
	}
	return flat(list)
}

func part(x any, i, n int) any {
	if p, ok := x.([]any); ok && len(p) == n {
		return p[i]
	}
	if _, isTuple := x.([]any); !isTuple && n == 1 {
		fail("a tuple of one")
	}
	fail("a tuple of %d is needed", n)
	return nil
}

// flat is a tuple of tensors, none of which may be a tuple.
func flat(list []any) any {
	for _, x := range list {
		if _, ok := x.([]any); ok {
			fail("a tuple in a tuple")
		}
	}
	return tuple(list)
}

func (o *oracle) applyName(name string, args []lang.Arg, s *scope, x any) any {
	if name == "in" {
		return s.in
	}
	if n := s.find(name); n != nil {
		switch {
		case n.set:
			return n.value
		case n.fresh:
			return o.apply(n.e, n.scope, x)
		}
		return o.use(n, args, s, x)
	}
	if r := o.rules[name]; r != nil {
		inner := o.call(r, args, s, x)
		defer func() { o.nesting-- }()
		return o.apply(r.Body, inner, x)
	}
	if name == "each" {
		n := &named{e: args[0].Value, scope: s, from: o.from}
		if _, ok := x.([]any); !ok {
			fail("each needs a tuple")
		}
		return o.each(len(parts(x)), aModule, x, func(_ int, x any) any { return o.use(n, nil, s, x) })
	}
	return o.op(name, args, s, x)
}

func (o *oracle) block(e *lang.Block, s *scope, x any) any {
	inner := s.inner()
	inner.in = x
	var after []lang.Expr
	for _, st := range e.Stmts {
		switch st := st.(type) {
		case *lang.Let:
			o.let(st, inner)
		case *lang.Require:
			after = append(after, st.Conds...)
		case *lang.Assign:
			w := o.apply(st.Value, inner, x)
			for i, n := range st.Names {
				if len(st.Names) > 1 {
					inner.names[n.Name] = &named{kind: aWire, set: true, value: part(w, i, len(st.Names))}
				} else {
					inner.names[n.Name] = &named{kind: aWire, set: true, value: w}
				}
			}
		}
	}
	left := o.apply(e.Result, inner, x)
	for _, c := range after {
		o.require(c, inner)
	}
	return left
}
