// Package rows is loops over the rows of images, eight numbers at a time where they are float32 and the processor has AVX2.
package rows

type real interface{ float32 | float64 }

// whole is how much of n the assembly does.
func whole(n int) int {
	if !fast {
		return 0
	}
	return n &^ 7
}

// Copy copies h rows of w numbers that are ldfrom apart in from to rows that are ldto apart in to. With zeros the numbers
// between the rows of to become 0.
func Copy[T real](h, w int, to []T, ldto int, from []T, ldfrom int, zeros bool) {
	r := 0
	// A row may be written beyond its end, into the next one, which comes later.
	beyond := up(w)
	if zeros {
		beyond = w + 8
	}
	if to, ok := any(to).([]float32); ok && fast && h > 1 && w > 0 && (!zeros || ldto <= beyond) &&
		(h-2)*ldto+max(beyond, up(w)) <= len(to) && (h-2)*ldfrom+up(w) <= len(from) {
		r = h - 1
		copies(r, w, &to[0], ldto, &any(from).([]float32)[0], ldfrom, zeros)
	}
	for ; r < h; r++ {
		row := to[r*ldto:]
		copy(row[:w], from[r*ldfrom:])
		if zeros && r < h-1 {
			clear(row[w:ldto])
		}
	}
}

// up is w in whole registers.
func up(w int) int { return (w + 7) &^ 7 }

// Evens is to[i] = from[2i].
func Evens[T real](to, from []T) {
	i := 0
	if len(to) == 0 {
		return
	}
	_ = from[2*len(to)-2]
	if f, ok := any(from).([]float32); ok {
		if i = whole(min(len(to), len(f)/2)); i > 0 { // the last one may have no neighbour
			evens(i, &any(to).([]float32)[0], &f[0])
		}
	}
	for ; i < len(to); i++ {
		to[i] = from[2*i]
	}
}

// Most is the maximum of each square of two numbers of row a and two of row b below it; NaN where one is.
func Most(y, a, b []float32) {
	a, b = a[:2*len(y)], b[:2*len(y)]
	i := whole(len(y))
	if i > 0 {
		most(i, &y[0], &a[0], &b[0])
	}
	for ; i < len(y); i++ {
		y[i] = max(a[2*i], a[2*i+1], b[2*i], b[2*i+1])
	}
}

// MostBack is the gradient of Most: it goes to the first of the four that is the maximum.
func MostBack(da, db, dy, y, a, b []float32) {
	n := len(y)
	da, db, dy, a, b = da[:2*n], db[:2*n], dy[:n], a[:2*n], b[:2*n]
	i := whole(n)
	if i > 0 {
		mostBack(i, &da[0], &db[0], &dy[0], &y[0], &a[0], &b[0])
	}
	for ; i < n; i++ {
		j := 2 * i
		da[j], da[j+1], db[j], db[j+1] = 0, 0, 0, 0
		switch m := y[i]; {
		case !(a[j] < m):
			da[j] = dy[i]
		case !(a[j+1] < m):
			da[j+1] = dy[i]
		case !(b[j] < m):
			db[j] = dy[i]
		default:
			db[j+1] = dy[i]
		}
	}
}
