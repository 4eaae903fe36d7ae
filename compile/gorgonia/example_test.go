package gorgonia_test

import (
	"fmt"
	"log"

	"github.com/spacec-lang/spacec/compile/gorgonia"
	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
)

// A point's graph becomes a model, whose weights an optimiser moves between steps: here by plain gradient descent.
func ExampleBuild() {
	const text = "use std\ninput x: [2]\nnet = dense(8) >> tanh >> dense(2)\n"
	space := ir.Load(lang.NewSource("xor.space", text), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &diag.Report{})
	point, err := space.Only()
	if err != nil {
		log.Fatal(err)
	}
	built, err := point.Build()
	if err != nil {
		log.Fatal(err)
	}
	m, err := gorgonia.Build(built.Graph, gorgonia.Options{Batch: 4, Seed: 1})
	if err != nil {
		log.Fatal(err)
	}
	defer m.Close()
	inputs := [][]float32{{0, 0, 0, 1, 1, 0, 1, 1}} // four examples of two numbers
	xor := gorgonia.Target{Labels: []int{0, 1, 1, 0}}
	for range 500 {
		if _, err := m.Step(inputs, xor); err != nil {
			log.Fatal(err)
		}
		for _, p := range m.Params() {
			for i, g := range p.Grad {
				p.Value[i] -= 0.5 * g
			}
		}
	}
	out, err := m.Predict(inputs)
	if err != nil {
		log.Fatal(err)
	}
	for i := range 4 {
		scores := out[0][2*i : 2*i+2]
		fmt.Println(inputs[0][2*i:2*i+2], scores[1] > scores[0])
	}
	// Output:
	// [0 0] false
	// [0 1] true
	// [1 0] true
	// [1 1] false
}
