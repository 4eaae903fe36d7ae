package gorgonia

import "github.com/spacec-lang/spacec/ir/op"

// convolution is a product of the filters with the image's windows laid out as columns, a few images at a
// time, so that the columns stay in the processor's cache.
type convolution[T real] struct {
	planes
	run                 *running
	batch, c, f, groups int
	chunk               int // images at a time
	columns, rows       []T // the columns of a chunk; its results, or their gradient, by filter
}

// columnsAtOnce is how many columns a product should have to be efficient.
const columnsAtOnce = 512

func newConv[T real](run *running, batch int, x, y op.Shape, win op.Window, groups int) kernel[T] {
	p := planesOf(batch, x, y, win)
	if groups > 1 && groups == x[0].Size {
		return &depthwise[T]{planes: p, batch: batch, c: x[0].Size, each: y[0].Size / groups}
	}
	k := &convolution[T]{run: run, planes: p, batch: batch, c: x[0].Size, f: y[0].Size, groups: groups}
	k.chunk = min(batch, max(1, columnsAtOnce/(k.oh*k.ow)))
	return k
}

// depth is how many elements a filter has.
func (k *convolution[T]) depth() int { return k.c / k.groups * k.KH * k.KW }

// direct tells whether an image is its own columns.
func (k *convolution[T]) direct() bool {
	return k.KH*k.KW*k.SH*k.SW == 1 && k.Top+k.Bottom+k.Left+k.Right == 0 && k.chunk == 1
}

// chunks visits the batch, m images from n each time.
func (k *convolution[T]) chunks(f func(n, m int)) {
	if k.rows == nil {
		k.rows = make([]T, k.f*k.chunk*k.oh*k.ow)
		k.columns = make([]T, k.depth()*k.chunk*k.oh*k.ow)
	}
	for n := 0; n < k.batch; n += k.chunk {
		f(n, min(k.chunk, k.batch-n))
	}
}

// columnsOf lays out group g of m images from n: depth rows of m oh ow.
func (k *convolution[T]) columnsOf(x []T, n, m, g int) []T {
	cg := k.c / k.groups
	if k.direct() {
		return part(x, n*k.groups+g, cg*k.h*k.w)
	}
	size := k.oh * k.ow
	col := k.columns[:k.depth()*m*size]
	for c := 0; c < cg; c++ {
		for i := 0; i < m; i++ {
			image := part(x, (n+i)*k.c+g*cg+c, k.h*k.w)
			for ky := 0; ky < k.KH; ky++ {
				for kx := 0; kx < k.KW; kx++ {
					row := (c*k.KH+ky)*k.KW + kx
					gather(&k.planes, col[(row*m+i)*size:][:size], image, ky, kx)
				}
			}
		}
	}
	return col
}

// span is the windows [from, to) along an axis whose element at a distance of at from their start lies in
// the image, of all out windows.
func span(out, size, stride, pad, at int) (from, to int) {
	if at < pad {
		from = (pad - at + stride - 1) / stride
	}
	if room := size - 1 + pad - at; room >= 0 {
		to = min(out, room/stride+1)
	}
	return min(from, out), max(to, min(from, out))
}

// gather takes from an image the element (ky, kx) of every window.
func gather[T real](k *planes, to, image []T, ky, kx int) {
	y0, y1 := span(k.oh, k.h, k.SH, k.Top, ky*k.DH)
	x0, x1 := span(k.ow, k.w, k.SW, k.Left, kx*k.DW)
	clear(to[:y0*k.ow])
	for y := y0; y < y1; y++ {
		row := to[y*k.ow : (y+1)*k.ow]
		from := image[(y*k.SH-k.Top+ky*k.DH)*k.w:][:k.w]
		at := x0*k.SW - k.Left + kx*k.DW
		clear(row[:x0])
		if k.SW == 1 {
			if x0 < x1 {
				copy(row[x0:x1], from[at:])
			}
		} else {
			for x := x0; x < x1; x++ {
				row[x] = from[at]
				at += k.SW
			}
		}
		clear(row[x1:])
	}
	clear(to[y1*k.ow:])
}

