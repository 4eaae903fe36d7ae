package gorgonia

import (
	"bytes"
	"encoding/json"
	"flag"
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
		t = permute(2, 1) k
		b = matmul(true) q t
		c = softmax b
		d = matmul c v
		e = linear(128) d
		f = add e x
		g = layer_norm f
		h = linear(256) g
		i = gelu h
		j = linear(128) i
		l = add j g
		m = layer_norm l
		n = mean(1) m
		y = dense(4) n`,
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
	"padded sentences": `x: [s: 5]
		a = embed(4, 12) x
		b = masked_attention(3) a x
		c = add b a
		d = layer_norm c
		e = masked_attention(2) d x
		f = add e d
		g = mean(1) f
		y = dense(4) g`,
	"recurrent": `x: [s: 6, d: 3]
		a = lstm(5) x
		b = gru(4) a
		c = sigmoid b
		y = dense(4) c`,
	"tags of a sentence": `x: [s: 5]
		a = embed(7, 12) x
		b = gru(6) a
		c = linear(24) b
		d = gelu c
		y = linear(4) d`,
	"regression along other axes": `x: [s: 8, d: 3]
		a = conv1d(6, 3, dilation: 2) x
		b = relu a
		c = conv1d(6, 3, stride: 2, groups: 3) b
		d = linear(5, axis: 1) c
		e = tanh d
		y = dense(2) e`,
}

const torchSteps, torchRate = 50, 1e-3

// torchRun is a network's training, in PyTorch or here: what it predicts before and after, the loss of each step of
// Adam, and the gradients of the first.
type torchRun struct {
	Before, Losses, After []float64
	Grads                 map[string][]float64
}

func torchTrial(t *testing.T, name string) *trial {
	loss := CrossEntropy
	if strings.HasPrefix(name, "regression") {
		loss = MeanSquared
	}
	return newTrial(t, graphOf(t, torchNets[name]), 6, loss, 3)
}

func (c *trial) run(t *testing.T, float64s bool) torchRun {
	m := c.build(t, float64s)
	r, a := torchRun{Grads: map[string][]float64{}}, adam{}
	predict := func() []float64 {
		out, err := m.Predict(singles(c.inputs))
		if err != nil {
			t.Fatal(err)
		}
		return doubles(out[0])
	}
	r.Before = predict()
	for range torchSteps {
		r.Losses = append(r.Losses, c.step(t, m))
		for _, p := range m.Params() {
			if len(r.Losses) == 1 {
				r.Grads[p.Name] = append(doubles(p.Grad), p.Grad64...)
			}
		}
		a.step(m, torchRate)
	}
	r.After = predict()
	return r
}

// record is a run with a few numbers of each gradient: its length as a vector, and its first elements.
func (r torchRun) record() torchRun {
	grads := map[string][]float64{}
	for name, g := range r.Grads {
		square := 0.0
		for _, x := range g {
			square += x * x
		}
		grads[name] = append([]float64{math.Sqrt(square)}, g[:min(4, len(g))]...)
	}
	r.Grads = grads
	return r
}

func (r torchRun) compare(t *testing.T, what string, want torchRun, grads, losses, predictions float64) {
	t.Helper()
	compare(t, "prediction before, "+what, r.Before, want.Before, predictions)
	compare(t, "losses, "+what, r.Losses, want.Losses, losses)
	compare(t, "prediction after, "+what, r.After, want.After, predictions)
	if len(r.Grads) != len(want.Grads) {
		t.Errorf("%d gradients, not %d", len(r.Grads), len(want.Grads))
	}
	for name, g := range r.Grads {
		compare(t, "gradient of "+name+", "+what, g, want.Grads[name], grads)
	}
}

const torchRecord = "testdata/torch_runs.json"

// TestTrainsAsPyTorch compares with what PyTorch 1.13 made of the same weights, batches and dropout masks.
func TestTrainsAsPyTorch(t *testing.T) {
	text, err := os.ReadFile(torchRecord)
	if err != nil {
		t.Fatal(err)
	}
	recorded := map[string]torchRun{}
	if err := json.Unmarshal(text, &recorded); err != nil {
		t.Fatal(err)
	}
	for name := range torchNets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := torchTrial(t, name)
			c.run(t, true).record().compare(t, "float64", recorded[name], 1e-9, 1e-8, 1e-6)
			c.run(t, false).record().compare(t, "float32", recorded[name], 2e-4, 1e-4, 2e-3)
		})
	}
}

var recordTorch = flag.Bool("record", false, "write what PyTorch gives to "+torchRecord)

// TestAgainstPyTorch runs PyTorch itself, for development; with -record it writes what it gives.
func TestAgainstPyTorch(t *testing.T) {
	python := os.Getenv("SPACEC_TORCH")
	if python == "" {
		t.Skip("SPACEC_TORCH names no Python that has PyTorch, as /usr/bin/python3 with Debian's python3-torch")
	}
	recorded := map[string]torchRun{}
	for name := range torchNets {
		t.Run(name, func(t *testing.T) {
			c := torchTrial(t, name)
			want := c.torch(t, python, torchNets[name])
			c.run(t, true).compare(t, "float64", want, 1e-9, 1e-8, 1e-6)
			recorded[name] = want.record()
		})
	}
	if *recordTorch && !t.Failed() {
		text, err := json.MarshalIndent(recorded, "", " ")
		if err == nil {
			err = os.WriteFile(torchRecord, append(text, '\n'), 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// torch trains the trial in PyTorch.
func (c *trial) torch(t *testing.T, python, net string) (r torchRun) {
	m := c.build(t, true)
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
		for s := 0; n.Args.Spec.Name == "dropout" && s < torchSteps; s++ {
			masks[n.Path] = append(masks[n.Path], c.masks(n, uint64(s)))
		}
	}
	text, err := json.Marshal(map[string]any{"net": net, "weights": path, "inputs": inputs, "labels": c.target.Labels,
		"values": doubles(c.target.Values), "masks": masks, "steps": torchSteps, "rate": torchRate})
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
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

// masks are the factors of a dropout in a step.
func (c *trial) masks(n op.Node, step uint64) []float64 {
	size := c.o.Batch * int(n.Shapes[0].Elements())
	k := newDropout[float64](&running{seed: c.o.Seed, training: true, step: step}, size, n.Args.Real("rate"), n.Path, 1)
	x := make([]float64, size)
	k.forwardPart([][]float64{x}, make([]float64, size), 0, size)
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
