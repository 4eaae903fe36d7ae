package gorgonia

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/spacec-lang/spacec/compile/gorgonia/internal/loops"
	"github.com/spacec-lang/spacec/compile/gorgonia/internal/reference"
	"github.com/spacec-lang/spacec/ir/op"
)

// graphOf reads a graph, a line a statement: "x: [c: 3, h: 8]" declares an input, "a, b = split(2) x" is
// an op on wires; "share" at the end of a line shares the weights of all such lines; the last line's
// wires are the outputs.
func graphOf(t testing.TB, text string) *op.Graph {
	t.Helper()
	g := &op.Graph{}
	wires, shapes := map[string]op.Wire{}, map[op.Wire]op.Shape{}
	made := func(name string, s op.Shape) op.Wire {
		w := op.Wire(g.Wires)
		g.Wires++
		wires[name], shapes[w] = w, s
		return w
	}
	count := map[string]int{}
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		line = strings.TrimSpace(line)
		if name, shape, ok := strings.Cut(line, ": ["); ok && !strings.Contains(line, "=") {
			s := shapeOf(t, shape)
			made(name, s)
			g.Inputs = append(g.Inputs, op.Port{Name: name, Shape: s})
			continue
		}
		left, right, _ := strings.Cut(line, " = ")
		n := op.Node{}
		if r, ok := strings.CutSuffix(right, " share"); ok {
			right, n.Share = r, 1
		}
		call, args := right, ""
		if end := strings.LastIndex(right, ")"); end >= 0 {
			call, args = right[:end+1], right[end+1:]
		} else {
			call, args, _ = strings.Cut(right, " ")
		}
		n.Args = argsOf(t, call)
		count[n.Args.Spec.Name]++
		n.Path = fmt.Sprint(n.Args.Spec.Name, count[n.Args.Spec.Name])
		var in []op.Shape
		for _, a := range strings.Fields(args) {
			w, ok := wires[a]
			if !ok {
				t.Fatalf("%s: no wire %s", line, a)
			}
			n.In = append(n.In, w)
			in = append(in, shapes[w])
		}
		r, err := op.Infer(n.Args, in)
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		g.Outputs, g.OutPort = nil, nil
		for i, name := range strings.Split(left, ", ") {
			w := made(name, r.Out[i])
			n.Out, n.Shapes = append(n.Out, w), append(n.Shapes, r.Out[i])
			g.Outputs, g.OutPort = append(g.Outputs, w), append(g.OutPort, op.Port{Name: name, Shape: r.Out[i]})
		}
		g.Nodes = append(g.Nodes, n)
	}
	return g
}

func shapeOf(t testing.TB, text string) op.Shape {
	var s op.Shape
	for _, item := range strings.Split(strings.Trim(text, "[] "), ", ") {
		name, size, ok := strings.Cut(item, ": ")
		if !ok {
			name, size = "", name
		}
		n, err := strconv.Atoi(size)
		if err != nil {
			t.Fatal(err)
		}
		s = append(s, op.Axis{Name: name, Size: n})
	}
	return s
}

