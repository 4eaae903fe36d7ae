package stdlib_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/stdlib"
)

// TestPasses: an op that says so makes of a tensor, whatever it is, one of its shape, for nothing.
func TestPasses(t *testing.T) {
	for _, spec := range stdlib.Library().Specs() {
		if !spec.Passes {
			continue
		}
		rapid.Check(t, func(t *rapid.T) {
			shape := op.Shape{}
			for range rapid.IntRange(1, 4).Draw(t, "rank") {
				shape = append(shape, op.Axis{Size: rapid.IntRange(1, 50).Draw(t, "size")})
			}
			args, err := op.Bind(spec, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			got, err := op.Infer(args, []op.Shape{shape})
			if err != nil || len(got.Out) != 1 || !got.Out[0].Same(shape) || got.Params != 0 || got.MACs != 0 {
				t.Fatalf("%s of %s: %+v, %v", spec.Name, shape, got, err)
			}
		})
	}
}
