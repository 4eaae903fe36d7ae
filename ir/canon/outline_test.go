package canon

import (
	"sort"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/stdlib"
)

// traits of the standard ops, as a reader of their documentation would list them. The code has no such list:
// it reads them from the primitives.
var traits = map[string][]string{
	"weights": {"attention", "batch_norm", "conv", "conv1d", "dense", "embed", "group_norm", "gru", "layer_norm", "linear", "lstm", "masked_attention", "pos_enc"},
	"single":  {"batch_norm", "dropout"},
	"passes":  {"clone", "skip"},
	"sums":    {"add"},
	"times":   {"mul"},
	"zero":    {"zero"},
	// What makes zeros of zeros, as the examples are written: a bias doesn't.
	"linear": {"add", "avg_pool", "clone", "concat", "dropout", "flatten", "fold", "gelu", "global_avg_pool", "global_max_pool", "leaky_relu",
		"matmul", "max_pool", "mean", "mul", "pad_equal", "permute", "relu", "reshape", "scale", "scale_channels", "silu", "skip", "split", "tanh", "unfold", "zero"},
	"silent": {"conv.bits", "dense.bits", "linear.bits"},
}

// example is the op of a spec's example and what arrives at it.
func example(t *testing.T, s *op.Spec) (op.Args, []op.Shape) {
	t.Helper()
	arrives := map[string][]op.Shape{
		"add": {{{Size: 4}}, {{Size: 4}}}, "mul": {{{Size: 4}}, {{Size: 4}}}, "pad_equal": {{{Size: 3}}, {{Size: 4}}}, "concat": {{{Size: 4}}, {{Size: 3}}},
		"matmul": {{{Size: 4}, {Size: 8}}, {{Size: 8}, {Size: 4}}}, "scale_channels": {{{Size: 4}, {Size: 2}}, {{Size: 4}}},
		"masked_attention": {{{Size: 4}, {Size: 2}}, {{Size: 4}}}, "pad_mask": {{{Size: 2}, {Size: 4}}, {{Size: 4}}},
		"fold": {{{Size: 16}, {Size: 8}}}, "reshape": {{{Size: 128}}}, "permute": {{{Size: 3}, {Size: 4}, {Size: 5}}},
	}
	given := map[string][]any{
		"dense": {10}, "linear": {32}, "embed": {100, 16}, "conv": {16}, "conv1d": {32}, "unfold": {3}, "fold": {4, 4}, "mean": {1},
		"group_norm": {4}, "dropout": {0.25}, "clone": {2}, "split": {2}, "permute": {2, 3, 1}, "reshape": {8, 16}, "lstm": {32}, "gru": {32},
		"scale": {-1.0},
	}
	args, err := op.Bind(s, given[s.Name], nil)
	if err != nil {
		t.Fatal(err)
	}
	in := arrives[s.Name]
	if in == nil {
		for _, shape := range []op.Shape{{{Size: 8}, {Size: 8}, {Size: 8}}, {{Size: 16}, {Size: 8}}} {
			if _, err := op.Infer(args, []op.Shape{shape}); err == nil {
				in = []op.Shape{shape}
				break
			}
		}
	}
	return args, in
}

func TestTraitsAreReadFromThePrimitives(t *testing.T) {
	got := map[string][]string{}
	note := func(trait, name string, holds bool) {
		if holds {
			got[trait] = append(got[trait], name)
		}
	}
	for _, s := range stdlib.Library().Specs() {
		args, in := example(t, s)
		o, _, err := outlineOf(args, in, nil)
		if err != nil {
			t.Errorf("%s: %v", s.Name, err)
			continue
		}
		note("weights", s.Name, o.weighted)
		note("single", s.Name, o.single)
		note("passes", s.Name, o.out[0].kind == wire)
		note("sums", s.Name, o.out[0].kind == sum)
		note("times", s.Name, o.out[0].kind == product)
		note("zero", s.Name, o.out[0].kind == zero)
		zeros := make([]bool, len(in))
		for i := range zeros {
			zeros[i] = true
		}
		z, _, err := outlineOf(args, in, zeros)
		if err != nil {
			t.Errorf("%s of zeros: %v", s.Name, err)
			continue
		}
		if z.label != o.label && z.out[0].kind == computed {
			t.Errorf("%s of zeros is another op", s.Name)
		}
		note("linear", s.Name, z.out[0].kind == zero)
		tr, _, _ := traceOf(args, in, nil)
		for i, p := range s.Params {
			values := append([]any(nil), args.Values...)
			if values[i] == nil && p.Kind == op.Int {
				values[i] = 4
			}
			full := op.Args{Spec: s, Values: values}
			if tr, _, err := traceOf(full, in, nil); err == nil && o.out[0].kind == computed {
				note("silent", s.Name+"."+p.Name, silent(full, i, in, string(tr.trace)))
			}
		}
		if tr.costs.Params != o.params || tr.costs.MACs != o.macs {
			t.Errorf("%s has other costs the second time", s.Name)
		}
	}
	for _, names := range got {
		sort.Strings(names)
	}
	if diff := cmp.Diff(traits, got); diff != "" {
		t.Errorf("traits (-listed +read):\n%s", diff)
	}
}

