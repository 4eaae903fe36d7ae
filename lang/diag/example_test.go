package diag_test

import (
	"log"
	"os"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// A report is rendered with the lines that it is about.
func ExampleReport() {
	src := lang.NewSource("a.space", "net = conv(8) >> rellu\n")
	report := &diag.Report{}
	d := report.Errorf(diag.UnknownName, lang.Span{Source: src, Start: 17, End: 22}, "unknown name 'rellu'")
	d.Label = "did you mean 'relu'?"
	if err := report.Render(os.Stdout, false); err != nil {
		log.Fatal(err)
	}
	// Output:
	// error[E201]: unknown name 'rellu'
	//   --> a.space:1:18
	//    |
	//  1 | net = conv(8) >> rellu
	//    |                  ^^^^^ did you mean 'relu'?
}

// Nearest is what somebody who writes a name may have meant.
func ExampleNearest() {
	os.Stdout.WriteString(diag.Nearest("max_pol", []string{"relu", "max_pool", "avg_pool"}) + "\n")
	// Output: max_pool
}
