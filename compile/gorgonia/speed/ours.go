package main

import (
	"embed"
	"fmt"
	"os"
	"time"

	"github.com/spacec-lang/spacec/compile/gorgonia"
	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
	"github.com/spacec-lang/spacec/train"
)

//go:embed models/*.space
var texts embed.FS

// batches are the examples of a step, by model.
var batches = map[string]int{"mlp": 128, "cnn": 64, "resnet": 32, "transformer": 16, "recurrent": 32, "digits": 32}

// names are the models that are compared.
func names() []string { return []string{"mlp", "cnn", "resnet", "transformer", "recurrent"} }

// model is a network with a batch, as this backend runs it.
type model struct {
	name      string
	batch     int
	graph     *op.Graph
	net       *gorgonia.Model
	inputs    [][]float32
	target    gorgonia.Target
	optimizer train.Optimizer
	taken     int // steps

	stock *stockModel
}

const rate = 1e-3

// load reads the text of a model and builds it for some cores, 0 being all.
func load(name string, cores int) (*model, error) {
	m := &model{name: name, batch: batches[name]}
	text, err := texts.ReadFile("models/" + name + ".space")
	if err != nil || m.batch == 0 {
		return nil, fmt.Errorf("there is no model %s; there are %v", name, names())
	}
	var report diag.Report
	space := ir.Load(lang.NewSource(name+".space", string(text)), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &report)
	if space == nil {
		return nil, fmt.Errorf("%s: %s", name, report.Diagnostics()[0].Message)
	}
	b, err := space.Example()
	if err != nil {
		return nil, err
	}
	s, err := train.ParseSettings(b.Config("train").Map())
	if err != nil {
		return nil, err
	}
	m.graph, m.optimizer = b.Graph, s.NewOptimizer()
	o := gorgonia.Options{Batch: m.batch, Seed: 1, Loss: gorgonia.CrossEntropy, Cores: cores}
	m.net, err = gorgonia.Build(m.graph, o)
	if err != nil {
		return nil, err
	}
	m.inputs, m.target = gorgonia.MadeUp(m.graph, o)
	return m, nil
}

// save writes the weights, and beside them the batch.
func (m *model) save(file string) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	defer f.Close()
	labels := make([]float32, len(m.target.Labels))
	for i, l := range m.target.Labels {
		labels[i] = float32(l)
	}
	shape := append([]int{m.batch}, m.graph.Inputs[0].Shape.Sizes()...)
	if err := m.net.Save(f, nil, &gorgonia.Param{Name: "input", Shape: shape, Value: m.inputs[0]},
		&gorgonia.Param{Name: "labels", Shape: []int{m.batch}, Value: labels}); err != nil {
		return err
	}
	return f.Close()
}

// ours is this backend.
type ours struct{}

func (ours) load(*model, string) error { return nil }

func (ours) steps(m *model, n int) (losses, seconds []float64, err error) {
	for range n {
		start := time.Now()
		loss, err := m.net.Step(m.inputs, m.target)
		if err != nil {
			return nil, nil, err
		}
		m.taken++
		m.optimizer.Step(m.net.Params(), rate, m.taken)
		seconds, losses = append(seconds, time.Since(start).Seconds()), append(losses, loss)
	}
	return losses, seconds, nil
}
