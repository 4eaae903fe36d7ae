package gorgonia

import (
	"math"

	"github.com/spacec-lang/spacec/compile/gorgonia/internal/rows"
	"github.com/spacec-lang/spacec/ir/op"
)

// planes is a window moving over many images of one channel.
type planes struct {
	op.Window
	count        int // of images
	h, w, oh, ow int // before and after
}

func planesOf(batch int, x, y op.Shape, win op.Window) planes {
	return planes{win, batch * x[0].Size, x[1].Size, x[2].Size, y[1].Size, y[2].Size}
}

// inside is the part of a window along one axis that lies in the image: places from, from + dilation, ...
// up to but not including to; first is the number of the window's element that from is.
func inside(at, stride, pad, kernel, dilation, size int) (from, to, first int) {
	from = at*stride - pad
	to = min(from+dilation*(kernel-1)+1, size)
	if from < 0 {
		first = (-from + dilation - 1) / dilation
		from += first * dilation
	}
	return from, to, first
}

// maxPool remembers where each maximum was, but for squares of two that lie side by side, of float32: they are looked at again.
type maxPool[T real] struct {
	planes
	squares bool
	from    []int32
}

func newMaxPool[T real](p planes) *maxPool[T] {
	var x any = []T(nil)
	k := &maxPool[T]{planes: p}
	_, single := x.([]float32)
	k.squares = single && p.KH == 2 && p.KW == 2 && p.SH == 2 && p.SW == 2 && p.DH == 1 && p.DW == 1 &&
		p.Top == 0 && p.Left == 0 && 2*p.oh <= p.h && 2*p.ow <= p.w
	if !k.squares {
		k.from = make([]int32, p.count*p.oh*p.ow)
	}
	return k
}

func (k *maxPool[T]) forwardPart(in [][]T, y []T, lo, hi int) {
	if x, ok := any(in[0]).([]float32); ok {
		k.forward32(x, any(y).([]float32), lo, hi)
		return
	}
	i := lo * k.oh * k.ow
	for p := lo; p < hi; p++ {
		x := part(in[0], p, k.h*k.w)
		for r := 0; r < k.oh; r++ {
			y0, y1, _ := inside(r, k.SH, k.Top, k.KH, k.DH, k.h)
			for c := 0; c < k.ow; c++ {
				x0, x1, _ := inside(c, k.SW, k.Left, k.KW, k.DW, k.w)
				at := y0*k.w + x0
				best := x[at]
				for yy := y0; yy < y1; yy += k.DH {
					for xx := x0; xx < x1; xx += k.DW {
						if v := x[yy*k.w+xx]; v > best || v != v { // NaN wins
							best, at = v, yy*k.w+xx
						}
					}
				}
				y[i], k.from[i] = best, int32(at)
				i++
			}
		}
	}
}

// forward32 has no branch that depends on the numbers: the bits of a float32, turned so that they sort as
// integers, and its place, the first being the largest, make an integer whose maximum is both.
func (k *maxPool[T]) forward32(in, y []float32, lo, hi int) {
	if k.squares {
		for r := lo * k.oh; r < hi*k.oh; r++ {
			a := in[(r/k.oh*k.h+2*(r%k.oh))*k.w:]
			rows.Most(part(y, r, k.ow), a, a[k.w:])
		}
		return
	}
	i := lo * k.oh * k.ow
	for p := lo; p < hi; p++ {
		x := part(in, p, k.h*k.w)
		for r := 0; r < k.oh; r++ {
			y0, y1, _ := inside(r, k.SH, k.Top, k.KH, k.DH, k.h)
			for c := 0; c < k.ow; c++ {
				x0, x1, _ := inside(c, k.SW, k.Left, k.KW, k.DW, k.w)
				best := int64(math.MinInt64)
				for yy := y0; yy < y1; yy += k.DH {
					row := x[yy*k.w+x0 : yy*k.w+x1]
					for j := 0; j < len(row); j += k.DW {
						best = max(best, int64(ordered(row[j]))<<32|int64(^uint32(yy*k.w+x0+j)))
					}
				}
				y[i], k.from[i] = unordered(int32(best>>32)), int32(^uint32(best))
				i++
			}
		}
	}
}

