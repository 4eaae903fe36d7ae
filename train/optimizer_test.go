package train

import (
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/spacec-lang/spacec/compile/gorgonia"
	"github.com/spacec-lang/spacec/ir"
)

// near compares float32 results with values worked out by hand.
var near = cmpopts.EquateApprox(0, 2e-6)

// steps feeds gradients to a fresh weight of 1 and 2, and returns the weights after each step.
func steps(o Optimizer, lr float64, grads ...[]float32) (after [][]float32) {
	p := &gorgonia.Param{Value: []float32{1, 2}}
	for i, g := range grads {
		p.Grad = g
		o.Step([]*gorgonia.Param{p}, lr, i+1)
		after = append(after, append([]float32(nil), p.Value...))
	}
	return after
}

func TestOptimizersByHand(t *testing.T) {
	g1, g2 := []float32{0.5, -1}, []float32{0.25, 1}
	for _, c := range []struct {
		name string
		o    Optimizer
		lr   float64
		want [][]float32
	}{
		// w - 0.1 g.
		{"sgd", &SGD{}, 0.1, [][]float32{{0.95, 2.1}, {0.925, 2}}},
		// v: (0.5, -1), then 0.9 v + g = (0.7, 0.1).
		{"momentum", &SGD{Momentum: 0.9}, 0.1, [][]float32{{0.95, 2.1}, {0.88, 2.09}}},
		// g + 0.2 w: (0.7, -0.6); then (0.25 + 0.2*0.93, 1 + 0.2*2.06) = (0.436, 1.412).
		{"decay", &SGD{WeightDecay: 0.2}, 0.1, [][]float32{{0.93, 2.06}, {0.8864, 1.9188}}},
		// Step 1 moves by lr sign(g). Step 2: m = (0.07, 0.01), v = (0.00031175... below).
		{"adam", &Adam{Beta1: 0.9, Beta2: 0.999}, 0.1, [][]float32{{0.9, 2.1}, {
			// m = 0.9*0.05 + 0.1*0.25 = 0.07, m' = 0.07/0.19; v = 0.999*0.00025 + 0.001*0.0625 = 0.00031225, v' = v/0.001999
			float32(0.9 - 0.1*(0.07/0.19)/math.Sqrt(0.00031225/0.001999)),
			// m = -0.09 + 0.1 = 0.01; v = 0.000999 + 0.001 = 0.001999, v' = 1
			float32(2.1 - 0.1*(0.01/0.19)),
		}}},
		// As sgd's decay, in the gradient: step 1 still moves by lr sign(g + 0.2 w), sign of (0.7, -0.6).
		{"adam with decay", &Adam{Beta1: 0.9, Beta2: 0.999, WeightDecay: 0.2}, 0.1, [][]float32{{0.9, 2.1}, {
			// g = 0.25 + 0.18 = 0.43: m = 0.063 + 0.043 = 0.106, v = 0.999*0.00049 + 0.001*0.1849
			float32(0.9 - 0.1*(0.106/0.19)/math.Sqrt((0.999*0.00049+0.001*0.1849)/0.001999)),
			// g = 1 + 0.42 = 1.42: m = -0.054 + 0.142 = 0.088, v = 0.999*0.00036 + 0.001*2.0164
			float32(2.1 - 0.1*(0.088/0.19)/math.Sqrt((0.999*0.00036+0.001*2.0164)/0.001999)),
		}}},
		// w (1 - 0.1*0.2) and then Adam's own step: 0.98 - 0.1, 1.96 + 0.1.
		{"adamw", &Adam{Beta1: 0.9, Beta2: 0.999, WeightDecay: 0.2, Decoupled: true}, 0.1, [][]float32{{0.88, 2.06}, {
			float32(0.88*0.98 - 0.1*(0.07/0.19)/math.Sqrt(0.00031225/0.001999)),
			float32(2.06*0.98 - 0.1*(0.01/0.19)),
		}}},
	} {
		if diff := cmp.Diff(c.want, steps(c.o, c.lr, g1, g2), near); diff != "" {
			t.Errorf("%s:\n%s", c.name, diff)
		}
	}
}

