package gorgonia

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
	G "gorgonia.org/gorgonia"
)

// built is what a graph's model has, counted on the model.
type built struct {
	Params, MACs, Activations, Peak int64
	Evaluate, Train, Double         int64 // bytes
}

// predicted is the same from shapes alone.
func predicted(t *testing.T, g *op.Graph, loss Loss) built {
	t.Helper()
	c, err := g.Costs()
	if err != nil {
		t.Fatal(err)
	}
	total := func(o Options) int64 {
		m, err := MemoryOf(g, o)
		if err != nil {
			t.Fatal(err)
		}
		return m.Total()
	}
	return built{c.Params, c.MACs, c.Activations, c.Peak, total(Options{Batch: 3, Loss: None}),
		total(Options{Batch: 3, Loss: loss}), total(Options{Batch: 2, Loss: loss, Float64: true})}
}

// counted builds the models and counts: elements of weights, sizes of the kernels' products, buffers, and how many are
// needed at a time.
func counted(t *testing.T, g *op.Graph, loss Loss) built {
	t.Helper()
	build := func(o Options) *Model {
		m, err := Build(g, o)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	var b built
	m := build(Options{Batch: 1, Loss: None})
	for _, p := range m.Params() {
		b.Params += int64(len(p.Value))
	}
	nodes := m.Graph().AllNodes()
	for _, n := range nodes {
		if o, ok := n.Op().(*operation[float32]); ok {
			b.Activations += int64(len(o.out))
			b.MACs += macsOf(o)
		}
	}
	b.Peak = peakOf(m, nodes)
	b.Evaluate = buffers[float32](build(Options{Batch: 3, Loss: None}))
	b.Train = buffers[float32](build(Options{Batch: 3, Loss: loss}))
	b.Double = buffers[float64](build(Options{Batch: 2, Loss: loss, Float64: true}))
	return b
}

// macsOf is what the loops of a kernel multiply and add.
func macsOf(o *operation[float32]) int64 {
	switch k := o.kernel.(type) {
	case *linear[float32]:
		return int64(k.rows * k.in * k.out)
	case *matmul[float32]:
		return int64(k.batches * k.p * k.q * k.r)
	case *convolution[float32]:
		return int64(k.f * k.oh * k.ow * k.depth())
	case *lstm[float32]:
		return int64(k.steps * k.out * (k.linear.in + k.n))
	case *gru[float32]:
		return int64(k.steps * k.out * (k.linear.in + k.n))
	}
	return 0
}

// peakOf goes through the ops in the order in which they were made: at each, what it or a later one reads of what is there,
// and all that it makes.
func peakOf(m *Model, nodes G.Nodes) int64 {
	e := m.engine.(*execution[float32])
	last := map[*float32]int{} // the last op that reads a buffer
	size := map[*float32]int64{}
	for _, in := range e.inputs {
		size[&in[0]] = int64(len(in))
	}
	var ops [][]*operation[float32]
	path := ""
	for _, n := range nodes {
		o, ok := n.Op().(*operation[float32])
		if !ok {
			continue
		}
		if o.at.path != path {
			path, ops = o.at.path, append(ops, nil)
		}
		ops[len(ops)-1] = append(ops[len(ops)-1], o)
		size[&o.out[0]] = int64(len(o.out))
		for _, c := range o.children {
			if by, ok := c.Op().(*operation[float32]); ok {
				last[&by.out[0]] = len(ops) - 1
			} else if data, ok := c.Value().Data().([]float32); ok && size[&data[0]] > 0 { // an input, and no weight
				last[&data[0]] = len(ops) - 1
			}
		}
	}
	for _, out := range e.outputs {
		last[&out[0]] = len(ops)
	}
	var peak int64
	live := map[*float32]bool{}
	for _, in := range e.inputs {
		if _, read := last[&in[0]]; read {
			live[&in[0]] = true
		}
	}
	for i, made := range ops {
		now := int64(0)
		for b := range live {
			if last[b] >= i {
				now += size[b]
			}
		}
		for _, o := range made {
			now += int64(len(o.out))
			live[&o.out[0]] = true
		}
		peak = max(peak, now)
	}
	return peak
}

// buffers is the bytes of all different buffers that a model's programs read and write, and of its weights.
func buffers[T real](m *Model) int64 {
	e := m.engine.(*execution[T])
	seen := map[*T]int64{}
	note := func(b []T) {
		if len(b) > 0 {
			seen[&b[0]] = max(seen[&b[0]], int64(len(b)))
		}
	}
	for _, b := range append(append([][]T{e.labels, e.values, e.lossValue}, e.inputs...), e.outputs...) {
		note(b)
	}
	for _, n := range m.Graph().AllNodes() {
		if o, ok := n.Op().(*operation[T]); ok {
			note(o.out)
		}
	}
	for _, s := range append(append([]step[T](nil), e.evaluate...), e.train...) {
		note(s.op.out)
	}
	for _, p := range append(append([]*Param(nil), m.Params()...), m.State()...) {
		for _, v := range []any{p.Value, p.Grad, p.Value64, p.Grad64} {
			if b, ok := v.([]T); ok {
				note(b)
			}
		}
	}
	var zero T
	width := int64(4)
	if _, ok := any(zero).(float64); ok {
		width = 8
	}
	total := int64(0)
	for _, n := range seen {
		total += width * n
	}
	return total
}

// What is computed without building is what the built model has.
func TestCostsAreThoseOfTheBuiltModel(t *testing.T) {
	for seed := range uint64(40) {
		g := randomNet(t, seed)
		if diff := cmp.Diff(counted(t, g, CrossEntropy), predicted(t, g, CrossEntropy)); diff != "" {
			t.Errorf("seed %d: %s", seed, diff)
		}
	}
	for name, text := range costly {
		g := graphOf(t, text)
		for _, loss := range []Loss{MeanSquared, Sum} {
			if diff := cmp.Diff(counted(t, g, loss), predicted(t, g, loss)); diff != "" {
				t.Errorf("%s, loss %d: %s", name, loss, diff)
			}
		}
	}
}

var costly = map[string]string{
	"recurrent":     "x: [s: 5, d: 3]\na = lstm(4) x\nb = gru(3) a\ny = dense(2) b",
	"attention":     "x: [s: 5]\na = embed(7, 6) x\nb = attention(2, causal: true) a\nc = add b a\nd = layer_norm c\ne = add d c\ny = dense(3) e",
	"sums alike":    "x: [4]\na = dense(4) x\nb = dense(4) x\nc = add a b a b\nd = add a b\ne = mul c d\ny = dense(2) e",
	"unused":        "x: [3]\na = dense(3) x\nb = dense(2) x\nc = relu a\ny = dense(2) b",
	"no weights":    "x: [3]\ny = tanh x",
	"only zero":     "x: [3]\na = dense(3) x\ny = zero a",
	"shared":        "x: [4]\na = dense(4) x share\nb = tanh a\nc = dense(4) b share\nd = dense(4) c share\ne = add a d\ny = dense(2) e",
	"shared norm":   "x: [c: 2, h: 2, w: 2]\na = conv x\nb = batch_norm a share\nc = relu b\nd = batch_norm c share\ny = dense(2) d",
	"two inputs":    "x: [3]\nz: [4]\na = dense(3) x\nb = dense(3) z\nc = mul a b\ny = dense(2) c",
	"same reshape":  "x: [2, 6]\na = linear(6) x\nb = reshape(2, 6) a\nc = flatten b\nd = flatten c\ne = relu d\ny = dense(2) e",
	"grouped":       "x: [c: 4, h: 5, w: 5]\na = conv(4, 3, groups: 2) x\nb = conv(8, 3, groups: 4) a\nc = global_max_pool b\ny = dense(2) c",
	"one dimension": "x: [s: 9, d: 4]\na = conv1d(6, 3, groups: 2) x\nb = sinusoid a\nc = mean(1) b\ny = dense(2) c",
}

// asBuilt is a graph with a convolution in place of every unfold, linear and fold that are built as one.
func asBuilt(t *testing.T, g *op.Graph) *op.Graph {
	t.Helper()
	fused, built := fusions(g), *g
	built.Nodes, built.Wires, built.Outputs = nil, len(g.Inputs), nil
	renamed := make([]op.Wire, g.Wires)
	for i := range g.Inputs {
		renamed[i] = op.Wire(i)
	}
	rename := func(wires []op.Wire) (out []op.Wire) {
		for _, w := range wires {
			out = append(out, renamed[w])
		}
		return out
	}
	for i, n := range g.Nodes {
		if f := fused[i]; f != nil {
			if i != f.fold {
				continue
			}
			unfold, linear := g.Nodes[f.unfold], g.Nodes[f.linear]
			var err error
			n.Args, err = op.Bind(stdlib.Library().Lookup("conv"), nil, map[string]any{"filters": n.Shapes[0][0].Size, "kernel": f.win.KH,
				"stride": f.win.SH, "padding": f.win.Top})
			if err != nil {
				t.Fatal(err)
			}
			n.In, n.Share = unfold.In, linear.Share
		}
		n.In = rename(n.In)
		for _, w := range n.Out {
			renamed[w] = op.Wire(built.Wires)
			built.Wires++
		}
		n.Out = rename(n.Out)
		built.Nodes = append(built.Nodes, n)
	}
	built.Outputs = rename(g.Outputs)
	return &built
}

// Points of every example: what they cost as predicted is what their models have.
func TestCostsOfExamples(t *testing.T) {
	files, err := filepath.Glob("../../examples/*.space")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".space"), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			space := ir.Load(lang.NewSource(file, string(text)), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &diag.Report{})
			if space == nil || len(space.Inputs) == 0 {
				t.Skip("no space of networks")
			}
			points := 8
			if testing.Short() {
				points = 2
			}
			for trial, done := uint64(0), 0; done < points && trial < 100; trial++ {
				w := space.Walk()
				w.Draw(3, trial)
				p, err := w.Point()
				if err != nil {
					t.Fatal(err)
				}
				b, err := p.Build()
				if err != nil {
					t.Fatal(err)
				}
				if m, err := MemoryOf(b.Graph, Options{Batch: 3}); err != nil || m.Total() > 200<<20 {
					continue // more than a test should take
				}
				done++
				got, want := counted(t, b.Graph, CrossEntropy), predicted(t, b.Graph, CrossEntropy)
				// Costs are of the ops as written, of which three may be built as one.
				built := predicted(t, asBuilt(t, b.Graph), CrossEntropy)
				want.Activations, want.Peak = built.Activations, built.Peak
				if diff := cmp.Diff(got, want); diff != "" {
					t.Errorf("trial %d: %s", trial, diff)
				}
			}
		})
	}
}

func TestMemoryOfWhatIsTooLarge(t *testing.T) {
	g := graphOf(t, "x: [c: 1024, h: 1024, w: 1024]\na = relu x\ny = mean(1) a")
	m, err := MemoryOf(g, Options{Batch: maxBatch, Float64: true})
	if err != nil || m.Total() < 1<<57 {
		t.Errorf("%+v, %v", m, err)
	}
	if _, err := Build(g, Options{Batch: maxBatch}); err == nil || !strings.Contains(err.Error(), "the limit is 8192 MiB") {
		t.Error(err)
	}
}
