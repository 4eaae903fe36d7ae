package op_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spacec-lang/spacec/ir/op"
)

var affine = &op.Spec{
	Name: "affine", Arity: 1,
	Params: []op.Param{
		{Name: "units", Kind: op.Int, Bounded: true, Min: 1, Max: op.MaxElements},
		{Name: "rate", Kind: op.Real, Default: 0.5, Bounded: true, Max: 1},
		{Name: "bias", Kind: op.Bool, Default: true},
		{Name: "mode", Kind: op.Symbol, DefaultDoc: "plain"},
	},
	Apply: func(b op.Builder, a op.Args, in []op.Tensor) []op.Tensor {
		s := in[0].Shape()
		n := s[len(s)-1].Size
		return []op.Tensor{b.Linear(in[0], b.Weight("weight", op.Uniform(1), a.Int("units"), n), nil)}
	},
}

var order = &op.Spec{
	Name: "order", Arity: 1, Params: []op.Param{{Name: "axes", Kind: op.Ints, Bounded: true, Min: 1, Max: 8}},
	Apply: func(b op.Builder, a op.Args, in []op.Tensor) []op.Tensor { return in },
}

var pass = &op.Spec{
	Name: "pass", Arity: 1, Wiring: true,
	Apply: func(_ op.Builder, _ op.Args, in []op.Tensor) []op.Tensor { return in },
}

var sum = &op.Spec{
	Name: "sum", Arity: -1,
	Apply: func(b op.Builder, _ op.Args, in []op.Tensor) []op.Tensor { return []op.Tensor{b.Add(in...)} },
}

func TestBindGivesEveryParameterAValue(t *testing.T) {
	a, err := op.Bind(affine, []any{8, 1}, map[string]any{"bias": false})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]any{8, 1.0, false, nil}, a.Values); diff != "" {
		t.Error(diff)
	}
	if a.Has("mode") || !a.Has("rate") || a.Has("nothing") || a.Int("units") != 8 || a.Real("rate") != 1 ||
		a.Bool("bias") || a.IntOr("mode", 7) != 7 || a.Symbol("mode") != "" || a.Ints("units") != nil {
		t.Errorf("getters disagree with %v", a.Values)
	}
	if got := a.String(); got != "affine(8, 1.0, false)" {
		t.Errorf("printed %s", got)
	}
	a, err = op.Bind(order, []any{3, []int{1, 2}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{3, 1, 2}, a.Ints("axes")); diff != "" {
		t.Error(diff)
	}
}

func TestBindSaysWhichArgumentIsWrong(t *testing.T) {
	for _, c := range []struct {
		spec       *op.Spec
		positional []any
		named      map[string]any
		index      int
		name, says string
	}{
		{affine, []any{0}, nil, 0, "", "units of affine is a whole number of at least 1, not 0"},
		{affine, []any{8, 1.5}, nil, 1, "", "rate of affine is a number from 0 to 1, not 1.5"},
		{affine, []any{8.0}, nil, 0, "", "units of affine is a whole number of at least 1, not 8"},
		{affine, []any{8, 0.5, 1}, nil, 2, "", "bias of affine is true or false, not 1"},
		{affine, []any{8, 0.5, true, 4}, nil, 3, "", "mode of affine is a name, not 4"},
		{affine, []any{8, 0.5, true, "a", 1}, nil, 4, "", "affine takes 4 arguments at most; 5 are given"},
		{pass, []any{8}, nil, 0, "", "pass takes no arguments; 1 is given"},
		{affine, nil, nil, -1, "units", "affine needs its units, a whole number of at least 1"},
		{affine, []any{8}, map[string]any{"unit": 1, "bios": 2}, -1, "bios", "affine has no parameter bios; it has units, rate, bias, mode"},
		{affine, []any{8}, map[string]any{"units": 8}, -1, "units", "units of affine is given twice, by position and by name"},
		{affine, []any{8}, map[string]any{"bias": nil}, -1, "bias", "bias of affine is true or false, not nothing"},
		{order, []any{1, 9}, nil, 1, "", "axes of order is whole numbers from 1 to 8, not 9"},
	} {
		_, err := op.Bind(c.spec, c.positional, c.named)
		if diff := cmp.Diff(&op.BindError{Index: c.index, Name: c.name, Message: c.says}, err); diff != "" {
			t.Errorf("%v %v: %s", c.positional, c.named, diff)
		}
	}
}