// scatter adds to an image what gather would take from it.
func scatter[T real](k *planes, from, image []T, ky, kx int) {
	y0, y1 := span(k.oh, k.h, k.SH, k.Top, ky*k.DH)
	x0, x1 := span(k.ow, k.w, k.SW, k.Left, kx*k.DW)
	if x0 == x1 {
		return
	}
	for y := y0; y < y1; y++ {
		row := from[y*k.ow+x0 : y*k.ow+x1]
		at := x0*k.SW - k.Left + kx*k.DW
		to := image[(y*k.SH-k.Top+ky*k.DH)*k.w+at:]
		if k.SW == 1 {
			to = to[:len(row)]
			for x, v := range row {
				to[x] += v
			}
		} else {
			for x, v := range row {
				to[x*k.SW] += v
			}
		}
	}
}

func (k *convolution[T]) forward(in [][]T, y []T) error {
	size, depth, fg := k.oh*k.ow, k.depth(), k.f/k.groups
	k.chunks(func(n, m int) {
		rows := k.rows[:k.f*m*size]
		if m == 1 {
			rows = part(y, n, k.f*size)
		}
		for g := 0; g < k.groups; g++ {
			col := k.columnsOf(in[0], n, m, g)
			gemm(k.run, false, false, fg, m*size, depth, 1, part(in[1], g, fg*depth), depth, col, m*size, 0, part(rows, g, fg*m*size), m*size)
		}
		for f := 0; f < k.f; f++ {
			var bias T
			if len(in) == 3 {
				bias = in[2][f]
			}
			for i := 0; i < m; i++ {
				to := part(y, (n+i)*k.f+f, size)
				for j, v := range part(rows, f*m+i, size) {
					to[j] = v + bias
				}
			}
		}
	})
	return nil
}

func (k *convolution[T]) backward(in [][]T, _, dy []T, din [][]T) {
	size, depth, fg, cg := k.oh*k.ow, k.depth(), k.f/k.groups, k.c/k.groups
	if din[0] != nil {
		clear(din[0])
	}
	k.chunks(func(n, m int) {
		rows := part(dy, n, k.f*size)
		if m > 1 {
			rows = k.rows[:k.f*m*size]
			for f := 0; f < k.f; f++ {
				for i := 0; i < m; i++ {
					copy(part(rows, f*m+i, size), part(dy, (n+i)*k.f+f, size))
				}
			}
		}
		for g := 0; g < k.groups; g++ {
			grad, w, beta := part(rows, g, fg*m*size), part(in[1], g, fg*depth), T(1)
			if n == 0 {
				beta = 0
			}
			col := k.columnsOf(in[0], n, m, g)
			gemm(k.run, false, true, fg, depth, m*size, 1, grad, m*size, col, m*size, beta, part(din[1], g, fg*depth), depth)
			if din[0] == nil {
				continue
			}
			if k.direct() {
				gemm(k.run, true, false, depth, size, fg, 1, w, depth, grad, size, 0, part(din[0], n*k.groups+g, depth*size), size)
				continue
			}
			col = k.columns[:depth*m*size]
			gemm(k.run, true, false, depth, m*size, fg, 1, w, depth, grad, m*size, 0, col, m*size)
			for c := 0; c < cg; c++ {
				for i := 0; i < m; i++ {
					image := part(din[0], (n+i)*k.c+g*cg+c, k.h*k.w)
					for ky := 0; ky < k.KH; ky++ {
						for kx := 0; kx < k.KW; kx++ {
							row := (c*k.KH+ky)*k.KW + kx
							scatter(&k.planes, col[(row*m+i)*size:][:size], image, ky, kx)
						}
					}
				}
			}
		}
	})
	if len(din) == 3 {
		sumChannels(din[2], dy, k.batch, size)
	}
}

