package ir

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	slashed "path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/parser"
)

// What a file uses is bounded, whatever the files say.
const (
	maxUseDepth = 32
	maxUseFiles = 256
	maxUseBytes = 4 * lang.MaxSource
)

// user reads the files that a file uses, and those that they use, each once.
type user struct {
	env    Env
	report *diag.Report
	chain  []link // from the file at hand back to the first
	bytes  int
	full   bool
	std    []*lang.File                           // of the standard library
	files  []*lang.File                           // a file after those that it uses
	sees   map[*lang.Source]map[*lang.Source]bool // by file: itself, and what it uses, directly or through others
	read   map[string]*lang.File                  // by path; nil where it couldn't be
}

// link is one file of a chain of uses.
type link struct {
	path string
	use  lang.Span // where the one before it uses it; nowhere for the first
}

// usesOf reads all that a file uses. The files come in such an order that a file stands after what it
// uses; the file itself is the last.
func usesOf(file *lang.File, env Env, report *diag.Report) *user {
	u := &user{env: env, report: report, bytes: len(file.Source.Text),
		sees: map[*lang.Source]map[*lang.Source]bool{}, read: map[string]*lang.File{}}
	u.visit(file, link{path: clean(file.Source.Name)})
	return u
}

func clean(name string) string { return slashed.Clean(filepath.ToSlash(name)) }

func (u *user) visit(file *lang.File, at link) {
	u.read[at.path] = file
	u.chain = append(u.chain, at)
	sees := map[*lang.Source]bool{file.Source: true}
	for _, d := range file.Decls {
		use, ok := d.(*lang.Use)
		switch {
		case !ok:
		case use.File:
			if f := u.file(use, at); f != nil {
				maps.Copy(sees, u.sees[f.Source])
			}
		default:
			u.module(use)
		}
	}
	u.chain = u.chain[:len(u.chain)-1]
	u.files = append(u.files, file)
	u.sees[file.Source] = sees
}

// module reads a file of the standard library, which uses no other.
func (u *user) module(use *lang.Use) {
	for _, f := range u.std {
		if f.Source.Name == use.Path {
			return
		}
	}
	text, ok := "", false
	if u.env.Module != nil {
		text, ok = u.env.Module(use.Path)
	}
	if !ok {
		d := u.report.Errorf(diag.BadUse, use.Span, "there is no module '%s'", use.Path)
		d.Note("the standard library is 'use std'; a file stands in quotes: use \"%s.space\"", use.Path).Edit(use.Span, "use std").Perhaps()
		if near := diag.Nearest(use.Path, []string{"std"}); near != "" {
			d.Label = "did you mean '" + near + "'?"
		}
		return
	}
	u.std = append(u.std, parser.ParseFile(lang.NewSource(use.Path, text), u.report))
}

// file reads a file that another one uses, whose path is relative to that one's folder; nil where it can't be
// had.
func (u *user) file(use *lang.Use, by link) *lang.File {
	if use.Path == "" || strings.ContainsRune(use.Path, 0) {
		u.report.Errorf(diag.BadUse, use.Span, "this names no file")
		return nil
	}
	name := clean(use.Path)
	if !slashed.IsAbs(name) && !filepath.IsAbs(use.Path) {
		name = slashed.Join(slashed.Dir(by.path), name)
	}
	if file, known := u.read[name]; known || u.full {
		u.circle(use, name)
		return file
	}
	if len(u.chain) > maxUseDepth {
		u.limit(use, "files use files beyond the limit of %d levels", maxUseDepth)
		return nil
	}
	if len(u.read) > maxUseFiles {
		u.limit(use, "more than %d files are used", maxUseFiles)
		return nil
	}
	if u.env.File == nil {
		u.report.Errorf(diag.BadUse, use.Span, "files can't be used here: there is nothing to read them from")
		return nil
	}
	text, err := u.env.File(name)
	if err != nil {
		u.read[name] = nil
		if !errors.Is(err, fs.ErrNotExist) {
			u.report.Errorf(diag.BadUse, use.Span, "'%s' can't be used: %v", use.Path, err)
			return nil
		}
		d := u.report.Errorf(diag.BadUse, use.Span, "there is no file '%s'", use.Path)
		if name != use.Path {
			d.Note("a path is relative to the file that uses it; this one is %s", name)
		}
		return nil
	}
	if u.bytes += len(text); u.bytes > maxUseBytes {
		u.limit(use, "a file and all that it uses are over the limit of %d bytes", maxUseBytes)
		return nil
	}
	file := parser.ParseFile(lang.NewSource(name, text), u.report)
	u.visit(file, link{name, use.Span})
	return file
}

// limit reports the first limit that is met; no more files are read then.
func (u *user) limit(use *lang.Use, format string, most int) {
	u.full = true
	u.report.Errorf(diag.Limit, use.Span, format, most)
}

// circle reports a file that is used within itself, with the way there.
func (u *user) circle(use *lang.Use, name string) {
	last := len(u.chain) - 1
	first := slices.IndexFunc(u.chain, func(l link) bool { return l.path == name })
	switch {
	case first < 0:
		return
	case first == last:
		u.report.Errorf(diag.BadUse, use.Span, "this file uses itself")
		return
	}
	d := u.report.Errorf(diag.BadUse, use.Span, "files use each other in a circle")
	d.Label = fmt.Sprintf("and %s uses %s", u.chain[last].path, name)
	way := name
	for i := first; i < last; i++ {
		by, next := u.chain[i].path, u.chain[i+1]
		d.With(next.use, "%s uses %s", by, next.path)
		way += " uses " + next.path + ", which"
	}
	d.Note("%s uses %s; put what they share into a third file", way, name)
}