// The weights that PyTorch 1.13 leaves after each of twenty steps, in four epochs, by its optimisers and schedulers:
// testdata/torch_optimizers.py wrote them.
func TestOptimizersAndSchedulesAreThoseOfPyTorch(t *testing.T) {
	text, err := os.ReadFile("testdata/torch_optimizers.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct {
		LR       float64
		Epochs   int
		PerEpoch int `json:"per_epoch"`
		Cases    []struct {
			Fields  map[string]any
			Weights [][]float32
		}
	}
	if err := json.Unmarshal(text, &golden); err != nil || len(golden.Cases) == 0 {
		t.Fatal(err)
	}
	for _, c := range golden.Cases {
		for name, v := range c.Fields {
			if m, ok := v.(map[string]any); ok {
				args := m["args"].(map[string]any)
				if n, ok := args["every"].(float64); ok {
					args["every"] = int(n) // JSON knows no integers
				}
				c.Fields[name] = ir.Symbol{Name: m["name"].(string), Args: args}
			}
		}
		s, err := ParseSettings(c.Fields)
		if err != nil {
			t.Fatal(err)
		}
		o, p := s.NewOptimizer(), &gorgonia.Param{Value: []float32{1, -2, 0.5}, Grad: make([]float32, 3)}
		for i, want := range c.Weights {
			for j, w := range p.Value {
				p.Grad[j] = 0.5*w + float32(math.Sin(0.7*float64(i+1)+float64(j)))
			}
			o.Step([]*gorgonia.Param{p}, golden.LR*s.Schedule.Rate(i, golden.Epochs*golden.PerEpoch, golden.PerEpoch), i+1)
			if diff := cmp.Diff(want, p.Value, cmpopts.EquateApprox(1e-5, 1e-6)); diff != "" {
				t.Errorf("%v, step %d: %s", c.Fields, i, diff)
				break
			}
		}
	}
}

// A gradient of zero must not divide zero by zero.
func TestAdamAtZeroGradient(t *testing.T) {
	got := steps(&Adam{Beta1: 0.9, Beta2: 0.999}, 0.1, []float32{0, 0})
	if diff := cmp.Diff([][]float32{{1, 2}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestStepsDontAllocate(t *testing.T) {
	params := []*gorgonia.Param{{Value: make([]float32, 100), Grad: make([]float32, 100)}, {Value: make([]float32, 3), Grad: make([]float32, 3)}}
	for name, o := range map[string]Optimizer{"sgd": &SGD{Momentum: 0.9}, "adam": &Adam{Beta1: 0.9, Beta2: 0.999}} {
		if n := testing.AllocsPerRun(10, func() { o.Step(params, 0.1, 1) }); n > 0 {
			t.Errorf("%s allocates %v times a step", name, n)
		}
	}
}

func TestSchedules(t *testing.T) {
	// Twelve steps, four an epoch.
	for _, c := range []struct {
		name string
		s    Schedule
		want []float64
	}{
		{"constant", Schedule{Kind: "constant"}, []float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
		{"step", Schedule{Kind: "step", Every: 1, Factor: 0.5}, []float64{1, 1, 1, 1, .5, .5, .5, .5, .25, .25, .25, .25}},
		{"warm-up", Schedule{Kind: "constant", Warmup: 1}, []float64{.25, .5, .75, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
		{"cosine", Schedule{Kind: "cosine"}, []float64{1, .9829629, .9330127, .8535534, .75, .6294095, .5, .3705905, .25, .1464466, .0669873, .0170371}},
		// Four steps of warm-up, then half a cosine over the other eight.
		{"warm cosine", Schedule{Kind: "cosine", Warmup: 1}, []float64{.25, .5, .75, 1, 1, .9619398, .8535534, .6913417, .5, .3086583, .1464466, .0380602}},
		// A warm-up longer than the training never reaches the full rate.
		{"long warm-up", Schedule{Kind: "cosine", Warmup: 6}, []float64{1. / 24, 2. / 24, 3. / 24, 4. / 24, 5. / 24, 6. / 24, 7. / 24, 8. / 24, 9. / 24, 10. / 24, 11. / 24, 12. / 24}},
	} {
		var got []float64
		for i := range 12 {
			got = append(got, c.s.Rate(i, 12, 4))
		}
		if diff := cmp.Diff(c.want, got, cmpopts.EquateApprox(0, 1e-6)); diff != "" {
			t.Errorf("%s:\n%s", c.name, diff)
		}
	}
}