// sumChannels adds up each channel of x [batch, channels, size] in float64.
func sumChannels[T real](sum, x []T, batch, size int) {
	for c := range sum {
		total := 0.0
		for n := 0; n < batch; n++ {
			for _, v := range part(x, n*len(sum)+c, size) {
				total += float64(v)
			}
		}
		sum[c] = T(total)
	}
}

// depthwise is the convolution whose groups are single channels, each with a few filters: products of
// single numbers with rows, since matrices of one row would gain nothing.
type depthwise[T real] struct {
	planes
	batch, c, each int
	window         []T
}

// filters visits each filter on each image: its number among all, and the planes of x and y.
func (k *depthwise[T]) filters(f func(filter, x, y int)) {
	if k.window == nil {
		k.window = make([]T, k.oh*k.ow)
	}
	for n := 0; n < k.batch; n++ {
		for i := 0; i < k.c*k.each; i++ {
			f(i, n*k.c+i/k.each, n*k.c*k.each+i)
		}
	}
}

func (k *depthwise[T]) forward(in [][]T, out []T) error {
	area, size := k.KH*k.KW, k.oh*k.ow
	k.filters(func(i, xp, yp int) {
		x, y, w := part(in[0], xp, k.h*k.w), part(out, yp, size), part(in[1], i, area)
		clear(y)
		if len(in) == 3 {
			for j := range y {
				y[j] = in[2][i]
			}
		}
		for e, v := range w {
			gather(&k.planes, k.window, x, e/k.KW, e%k.KW)
			for j, u := range k.window {
				y[j] += v * u
			}
		}
	})
	return nil
}

func (k *depthwise[T]) backward(in [][]T, _, dy []T, din [][]T) {
	area, size := k.KH*k.KW, k.oh*k.ow
	if din[0] != nil {
		clear(din[0])
	}
	clear(din[1])
	k.filters(func(i, xp, yp int) {
		x, g, w, dw := part(in[0], xp, k.h*k.w), part(dy, yp, size), part(in[1], i, area), part(din[1], i, area)
		for e, v := range w {
			gather(&k.planes, k.window, x, e/k.KW, e%k.KW)
			dot := 0.0
			for j, u := range k.window {
				dot += float64(u) * float64(g[j])
			}
			dw[e] += T(dot)
			if din[0] != nil {
				for j, d := range g {
					k.window[j] = v * d
				}
				scatter(&k.planes, k.window, part(din[0], xp, k.h*k.w), e/k.KW, e%k.KW)
			}
		}
	})
	if len(din) == 3 {
		sumChannels(din[2], dy, k.batch, size)
	}
}

// unfold lays out the windows of each image as rows, channel by channel.
type unfold[T real] struct {
	planes
	channels int
	window   []T
}

// elements visits each element of the windows of each image: the plane that it is from, its number there
// by row and column, and where it goes first; the next window's is a row further.
func (k *unfold[T]) elements(f func(plane, ky, kx, at int)) {
	if k.window == nil {
		k.window = make([]T, k.oh*k.ow)
	}
	area := k.KH * k.KW
	for p := 0; p < k.count; p++ {
		n, c := p/k.channels, p%k.channels
		for e := 0; e < area; e++ {
			f(p, e/k.KW, e%k.KW, n*len(k.window)*k.row()+c*area+e)
		}
	}
}

// row is the length of a row.
func (k *unfold[T]) row() int { return k.channels * k.KH * k.KW }

func (k *unfold[T]) forward(in [][]T, y []T) error {
	k.elements(func(p, ky, kx, at int) {
		gather(&k.planes, k.window, part(in[0], p, k.h*k.w), ky, kx)
		for i, v := range k.window {
			y[at+i*k.row()] = v
		}
	})
	return nil
}

func (k *unfold[T]) backward(_ [][]T, _, dy []T, din [][]T) {
	clear(din[0])
	k.elements(func(p, ky, kx, at int) {
		for i := range k.window {
			k.window[i] = dy[at+i*k.row()]
		}
		scatter(&k.planes, k.window, part(din[0], p, k.h*k.w), ky, kx)
	})
}
