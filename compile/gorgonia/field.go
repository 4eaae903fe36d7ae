package gorgonia

import "github.com/spacec-lang/spacec/compile/gorgonia/internal/rows"

// field is how some images are laid out so that the windows of a convolution are read where they are. Channel by channel, the
// images stand one below the other with zeros about them; the zeros before a row are also those after the row above. So an
// element of all windows stands in a run, at the same distance from where the first window starts. Where the stride isn't 1,
// rows and columns of each remainder by the stride are a plane of their own: a phase.
type field struct {
	images, channels int
	h, w             int   // of an image
	sh, sw           int   // strides
	top, left        int   // zeros before
	ph, pw           int   // of an image in a phase
	plane            int   // numbers in a phase of a channel: all images, and zeros up to whole registers
	phase            []int // the number of the phase of each remainder by rows and columns; -1 where no window reads it
	phases           int
	ones             bool // after the channels a plane is all ones, for the bias
}

// newField is the layout where windows read up to the row bottom and the column right of an image with the zeros before it.
func newField(images, channels, h, w, sh, sw, top, left, bottom, right int, ones bool) *field {
	f := &field{images: images, channels: channels, h: h, w: w, sh: sh, sw: sw, top: top, left: left, ones: ones,
		ph: pitch(h, sh, top, bottom), pw: pitch(w, sw, left, right), phase: make([]int, sh*sw)}
	for i := range f.phase {
		f.phase[i] = -1
	}
	return f
}

// pitch is how far images, or rows, are apart in a phase, of which windows read the numbers up to last.
func pitch(size, stride, before, last int) int {
	if stride == 1 {
		last -= before // the next one's zeros are read, too
	}
	return ceil(max(before+size, last+1), stride)
}

func ceil(a, b int) int { return (a + b - 1) / b }

// match gives two fields rows and columns of the same distance.
func match(lanes int, fields ...*field) {
	ph, pw := 0, 0
	for _, f := range fields {
		ph, pw = max(ph, f.ph), max(pw, f.pw)
	}
	for _, f := range fields {
		f.ph, f.pw, f.plane = ph, pw, ceil(f.images*ph*pw, lanes)*lanes
	}
}

// at is where an element stands that is so many rows and columns from where the first window starts, beyond its channel.
func (f *field) at(row, column int) int {
	p := &f.phase[row%f.sh*f.sw+column%f.sw]
	if *p < 0 {
		*p = f.phases
		f.phases++
	}
	return *p*f.plane + row/f.sh*f.pw + column/f.sw
}

// channel is how far channels are apart, once all phases are known.
func (f *field) channel() int { return f.phases * f.plane }

// one is where the plane of ones is; before it is one of zeros, since the last images' windows end there.
func (f *field) one() int { return f.channels*f.channel() + f.plane }

// size is how many numbers are laid out, and room with what is read behind them, to no effect.
func (f *field) size() int {
	if f.ones {
		return f.one() + f.plane
	}
	return f.one()
}

func (f *field) room(rows int) int { return f.size() + max(rows, 2)*f.plane }

// lay lays out m images of x.
func lay[T real](f *field, to, x []T, m int) {
	size, channel := f.ph*f.pw, f.channel()
	for c := range f.channels {
		to := part(to, c, channel)
		if f.sh == 1 && f.sw == 1 {
			for n := range m {
				frame(f, part(to, n, size), part(x, n*f.channels+c, f.h*f.w))
			}
			clear(to[m*size:])
			continue
		}
		clear(to)
		for n := range m {
			byPhases(f, to[n*size:], part(x, n*f.channels+c, f.h*f.w))
		}
	}
	clear(to[f.channels*channel : f.one()])
	if f.ones {
		ones := to[f.one():][:f.plane]
		for i := range ones {
			ones[i] = 1
		}
	}
}

// frame lays out an image of one phase.
func frame[T real](f *field, to, image []T) {
	at := f.top*f.pw + f.left
	clear(to[:at])
	rows.Copy(f.h, f.w, to[at:], f.pw, image, f.w, true)
	clear(to[at+(f.h-1)*f.pw+f.w:])
}

// byPhases lays out an image of which each phase is a plane; the zeros are there.
func byPhases[T real](f *field, to, image []T) {
	for y := range f.h {
		row, from := y+f.top, image[y*f.w:]
		for column := range f.sw {
			if p := f.phase[row%f.sh*f.sw+column]; p >= 0 {
				first := ((column-f.left)%f.sw + f.sw) % f.sw
				every(to[p*f.plane+row/f.sh*f.pw+(first+f.left)/f.sw:], from, first, f.sw, f.w)
			}
		}
	}
}

// every copies of n numbers from[first], from[first+stride], ....
func every[T real](to, from []T, first, stride, n int) {
	switch {
	case first >= n:
	case stride == 1:
		copy(to, from[:n])
	case stride == 2:
		rows.Evens(to[:(n-first+1)/2], from[first:])
	default:
		for i, j := first, 0; i < n; i, j = i+stride, j+1 {
			to[j] = from[i]
		}
	}
}
