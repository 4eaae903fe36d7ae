package format

import (
	"strings"

	"github.com/spacec-lang/spacec/lang"
)

// item is one of several things between brackets, or of a list.
type item struct {
	at    lang.Node
	print func() doc
}

// bracketed prints items between brackets, either all on one line or each on its own: so where the source breaks a line
// between them, or where they are too many for one line.
func (p *printer) bracketed(around lang.Node, open string, items []item, end string) doc {
	if len(items) == 0 {
		return text(open + end)
	}
	inside := []doc{line("")}
	broken := false
	for i, it := range items {
		if i > 0 {
			broken = broken || p.broke(items[i-1].at, it.at)
			inside = append(inside, text(","), p.behind(it.at), line(" "))
		} else {
			broken = p.brokeAfter(around, open, it.at)
		}
		inside = append(inside, p.before(it.at), it.print())
	}
	g := group(text(open), nest(append(inside, p.last(around))...), line(""), text(end))
	g.forced = g.forced || broken
	return g
}

// last gives the comments that are left before the closing bracket of a node.
func (p *printer) last(around lang.Node) doc {
	if around == nil {
		return empty
	}
	_, end, ok := p.spanned(around)
	if !ok {
		return empty
	}
	return p.upTo(end - 1)
}

// brokeAfter tells whether the source breaks the line between the opening bracket of a node and the first thing in it.
func (p *printer) brokeAfter(around lang.Node, open string, first lang.Node) bool {
	if around == nil {
		return false
	}
	start, _, ok := p.spanned(around)
	to, _, okToo := p.spanned(first)
	if !ok || !okToo || start > to {
		return false
	}
	gap := p.src.Text[start:to]
	return strings.Contains(gap[strings.LastIndexByte(gap, open[len(open)-1])+1:], "\n")
}

// setOut prints alternatives, all on one line or each on its own; so where the source breaks a line between them. It starts
// with the line end, or with lead on one line.
func (p *printer) setOut(c *lang.Choice, lead string) doc {
	broken := false
	var docs []doc
	for i, a := range c.Alts {
		docs = append(docs, p.behind(a))
		switch {
		case i > 0:
			broken = broken || p.broke(c.Alts[i-1], a)
			docs = append(docs, line(" "), p.before(a), text("| "))
		case len(c.Alts) > 1:
			docs = append(docs, line(lead), p.before(a), choose("", "| "))
		default:
			docs = append(docs, line(lead), p.before(a))
		}
		docs = append(docs, p.alt(a))
	}
	d := nest(docs...)
	d.forced = d.forced || broken
	return d
}

// commas prints items with commas between them; a line breaks behind a comma where it did in the source, or where it
// must.
func (p *printer) commas(items []item) doc {
	docs, broke := []doc{p.before(items[0].at), items[0].print()}, new(bool)
	for i, it := range items[1:] {
		docs = append(docs, text(","), p.behind(it.at), gap(p.broke(items[i].at, it.at), broke),
			follow(broke, p.before(it.at), it.print()))
	}
	return concat(docs...)
}

// lines prints items one under the other, with the empty lines and the comments between them.
func (p *printer) lines(items []item, end int) doc {
	var docs []doc
	for i, it := range items {
		start, _, ok := p.spanned(it.at)
		if i > 0 {
			if ok {
				docs = append(docs, p.trailing(start))
			}
			docs = append(docs, hard)
		}
		if ok {
			above := p.above(start, i == 0)
			docs = append(docs, above)
			if (i > 0 || above.forced) && p.spaced(start) {
				docs = append(docs, blank)
			}
		}
		docs = append(docs, it.print())
	}
	if end > 0 {
		docs = append(docs, p.trailing(end), p.above(end, len(items) == 0))
	}
	return concat(docs...)
}

// above prints the comments before an offset, each on a line of its own, with the empty lines before them.
func (p *printer) above(before int, first bool) doc {
	var docs []doc
	for len(p.comments) > 0 && p.comments[0].Span.Start < before {
		c := p.comments[0]
		if !(first && len(docs) == 0) && p.spaced(c.Span.Start) {
			docs = append(docs, blank)
		}
		docs = append(docs, doc{kind: docOwn, text: c.Text, forced: true})
		p.comments = p.comments[1:]
	}
	return concat(docs...)
}

// braces prints a list between braces: on one line where it is there and is short, unless it must be set out.
func (p *printer) braces(open string, at lang.Node, items []item, setOut bool) doc {
	start, end, ok := p.spanned(at)
	if !ok {
		end = 0
	}
	if len(items) == 0 && (len(p.comments) == 0 || !ok || p.comments[0].Span.Start >= end) {
		return text(open + "{}")
	}
	broken := setOut
	if ok && len(items) > 0 {
		first, _, okToo := p.spanned(items[0].at)
		gap := p.src.Text[min(start, first):first]
		broken = broken || okToo && strings.Contains(gap[strings.LastIndexByte(gap, '{')+1:], "\n")
	}
	if !broken && !p.commented(end) {
		inside := []doc{line(" ")}
		for i, it := range items {
			if i > 0 {
				inside = append(inside, choose(";", ""), line(" "))
			}
			inside = append(inside, it.print())
		}
		return group(text(open+"{"), nest(inside...), line(" "), text("}"))
	}
	lead := empty
	if ok && len(items) > 0 {
		first, _, _ := p.spanned(items[0].at)
		lead = p.trailing(first)
	}
	return brokenGroup(text(open+"{"), lead, nest(hard, p.lines(items, max(0, end-1))), hard, text("}"))
}

// commented tells whether there is a comment before an offset.
func (p *printer) commented(end int) bool {
	return len(p.comments) > 0 && p.comments[0].Span.Start < end
}
