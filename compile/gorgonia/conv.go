package gorgonia

import (
	"fmt"
	"math"

	"github.com/spacec-lang/spacec/compile/gorgonia/internal/windows"
	"github.com/spacec-lang/spacec/ir/op"
)

// convolution is a product of the filters with the windows of all images as columns. The columns are never
// laid out: the product reads each element where it stands in the padded images. The gradient by the
// filters is the product of the results' gradient with the columns transposed. That by the images is, where
// the stride is 1, a convolution again, of the results' gradient with the filters turned about.
type convolution[T real] struct {
	mem     *scratch[T]
	there   plan
	back    *plan   // of the results' gradient; nil where the gradient has to be scattered
	turned  []int32 // where an element of a filter turned about stands, beyond that of its channel
	columns []T     // what is to be scattered, of some images
}

// plan is a window moving over a batch of images of c channels, of which each group makes its part of f
// channels by itself.
type plan struct {
	planes
	batch, c, f, groups int
	ph, pw              int     // height and width with the padding
	element, window     []int32 // where an element of a window and a window stand in padded images
	result              []int32 // where a window's result stands, beyond that of its channel
}

// depth is how many elements a filter has, and size how many results it makes of an image.
func (p *plan) depth() int { return p.c / p.groups * p.KH * p.KW }
func (p *plan) size() int  { return p.oh * p.ow }

func newPlan(p planes, batch, c, f, groups int) *plan {
	q := &plan{planes: p, batch: batch, c: c, f: f, groups: groups, ph: p.h + p.Top + p.Bottom, pw: p.w + p.Left + p.Right}
	for i := range q.depth() {
		ch, ky, kx := i/(p.KH*p.KW), i/p.KW%p.KH, i%p.KW
		q.element = append(q.element, int32((ch*q.ph+ky*p.DH)*q.pw+kx*p.DW))
	}
	for i := range batch * q.size() {
		n, y, x := i/q.size(), i/p.ow%p.oh, i%p.ow
		q.window = append(q.window, int32((n*c*q.ph+y*p.SH)*q.pw+x*p.SW))
		q.result = append(q.result, int32(n*f*q.size()+i%q.size()))
	}
	return q
}

// newConv is the kernel of a convolution of images of shape x to results of shape y.
func newConv[T real](l *lowering[T], x, y op.Shape, win op.Window, groups int) (kernel[T], error) {
	p := planesOf(l.Batch, x, y, win)
	c, f := x[0].Size, y[0].Size
	padded := float64(l.Batch) * float64(max(c, f)) * float64(p.h+p.Top+p.Bottom+p.DH*p.KH) * float64(p.w+p.Left+p.Right+p.DW*p.KW)
	if padded > math.MaxInt32 {
		return nil, fmt.Errorf("a batch of %d is too large for a convolution of %s with its padding", l.Batch, x)
	}
	if groups > 1 && groups == c {
		return &depthwise[T]{planes: p, batch: l.Batch, c: c, each: f / groups}, nil
	}
	k := &convolution[T]{mem: l.mem, there: *newPlan(p, l.Batch, c, f, groups)}
	b := planes{op.Window{KH: p.KH, KW: p.KW, SH: 1, SW: 1, DH: p.DH, DW: p.DW,
		Top: p.DH*(p.KH-1) - p.Top, Bottom: p.DH*(p.KH-1) - p.Bottom,
		Left: p.DW*(p.KW-1) - p.Left, Right: p.DW*(p.KW-1) - p.Right}, l.Batch * f, p.oh, p.ow, p.h, p.w}
	if p.SH == 1 && p.SW == 1 && min(b.Top, b.Bottom, b.Left, b.Right) >= 0 {
		k.back = newPlan(b, l.Batch, f, c, groups)
		for i := range k.back.depth() {
			filter, at := i/(p.KH*p.KW), i%(p.KH*p.KW)
			k.turned = append(k.turned, int32(filter*k.there.depth()+p.KH*p.KW-1-at))
		}
	}
	return k, nil
}

// pad is the images with zeros about them.
func pad[T real](p *plan, mem *scratch[T], x []T) []T {
	if p.ph == p.h && p.pw == p.w {
		return x
	}
	area := p.ph * p.pw
	padded := mem.take(p.batch * p.c * area)
	clear(padded)
	for i := range p.batch * p.c {
		to, from := part(padded, i, area)[p.Top*p.pw+p.Left:], part(x, i, p.h*p.w)
		for y := range p.h {
			copy(to[y*p.pw:], from[y*p.w:(y+1)*p.w])
		}
	}
	return padded
}

