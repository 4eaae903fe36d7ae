package gorgonia

import (
	"errors"
	"strings"
	"testing"

	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang"
	"pgregory.net/rapid"
)

// What is wrong with a graph is an error of the node, with its path and where it is written.
func TestMalformedGraphsAreErrorsOfTheirNode(t *testing.T) {
	fresh := func() *op.Graph {
		g := graphOf(t, "x: [s: 4, d: 6]\na = linear(6) x\nb = softmax(2) a\nc, d = split(2, axis: 2) b\ny = add c d")
		source := lang.NewSource("a.space", "linear softmax split add")
		for i, start := range []int{0, 7, 15, 21} {
			g.Nodes[i].Span = lang.Span{Source: source, Start: start, End: start + 3}
		}
		return g
	}
	if _, err := Build(fresh(), Options{Batch: 2}); err != nil {
		t.Fatal(err)
	}
	for says, spoil := range map[string]func(g *op.Graph){
		"a.space:1:1: linear1: wire 3 is used before it is made": func(g *op.Graph) { g.Nodes[0].In[0] = 3 },
		"a.space:1:1: linear1: wire -1 is used":                  func(g *op.Graph) { g.Nodes[0].In[0] = -1 },
		"a.space:1:8: softmax1: wire 99 is used":                 func(g *op.Graph) { g.Nodes[1].In[0] = 99 },
		"a.space:1:8: softmax1: wire 1 is made twice":            func(g *op.Graph) { g.Nodes[1].Out[0] = 1 },
		"a.space:1:8: softmax1: two ops are at this path": func(g *op.Graph) {
			g.Nodes[0].Path = "softmax1"
		},
		"a.space:1:8: softmax1: softmax has axis: 3":            func(g *op.Graph) { g.Nodes[1].Args = argsOf(t, "softmax(3)") },
		"a.space:1:8: softmax1: an op without a definition":     func(g *op.Graph) { g.Nodes[1].Args = op.Args{} },
		"a.space:1:8: softmax1: softmax has axis: -1":           func(g *op.Graph) { g.Nodes[1].Args.Values = []any{-1} },
		"a.space:1:16: split1: split into 4 needs axis 2":       func(g *op.Graph) { g.Nodes[2].Args = argsOf(t, "split(4, axis: 2)") },
		"a.space:1:16: split1: split makes 3 tensors":           func(g *op.Graph) { g.Nodes[2].Args = argsOf(t, "split(3, axis: 2)") },
		"a.space:1:22: add1: add takes a tuple of two":          func(g *op.Graph) { g.Nodes[3].In = g.Nodes[3].In[:1] },
		"a.space:1:22: add1: add takes tensors of equal sizes":  func(g *op.Graph) { g.Nodes[3].In[1] = 0 },
		"a.space:1:22: add1: matmul takes [.., p, q]":           func(g *op.Graph) { g.Nodes[3].Args = argsOf(t, "matmul") },
		"a.space:1:22: add1: add makes [s: 4, d: 3]; the graph": func(g *op.Graph) { g.Nodes[3].Shapes[0] = op.Shape{{Size: 2}} },
		"a.space:1:8: softmax1: softmax can't share the weights of linear1, which is another op": func(g *op.Graph) {
			g.Nodes[0].Share, g.Nodes[1].Share = 1, 1
		},
		"input x can't be [0]":                  func(g *op.Graph) { g.Inputs[0].Shape = op.Shape{{Size: 0}} },
		"output y is a wire that nothing makes": func(g *op.Graph) { g.Outputs[0] = 99 },
		"a graph has a wire for each input":     func(g *op.Graph) { g.Wires = -3 },
		"declared port for each output":         func(g *op.Graph) { g.OutPort = nil },
		"trained on 1 output; the graph has 0":  func(g *op.Graph) { g.Outputs, g.OutPort = nil, nil },
	} {
		g := fresh()
		spoil(g)
		_, err := Build(g, Options{Batch: 2})
		if err == nil || !strings.HasPrefix(err.Error(), says) && !strings.Contains(err.Error(), says) {
			t.Errorf("%v, not %s", err, says)
		}
		var at *OpError
		if strings.HasPrefix(says, "a.space") && (!errors.As(err, &at) || at.Span.Source == nil) {
			t.Errorf("%v isn't of a node", err)
		}
	}
	two := graphOf(t, "x: [3]\nz: [3]\ny = add x z")
	two.Inputs[1].Name = "x"
	if _, err := Build(two, Options{Batch: 1}); err == nil || !strings.Contains(err.Error(), "the graph has two of the name x") {
		t.Error(err)
	}
}

