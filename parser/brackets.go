package parser

import (
	"github.com/alecthomas/participle/v2/lexer"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

func (l *layout) span(t lexer.Token) lang.Span { return tokenSpan(l.src, t) }

func tokenSpan(src *lang.Source, t lexer.Token) lang.Span {
	return lang.Span{Source: src, Start: t.Pos.Offset, End: t.Pos.Offset + len(t.Value)}
}

// open goes into a bracket.
func (l *layout) open(f frame) {
	l.stack = append(l.stack, f)
	l.nested++
	l.height++
	if l.nested > lang.MaxNesting {
		l.tooDeep(f.open, "brackets and conditions nest deeper than %d levels", lang.MaxNesting)
	}
}

// close goes out of the bracket that t closes. Brackets inside it that are still open lack their own closing
// one; a t that closes nothing is left out.
func (l *layout) close(t lexer.Token) {
	at := len(l.stack) - 1
	for at > 0 && closing(l.stack[at].open.Value) != t.Value {
		at--
	}
	if at == 0 {
		l.top().chunk.bad = true
		d := l.report.Errorf(diag.Syntax, l.span(t), "this '%s' closes nothing", t.Value)
		if top := l.top(); len(l.stack) > 1 {
			d.With(l.span(top.open), "this is open here, and is closed by '%s'", closing(top.open.Value))
		}
		return
	}
	for len(l.stack)-1 > at {
		l.unclosed(&t)
	}
	l.pop()
	l.push(t)
	if t.Value == "}" {
		l.count() // a repetition is one level of the tree
	}
}

// closing is the bracket that closes another.
func closing(open string) string {
	switch open {
	case "(":
		return ")"
	case "[":
		return "]"
	case "{":
		return "}"
	}
	return ""
}

// pop leaves the innermost bracket.
func (l *layout) pop() {
	top := l.top()
	if top.list != nil {
		l.flush()
	}
	l.reset(top)
	l.nested--
	l.height--
	l.stack = l.stack[:len(l.stack)-1]
}

// unclosed reports the innermost bracket as never closed, and leaves it. What closes instead is t, if any.
func (l *layout) unclosed(t *lexer.Token) {
	top := l.top()
	d := l.report.Errorf(diag.Syntax, l.span(top.open), "this '%s' is never closed", top.open.Value)
	if t != nil {
		d.With(l.span(*t), "expected '%s' before this '%s'", closing(top.open.Value), t.Value)
	}
	if top.list == nil {
		top.chunk.bad = true
	}
	l.pop()
	l.top().chunk.bad = true
}

// closeAll leaves all brackets and ends the declaration.
func (l *layout) closeAll() {
	for len(l.stack) > 1 {
		if l.muted {
			l.pop()
		} else {
			l.unclosed(nil)
		}
	}
	l.flush()
}

// measure counts what makes the tree higher.
func (l *layout) measure(t lexer.Token) {
	top := l.top()
	switch {
	case t.Value == "|" || t.Value == ",":
		l.reset(top)
	case t.Value == ">>":
		l.height -= top.ops
		top.ops = 0
	case t.Value == "if" && l.opens[l.at]:
		top.ifs++
		l.nested++
		l.height++
		if l.nested > lang.MaxNesting {
			l.tooDeep(t, "brackets and conditions nest deeper than %d levels", lang.MaxNesting)
		}
	case t.Type == typeOperator || t.Value == "not" || t.Value == "." || t.Value == "?":
		l.count()
	}
}

// count counts one level of the tree.
func (l *layout) count() {
	top := l.top()
	top.ops++
	l.height++
	if l.height > lang.MaxHeight && !l.muted {
		at := top.chunk.tokens[len(top.chunk.tokens)-1]
		l.tooDeep(at, "an expression is built of more than %d operators and brackets", lang.MaxHeight)
	}
}

// reset forgets the levels of an expression that has ended.
func (l *layout) reset(f *frame) {
	l.height -= f.ops + f.ifs
	l.nested -= f.ifs
	f.ops, f.ifs = 0, 0
}

// tooDeep reports an expression that the parser must not see, and skips to the next declaration.
func (l *layout) tooDeep(at lexer.Token, format string, args ...any) {
	l.report.Errorf(diag.TooDeep, l.span(at), format, args...).
		Note("give parts of it names, with rule or let")
	for i := range l.stack {
		l.stack[i].chunk.bad = true
	}
	l.muted = true
}