func argsOf(t testing.TB, call string) op.Args {
	t.Helper()
	name, list, _ := strings.Cut(strings.TrimSuffix(call, ")"), "(")
	var positional []any
	named := map[string]any{}
	for _, item := range strings.Split(list, ", ") {
		key, value, isNamed := strings.Cut(item, ": ")
		if !isNamed {
			value = key
		}
		var v any
		if n, err := strconv.Atoi(value); err == nil {
			v = n
		} else if x, err := strconv.ParseFloat(value, 64); err == nil {
			v = x
		} else if value == "" {
			continue
		} else {
			v = value == "true"
		}
		if isNamed {
			named[key] = v
		} else {
			positional = append(positional, v)
		}
	}
	a, err := op.Bind(specOf(name), positional, named)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// trial is a graph with a batch: weights, inputs and target drawn from a seed.
type trial struct {
	g       *op.Graph
	o       Options
	inputs  [][]float64
	target  Target
	weights map[string][]float64
}

func newTrial(t testing.TB, g *op.Graph, batch int, loss Loss, seed uint64) *trial {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	c := &trial{g: g, o: Options{Batch: batch, Seed: seed, Float64: true, Loss: loss}, weights: map[string][]float64{}}
	vocabulary := 0
	for _, n := range g.Nodes {
		if n.Args.Spec.Name == "embed" {
			vocabulary = n.Args.Int("vocabulary")
		}
	}
	for _, p := range g.Inputs {
		x := make([]float64, batch*int(p.Shape.Elements()))
		for i := range x {
			x[i] = float64(float32(r.NormFloat64()))
			if vocabulary > 0 {
				x[i] = float64(r.IntN(vocabulary))
			}
		}
		c.inputs = append(c.inputs, x)
	}
	if s := g.OutPort[0].Shape; loss == CrossEntropy {
		classes := s[len(s)-1].Size
		for i := range batch * int(s.Elements()) / classes {
			label := r.IntN(classes)
			if len(s) > 1 && i%3 == 1 { // a third of the places has none
				label = NoLabel
			}
			c.target.Labels = append(c.target.Labels, label)
		}
	} else {
		for range batch * int(s.Elements()) {
			c.target.Values = append(c.target.Values, float32(r.NormFloat64()))
		}
	}
	m := c.build(t, true)
	for _, p := range append(m.Params(), m.State()...) {
		for i := range p.Value64 {
			p.Value64[i] = float64(float32(p.Value64[i] + 0.3*r.NormFloat64()))
			if strings.HasSuffix(p.Name, ".variance") {
				p.Value64[i] = 0.5 + r.Float64()
			}
		}
		c.weights[p.Name] = append([]float64(nil), p.Value64...)
	}
	return c
}

// build makes the model with the trial's weights, once they are drawn.
func (c *trial) build(t testing.TB, float64s bool) *Model {
	t.Helper()
	c.o.Float64 = float64s
	m, err := Build(c.g, c.o)
	if err != nil {
		t.Fatal(err)
	}
	c.restore(m)
	return m
}

func (c *trial) restore(m *Model) {
	for _, p := range append(m.Params(), m.State()...) {
		copy(p.Value64, c.weights[p.Name])
		for i, v := range c.weights[p.Name] {
			if p.Value != nil {
				p.Value[i] = float32(v)
			}
		}
	}
}

func (c *trial) step(t testing.TB, m *Model) float64 {
	t.Helper()
	loss, err := m.Step(singles(c.inputs), c.target)
	if err != nil {
		t.Fatal(err)
	}
	return loss
}

func singles(lists [][]float64) [][]float32 {
	var out [][]float32
	for _, l := range lists {
		s := make([]float32, len(l))
		convert(s, l)
		out = append(out, s)
	}
	return out
}

// reference evaluates the trial plainly: the outputs, the loss, and the states after it.
func (c *trial) reference(t testing.TB, training bool) ([][]float64, float64, map[string][]float64) {
	t.Helper()
	r := &reference.Run{Batch: c.o.Batch, Training: training, Weights: c.weights, Mask: c.mask}
	out, err := r.Eval(c.g, c.inputs)
	if err != nil {
		t.Fatal(err)
	}
	switch c.o.Loss {
	case CrossEntropy:
		return out, reference.CrossEntropy(out[0], c.target.Labels), r.States
	case MeanSquared:
		values := make([]float64, len(c.target.Values))
		convert(values, c.target.Values)
		return out, reference.MeanSquared(out[0], values), r.States
	}
	return out, 0, r.States
}

// mask is the mask of the first step.
func (c *trial) mask(path string, nth, i int) float64 {
	for _, n := range c.g.Nodes {
		if n.Path == path {
			rate := n.Args.Real("rate")
			k := newDropout[float64](&running{seed: c.o.Seed, training: true}, i+1, rate, path, nth)
			x := make([]float64, i+1)
			for j := range x {
				x[j] = 1
			}
			k.forwardPart([][]float64{x}, make([]float64, i+1), 0, i+1)
			return k.mask[i]
		}
	}
	panic(path)
}

func near(a, b, tolerance float64) bool {
	return math.Abs(a-b) <= tolerance*(1+math.Abs(a)+math.Abs(b))
}

func compare(t testing.TB, what string, got, want []float64, tolerance float64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d numbers, not %d", what, len(got), len(want))
		return
	}
	for i := range got {
		if !near(got[i], want[i], tolerance) {
			t.Errorf("%s: number %d is %v, not %v", what, i, got[i], want[i])
			return
		}
	}
}

