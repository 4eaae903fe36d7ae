package ir_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// mistake is what a newcomer writes, and what it has to be told.
type mistake struct {
	text  string    // the file, behind the preface of its group
	code  diag.Code // of the error or warning
	at    string    // what the caret marks; "" for a place between two characters
	says  string    // words of message, label and notes in order, parted by " ... "
	fixed string    // the file after its fixes; "" where there is none to be made
}

// mistakes are mistakes that have one origin.
type mistakes struct {
	from    string
	preface string
	list    []mistake
}

const network = "use std\ninput image: [c: 3, h: 8, w: 8]\n"

// TestMistakes makes every mistake of the tables. The message names it and the fix; the file with its fixes made, as
// 'spacec check --fix' makes them, is right.
func TestMistakes(t *testing.T) {
	total := 0
	for _, group := range append(mistakesFromElsewhere(), mistakesOfTheLanguage()...) {
		total += len(group.list)
		for _, m := range group.list {
			t.Run(group.from, func(t *testing.T) {
				src := lang.NewSource("mistake.space", group.preface+m.text)
				var report diag.Report
				ir.Load(src, env, &report)
				d := told(&report, m)
				if d == nil {
					t.Fatalf("%s\nis not told %s at %q: %s", m.text, m.code, m.at, m.says)
				}
				if m.fixed == "" {
					if len(d.Edits) > 0 {
						t.Errorf("%s\nhas a fix", m.text)
					}
					return
				}
				got := mendAll(t, src, &report, d)
				if diff := cmp.Diff(group.preface+m.fixed, got.Text); diff != "" {
					t.Fatalf("%s\nis fixed otherwise (-want +got):\n%s", m.text, diff)
				}
				var after diag.Report
				ir.Load(got, env, &after)
				if told(&after, m) != nil || after.Failed() {
					var b strings.Builder
					_ = after.Render(&b, false)
					t.Errorf("after the fix there is\n%s", b.String())
				}
			})
		}
	}
	if total < 50 {
		t.Errorf("the tables hold %d mistakes", total)
	}
}

// TestArrivesAtLet: of a let that is used on several types, a message shows the one at hand.
func TestArrivesAtLet(t *testing.T) {
	var report diag.Report
	ir.Load(lang.NewSource("let.space", network+"let u = conv(4) | (relu, skip) >> concat(1)\nnet = u >> u\n"), env, &report)
	var got []string
	for _, d := range report.Diagnostics() {
		for _, other := range d.Others {
			got = append(got, other.Text)
		}
	}
	if diff := cmp.Diff([]string{"2 modules in parallel need a tuple of 2; [c: 3, h: 8, w: 8] arrives"}, got); diff != "" {
		t.Error(diff)
	}
}

// told finds what a report says of a mistake; nil where it doesn't.
func told(report *diag.Report, m mistake) *diag.Diagnostic {
	for _, d := range report.Diagnostics() {
		words := append([]string{d.Message, d.Label}, d.Notes...)
		for _, other := range d.Others {
			words = append(words, other.Text)
		}
		if d.Code == m.code && d.At.Text() == m.at && holds(strings.Join(words, "\n"), m.says) {
			return d
		}
	}
	return nil
}

// holds tells whether a text has the words in order.
func holds(text, words string) bool {
	for _, part := range strings.Split(words, " ... ") {
		_, after, ok := strings.Cut(text, part)
		if !ok {
			return false
		}
		text = after
	}
	return true
}

// mendAll makes the fix of one diagnostic, sure or not, then those of all that are sure until none is left.
func mendAll(t *testing.T, src *lang.Source, report *diag.Report, d *diag.Diagnostic) *lang.Source {
	t.Helper()
	if d.Unsure {
		text, err := diag.Apply(src, d.Edits)
		if err != nil {
			t.Fatal(err)
		}
		src, report = lang.NewSource(src.Name, text), &diag.Report{}
		ir.Load(src, env, report)
	}
	for range 10 {
		text, mended := report.Mend(src)
		if len(mended) == 0 {
			break
		}
		src, report = lang.NewSource(src.Name, text), &diag.Report{}
		ir.Load(src, env, report)
	}
	return src
}
