package op_test

import (
	"fmt"
	"log"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
)

// glu is an op of a program's own: everything else is read from its Apply.
var glu = &op.Spec{
	Name: "glu", Family: "activation", Arity: 1,
	Doc: `A gated linear unit: one half of the last axis times the sigmoid of the other (Dauphin et al. 2017, arXiv 1612.08083).
Shape: [.., 2 x] -> [.., x].`,
	Example: "glu : [s: 16, d: 64]",
	Apply: func(b op.Builder, _ op.Args, in []op.Tensor) []op.Tensor {
		shape := in[0].Shape()
		last := len(shape) - 1
		if last < 0 || shape[last].Size%2 != 0 {
			b.Fail("glu halves the last axis; %s arrives", shape)
		}
		half := shape[last].Size / 2
		gate := b.Sigmoid(b.Slice(in[0], last, half, 2*half))
		return []op.Tensor{b.Mul(b.Slice(in[0], last, 0, half), gate)}
	},
}

// A library is a list of ops: the standard ones and one's own.
func ExampleNewLibrary() {
	library := op.NewLibrary(append(stdlib.Library().Specs(), glu)...)
	const text = "use std\ninput x: [s: 4, d: 8]\nnet = linear(15 | 32) >> glu\n"
	report := &diag.Report{}
	space := ir.Load(lang.NewSource("a.space", text), ir.Env{Ops: library, Module: stdlib.Source}, report)
	for _, d := range report.Diagnostics() {
		fmt.Println(d.Message, "-", d.Others[0].Text)
	}
	point, err := space.Only()
	if err != nil {
		log.Fatal(err)
	}
	built, err := point.Build()
	if err != nil {
		log.Fatal(err)
	}
	cost, err := built.Graph.Costs()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(built.Graph.OutPort[0].Shape, cost.Params, cost.MACs)
	// Output:
	// this alternative can never be chosen: nothing that takes it completes - glu halves the last axis; [s: 4, d: 15] arrives
	// [s: 4, d: 16] 288 1024
}
