package main

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/spacec-lang/spacec/compile/gorgonia"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// stock is Gorgonia by itself: the models as its users write them, of its own ops, on its TapeMachine, with its Adam.
type stock struct{}

// stockModel is one of them.
type stockModel struct {
	machine G.VM
	solver  G.Solver
	learnt  []G.ValueGrad
	loss    G.Value
}

func (stock) load(m *model, _ string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("stock Gorgonia: %v", p)
		}
	}()
	w := &writer{g: G.NewGraph(), rest: m.net.Params(), batch: m.batch}
	out := nets[m.name](w, m.inputs[0])
	hot := make([]float32, m.batch*10)
	for i, label := range m.target.Labels {
		hot[i*10+label] = 1
	}
	target := w.constant("target", hot, m.batch, 10)
	loss := must(G.Neg(must(G.Mean(must(G.Sum(must(G.HadamardProd(must(G.LogSoftMax(out)), target)), 1))))))
	s := &stockModel{solver: G.NewAdamSolver(G.WithLearnRate(rate)), learnt: G.NodesToValueGrads(w.learnt)}
	G.Read(loss, &s.loss)
	if _, err := G.Grad(loss, w.learnt...); err != nil {
		return err
	}
	s.machine = G.NewTapeMachine(w.g, G.BindDualValues(w.learnt...))
	m.stock = s
	return nil
}

func (stock) steps(m *model, n int) (losses, seconds []float64, err error) {
	for range n {
		start := time.Now()
		if err := m.stock.machine.RunAll(); err != nil {
			return nil, nil, err
		}
		loss := float64(m.stock.loss.Data().(float32))
		if err := m.stock.solver.Step(m.stock.learnt); err != nil {
			return nil, nil, err
		}
		m.stock.machine.Reset()
		seconds, losses = append(seconds, time.Since(start).Seconds()), append(losses, loss)
	}
	return losses, seconds, nil
}

// writer writes a graph, taking the weights one after the other. A mistake panics.
type writer struct {
	g      *G.ExprGraph
	rest   []*gorgonia.Param
	learnt G.Nodes
	batch  int
	norms  int
}

func must(n *G.Node, err error) *G.Node {
	if err != nil {
		panic(err)
	}
	return n
}

func (w *writer) constant(name string, data []float32, shape ...int) *G.Node {
	return G.NewTensor(w.g, tensor.Float32, len(shape), G.WithName(name), G.WithShape(shape...),
		G.WithValue(tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))))
}

// take is the next weight, in a shape of as many numbers.
func (w *writer) take(shape ...int) *G.Node {
	p := w.rest[0]
	w.rest = w.rest[1:]
	return w.weight(p.Name, slices.Clone(p.Value), shape...)
}

func (w *writer) weight(name string, data []float32, shape ...int) *G.Node {
	n := w.constant(name, data, shape...)
	w.learnt = append(w.learnt, n)
	return n
}

// takeTurned is the next weight, which is [out, in], as [in, out].
func (w *writer) takeTurned() *G.Node {
	p := w.rest[0]
	w.rest = w.rest[1:]
	return w.turned(p.Name, p.Value, p.Shape[0], p.Shape[1])
}

func (w *writer) turned(name string, data []float32, out, in int) *G.Node {
	t := make([]float32, len(data))
	for o := range out {
		for i := range in {
			t[i*out+o] = data[o*in+i]
		}
	}
	return w.weight(name, t, in, out)
}

// linear is x w + b for rows of x.
func (w *writer) linear(x *G.Node) *G.Node {
	y := must(G.Mul(x, w.takeTurned()))
	return w.biased(y, w.take(1, y.Shape()[1]))
}

func (w *writer) biased(y, b *G.Node) *G.Node {
	return must(G.BroadcastAdd(y, b, nil, []byte{0}))
}

