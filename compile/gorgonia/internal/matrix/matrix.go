// Package matrix multiplies matrices on all cores: blocks of packed operands, multiplied by the loops of package loops.
package matrix

import (
	"github.com/spacec-lang/spacec/compile/gorgonia/internal/cores"
	"github.com/spacec-lang/spacec/compile/gorgonia/internal/loops"
	"github.com/spacec-lang/spacec/compile/gorgonia/internal/vector"
)

// The sizes of blocks: an mc by kc block of a and a kc by nc block of b are packed at a time, and a part of the work is a
// panel of b, as wide as a tile, with group panels of a, which stay in the second cache.
const (
	kc    = 256
	mc    = 512
	nc    = 3072
	group = 8
)

// Matrix is an operand: by rows in memory, each row Stride after the one before, read transposed where Transposed says so.
type Matrix[T loops.Real] struct {
	Data       []T
	Stride     int
	Transposed bool
}

// Work is what products use: cores, loops, memory. One goroutine uses it at a time.
type Work[T loops.Real] struct {
	team  *cores.Team
	loops loops.Set[T]
	a, b  []T
	edges [][]T                   // a tile for each core, for what isn't a whole tile of c
	rows  [loops.Most + 1][]int32 // where the rows of a packed panel of b are, by its width in registers
	cols  [loops.Most]int32
	job   job[T]
}

// New is work on a team's cores.
func New[T loops.Real](team *cores.Team, set loops.Set[T]) *Work[T] {
	w := &Work[T]{team: team, loops: set}
	for v := 1; v <= loops.Most; v++ {
		for x := range kc {
			w.rows[v] = append(w.rows[v], int32(x*v*set.Lanes))
		}
		w.cols[v-1] = int32((v - 1) * set.Lanes)
	}
	for range team.Size() {
		w.edges = append(w.edges, make([]T, set.Rows*w.width()))
	}
	return w
}

// width is how many columns a tile has.
func (w *Work[T]) width() int { return loops.Most * w.loops.Lanes }

// job is the block at hand: of a the rows [i, i+m), of b the columns [j, j+n), of both the depth [p, p+k).
type job[T loops.Real] struct {
	a, b, c              Matrix[T]
	alpha, beta          T
	i, j, p, m, n, k     int
	panelsOfA, panelsOfB int
	groups               int // of panels of a
	first                bool
	packing              bool
}

// Multiply is c = alpha * a b + beta * c, a being m by k, b k by n and c m by n, none of them empty; c isn't transposed. With
// beta 0 what c held doesn't matter. The result is the same on any number of cores.
func (w *Work[T]) Multiply(m, n, k int, alpha T, a, b Matrix[T], beta T, c Matrix[T]) {
	rows, width := w.loops.Rows, w.width()
	grow(&w.a, up(min(m, mc), rows)*min(k, kc))
	grow(&w.b, up(min(n, nc), width)*min(k, kc))
	d := &w.job
	*d = job[T]{a: a, b: b, c: c, alpha: alpha, beta: beta}
	for d.j = 0; d.j < n; d.j += nc {
		d.n = min(nc, n-d.j)
		for d.p = 0; d.p < k; d.p += kc {
			d.k, d.first = min(kc, k-d.p), d.p == 0
			d.panelsOfB = up(d.n, width) / width
			for d.i = 0; d.i < m; d.i += mc {
				d.m = min(mc, m-d.i)
				d.panelsOfA = up(d.m, rows) / rows
				d.groups = (d.panelsOfA + group - 1) / group
				d.packing = true
				w.team.Do(d.panelsOfA+d.panelsOfB, max(1, 4096/(d.k*rows)), w)
				d.packing = false
				w.team.Do(d.panelsOfB*d.groups, 1, w)
				d.panelsOfB = up(d.n, width) / width
			}
		}
	}
	*d = job[T]{}
}

func up(n, by int) int { return (n + by - 1) / by * by }

// Do is for the team.
func (w *Work[T]) Do(worker, lo, hi int) {
	for part := lo; part < hi; part++ {
		switch {
		case !w.job.packing:
			w.multiply(worker, part)
		case part < w.job.panelsOfA:
			w.packA(part)
		default:
			w.packB(part - w.job.panelsOfA)
		}
	}
}

