package stdlib

import "github.com/spacec-lang/spacec/ir/op"

// maxFan is the most tensors that clone and split make.
const maxFan = 1024

var add = &op.Spec{
	Name: "add", Family: "joins", Arity: -1, Passes: true,
	Doc: `The sum of tensors of equal sizes.
Shape: ([..], [..], ..) -> [..]. The sugar a + b is clone(2) >> (a, b) >> add.`,
	Example: "add : ([c: 8, h: 4, w: 4], [c: 8, h: 4, w: 4])",
	Fits:    fitsEqual,
	Apply: func(b op.Builder, a op.Args, in []op.Tensor) []op.Tensor {
		equal(b, a, in)
		return []op.Tensor{b.Add(in...)}
	},
}

var padEqual = &op.Spec{
	Name: "pad_equal", Family: "joins", Arity: -1,
	Doc: `Tensors made of equal sizes by zeros behind what is there; where they have different numbers of axes they are flattened first
(the sum of Negrinho & Gordon 2017, arXiv 1704.08792, is pad_equal >> add).
Shape: ([x, ..], [y, ..], ..) -> ([max(x, y, ..), ..], ..), each axis by itself.`,
	Example: "pad_equal : ([c: 8, h: 4, w: 4], [c: 3, h: 5, w: 5])",
	Apply: func(b op.Builder, _ op.Args, in []op.Tensor) []op.Tensor {
		out := append([]op.Tensor(nil), in...)
		for i := range in {
			if len(in[i].Shape()) != len(in[0].Shape()) {
				for k, x := range in {
					out[k] = flat(b, x)
				}
				break
			}
		}
		for axis := range out[0].Shape() {
			size := 0
			for _, x := range out {
				size = max(size, x.Shape()[axis].Size)
			}
			for i, x := range out {
				out[i] = padded(b, x, axis, size)
			}
		}
		return out
	},
}

func flat(b op.Builder, x op.Tensor) op.Tensor {
	return b.Reshape(x, op.Shape{{Name: "f", Size: int(x.Shape().Elements())}})
}

// padded is x with zeros behind it along an axis, of size numbers in all.
func padded(b op.Builder, x op.Tensor, axis, size int) op.Tensor {
	missing := size - x.Shape()[axis].Size
	if missing == 0 {
		return x
	}
	zeros := b.Zero(x)
	for n := x.Shape()[axis].Size; n < missing; n *= 2 {
		zeros = b.Concat(axis, zeros, b.Slice(zeros, axis, 0, min(n, missing-n)))
	}
	return b.Concat(axis, x, b.Slice(zeros, axis, 0, missing))
}

var mul = &op.Spec{
	Name: "mul", Family: "joins", Arity: -1,
	Doc: `The product, element by element, of tensors of equal sizes.
Shape: ([..], [..], ..) -> [..]. The sugar a * b is clone(2) >> (a, b) >> mul.`,
	Example: "mul : ([s: 4, d: 8], [s: 4, d: 8])",
	Fits:    fitsEqual,
	Apply: func(b op.Builder, a op.Args, in []op.Tensor) []op.Tensor {
		equal(b, a, in)
		return []op.Tensor{b.Mul(in...)}
	},
}

// unlike is the number of a tensor whose sizes, but for those along an axis counted from 1, aren't those of the first; 0 where
// there is none.
func unlike(in []op.Tensor, besides int) int {
	s := in[0].Shape()
	for i, x := range in[1:] {
		t := x.Shape()
		if len(t) != len(s) {
			return i + 1
		}
		for j := range t {
			if j+1 != besides && !t[j:j+1].Same(s[j:j+1]) {
				return i + 1
			}
		}
	}
	return 0
}

func fitsEqual(_ op.Args, in []op.Tensor) bool { return unlike(in, 0) == 0 }

func equal(b op.Builder, a op.Args, in []op.Tensor) {
	if i := unlike(in, 0); i > 0 {
		b.Fail("%s takes tensors of equal sizes; %s and %s arrive", a.Spec.Name, in[0].Shape(), in[i].Shape())
	}
}

var concat = &op.Spec{
	Name: "concat", Family: "joins", Arity: -1,
	Doc: `Tensors one after the other along an axis; their other axes are equal.
Shape: ([.., x, ..], [.., y, ..], ..) -> [.., x + y + .., ..]. Axes count from 1, the batch axis not counted.
The sugar a ++ b is clone(2) >> (a, b) >> concat.`,
	Example: "concat(1) : ([c: 8, h: 4, w: 4], [c: 3, h: 4, w: 4])",
	Params: []op.Param{
		whole("axis", 1, 1, "along which axis"),
		absent(whole("arity", 2, nil, "how many tensors must arrive"), "any number"),
	},
	Fits: func(a op.Args, in []op.Tensor) bool {
		x := a.Int("axis")
		return a.IntOr("arity", len(in)) == len(in) && x <= len(in[0].Shape()) && unlike(in, x) == 0
	},
	Apply: func(b op.Builder, a op.Args, in []op.Tensor) []op.Tensor {
		if n := a.IntOr("arity", len(in)); n != len(in) {
			b.Fail("concat with arity: %d takes %d tensors; %d arrive", n, n, len(in))
		}
		x := axis(b, a, in[0])
		if i := unlike(in, x+1); i > 0 {
			b.Fail("concat along axis %d takes tensors that are equal on the other axes; %s and %s arrive", x+1, in[0].Shape(), in[i].Shape())
		}
		return []op.Tensor{b.Concat(x, in...)}
	},
}

