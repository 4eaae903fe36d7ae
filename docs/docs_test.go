// Package docs_test keeps the documentation true: every example is loaded and its outcome compared, and the
// generated pages are those that the code makes now.
package docs_test

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
)

//go:generate go test . -run ^TestGenerated -update

var update = flag.Bool("update", false, "write the generated pages instead of comparing them")

// load loads a text as a user's file, beside which there are no others.
func load(name, text string) (*ir.Space, *diag.Report) { return beside(nil, name, text) }

// beside loads a text as a user's file in a folder of other files.
func beside(files map[string]string, name, text string) (*ir.Space, *diag.Report) {
	report := &diag.Report{}
	read := func(path string) (string, error) {
		if text, ok := files[path]; ok {
			return text, nil
		}
		return "", fs.ErrNotExist
	}
	space := ir.Load(lang.NewSource(name, text), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source, File: read}, report)
	if space != nil {
		space.LocateSeeds(report) // as spacec check does
	}
	return space, report
}

// current compares a generated file with what it should be, or writes it.
func current(t *testing.T, file, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; run go generate ./docs", err)
	}
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("docs/%s is not current; run go generate ./docs (-want +got):\n%s", file, diff)
	}
}

// currentFolder compares the pages of a generated folder, by name, with what they should be, or writes them; there are no others.
func currentFolder(t *testing.T, folder string, pages map[string]string) {
	t.Helper()
	there, err := os.ReadDir(folder)
	if err != nil && !*update {
		t.Fatal(err)
	}
	for _, e := range there {
		if _, ok := pages[e.Name()]; ok {
			continue
		}
		if !*update {
			t.Errorf("docs/%s/%s is of nothing that there is; run go generate ./docs", folder, e.Name())
		} else if err := os.Remove(filepath.Join(folder, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range pages {
		current(t, filepath.Join(folder, name), text)
	}
}

// said is a report as a user reads it.
func said(report *diag.Report) string {
	var b strings.Builder
	_ = report.Render(&b, false) // a strings.Builder takes everything
	return b.String()
}

// fence is a fenced block of a page.
type fence struct {
	line int    // of its first line, from 1
	info string // what follows the opening marks
	text string
}

// fences are the fenced blocks of a page, in order.
func fences(page string) ([]fence, error) {
	var out []fence
	var open *fence
	for i, line := range strings.SplitAfter(page, "\n") {
		info, isMark := strings.CutPrefix(line, "```")
		switch {
		case isMark && open == nil:
			open = &fence{line: i + 2, info: strings.TrimSpace(info)}
		case isMark:
			out = append(out, *open)
			open = nil
		case open != nil:
			open.text += line
		}
	}
	if open != nil {
		return nil, fmt.Errorf("the block of line %d is not closed", open.line)
	}
	return out, nil
}

func readPage(t *testing.T, file string) string {
	t.Helper()
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// between is page with what stands between a pair of marks replaced.
func between(t *testing.T, page, mark, text string) string {
	t.Helper()
	open, closing := "<!-- "+mark+" -->\n", "<!-- end of "+mark+" -->"
	before, rest, found := strings.Cut(page, open)
	_, after, closed := strings.Cut(rest, closing)
	if !found || !closed {
		t.Fatalf("the marks of %q are missing", mark)
	}
	return before + open + text + closing + after
}
