package format

import (
	"strconv"

	"github.com/spacec-lang/spacec/lang"
)

// expr prints an expression where one may stand that binds at least as tightly as least, in parentheses if it
// must. A line may break before it.
func (p *printer) expr(e lang.Expr, least lang.Precedence) doc {
	return concat(p.before(e), p.bare(e, least))
}

// bare is expr where no line may break before it.
func (p *printer) bare(e lang.Expr, least lang.Precedence) doc {
	if precedence(e) < least {
		return p.parens(e, nil)
	}
	switch e := e.(type) {
	case *lang.Choice:
		if only := onlyBody(e); only != nil {
			return p.bare(only, least)
		}
		return p.choice(e)
	case *lang.Cond:
		return p.cond(e)
	case *lang.Pipe:
		return p.pipe(e)
	case *lang.Binary:
		return p.binary(e)
	case *lang.Is:
		return concat(p.bare(e.X, lang.PrecRange), text(" is "+e.Name.Name))
	case *lang.Range:
		return p.rang(e)
	case *lang.Unary:
		if e.Op == "not" {
			return concat(text("not "), p.expr(e.X, lang.PrecNot))
		}
		return concat(text(e.Op), p.expr(e.X, lang.PrecMinus))
	case *lang.NOf:
		return p.nOf(e)
	case *lang.Access:
		return concat(p.bare(e.X, lang.PrecPostfix), text("."+e.Name.Name))
	case *lang.Repeat:
		return concat(p.bare(e.X, lang.PrecPostfix), text("{"), p.expr(e.Count, lang.PrecChoice), text("}"))
	case *lang.Optional:
		return concat(p.bare(e.X, lang.PrecPostfix), text("?"))
	}
	return p.primary(e)
}

func (p *printer) primary(e lang.Expr) doc {
	switch e := e.(type) {
	case *lang.Name:
		return text(e.Name)
	case *lang.Number:
		return text(numberText(e))
	case *lang.Bool:
		return text(strconv.FormatBool(e.Value))
	case *lang.String:
		return text(strconv.Quote(e.Value))
	case *lang.Call:
		var args []item
		for _, a := range e.Args {
			args = append(args, item{a, p.arg(a)})
		}
		return p.bracketed(e, e.Fun.Name+"(", args, ")")
	case *lang.Tuple:
		var elems []item
		for _, x := range e.Elems {
			elems = append(elems, item{x, func() doc { return p.bare(x, lang.PrecChoice) }})
		}
		return p.bracketed(e, "(", elems, ")")
	case *lang.Paren:
		return p.parens(e.X, e)
	case *lang.Block:
		return p.block(e)
	}
	return empty
}

// parens prints an expression in parentheses: its own where paren is given.
func (p *printer) parens(e lang.Expr, paren *lang.Paren) doc {
	var around lang.Node
	if paren != nil {
		around = paren
	}
	if c, ok := e.(*lang.Choice); ok && len(c.Alts) > 1 {
		broken := p.brokeAfter(around, "(", c)
		g := group(text("("), p.setOut(c, ""), nest(p.last(around)), line(""), text(")"))
		g.forced = g.forced || broken
		return g
	}
	return p.bracketed(around, "(", []item{{e, func() doc { return p.bare(e, lang.PrecChoice) }}}, ")")
}

func (p *printer) arg(a lang.Arg) func() doc {
	return func() doc {
		if a.Name == nil {
			return p.bare(a.Value, lang.PrecChoice)
		}
		return concat(text(a.Name.Name+": "), p.expr(a.Value, lang.PrecChoice))
	}
}

// choice prints alternatives one after another. (Where a choice is all that follows a "=", body sets them out.)
func (p *printer) choice(c *lang.Choice) doc {
	return p.operators(len(c.Alts), func(i int) (string, lang.Node, func() doc) {
		return "| ", c.Alts[i], func() doc { return p.alt(c.Alts[i]) }
	})
}

func (p *printer) alt(a lang.Alt) doc {
	d := p.bare(a.Body, lang.PrecCond)
	if a.Weight != nil {
		d = concat(d, text(" "+weight(a.Weight)))
	}
	if a.Guard != nil {
		d = concat(d, text(" if "), p.expr(a.Guard, lang.PrecCond))
	}
	return d
}

