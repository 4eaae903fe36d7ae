package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spacec-lang/spacec/compile/gorgonia/source"
)

// goFiles says where files of Go go.
type goFiles struct {
	dir, pkg string
	force    bool
}

// goFile is a file to be written.
type goFile struct {
	path string
	text []byte
}

// writeGo writes each point to a file of Go: all of them, or none where one can't be.
func (a *app) writeGo(to goFiles, points []string) error {
	if err := to.check(); err != nil {
		return err
	}
	var files []goFile
	from := map[string]string{} // the point of each function
	for _, point := range points {
		space, err := a.load(point)
		if err != nil {
			return err
		}
		b, err := a.built(space)
		if err != nil {
			return err
		}
		base := strings.TrimSuffix(filepath.Base(point), filepath.Ext(point))
		if point == "-" {
			base = space.Name
		}
		f := source.File{Package: to.pkg, Func: source.Name(base), Text: space.File.Source.Text}
		if other, twice := from[f.Func]; twice {
			return fmt.Errorf("%s and %s would both be the function %s: rename one", other, point, f.Func)
		}
		from[f.Func] = point
		text, err := source.Write(b.Graph, f)
		if err != nil {
			return a.refused(point, err)
		}
		files = append(files, goFile{filepath.Join(to.dir, fileName(base)), text})
	}
	return a.undisturbed(func() error { return a.writeFiles(to, files) })
}

// fileName is base.go, and no name that Go treats in a way of its own.
func fileName(base string) string {
	base = strings.TrimLeft(base, "._")
	if i := strings.LastIndexByte(base, '_'); i >= 0 || base == "" { // _test, _linux, _amd64
		base += "_net"
	}
	return base + ".go"
}

// check completes the package's name.
func (to *goFiles) check() error {
	if strings.HasSuffix(to.dir, ".go") {
		return usagef("-o takes the folder that the Go files go to, not '%s'", to.dir)
	}
	if info, err := os.Stat(to.dir); err == nil && !info.IsDir() {
		return fmt.Errorf("%s is a file; -o takes the folder that the Go files go to", to.dir)
	}
	if to.pkg != "" {
		if !token.IsIdentifier(to.pkg) || to.pkg == "_" {
			return usagef("--package takes a name as Go has them, not '%s'", to.pkg)
		}
		return nil
	}
	there, err := filepath.Glob(filepath.Join(to.dir, "*.go"))
	if err != nil {
		return err
	}
	for _, name := range there {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.PackageClauseOnly)
		if err == nil && !strings.HasSuffix(name, "_test.go") {
			to.pkg = f.Name.Name
			return nil
		}
	}
	path, err := filepath.Abs(to.dir)
	to.pkg = source.Package(filepath.Base(path))
	return err
}

// writeFiles writes files that aren't there, or are there and may be replaced, and says which they are.
func (a *app) writeFiles(to goFiles, files []goFile) error {
	for _, f := range files {
		there, err := os.ReadFile(f.path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return err
		case !to.force && !bytes.Equal(there, f.text):
			return fmt.Errorf("%s is there and differs: --force replaces it", f.path)
		}
	}
	if err := os.MkdirAll(to.dir, 0o777); err != nil {
		return err
	}
	for _, f := range files {
		if err := writeWhole(f.path, f.text); err != nil {
			return err
		}
		fmt.Fprintln(a.out, f.path)
	}
	return nil
}
