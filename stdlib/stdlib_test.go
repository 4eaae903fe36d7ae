package stdlib_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/stdlib"
	"pgregory.net/rapid"
)

// parseCall reads "conv(8, stride: 2)".
func parseCall(t testing.TB, text string) op.Args {
	t.Helper()
	name, list, _ := strings.Cut(strings.TrimSuffix(text, ")"), "(")
	spec := stdlib.Library().Lookup(name)
	if spec == nil {
		t.Fatalf("no op %q", name)
	}
	var positional []any
	named := map[string]any{}
	for _, item := range strings.Split(list, ",") {
		key, value, isNamed := strings.Cut(strings.TrimSpace(item), ": ")
		if !isNamed {
			value = key
		}
		var v any
		if n, err := strconv.Atoi(value); err == nil {
			v = n
		} else if x, err := strconv.ParseFloat(value, 64); err == nil {
			v = x
		} else if b, err := strconv.ParseBool(value); err == nil {
			v = b
		} else if value == "" {
			continue
		} else {
			v = value
		}
		if isNamed {
			named[key] = v
		} else {
			positional = append(positional, v)
		}
	}
	a, err := op.Bind(spec, positional, named)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return a
}

// parseShapes reads "[c: 3, h: 8]" or "([4], [4])".
func parseShapes(t testing.TB, text string) []op.Shape {
	t.Helper()
	var shapes []op.Shape
	for _, part := range strings.Split(strings.Trim(text, "()"), "], [") {
		s := op.Shape{}
		for _, item := range strings.Split(strings.Trim(part, "[]"), ", ") {
			if item == "" {
				continue
			}
			name, size, ok := strings.Cut(item, ": ")
			if !ok {
				name, size = "", name
			}
			n, err := strconv.Atoi(size)
			if err != nil {
				t.Fatalf("%s: %v", text, err)
			}
			s = append(s, op.Axis{Name: name, Size: n})
		}
		shapes = append(shapes, s)
	}
	return shapes
}

func infer(t testing.TB, text string) (op.Result, error) {
	t.Helper()
	call, in, ok := strings.Cut(text, " : ")
	if !ok {
		t.Fatalf("%q has no arriving type", text)
	}
	return op.Infer(parseCall(t, call), parseShapes(t, in))
}

func TestEveryExampleRunsAndEveryOpIsDocumented(t *testing.T) {
	for _, s := range stdlib.Library().Specs() {
		if !strings.HasPrefix(s.Example, s.Name) {
			t.Errorf("the example of %s is %s", s.Name, s.Example)
		}
		if _, err := infer(t, s.Example); err != nil {
			t.Errorf("%s: %v", s.Example, err)
		}
		if s.Family == "" || !strings.Contains(s.Doc, "\nShape: ") {
			t.Errorf("%s has no family, or no shape in its documentation", s.Name)
		}
		for _, p := range s.Params {
			if p.Doc == "" {
				t.Errorf("%s of %s isn't documented", p.Name, s.Name)
			}
		}
	}
}

