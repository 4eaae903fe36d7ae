package gorgonia

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang"
)

// traps are networks that stock Gorgonia v0.9.18 gets wrong, or what they would be with ops that it lacks.
var traps = map[string]string{
	"reshape and residual": `x: [c: 2, h: 3, w: 3]
		a = conv(2) x
		b = reshape(3, 6) a
		c = linear(6) b
		d = add b c
		e = reshape(2, 3, 3) d
		f = add e a
		y = dense(3) f`,
	"reshape and product": "x: [4, 3]\na = linear(3) x\nb = flatten a\nc = flatten a\nd = mul b c\ny = dense(2) d",
	"slices beyond 255": `x: [s: 2, d: 3]
		a = linear(768) x
		q, k, v = split(3, axis: 2) a
		b = mul q v
		c = add b k
		y = linear(2) c`,
	"dropout of 0.3":                     "x: [6]\na = dense(9) x\nb = dropout(0.3) a\nc = tanh b\ny = dense(3) c",
	"two dropouts of one tensor":         "x: [6]\na = dense(9) x\nb = dropout(0.5) a\nc = dropout(0.5) a\nd = mul b c\ne = add d b\ny = dense(3) e",
	"two batch norms of one tensor":      "x: [c: 3, h: 2, w: 2]\na = conv x\nb = batch_norm a\nc = batch_norm a\nd = mul b c\ny = dense(3) d",
	"two softmaxes of one tensor":        "x: [4, 4]\na = linear(4) x\nb = softmax(1) a\nc = softmax(2) a\nd = mul b c\ny = dense(3) d",
	"average pooling":                    "x: [c: 2, h: 6, w: 6]\na = conv(3) x\nb = avg_pool(3, 2, 1) a\ny = dense(3) b",
	"global pooling after a convolution": "x: [c: 2, h: 5, w: 4]\na = conv(3) x\nb = global_avg_pool a\ny = dense(3) b",
	"mean of inner axes":                 "x: [2, 3, 4, 2]\na = pos_enc x\nb = mean(2) a\nc = mean(2) b\ny = dense(3) c",
	"mean of five axes":                  "x: [2, 3, 2, 2, 2]\na = pos_enc x\nb = mean(3) a\ny = dense(3) b",
	"depthwise convolution":              "x: [c: 3, h: 5, w: 5]\na = pos_enc x\nb = conv(3, groups: 3) a\nc = conv(4, 1) b\ny = dense(3) c",
	"one tensor joined with itself":      "x: [3]\na = dense(3) x\nb = concat a a\nc = add b b\ny = dense(2) c",

	// Aliases.
	"dropout in evaluation, read again": "x: [6]\na = dense(6) x\nb = dropout(0.4) a\nc = add b a\nd = mul c b\ny = dense(3) d",
	"concatenation of one":              "x: [3, 2]\na = linear(2) x\nb = raw_concat(1) a\nc = add b a\nd = mul c b\ny = dense(3) d",
	// Reductions.
	"mean of the two inner axes":   "x: [2, 3, 4]\na = pos_enc x\nb = raw_mean(1, 2) a\ny = dense(3) b",
	"mean of all axes but one":     "x: [2, 3, 2, 2]\na = pos_enc x\nb = raw_mean(0, 1, 3) a\ny = dense(3) b",
	"maximum of the inner axes":    "x: [c: 3, h: 4, w: 3]\na = conv(3) x\nb = global_max_pool a\ny = dense(3) b",
	"average pooling of one row":   "x: [c: 2, h: 1, w: 7]\na = conv(3, 1) x\nb = raw_avg_pool(1, 3, 1, 2, 1, 1, 0, 0, 1, 1) a\ny = dense(3) b",
	"average pooling by two sides": "x: [c: 2, h: 5, w: 7]\na = conv(3, 1) x\nb = raw_avg_pool(2, 3, 1, 2, 1, 1, 1, 0, 0, 1) a\ny = dense(3) b",
	// Broadcasts.
	"factors of channels":      "x: [c: 3, h: 2, w: 2]\na = conv(3) x\nb = global_avg_pool a\nc = scale_channels a b\ny = dense(2) c",
	"bias of a convolution":    "x: [c: 2, h: 3, w: 3]\na = conv(3, 2) x\nb = tanh a\ny = dense(2) b",
	"weights along one axis":   "x: [2, 3, 4]\na = pos_enc x\nb = layer_norm a\nc = group_norm(2) b\nd = batch_norm c\ny = dense(2) d",
	"weights for each example": "x: [c: 2, h: 3, w: 2]\na = pos_enc x\nb = pos_enc a\nc = mul a b\ny = dense(2) c",
	// What is missing or wrong.
	"pooling padded on four sides": "x: [c: 2, h: 5, w: 5]\na = conv(2) x\nb = max_pool(3, 2, 1) a\nc = raw_max_pool(2, 3, 1, 1, 1, 1, 1, 0, 1, 1) b\ny = dense(3) c",
	"softmax before the loss":      "x: [4]\na = dense(3) x\nb = softmax a\nc = add a b\nd = softmax c\ny = add c d",
	"two layers alike":             "x: [4]\na = dense(4) x\nb = dense(4) x\nc = mul a b\nd = add c a\ny = dense(2) d",
	"grouped convolution":          "x: [c: 4, h: 5, w: 5]\na = conv(4, 1) x\nb = conv(6, 3, groups: 2, stride: 2) a\ny = dense(3) b",
	"exact gelu":                   "x: [9]\na = pos_enc x\nb = gelu a\ny = dense(3) b",
	"windows laid out":             "x: [c: 2, h: 4, w: 5]\na = conv(2, 1) x\nb = unfold(3) a\nc = linear(3) b\ny = fold(4, 5) c",
}

