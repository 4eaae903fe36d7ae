package train

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/spacec-lang/spacec/compile/gorgonia"
	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
)

const cellHead = "use std\ninput x: [s: 3, d: 2]\noutput y: [s: 3, d: 4]\n"

const writtenLSTM = `net = {
  share let gates = (linear(16), linear(16, bias: false)) >> add
  x1, x2, x3 = in >> split(3, axis: 1)
  none = x1 >> linear(4) >> zero
  i1, f1, g1, o1 = (x1, none) >> gates >> split(4, axis: 2)
  c1 = ((f1 >> sigmoid) * none) + ((i1 >> sigmoid) * (g1 >> tanh))
  h1 = (o1 >> sigmoid) * (c1 >> tanh)
  i2, f2, g2, o2 = (x2, h1) >> gates >> split(4, axis: 2)
  c2 = ((f2 >> sigmoid) * c1) + ((i2 >> sigmoid) * (g2 >> tanh))
  h2 = (o2 >> sigmoid) * (c2 >> tanh)
  i3, f3, g3, o3 = (x3, h2) >> gates >> split(4, axis: 2)
  c3 = ((f3 >> sigmoid) * c2) + ((i3 >> sigmoid) * (g3 >> tanh))
  h3 = (o3 >> sigmoid) * (c3 >> tanh)
  (h1, h2, h3) >> concat(1)
}`

// The softmax of a number and 0 is its sigmoid, z, and 1 - z.
const writtenGRU = `net = {
  share let input = linear(12)
  share let hidden = linear(12)
  x1, x2, x3 = in >> split(3, axis: 1)
  h0 = x1 >> linear(4) >> zero
  h1 = (x1 >> input, h0 >> hidden, h0) >> step
  h2 = (x2 >> input, h1 >> hidden, h1) >> step
  h3 = (x3 >> input, h2 >> hidden, h2) >> step
  (h1, h2, h3) >> concat(1)
}
rule step = {
  x, u, h = in
  xr, xz, xn = x >> split(3, axis: 2)
  ur, uz, un = u >> split(3, axis: 2)
  r = (xr + ur) >> sigmoid
  n = (xn + (r * un)) >> tanh
  s = xz + uz
  z, rest = (s, s >> zero) >> concat(1) >> softmax(1) >> split(2, axis: 1)
  (rest * n) + (z * h)
}`

func modelOf(t *testing.T, text string) *gorgonia.Model {
	t.Helper()
	var report diag.Report
	space := ir.Load(lang.NewSource("cell.space", cellHead+text), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &report)
	if space == nil {
		var b strings.Builder
		report.Render(&b, false)
		t.Fatal(b.String())
	}
	p, err := space.Only()
	if err != nil {
		t.Fatal(err)
	}
	b, err := p.Build()
	if err != nil {
		t.Fatal(err)
	}
	m, err := gorgonia.Build(b.Graph, gorgonia.Options{Batch: 2, Seed: 3, Float64: true, Loss: gorgonia.MeanSquared})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// A recurrent cell that is written in a file, its weights shared over the steps, computes and learns what the op does.
func TestCellWrittenInTheLanguage(t *testing.T) {
	for _, c := range []struct {
		op, written string
		names       map[string]string // of the op's weights, by those of the written cell
	}{
		{"lstm(4)", writtenLSTM, map[string]string{"linear2.weight": "lstm1.input", "linear2.bias": "lstm1.bias", "linear3.weight": "lstm1.hidden"}},
		{"gru(4)", writtenGRU, map[string]string{"linear2.weight": "gru1.input", "linear2.bias": "gru1.input_bias", "linear3.weight": "gru1.hidden", "linear3.bias": "gru1.hidden_bias"}},
	} {
		t.Run(c.op, func(t *testing.T) {
			whole, written := modelOf(t, "net = "+c.op), modelOf(t, c.written)
			params := map[string]*gorgonia.Param{}
			for _, p := range whole.Params() {
				params[p.Name] = p
			}
			same := map[*gorgonia.Param]*gorgonia.Param{}
			for _, p := range written.Params() {
				if of := c.names[p.Name]; of != "" {
					same[p] = params[of]
					copy(p.Value64, params[of].Value64)
				}
			}
			in := [][]float32{{.1, -.2, .3, .4, -.5, .6, .7, -.8, .9, 1, -1.1, 1.2}}
			target := gorgonia.Target{Values: make([]float32, 24)}
			a, err := whole.Step(in, target)
			if err != nil {
				t.Fatal(err)
			}
			b, err := written.Step(in, target)
			if err != nil {
				t.Fatal(err)
			}
			close := cmpopts.EquateApprox(1e-9, 1e-12)
			if !cmp.Equal(a, b, close) || a == 0 || len(same) != len(params) {
				t.Errorf("the losses are %v and %v, with %d of %d weights alike", a, b, len(same), len(params))
			}
			for p, of := range same {
				if diff := cmp.Diff(of.Grad64, p.Grad64, close); diff != "" {
					t.Errorf("gradient of %s: %s", of.Name, diff)
				}
			}
		})
	}
}