// A network of nothing gives what arrives, and has nothing to learn.
func TestEmptyGraph(t *testing.T) {
	g := graphOf(t, "x: [3]\ny = relu x")
	g.Nodes, g.Wires, g.Outputs = nil, 1, []op.Wire{0}
	m, err := Build(g, Options{Batch: 2, Loss: MeanSquared})
	if err != nil {
		t.Fatal(err)
	}
	x := []float32{1, 2, 3, 4, 5, 6}
	if loss, err := m.Step([][]float32{x}, Target{Values: make([]float32, 6)}); err != nil || loss < 15 || loss > 15.2 {
		t.Errorf("the loss is %v, %v", loss, err)
	}
	out, err := m.Predict([][]float32{x})
	if err != nil || out[0][5] != 6 {
		t.Errorf("%v, %v", out, err)
	}
}

// Whatever is changed about a graph, building and running it gives an error or numbers.
func TestNoGraphPanics(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := func(name string, least, most int) int { return rapid.IntRange(least, most).Draw(r, name) }
		g := randomNet(t, uint64(n("net", 0, 30)))
		for range n("changes", 1, 3) {
			node := &g.Nodes[n("node", 0, len(g.Nodes)-1)]
			switch n("what", 0, 11) {
			case 0:
				if len(node.In) > 0 { // a change before may have left none
					node.In[n("which", 0, len(node.In)-1)] = op.Wire(n("wire", -2, g.Wires+2))
				}
			case 1:
				node.Out[n("which", 0, len(node.Out)-1)] = op.Wire(n("wire", -2, g.Wires+2))
			case 2:
				node.In = node.In[:n("kept", 0, len(node.In))]
			case 3:
				node.Shapes[0] = op.Shape{{Size: n("size", -1, 5)}}
			case 4:
				node.Args.Spec = g.Nodes[n("other", 0, len(g.Nodes)-1)].Args.Spec
			case 5:
				if len(node.Args.Values) > 0 {
					values := append([]any(nil), node.Args.Values...)
					values[0] = []any{nil, -1, 0, 1 << 40, "a", true, 0.5, []int{3}}[n("value", 0, 7)]
					node.Args.Values = values
				}
			case 6:
				g.Wires = n("wires", -1, g.Wires+1)
			case 7:
				g.Outputs[0] = op.Wire(n("wire", -2, g.Wires+2))
			case 8:
				g.Inputs[0].Shape = op.Shape{{Size: n("size", -1, 3)}, {Size: 1 << n("bits", 0, 40)}}
			case 9:
				node.Share = n("share", -1, 2)
			case 10:
				node.Args.Values = node.Args.Values[:0]
			default:
				g.OutPort = nil
			}
		}
		o := Options{Batch: n("batch", -1, 3), Loss: Loss(n("loss", -1, 4)), MemoryLimit: 64 << 20}
		m, err := Build(g, o)
		if err != nil {
			return
		}
		if o.Loss < CrossEntropy || o.Loss > None {
			r.Fatalf("the loss %d is taken", o.Loss)
		}
		inputs, target := MadeUp(g, o)
		if o.Loss != None {
			if _, err := m.Step(inputs, target); err != nil {
				r.Fatalf("a graph that is built doesn't run: %v", err)
			}
		}
		if _, err := m.Predict(inputs); err != nil {
			r.Fatalf("a graph that is built doesn't run: %v", err)
		}
		for _, wrong := range [][][]float32{nil, {nil}, {make([]float32, len(inputs[0])+1)}, append(inputs, nil)} {
			if _, err := m.Predict(wrong); err == nil {
				r.Fatalf("a batch of %d inputs is taken", len(wrong))
			}
		}
	})
}
