package dot_test

import (
	"log"
	"os"

	"github.com/spacec-lang/spacec/compile/dot"
	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
)

func ExampleWrite() {
	const text = "use std\ninput x: [4]\nnet = relu + skip\n"
	space := ir.Load(lang.NewSource("a.space", text), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &diag.Report{})
	point, err := space.Only()
	if err != nil {
		log.Fatal(err)
	}
	built, err := point.Build()
	if err != nil {
		log.Fatal(err)
	}
	if err := dot.Write(os.Stdout, built.Graph); err != nil {
		log.Fatal(err)
	}
	// Output:
	// digraph architecture {
	//   node [shape=box, fontname="Helvetica"];
	//   edge [fontname="Helvetica", fontsize=10];
	//   in0 [shape=ellipse, label="x"];
	//   op0 [label="relu", tooltip="relu"];
	//   in0 -> op0 [label="[4]"];
	//   op1 [label="add", tooltip="add"];
	//   op0 -> op1 [label="[4]"];
	//   in0 -> op1 [label="[4]"];
	//   out0 [shape=ellipse, label="output"];
	//   op1 -> out0 [label="[4]"];
	// }
}
