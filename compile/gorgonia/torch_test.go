package gorgonia

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spacec-lang/spacec/ir/op"
)

var torchNets = map[string]string{
	"fused query, key and value of width 128": `x: [s: 6, d: 128]
		a = linear(384) x
		q, k, v = split(3, axis: 2) a
		b = mul q k
		c = softmax b
		d = mul c v
		e = linear(128) d
		f = add e x
		g = layer_norm f
		y = dense(4) g`,
	"residual around a reshape": `x: [c: 2, h: 4, w: 4]
		a = conv(4) x
		b = reshape(8, 8) a
		c = linear(8) b
		d = add b c
		e = reshape(4, 4, 4) d
		f = add e a
		g = tanh f
		y = dense(4) g`,
	"global pooling after a convolution": `x: [c: 3, h: 8, w: 8]
		a = conv(8, 3, stride: 2) x
		b = batch_norm a
		c = relu b
		d = conv(8, 3, groups: 2) c
		e = global_avg_pool d
		y = dense(4) e`,
	"dropout of 0.3": `x: [20]
		a = dense(30) x
		b = dropout(0.3) a
		c = relu b
		y = dense(4) c`,
	"residual network": `x: [c: 3, h: 8, w: 8]
		a = conv(8) x
		b = batch_norm a
		c = leaky_relu b
		d = conv(8, 3, dilation: 2) c
		e = group_norm(2) d
		f = gelu e
		g = conv(8, groups: 8) f
		h = add g a
		i = max_pool(3, 2, 1) h
		j = avg_pool(3, 1, 1) i
		k = concat j i
		l = permute(2, 3, 1) k
		m = silu l
		y = dense(4) m`,
	"transformer": `x: [s: 5]
		a = embed(7, 12) x
		b = pos_enc a
		c = attention(3, causal: true) b
		d = add c b
		e = layer_norm d
		f = linear(24) e
		g = gelu f
		h = linear(12) g
		i = add h e
		j = layer_norm i
		k = mean(1) j
		y = dense(4) k`,
	"recurrent": `x: [s: 6, d: 3]
		a = lstm(5) x
		b = gru(4) a
		c = sigmoid b
		y = dense(4) c`,
}

// TestAgainstPyTorch is for development: with SPACEC_TORCH set to a Python that has PyTorch, as
// /usr/bin/python3 with Debian's python3-torch, whole networks train in both from the same weights.
func TestAgainstPyTorch(t *testing.T) {
	python := os.Getenv("SPACEC_TORCH")
	if python == "" {
		t.Skip("SPACEC_TORCH names no Python")
	}
	const steps, rate = 50, 1e-3
	for name, net := range torchNets {
		t.Run(name, func(t *testing.T) {
			c := newTrial(t, graphOf(t, net), 6, CrossEntropy, 3)
			m := c.build(t, true)
			got := struct {
				Losses     []float64
				Grads      map[string][]float64
				Prediction []float64
			}{}
			if err := json.Unmarshal(c.torch(t, python, net, m, steps, rate), &got); err != nil {
				t.Fatal(err)
			}
			single := c.build(t, false)
			var losses, losses32 []float64
			a64, a32 := adam{}, adam{}
			for i := range steps {
				losses = append(losses, c.step(t, m))
				if i == 0 {
					for _, p := range m.Params() {
						compare(t, "gradient of "+p.Name, p.Grad64, got.Grads[p.Name], 1e-9)
					}
				}
				a64.step(m, rate)
				losses32 = append(losses32, c.step(t, single))
				a32.step(single, rate)
			}
			compare(t, "losses", losses, got.Losses, 1e-8)
			compare(t, "losses in float32", losses32, got.Losses, 1e-4)
			out, err := m.Predict(singles(c.inputs))
			if err != nil {
				t.Fatal(err)
			}
			compare(t, "prediction", doubles(out[0]), got.Prediction, 1e-6)
		})
	}
}

// torch trains the trial in PyTorch.
func (c *trial) torch(t *testing.T, python, net string, m *Model, steps int, rate float64) []byte {
	path := filepath.Join(t.TempDir(), "weights.safetensors")
	var file bytes.Buffer
	if err := m.Save(&file, nil); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	type tensor struct {
		Shape []int     `json:"shape"`
		Data  []float64 `json:"data"`
	}
	inputs, masks := map[string]tensor{}, map[string][][]float64{}
	for i, p := range c.g.Inputs {
		inputs[p.Name] = tensor{append([]int{c.o.Batch}, p.Shape.Sizes()...), c.inputs[i]}
	}
	for _, n := range c.g.Nodes {
		for s := 0; n.Args.Spec.Name == "dropout" && s < steps; s++ {
			masks[n.Path] = append(masks[n.Path], c.masks(n, uint64(s)))
		}
	}
	text, err := json.Marshal(map[string]any{"net": net, "weights": path, "inputs": inputs, "labels": c.target.Labels,
		"masks": masks, "steps": steps, "rate": rate})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "testdata/torch_compare.py")
	cmd.Stdin = bytes.NewReader(text)
	var errors strings.Builder
	cmd.Stderr = &errors
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, errors.String())
	}
	return out
}

// masks are the factors of a dropout in a step.
func (c *trial) masks(n op.Node, step uint64) []float64 {
	size := c.o.Batch * int(n.Shapes[0].Elements())
	k := newDropout[float64](&running{seed: c.o.Seed, training: true, step: step}, n.Args.Real("rate"), n.Path, 1)
	x := make([]float64, size)
	_ = k.forward([][]float64{x}, make([]float64, size))
	return k.mask
}

// adam is Kingma and Ba 2014, algorithm 1, with PyTorch's defaults.
type adam struct {
	t    float64
	m, v [][]float64
}

func (a *adam) step(m *Model, rate float64) {
	a.t++
	for i, p := range m.Params() {
		n := len(p.Value) + len(p.Value64)
		if len(a.m) == i {
			a.m, a.v = append(a.m, make([]float64, n)), append(a.v, make([]float64, n))
		}
		for j := range n {
			var g float64
			if p.Value64 != nil {
				g = p.Grad64[j]
			} else {
				g = float64(p.Grad[j])
			}
			a.m[i][j] = 0.9*a.m[i][j] + 0.1*g
			a.v[i][j] = 0.999*a.v[i][j] + 0.001*g*g
			d := rate * a.m[i][j] / (1 - math.Pow(0.9, a.t)) / (math.Sqrt(a.v[i][j]/(1-math.Pow(0.999, a.t))) + 1e-8)
			if p.Value64 != nil {
				p.Value64[j] -= d
			} else {
				p.Value[j] -= float32(d)
			}
		}
	}
}