func TestTrapsOfStockGorgonia(t *testing.T) {
	for name, text := range traps {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, graphOf(t, text), 4, MeanSquared, 11)
		})
	}
}

// A machine of Gorgonia's has to be reset and its gradients cleared; here a step stands for itself.
func TestGradientsDoNotAccumulate(t *testing.T) {
	c := newTrial(t, graphOf(t, "x: [3]\na = dense(4) x\nb = tanh a\nc = add a b\ny = dense(2) c"), 4, CrossEntropy, 1)
	m := c.build(t, false)
	first := c.step(t, m)
	var grads [][]float32
	for _, p := range m.Params() {
		grads = append(grads, append([]float32(nil), p.Grad...))
	}
	if second := c.step(t, m); second != first {
		t.Errorf("the loss was %v and is %v", first, second)
	}
	for i, p := range m.Params() {
		if diff := cmp.Diff(grads[i], p.Grad); diff != "" {
			t.Errorf("%s: %s", p.Name, diff)
		}
	}
}

// Training moves the running statistics by the momentum, evaluation reads them, and neither starts them anew.
func TestBatchNormKeepsItsStatistics(t *testing.T) {
	m, err := Build(graphOf(t, "x: [1]\ny = batch_norm x"), Options{Batch: 2, Float64: true, Loss: MeanSquared})
	if err != nil {
		t.Fatal(err)
	}
	x, target := [][]float32{{1, 5}}, Target{Values: []float32{0, 0}} // mean 3, unbiased variance 8
	mean, variance := 0.0, 1.0
	for range 5 {
		if _, err := m.Step(x, target); err != nil {
			t.Fatal(err)
		}
		mean, variance = 0.9*mean+0.1*3, 0.9*variance+0.1*8
		for range 2 {
			out, err := m.Predict(x)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, "prediction", doubles(out[0]), []float64{(1 - mean) / math.Sqrt(variance+1e-5), (5 - mean) / math.Sqrt(variance+1e-5)}, 1e-6)
		}
	}
}

// Sums of 131,072 numbers in float32 are right to 1e-6; stock ones to 2e-5.
func TestLongSumsAreAccurate(t *testing.T) {
	const n = 1 << 17
	for name, text := range map[string]string{
		"mean":          fmt.Sprintf("x: [%d]\ny = mean(1) x", n),
		"layer norm":    fmt.Sprintf("x: [%d]\na = layer_norm x\nb = mul a a\ny = mean(1) b", n),
		"average":       "x: [c: 1, h: 256, w: 512]\na = global_avg_pool x\ny = mean(1) a",
		"softmax":       fmt.Sprintf("x: [%d]\na = softmax x\nb = mul a x\ny = mean(1) b", n),
		"batch average": "x: [c: 1, h: 256, w: 512]\na = batch_norm x\nb = mul a a\nc = global_avg_pool b\ny = mean(1) c",
	} {
		x := make([]float32, n)
		for i := range x {
			x[i] = 1 + float32(mix(uint64(i))>>40)/(1<<24)
		}
		var loss [2]float64
		for i, double := range []bool{false, true} {
			m, err := Build(graphOf(t, text), Options{Batch: 1, Loss: MeanSquared, Float64: double})
			if err != nil {
				t.Fatal(err)
			}
			if loss[i], err = m.Step([][]float32{x}, Target{Values: []float32{0}}); err != nil {
				t.Fatal(err)
			}
		}
		if !(math.Abs(loss[0]-loss[1]) <= 2e-6*math.Abs(loss[1])+1e-12) {
			t.Errorf("%s: %v in float32, %v in float64", name, loss[0], loss[1])
		}
	}
}

