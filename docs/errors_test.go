package docs_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/docs"
)

// TestCodes sees that the page of errors has each code that package diag declares, in order, in its table and in a
// section with an example that gives this code and no other. What the examples print is what the commands print: the
// package of the command runs them.
func TestCodes(t *testing.T) {
	codes, err := docs.Codes()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	table := ""
	for _, e := range codes {
		names = append(names, e.Name)
		title := strings.ToLower(e.Title[:1]) + e.Title[1:]
		table += fmt.Sprintf("| [%s](#%s) | %s |\n", e.Name, strings.ToLower(e.Name), title)
		if !strings.Contains(e.Text, "\n$ spacec ") {
			t.Errorf("%s has no example", e.Name)
		}
		severity := map[byte]string{'E': "\nerror[", 'W': "\nwarning["}[e.Name[0]]
		printed := strings.Count(e.Text, "\nerror[") + strings.Count(e.Text, "\nwarning[")
		if own := strings.Count(e.Text, severity+e.Name+"]"); own == 0 || own != printed {
			t.Errorf("the example of %s gives it %d times, and %d other errors or warnings", e.Name, own, printed-own)
		}
	}
	if diff := cmp.Diff(declaredCodes(t), names); diff != "" {
		t.Errorf("docs/errors.md has other sections than lang/diag has codes (-want +got):\n%s", diff)
	}
	if !strings.Contains(readPage(t, "errors.md"), "\n| --- | --- |\n"+table+"\n") {
		t.Errorf("the table of docs/errors.md should be\n%s", table)
	}
}

// declaredCodes are the codes of package diag, in order.
func declaredCodes(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "../lang/diag/codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		codes = append(codes, code)
		return false
	})
	return codes
}
