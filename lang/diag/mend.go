package diag

import (
	"fmt"
	"sort"
	"strings"

	"github.com/spacec-lang/spacec/lang"
)

// Mend makes the edits of a source's diagnostics, and returns the text and the diagnostics whose edits it has. Those that
// are unsure are left alone, and so are those whose edits reach into the edits of an earlier one: they may come again, or be
// gone, when the text is read anew.
func (r *Report) Mend(src *lang.Source) (text string, mended []*Diagnostic) {
	text = src.Text
	var edits []Edit
	for _, d := range r.Diagnostics() {
		if len(d.Edits) == 0 || d.Unsure {
			continue
		}
		more := append(edits[:len(edits):len(edits)], d.Edits...)
		if touching(more) {
			continue
		}
		if with, err := Apply(src, more); err == nil {
			text, edits, mended = with, more, append(mended, d)
		}
	}
	return text, mended
}

// touching tells whether two edits insert at one place: which comes first, nobody has said.
func touching(edits []Edit) bool {
	sorted := append([]Edit(nil), edits...)
	sort.SliceStable(sorted, func(i, j int) bool { return sorted[i].Span.Start < sorted[j].Span.Start })
	for i := 1; i < len(sorted); i++ {
		if a, b := sorted[i-1].Span, sorted[i].Span; a.Start == b.Start || a.End > b.Start {
			return true
		}
	}
	return false
}

// fixTitle says what the edits of a diagnostic change: "'cov' is now 'conv'".
func fixTitle(d *Diagnostic) string {
	var parts []string
	for _, e := range d.Edits {
		old, now := "'"+plain(e.Span.Text())+"'", "'"+plain(e.Text)+"'"
		switch {
		case e.Span.Start == e.Span.End:
			parts = append(parts, now+" is inserted")
		case e.Text == "":
			parts = append(parts, old+" is removed")
		default:
			parts = append(parts, old+" is now "+now)
		}
	}
	return strings.Join(parts, ", ")
}

// Mended is a line that says what the edits have changed: "a.space:4:7: fixed E201: 'cov' is now 'conv'".
func (d *Diagnostic) Mended() string {
	at := jsonAt(d.At)
	return fmt.Sprintf("%s:%d:%d: fixed %s: %s", plain(at.File), at.Start.Line, at.Start.Column, d.Code, fixTitle(d))
}