// Scores of a thousand neither overflow nor lose the loss.
func TestLossOfLargeScores(t *testing.T) {
	m, err := Build(graphOf(t, "x: [3]\ny = skip x"), Options{Batch: 1})
	if err != nil {
		t.Fatal(err)
	}
	for label, want := range []float64{0, 1000, 2000} {
		loss, err := m.Step([][]float32{{1000, 0, -1000}}, Target{Labels: []int{label}})
		if err != nil || loss != want {
			t.Errorf("the loss at %d is %v, not %v; %v", label, loss, want, err)
		}
	}
}

const dropped = "x: [6]\na = dense(9) x\nb = dropout(0.5) a\nc = dropout(0.5) a\nd = concat b c\ny = dense(3) d"

// Dropout differs from step to step and op to op, and follows seed and step alone.
func TestDropoutFollowsSeedNameAndStep(t *testing.T) {
	g := graphOf(t, dropped)
	losses := func(seed, from uint64) (out []float64) {
		c := newTrial(t, g, 4, MeanSquared, 3)
		c.o.Seed = seed
		m := c.build(t, false)
		m.SetStep(from)
		for range 3 {
			out = append(out, c.step(t, m))
		}
		return out
	}
	a := losses(1, 0)
	if diff := cmp.Diff(a, losses(1, 0)); diff != "" {
		t.Errorf("one seed: %s", diff)
	}
	if diff := cmp.Diff(a[1:], losses(1, 1)[:2]); diff != "" {
		t.Errorf("from step 1: %s", diff)
	}
	if a[0] == a[1] || a[0] == losses(2, 0)[0] {
		t.Errorf("steps and seeds don't differ: %v", a)
	}
	c := newTrial(t, g, 4, MeanSquared, 3)
	same := 0
	for i := range 36 {
		if c.mask("dropout1", 1, i) == c.mask("dropout2", 1, i) {
			same++
		}
	}
	if same < 8 || same > 28 {
		t.Errorf("%d of 36 places are treated alike by two dropouts", same)
	}
}

func TestDropoutKeepsItsShareAndTheMean(t *testing.T) {
	k := newDropout[float64](&running{training: true}, 100_000, 0.3, "a", 1)
	x, y := make([]float64, 100_000), make([]float64, 100_000)
	for i := range x {
		x[i] = 1
	}
	k.forwardPart([][]float64{x}, y, 0, len(x))
	zeros, sum := 0, 0.0
	for _, v := range y {
		if v == 0 {
			zeros++
		} else if v != 1/0.7 {
			t.Fatalf("an element became %v", v)
		}
		sum += v
	}
	if math.Abs(float64(zeros)/1e5-0.3) > 0.01 || math.Abs(sum/1e5-1) > 0.02 {
		t.Errorf("%d of 100000 are zero, and the mean is %v", zeros, sum/1e5)
	}
}

func TestInitialWeightsFollowSeedAndNameAlone(t *testing.T) {
	first := func(text string, seed uint64) []float32 {
		m, err := Build(graphOf(t, text), Options{Batch: 1, Seed: seed, Loss: None})
		if err != nil {
			t.Fatal(err)
		}
		p := m.Params()[len(m.Params())-2]
		if p.Name != "dense1.weight" {
			t.Fatalf("the weight is %s", p.Name)
		}
		return p.Value
	}
	a := first("x: [6]\nb = relu x\ny = dense(50) b", 1)
	if diff := cmp.Diff(a, first("x: [6]\nb = layer_norm x\ny = dense(50) b", 1)); diff != "" {
		t.Errorf("another op changed it: %s", diff)
	}
	if cmp.Equal(a, first("x: [6]\nb = relu x\ny = dense(50) b", 2)) {
		t.Error("the seed doesn't matter")
	}
	bound, sum, most := 1/math.Sqrt(6), 0.0, 0.0
	for _, v := range a {
		sum += float64(v)
		most = max(most, math.Abs(float64(v)))
	}
	if most > bound || most < 0.9*bound || math.Abs(sum/300) > 0.06 {
		t.Errorf("300 weights within %v have the mean %v; the bound is %v", most, sum/300, bound)
	}
	var w [20_000]float64
	fill(w[:], op.Normal(2), 1, "a")
	var square float64
	for _, v := range w {
		square += v * v
	}
	if sd := math.Sqrt(square / 20_000); math.Abs(sd-2) > 0.05 {
		t.Errorf("the deviation is %v, not 2", sd)
	}
}

