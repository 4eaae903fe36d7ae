package ir_test

import (
	"fmt"
	"log"
	"math/rand/v2"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
)

const small = `edition 1
space small
use std
input image: [c: 1, h: 8, w: 8]
net = conv(8 | 16) >> (relu | max_pool(16) | gelu) >> global_avg_pool >> dense(10)
config train { lr: 1e-4..1e-1 log }
`

// Load checks a file; what is wrong with it is in the report.
func ExampleLoad() {
	report := &diag.Report{}
	space := ir.Load(lang.NewSource("small.space", small), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, report)
	for _, d := range report.Diagnostics() {
		fmt.Println(d.Code, d.Message)
	}
	count, err := space.Count()
	fmt.Println(count, err)
	// Output:
	// W502 this alternative can never be chosen: nothing that takes it completes
	// 4 <nil>
}

// A walk meets one decision after the other. Every option on offer can be completed.
func ExampleWalk() {
	space := ir.Load(lang.NewSource("small.space", small), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &diag.Report{})
	random := rand.New(rand.NewPCG(1, 2))
	w := space.Walk()
	for d, ok := w.Next(); ok; d, ok = w.Next() {
		fmt.Print(d.Path(), ":")
		if d.Continuous() {
			lo, hi, _ := d.Range()
			fmt.Println(" from", lo, "to", hi)
			w.ChooseReal(d.PickReal(random.Float64()))
			continue
		}
		for i := range d.Len() {
			fmt.Printf(" %s (%.0f%%)", d.Label(i), 100*d.Prior(i))
		}
		fmt.Println()
		w.Choose(random.IntN(d.Len()))
	}
	point, err := w.Point()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(point.Choices()), "decisions")
	// Output:
	// filters: 8 (50%) 16 (50%)
	// net: relu (50%) gelu (50%)
	// train.lr: from 0.0001 to 0.1
	// 3 decisions
}

// Build gives the graph of ops that a point stands for.
func ExamplePoint_Build() {
	space := ir.Load(lang.NewSource("small.space", small), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &diag.Report{})
	w := space.Walk()
	w.Draw(7, 0) // seed 7, trial 0
	point, err := w.Point()
	if err != nil {
		log.Fatal(err)
	}
	built, err := point.Build()
	if err != nil {
		log.Fatal(err)
	}
	for _, n := range built.Graph.Nodes {
		fmt.Println(n.Args.Spec.Name, n.Shapes[0])
	}
	// Output:
	// conv [c: 16, h: 8, w: 8]
	// gelu [c: 16, h: 8, w: 8]
	// global_avg_pool [c: 16]
	// dense [10]
}