func TestShapesAndCosts(t *testing.T) {
	for _, c := range []struct {
		call         string
		out          string
		params, macs int64
	}{
		{"dense(10) : [c: 8, h: 2, w: 2]", "[10]", 330, 320},
		{"dense(10) : [c: 8]", "[10]", 90, 80},
		{"dense(10, bias: false) : [8]", "[10]", 80, 80},
		{"linear(32) : [s: 16, d: 64]", "[s: 16, d: 32]", 64*32 + 32, 16 * 64 * 32},
		{"conv : [c: 3, h: 9, w: 7]", "[c: 3, h: 9, w: 7]", 84, 81 * 63},
		{"conv(16, 3, stride: 2) : [c: 4, h: 9, w: 8]", "[c: 16, h: 5, w: 4]", 16*36 + 16, 16 * 36 * 20},
		{"conv(16, 5, padding: 0, bias: false) : [c: 4, h: 9, w: 8]", "[c: 16, h: 5, w: 4]", 1600, 1600 * 20},
		{"conv(16, 3, groups: 4, dilation: 2, padding: 2) : [c: 4, h: 9, w: 8]", "[c: 16, h: 9, w: 8]", 160, 144 * 72},
		{"conv(16, 1, kernel_w: 7, stride: 2, bias: false) : [c: 4, h: 9, w: 8]", "[c: 16, h: 5, w: 4]", 16 * 28, 16 * 28 * 20},
		{"conv1d(6, 5, stride: 3) : [s: 10, d: 4]", "[s: 4, d: 6]", 126, 480},
		{"max_pool(2) : [c: 8, h: 7, w: 5]", "[c: 8, h: 3, w: 2]", 0, 0},
		{"max_pool(3, 2, 1) : [c: 8, h: 7, w: 5]", "[c: 8, h: 4, w: 3]", 0, 0},
		{"avg_pool(3, stride: 1, padding: 1) : [c: 8, h: 7, w: 5]", "[c: 8, h: 7, w: 5]", 0, 0},
		{"global_avg_pool : [c: 8, h: 7, w: 5]", "[c: 8]", 0, 0},
		{"global_max_pool : [c: 8, h: 7, w: 5]", "[c: 8]", 0, 0},
		{"mean(1) : [s: 16, d: 64]", "[d: 64]", 0, 0},
		{"batch_norm : [c: 16, h: 8, w: 8]", "[c: 16, h: 8, w: 8]", 32, 0},
		{"layer_norm : [s: 16, d: 64]", "[s: 16, d: 64]", 128, 0},
		{"group_norm(4) : [c: 16, h: 8, w: 8]", "[c: 16, h: 8, w: 8]", 32, 0},
		{"matmul(true) : ([s: 4, d: 8], [d: 8, s: 5])", "[s: 4, s: 5]", 0, 160},
		{"concat(1) : ([c: 8, h: 4], [c: 3, h: 4], [c: 1, h: 4])", "[c: 12, h: 4]", 0, 0},
		{"pad_equal : ([c: 8, h: 1], [c: 3, h: 7], [c: 4, h: 3])", "[c: 8, h: 7] [c: 8, h: 7] [c: 8, h: 7]", 0, 0},
		{"pad_equal : ([c: 8, h: 4], [f: 40])", "[f: 40] [f: 40]", 0, 0},
		{"pad_equal : ([1], [2147483647])", "[2147483647] [2147483647]", 0, 0},
		{"split(2, axis: 2) : [c: 8, h: 4]", "[c: 8, h: 2] [c: 8, h: 2]", 0, 0},
		{"clone(3) : [4]", "[4] [4] [4]", 0, 0},
		{"permute(2, 3, 1) : [c: 8, h: 4, w: 5]", "[h: 4, w: 5, c: 8]", 0, 0},
		{"flatten : [c: 8, h: 4, w: 5]", "[f: 160]", 0, 0},
		{"reshape(8, 20) : [c: 8, h: 4, w: 5]", "[8, 20]", 0, 0},
		{"unfold(3, stride: 2) : [c: 3, h: 32, w: 32]", "[s: 256, d: 27]", 0, 0},
		{"unfold(4, stride: 4) : [c: 3, h: 32, w: 30]", "[s: 56, d: 48]", 0, 0},
		{"fold(4, 2) : [s: 8, d: 5]", "[c: 5, h: 4, w: 2]", 0, 0},
		{"embed(100, 16) : [s: 12]", "[s: 12, d: 16]", 1600, 0},
		{"pos_enc : [s: 12, d: 4]", "[s: 12, d: 4]", 48, 0},
		{"attention(4) : [s: 16, d: 8]", "[s: 16, d: 8]", 4 * 72, 4*16*64 + 2*16*16*8},
		{"masked_attention(4) : ([s: 16, d: 8], [s: 16])", "[s: 16, d: 8]", 4 * 72, 4*16*64 + 2*16*16*8},
		{"pad_mask : ([2, 3, 4], [4])", "[2, 3, 4]", 0, 0},
		{"lstm(5) : [s: 7, d: 3]", "[s: 7, d: 5]", 4 * 5 * (3 + 5 + 1), 7 * 4 * 5 * (3 + 5)},
		{"gru(5) : [s: 7, d: 3]", "[s: 7, d: 5]", 3 * 5 * (3 + 5 + 2), 7 * 3 * 5 * (3 + 5)},
		{"scale_channels : ([c: 8, h: 4], [c: 8])", "[c: 8, h: 4]", 0, 0},
	} {
		r, err := infer(t, c.call)
		if err != nil {
			t.Errorf("%s: %v", c.call, err)
			continue
		}
		var out []string
		for _, s := range r.Out {
			out = append(out, s.String())
		}
		if got := strings.Join(out, " "); got != c.out || r.Params != c.params || r.MACs != c.macs {
			t.Errorf("%s gives %s with %d params and %d macs, not %s with %d and %d", c.call, got, r.Params, r.MACs, c.out, c.params, c.macs)
		}
	}
}