func doubles(x []float32) []float64 {
	d := make([]float64, len(x))
	convert(d, x)
	return d
}

// check compares a graph in both precisions and modes with the reference: loss, outputs, running
// statistics, and gradients with its finite differences, of some elements of each weight. The seed says with which of the
// loops that the processor can run float32 is computed.
func check(t *testing.T, g *op.Graph, batch int, loss Loss, seed uint64) {
	t.Helper()
	c := newTrial(t, g, batch, loss, seed)
	c.o.loops = int(seed % uint64(len(loops.All[float32]())))
	m, single := c.build(t, true), c.build(t, false)
	outputs, want, states := c.reference(t, true)
	if got := c.step(t, m); !near(got, want, 1e-9) {
		t.Errorf("the loss is %v, not %v", got, want)
	}
	for i, out := range m.engine.(*execution[float64]).outputs {
		compare(t, "output in training", out, outputs[i], 1e-9)
	}
	if got := c.step(t, single); !near(got, want, 1e-4) {
		t.Errorf("the loss in float32 is %v, not %v", got, want)
	}
	alive := live(g)
	for i, p := range m.State() {
		if !alive[strings.TrimRight(p.Name, "abcdefghijklmnopqrstuvwxyz")] {
			continue // what nothing needs isn't run
		}
		compare(t, p.Name, p.Value64, states[p.Name], 1e-9)
		compare(t, p.Name+" in float32", doubles(single.State()[i].Value), states[p.Name], 1e-4)
	}
	r := rand.New(rand.NewPCG(seed, 2))
	for i, p := range m.Params() {
		w := c.weights[p.Name]
		for range min(6, len(w)) {
			at := r.IntN(len(w))
			const h = 1e-5
			old := w[at]
			w[at] = old + h
			_, up, _ := c.reference(t, true)
			w[at] = old - h
			_, down, _ := c.reference(t, true)
			w[at] = old
			if slope := (up - down) / (2 * h); !near(p.Grad64[at], slope, 1e-6) {
				t.Errorf("the gradient of %s[%d] is %v, not %v", p.Name, at, p.Grad64[at], slope)
			}
			if got := float64(single.Params()[i].Grad[at]); !near(got, p.Grad64[at], 2e-3) {
				t.Errorf("the gradient of %s[%d] in float32 is %v, not %v", p.Name, at, got, p.Grad64[at])
			}
		}
	}
	c.restore(m)
	outputs, _, _ = c.reference(t, false)
	c.restore(single)
	for name, m := range map[string]*Model{"": m, " in float32": single} {
		got, err := m.Predict(singles(c.inputs))
		if err != nil {
			t.Fatal(err)
		}
		for i := range got {
			compare(t, "prediction"+name, doubles(got[i]), outputs[i], map[string]float64{"": 1e-5, " in float32": 1e-4}[name])
		}
	}
}

// live is the paths, each with a ".", of the nodes that an output depends on.
func live(g *op.Graph) map[string]bool {
	needed, paths := map[op.Wire]bool{}, map[string]bool{}
	for _, w := range g.Outputs {
		needed[w] = true
	}
	for i := len(g.Nodes) - 1; i >= 0; i-- {
		n := g.Nodes[i]
		for _, w := range n.Out {
			if needed[w] {
				paths[n.Path+"."] = true
				for _, x := range n.In {
					needed[x] = true
				}
			}
		}
	}
	return paths
}
