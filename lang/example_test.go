package lang_test

import (
	"fmt"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/parser"
)

// Walk visits a tree: here, for the names that a file uses.
func ExampleWalk() {
	file := parser.ParseFile(lang.NewSource("a.space", "net = conv(width) >> relu\nlet width = 8 | 16\n"), &diag.Report{})
	for _, d := range file.Decls {
		lang.Walk(d, func(n lang.Node) bool {
			if call, ok := n.(*lang.Call); ok {
				fmt.Println(call.Fun.Name)
			}
			return true
		})
	}
	// Output:
	// conv
}
