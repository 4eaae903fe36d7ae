package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spacec-lang/spacec/compile/gorgonia"
	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
)

// read reads a file, or standard input for "-".
func (a *app) read(name string) (*lang.Source, error) {
	if name == "-" {
		if a.inRead {
			return nil, usagef("standard input can be read once: give - for one file")
		}
		a.inRead = true
		return limited("<stdin>", a.in)
	}
	return readFile(name)
}

// readFile reads a file; of one beyond the limit no more than that takes.
func readFile(name string) (*lang.Source, error) {
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, missing{fmt.Errorf("%s: there is no such file", name)}
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("%s: this file may not be read", name)
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, fmt.Errorf("%s: this is a directory; name a .space file in it", name)
	}
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrPermission) {
		return nil, fmt.Errorf("%s: this file may not be read", name)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return limited(name, f)
}

// missing is the error of a file that isn't there.
type missing struct{ error }

func (missing) Is(target error) bool { return target == fs.ErrNotExist }

// limited reads what a source may hold and a byte more: the parser says of that that it is too much.
func limited(name string, r io.Reader) (*lang.Source, error) {
	b, err := io.ReadAll(io.LimitReader(r, lang.MaxSource+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return lang.NewSource(name, string(b)), nil
}

// parseSource checks a text. The space is nil where the report holds an error.
func parseSource(src *lang.Source) (*ir.Space, *diag.Report) { return parseUsing(src, readUsed) }

// parseUsing checks a text that uses files which are had by their path.
func parseUsing(src *lang.Source, used func(path string) (string, error)) (*ir.Space, *diag.Report) {
	report := &diag.Report{}
	return ir.Load(src, ir.Env{Ops: stdlib.Library(), Module: stdlib.Source, File: used}, report), report
}

func readUsed(path string) (string, error) {
	src, err := readFile(path)
	if err != nil {
		return "", err
	}
	return src.Text, nil
}

// load reads and checks a file for commands that go on with the space: it has said what there is to say of the file.
func (a *app) load(name string) (*ir.Space, error) {
	src, err := a.read(name)
	if err != nil {
		return nil, err
	}
	return a.loadUsing(src, readUsed)
}

// loadUsing is that of a text that uses files which are had by their path.
func (a *app) loadUsing(src *lang.Source, used func(path string) (string, error)) (*ir.Space, error) {
	space, report := parseUsing(src, used)
	if n := strings.Count("\n"+src.Text, "\n// point "); space == nil && n > 1 {
		return nil, fmt.Errorf("%s: this holds %d points, as sample -n writes them; give a file that holds one", src.Name, n)
	}
	if err := a.render(report); err != nil {
		return nil, err
	}
	if space == nil {
		return nil, errReported
	}
	return space, nil
}

// render writes what a report holds, and how much that is.
func (a *app) render(report *diag.Report) error {
	paint := a.paint
	if !a.color {
		paint = nil
	}
	if err := report.RenderPainted(a.err, paint); err != nil {
		return err
	}
	text := report.Summary()
	if text == "" {
		return nil
	}
	if a.terminal {
		text += fmt.Sprintf("; 'spacec explain %s' says more", report.Diagnostics()[0].Code)
	}
	_, err := fmt.Fprintln(a.err, text)
	return err
}

// refused is the error of a backend over a file: as a diagnostic at the op where it is about one.
func (a *app) refused(name string, err error) error {
	var at *gorgonia.OpError
	if !errors.As(err, &at) || at.Span.Source == nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	var report diag.Report
	report.Errorf(diag.NoBackend, at.Span, "%v", at.Err)
	return errors.Join(a.render(&report), errReported)
}

// point reads a file that holds one point, and builds it.
func (a *app) point(name string) (*ir.Built, error) {
	space, err := a.load(name)
	if err != nil {
		return nil, err
	}
	return a.built(space)
}

// built is the one point of a space.
func (a *app) built(space *ir.Space) (*ir.Built, error) {
	p, err := space.Only()
	if open := (*ir.OpenError)(nil); errors.As(err, &open) {
		var report diag.Report
		open.Report(&report)
		return nil, errors.Join(a.render(&report), errReported)
	}
	if err != nil {
		return nil, err
	}
	b, err := p.Build()
	if err != nil {
		return nil, err
	}
	if b.Graph == nil {
		return nil, fmt.Errorf("%s: it has no net, so there is no network to build", space.File.Source.Name)
	}
	return b, nil
}