func TestUnfoldExportsItsGrid(t *testing.T) {
	r, err := infer(t, "unfold(3, stride: 2) : [c: 3, h: 32, w: 30]")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]op.Export{{Name: "grid", Values: []int{16, 15}}}, r.Exports); diff != "" {
		t.Error(diff)
	}
}

func TestWhatCannotBeIsSaidInASentence(t *testing.T) {
	for call, says := range map[string]string{
		"max_pool(2) : [c: 8, h: 1, w: 1]":                         "max_pool of kernel 2 needs h and w of at least 2; [c: 8, h: 1, w: 1] arrives",
		"max_pool(2, padding: 2) : [c: 8, h: 9, w: 9]":             "max_pool of kernel 2 allows a padding of at most 1, not 2",
		"conv(8) : [10]":                                           "conv takes [c, h, w]; [10] arrives",
		"conv(8, groups: 3) : [c: 3, h: 4, w: 4]":                  "conv needs groups that divide the channels that arrive and leave; groups is 3, the channels 3 and 8",
		"conv(8, 5, padding: 1) : [c: 3, h: 2, w: 4]":              "conv of kernel 5 needs h and w of at least 3; [c: 3, h: 2, w: 4] arrives",
		"conv(8, 1, kernel_w: 5, padding: 0) : [c: 3, h: 2, w: 4]": "conv of kernel 1 by 5 needs h of at least 1 and w of at least 5; [c: 3, h: 2, w: 4] arrives",
		"conv1d(8, 5, padding: 0) : [s: 4, d: 3]":                  "conv1d of kernel 5 needs s of at least 5; [s: 4] arrives",
		"dropout : [4]":                                           "dropout takes exactly one of rate and keep",
		"dropout(0.5, keep: 0.5) : [4]":                           "dropout takes exactly one of rate and keep",
		"dropout(1) : [4]":                                        "dropout must keep something; a rate of 1 or a keep of 0 is given",
		"add : ([4], [5])":                                        "add takes tensors of equal sizes; [4] and [5] arrive",
		"matmul : ([2, 3], [2, 3])":                               "matmul takes [.., p, q] and [.., q, r]; [2, 3] and [2, 3] arrive",
		"matmul : ([2, 2], [2, 2], [2, 2])":                       "matmul takes 2 tensors; 3 arrive",
		"concat(2) : ([4], [5])":                                  "concat has axis: 2; [4] arrives, whose axes count from 1 to 1",
		"concat(1) : ([4, 3], [5, 2])":                            "concat along axis 1 takes tensors that are equal on the other axes; [4, 3] and [5, 2] arrive",
		"concat(1, arity: 4) : ([4], [5])":                        "concat with arity: 4 takes 4 tensors; 2 arrive",
		"split(3) : [c: 8]":                                       "split into 3 needs axis 1 to be divisible by 3; [c: 8] arrives",
		"permute(1, 1) : [2, 3]":                                  "permute needs each axis from 1 to 2 once for [2, 3]",
		"permute(2, 1, 3) : [2, 3]":                               "permute needs each axis from 1 to 2 once for [2, 3]",
		"permute(1) : [2, 3]":                                     "permute needs each axis from 1 to 2 once for [2, 3]",
		"reshape(3, 5) : [4, 4]":                                  "reshape needs sizes whose product is 16; [3 5] are given for [4, 4]",
		"attention(3) : [s: 4, d: 8]":                             "attention needs heads that divide d; heads is 3 and [s: 4, d: 8] arrives",
		"fold(4, 3) : [s: 8, d: 5]":                               "fold on a grid of 4 by 3 needs s to be their product; [s: 8, d: 5] arrives",
		"fold(8) : [s: 8, d: 5]":                                  "fold takes the two numbers of a grid; 1 are given",
		"conv(2147483648, 2147483647) : [c: 300000, h: 9, w: 9]":  "the weight of conv would have 29710560",
		"conv(8, padding: 2147483648) : [c: 3, h: 9, w: 9]":       "conv would make [c: 8, h: 4294967303, w: 4294967303]",
		"lstm(2147483648) : [s: 7, d: 3]":                         "lstm of 2147483648 units is too large; the most is 536870912",
		"embed(2147483648, 2) : [s: 7]":                           "the table of embed would have 4294967296 elements; the most is 2^31",
		"unfold(2147483648, padding: 2147483648) : [3, 9, 9]":     "unfold would make",
		"concat : ([2147483648], [2147483648])":                   "concat would make [4294967296]",
		"pad_mask : ([4, 4], [5])":                                "pad_mask takes a mask with a number for each place; scores [4, 4] and a mask [5] arrive",
		"masked_attention : ([4, 4], [4, 4])":                     "masked_attention takes a mask with a number for each place; scores [1, 4, 4] and a mask [4, 4] arrive",
		"scale_channels : ([4, 4], [5])":                          "scale_channels takes [c, ..] and [c]; [4, 4] and [5] arrive",
		"mean(3) : [2, 3]":                                        "mean has axis: 3; [2, 3] arrives, whose axes count from 1 to 2",
		"group_norm(3) : [c: 4]":                                  "group_norm needs groups that divide c; groups is 3 and [c: 4] arrives",
		"conv(8, 2147483648, dilation: 2147483648) : [3, 100, 1]": "the weight of conv would have",
	} {
		_, err := infer(t, call)
		if err == nil || !strings.HasPrefix(err.Error(), says) {
			t.Errorf("%s: %v\n\tnot %s", call, err, says)
		}
	}
}

