package parser

import (
	"strings"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/lang/foreign"
)

// list reports a list in brackets where an expression belongs: alternatives, most often.
func (m *mistake) list() bool {
	open := m.index(m.found)
	edits := []diag.Edit{}
	depth, parts, plain := 0, 1, true
	for i := open + 1; i < len(m.chunk.tokens); i++ {
		t := m.chunk.tokens[i]
		switch t.Value {
		case "(", "[", "{":
			depth++
			plain = false
		case ")", "}":
			depth--
		case ",":
			if depth == 0 {
				parts++
				edits = append(edits, diag.Edit{Span: m.spaced(m.span(t)), Text: " | "})
			}
		case "]":
			if depth--; depth >= 0 {
				continue
			}
			m.listed(open, i, parts, plain, edits)
			return true
		}
	}
	return false
}

// listed reports the list between two tokens of the chunk.
func (m *mistake) listed(open, end, parts int, plain bool, edits []diag.Edit) {
	tokens := m.chunk.tokens
	at := m.span(tokens[open]).To(m.span(tokens[end]))
	if parts == 1 {
		m.report.Errorf(diag.Syntax, at, "brackets hold weights and types only").Note("what can be left out is written 'a?'")
		return
	}
	if open > 1 && tokens[open-1].Value == "(" {
		if f, ok := foreign.FindForm(tokens[open-2].Value); ok && f.Join != "" && end+1 < len(tokens) && tokens[end+1].Value == ")" {
			name := m.span(tokens[open-2])
			d := m.report.Errorf(diag.Syntax, name, "'%s' is written '%s' here", name.Text(), f.Like)
			for _, e := range edits {
				d.Edit(e.Span, f.Join)
			}
			d.Edit(m.span(tokens[open]), "").Edit(m.span(tokens[end]), "")
			return
		}
	}
	d := m.report.Errorf(diag.Syntax, at, "there are no lists: alternatives are written 'a | b | c'")
	left, right := "(", ")"
	alone := end+1 == len(tokens) || strings.Contains("),}", tokens[end+1].Value)
	if open > 0 && strings.Contains("(,:={", tokens[open-1].Value) && alone {
		left, right = "", ""
	}
	d.Edit(m.span(tokens[open]), left)
	d.Edits = append(d.Edits, edits...)
	d.Edit(m.span(tokens[end]), right)
	if !plain { // it may be a sequence
		d.Note("what follows one another is written 'a >> b >> c'").Perhaps()
	}
}

// dashes reports a list as YAML writes it, the fields of a config one below the other behind a '-', which would else be a
// difference.
func (p *parser) dashes(c *chunk, kind listKind) bool {
	t := c.tokens
	if kind != items || len(t) < 4 || t[1].Value != ":" || t[2].Value != "-" || t[2].Pos.Column != 1 {
		return false
	}
	d := p.report.Errorf(diag.Syntax, p.span(t[2]), "there are no lists: alternatives are written 'a | b | c'").
		Edit(lang.Span{Source: p.src, Start: t[2].Pos.Offset, End: t[3].Pos.Offset}, "")
	for _, next := range t[3:] {
		if next.Value == "-" && next.Pos.Column == 1 {
			d.Edit(p.span(next), "|")
		}
	}
	c.bad = true
	return true
}

// angles reports a name between '<' and '>', as grammars write it.
func (m *mistake) angles() bool {
	name, end := m.token(1), m.token(2)
	if m.found.Value != "<" || name.Type != typeName || end.Value != ">" || !m.wantsExpression() && m.found.Pos.Column != 1 {
		return false
	}
	at := m.span(m.found).To(m.span(end))
	m.report.Errorf(diag.Syntax, at, "names stand without '<' and '>'").Edit(at, name.Value)
	return true
}

// starred reports a repetition as grammars write it, 'a*' or 'a+', whose operator has nothing behind it.
func (m *mistake) starred() bool {
	least, ok := map[string]string{"*": "0", "+": "1"}[m.before.Value]
	last := m.found.EOF() || m.found.Type == typeNewline || strings.Contains("|)},", m.found.Value)
	if !ok || !last || !m.wantsExpression() {
		return false
	}
	at := m.span(m.before)
	m.report.Errorf(diag.Syntax, at, "a repetition is written in braces, with the most there can be: a{%s..4}", least).
		Edit(m.trailing(at), "{"+least+"..4}").Perhaps()
	return true
}

// braces reports a repetition in brackets, 'a[1..4]'.
func (m *mistake) braces() {
	open := m.token(-2)
	at := m.span(open)
	d := m.report.Errorf(diag.Syntax, at, "a repetition is written in braces; brackets hold a weight").Edit(m.span(open), "{")
	for _, t := range m.chunk.tokens[m.index(m.found):] {
		if t.Value == "]" {
			d.Edit(m.span(t), "}")
			return
		}
	}
}

// dotted reports a call with a module before its name, 'nn.Conv2d(...)'.
func (m *mistake) dotted() {
	name := m.before
	first := m.index(name)
	for first >= 2 && m.chunk.tokens[first-1].Value == "." && m.chunk.tokens[first-2].Type == typeName {
		first -= 2
	}
	at := m.span(m.chunk.tokens[first]).To(m.span(name))
	d := m.report.Errorf(diag.Syntax, at, "ops and rules are called by one name, without a module before it")
	if o, ok := foreign.FindOp(name.Value); ok {
		d.Message = "'" + at.Text() + "' is " + o.Here + " here: " + d.Message
	} else if f, ok := foreign.FindForm(name.Value); ok {
		d.Message = "'" + at.Text() + "' is written '" + f.Like + "' here"
	}
	d.Note("'spacec explain conv' says what an op takes; the ops are in docs/ops").Edit(at, name.Value)
}
