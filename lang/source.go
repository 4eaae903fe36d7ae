// Package lang is the language itself: source text, spans and the syntax tree of a .space file. It
// neither parses nor gives meaning; package parser makes the tree and package ir makes sense of it.
package lang

import (
	"sort"
	"sync"
	"unicode/utf8"
)

// MaxSource is the largest file that is read, in bytes.
const MaxSource = 1 << 20

// Source is a named text. Positions in it are byte offsets.
type Source struct {
	Name  string
	Text  string
	once  sync.Once
	lines []int // offsets of line starts
}

// NewSource names a text.
func NewSource(name, text string) *Source { return &Source{Name: name, Text: text} }

// starts are the offsets of the line starts, found when they are first needed.
func (s *Source) starts() []int {
	s.once.Do(func() {
		s.lines = []int{0}
		for i := 0; i < len(s.Text); i++ {
			if s.Text[i] == '\n' {
				s.lines = append(s.lines, i+1)
			}
		}
	})
	return s.lines
}

// Position is the line and the column of an offset, both from 1; a column counts characters.
func (s *Source) Position(offset int) (line, column int) {
	offset = max(0, min(offset, len(s.Text)))
	lines := s.starts()
	i := sort.SearchInts(lines, offset+1) - 1
	return i + 1, utf8.RuneCountInString(s.Text[lines[i]:offset]) + 1
}

// LineStart is the offset of the start of a line, counted from 1; the end of the text beyond the last.
func (s *Source) LineStart(n int) int {
	if n < 1 {
		return 0
	}
	lines := s.starts()
	if n > len(lines) {
		return len(s.Text)
	}
	return lines[n-1]
}

// Line is the text of a line, counted from 1, without its line end; "" beyond the last.
func (s *Source) Line(n int) string {
	lines := s.starts()
	if n < 1 || n > len(lines) {
		return ""
	}
	end := len(s.Text)
	if n < len(lines) {
		end = lines[n] - 1
	}
	text := s.Text[lines[n-1]:end]
	if len(text) > 0 && text[len(text)-1] == '\r' {
		text = text[:len(text)-1]
	}
	return text
}

// Span is the part [Start, End) of a source, in bytes. The zero Span has no source and points nowhere.
type Span struct {
	Source     *Source
	Start, End int
}

// Text is what the span covers.
func (s Span) Text() string {
	if s.Source == nil {
		return ""
	}
	return s.Source.Text[s.Start:s.End]
}

// To is the span from the start of s to the end of t.
func (s Span) To(t Span) Span {
	if s.Source == nil {
		return t
	}
	if t.Source != s.Source || t.End < s.Start {
		return s
	}
	return Span{s.Source, s.Start, t.End}
}
