package gorgonia

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

// unfold lays out the windows of each image as rows, channel by channel.
type unfold[T real] struct {
	planes
	channels int
}

// row is the length of a row.
func (k *unfold[T]) row() int { return k.channels * k.KH * k.KW }

// elements visits the elements of the windows of the images from lo to hi, each of one channel: where it goes, and where it is
// from; -1 where that is outside.
func (k *unfold[T]) elements(lo, hi int, f func(to, from int)) {
	area := k.KH * k.KW
	for i := lo * area; i < hi*area; i++ {
		p, ky, kx := i/area, i%area/k.KW, i%k.KW
		to := p/k.channels*k.oh*k.ow*k.row() + i%k.row()
		y0, y1 := span(k.oh, k.h, k.SH, k.Top, ky*k.DH)
		x0, x1 := span(k.ow, k.w, k.SW, k.Left, kx*k.DW)
		for y := range k.oh {
			from := (p*k.h+y*k.SH-k.Top+ky*k.DH)*k.w - k.Left + kx*k.DW
			for x := range k.ow {
				if y < y0 || y >= y1 || x < x0 || x >= x1 {
					f(to, -1)
				} else {
					f(to, from+x*k.SW)
				}
				to += k.row()
			}
		}
	}
}

func (k *unfold[T]) forwardPart(in [][]T, y []T, lo, hi int) {
	x := in[0]
	k.elements(lo, hi, func(to, from int) {
		if from < 0 {
			y[to] = 0
		} else {
			y[to] = x[from]
		}
	})
}

func (k *unfold[T]) backwardPart(_ [][]T, _, dy []T, din [][]T, lo, hi int) {
	dx := din[0]
	clear(dx[lo*k.h*k.w : hi*k.h*k.w])
	k.elements(lo, hi, func(to, from int) {
		if from >= 0 {
			dx[from] += dy[to]
		}
	})
}