func TestNaNIsALossAndNoPanic(t *testing.T) {
	m, err := Build(graphOf(t, `x: [c: 1, h: 4, w: 4]
		a = conv(2) x
		b = batch_norm a
		c = relu b
		d = max_pool(3, 2, 1) c
		y = dense(3) d`), Options{Batch: 2})
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float32, 32)
	x[5] = float32(math.NaN())
	loss, err := m.Step([][]float32{x}, Target{Labels: []int{0, 1}})
	if err != nil || !math.IsNaN(loss) {
		t.Errorf("the loss is %v, the error %v", loss, err)
	}
	x[5] = float32(math.Inf(1))
	if _, err := m.Step([][]float32{x}, Target{Labels: []int{0, 1}}); err != nil {
		t.Error(err)
	}
}

func TestMistakesAreErrorsThatSayWhere(t *testing.T) {
	g := graphOf(t, "x: [s: 2]\na = embed(5, 3) x\ny = dense(4) a")
	span := lang.Span{Source: lang.NewSource("a.space", "embed(5, 3)"), End: 11}
	g.Nodes[0].Span = span
	m, err := Build(g, Options{Batch: 2})
	if err != nil {
		t.Fatal(err)
	}
	ok, labels := [][]float32{{0, 1, 2, 4}}, Target{Labels: []int{0, 3}}
	if _, err := m.Step(ok, labels); err != nil {
		t.Fatal(err)
	}
	for says, f := range map[string]func() error{
		"embed1: embed takes whole numbers from 0 to 4; number 2 of the batch is 5": func() error {
			_, err := m.Predict([][]float32{{0, 1, 5, 4}})
			var at *OpError
			if !errors.As(err, &at) || at.Span != span {
				t.Errorf("the error has the span of %#v", at)
			}
			return err
		},
		"number 0 of the batch is 0.5": func() error { _, err := m.Predict([][]float32{{0.5, 1, 5, 4}}); return err },
		"number 3 of the batch is NaN": func() error {
			_, err := m.Step([][]float32{{0, 1, 2, float32(math.NaN())}}, labels)
			return err
		},
		"input x takes 4 numbers for a batch of 2; 3 are given": func() error { _, err := m.Predict([][]float32{{0, 1, 2}}); return err },
		"the model has 1 inputs; 0 are given":                   func() error { _, err := m.Step(nil, labels); return err },
		"label 1 of the batch is 4; the classes count from 0 to 3, and -1 is none": func() error {
			_, err := m.Step(ok, Target{Labels: []int{0, 4}})
			return err
		},
		"a batch of 2 takes 2 labels; 1 are given":      func() error { _, err := m.Step(ok, Target{Labels: []int{0}}); return err },
		"the batch must be from 1 to 16777216; it is 0": func() error { _, err := Build(g, Options{}); return err },
		"a batch of 2 takes 1 MiB of memory; the limit is 0 MiB": func() error {
			_, err := Build(g, Options{Batch: 2, MemoryLimit: 100})
			return err
		},
		"the model was built without a loss": func() error {
			m, err := Build(g, Options{Batch: 2, Loss: None})
			if err != nil {
				return err
			}
			_, err = m.Step(ok, labels)
			return err
		},
		"rotate1: rotate is declared in a file, without a definition that could be run": func() error {
			_, err := Build(withOp(g, opaque), Options{Batch: 1})
			return err
		},
		"trained on 1 output; the graph has 2": func() error {
			_, err := Build(graphOf(t, "x: [4]\na, b = split(2) x"), Options{Batch: 1})
			return err
		},
		"output y is declared as": func() error {
			bad := *g
			bad.OutPort = []op.Port{{Name: "y", Shape: op.Shape{{Size: 9}}}}
			_, err := Build(&bad, Options{Batch: 1})
			return err
		},
		"the model is closed": func() error {
			m, err := Build(g, Options{Batch: 2})
			if err != nil {
				return err
			}
			m.Close()
			_, err = m.Predict(ok)
			return err
		},
	} {
		if err := f(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, not %s", err, says)
		}
	}
}

var opaque = &op.Spec{Name: "rotate", Arity: 1, Apply: func(b op.Builder, _ op.Args, in []op.Tensor) []op.Tensor {
	return b.Opaque(in, []op.Shape{in[0].Shape()}, 0, 0)
}}

// withOp is the graph with an op of no arguments after its output.
func withOp(g *op.Graph, s *op.Spec) *op.Graph {
	c := *g
	c.Wires++
	c.Nodes = append(append([]op.Node(nil), g.Nodes...), op.Node{Args: op.Args{Spec: s}, In: g.Outputs,
		Out: []op.Wire{op.Wire(g.Wires)}, Shapes: []op.Shape{g.OutPort[0].Shape}, Path: s.Name + "1"})
	c.Outputs = []op.Wire{op.Wire(g.Wires)}
	return &c
}
