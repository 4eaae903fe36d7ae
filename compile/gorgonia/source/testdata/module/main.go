// The module of a user's own: it builds every network from the written source and from the point's file, and compares
// all that they compute, bit for bit.
package main

import (
	"fmt"
	"math"
	"os"
	"sort"

	"example.com/user/nets"
	"github.com/spacec-lang/spacec/compile/gorgonia"
	"github.com/spacec-lang/spacec/compile/gorgonia/nn"
	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
)

func main() {
	var files []string
	for file := range nets.All {
		files = append(files, file)
	}
	sort.Strings(files)
	compared := 0
	for _, file := range files {
		for _, double := range []bool{false, true} {
			n, err := compare(file, nets.All[file], double)
			if err != nil {
				fmt.Printf("%s, float64 %v: %v\n", file, double, err)
				os.Exit(1)
			}
			compared += n
		}
	}
	fmt.Printf("%d networks and %d numbers are the same\n", len(files), compared)
}

const batch = 3

func compare(file string, net func() *nn.Graph, double bool) (int, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	var report diag.Report
	space := ir.Load(lang.NewSource(file, string(text)), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &report)
	if space == nil {
		return 0, fmt.Errorf("it doesn't check")
	}
	p, err := space.Only()
	if err != nil {
		return 0, err
	}
	b, err := p.Build()
	if err != nil {
		return 0, err
	}
	g := b.Graph
	o := nn.Options{Batch: batch, Seed: 7, Float64: double, Loss: nn.MeanSquared}
	want, err := gorgonia.Build(g, o)
	if err != nil {
		return 0, err
	}
	got, err := net().Build(o)
	if err != nil {
		return 0, err
	}
	a, err := trace(want, g)
	if err != nil {
		return 0, err
	}
	c, err := trace(got, g)
	if err != nil {
		return 0, err
	}
	if len(a) != len(c) {
		return 0, fmt.Errorf("there are %d numbers, not %d", len(c), len(a))
	}
	for i := range a {
		if a[i] != c[i] {
			return 0, fmt.Errorf("number %d of %d has the bits %x, not %x", i, len(a), c[i], a[i])
		}
	}
	return len(a), nil
}

// trace is the bits of all that a model has and computes: names, weights, a prediction, three steps of gradient descent
// with their losses and gradients, and a prediction after them.
func trace(m *nn.Model, g *op.Graph) (bits []uint64, err error) {
	note := func(x float64) { bits = append(bits, math.Float64bits(x)) }
	notes := func(single []float32, double []float64) {
		for _, v := range single {
			note(float64(v))
		}
		for _, v := range double {
			note(v)
		}
	}
	inputs := make([][]float32, len(g.Inputs))
	for i, p := range g.Inputs {
		inputs[i] = make([]float32, batch*p.Shape.Elements())
		for j := range inputs[i] {
			inputs[i][j] = float32((j*7 + i) % 5) // whole, for embeddings
		}
	}
	target := nn.Target{Values: make([]float32, batch*g.OutPort[0].Shape.Elements())}
	for i := range target.Values {
		target.Values[i] = float32(i%3) - 1
	}
	predict := func() error {
		out, err := m.Predict(inputs)
		for _, x := range out {
			notes(x, nil)
		}
		return err
	}
	params := append(append([]*nn.Param(nil), m.Params()...), m.State()...)
	for _, p := range params {
		for _, r := range p.Name {
			note(float64(r))
		}
		notes(p.Value, p.Value64)
	}
	if err := predict(); err != nil {
		return nil, err
	}
	for range 3 {
		loss, err := m.Step(inputs, target)
		if err != nil {
			return nil, err
		}
		note(loss)
		for _, p := range params {
			notes(p.Grad, p.Grad64)
			for i, g := range p.Grad {
				p.Value[i] -= 0.01 * g
			}
			for i, g := range p.Grad64 {
				p.Value64[i] -= 0.01 * g
			}
			notes(p.Value, p.Value64)
		}
	}
	return bits, predict()
}