var clone = &op.Spec{
	Name: "clone", Family: "wiring", Arity: 1, Wiring: true, Passes: true,
	Doc: `One tensor n times.
Shape: [..] -> ([..], [..], ..). It is no layer.`,
	Example: "clone(2) : [c: 8, h: 4, w: 4]",
	Params:  []op.Param{{Name: "n", Kind: op.Int, Bounded: true, Min: 2, Max: maxFan, Doc: "how many tensors leave"}},
	Apply: func(b op.Builder, a op.Args, in []op.Tensor) []op.Tensor {
		out := make([]op.Tensor, a.Int("n"))
		for i := range out {
			out[i] = in[0]
		}
		return out
	},
}

var split = &op.Spec{
	Name: "split", Family: "wiring", Arity: 1,
	Doc: `One tensor cut into n equal parts along an axis, in order.
Shape: [.., x, ..] -> ([.., x / n, ..], ..); n divides x. Axes count from 1, the batch axis not counted.`,
	Example: "split(2, axis: 1) : [c: 8, h: 4, w: 4]",
	Params: []op.Param{
		{Name: "n", Kind: op.Int, Bounded: true, Min: 2, Max: maxFan, Doc: "how many tensors leave"},
		whole("axis", 1, 1, "along which axis"),
	},
	Fits: func(a op.Args, in []op.Tensor) bool {
		s, x := in[0].Shape(), a.Int("axis")
		return x <= len(s) && s[x-1].Size%a.Int("n") == 0
	},
	Apply: func(b op.Builder, a op.Args, in []op.Tensor) []op.Tensor {
		n, x := a.Int("n"), axis(b, a, in[0])
		size := in[0].Shape()[x].Size
		if size%n != 0 {
			b.Fail("split into %d needs axis %d to be divisible by %d; %s arrives", n, x+1, n, in[0].Shape())
		}
		out := make([]op.Tensor, n)
		for i := range out {
			out[i] = b.Slice(in[0], x, i*size/n, (i+1)*size/n)
		}
		return out
	},
}

var skip = &op.Spec{
	Name: "skip", Family: "wiring", Arity: 1, Wiring: true, Passes: true,
	Doc: `Passes the tensor on.
Shape: [..] -> the same. It is no layer.`,
	Example: "skip : [c: 8, h: 4, w: 4]",
	Apply:   func(_ op.Builder, _ op.Args, in []op.Tensor) []op.Tensor { return []op.Tensor{in[0]} },
}

var zero = &op.Spec{
	Name: "zero", Family: "wiring", Arity: 1,
	Doc: `Zeros, whatever arrives; no gradient goes back.
Shape: [..] -> the same.`,
	Example: "zero : [c: 8, h: 4, w: 4]",
	Apply:   one(func(b op.Builder, _ op.Args, x op.Tensor) op.Tensor { return b.Zero(x) }),
}

var flatten = &op.Spec{
	Name: "flatten", Family: "wiring", Arity: 1,
	Doc: `All numbers along one axis, in their order.
Shape: [..] -> [f].`,
	Example: "flatten : [c: 8, h: 4, w: 4]",
	Apply:   one(func(b op.Builder, _ op.Args, x op.Tensor) op.Tensor { return flat(b, x) }),
}

var permute = &op.Spec{
	Name: "permute", Family: "wiring", Arity: 1,
	Doc: `The axes in another order: axis i of the result is the axis of x that stands at place i of the list.
Shape: permute(2, 3, 1) makes [h, w, c] of [c, h, w]. Axes count from 1, the batch axis not counted.`,
	Example: "permute(2, 3, 1) : [c: 8, h: 4, w: 5]",
	Params: []op.Param{{Name: "axes", Kind: op.Ints, Bounded: true, Min: 1, Max: op.MaxElements,
		Doc: "each axis of what arrives, once"}},
	Fits: func(a op.Args, in []op.Tensor) bool { return len(a.Ints("axes")) == len(in[0].Shape()) },
	Apply: one(func(b op.Builder, a op.Args, x op.Tensor) op.Tensor {
		axes, s := a.Ints("axes"), x.Shape()
		order := make([]int, len(axes))
		seen := make([]bool, len(s))
		for i, n := range axes {
			if n > len(s) || seen[n-1] || len(axes) != len(s) {
				b.Fail("permute needs each axis from 1 to %d once for %s", len(s), s)
			}
			seen[n-1] = true
			order[i] = n - 1
		}
		if len(order) != len(s) {
			b.Fail("permute needs each axis from 1 to %d once for %s", len(s), s)
		}
		return b.Permute(x, order...)
	}),
}

var reshape = &op.Spec{
	Name: "reshape", Family: "wiring", Arity: 1,
	Doc: `The same numbers in their order, along other axes.
Shape: reshape(8, 16) makes [8, 16] of any 128 numbers.`,
	Example: "reshape(8, 16) : [c: 8, h: 4, w: 4]",
	Params: []op.Param{{Name: "sizes", Kind: op.Ints, Bounded: true, Min: 1, Max: op.MaxElements,
		Doc: "the sizes of the axes that leave"}},
	Apply: one(func(b op.Builder, a op.Args, x op.Tensor) op.Tensor {
		left := x.Shape().Elements()
		var to op.Shape
		for _, n := range a.Ints("sizes") {
			if left%int64(n) != 0 {
				left = 0
				break
			}
			left /= int64(n)
			to = append(to, op.Axis{Size: n})
		}
		if left != 1 {
			b.Fail("reshape needs sizes whose product is %d; %v are given for %s", x.Shape().Elements(), a.Ints("sizes"), x.Shape())
		}
		return b.Reshape(x, to)
	}),
}