// conv is a convolution without a bias.
func (w *writer) conv(x *G.Node, filters, kernel, stride int) *G.Node {
	return must(G.Conv2d(x, w.take(filters, x.Shape()[1], kernel, kernel), tensor.Shape{kernel, kernel}, []int{kernel / 2, kernel / 2},
		[]int{stride, stride}, []int{1, 1}))
}

// biasedConv is a convolution of 3 by 3 with a bias, then relu and pooling.
func (w *writer) biasedConv(x *G.Node, filters int) *G.Node {
	y := w.conv(x, filters, 3, 1)
	y = must(G.Rectify(must(G.BroadcastAdd(y, w.take(1, filters, 1, 1), nil, []byte{0, 2, 3}))))
	return must(G.MaxPool2D(y, tensor.Shape{2, 2}, []int{0, 0}, []int{2, 2}))
}

func (w *writer) batchNorm(x *G.Node) *G.Node {
	c := x.Shape()[1]
	y, _, _, _, err := G.BatchNorm(x, w.take(1, c, 1, 1), w.take(1, c, 1, 1), 0.1, 1e-5)
	return must(y, err)
}

func (w *writer) layerNorm(x *G.Node) *G.Node {
	rows, d := x.Shape()[0], x.Shape()[1]
	w.norms++
	gamma, beta := w.take(1, d), w.take(1, d)
	column := func(n *G.Node) *G.Node { return must(G.Reshape(n, tensor.Shape{rows, 1})) }
	centred := must(G.BroadcastSub(x, column(must(G.Mean(x, 1))), nil, []byte{1}))
	variance := must(G.Mean(must(G.Square(centred)), 1))
	eps := G.NewConstant(float32(1e-5), G.WithName(fmt.Sprint("epsilon", w.norms)))
	y := must(G.BroadcastHadamardDiv(centred, column(must(G.Sqrt(must(G.Add(variance, eps))))), nil, []byte{1}))
	return must(G.BroadcastAdd(must(G.BroadcastHadamardProd(y, gamma, nil, []byte{0})), beta, nil, []byte{0}))
}