func bind(t testing.TB, s *op.Spec, positional ...any) op.Args {
	t.Helper()
	a, err := op.Bind(s, positional, nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestInferReadsShapesAndCosts(t *testing.T) {
	r, err := op.Infer(bind(t, affine, 10), []op.Shape{{{Name: "s", Size: 4}, {Name: "d", Size: 3}}})
	if err != nil {
		t.Fatal(err)
	}
	want := op.Result{Out: []op.Shape{{{Name: "s", Size: 4}, {Name: "d", Size: 10}}}, Params: 30, MACs: 120, Activations: 40}
	if diff := cmp.Diff(want, r); diff != "" {
		t.Error(diff)
	}
}

func TestInferTurnsEveryMistakeIntoAnError(t *testing.T) {
	broken := func(f func(b op.Builder, x op.Tensor) op.Tensor) op.Args {
		return op.Args{Spec: &op.Spec{Name: "broken", Arity: 1, Apply: func(b op.Builder, _ op.Args, in []op.Tensor) []op.Tensor {
			return []op.Tensor{f(b, in[0])}
		}}}
	}
	x := op.Shape{{Name: "c", Size: 4}}
	for _, c := range []struct {
		args op.Args
		in   []op.Shape
		says string
	}{
		{bind(t, affine, 1<<31), []op.Shape{{{Size: 2}}}, "the weight of affine would have 4294967296 elements; the most is 2^31"},
		{bind(t, affine, 1<<20), []op.Shape{{{Size: 1 << 12}, {Size: 1}}}, "affine would make [4096, 1048576]; an axis must have 1 or more elements and a tensor at most 2^31"},
		{bind(t, pass), []op.Shape{{{Size: 0}}}, "pass can't take [0]: an axis must have 1 or more elements and a tensor at most 2^31"},
		{bind(t, pass), []op.Shape{{{Size: 1 << 62}, {Size: 1 << 62}}}, "pass can't take"},
		{bind(t, pass), []op.Shape{{{Size: -3}}}, "pass can't take [-3]"},
		{bind(t, pass), []op.Shape{x, x}, "pass takes 1 tensor; 2 tensors arrive"},
		{bind(t, sum), []op.Shape{x}, "sum takes a tuple of two or more tensors; 1 tensor arrives"},
		{op.Args{}, []op.Shape{x}, "without a definition"},
		{op.Args{Spec: affine}, []op.Shape{x}, "arguments that aren't its own"},
		{broken(func(op.Builder, op.Tensor) op.Tensor { panic("oh") }), []op.Shape{x}, "broken failed: oh"},
		{broken(func(b op.Builder, x op.Tensor) op.Tensor { return b.Softmax(x, 1) }), []op.Shape{x}, "broken is defined wrongly: an axis that isn't there"},
		{broken(func(b op.Builder, x op.Tensor) op.Tensor { return b.Permute(x, 0, 0) }), []op.Shape{x}, "broken is defined wrongly"},
		{broken(func(b op.Builder, x op.Tensor) op.Tensor { return b.Slice(x, 0, 3, 5) }), []op.Shape{x}, "broken is defined wrongly"},
		{broken(func(b op.Builder, x op.Tensor) op.Tensor { return b.MaxPool(x, op.Window{}) }), []op.Shape{x}, "broken is defined wrongly"},
		{broken(func(b op.Builder, x op.Tensor) op.Tensor { return b.Opaque(nil, nil, -1, 0)[0] }), []op.Shape{x}, "can't be negative"},
	} {
		_, err := op.Infer(c.args, c.in)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s of %v: %v, not %s", c.args.Spec.Name, c.in, err, c.says)
		}
	}
}

func TestSamePaddingGivesTheCeiling(t *testing.T) {
	for size := 1; size < 20; size++ {
		for k := 1; k < 8; k++ {
			for stride := 1; stride < 5; stride++ {
				for dilation := 1; dilation < 4; dilation++ {
					a, b := op.Same(size, k, stride, dilation)
					w := op.Window{KH: k, KW: 1, SH: stride, SW: 1, DH: dilation, DW: 1, Top: a, Bottom: b}
					got, _ := w.Out(size, 1)
					if want := (size + stride - 1) / stride; got != want || b < a || b > a+1 {
						t.Errorf("size %d kernel %d stride %d dilation %d: padding %d, %d gives %d, not %d", size, k, stride, dilation, a, b, got, want)
					}
				}
			}
		}
	}
}

// chain is x -> affine(4) -> pass -> affine(4), and the sum of the last with the first's result.
func chain(t *testing.T) *op.Graph {
	four := op.Shape{{Size: 4}}
	return &op.Graph{
		Inputs: []op.Port{{Name: "x", Shape: op.Shape{{Size: 3}}}},
		Nodes: []op.Node{
			{Args: bind(t, affine, 4), In: []op.Wire{0}, Out: []op.Wire{1}, Shapes: []op.Shape{four}, Path: "a"},
			{Args: bind(t, pass), In: []op.Wire{1}, Out: []op.Wire{2}, Shapes: []op.Shape{four}, Path: "b"},
			{Args: bind(t, affine, 4), In: []op.Wire{2}, Out: []op.Wire{3}, Shapes: []op.Shape{four}, Path: "c", Share: 1},
			{Args: bind(t, affine, 4), In: []op.Wire{3}, Out: []op.Wire{4}, Shapes: []op.Shape{four}, Path: "d", Share: 1},
			{Args: bind(t, sum), In: []op.Wire{4, 1}, Out: []op.Wire{5}, Shapes: []op.Shape{four}, Path: "e"},
		},
		Outputs: []op.Wire{5}, OutPort: []op.Port{{Name: "y", Shape: four}}, Wires: 6,
	}
}

func TestCostsCountSharedWeightsOnceAndNoWiring(t *testing.T) {
	got, err := chain(t).Costs()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(op.Cost{Params: 12 + 16, MACs: 12 + 16 + 16, Layers: 4, Activations: 16, Peak: 12}, got); diff != "" {
		t.Error(diff)
	}
}

func TestCheckNamesWhatIsWrongInAGraph(t *testing.T) {
	for says, spoil := range map[string]func(g *op.Graph){
		"c: wire 5 is used before it is made":                                                 func(g *op.Graph) { g.Nodes[2].In = []op.Wire{5} },
		"a: two ops are at this path":                                                         func(g *op.Graph) { g.Nodes[1].Path = "a" },
		"b: pass makes [4]; the graph says [5]":                                               func(g *op.Graph) { g.Nodes[1].Shapes = []op.Shape{{{Size: 5}}} },
		"d: wire 1 is made twice or beyond the graph's 6":                                     func(g *op.Graph) { g.Nodes[3].Out[0] = 1 },
		"e: wire 9 is made twice or beyond the graph's 6":                                     func(g *op.Graph) { g.Nodes[4].Out[0] = 9 },
		"output y is declared as [4, 1]; [4] arrives":                                         func(g *op.Graph) { g.OutPort[0].Shape = op.Shape{{Size: 4}, {Size: 1}} },
		"output y is a wire that nothing makes":                                               func(g *op.Graph) { g.Outputs[0] = -1 },
		"input x can't be [0]":                                                                func(g *op.Graph) { g.Inputs[0].Shape = op.Shape{{Size: 0}} },
		"d: pass can't share the weights of c, which is another op":                           func(g *op.Graph) { g.Nodes[3].Args = op.Args{Spec: pass} },
		"b: pass makes 1 tensor; the graph has 2":                                             func(g *op.Graph) { g.Nodes[1].Out = []op.Wire{2, 6}; g.Wires++ },
		"a declared port for each output: 6 wires and 1 ports, not 1152921504606846976 and 1": func(g *op.Graph) { g.Wires = 1 << 60 },
		"a declared port for each output":                                                     func(g *op.Graph) { g.OutPort = nil },
	} {
		g := chain(t)
		spoil(g)
		if err := g.Check(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, not %s", err, says)
		}
		if _, err := g.Costs(); fmt.Sprint(err) != fmt.Sprint(g.Check()) {
			t.Errorf("Costs says %v", err)
		}
	}
}

// A tensor counts from the op that makes it to the last that reads it, and once under all its names.
func TestPeakFollowsWhatIsStillNeeded(t *testing.T) {
	shape := func(n int) op.Shape { return op.Shape{{Size: n}} }
	g := &op.Graph{Inputs: []op.Port{{Name: "x", Shape: shape(100)}}, Wires: 1}
	last := op.Wire(0)
	step := func(spec *op.Spec, size int, in ...op.Wire) op.Wire {
		a := op.Args{Spec: spec}
		if spec == affine {
			a = bind(t, affine, size)
		}
		last = op.Wire(g.Wires)
		g.Wires++
		g.Nodes = append(g.Nodes, op.Node{Args: a, In: in, Out: []op.Wire{last}, Shapes: []op.Shape{shape(size)}, Path: fmt.Sprint(last)})
		g.Outputs, g.OutPort = []op.Wire{last}, []op.Port{{Name: "y", Shape: shape(size)}}
		return last
	}
	peak := func(want int64) {
		t.Helper()
		c, err := g.Costs()
		if err != nil {
			t.Fatal(err)
		}
		if c.Peak != want {
			t.Errorf("the peak after %d nodes is %d, not %d", len(g.Nodes), c.Peak, want)
		}
	}
	a := step(affine, 10, 0)
	peak(110)
	b := step(pass, 10, a)
	peak(110)
	c := step(affine, 150, b) // x is gone: 10 + 150
	peak(160)
	d := step(affine, 10, c)
	peak(160)
	step(sum, 10, d, b) // a lives under the name b through c's time: 10 + 150 + 10
	peak(170)
}