func weight(w *lang.Weight) string {
	switch {
	case w.Each:
		return "[each]"
	case w.Percent:
		return "[" + strconv.FormatFloat(w.Value, 'g', -1, 64) + "%]"
	}
	return "[" + strconv.FormatFloat(w.Value, 'g', -1, 64) + "]"
}

func (p *printer) pipe(e *lang.Pipe) doc {
	if len(e.Stages) == 1 {
		return p.bare(e.Stages[0], lang.PrecPipe)
	}
	return p.operators(len(e.Stages), func(i int) (string, lang.Node, func() doc) {
		stage := e.Stages[i]
		least := lang.PrecImplies
		if b, ok := stage.(*lang.Binary); ok && lang.JoinsModules(b.Op) {
			least = lang.PrecPrimary // these don't mix
		}
		return ">> ", stage, func() doc { return p.bare(stage, least) }
	})
}

func (p *printer) binary(e *lang.Binary) doc {
	prec, _ := lang.BinaryPrecedence(e.Op)
	left, right := prec, prec+1
	switch prec {
	case lang.PrecImplies:
		left, right = prec+1, prec
	case lang.PrecCompare:
		left = prec + 1
	}
	operands := []lang.Expr{e.X, e.Y}
	return p.operators(2, func(i int) (string, lang.Node, func() doc) {
		return e.Op + " ", operands[i], func() doc { return p.bare(operands[i], []lang.Precedence{left, right}[i]) }
	})
}

// operators prints operands with an operator before each but the first. A line breaks before an operator where it did in
// the source, or where it must.
func (p *printer) operators(n int, operand func(i int) (op string, at lang.Node, print func() doc)) doc {
	_, last, print := operand(0)
	docs, broke := []doc{print()}, new(bool)
	for i := 1; i < n; i++ {
		op, at, print := operand(i)
		docs = append(docs, p.behind(at), gap(p.broke(last, at), broke), follow(broke, p.before(at), text(op), print()))
		last = at
	}
	return concat(docs...)
}

func (p *printer) rang(e *lang.Range) doc {
	docs := []doc{p.bare(e.Lo, lang.PrecSum), text(".."), p.expr(e.Hi, lang.PrecSum)}
	word := func(word string, x lang.Expr) {
		if x != nil {
			docs = append(docs, text(word), p.afterWord(x, lang.PrecMinus))
		}
	}
	word(" step ", e.Step)
	word(" step *", e.Factor)
	if e.Log {
		docs = append(docs, text(" log"))
	}
	word(" points ", e.Points)
	return concat(docs...)
}

func (p *printer) nOf(e *lang.NOf) doc {
	var n doc
	switch e.N.(type) {
	case *lang.Number, *lang.Name, *lang.Paren:
		n = p.bare(e.N, lang.PrecPrimary)
	default:
		n = p.parens(e.N, nil)
	}
	if _, ok := e.X.(*lang.Paren); ok { // the parser takes one pair off
		return concat(n, text(" of "), p.parens(e.X, nil))
	}
	return concat(n, text(" of "), p.afterWord(e.X, lang.PrecPostfix))
}

// afterWord prints an expression behind a word that could be a name: a block needs parentheses there, or its brace would be
// read as that of a repetition.
func (p *printer) afterWord(e lang.Expr, least lang.Precedence) doc {
	if _, ok := leftmost(e).(*lang.Block); ok {
		return p.parens(e, nil)
	}
	return p.bare(e, least)
}

func (p *printer) cond(e *lang.Cond) doc {
	then := lang.PrecCond
	if e.Else != nil && endsOpen(e.Then) {
		then = lang.PrecPipe
	}
	broke := new(bool)
	d := concat(text("if "), p.expr(e.If, lang.PrecCond), gap(p.broke(e.If, e.Then), broke),
		follow(broke, text("then "), p.expr(e.Then, then)))
	if e.Else == nil {
		return d
	}
	return concat(d, gap(p.broke(e.Then, e.Else), broke), follow(broke, text("else "), p.expr(e.Else, lang.PrecCond)))
}
