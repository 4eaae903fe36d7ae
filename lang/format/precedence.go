package format

import (
	"math"
	"strconv"
	"strings"

	"github.com/spacec-lang/spacec/lang"
)

// precedence is how tightly an expression binds as it is printed.
func precedence(e lang.Expr) lang.Precedence {
	switch e := e.(type) {
	case *lang.Choice:
		if only := onlyBody(e); only != nil {
			return precedence(only)
		}
		return lang.PrecChoice
	case *lang.Cond:
		return lang.PrecCond
	case *lang.Pipe:
		if len(e.Stages) == 1 {
			return precedence(e.Stages[0])
		}
		return lang.PrecPipe
	case *lang.Binary:
		prec, _ := lang.BinaryPrecedence(e.Op)
		return prec
	case *lang.Is:
		return lang.PrecCompare
	case *lang.Range:
		return lang.PrecRange
	case *lang.Unary:
		if e.Op == "not" {
			return lang.PrecNot
		}
		return lang.PrecMinus
	case *lang.Number:
		if strings.HasPrefix(numberText(e), "-") {
			return lang.PrecMinus
		}
	case *lang.NOf:
		return lang.PrecOf
	case *lang.Access, *lang.Repeat, *lang.Optional:
		return lang.PrecPostfix
	}
	return lang.PrecPrimary
}

// onlyBody is the body of a choice that has one alternative and nothing else to say; nil of others.
func onlyBody(c *lang.Choice) lang.Expr {
	if len(c.Alts) == 1 && c.Alts[0].Weight == nil && c.Alts[0].Guard == nil {
		return c.Alts[0].Body
	}
	return nil
}

// leftmost is the part of an expression that its text starts with.
func leftmost(e lang.Expr) lang.Expr {
	for {
		switch x := e.(type) {
		case *lang.Choice:
			e = x.Alts[0].Body
		case *lang.Pipe:
			e = x.Stages[0]
		case *lang.Binary:
			e = x.X
		case *lang.Is:
			e = x.X
		case *lang.Range:
			e = x.Lo
		case *lang.Access:
			e = x.X
		case *lang.Repeat:
			e = x.X
		case *lang.Optional:
			e = x.X
		default:
			return e
		}
	}
}

// endsOpen tells whether an "else" behind an expression would become a part of it.
func endsOpen(e lang.Expr) bool {
	c, ok := e.(*lang.Cond)
	return ok && (c.Else == nil || endsOpen(c.Else))
}

// numberText is how a number is written: as it was, or, in a tree that was not parsed, so that it is read back as the
// same number of the same sort.
func numberText(n *lang.Number) string {
	if n.Text != "" {
		return n.Text
	}
	if n.Int {
		return strconv.FormatInt(n.I, 10)
	}
	if math.IsInf(n.Value, 0) || math.IsNaN(n.Value) {
		return "0.0" // no text gives such a number
	}
	text := strconv.FormatFloat(n.Value, 'g', -1, 64)
	mantissa, exponent, ok := strings.Cut(text, "e")
	if !strings.Contains(mantissa, ".") && !strings.HasPrefix(exponent, "-") {
		mantissa += ".0"
	}
	if !ok {
		return mantissa
	}
	exponent, sign := strings.TrimLeft(exponent, "+-0"), ""
	if strings.Contains(text, "e-") {
		sign = "-"
	}
	return mantissa + "e" + sign + exponent
}
