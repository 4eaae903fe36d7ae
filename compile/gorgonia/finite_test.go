package gorgonia

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/spacec-lang/spacec/lang"
)

func TestOriginNamesTheFirstOpThatIsNotFinite(t *testing.T) {
	const text = `x: [s: 3, d: 2]
		a = linear(4) x
		b = attention(2, causal: true) a
		c = tanh b
		d = linear(3) c
		y = dense(3) d`
	g := graphOf(t, text)
	source := lang.NewSource("a.space", "net = tanh >> linear(3)")
	g.Nodes[3].Span = lang.Span{Source: source, Start: 14, End: 23}
	nan, inf, huge := float32(math.NaN()), float32(math.Inf(-1)), float32(3e38)
	for _, c := range []struct {
		name  string
		spoil func(m *Model, x []float32)
		want  string
	}{
		{"all finite", func(*Model, []float32) {}, ""},
		{"a weight", func(m *Model, _ []float32) { find(m, "linear2.weight").Value[2] = inf },
			"a.space:1:15: linear2: its weights linear2.weight hold -Inf"},
		{"an overflow", func(m *Model, x []float32) {
			for i := range find(m, "linear2.weight").Value {
				find(m, "linear2.weight").Value[i] = huge
				find(m, "attention1.out_bias").Value[i%4] = 9
			}
		}, "a.space:1:15: linear2: the linear gives +Inf"},
		{"an input", func(_ *Model, x []float32) { x[3] = nan }, "input x holds NaN"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := Build(g, Options{Batch: 1})
			if err != nil {
				t.Fatal(err)
			}
			x := []float32{1, 2, 3, 4, 5, 6}
			c.spoil(m, x)
			for mode, run := range map[string]func() error{
				"training":   func() error { _, err := m.Step([][]float32{x}, Target{Labels: []int{1}}); return err },
				"evaluation": func() error { _, err := m.Predict([][]float32{x}); return err },
			} {
				if err := run(); err != nil {
					t.Fatal(err)
				}
				err := m.Origin()
				if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)) {
					t.Errorf("in %s: %v, not %s", mode, err, c.want)
				}
				if at := new(OpError); strings.HasPrefix(c.want, "a.space") && (!errors.As(err, &at) || at.Span != g.Nodes[3].Span) {
					t.Errorf("in %s: %v has no span", mode, err)
				}
			}
		})
	}
}

// The infinities of a mask that no softmax takes are the mask's, whatever stands between.
func TestOriginInAMask(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"x: [4, 4]\na = causal_mask x\ny = dense(2) a", "causal_mask1: its minus infinities are for a softmax, and dense1 takes them"},
		{"x: [4, 4]\na = causal_mask x\nb = relu a\nc = causal_mask b\nd = add a c\ny = dense(2) d", "causal_mask1: its minus infinities are for a softmax, and add1 takes them"},
		{"x: [4, 4]\na = causal_mask x\nb = permute(2, 1) a\ny = dense(2) b", "causal_mask1: its minus infinities are for a softmax, and permute1 takes them"},
		{"x: [4, 4]\na = causal_mask x\nb = causal_mask a\nc = softmax b\ny = dense(2) c", ""},
	} {
		m, err := Build(graphOf(t, c.text), Options{Batch: 1})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := m.Step([][]float32{{1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7}}, Target{Labels: []int{1}}); err != nil {
			t.Fatal(err)
		}
		err = m.Origin()
		if (err == nil) != (c.want == "") || err != nil && !strings.HasPrefix(err.Error(), c.want) || errors.Is(err, ErrMasked) != (c.want != "") {
			t.Errorf("%s\ngives %v, not %s", c.text, err, c.want)
		}
	}
}

// A gradient that overflows after a finite loss is found as well.
func TestOriginInAGradient(t *testing.T) {
	m, err := Build(graphOf(t, "x: [1]\na = dense(1) x\nb = tanh a\nc = dense(1) b\ny = dense(1) c"), Options{Batch: 1, Loss: MeanSquared})
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]float32{"dense1.weight": 0, "dense1.bias": 0, "dense2.weight": 2e38, "dense2.bias": 0, "dense3.weight": 3, "dense3.bias": 0} {
		find(m, name).Value[0] = v
	}
	loss, err := m.Step([][]float32{{1}}, Target{Values: []float32{1}})
	if err != nil || loss != 1 {
		t.Fatal(loss, err)
	}
	if err := m.Origin(); err == nil || !strings.HasPrefix(err.Error(), "dense2: the gradient of linear gives ") {
		t.Error(err)
	}
}

func find(m *Model, name string) *Param {
	for _, p := range m.Params() {
		if p.Name == name {
			return p
		}
	}
	return nil
}
