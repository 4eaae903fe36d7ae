package format_test

import (
	"fmt"

	"pgregory.net/rapid"

	"github.com/spacec-lang/spacec/lang"
)

// gen draws syntax trees that mean nothing, but that the parser could have made, save for the parentheses that they need.
type gen struct{ *rapid.T }

func (g gen) pick(n int) int { return rapid.IntRange(0, n-1).Draw(g.T, "pick") }

func (g gen) ident() lang.Ident {
	return lang.Ident{Name: rapid.SampledFrom([]string{"a", "b2", "conv", "op", "step", "log", "rule", "each", "in_", "of_x"}).Draw(g.T, "name")}
}

func (g gen) name() *lang.Name { return &lang.Name{Name: g.ident().Name} }

func (g gen) exprs(depth, least int) []lang.Expr {
	list := make([]lang.Expr, least+g.pick(3))
	for i := range list {
		list[i] = g.expr(depth)
	}
	return list
}

// conds are conditions: a requirement that is a number is an error.
func (g gen) conds(depth int) []lang.Expr {
	list := g.exprs(depth, 1)
	for i, c := range list {
		if _, number := c.(*lang.Number); number {
			list[i] = g.name()
		}
	}
	return list
}

func (g gen) number() lang.Expr {
	switch g.pick(4) {
	case 0:
		return &lang.Number{Int: true, I: int64(g.pick(1000))}
	case 1:
		return &lang.Number{Value: rapid.Float64Range(0, 1e6).Draw(g.T, "value")}
	case 2:
		return &lang.Number{Value: rapid.Float64Range(1e-300, 1e300).Draw(g.T, "value")}
	}
	return &lang.Number{Int: true, I: int64(g.pick(1 << 62))}
}

func (g gen) expr(depth int) lang.Expr {
	if depth <= 0 {
		switch g.pick(6) {
		case 0:
			return g.number()
		case 1:
			return &lang.Bool{Value: g.pick(2) == 0}
		case 2:
			return &lang.String{Value: rapid.String().Draw(g.T, "string")}
		}
		return g.name()
	}
	depth--
	one := func() lang.Expr { return g.expr(depth) }
	switch g.pick(16) {
	case 0:
		return g.call(depth)
	case 1:
		return &lang.Access{X: one(), Name: g.ident()}
	case 2:
		return &lang.Repeat{X: one(), Count: one()}
	case 3:
		return &lang.Optional{X: one()}
	case 4:
		return g.choice(depth)
	case 5:
		return &lang.Pipe{Stages: g.exprs(depth, 2)}
	case 6, 7, 8:
		ops := lang.Operators()
		op := rapid.SampledFrom(ops).Draw(g.T, "op")
		switch op {
		case ">>", "..", "is":
			return g.rang(depth)
		}
		return &lang.Binary{Op: op, X: one(), Y: one()}
	case 9:
		return &lang.Unary{Op: []string{"-", "not"}[g.pick(2)], X: one()}
	case 10:
		return g.rang(depth)
	case 11:
		return &lang.Tuple{Elems: g.exprs(depth, 2)}
	case 12:
		return g.block(depth)
	case 13:
		return &lang.NOf{N: one(), X: one()}
	case 14:
		c := &lang.Cond{If: one(), Then: one()}
		if g.pick(2) == 0 {
			c.Else = one()
		}
		return c
	}
	return &lang.Is{X: one(), Name: g.ident()}
}

func (g gen) rang(depth int) lang.Expr {
	r := &lang.Range{Lo: g.expr(depth), Hi: g.expr(depth), Log: g.pick(2) == 0}
	switch g.pick(4) {
	case 0:
		r.Step = g.expr(depth)
	case 1:
		r.Factor = g.expr(depth)
	case 2:
		r.Points = g.expr(depth)
	}
	return r
}

func (g gen) call(depth int) lang.Expr {
	c := &lang.Call{Fun: g.ident()}
	for _, x := range g.exprs(depth, 0) {
		a := lang.Arg{Value: x}
		if g.pick(2) == 0 {
			name := g.ident()
			a.Name = &name
		}
		c.Args = append(c.Args, a)
	}
	return c
}

func (g gen) choice(depth int) lang.Expr {
	c := &lang.Choice{}
	for _, x := range g.exprs(depth, 1) {
		a := lang.Alt{Body: x}
		switch g.pick(4) {
		case 0:
			a.Weight = &lang.Weight{Each: true}
		case 1:
			a.Weight = &lang.Weight{Value: float64(g.pick(100)) / 4, Percent: g.pick(2) == 0}
		}
		if g.pick(3) == 0 {
			a.Guard = g.expr(depth)
		}
		c.Alts = append(c.Alts, a)
	}
	if a := c.Alts[0]; len(c.Alts) == 1 && a.Weight == nil && a.Guard == nil {
		return a.Body
	}
	return c
}

