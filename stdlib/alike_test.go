package stdlib_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/stdlib"
)

// TestAlike: an op that says so makes of tensors of one shape, whatever it is, one of that shape, for nothing.
func TestAlike(t *testing.T) {
	for _, spec := range stdlib.Library().Specs() {
		if !spec.Alike {
			continue
		}
		rapid.Check(t, func(t *rapid.T) {
			shape := op.Shape{}
			for range rapid.IntRange(1, 4).Draw(t, "rank") {
				shape = append(shape, op.Axis{Size: rapid.IntRange(1, 50).Draw(t, "size")})
			}
			n := spec.Arity
			if n < 0 {
				n = rapid.IntRange(2, 8).Draw(t, "tensors")
			}
			in := make([]op.Shape, n)
			for i := range in {
				in[i] = shape
			}
			args, err := op.Bind(spec, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			got, err := op.Infer(args, in)
			if err != nil || len(got.Out) != 1 || !got.Out[0].Same(shape) || got.Params != 0 || got.MACs != 0 {
				t.Fatalf("%s of %d %s: %+v, %v", spec.Name, n, shape, got, err)
			}
		})
	}
}
