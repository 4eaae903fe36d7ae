// Package loops is the loops that products of matrices and convolutions are made of, for float32 in the registers of AVX-512
// or AVX2 and FMA where the processor has them, and otherwise in Go.
//
// A tile is a block of results that stays in registers (Goto and van de Geijn 2008, "Anatomy of high-performance matrix
// multiplication"). Its left operand is packed; of its right one each row stands anywhere, so that the windows of an image are
// read where they are (Dukhan 2019, "The indirect convolution algorithm").
package loops

//go:generate go run ./generate

// Real is the numbers that there are loops for.
type Real interface{ float32 | float64 }

// Most is the most registers side by side in a tile.
const Most = 3

// A Set is the loops of one instruction set. A register holds Lanes numbers, and a tile has Rows rows. The memory that they
// are pointed at isn't checked.
type Set[T Real] struct {
	Name        string
	Lanes, Rows int

	// Tile computes Rows rows of v registers of c = a b, or c += a b where add: a is k columns of Rows numbers each; row x
	// of register i of b is at rows[x] + cols[i] of b, and row r of register i of c at r*ldc + outs[i] of c. v is from 1 to
	// Most, and k 1 or more.
	Tile func(v, k int, a, b []T, rows, cols []int32, c []T, ldc int, outs []int32, add bool)

	// Dot adds sums of products along n registers: to[i*ldto + r] += the sum of y[r*ldy + j] x[offsets[i] + j] for r below
	// Rows, i below v and j below n*Lanes. n is 1 or more.
	Dot func(v, n int, y []T, ldy int, x []T, offsets []int32, to []T, ldto int)

	// Slide computes n registers of y, y[j] being the sum of w[i] x[offsets[i] + j] for i below k; k is 1 or more.
	Slide func(n, k int, w, x []T, offsets []int32, y []T)
}

// All is the loops that the processor can run, the fastest first.
func All[T Real]() []Set[T] {
	all := []Set[T]{{"go", lanes, rows, tile[T], dot[T], slide[T]}}
	if fast, ok := any(assembly()).([]Set[T]); ok {
		all = append(fast, all...)
	}
	return all
}

// lanes and rows are those of the loops in Go.
const (
	lanes = 4
	rows  = 4
)

func tile[T Real](v, k int, a, b []T, at, cols []int32, c []T, ldc int, outs []int32, add bool) {
	for i := range v {
		var s [rows][lanes]T
		for x, row := range at[:k] {
			p, q := (*[rows]T)(a[x*rows:]), (*[lanes]T)(b[row+cols[i]:])
			for r := range rows {
				s[r][0] += p[r] * q[0]
				s[r][1] += p[r] * q[1]
				s[r][2] += p[r] * q[2]
				s[r][3] += p[r] * q[3]
			}
		}
		for r := range rows {
			to := (*[lanes]T)(c[r*ldc+int(outs[i]):])
			for j, sum := range s[r] {
				if add {
					sum += to[j]
				}
				to[j] = sum
			}
		}
	}
}

func dot[T Real](v, n int, y []T, ldy int, x []T, offsets []int32, to []T, ldto int) {
	for i := range v {
		x := x[offsets[i]:][:n*lanes]
		for r := range rows {
			var s [lanes]T
			y := y[r*ldy:][:len(x)]
			for j := 0; j < len(x); j += lanes {
				p, q := (*[lanes]T)(y[j:]), (*[lanes]T)(x[j:])
				s[0] += p[0] * q[0]
				s[1] += p[1] * q[1]
				s[2] += p[2] * q[2]
				s[3] += p[3] * q[3]
			}
			to[i*ldto+r] += s[0] + s[1] + s[2] + s[3]
		}
	}
}

func slide[T Real](n, k int, w, x []T, offsets []int32, y []T) {
	y = y[:n*lanes]
	clear(y)
	for i, at := range offsets[:k] {
		v, x := w[i], x[at:][:len(y)]
		for j, u := range x {
			y[j] += v * u
		}
	}
}
