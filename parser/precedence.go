package parser

import (
	"github.com/alecthomas/participle/v2/lexer"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// climber gives a flat row of operands and operators its tree, by precedence climbing. It only goes forward, and
// recurses at most once for each level of precedence and each right-grouping or prefix operator.
type climber struct {
	p    *parser
	head *operand
	tail []*tail
	skip int // prefix operators of head that are taken already
}

// infix is the tree of a row: of a condition, or of operands and operators.
func (p *parser) infix(x *infix) lang.Expr {
	if x.Cond != nil {
		c := &lang.Cond{If: p.infix(x.Cond.If), Then: p.infix(x.Cond.Then)}
		c.Span = p.span(x.Cond.Word).To(c.Then.Pos())
		if x.Cond.Else != nil {
			c.Else = p.infix(x.Cond.Else)
			c.Span = c.Span.To(c.Else.Pos())
		}
		return c
	}
	if len(x.Tail) == 0 && len(x.Head.Prefix) == 0 {
		return p.postfix(x.Head)
	}
	c := &climber{p: p, head: x.Head, tail: x.Tail}
	return c.climb(lang.PrecPipe)
}

// climb reads operators that bind at least as tightly as least, and their operands.
func (c *climber) climb(least lang.Precedence) lang.Expr {
	x := c.prefix(least)
	for len(c.tail) > 0 {
		t := c.tail[0]
		if t.Op.Value == "" {
			if least > lang.PrecRange {
				return x
			}
			c.tail = c.tail[1:]
			x = c.p.modify(x, t)
			continue
		}
		prec, _ := lang.BinaryPrecedence(t.Op.Value)
		if prec < least {
			return x
		}
		c.single(x, prec, t)
		c.head, c.tail, c.skip = t.Operand, c.tail[1:], 0
		next := prec + 1
		if prec == lang.PrecImplies {
			next = prec
		}
		x = c.join(x, t.Op, c.climb(next))
	}
	return x
}

// prefix reads the operand at hand with the prefix operators before it.
func (c *climber) prefix(least lang.Precedence) lang.Expr {
	if c.skip == len(c.head.Prefix) {
		return c.p.postfix(c.head)
	}
	op := c.head.Prefix[c.skip]
	c.skip++
	prec := lang.PrecMinus
	if op.Value == "not" {
		prec = lang.PrecNot
		if least > prec {
			c.p.report.Errorf(diag.Syntax, c.p.span(op), "'not' can't follow an operator that binds more tightly").
				Note("put parentheses around 'not' and its condition")
		}
	}
	x := c.climb(prec)
	return &lang.Unary{At: lang.At{Span: c.p.span(op).To(x.Pos())}, Op: op.Value, X: x}
}

// single refuses a second comparison, "is" or range in a row, and an operator after the words of a range.
func (c *climber) single(x lang.Expr, prec lang.Precedence, t *tail) {
	at := c.p.span(t.Op)
	switch x := x.(type) {
	case *lang.Binary:
		if own, _ := lang.BinaryPrecedence(x.Op); own == prec && prec == lang.PrecCompare {
			c.p.report.Errorf(diag.Syntax, at, "a comparison can't follow another").
				Note("write both, joined with 'and'")
		}
	case *lang.Is:
		if prec == lang.PrecCompare {
			c.p.report.Errorf(diag.Syntax, at, "a comparison can't follow 'is'").Note("write both, joined with 'and'")
		}
	case *lang.Range:
		if prec == lang.PrecRange {
			c.p.report.Errorf(diag.Syntax, at, "a range has two ends only")
		} else if prec > lang.PrecRange {
			c.p.report.Errorf(diag.Syntax, at, "'%s' can't follow a range", t.Op.Value).
				Note("put parentheses around the range, or around its step").
				Edit(x.Span, "("+x.Span.Text()+")").Perhaps()
		}
	}
}

// join makes the node of a binary operator.
func (c *climber) join(x lang.Expr, op lexer.Token, y lang.Expr) lang.Expr {
	p := c.p
	at := lang.At{Span: x.Pos().To(y.Pos())}
	switch op.Value {
	case "..":
		return &lang.Range{At: at, Lo: x, Hi: y}
	case "is":
		name, ok := y.(*lang.Name)
		if !ok {
			d := p.report.Errorf(diag.Syntax, y.Pos(), "'is' is followed by the name of an alternative")
			switch y.(type) {
			case *lang.Number, *lang.Bool, *lang.String:
				d.Note("a value is tested with '=='").Edit(p.span(op), "==")
			}
			return x
		}
		return &lang.Is{At: at, X: x, Name: lang.Ident{At: name.At, Name: name.Name}}
	case ">>":
		p.unmixed(y)
		if pipe, ok := x.(*lang.Pipe); ok {
			pipe.Stages = append(pipe.Stages, y)
			pipe.At = at
			return pipe
		}
		p.unmixed(x)
		return &lang.Pipe{At: at, Stages: []lang.Expr{x, y}}
	}
	return &lang.Binary{At: at, Op: op.Value, X: x, Y: y}
}

// unmixed reports a stage of a sequence that is a sum or the like without parentheses.
func (p *parser) unmixed(stage lang.Expr) {
	b, ok := stage.(*lang.Binary)
	if !ok || !lang.JoinsModules(b.Op) {
		return
	}
	p.report.Errorf(diag.Mixed, b.Span, "'%s' and '>>' can't be mixed without parentheses", b.Op).
		Note("'a >> (b %s c)' and '(a >> b) %s c' are different networks; say which one is meant", b.Op, b.Op).
		Edit(lang.Span{Source: b.Span.Source, Start: b.Span.Start, End: b.Span.Start}, "(").
		Edit(lang.Span{Source: b.Span.Source, Start: b.Span.End, End: b.Span.End}, ")").Perhaps()
}

// modify gives a range its step, spacing or number of points.
func (p *parser) modify(x lang.Expr, t *tail) lang.Expr {
	word, by := t.Step, t.By
	if word.Value == "" {
		word = t.Log
	}
	if word.Value == "" {
		word, by = t.Points, t.Count
	}
	r, ok := x.(*lang.Range)
	if !ok {
		p.report.Errorf(diag.Syntax, p.span(word), "'%s' follows a range such as 1..8 only", word.Value)
		return x
	}
	r.Span = r.Span.To(p.span(word))
	var value lang.Expr
	if by != nil {
		c := &climber{p: p, head: by}
		value = c.climb(lang.PrecMinus)
		r.Span = r.Span.To(value.Pos())
	}
	switch again := r.Step != nil || r.Factor != nil || r.Points != nil; {
	case word.Value == "log" && r.Log:
		p.report.Errorf(diag.Syntax, p.span(word), "'log' stands here already")
	case word.Value == "log":
		r.Log = true
	case again:
		p.report.Errorf(diag.Syntax, p.span(word), "a range has one 'step' or 'points' only")
	case word.Value == "points":
		r.Points = value
	case t.Factor.Value != "":
		r.Factor = value
	default:
		r.Step = value
	}
	return r
}
