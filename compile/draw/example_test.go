package draw_test

import (
	"fmt"
	"log"

	"github.com/spacec-lang/spacec/compile/draw"
	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
)

func ExampleNetworkText() {
	const source = "use std\ninput x: [4]\nnet = relu + skip\n"
	space := ir.Load(lang.NewSource("a.space", source), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &diag.Report{})
	point, err := space.Only()
	if err != nil {
		log.Fatal(err)
	}
	built, err := point.Build()
	if err != nil {
		log.Fatal(err)
	}
	text, err := draw.NetworkText(built.Graph, "a", draw.Terminal{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(text)
	// Output:
	// a: 2 layers, 0 parameters, 0 MACs
	//
	//      op      output  params  MACs
	// ○─╮  x       [4]
	// ● │  relu    [4]
	// ●─╯  add     [4]
	// ○    output
}