// value draws an argument for a parameter, mostly small, at times at the bounds, at times absent.
func value(r *rapid.T, p op.Param) any {
	if (p.Default != nil || p.DefaultDoc != "") && rapid.Bool().Draw(r, "absent") {
		return nil
	}
	number := func() int {
		least := max(int(p.Min), -2)
		if rapid.IntRange(0, 20).Draw(r, "extreme") == 0 {
			return int(min(p.Max, 1<<31))
		}
		return least + rapid.IntRange(0, 7).Draw(r, p.Name)
	}
	switch p.Kind {
	case op.Int:
		return number()
	case op.Real:
		return rapid.Float64Range(p.Min, p.Max).Draw(r, p.Name)
	case op.Bool:
		return rapid.Bool().Draw(r, p.Name)
	}
	list := make([]int, rapid.IntRange(0, 4).Draw(r, "length"))
	for i := range list {
		list[i] = number()
	}
	return list
}

func shape(r *rapid.T) op.Shape {
	s := make(op.Shape, rapid.IntRange(0, 4).Draw(r, "rank"))
	for i := range s {
		s[i].Size = rapid.IntRange(1, 9).Draw(r, "size")
		if rapid.IntRange(0, 30).Draw(r, "large") == 0 {
			s[i].Size = 1 << 31
		}
	}
	return s
}

// Whatever arrives, an op either makes valid shapes or says why not; it never uses a primitive wrongly.
func TestNoOpMisusesAPrimitive(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		spec := rapid.SampledFrom(stdlib.Library().Specs()).Draw(r, "op")
		named := map[string]any{}
		for _, p := range spec.Params {
			if v := value(r, p); v != nil {
				named[p.Name] = v
			}
		}
		args, err := op.Bind(spec, nil, named)
		if err != nil {
			r.Fatal(err)
		}
		in := []op.Shape{shape(r)}
		for len(in) < max(spec.Arity, -2*spec.Arity) {
			if rapid.Bool().Draw(r, "equal") {
				in = append(in, in[0])
			} else {
				in = append(in, shape(r))
			}
		}
		res, err := op.Infer(args, in)
		if err != nil {
			if strings.Contains(err.Error(), "defined wrongly") || strings.Contains(err.Error(), " failed: ") {
				r.Fatal(err)
			}
			return
		}
		if res.Params < 0 || res.MACs < 0 || res.Activations < 0 {
			r.Fatalf("negative costs: %+v", res)
		}
		for _, s := range res.Out {
			if n := s.Elements(); n < 1 || n > op.MaxElements {
				r.Fatalf("%s leaves", s)
			}
		}
	})
}

func TestSourceFindsTheStandardFileOnly(t *testing.T) {
	text, ok := stdlib.Source("std")
	if !ok || !strings.Contains(text, "rule residual(body) = body + skip") {
		t.Errorf("std is %q, %v", text, ok)
	}
	for _, name := range []string{"", "nothing", "../stdlib", "std.space", `a\b`} {
		if text, ok := stdlib.Source(name); ok {
			t.Errorf("%q is %q", name, text)
		}
	}
}

func BenchmarkInfer(b *testing.B) {
	for _, text := range []string{"relu : [c: 8, h: 8, w: 8]", "conv(16, 3) : [c: 8, h: 8, w: 8]", "max_pool(2) : [c: 8, h: 1, w: 1]", "attention(4) : [s: 16, d: 64]"} {
		call, in, _ := strings.Cut(text, " : ")
		args, shapes := parseCall(b, call), parseShapes(b, in)
		b.Run(fmt.Sprint(args), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = op.Infer(args, shapes)
			}
		})
	}
}
