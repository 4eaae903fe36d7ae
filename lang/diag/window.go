package diag

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"

	"github.com/spacec-lang/spacec/lang"
)

// The most of a line that is shown before and after where a span starts, in bytes.
const (
	mostBefore = 80
	mostAfter  = 80
)

// window is the part of a line that is shown: what stands before a span, the span, and what follows it.
type window struct {
	left, before, span, after, right string // left and right are "..." where the line is cut
}

func (w window) text() string { return w.left + w.before + w.span + w.after + w.right }

// extent is where the span starts and how wide it is, in columns of a terminal.
func (w window) extent() (before, width int) {
	return displaywidth.String(w.left + w.before), displaywidth.String(w.span)
}

// cutLine cuts a line around the part of a span that lies on it. It takes no longer for a line that is very long.
func cutLine(src *lang.Source, line int, span lang.Span) window {
	text := src.Line(line)
	from := src.LineStart(line)
	start := min(max(0, span.Start-from), len(text))
	end := min(max(start, span.End-from), len(text))
	var w window
	low, high := 0, len(text)
	if start > mostBefore {
		low = boundary(text, start-mostBefore)
		w.left = "..."
	}
	if high-start > mostAfter {
		high = boundary(text, start+mostAfter)
		w.right = "..."
		end = min(end, high)
	}
	w.before, w.span, w.after = visible(text[low:start], 0), "", ""
	w.span = visible(text[start:end], displaywidth.String(w.before))
	w.after = visible(text[end:high], displaywidth.String(w.before+w.span))
	return w
}

// boundary is the first start of a character at an offset or behind it.
func boundary(text string, at int) int {
	for at < len(text) && !utf8.RuneStart(text[at]) {
		at++
	}
	return at
}

// tabStop is how far apart the stops are that tabs lead to.
const tabStop = 4

// visible is a text that starts at a column as it is shown: tabs become spaces, what doesn't print becomes '\ufffd'.
func visible(text string, column int) string {
	if strings.IndexFunc(text, hidden) < 0 && utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\t':
			b.WriteString(strings.Repeat(" ", tabStop-(column+displaywidth.String(b.String()))%tabStop))
		case hidden(r):
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// hidden tells whether a character would not show, or would change how others show.
func hidden(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r)
}

// plain is a message as it is shown: on one line.
func plain(text string) string {
	return visible(strings.ReplaceAll(text, "\n", " "), 0)
}
