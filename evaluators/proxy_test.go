package evaluators

import (
	"math"
	"strings"
	"testing"

	"github.com/spacec-lang/spacec/compile/gorgonia"
	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/samplers"
	"github.com/spacec-lang/spacec/stdlib"
	"github.com/spacec-lang/spacec/study"
)

// plain is a network of two layers written out, with the weights that the model of a seed starts with: layer by layer, of each
// output the weights by input, and the bias.
type plain struct {
	weights [2][][]float64
	biases  [2][]float64
	norm    bool // batch norm before the relu
}

func plainOf(t *testing.T, g *op.Graph, seed uint64, norm bool) *plain {
	t.Helper()
	m, err := gorgonia.Build(g, gorgonia.Options{Batch: ProxyBatch, Seed: seed, Float64: true}) // which start as those of float32 do, but for rounding
	if err != nil {
		t.Fatal(err)
	}
	n := &plain{norm: norm}
	layer := 0
	for _, p := range m.Params() {
		switch {
		case len(p.Shape) == 2 && strings.HasPrefix(p.Name, "dense"):
			in := len(p.Value64) / p.Shape[0]
			for o := range p.Shape[0] {
				n.weights[layer] = append(n.weights[layer], p.Value64[o*in:(o+1)*in])
			}
			layer++
		case strings.HasPrefix(p.Name, "dense"):
			n.biases[layer-1] = p.Value64
		}
	}
	return n
}

// linear is a layer on a batch.
func (n *plain) linear(layer int, x [][]float64) [][]float64 {
	y := make([][]float64, len(x))
	for e := range x {
		for o, w := range n.weights[layer] {
			sum := n.biases[layer][o]
			for i, v := range x[e] {
				sum += w[i] * v
			}
			y[e] = append(y[e], sum)
		}
	}
	return y
}

// before is what arrives at the relu.
func (n *plain) before(x [][]float64) [][]float64 {
	h := n.linear(0, x)
	if !n.norm {
		return h
	}
	for o := range h[0] {
		mean, variance := 0.0, 0.0
		for e := range h {
			mean += h[e][o] / float64(len(h))
		}
		for e := range h {
			variance += (h[e][o] - mean) * (h[e][o] - mean) / float64(len(h))
		}
		for e := range h {
			h[e][o] = (h[e][o] - mean) / math.Sqrt(variance+1e-5)
		}
	}
	return h
}

func (n *plain) loss(x [][]float64, labels []int) float64 {
	h := n.before(x)
	for e := range h {
		for o := range h[e] {
			h[e][o] = math.Max(h[e][o], 0)
		}
	}
	sum := 0.0
	for e, scores := range n.linear(1, h) {
		total := 0.0
		for _, s := range scores {
			total += math.Exp(s)
		}
		sum += math.Log(total) - scores[labels[e]]
	}
	return sum / float64(len(x))
}

// determinant is by elimination.
func determinant(k [][]float64) float64 {
	det := 1.0
	for c := range k {
		for r := c + 1; r < len(k); r++ {
			f := k[r][c] / k[c][c]
			for i := c; i < len(k); i++ {
				k[r][i] -= f * k[c][i]
			}
		}
		det *= k[c][c]
	}
	return det
}

func TestProxies(t *testing.T) {
	for _, norm := range []bool{false, true} {
		text := "use std\ninput x: [5]\noutput y: [3]\nnet = dense(40) >> relu >> dense(3)\nconfig c {\n  a: 1 | 2\n}\n"
		if norm {
			text = strings.Replace(text, ">> relu", ">> batch_norm >> relu >> dropout(0.0)", 1)
		}
		space := loadNet(t, text)
		p, err := space.Replay(map[string]string{"c.a": "1"})
		if err != nil {
			t.Fatal(err)
		}
		b, err := p.Build()
		if err != nil {
			t.Fatal(err)
		}
		const seed = 3
		inputs, target := gorgonia.MadeUp(b.Graph, gorgonia.Options{Batch: ProxyBatch, Seed: 9})
		var x [][]float64
		for e := range ProxyBatch {
			var row []float64
			for _, v := range inputs[0][e*5 : (e+1)*5] {
				row = append(row, float64(v))
			}
			x = append(x, row)
		}
		n := plainOf(t, b.Graph, seed, norm)
		want := map[string]float64{"params": 5*40 + 40 + 40*3 + 3}
		if norm {
			want["params"] += 80
		}
		for layer := range n.weights {
			square := 0.0
			for _, w := range n.weights[layer] {
				for i, v := range w {
					const h = 1e-5
					w[i] = v + h
					up := n.loss(x, target.Labels)
					w[i] = v - h
					down := n.loss(x, target.Labels)
					w[i] = v
					d := (up - down) / (2 * h)
					square += d * d
					want["snip"] += math.Abs(v * d)
				}
			}
			want["grad_norm"] += math.Sqrt(square)
		}
		for o, w := range n.weights[0] {
			hidden, onward := math.Abs(n.biases[0][o]), 0.0
			for _, w2 := range n.weights[1] {
				onward += math.Abs(w2[o])
			}
			for _, v := range w {
				hidden += math.Abs(v)
				want["synflow"] += math.Abs(v) * onward
			}
			want["synflow"] += hidden * onward
		}
		h := n.before(x)
		k := make([][]float64, ProxyBatch)
		for i := range k {
			for j := range h {
				same := 0.0
				for o := range h[i] {
					if (h[i][o] > 0) == (h[j][o] > 0) {
						same++
					}
				}
				k[i] = append(k[i], same)
			}
		}
		want["naswot"] = math.Log(math.Abs(determinant(k)))
		for name, w := range want {
			evaluate, err := Proxy(Reward{Name: name}, seed, func(*op.Graph) (Batch, error) {
				return Batch{inputs, target, gorgonia.CrossEntropy}, nil
			})
			if err != nil {
				t.Fatal(err)
			}
			e, err := evaluate(t.Context(), &study.Task{Point: p})
			if err != nil || e.State != samplers.Complete || math.Abs(e.Value-w) > 2e-5*math.Abs(w) {
				t.Errorf("norm %v: %s is %v (%v), want %v", norm, name, e, err, w)
			}
		}
	}
	if _, err := Proxy(Reward{Name: "synflo"}, 1, nil); err == nil || !strings.Contains(err.Error(), "did you mean 'synflow'") {
		t.Errorf("a proxy that isn't there: %v", err)
	}
}

func loadNet(t *testing.T, text string) *ir.Space {
	t.Helper()
	var report diag.Report
	space := ir.Load(lang.NewSource("s.space", text), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &report)
	if space == nil {
		t.Fatal(report.Diagnostics()[0].Message)
	}
	return space
}
