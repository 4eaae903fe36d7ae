package docs_test

import (
	"math/rand/v2"
	"testing"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
)

// TestGoOfTheReadme runs what the README shows of Go, on the file that it names.
func TestGoOfTheReadme(t *testing.T) {
	text := readPage(t, "../examples/digits.space")
	report := &diag.Report{}
	space := ir.Load(lang.NewSource("digits.space", text), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, report)
	w := space.Walk()
	for d, ok := w.Next(); ok; d, ok = w.Next() { // every option on offer can be completed
		if d.Continuous() {
			w.ChooseReal(d.PickReal(rand.Float64()))
		} else {
			w.Choose(rand.IntN(d.Len()))
		}
	}
	point, err := w.Point()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := point.Build(); err != nil {
		t.Error(err)
	}
}
