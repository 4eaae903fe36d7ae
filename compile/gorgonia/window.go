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
