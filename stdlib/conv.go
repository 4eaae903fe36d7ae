package stdlib

import "github.com/spacec-lang/spacec/ir/op"

var conv = &op.Spec{
	Name: "conv", Family: "convolution", Arity: 1,
	Doc: `A convolution over images.
Shape: [c, h, w] -> [c: filters, h: ceil(h / stride), w: ceil(w / stride)]. The padding is what that takes: missing
zeros are split evenly, the odd one at the bottom and right. A given padding is on all four sides, and then
h leaves as floor((h + 2 padding - dilation (kernel - 1) - 1) / stride) + 1, and w likewise by the width of a filter.
groups divides c and filters; filters = groups = c is a depthwise convolution.
Weights and bias start uniform within 1 / sqrt(height width c / groups) of a filter, PyTorch's default.`,
	Example: "conv(16, 3, stride: 2) : [c: 3, h: 32, w: 32]",
	Params: []op.Param{
		absent(whole("filters", 1, nil, "how many channels leave"), "in.c"),
		whole("kernel", 1, 3, "the height and width of a filter"),
		whole("stride", 1, 1, "how far a filter moves"),
		absent(whole("padding", 0, nil, "zeros on each side"), "what keeps ceil(h / stride)"),
		whole("dilation", 1, 1, "the distance of a filter's elements"),
		whole("groups", 1, 1, "into how many parts the channels fall, each with filters of its own"),
		{Name: "bias", Kind: op.Bool, Default: true, Doc: "whether each filter has a bias"},
		bits,
		absent(whole("kernel_w", 1, nil, "the width of a filter that isn't square"), "kernel"),
	},
	Apply: one(func(b op.Builder, a op.Args, x op.Tensor) op.Tensor {
		c, h, w := image(b, "conv", x)
		filters, k, groups := a.IntOr("filters", c), a.Int("kernel"), a.Int("groups")
		divide(b, "conv", groups, c, filters)
		win := window(a, k, a.Int("stride"), a.Int("dilation"))
		win.KW = a.IntOr("kernel_w", k)
		if a.Has("padding") {
			pad(&win, a.Int("padding"))
		} else {
			win.Top, win.Bottom = op.Same(h, k, win.SH, win.DH)
			win.Left, win.Right = op.Same(w, win.KW, win.SW, win.DW)
		}
		fits(b, a, win, x.Shape())
		return convolve(b, x, filters, win, groups, a.Bool("bias"))
	}),
}

var conv1d = &op.Spec{
	Name: "conv1d", Family: "convolution", Arity: 1,
	Doc: `A convolution along a sequence.
Shape: [s, d] -> [s: ceil(s / stride), d: filters]; the filters see all of d. Padding as for conv.
groups divides d and filters. Weights and bias start uniform within 1 / sqrt(kernel d / groups), PyTorch's default.`,
	Example: "conv1d(32, 5) : [s: 128, d: 16]",
	Params: []op.Param{
		absent(whole("filters", 1, nil, "the size of d that leaves"), "in.d"),
		whole("kernel", 1, 3, "the length of a filter"),
		whole("stride", 1, 1, "how far a filter moves"),
		absent(whole("padding", 0, nil, "zeros on each side"), "what keeps ceil(s / stride)"),
		whole("dilation", 1, 1, "the distance of a filter's elements"),
		whole("groups", 1, 1, "into how many parts d falls, each with filters of its own"),
		{Name: "bias", Kind: op.Bool, Default: true, Doc: "whether each filter has a bias"},
	},
	Apply: one(func(b op.Builder, a op.Args, x op.Tensor) op.Tensor {
		s, d := sequence(b, "conv1d", x)
		filters, groups := a.IntOr("filters", d), a.Int("groups")
		divide(b, "conv1d", groups, d, filters)
		win := op.Window{KH: 1, KW: a.Int("kernel"), SH: 1, SW: a.Int("stride"), DH: 1, DW: a.Int("dilation")}
		if win.Left, win.Right = op.Same(s, win.KW, win.SW, win.DW); a.Has("padding") {
			win.Left, win.Right = a.Int("padding"), a.Int("padding")
		}
		rows := b.Reshape(b.Permute(x, 1, 0), op.Shape{{Size: d}, {Size: 1}, {Size: s}})
		fits(b, a, win, rows.Shape())
		y := convolve(b, rows, filters, win, groups, a.Bool("bias"))
		length := y.Shape()[2].Size
		in := x.Shape()
		return b.Permute(b.Reshape(y, op.Shape{{Name: in[1].Name, Size: filters}, {Name: in[0].Name, Size: length}}), 1, 0)
	}),
}

// convolve draws the weights of a convolution and applies it.
func convolve(b op.Builder, x op.Tensor, filters int, win op.Window, groups int, bias bool) op.Tensor {
	depth := x.Shape()[0].Size / groups
	init := fan(win.KH, win.KW, depth)
	w := b.Weight("weight", init, filters, depth, win.KH, win.KW)
	var c op.Weight
	if bias {
		c = b.Weight("bias", init, filters)
	}
	return b.Conv(x, w, c, win, groups)
}

