package docs_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/spacec-lang/spacec/"

// may are the packages of this module that a package may import, as architecture.md draws it; a package may
// import those below itself, too.
var may = map[string][]string{
	"lang":     nil,
	"parser":   {"lang"},
	"ir":       {"lang", "parser"},
	"stdlib":   {"ir/op"},
	"samplers": {"lang", "ir"},
	"compile":  {"lang", "ir"},
	// The ops in Go are those of the standard library.
	"compile/gorgonia/nn": {"ir", "compile", "stdlib"},
	"train":               {"lang", "ir", "compile"},
	"study":               {"lang", "ir", "samplers"},
	"bench":               {"ir", "samplers", "study"},
	"evaluators":          {"lang", "ir", "stdlib", "samplers", "study", "compile", "train"},
}

// TestTheArchitectureDrawsTheImports: each line of its picture is of imports that may be, and each folder stands in one.
func TestTheArchitectureDrawsTheImports(t *testing.T) {
	drawn := map[string]bool{}
	for line := range strings.Lines(readPage(t, "architecture.md")) {
		folders := strings.Split(line, "<-")
		for i, f := range folders[1:] {
			left, folder := strings.TrimSpace(folders[i]), strings.TrimSpace(f)
			drawn[left], drawn[folder] = true, true
			if folder != "cmd/spacec" && !slices.ContainsFunc(may[folder], func(m string) bool { return m == left || strings.HasPrefix(m, left+"/") }) {
				t.Errorf("%s may not import %s, and the picture says so", folder, left)
			}
		}
	}
	for folder := range may {
		if top, _, _ := strings.Cut(folder, "/"); !drawn[top] {
			t.Errorf("the picture doesn't show %s", top)
		}
	}
}

// TestImportsPointLeft holds the code, tests aside, to the order of the folders, and the two great libraries to one package each.
func TestImportsPointLeft(t *testing.T) {
	within := func(pkg string, folders ...string) bool {
		return slices.ContainsFunc(folders, func(f string) bool { return pkg == f || strings.HasPrefix(pkg, f+"/") })
	}
	seen := 0
	err := filepath.WalkDir("..", func(file string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		pkg := path.Dir(strings.TrimPrefix(filepath.ToSlash(file), "../"))
		top, _, _ := strings.Cut(pkg, "/")
		allowed, bound := may[pkg]
		if !bound {
			allowed, bound = may[top]
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil || f.Name.Name == "main" {
			return err
		}
		for _, i := range f.Imports {
			imported := strings.Trim(i.Path.Value, `"`)
			ours, isOurs := strings.CutPrefix(imported, module)
			switch {
			case isOurs && bound && !within(ours, append(allowed, top)...):
				t.Errorf("%s imports %s", file, ours)
			case strings.HasPrefix(imported, "github.com/alecthomas/participle") && !within(pkg, "parser"),
				strings.HasPrefix(imported, "gorgonia.org/") && !within(pkg, "compile/gorgonia"):
				t.Errorf("%s imports %s", file, imported)
			}
			seen++
		}
		return nil
	})
	if err != nil || seen == 0 {
		t.Fatalf("%d imports seen: %v", seen, err)
	}
}
