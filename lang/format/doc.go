package format

import (
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// doc is a text that knows where it may be broken into lines, in the manner of Wadler's "A prettier printer" (2003): a group
// is laid out flat where that fits, else all lines of its own break. Fills break one by one, each only where what
// follows doesn't fit.
type doc struct {
	kind   docKind
	text   string // what a text is, what a line or fill is while flat, what a comment is
	broken string // of a choose: what it is in a broken group, else text
	indent int    // of a nest
	parts  []doc  // of a concat, nest and group
	forced bool   // a line in it has to break
	broke  *bool  // of a fill: set when it breaks; of a follow: whether it is indented
}

type docKind int

const (
	docText    docKind = iota
	docChoose          // one text in a flat group, another in a broken one
	docLine            // breaks with its group
	docFill            // breaks where what follows doesn't fit
	docHard            // always breaks
	docBlank           // an empty line; it stands at the start of a line
	docConcat          //
	docNest            // indents the lines that break in it
	docFollow          // indents them only if the fill before it broke
	docGroup           //
	docComment         // stands at the end of its line, and so ends it
	docOwn             // a comment on a line of its own
)

func text(s string) doc              { return doc{kind: docText, text: s} }
func line(flat string) doc           { return doc{kind: docLine, text: flat} }
func choose(flat, broken string) doc { return doc{kind: docChoose, text: flat, broken: broken} }

var (
	empty = doc{kind: docConcat}
	hard  = doc{kind: docHard, forced: true}
	blank = doc{kind: docBlank, forced: true}
)

// gap is a line end, always or where what follows doesn't fit; follow is what stands behind it, on a line of its own further
// right.
func gap(always bool, broke *bool) doc {
	if always {
		*broke = true
		return nest(hard)
	}
	return nest(doc{kind: docFill, text: " ", broke: broke})
}

func follow(broke *bool, parts ...doc) doc {
	d := compound(docFollow, 0, parts)
	d.broke = broke
	return d
}

func concat(parts ...doc) doc      { return compound(docConcat, 0, parts) }
func group(parts ...doc) doc       { return compound(docGroup, 0, parts) }
func nest(parts ...doc) doc        { return compound(docNest, indentation, parts) }
func brokenGroup(parts ...doc) doc { d := group(parts...); d.forced = true; return d }

func compound(kind docKind, indent int, parts []doc) doc {
	d := doc{kind: kind, indent: indent, parts: parts}
	for _, p := range parts {
		d.forced = d.forced || p.forced
	}
	return d
}

// Lines are as wide as this where they can be broken, and indented by this.
const (
	maxWidth    = 120
	indentation = 2
)

// command is a doc that is still to be laid out.
type command struct {
	doc    *doc
	indent int
	flat   bool
}

// layouter writes a doc.
type layouter struct {
	out    strings.Builder
	width  int // 0: no line is broken for its width
	column int
	ended  bool // a comment has ended the line
	spaces int  // that are written only where something follows on the line
	todo   []command
}

// layout gives the text of a doc; a width of 0 breaks no line for its width.
func layout(d doc, width int) string {
	l := &layouter{width: width}
	l.todo = []command{{doc: &d}}
	for len(l.todo) > 0 {
		c := l.todo[len(l.todo)-1]
		l.todo = l.todo[:len(l.todo)-1]
		l.step(c)
	}
	return l.out.String()
}

func (l *layouter) step(c command) {
	d := c.doc
	switch d.kind {
	case docText:
		l.write(d.text, c.indent)
	case docChoose:
		if c.flat {
			l.write(d.text, c.indent)
		} else {
			l.write(d.broken, c.indent)
		}
	case docLine:
		if c.flat {
			l.write(d.text, c.indent)
		} else {
			l.newline(c.indent)
		}
	case docFill:
		if c.flat || !l.ended && l.fits(d, true) {
			l.write(d.text, c.indent)
		} else {
			*d.broke = true
			l.newline(c.indent)
		}
	case docHard:
		l.newline(c.indent)
	case docBlank:
		if l.ended || l.column > 0 {
			l.newline(c.indent)
		}
		l.out.WriteByte('\n')
	case docComment, docOwn:
		l.comment(c)
	default:
		if d.kind == docGroup {
			c.flat = !d.forced && (c.flat || l.fits(d, false))
		}
		if d.kind == docFollow && *d.broke {
			c.indent += indentation
		}
		l.push(c)
	}
}

// push takes the parts of a doc next.
func (l *layouter) push(c command) {
	for i := len(c.doc.parts) - 1; i >= 0; i-- {
		l.todo = append(l.todo, command{&c.doc.parts[i], c.indent + c.doc.indent, c.flat})
	}
}

func (l *layouter) write(s string, indent int) {
	if l.ended {
		l.newline(indent)
	}
	word := strings.TrimRight(s, " ")
	if word != "" {
		l.out.WriteString(strings.Repeat(" ", l.spaces))
		l.out.WriteString(word)
		l.column += l.spaces + displaywidth.String(word)
		l.spaces = 0
	}
	if l.column > 0 || l.spaces > 0 {
		l.spaces += len(s) - len(word)
	}
}

func (l *layouter) newline(indent int) {
	l.out.WriteByte('\n')
	l.column, l.spaces, l.ended = 0, indent, false
}

// comment writes a comment, and has the line end behind it.
func (l *layouter) comment(c command) {
	switch {
	case l.ended, c.doc.kind == docOwn && l.column > 0:
		l.newline(c.indent)
	case l.column > 0:
		l.spaces = 1
	}
	l.write(c.doc.text, c.indent)
	l.ended = true
}

// fits tells whether a doc, laid out flat, and what follows it up to the next place where a line can break, fits on the
// line; with whole, groups that follow are to stay flat as well. It looks no further than the line is wide.
func (l *layouter) fits(d *doc, whole bool) bool {
	if l.width == 0 {
		return true
	}
	type row struct {
		docs []doc
		flat bool
	}
	stack := []row{{[]doc{*d}, true}}
	rest := len(l.todo)
	for room := l.width - l.column - l.spaces; room >= 0; {
		if len(stack) == 0 {
			if rest == 0 {
				return true
			}
			rest--
			stack = append(stack, row{[]doc{*l.todo[rest].doc}, l.todo[rest].flat})
		}
		top := &stack[len(stack)-1]
		if len(top.docs) == 0 {
			stack = stack[:len(stack)-1]
			continue
		}
		d, flat := &top.docs[0], top.flat
		top.docs = top.docs[1:]
		switch d.kind {
		case docText, docChoose:
			room -= displaywidth.String(d.text)
		case docLine, docFill:
			if !flat {
				return true
			}
			room -= len(d.text)
		case docHard, docBlank, docComment, docOwn:
			return true
		case docGroup:
			stack = append(stack, row{d.parts, flat || whole && !d.forced})
		default:
			stack = append(stack, row{d.parts, flat})
		}
	}
	return false
}
