package format_test

import (
	"os"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/lang/format"
	"github.com/spacec-lang/spacec/parser"
)

func ExampleSource() {
	file := parser.ParseFile(lang.NewSource("a.space", "net=conv( 8|16 )>>relu // wide\nconfig train{lr:1e-4..1e-1 log\nbatch:32|64}"), &diag.Report{})
	os.Stdout.Write(format.Source(file))
	// Output:
	// net = conv(8 | 16) >> relu // wide
	// config train {
	//   lr:    1e-4..1e-1 log
	//   batch: 32 | 64
	// }
}
