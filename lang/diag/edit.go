package diag

import (
	"fmt"
	"sort"
	"strings"

	"github.com/spacec-lang/spacec/lang"
)

// Apply gives the text of a source after edits. Edits at one place are made in the order given. It is an error
// where an edit belongs to another source or reaches into another edit.
func Apply(src *lang.Source, edits []Edit) (string, error) {
	edits = append([]Edit(nil), edits...)
	sort.SliceStable(edits, func(i, j int) bool { return edits[i].Span.Start < edits[j].Span.Start })
	var b strings.Builder
	at := 0
	for _, e := range edits {
		if e.Span.Source != src {
			return "", fmt.Errorf("edit of %s: it belongs to another file", src.Name)
		}
		if e.Span.Start < at || e.Span.End < e.Span.Start || e.Span.End > len(src.Text) {
			return "", fmt.Errorf("edit of %s: bytes %d to %d overlap another edit or lie outside of the file",
				src.Name, e.Span.Start, e.Span.End)
		}
		b.WriteString(src.Text[at:e.Span.Start])
		b.WriteString(e.Text)
		at = e.Span.End
	}
	b.WriteString(src.Text[at:])
	return b.String(), nil
}

// mendedLine is a line after edits; its source holds it alone. The new text goes from start to end.
type mendedLine struct {
	source     *lang.Source
	number     int
	start, end int
}

// The most that is shown of a fix.
const (
	mostMended = 4
	mostAround = 2 * (mostBefore + mostAfter)
)

// mended gives the lines that edits change, as they are afterwards; none where the edits don't fit together.
func mended(edits []Edit) []mendedLine {
	if len(edits) == 0 || edits[0].Span.Source == nil {
		return nil
	}
	src := edits[0].Span.Source
	if _, err := Apply(src, edits); err != nil {
		return nil
	}
	edits = append([]Edit(nil), edits...)
	sort.SliceStable(edits, func(i, j int) bool { return edits[i].Span.Start < edits[j].Span.Start })
	var lines []mendedLine
	for i := 0; i < len(edits) && len(lines) < mostMended; {
		// One stretch: the edits whose lines touch, with what stands around them on these lines.
		number, _ := src.Position(edits[i].Span.Start)
		first := edits[i].Span.Start
		begin := max(src.LineStart(number), boundary(src.Text, max(0, first-mostAround)))
		var b strings.Builder
		b.WriteString(src.Text[begin:first])
		start, end, at := b.Len(), 0, first
		for ; i < len(edits); i++ {
			e := edits[i]
			if n, _ := src.Position(at); e.Span.Start > src.LineStart(n)+len(src.Line(n)) {
				break
			}
			b.WriteString(src.Text[at:e.Span.Start])
			b.WriteString(e.Text)
			at, end = e.Span.End, b.Len()
		}
		n, _ := src.Position(at)
		rest := src.Text[at:max(at, src.LineStart(n)+len(src.Line(n)))]
		b.WriteString(rest[:boundary(rest, min(len(rest), mostAround))])
		lines = append(lines, split(b.String(), number, start, end)...)
	}
	return lines[:min(len(lines), mostMended)]
}

// split cuts a stretch of mended text into its lines.
func split(text string, number, start, end int) []mendedLine {
	var lines []mendedLine
	for _, line := range strings.Split(text, "\n") {
		n := len(line)
		lines = append(lines, mendedLine{lang.NewSource("", line), number, min(max(0, start), n), min(max(0, end), n)})
		start, end = start-n-1, end-n-1
		number++
	}
	return lines
}
