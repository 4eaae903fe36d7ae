package rows

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func both(t *testing.T, test func(t *testing.T)) {
	t.Run("assembly", test)
	if fast {
		defer func() { fast = true }()
		fast = false
		t.Run("go", test)
	}
}

func numbers(n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(i + 1)
	}
	return x
}

func TestCopy(t *testing.T) {
	both(t, func(t *testing.T) {
		for _, h := range []int{1, 2, 5} {
			for _, w := range []int{0, 1, 3, 7, 8, 9, 16, 28} {
				for _, gaps := range [][2]int{{0, 0}, {1, 0}, {0, 3}, {2, 0}, {9, 1}} {
					for _, zeros := range []bool{false, true} {
						ldto, ldfrom := w+gaps[0], w+gaps[1]
						from := numbers(h * ldfrom)
						to := make([]float32, h*ldto+16) // of what is read later, none may be zeroed or copied to but by a later row
						for i := range to {
							to[i] = -1
						}
						Copy(h, w, to, ldto, from, ldfrom, zeros)
						for y := range h {
							for x := range w {
								if to[y*ldto+x] != from[y*ldfrom+x] {
									t.Fatal(h, w, gaps, zeros, y, x, to)
								}
							}
							for x := w; zeros && y < h-1 && x < ldto; x++ {
								if to[y*ldto+x] != 0 {
									t.Fatal("between the rows", h, w, gaps, y, x, to)
								}
							}
						}
					}
				}
			}
		}
	})
}

func TestEvens(t *testing.T) {
	both(t, func(t *testing.T) {
		for n := range 40 {
			from := numbers(max(0, 2*n-1))
			to := make([]float32, n+1)
			Evens(to[:n], from)
			for i := range n {
				if to[i] != from[2*i] {
					t.Fatal(n, to)
				}
			}
			if to[n] != 0 {
				t.Fatal("beyond", n)
			}
		}
	})
}

func TestMost(t *testing.T) {
	both(t, func(t *testing.T) {
		r := rand.New(rand.NewPCG(1, 2))
		for n := range 40 {
			a, b := make([]float32, 2*n), make([]float32, 2*n)
			for i := range a { // with equal ones, and some that are no numbers
				a[i], b[i] = float32(r.IntN(4)), float32(r.IntN(4))
				if r.IntN(20) == 0 {
					a[i] = float32(math.NaN())
				}
				if r.IntN(20) == 0 {
					b[i] = float32(math.NaN())
				}
			}
			y, dy := make([]float32, n), numbers(n)
			Most(y, a, b)
			da, db := numbers(2*n), numbers(2*n)
			MostBack(da, db, dy, y, a, b)
			for i := range n {
				four, grads := []float32{a[2*i], a[2*i+1], b[2*i], b[2*i+1]}, []float32{da[2*i], da[2*i+1], db[2*i], db[2*i+1]}
				want := make([]float32, 4)
				if slices.ContainsFunc(four, func(v float32) bool { return v != v }) {
					if y[i] == y[i] {
						t.Fatal(four, "have the maximum", y[i])
					}
					continue // the gradient's place doesn't matter
				}
				most := slices.Max(four)
				want[slices.Index(four, most)] = dy[i]
				if y[i] != most || fmt.Sprint(grads) != fmt.Sprint(want) {
					t.Fatal(four, "have the maximum", y[i], "and the gradients", grads, "of", dy[i])
				}
			}
		}
	})
}