// TestInsideAnOp: what an op does inside counts as it does outside.
func TestInsideAnOp(t *testing.T) {
	x := op.Shape{{Size: 4}}
	run := func(arity int, zeros []bool, f func(b op.Builder, in []op.Tensor) []op.Tensor) []value {
		spec := &op.Spec{Name: "f", Arity: arity, Apply: func(b op.Builder, _ op.Args, in []op.Tensor) []op.Tensor { return f(b, in) }}
		in := make([]op.Shape, arity)
		for i := range in {
			in[i] = x
		}
		o, _, err := outlineOf(op.Args{Spec: spec}, in, zeros)
		if err != nil {
			t.Fatal(err)
		}
		return o.out
	}
	for name, c := range map[string]struct {
		got  []value
		want []value
	}{
		"twice the sum": {run(2, nil, func(b op.Builder, in []op.Tensor) []op.Tensor {
			s := b.Add(in...)
			return []op.Tensor{b.Add(s, s, in[0])}
		}), []value{{kind: sum, of: []uses{{0, 3}, {1, 2}}}}},
		"a cube": {run(1, nil, func(b op.Builder, in []op.Tensor) []op.Tensor {
			return []op.Tensor{b.Mul(in[0], b.Mul(in[0], in[0]))}
		}), []value{{kind: product, of: []uses{{0, 3}}}}},
		"a residual stays one op": {run(1, nil, func(b op.Builder, in []op.Tensor) []op.Tensor {
			return []op.Tensor{b.Add(in[0], b.ReLU(in[0]))}
		}), []value{{}}},
		"a residual of nothing": {run(1, []bool{true}, func(b op.Builder, in []op.Tensor) []op.Tensor {
			return []op.Tensor{b.Add(in[0], b.ReLU(in[0]))}
		}), []value{{kind: zero}}},
		"a sum with nothing": {run(2, []bool{false, true}, func(b op.Builder, in []op.Tensor) []op.Tensor {
			return []op.Tensor{b.Add(in...), b.Mul(in...), b.Concat(0, in...)}
		}), []value{{kind: wire}, {kind: zero}, {n: 2}}},
		"one tensor as two outputs": {run(1, nil, func(b op.Builder, in []op.Tensor) []op.Tensor {
			y := b.Tanh(in[0])
			return []op.Tensor{in[0], y, b.Zero(y), y}
		}), []value{{kind: wire}, {n: 1}, {kind: zero}, {n: 1}}},
		"there and back": {run(1, nil, func(b op.Builder, in []op.Tensor) []op.Tensor {
			return []op.Tensor{b.Reshape(b.Slice(in[0], 0, 0, 4), op.Shape{{Name: "f", Size: 4}})}
		}), []value{{kind: wire}}},
	} {
		if diff := cmp.Diff(c.want, c.got, cmp.AllowUnexported(value{}, uses{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestAnOpOfAFileKeepsItsArguments: nothing is known of it but what it is called with.
func TestAnOpOfAFileKeepsItsArguments(t *testing.T) {
	spec := &op.Spec{Name: "rotate", Arity: 1, Params: []op.Param{{Name: "m", Kind: op.Int}},
		Apply: func(b op.Builder, a op.Args, in []op.Tensor) []op.Tensor {
			return b.Opaque(in, []op.Shape{in[0].Shape()}, 0, 0)
		}}
	labels := map[string]bool{}
	for m := range 3 {
		o, _, err := outlineOf(op.Args{Spec: spec, Values: []any{m}}, []op.Shape{{{Size: 4}}}, []bool{true})
		if err != nil || !o.single || o.out[0].kind != computed {
			t.Errorf("%+v, %v", o, err)
		}
		labels[o.label] = true
	}
	if len(labels) != 3 {
		t.Errorf("%d labels for 3 arguments", len(labels))
	}
}
