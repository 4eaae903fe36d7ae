package parser

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// finding is an error on a line, as a test expects it.
type finding struct {
	Line    int
	Code    diag.Code
	Message string
}

// TestErrors reads testdata/errors, where each line says the errors that it causes: "// E104 message", the message
// from its beginning, several one after the other.
func TestErrors(t *testing.T) {
	files, err := filepath.Glob("testdata/errors/*.space")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test data: %v", err)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			src := lang.NewSource(name, string(data))
			var want []finding
			for i, line := range strings.Split(string(data), "\n") {
				for _, part := range strings.Split(line, "// E")[1:] {
					code, message, _ := strings.Cut(strings.TrimSpace(part), " ")
					want = append(want, finding{i + 1, diag.Code("E" + code), message})
				}
			}
			var report diag.Report
			ParseFile(src, &report)
			var got []finding
			for i, d := range report.Diagnostics() {
				line, _ := src.Position(d.At.Start)
				f := finding{line, d.Code, d.Message}
				if i < len(want) && strings.HasPrefix(f.Message, want[i].Message) {
					f.Message = want[i].Message
				}
				got = append(got, f)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("errors (-want +got):\n%s", diff)
			}
		})
	}
}

// TestFixes applies the edits of every error that has some, one error at a time: it is gone then, and no other comes.
func TestFixes(t *testing.T) {
	files, err := filepath.Glob("testdata/errors/*.space")
	if err != nil || len(files) == 0 {
		t.Fatalf("no test data: %v", err)
	}
	fixed := 0
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		src := lang.NewSource(name, string(data))
		var before diag.Report
		ParseFile(src, &before)
		for _, d := range before.Diagnostics() {
			if len(d.Edits) == 0 {
				continue
			}
			text, err := diag.Apply(src, d.Edits)
			if err != nil {
				t.Errorf("%s: %v", d.Message, err)
				continue
			}
			var after diag.Report
			ParseFile(lang.NewSource(name, text), &after)
			if got, want := len(after.Diagnostics()), len(before.Diagnostics())-1; got > want {
				t.Errorf("%s: %d errors are left of %d", d.Message, got, want+1)
			}
			fixed++
		}
	}
	if fixed < 15 {
		t.Errorf("%d errors have a fix", fixed)
	}
}

// TestFixesForAPerson: an edit that may not be what is meant is not made unasked.
func TestFixesForAPerson(t *testing.T) {
	for _, text := range []string{"config c { b: 1..9 step 1 + 1 }", "config c { b: 1..9 step 2 * 2 }", "config c { b: 1..9 points 5 - 1 }"} {
		var report diag.Report
		ParseFile(lang.NewSource("t.space", text), &report)
		if list := report.Diagnostics(); len(list) != 1 || len(list[0].Edits) == 0 || !list[0].Unsure {
			t.Errorf("%s: %+v", text, list)
		}
	}
}
