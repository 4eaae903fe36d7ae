package ir

import (
	"fmt"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// Only is the one point of a space that has just one. Where there is a choice, the error names it.
func (sp *Space) Only() (*Point, error) {
	w := sp.Walk()
	if d, ok := w.Next(); ok {
		return nil, &OpenError{d.c.ask.pos().span, d.Path()}
	}
	return w.Point()
}

// OpenError is of a file with choices where a point is asked for.
type OpenError struct {
	At   lang.Span // of the first choice
	Path string    // the decision
}

func (e *OpenError) Error() string {
	line, col := e.At.Source.Position(e.At.Start)
	return fmt.Sprintf("%s:%d:%d: this is a space, not a point: '%s' is still to be chosen", e.At.Source.Name, line, col, e.Path)
}

// Report adds the error as a diagnostic.
func (e *OpenError) Report(report *diag.Report) {
	report.Errorf(diag.NotAPoint, e.At, "this is a space, not a point: '%s' is still to be chosen", e.Path).
		Note("spacec sample draws points; spacec search looks for the best")
}

// Read finds the point of the space whose decisions a file's from clause lists.
func (sp *Space) Read(file *lang.File) (*Point, error) {
	answers := map[string]string{}
	for _, d := range file.Decls {
		from, ok := d.(*lang.From)
		if !ok {
			continue
		}
		for _, c := range from.Decisions {
			if _, twice := answers[c.Path]; twice {
				line, col := c.Span.Source.Position(c.Span.Start)
				return nil, fmt.Errorf("%s:%d:%d: the decision '%s' is given twice", c.Span.Source.Name, line, col, c.Path)
			}
			answers[c.Path] = c.Value
		}
		return sp.Replay(answers)
	}
	return nil, fmt.Errorf("%s has no from clause: it is an architecture, not a point of a named space", file.Source.Name)
}