// ordered is the bits of v as an integer that sorts as v does; NaN is the largest.
func ordered(v float32) int32 {
	b := int32(math.Float32bits(v))
	key := b ^ int32(uint32(b>>31)>>1)
	if b&math.MaxInt32 > 0x7f800000 {
		key = math.MaxInt32
	}
	return key
}

func unordered(key int32) float32 {
	return math.Float32frombits(uint32(key ^ int32(uint32(key>>31)>>1)))
}

func (k *maxPool[T]) backwardPart(in [][]T, y, dy []T, din [][]T, lo, hi int) {
	if k.squares {
		back32(&k.planes, any(in[0]).([]float32), any(y).([]float32), any(dy).([]float32), any(din[0]).([]float32), lo, hi)
		return
	}
	clear(din[0][lo*k.h*k.w : hi*k.h*k.w])
	for p := lo; p < hi; p++ {
		dx, g, from := part(din[0], p, k.h*k.w), part(dy, p, k.oh*k.ow), part(k.from, p, k.oh*k.ow)
		for i, at := range from {
			dx[at] += g[i]
		}
	}
}

// back32 is the gradient of squares. What is in none of them has none.
func back32(k *planes, x, y, dy, dx []float32, lo, hi int) {
	if 2*k.oh < k.h || 2*k.ow < k.w {
		clear(dx[lo*k.h*k.w : hi*k.h*k.w])
	}
	for r := lo * k.oh; r < hi*k.oh; r++ {
		at := (r/k.oh*k.h + 2*(r%k.oh)) * k.w
		rows.MostBack(dx[at:], dx[at+k.w:], part(dy, r, k.ow), part(y, r, k.ow), x[at:], x[at+k.w:])
	}
}

type avgPool[T real] struct{ planes }

// windows visits every window: the index of its result, its rows and columns, and 1 / its count.
func (k *avgPool[T]) windows(f func(i, y0, y1, x0, x1 int, share T)) {
	i := 0
	for r := 0; r < k.oh; r++ {
		y0, y1, _ := inside(r, k.SH, k.Top, k.KH, k.DH, k.h)
		for c := 0; c < k.ow; c++ {
			x0, x1, _ := inside(c, k.SW, k.Left, k.KW, k.DW, k.w)
			count := ((y1-y0-1)/k.DH + 1) * ((x1-x0-1)/k.DW + 1)
			f(i, y0, y1, x0, x1, 1/T(count))
			i++
		}
	}
}

func (k *avgPool[T]) forwardPart(in [][]T, y []T, lo, hi int) {
	for p := lo; p < hi; p++ {
		x, y := part(in[0], p, k.h*k.w), part(y, p, k.oh*k.ow)
		k.windows(func(i, y0, y1, x0, x1 int, share T) {
			var sum T
			for yy := y0; yy < y1; yy += k.DH {
				for xx := x0; xx < x1; xx += k.DW {
					sum += x[yy*k.w+xx]
				}
			}
			y[i] = sum * share
		})
	}
}

func (k *avgPool[T]) backwardPart(_ [][]T, _, dy []T, din [][]T, lo, hi int) {
	clear(din[0][lo*k.h*k.w : hi*k.h*k.w])
	for p := lo; p < hi; p++ {
		dx, g := part(din[0], p, k.h*k.w), part(dy, p, k.oh*k.ow)
		k.windows(func(i, y0, y1, x0, x1 int, share T) {
			d := g[i] * share
			for yy := y0; yy < y1; yy += k.DH {
				for xx := x0; xx < x1; xx += k.DW {
					dx[yy*k.w+xx] += d
				}
			}
		})
	}
}
