package canon_test

import (
	"fmt"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/ir/canon"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
)

// Two ways to write one network have one form.
func ExampleHash() {
	form := func(net string) canon.Form {
		text := "use std\ninput x: [c: 8, h: 8, w: 8]\nnet = " + net + "\n"
		space := ir.Load(lang.NewSource("a.space", text), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &diag.Report{})
		point, err := space.Only()
		if err != nil {
			panic(err)
		}
		built, err := point.Build()
		if err != nil {
			panic(err)
		}
		f, err := canon.Hash(built.Graph)
		if err != nil {
			panic(err)
		}
		return f
	}
	a := form("(relu + conv(8)) + skip")
	b := form("skip + (conv(8) + (skip >> relu))")
	c := form("skip + (conv(8) + (relu >> relu))")
	fmt.Println(a.Hash == b.Hash, a.Hash == c.Hash)
	// Output: true false
}
