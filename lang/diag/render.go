package diag

import (
	"bufio"
	"fmt"
	"io"
	"sort"
	"strings"

	"github.com/spacec-lang/spacec/lang"
)

// Render writes the report's diagnostics for people, each with the lines it speaks of:
//
//	error[E201]: unknown op 'cov'
//	  --> digits.space:14:8
//	   |
//	14 | net = cov(8) >> relu
//	   |       ^^^ did you mean 'conv'?
//	   = note: the ops are in the standard library
//	   = fix:
//	14 | net = conv(8) >> relu
//	   |       ~~~~
//
// Colour is for terminals that understand ANSI sequences. Nothing that stands in a source reaches the terminal
// as a control character.
func (r *Report) Render(w io.Writer, color bool) error {
	plain := func(text string) string { return text }
	if !color {
		plain = nil
	}
	return r.RenderPainted(w, plain)
}

// RenderPainted is Render in colour, with lines of sources as source makes them of their text: with the colours of the
// language. Without colour where source is nil.
func (r *Report) RenderPainted(w io.Writer, source func(string) string) error {
	out := &renderer{w: bufio.NewWriter(w), color: source != nil, source: source}
	for _, d := range r.Diagnostics() {
		out.diagnostic(d)
	}
	if n := r.Dropped(); n > 0 {
		out.line(bold, fmt.Sprintf("... and %s", count(n, "more error or warning", "more errors and warnings")))
	}
	if err := out.w.Flush(); err != nil {
		return fmt.Errorf("write diagnostics: %w", err)
	}
	return nil
}

// Summary says how many errors and warnings there are: "2 errors, 1 warning"; "" where there are none.
func (r *Report) Summary() string {
	var parts []string
	if r.errors > 0 {
		parts = append(parts, count(r.errors, "error", "errors"))
	}
	if n := len(r.list) + r.dropped - r.errors; n > 0 {
		parts = append(parts, count(n, "warning", "warnings"))
	}
	return strings.Join(parts, ", ")
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// The colours, as the numbers of ANSI sequences.
const (
	bold   = "1"
	red    = "1;31"
	yellow = "1;33"
	blue   = "1;34"
	green  = "1;32"
)

type renderer struct {
	w      *bufio.Writer
	color  bool
	source func(string) string // how a line of a source looks in colour
	width  int                 // of line numbers
}

// paint is a text in a colour.
func (o *renderer) paint(color, text string) string {
	if !o.color || color == "" || text == "" {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

func (o *renderer) line(color, text string) {
	o.w.WriteString(o.paint(color, text))
	o.w.WriteByte('\n')
}

// written writes a line of a source.
func (o *renderer) written(text string) {
	if o.color {
		text = o.source(text)
	}
	o.line("", text)
}

// gutter starts a line with a line number, or without one for 0.
func (o *renderer) gutter(number int, mark string) {
	text := strings.Repeat(" ", o.width)
	if number > 0 {
		text = fmt.Sprintf("%*d", o.width, number)
	}
	o.w.WriteString(o.paint(blue, text+" "+mark))
}

// place is a label, on its line.
type place struct {
	Label
	primary bool
	line    int
	column  int
}

func (o *renderer) diagnostic(d *Diagnostic) {
	color := red
	if d.Severity == Warning {
		color = yellow
	}
	o.w.WriteString(o.paint(color, fmt.Sprintf("%s[%s]", d.Severity, d.Code)))
	o.line(bold, ": "+plain(d.Message))
	places := d.places()
	fixed := mended(d.Edits)
	o.width = 2
	for _, p := range places {
		o.width = max(o.width, len(fmt.Sprint(p.line)))
	}
	for i, group := 0, places; i < len(places); i += len(group) {
		group = places[i:]
		for n, p := range group {
			if p.Span.Source != group[0].Span.Source {
				group = group[:n]
				break
			}
		}
		o.snippet(group, color, i == 0)
	}
	for _, note := range d.Notes {
		o.gutter(0, "= ")
		o.w.WriteString(o.paint(bold, "note"))
		o.line("", ": "+plain(note))
	}
	if len(fixed) > 0 {
		o.gutter(0, "= ")
		head := "fix"
		if d.Unsure {
			head = "fix, if this is meant"
		}
		o.w.WriteString(o.paint(bold, head))
		o.line("", ":")
		for _, m := range fixed {
			o.mended(m)
		}
	}
	o.w.WriteByte('\n')
}

// places are the labels of a diagnostic that point somewhere: by line, those of the source that it is about first.
func (d *Diagnostic) places() []place {
	var places []place
	add := func(l Label, primary bool) {
		if l.Span.Source != nil {
			line, column := l.Span.Source.Position(l.Span.Start)
			places = append(places, place{l, primary, line, column})
		}
	}
	add(Label{d.At, d.Label}, true)
	for _, l := range d.Others {
		add(l, false)
	}
	sort.SliceStable(places, func(i, j int) bool {
		a, b := places[i], places[j]
		if a.Span.Source != b.Span.Source {
			return a.Span.Source == d.At.Source
		}
		if a.Span.Source != d.At.Source || a.line == b.line {
			return a.primary && !b.primary
		}
		return a.line < b.line
	})
	return places
}

// snippet shows the lines of one source that the places stand on, each place marked below its line.
func (o *renderer) snippet(places []place, color string, first bool) {
	head := places[0]
	for _, p := range places {
		if p.primary {
			head = p
		}
	}
	arrow := "::: "
	if first {
		arrow = "--> "
	}
	o.w.WriteString(strings.Repeat(" ", o.width))
	o.w.WriteString(o.paint(blue, arrow))
	o.line("", fmt.Sprintf("%s:%d:%d", plain(head.Span.Source.Name), head.line, head.column))
	o.gutter(0, "|")
	o.w.WriteByte('\n')
	for i, p := range places {
		window := cutLine(p.Span.Source, p.line, places[i].Span)
		if i == 0 || places[i-1].line != p.line || len(window.left) > 0 {
			if i > 0 && places[i-1].line+1 < p.line {
				o.line(blue, strings.Repeat(".", o.width)+".")
			}
			o.gutter(p.line, "| ")
			o.written(window.text())
		}
		mark, paint := "-", blue
		if p.primary {
			mark, paint = "^", color
		}
		before, under := window.extent()
		o.gutter(0, "| ")
		o.w.WriteString(strings.Repeat(" ", before))
		text := strings.Repeat(mark, max(1, under))
		if p.Text != "" {
			text += " " + plain(p.Text)
		}
		o.line(paint, text)
	}
}

// mended shows a line as the edits leave it, what is new underlined.
func (o *renderer) mended(m mendedLine) {
	window := cutLine(m.source, 1, lang.Span{Source: m.source, Start: m.start, End: m.end})
	o.gutter(m.number, "| ")
	o.written(window.text())
	if before, under := window.extent(); under > 0 {
		o.gutter(0, "| ")
		o.w.WriteString(strings.Repeat(" ", before))
		o.line(green, strings.Repeat("~", under))
	}
}
