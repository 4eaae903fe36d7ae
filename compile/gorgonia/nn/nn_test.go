package nn_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/spacec-lang/spacec/compile/gorgonia/nn"
)

// Digits is a small network for images of handwritten digits.
func Digits() *nn.Graph {
	g := nn.New()
	image := g.Input("image", 1, 8, 8)
	conv1 := g.Conv(image, nn.Filters(8), nn.Stride(2)) // [c: 8, h: 4, w: 4]
	relu1 := g.ReLU(conv1)                              // [c: 8, h: 4, w: 4]
	g.Output("logits", g.Dense(relu1, 10))              // [10]
	return g
}

func Example() {
	m, err := Digits().Build(nn.Options{Batch: 2, Seed: 1, Loss: nn.CrossEntropy})
	if err != nil {
		fmt.Println(err)
		return
	}
	images, labels := make([]float32, 2*64), []int{3, 7}
	images[10], images[90] = 1, 1
	before, err := m.Step([][]float32{images}, nn.Target{Labels: labels})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range m.Params() {
		for i, g := range p.Grad {
			p.Value[i] -= 0.1 * g
		}
		fmt.Println(p.Name, p.Shape)
	}
	after, _ := m.Step([][]float32{images}, nn.Target{Labels: labels})
	fmt.Println("the loss falls:", after < before)
	// Output:
	// conv1.weight [8 1 3 3]
	// conv1.bias [8]
	// dense1.weight [10 128]
	// dense1.bias [10]
	// the loss falls: true
}

// The first mistake is kept, with its line, and nothing panics after it.
func TestMistakes(t *testing.T) {
	for says, f := range map[string]func(g *nn.Graph, x nn.Tensor) nn.Tensor{
		"nn_test.go:53: max_pool of kernel 9 needs":             func(g *nn.Graph, x nn.Tensor) nn.Tensor { return g.MaxPool(x, nn.Kernel(9)) },
		"units of dense is a whole number of at least 1, not 0": func(g *nn.Graph, x nn.Tensor) nn.Tensor { return g.Dense(x, 0) },
		"conv has no parameter rate":                            func(g *nn.Graph, x nn.Tensor) nn.Tensor { return g.Conv(x, nn.Rate(0.5)) },
		"kernel of conv is given twice":                         func(g *nn.Graph, x nn.Tensor) nn.Tensor { return g.Conv(x, nn.Kernel(1), nn.Kernel(3)) },
		"bias of dense is given twice": func(g *nn.Graph, x nn.Tensor) nn.Tensor {
			return g.Dense(x, 4, nn.Bias(true), nn.Bias(false))
		},
		"add takes a tuple of two or more tensors": func(g *nn.Graph, x nn.Tensor) nn.Tensor { return g.Add(x) },
		"concat has axis: 4":                       func(g *nn.Graph, x nn.Tensor) nn.Tensor { return g.Concat(x, x, nn.Axis(4)) },
		"another graph":                            func(g *nn.Graph, _ nn.Tensor) nn.Tensor { return g.ReLU(nn.New().Input("x", 3)) },
		"of another graph":                         func(*nn.Graph, nn.Tensor) nn.Tensor { return nn.Tensor{} },
		"split into 3 needs axis 1":                func(g *nn.Graph, x nn.Tensor) nn.Tensor { return g.Split(x, 3)[2] },
		"n of split is a whole number":             func(g *nn.Graph, x nn.Tensor) nn.Tensor { return g.Split(x, -1)[0] },
		"input y comes after an op": func(g *nn.Graph, x nn.Tensor) nn.Tensor {
			g.ReLU(x)
			return g.Input("y", 3)
		},
		"linear can't use the weights of dense": func(g *nn.Graph, x nn.Tensor) nn.Tensor {
			return g.Linear(x, 4, nn.WeightsOf(g.Dense(x, 4)))
		},
		"WeightsOf takes a tensor that an op": func(g *nn.Graph, x nn.Tensor) nn.Tensor { return g.Dense(x, 4, nn.WeightsOf(x)) },
		"dense2: dense can't share dense1.weight": func(g *nn.Graph, x nn.Tensor) nn.Tensor {
			y := g.Dense(x, 4)
			return g.Dense(y, 5, nn.WeightsOf(y))
		},
	} {
		g := nn.New()
		x := f(g, g.Input("image", 2, 4, 4))
		g.Output("y", g.Add(g.Tanh(x), x))
		_, err := g.Build(nn.Options{Batch: 1})
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, not %s", err, says)
		}
	}
	if _, err := nn.New().Build(nn.Options{Batch: 1}); err == nil {
		t.Error("an empty graph is built")
	}
}