func (g gen) block(depth int) lang.Expr {
	b := &lang.Block{Result: g.expr(depth)}
	for range g.pick(3) {
		switch g.pick(3) {
		case 0:
			b.Stmts = append(b.Stmts, g.let(depth))
		case 1:
			b.Stmts = append(b.Stmts, &lang.Require{Conds: g.conds(depth)})
		default:
			a := &lang.Assign{Names: []lang.Ident{g.ident()}, Value: g.expr(depth)}
			if g.pick(2) == 0 {
				a.Names = append(a.Names, g.ident())
			}
			b.Stmts = append(b.Stmts, a)
		}
	}
	return b
}

func (g gen) let(depth int) *lang.Let {
	l := &lang.Let{Share: g.pick(2) == 0}
	for range 1 + g.pick(2) {
		l.Bindings = append(l.Bindings, lang.Binding{Name: g.ident(), Params: g.params(depth), Body: g.expr(depth)})
	}
	return l
}

func (g gen) params(depth int) []lang.Param {
	var params []lang.Param
	for range g.pick(3) {
		p := lang.Param{Rule: g.pick(3) == 0, Name: g.ident()}
		if g.pick(3) == 0 {
			kind := g.ident()
			p.Kind = &kind
		}
		if g.pick(2) == 0 {
			p.Default = g.expr(depth)
		}
		params = append(params, p)
	}
	return params
}

func (g gen) typ(depth int) lang.Type {
	if g.pick(2) == 0 {
		n := &lang.NominalType{Name: g.ident()}
		if g.pick(2) == 0 {
			n.Args = g.exprs(depth, 1)
		}
		return n
	}
	t := &lang.TensorType{}
	for _, x := range g.exprs(depth, 0) {
		a := lang.Axis{Size: x}
		if g.pick(2) == 0 {
			name := g.ident()
			a.Name = &name
		}
		t.Axes = append(t.Axes, a)
	}
	return t
}

func (g gen) op(depth int) lang.Decl {
	o := &lang.OpDecl{Doc: g.doc(), Name: g.ident(), Params: g.params(depth)}
	if g.pick(2) == 0 {
		o.In, o.Out = []lang.Type{g.typ(depth), g.typ(depth)}[g.pick(2):], []lang.Type{g.typ(depth)}
	}
	if g.pick(2) == 0 {
		o.Requires = g.exprs(depth, 1)
	}
	if g.pick(2) == 0 {
		o.ParamCount = g.expr(depth)
	}
	if g.pick(2) == 0 {
		o.Macs = g.expr(depth)
	}
	return o
}

func (g gen) doc() string {
	return rapid.SampledFrom([]string{"", "One line.", "Two\nlines.", "An empty\n\none."}).Draw(g.T, "doc")
}

func (g gen) decl(depth int) lang.Decl {
	switch g.pick(14) {
	case 0:
		return &lang.Edition{Version: 1}
	case 1:
		return &lang.SpaceDecl{Doc: g.doc(), Name: g.ident()}
	case 2:
		return &lang.Use{Path: "b.space", File: true}
	case 3:
		return &lang.Port{Output: g.pick(2) == 0, Name: g.ident(), Type: g.typ(depth)}
	case 4, 5:
		r := &lang.Rule{Doc: g.doc(), Bare: g.pick(2) == 0, Name: g.ident(), Body: g.expr(depth)}
		if !r.Bare {
			r.Params = g.params(depth)
		}
		return r
	case 6:
		return g.let(depth)
	case 7:
		c := &lang.Config{Doc: g.doc(), Name: g.ident()}
		for range g.pick(4) {
			switch g.pick(4) {
			case 0:
				c.Items = append(c.Items, g.let(depth))
			case 1:
				c.Items = append(c.Items, &lang.Require{Conds: g.conds(depth)})
			default:
				c.Items = append(c.Items, &lang.Field{Doc: g.doc(), Name: g.ident(), Value: g.expr(depth)})
			}
		}
		return c
	case 8:
		return &lang.Require{Conds: g.conds(depth)}
	case 9:
		return &lang.Objective{Maximize: g.pick(2) == 0, Name: g.ident()}
	case 10:
		return &lang.TypeDecl{Doc: g.doc(), Name: g.ident(), Params: []lang.Ident{g.ident()}[g.pick(2):]}
	case 11:
		return g.op(depth)
	case 12:
		c := &lang.Cost{Name: g.ident()}
		for _, x := range g.exprs(depth, 0) {
			c.Entries = append(c.Entries, lang.CostEntry{Op: g.ident(), Value: x})
		}
		return c
	}
	f := &lang.From{Space: g.ident()}
	for i := range g.pick(3) {
		f.Decisions = append(f.Decisions, lang.FromDecision{Path: fmt.Sprintf("a[%d].b#2.c", i),
			Value: rapid.SampledFrom([]string{"3", "-1.5", "true", "conv#2", `"text"`}).Draw(g.T, "value")})
	}
	return f
}