// nets are the models.
var nets = map[string]func(w *writer, x []float32) *G.Node{
	"mlp": func(w *writer, x []float32) *G.Node {
		y := must(G.Rectify(w.linear(w.constant("x", x, w.batch, 784))))
		return w.linear(must(G.Rectify(w.linear(y))))
	},
	"cnn": func(w *writer, x []float32) *G.Node {
		y := w.biasedConv(w.biasedConv(w.constant("x", x, w.batch, 3, 32, 32), 16), 32)
		return w.linear(must(G.Reshape(y, tensor.Shape{w.batch, 2048})))
	},
	"resnet": func(w *writer, x []float32) *G.Node {
		y := must(G.Rectify(w.batchNorm(w.conv(w.constant("x", x, w.batch, 3, 32, 32), 16, 3, 1))))
		block := func(filters, stride int) {
			z := must(G.Rectify(w.batchNorm(w.conv(y, filters, 3, stride))))
			z = w.batchNorm(w.conv(z, filters, 3, 1))
			if stride > 1 {
				y = w.batchNorm(w.conv(y, filters, 1, stride))
			}
			y = must(G.Rectify(must(G.Add(z, y))))
		}
		block(16, 1)
		block(16, 1)
		block(32, 2)
		block(32, 1)
		block(64, 2)
		block(64, 1)
		means := must(G.Mean(must(G.Reshape(y, tensor.Shape{w.batch * 64, 64})), 1))
		return w.linear(must(G.Reshape(means, tensor.Shape{w.batch, 64})))
	},
	"transformer": func(w *writer, x []float32) *G.Node {
		const s, d, heads = 64, 128, 4
		y := w.constant("x", x, w.batch*s, d)
		part := func() *G.Node { // [batch heads, s, d / heads]
			p := must(G.Reshape(w.linear(y), tensor.Shape{w.batch, s, heads, d / heads}))
			return must(G.Reshape(must(G.Transpose(p, 0, 2, 1, 3)), tensor.Shape{w.batch * heads, s, d / heads}))
		}
		q, k, v := part(), part(), part()
		scores := must(G.HadamardProd(must(G.BatchedMatMul(q, k, false, true)), G.NewConstant(float32(1/math.Sqrt(d/heads)))))
		z := must(G.BatchedMatMul(must(G.SoftMax(scores, 2)), v))
		z = must(G.Transpose(must(G.Reshape(z, tensor.Shape{w.batch, heads, s, d / heads})), 0, 2, 1, 3))
		y = w.layerNorm(must(G.Add(w.linear(must(G.Reshape(z, tensor.Shape{w.batch * s, d}))), y)))
		y = w.layerNorm(must(G.Add(w.linear(gelu(w.linear(y))), y)))
		return w.linear(meanOfPlaces(y, w.batch, s, d))
	},
	"recurrent": func(w *writer, x []float32) *G.Node {
		const s, d = 32, 128
		gates := w.gates(d)
		var h, c, sum *G.Node
		for t := range s {
			place := make([]float32, 0, w.batch*d)
			for b := range w.batch {
				place = append(place, x[(b*s+t)*d:][:d]...)
			}
			in := w.constant(fmt.Sprint("x", t), place, w.batch, d)
			pre := func(k int) *G.Node {
				y := must(G.Mul(in, gates[k].input))
				if h != nil {
					y = must(G.Add(y, must(G.Mul(h, gates[k].hidden))))
				}
				return w.biased(y, gates[k].bias)
			}
			i, f, g, o := must(G.Sigmoid(pre(0))), must(G.Sigmoid(pre(1))), must(G.Tanh(pre(2))), must(G.Sigmoid(pre(3)))
			now := must(G.HadamardProd(i, g))
			if c != nil {
				now = must(G.Add(must(G.HadamardProd(f, c)), now))
			}
			c = now
			h = must(G.HadamardProd(o, must(G.Tanh(c))))
			if sum == nil {
				sum = h
			} else {
				sum = must(G.Add(sum, h))
			}
		}
		return w.linear(must(G.HadamardProd(sum, G.NewConstant(float32(1./s)))))
	},
}

// gelu is its form by tanh (Hendrycks & Gimpel 2016, section 2): stock Gorgonia has no error function.
func gelu(x *G.Node) *G.Node {
	number := func(v float64) *G.Node { return G.NewConstant(float32(v)) }
	inner := must(G.Add(x, must(G.HadamardProd(must(G.Cube(x)), number(0.044715)))))
	t := must(G.Tanh(must(G.HadamardProd(inner, number(math.Sqrt(2/math.Pi))))))
	return must(G.HadamardProd(must(G.HadamardProd(x, must(G.Add(t, number(1))))), number(0.5)))
}

// meanOfPlaces is the mean over the s rows of each example, by a product, since Gorgonia's mean over a middle axis is wrong.
func meanOfPlaces(y *G.Node, batch, s, d int) *G.Node {
	t := must(G.Transpose(must(G.Reshape(y, tensor.Shape{batch, s, d})), 0, 2, 1))
	return must(G.Reshape(must(G.Mean(must(G.Reshape(t, tensor.Shape{batch * d, s})), 1)), tensor.Shape{batch, d}))
}

// gate is the weights of one of a recurrent unit's gates.
type gate struct{ input, hidden, bias *G.Node }

// gates divides the weights of a recurrent unit of d by d.
func (w *writer) gates(d int) []gate {
	all := w.rest[:3]
	w.rest = w.rest[3:]
	gates := make([]gate, 4)
	for k := range gates {
		name := fmt.Sprint(all[0].Name, k)
		gates[k] = gate{
			w.turned(name, all[0].Value[k*d*d:(k+1)*d*d], d, d), w.turned(name+"h", all[1].Value[k*d*d:(k+1)*d*d], d, d),
			w.weight(name+"b", slices.Clone(all[2].Value[k*d:(k+1)*d]), 1, d),
		}
	}
	return gates
}
