package stdlib_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/stdlib"
)

// TestPasses: an op that says so makes of tensors that are alike, whatever they are, ones like them, for nothing.
func TestPasses(t *testing.T) {
	for _, spec := range stdlib.Library().Specs() {
		if !spec.Passes {
			continue
		}
		rapid.Check(t, func(t *rapid.T) {
			shape := op.Shape{}
			for range rapid.IntRange(1, 4).Draw(t, "rank") {
				shape = append(shape, op.Axis{Name: rapid.SampledFrom([]string{"", "c"}).Draw(t, "name"), Size: rapid.IntRange(1, 50).Draw(t, "size")})
			}
			given := map[string]any{}
			for _, p := range spec.Params {
				if p.Default == nil {
					given[p.Name] = rapid.IntRange(2, 5).Draw(t, p.Name)
				}
			}
			args, err := op.Bind(spec, nil, given)
			if err != nil {
				t.Fatal(err)
			}
			in := []op.Shape{shape}
			if spec.Arity < 0 {
				in = slices.Repeat(in, rapid.IntRange(2, 5).Draw(t, "tensors"))
			}
			got, err := op.Infer(args, in)
			if err != nil || len(got.Out) == 0 || got.Params != 0 || got.MACs != 0 {
				t.Fatalf("%s of %s: %+v, %v", spec.Name, shape, got, err)
			}
			for _, out := range got.Out {
				if !cmp.Equal(out, shape) {
					t.Fatalf("%s of %s: %s", spec.Name, shape, out)
				}
			}
		})
	}
}
