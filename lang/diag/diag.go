// Package diag holds what spacec says about a file: diagnostics with a stable code, a place, further
// places, notes and edits, their rendering with carets and as JSON, and the search for a near name.
package diag

import (
	"fmt"
	"sort"

	"github.com/spacec-lang/spacec/lang"
)

// Severity orders diagnostics by how much they stop.
type Severity int

// An Error stops the file from being used, a Warning doesn't.
const (
	Error Severity = iota
	Warning
)

func (s Severity) String() string { return [...]string{"error", "warning"}[s] }

// Label is a place with a few words on it.
type Label struct {
	Span lang.Span
	Text string
}

// Edit replaces a span by a text; it mends what the diagnostic reports.
type Edit struct {
	Span lang.Span
	Text string
}

// Diagnostic is one thing said about a file.
type Diagnostic struct {
	Code     Code
	Severity Severity
	Message  string
	At       lang.Span // the smallest span that is wrong
	Label    string    // a few words at the caret; may be empty
	Others   []Label   // further places that explain it
	Notes    []string  // why, and what to do
	Edits    []Edit    // what would mend it, all together
	Unsure   bool      // the edits are one way among others: for a person to decide, not to be made unasked
}

// With adds a further place.
func (d *Diagnostic) With(at lang.Span, format string, args ...any) *Diagnostic {
	d.Others = append(d.Others, Label{at, fmt.Sprintf(format, args...)})
	return d
}

// Note adds a sentence of help.
func (d *Diagnostic) Note(format string, args ...any) *Diagnostic {
	d.Notes = append(d.Notes, fmt.Sprintf(format, args...))
	return d
}

// Edit adds an edit that, with the diagnostic's others, mends it.
func (d *Diagnostic) Edit(at lang.Span, text string) *Diagnostic {
	d.Edits = append(d.Edits, Edit{at, text})
	return d
}

// Nearest suggests, in place of a name, the nearest of some; false where none is near.
func (d *Diagnostic) Nearest(at lang.Span, name string, among []string) bool {
	near := Nearest(name, among)
	if near == "" {
		return false
	}
	d.Label = "did you mean '" + near + "'?"
	d.Edit(at, near)
	return true
}

// Perhaps marks the edits as one way among others.
func (d *Diagnostic) Perhaps() *Diagnostic {
	d.Unsure = true
	return d
}

// MaxDiagnostics is how many diagnostics a report keeps; the rest are counted.
const MaxDiagnostics = 100

// Report collects diagnostics. The zero Report is ready for use. It is not safe for concurrent use.
type Report struct {
	list    []*Diagnostic
	errors  int
	dropped int
}

// Errorf adds an error and returns it, so that labels, notes and edits can be added.
func (r *Report) Errorf(code Code, at lang.Span, format string, args ...any) *Diagnostic {
	return r.add(&Diagnostic{Code: code, Severity: Error, At: at, Message: fmt.Sprintf(format, args...)})
}

// Warnf adds a warning and returns it.
func (r *Report) Warnf(code Code, at lang.Span, format string, args ...any) *Diagnostic {
	return r.add(&Diagnostic{Code: code, Severity: Warning, At: at, Message: fmt.Sprintf(format, args...)})
}

// AddErrors adds another report's errors.
func (r *Report) AddErrors(from *Report) {
	for _, d := range from.list {
		if d.Severity == Error {
			r.add(d)
		}
	}
}

func (r *Report) add(d *Diagnostic) *Diagnostic {
	for _, old := range r.list {
		if old.Code == d.Code && old.At == d.At && old.Message == d.Message {
			return &Diagnostic{} // said already; what is added to this one goes nowhere
		}
	}
	if d.Severity == Error {
		r.errors++
	}
	if len(r.list) < MaxDiagnostics {
		r.list = append(r.list, d)
		return d
	}
	r.dropped++
	if d.Severity == Error { // an error is worth more than a warning
		for i := len(r.list) - 1; i >= 0; i-- {
			if r.list[i].Severity != Error {
				r.list[i] = d
				break
			}
		}
	}
	return d
}

// Failed tells whether the report holds an error.
func (r *Report) Failed() bool { return r.errors > 0 }

// Dropped is how many diagnostics were left out beyond MaxDiagnostics.
func (r *Report) Dropped() int { return r.dropped }

// Diagnostics are the report's, by source name and position.
func (r *Report) Diagnostics() []*Diagnostic {
	list := append([]*Diagnostic(nil), r.list...)
	sort.SliceStable(list, func(i, j int) bool {
		a, b := list[i].At, list[j].At
		if name := [2]string{sourceName(a), sourceName(b)}; name[0] != name[1] {
			return name[0] < name[1]
		}
		return a.Start < b.Start
	})
	return list
}

func sourceName(s lang.Span) string {
	if s.Source == nil {
		return ""
	}
	return s.Source.Name
}