// group is a matrix within images: rows of channels or of elements, and the columns of windows.
func group[T real](data []T, g, size int, rows, cols []int32) windows.Matrix[T] {
	return windows.Matrix[T]{Data: data[g*size:], Rows: rows, Cols: cols}
}

// channels is where the channels of a group of the results start.
func (p *plan) channels() []int32 { return steps(p.f/p.groups, p.size()) }

// steps is 0, by, 2 by, ..., n numbers.
func steps(n, by int) []int32 {
	s := make([]int32, n)
	for i := range s {
		s[i] = int32(i * by)
	}
	return s
}

func (k *convolution[T]) forward(in [][]T, y []T) error {
	p := &k.there
	beta := T(0)
	if len(in) == 3 {
		beta = 1
		for i := range p.batch * p.f {
			to, bias := part(y, i, p.size()), in[2][i%p.f]
			for j := range to {
				to[j] = bias
			}
		}
	}
	fg := p.f / p.groups
	x := pad(p, k.mem, in[0])
	for g := range p.groups {
		w := windows.Matrix[T]{Data: part(in[1], g, fg*p.depth()), Stride: p.depth()}
		k.mem.old.Multiply(fg, len(p.window), p.depth(), 1, w, group(x, g, p.c/p.groups*p.ph*p.pw, p.element, p.window),
			beta, group(y, g, fg*p.size(), p.channels(), p.result))
	}
	return nil
}

func (k *convolution[T]) backward(in [][]T, _, dy []T, din [][]T) {
	p := &k.there
	fg, cg := p.f/p.groups, p.c/p.groups
	x := pad(p, k.mem, in[0])
	for g := range p.groups {
		dw := windows.Matrix[T]{Data: part(din[1], g, fg*p.depth()), Stride: p.depth()}
		k.mem.old.Multiply(fg, p.depth(), len(p.window), 1, group(dy, g, fg*p.size(), p.channels(), p.result),
			group(x, g, cg*p.ph*p.pw, p.window, p.element), 0, dw)
	}
	if len(din) == 3 {
		sumChannels(din[2], dy, p.batch, p.size())
	}
	if din[0] == nil {
		return
	}
	if k.back == nil {
		k.scatter(in[1], dy, din[0])
		return
	}
	b := k.back
	g := pad(b, k.mem, dy)
	for i := range p.groups {
		w := windows.Matrix[T]{Data: part(in[1], i, fg*p.depth()), Rows: steps(cg, p.KH*p.KW), Cols: k.turned}
		k.mem.old.Multiply(cg, len(b.window), b.depth(), 1, w, group(g, i, fg*b.ph*b.pw, b.element, b.window),
			0, group(din[0], i, cg*b.size(), b.channels(), b.result))
	}
}

// columnsAtOnce is how many columns a product should have to be efficient.
const columnsAtOnce = 512

// scatter is the gradient by the images the other way: the gradient by each column, of a few images at a
// time, added where the column's elements are from.
func (k *convolution[T]) scatter(w, dy, dx []T) {
	p := &k.there
	size, depth, fg, cg := p.size(), p.depth(), p.f/p.groups, p.c/p.groups
	chunk := min(p.batch, max(1, columnsAtOnce/size))
	if k.columns == nil {
		k.columns = make([]T, depth*chunk*size)
	}
	clear(dx)
	for n := 0; n < p.batch; n += chunk {
		m := min(chunk, p.batch-n)
		for g := range p.groups {
			filters := windows.Matrix[T]{Data: part(w, g, fg*depth), Stride: depth, Transposed: true}
			k.mem.old.Multiply(depth, m*size, fg, 1, filters,
				group(dy, g, fg*size, p.channels(), p.result[n*size:(n+m)*size]), 0, windows.Matrix[T]{Data: k.columns, Stride: m * size})
			for row := range depth {
				c, ky, kx := row/(p.KH*p.KW), row/p.KW%p.KH, row%p.KW
				for i := range m {
					image := part(dx, (n+i)*p.c+g*cg+c, p.h*p.w)
					scatter(&p.planes, k.columns[(row*m+i)*size:][:size], image, ky, kx)
				}
			}
		}
	}
}

// sumChannels adds up each channel of x [batch, channels, size] in float64.
func sumChannels[T real](sum, x []T, batch, size int) {
	for c := range sum {
		all := 0.0
		for n := 0; n < batch; n++ {
			all += total(part(x, n*len(sum)+c, size))
		}
		sum[c] = T(all)
	}
}