func divide(b op.Builder, name string, groups, c, filters int) {
	if c%groups != 0 || filters%groups != 0 {
		b.Fail("%s needs groups that divide the channels that arrive and leave; groups is %d, the channels %d and %d",
			name, groups, c, filters)
	}
}

func window(a op.Args, kernel, stride, dilation int) op.Window {
	return op.Window{KH: kernel, KW: kernel, SH: stride, SW: stride, DH: dilation, DW: dilation}
}

func pad(w *op.Window, n int) { w.Top, w.Bottom, w.Left, w.Right = n, n, n, n }

// fits fails where not one window fits.
func fits(b op.Builder, a op.Args, win op.Window, s op.Shape) {
	if h, w := win.Out(s[1].Size, s[2].Size); h < 1 || w < 1 {
		height, width := win.DH*(win.KH-1)+1-win.Top-win.Bottom, win.DW*(win.KW-1)+1-win.Left-win.Right
		switch {
		case a.Spec.Name == "conv1d":
			b.Fail("conv1d of kernel %d needs s of at least %d; %s arrives", win.KW, width, op.Shape{{Name: "s", Size: s[2].Size}})
		case win.KH != win.KW:
			b.Fail("%s of kernel %d by %d needs h of at least %d and w of at least %d; %s arrives", a.Spec.Name, win.KH, win.KW, height, width, s)
		}
		b.Fail("%s of kernel %d needs h and w of at least %d; %s arrives", a.Spec.Name, win.KW, width, s)
	}
}

var unfold = &op.Spec{
	Name: "unfold", Family: "convolution", Arity: 1,
	Doc: `The windows of an image as a sequence (im2col).
Shape: [c, h, w] -> [s: h' w', d: c kernel^2], with h' = floor((h + 2 padding - kernel) / stride) + 1 and w' likewise;
d runs over the channels, then over a window's rows and columns. Its result grid (h', w') is what fold takes:
in a block, u = in >> unfold(3), then fold(u.grid). unfold >> linear >> fold is a convolution, and
is built as one where nothing else reads what lies between.`,
	Example: "unfold(3, stride: 2) : [c: 3, h: 32, w: 32]",
	Params: []op.Param{
		whole("kernel", 1, nil, "the height and width of a window"),
		whole("stride", 1, 1, "how far a window moves"),
		absent(whole("padding", 0, nil, "zeros on each side"), "(kernel - 1) / 2 rounded down, or 0 where kernel is stride"),
	},
	Fits: func(a op.Args, in []op.Tensor) bool {
		s := in[0].Shape()
		if len(s) != 3 {
			return false
		}
		h, w := windows(a).Out(s[1].Size, s[2].Size)
		return h > 0 && w > 0
	},
	Apply: one(func(b op.Builder, a op.Args, x op.Tensor) op.Tensor {
		_, h, w := image(b, "unfold", x)
		win := windows(a)
		fits(b, a, win, x.Shape())
		y := b.Unfold(x, win)
		gh, gw := win.Out(h, w)
		b.Export("grid", gh, gw)
		return y
	}),
}

// windows are those of an unfold.
func windows(a op.Args) op.Window {
	k, stride := a.Int("kernel"), a.Int("stride")
	win, padding := window(a, k, stride, 1), 0
	if k != stride {
		padding = (k - 1) / 2
	}
	pad(&win, a.IntOr("padding", padding))
	return win
}

var fold = &op.Spec{
	Name: "fold", Family: "convolution", Arity: 1,
	Doc: `A sequence as an image again, on the grid that an unfold left.
Shape: [s, d] -> [c: s d / (h w), h, w] for a grid of h by w; s must be h w, so that c is d.
The place of a window becomes its pixel and its numbers the channels: windows are not added up.`,
	Example: "fold(4, 4) : [s: 16, d: 8]",
	Params: []op.Param{{Name: "grid", Kind: op.Ints, Bounded: true, Min: 1, Max: op.MaxElements,
		Doc: "height and width: the grid of an unfold"}},
	Apply: one(func(b op.Builder, a op.Args, x op.Tensor) op.Tensor {
		s, d := sequence(b, "fold", x)
		grid := a.Ints("grid")
		if len(grid) != 2 {
			b.Fail("fold takes the two numbers of a grid; %d are given", len(grid))
		}
		if s%grid[0] != 0 || s/grid[0] != grid[1] {
			b.Fail("fold on a grid of %d by %d needs s to be their product; %s arrives", grid[0], grid[1], x.Shape())
		}
		return b.Reshape(b.Permute(x, 1, 0), op.Shape{{Name: "c", Size: d}, {Name: "h", Size: grid[0]}, {Name: "w", Size: grid[1]}})
	}),
}
