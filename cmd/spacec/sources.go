package main

import (
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/parser"
	"github.com/spacec-lang/spacec/study"
)

// loadSources reads and checks a file, as load does, and gives its text and those of the files that it uses.
func (a *app) loadSources(name string) (*ir.Space, study.Sources, error) {
	src, err := a.read(name)
	if err != nil {
		return nil, study.Sources{}, err
	}
	kept := study.Sources{File: name, Text: src.Text}
	if path, err := filepath.Abs(name); err == nil && name != "-" {
		kept.File = path
	}
	space, err := a.loadUsing(src, func(path string) (string, error) {
		text, err := readUsed(path)
		if err == nil {
			if kept.Uses == nil {
				kept.Uses = map[string]string{}
			}
			kept.Uses[beside(name, path)] = text
		}
		return text, err
	})
	return space, kept, err
}

// beside is the path of a file as seen from another one's folder.
func beside(name, path string) string {
	if rel, err := filepath.Rel(filepath.Dir(name), path); err == nil {
		path = rel
	}
	return filepath.ToSlash(path)
}

// loadKept checks the texts that a study keeps.
func (a *app) loadKept(kept study.Sources) (*ir.Space, error) {
	name := filepath.Base(kept.File)
	return a.loadUsing(lang.NewSource(name, kept.Text), func(path string) (string, error) {
		text, ok := kept.Uses[beside(name, path)]
		if !ok {
			return "", missing{fmt.Errorf("%s: %w", path, fs.ErrNotExist)}
		}
		return text, nil
	})
}

// unchanged is the error of a study's file that says something else now; comments and layout may change.
func (a *app) unchanged(dir string, kept, now study.Sources) error {
	var b strings.Builder
	compare := func(title, old, text string) {
		var report diag.Report
		for _, d := range match(declarations(parser.ParseFile(lang.NewSource(title, old), &report)),
			declarations(parser.ParseFile(lang.NewSource(title, text), &report))) {
			fmt.Fprintf(&b, "\n%s: %s\n", title, d.Name)
			if d.A != nil {
				b.WriteString(a.side("- ", *d.A) + "\n")
			}
			if d.B != nil {
				b.WriteString(a.side("+ ", *d.B) + "\n")
			}
		}
	}
	compare(filepath.Base(now.File), kept.Text, now.Text)
	both := maps.Clone(kept.Uses)
	if both == nil {
		both = map[string]string{}
	}
	maps.Copy(both, now.Uses)
	for _, name := range slices.Sorted(maps.Keys(both)) {
		compare(name, kept.Uses[name], now.Uses[name])
	}
	if b.Len() == 0 {
		return nil
	}
	return fmt.Errorf("%s: the space has changed since the study began, so the study can't go on; begin another, or take this back (- then, + now):\n%s",
		dir, strings.TrimRight(b.String(), "\n"))
}
