package parser

import (
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// choice is a choice, or its only alternative where that has neither weight nor guard.
func (p *parser) choice(x *choice) lang.Expr {
	if a := x.Alts[0]; len(x.Alts) == 1 && a.Weight == nil && a.Guard == nil {
		return p.infix(a.Body)
	}
	c := &lang.Choice{Alts: make([]lang.Alt, len(x.Alts))}
	for i, a := range x.Alts {
		c.Alts[i] = p.alternative(a)
	}
	c.Span = c.Alts[0].Span.To(c.Alts[len(c.Alts)-1].Span)
	return c
}

func (p *parser) alternative(x *alternative) lang.Alt {
	alt := lang.Alt{Body: p.infix(x.Body)}
	alt.Span = alt.Body.Pos()
	if x.Weight != nil {
		alt.Weight = p.weight(x.Weight)
		alt.Span = alt.Span.To(alt.Weight.Span)
	}
	if x.Guard != nil {
		alt.Guard = p.infix(x.Guard)
		alt.Span = alt.Span.To(alt.Guard.Pos())
	}
	return alt
}

func (p *parser) weight(x *weight) *lang.Weight {
	w := &lang.Weight{At: lang.At{Span: p.spanTo(x.Open, x.Close)}, Percent: len(x.Close) > 1, Each: x.Value.Value == "each"}
	if w.Each {
		if w.Percent {
			p.report.Errorf(diag.Syntax, p.span(x.Close[0]), "a percentage needs a number")
		}
		return w
	}
	w.Value = p.number(x.Value).Value
	return w
}

// postfix is an operand without its prefix operators.
func (p *parser) postfix(x *operand) lang.Expr {
	if x.Of == nil {
		return p.suffixes(p.primary(x.Primary), x.Suffixes)
	}
	n := p.primary(x.Primary)
	switch n.(type) {
	case *lang.Number, *lang.Name, *lang.Paren:
	default:
		p.report.Errorf(diag.Syntax, n.Pos(), "'of' follows a number, a name or something in parentheses")
	}
	of := p.suffixes(p.primary(x.Of), x.Suffixes)
	result := &lang.NOf{At: lang.At{Span: n.Pos().To(of.Pos())}, N: n, X: of}
	if paren, ok := of.(*lang.Paren); ok {
		result.X = paren.X
	}
	return result
}

func (p *parser) suffixes(x lang.Expr, suffixes []*suffix) lang.Expr {
	for _, s := range suffixes {
		at := x.Pos()
		switch {
		case s.Count != nil:
			x = &lang.Repeat{At: lang.At{Span: at.To(p.span(s.Close))}, X: x, Count: p.choice(s.Count)}
		case s.Maybe.Value != "":
			x = &lang.Optional{At: lang.At{Span: at.To(p.span(s.Maybe))}, X: x}
		default:
			x = &lang.Access{At: lang.At{Span: at.To(p.span(s.Name))}, X: x, Name: p.ident(s.Name)}
		}
	}
	return x
}

func (p *parser) primary(x *primary) lang.Expr {
	switch {
	case x.Number.Value != "":
		return p.number(x.Number)
	case x.String.Value != "":
		return &lang.String{At: p.at(x.String), Value: p.unquote(x.String)}
	case x.Bool.Value != "":
		return &lang.Bool{At: p.at(x.Bool), Value: x.Bool.Value == "true"}
	case x.Name != nil:
		return p.call(x.Name)
	case x.Parens != nil:
		at := lang.At{Span: p.span(x.Parens.Open).To(p.span(x.Parens.Close))}
		if len(x.Parens.Elems) == 1 {
			return &lang.Paren{At: at, X: p.choice(x.Parens.Elems[0])}
		}
		t := &lang.Tuple{At: at}
		for _, e := range x.Parens.Elems {
			t.Elems = append(t.Elems, p.choice(e))
		}
		return t
	}
	return p.block(x.Block)
}

// call is a name, or a call where parentheses follow it.
func (p *parser) call(x *call) lang.Expr {
	if len(x.Close) == 0 {
		return &lang.Name{At: p.at(x.Name), Name: x.Name.Value}
	}
	c := &lang.Call{At: lang.At{Span: p.spanTo(x.Name, x.Close)}, Fun: p.ident(x.Name)}
	for _, a := range x.Args {
		if a.Named == nil {
			value := p.choice(a.Value)
			c.Args = append(c.Args, lang.Arg{At: lang.At{Span: value.Pos()}, Value: value})
			continue
		}
		name, value := p.ident(a.Named.Name), p.choice(a.Named.Value)
		c.Args = append(c.Args, lang.Arg{At: lang.At{Span: name.Span.To(value.Pos())}, Name: &name, Value: value})
	}
	return c
}

// block is a block; its statements are parsed here, one by one.
func (p *parser) block(x *block) lang.Expr {
	b := &lang.Block{At: lang.At{Span: p.span(x.Open).To(p.span(x.Close))}}
	failed := false
	b.Stmts, b.Result, failed = p.statements(p.body(x.Body))
	if b.Result == nil {
		if !failed {
			p.report.Errorf(diag.Syntax, p.span(x.Close), "this block has no output").
				Note("the last line of a block is an expression without '=': its output")
		}
		b.Result = &lang.Name{At: p.at(x.Close), Name: "in"}
	}
	return b
}

// statements are those of a block and the expression that comes last; failed tells whether some can't be parsed.
func (p *parser) statements(l *list) (stmts []lang.Stmt, result lang.Expr, failed bool) {
	for i, c := range l.chunks {
		s := parseChunk(p, statementParser(), c, statements)
		switch {
		case s == nil:
			failed = true
		case s.Let != nil:
			stmts = append(stmts, p.let(s.Let))
		case s.Require != nil:
			stmts = append(stmts, p.require(s.Require))
		case s.Assign != nil:
			stmts = append(stmts, p.assign(s.Assign))
		case i < len(l.chunks)-1:
			p.report.Errorf(diag.Syntax, p.choice(s.Result).Pos(), "nothing is done with this").
				Note("only the last line of a block is its output; name a wire with '=', or go on with the next line")
		default:
			result = p.choice(s.Result)
		}
	}
	return stmts, result, failed
}

func (p *parser) assign(x *assign) *lang.Assign {
	a := &lang.Assign{Value: p.choice(x.Value)}
	for _, t := range x.Names {
		if t.Type == typeName {
			a.Names = append(a.Names, p.declared(t))
		}
	}
	a.Span = a.Names[0].Span.To(a.Value.Pos())
	return a
}
