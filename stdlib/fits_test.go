package stdlib_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/stdlib"
)

// TestFits: an op that can tell at once whether it takes what arrives refuses all that can't be built, and nothing else.
func TestFits(t *testing.T) {
	calls := map[string][]map[string]any{
		"add": {{}}, "mul": {{}}, "matmul": {{}},
		"concat":  {{"axis": 1}, {"axis": 2, "arity": 2}, {"axis": 3, "arity": 4}},
		"split":   {{"n": 2, "axis": 1}, {"n": 4, "axis": 3}},
		"permute": {{"axes": []int{2, 1}}, {"axes": []int{2, 3, 1}}},
		"unfold":  {{"kernel": 3}, {"kernel": 3, "stride": 2}, {"kernel": 4, "stride": 4}, {"kernel": 5, "padding": 0}},
	}
	for _, spec := range stdlib.Library().Specs() {
		if spec.Fits == nil {
			continue
		}
		t.Run(spec.Name, func(t *testing.T) { testFits(t, spec, calls[spec.Name]) })
	}
}

func testFits(t *testing.T, spec *op.Spec, calls []map[string]any) {
	for _, given := range calls {
		args, err := op.Bind(spec, nil, given)
		if err != nil {
			t.Fatal(err)
		}
		rapid.Check(t, func(t *rapid.T) {
			var shapes []op.Shape
			var in []op.Tensor
			for range rapid.SampledFrom([]int{1, 2, 2, 2, 4}).Draw(t, "tensors") {
				s := op.Shape{}
				for range rapid.SampledFrom([]int{1, 2, 2, 3, 3, 3}).Draw(t, "axes") {
					s = append(s, op.Axis{Size: rapid.SampledFrom([]int{1, 2, 4, 4, 4, 4, 4, 4}).Draw(t, "size")})
				}
				shapes, in = append(shapes, s), append(in, s)
			}
			_, err := op.Infer(args, shapes)
			if err != nil && !op.Refuses(args, in) {
				t.Errorf("%v takes %v: %v", given, shapes, err)
			}
			if err == nil && op.Refuses(args, in) {
				t.Errorf("%v refuses %v, and could be built", given, shapes)
			}
		})
	}
}