// multiply is the tiles of a panel of b and a group of panels of a.
func (w *Work[T]) multiply(worker, part int) {
	d, rows, width := &w.job, w.loops.Rows, w.width()
	j := part / d.groups * width
	b, n := w.b[j*d.k:], min(width, d.n-j)
	v := up(n, w.loops.Lanes) / w.loops.Lanes
	for g := part % d.groups * group; g < min(d.panelsOfA, (part%d.groups+1)*group); g++ {
		a, m := w.a[g*rows*d.k:], min(rows, d.m-g*rows)
		c := d.c.Data[(d.i+g*rows)*d.c.Stride+d.j+j:]
		add := !d.first || d.beta != 0
		if d.first && d.beta != 0 && d.beta != 1 {
			for r := range m {
				scale(c[r*d.c.Stride:][:n], d.beta)
			}
		}
		if m == rows && n == v*w.loops.Lanes {
			w.loops.Tile(v, d.k, a, b, w.rows[v], w.cols[:], c, d.c.Stride, w.cols[:], add)
			continue
		}
		edge := w.edges[worker]
		w.loops.Tile(v, d.k, a, b, w.rows[v], w.cols[:], edge, width, w.cols[:], false)
		for r := range m {
			to, from := c[r*d.c.Stride:][:n], edge[r*width:]
			if !add {
				copy(to, from)
				continue
			}
			for x, u := range from[:n] {
				to[x] += u
			}
		}
	}
}

func scale[T loops.Real](row []T, by T) {
	for i := range row {
		row[i] *= by
	}
}

// packA lays out a panel of alpha * a: as many rows as a tile has, column after column.
func (w *Work[T]) packA(panel int) {
	d, rows := &w.job, w.loops.Rows
	to := w.a[panel*rows*d.k:][:rows*d.k]
	i, m := d.i+panel*rows, min(rows, d.m-panel*rows)
	if m < rows {
		clear(to)
	}
	if d.a.Transposed {
		lay(to, d.a.Data[d.p*d.a.Stride+i:], d.k, m, rows, d.a.Stride, d.alpha)
		return
	}
	turn(to, d.a.Data[i*d.a.Stride+d.p:], m, d.k, rows, d.a.Stride, d.alpha)
}

// packB lays out a panel of b: as many columns as its tiles have, row after row.
func (w *Work[T]) packB(panel int) {
	d := &w.job
	j := panel * w.width()
	n := min(w.width(), d.n-j)
	wide := up(n, w.loops.Lanes)
	to := w.b[j*d.k:][:wide*d.k]
	j += d.j
	if n < wide {
		clear(to)
	}
	if d.b.Transposed {
		turn(to, d.b.Data[j*d.b.Stride+d.p:], n, d.k, wide, d.b.Stride, 1)
		return
	}
	lay(to, d.b.Data[d.p*d.b.Stride+j:], d.k, n, wide, d.b.Stride, 1)
}

// lay is to[r*stride + x] = by * from[r*ld + x] for r below m and x below n.
func lay[T loops.Real](to, from []T, m, n, stride, ld int, by T) {
	if to, ok := any(to).([]float32); ok {
		vector.Rows(to, any(from).([]float32), m, n, stride, ld, float32(by))
		return
	}
	for r := range m {
		for x, v := range from[r*ld:][:n] {
			to[r*stride+x] = by * v
		}
	}
}

// turn is to[x*stride + r] = by * from[r*ld + x] for r below m and x below n.
func turn[T loops.Real](to, from []T, m, n, stride, ld int, by T) {
	if to, ok := any(to).([]float32); ok {
		vector.Turn(to, any(from).([]float32), m, n, stride, ld, float32(by))
		return
	}
	for r := range m {
		for x, v := range from[r*ld:][:n] {
			to[x*stride+r] = by * v
		}
	}
}

func grow[T any](buffer *[]T, n int) {
	if len(*buffer) < n {
		*buffer = make([]T, n)
	}
}
