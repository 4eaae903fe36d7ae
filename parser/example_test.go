package parser_test

import (
	"fmt"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/parser"
)

// An error in one declaration hides none in another, and there is always a tree.
func ExampleParseFile() {
	report := &diag.Report{}
	file := parser.ParseFile(lang.NewSource("a.space", "rule a = 8 || 16\nrule b = (1 | 2\nrule c = 3 | 4\n"), report)
	for _, d := range report.Diagnostics() {
		line, column := d.At.Source.Position(d.At.Start)
		fmt.Printf("%d:%d %s\n", line, column, d.Message)
	}
	fmt.Println(len(file.Decls), "declarations")
	// Output:
	// 1:12 an alternative is missing between these
	// 2:10 this '(' is never closed
	// 1 declarations
}
