package diag

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"

	"github.com/spacec-lang/spacec/lang"
)

// The JSON of diagnostics: one object on each line, with
//
//	code      "E201"; it never changes its meaning
//	severity  "error" or "warning"
//	message   one sentence
//	at        the place, {file, start, end}; absent where it is about no place
//	label     a few words at the place; absent where there are none
//	others    further places, [{file, start, end, text}]
//	notes     why, and what to do, [text]
//	edits     what mends it, all together, [{file, start, end, text}]: the text replaces the place
//	unsure    true where the edits are one way among others, which nobody should take unasked
//
// where start and end are {offset, line, column}: an offset counts bytes from 0, line and column count from 1, a column
// counts characters, and end is behind the last character. Lists are absent where they are empty.
type jsonDiagnostic struct {
	Code     Code        `json:"code"`
	Severity string      `json:"severity"`
	Message  string      `json:"message"`
	At       *jsonPlace  `json:"at,omitempty"`
	Label    string      `json:"label,omitempty"`
	Others   []jsonLabel `json:"others,omitempty"`
	Notes    []string    `json:"notes,omitempty"`
	Edits    []jsonLabel `json:"edits,omitempty"`
	Unsure   bool        `json:"unsure,omitempty"`
}

type jsonPlace struct {
	File  string       `json:"file"`
	Start jsonPosition `json:"start"`
	End   jsonPosition `json:"end"`
}

type jsonLabel struct {
	jsonPlace
	Text string `json:"text"`
}

type jsonPosition struct {
	Offset int `json:"offset"`
	Line   int `json:"line"`
	Column int `json:"column"`
}

// WriteJSON writes diagnostics for programs, one JSON object on each line: code, severity, message,
// at {file, start, end}, label, others, notes and edits [{file, start, end, text}]; start and end are {offset,
// line, column}, offsets in bytes from 0, lines and columns from 1.
func WriteJSON(w io.Writer, list []*Diagnostic) error {
	out := bufio.NewWriter(w)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for _, d := range list {
		j := jsonDiagnostic{Code: d.Code, Severity: d.Severity.String(), Message: d.Message, Label: d.Label, Notes: d.Notes, Unsure: d.Unsure}
		if d.At.Source != nil {
			at := jsonAt(d.At)
			j.At = &at
		}
		for _, o := range d.Others {
			j.Others = append(j.Others, jsonLabel{jsonAt(o.Span), o.Text})
		}
		for _, e := range d.Edits {
			j.Edits = append(j.Edits, jsonLabel{jsonAt(e.Span), e.Text})
		}
		if err := enc.Encode(j); err != nil {
			return fmt.Errorf("write diagnostics: %w", err)
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write diagnostics: %w", err)
	}
	return nil
}

func jsonAt(s lang.Span) jsonPlace {
	if s.Source == nil {
		return jsonPlace{}
	}
	position := func(offset int) jsonPosition {
		line, column := s.Source.Position(offset)
		return jsonPosition{offset, line, column}
	}
	return jsonPlace{s.Source.Name, position(s.Start), position(s.End)}
}
