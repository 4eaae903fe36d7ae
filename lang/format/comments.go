package format

import (
	"strings"

	"github.com/spacec-lang/spacec/lang"
)

// printer makes docs of trees. Comments are put in as the printing passes their places: those that stand behind something on
// its line at the end of that line, the others on lines of their own. They only ever go where a line may break.
type printer struct {
	src      *lang.Source   // nil for trees that were not parsed
	comments []lang.Comment // those not printed yet
}

// spanned is a node's place in the source; nowhere where the tree was not parsed from it.
func (p *printer) spanned(n lang.Node) (start, end int, ok bool) {
	span := n.Pos()
	return span.Start, span.End, p.src != nil && span.Source == p.src
}

// behind gives the comment before a node that stands behind something on its line; it goes before the next line break.
// Where there are more, on lines that become one, they go where before puts them.
func (p *printer) behind(n lang.Node) doc {
	start, _, ok := p.spanned(n)
	if !ok {
		return empty
	}
	return p.trailing(start)
}

func (p *printer) trailing(before int) doc {
	if !p.commented(before) || p.alone(p.comments[0]) {
		return empty
	}
	c := doc{kind: docComment, text: p.comments[0].Text, forced: true}
	p.comments = p.comments[1:]
	return c
}

// before gives all comments before a node; they go where a line has just broken, or may break.
func (p *printer) before(n lang.Node) doc {
	start, _, ok := p.spanned(n)
	if !ok {
		return empty
	}
	return p.upTo(start)
}

func (p *printer) upTo(before int) doc {
	var docs []doc
	for len(p.comments) > 0 && p.comments[0].Span.Start < before {
		c := doc{kind: docComment, text: p.comments[0].Text, forced: true}
		if p.alone(p.comments[0]) {
			c.kind = docOwn
		}
		docs = append(docs, c)
		p.comments = p.comments[1:]
	}
	return concat(docs...)
}

// alone tells whether a comment has its line for itself.
func (p *printer) alone(c lang.Comment) bool {
	text := p.src.Text[:c.Span.Start]
	return strings.TrimSpace(text[strings.LastIndexByte(text, '\n')+1:]) == ""
}

// broke tells whether there is a line end between two nodes, or will be: a comment that had no place within the first, and
// so is left, makes one.
func (p *printer) broke(a, b lang.Node) bool {
	_, from, ok := p.spanned(a)
	to, _, okToo := p.spanned(b)
	return ok && okToo && from < to && (strings.Contains(p.src.Text[from:to], "\n") || p.commented(to))
}

// brokeHead tells whether there is a line end between the head of a declaration, name or name and parameters, and what
// follows, or the sign before that.
func (p *printer) brokeHead(name lang.Ident, params []lang.Param, sign string, next lang.Node) bool {
	_, from, ok := p.spanned(name)
	to, _, okToo := p.spanned(next)
	if len(params) > 0 {
		_, from, ok = p.spanned(params[len(params)-1])
	}
	if !ok || !okToo || from > to {
		return false
	}
	between := p.src.Text[from:to]
	if len(params) > 0 {
		between = between[strings.LastIndexByte(between, ')')+1:]
	}
	if sign != "" {
		between, _, _ = strings.Cut(between, sign)
	}
	return strings.Contains(between, "\n") || p.commented(to)
}

// spaced tells whether there is an empty line right before an offset's line.
func (p *printer) spaced(at int) bool {
	text := strings.TrimRight(p.src.Text[:at], " \t\r")
	text, ok := strings.CutSuffix(text, "\n")
	return ok && strings.HasSuffix(strings.TrimRight(text, " \t\r"), "\n")
}
