package diag

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/spacec-lang/spacec/lang"
)

func TestMend(t *testing.T) {
	src := lang.NewSource("a.space", "abcdef")
	span := func(a, b int) lang.Span { return lang.Span{Source: src, Start: a, End: b} }
	other := lang.Span{Source: lang.NewSource("b.space", "xyz"), Start: 0, End: 1}
	var r Report
	r.Errorf(Syntax, span(0, 1), "both ends").Edit(span(0, 1), "A").Edit(span(5, 6), "F")
	r.Errorf(Syntax, span(1, 2), "overlaps").Edit(span(4, 6), "x")
	r.Errorf(Syntax, span(2, 3), "unsure").Edit(span(2, 3), "x").Perhaps()
	r.Errorf(Syntax, span(3, 3), "inserts").Edit(span(3, 3), "(")
	r.Errorf(Syntax, span(3, 4), "inserts there too").Edit(span(3, 3), "[")
	r.Errorf(Syntax, span(4, 5), "nothing to do")
	r.Errorf(Syntax, span(5, 5), "elsewhere").Edit(other, "X")
	text, mended := r.Mend(src)
	var got []string
	for _, d := range mended {
		got = append(got, d.Mended())
	}
	want := []string{"a.space:1:1: fixed E104: 'a' is now 'A', 'f' is now 'F'", "a.space:1:4: fixed E104: '(' is inserted"}
	if diff := cmp.Diff(want, got); diff != "" || text != "Abc(deF" {
		t.Errorf("%q (-want +got):\n%s", text, diff)
	}
}

// TestMendKeeps draws edits anywhere: what is mended is there, and no two reach into each other: each byte of the source that
// no edit takes away is kept, in order.
func TestMendKeeps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src := lang.NewSource("a", "abcdefghij")
		var r Report
		for i := range rapid.IntRange(0, 6).Draw(t, "diagnostics") {
			d := r.Errorf(Syntax, lang.Span{Source: src}, "%d", i)
			for range rapid.IntRange(0, 2).Draw(t, "edits") {
				start := rapid.IntRange(0, 10).Draw(t, "start")
				d.Edit(lang.Span{Source: src, Start: start, End: rapid.IntRange(start, 10).Draw(t, "end")}, "#")
			}
		}
		text, mended := r.Mend(src)
		edits, gone := 0, map[rune]bool{}
		for _, d := range mended {
			for _, e := range d.Edits {
				edits++
				for _, c := range e.Span.Text() {
					if gone[c] {
						t.Fatalf("%c is taken away twice", c)
					}
					gone[c] = true
				}
			}
		}
		kept := strings.Map(func(c rune) rune {
			if gone[c] {
				return -1
			}
			return c
		}, src.Text)
		if strings.ReplaceAll(text, "#", "") != kept || strings.Count(text, "#") != edits {
			t.Fatalf("%q after %d edits, want what is kept: %q", text, edits, kept)
		}
	})
}
