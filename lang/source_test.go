package lang

import (
	"slices"
	"testing"
)

func TestPosition(t *testing.T) {
	src := &Source{Name: "a", Text: "é1\r\n\nxyz"} // as NewSource makes it
	for _, test := range []struct{ offset, line, column int }{
		{-1, 1, 1}, {0, 1, 1}, {2, 1, 2}, {3, 1, 3}, {5, 2, 1}, {6, 3, 1}, {8, 3, 3}, {9, 3, 4}, {99, 3, 4},
	} {
		if line, column := src.Position(test.offset); line != test.line || column != test.column {
			t.Errorf("offset %d is at %d:%d, want %d:%d", test.offset, line, column, test.line, test.column)
		}
	}
	for n, want := range []string{"", "é1", "", "xyz", ""} {
		if got := src.Line(n); got != want {
			t.Errorf("line %d is %q, want %q", n, got, want)
		}
	}
	for n, want := range []int{0, 0, 5, 6, 9} {
		if got := src.LineStart(n); got != want {
			t.Errorf("line %d starts at %d, want %d", n, got, want)
		}
	}
}

func TestSpanTo(t *testing.T) {
	src, other := NewSource("a", "abcdef"), NewSource("b", "xy")
	a, b := Span{src, 1, 2}, Span{src, 3, 5}
	if got := a.To(b); got != (Span{src, 1, 5}) || got.Text() != "bcde" {
		t.Errorf("%v to %v is %v", a, b, got)
	}
	for _, test := range []struct{ s, t, want Span }{{b, a, b}, {a, Span{other, 0, 1}, a}, {Span{}, b, b}} {
		if got := test.s.To(test.t); got != test.want {
			t.Errorf("%v to %v is %v, want %v", test.s, test.t, got, test.want)
		}
	}
	if (Span{}).Text() != "" {
		t.Error("nowhere has a text")
	}
}

// TestWords keeps the tables in the order in which they are searched, and the operators in that of their precedence.
func TestWords(t *testing.T) {
	for _, list := range [][]string{ReservedWords(), DeclarationWords()} {
		if !slices.IsSorted(list) {
			t.Errorf("not sorted: %v", list)
		}
	}
	last := PrecChoice
	for _, op := range Operators() {
		prec, ok := BinaryPrecedence(op)
		if !ok || prec < last {
			t.Errorf("operator %s has the precedence %d behind %d", op, prec, last)
		}
		last = prec
	}
	for _, word := range ExpressionWords() {
		if _, operator := BinaryPrecedence(word); word != "of" && !operator && !slices.Contains(ReservedWords(), word) {
			t.Errorf("%s is neither reserved nor an operator", word)
		}
	}
}
