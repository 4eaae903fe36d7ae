package loops

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// Each of the loops is held against sums in float64, in every width and for depths about its unit.
func TestLoopsAgreeWithTheirDefinition(t *testing.T) {
	each(t, All[float32]())
	each(t, All[float64]())
}

func each[T Real](t *testing.T, all []Set[T]) {
	for _, l := range all {
		t.Run(fmt.Sprintf("%s %T", l.Name, T(0)), func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			for n := 1; n < 14; n++ {
				testSlide(t, r, l, n, 1)
				testSlide(t, r, l, n, 9)
			}
			for v := 1; v <= Most; v++ {
				for _, k := range []int{1, 2, 5, 64} {
					testTile(t, r, l, v, k)
					testDot(t, r, l, v, k)
				}
			}
		})
	}
}

func numbers[T Real](r *rand.Rand, n int) []T {
	x := make([]T, n)
	for i := range x {
		x[i] = T(r.NormFloat64())
	}
	return x
}

func testTile[T Real](t *testing.T, r *rand.Rand, l Set[T], v, k int) {
	for _, add := range []bool{false, true} {
		a, b := numbers[T](r, k*l.Rows), numbers[T](r, 1000)
		var rows, cols, outs []int32
		for range k {
			rows = append(rows, r.Int32N(500))
		}
		ldc := Most*(l.Lanes+1) + 2
		for i := range v {
			cols, outs = append(cols, r.Int32N(400)), append(outs, int32((v-1-i)*(l.Lanes+1)))
		}
		c := numbers[T](r, ldc*l.Rows)
		want := append([]T(nil), c...)
		for i := range l.Rows {
			for j := range v * l.Lanes {
				to := i*ldc + int(outs[j/l.Lanes]) + j%l.Lanes
				sum := 0.0
				for x := range k {
					sum += float64(a[x*l.Rows+i]) * float64(b[int(rows[x]+cols[j/l.Lanes])+j%l.Lanes])
				}
				if add {
					sum += float64(c[to])
				}
				want[to] = T(sum)
			}
		}
		l.Tile(v, k, a, b, rows, cols, c, ldc, outs, add)
		near(t, fmt.Sprint("tile ", v, " ", k, " ", add), c, want)
	}
}

func testDot[T Real](t *testing.T, r *rand.Rand, l Set[T], v, n int) {
	ldy, ldto := n*l.Lanes+3, l.Rows+1
	y, x := numbers[T](r, ldy*l.Rows), numbers[T](r, n*l.Lanes+50)
	var offsets []int32
	for range v {
		offsets = append(offsets, r.Int32N(50))
	}
	to := numbers[T](r, ldto*v)
	want := append([]T(nil), to...)
	for i := range v {
		for row := range l.Rows {
			sum := float64(to[i*ldto+row])
			for j := range n * l.Lanes {
				sum += float64(y[row*ldy+j]) * float64(x[int(offsets[i])+j])
			}
			want[i*ldto+row] = T(sum)
		}
	}
	l.Dot(v, n, y, ldy, x, offsets, to, ldto)
	near(t, fmt.Sprint("dot ", v, " ", n), to, want)
}

func testSlide[T Real](t *testing.T, r *rand.Rand, l Set[T], n, k int) {
	w, x, y := numbers[T](r, k), numbers[T](r, n*l.Lanes+50), numbers[T](r, n*l.Lanes+1)
	want := append([]T(nil), y...)
	var offsets []int32
	for range k {
		offsets = append(offsets, r.Int32N(50))
	}
	for j := range n * l.Lanes {
		sum := 0.0
		for i, at := range offsets {
			sum += float64(w[i]) * float64(x[int(at)+j])
		}
		want[j] = T(sum)
	}
	l.Slide(n, k, w, x, offsets, y)
	near(t, fmt.Sprint("slide ", n, " ", k), y, want)
}

func near[T Real](t *testing.T, what string, got, want []T) {
	t.Helper()
	for i := range want {
		if d := math.Abs(float64(got[i] - want[i])); !(d <= 1e-4) {
			t.Fatalf("%s: number %d is %v, not %v", what, i, got[i], want[i])
		}
	}
}

// The numbers that a tile and a dot multiply and add a second, all in the first cache.
func BenchmarkLoops(b *testing.B) {
	for _, l := range All[float32]() {
		for v := 1; v <= Most; v++ {
			const k = 128
			a, x := make([]float32, k*64*8), make([]float32, 8192)
			var rows, cols []int32
			for i := range k {
				rows = append(rows, int32(i*32+i%3))
			}
			for i := range v {
				cols = append(cols, int32(i*l.Lanes))
			}
			c := make([]float32, l.Rows*64)
			b.Run(fmt.Sprint(l.Name, " tile ", v), func(b *testing.B) {
				for b.Loop() {
					l.Tile(v, k, a, x, rows, cols, c, 64, cols, false)
				}
				b.ReportMetric(2*float64(k*l.Rows*l.Lanes*v)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
			b.Run(fmt.Sprint(l.Name, " dot ", v), func(b *testing.B) {
				for b.Loop() {
					l.Dot(v, k/2, a, k/2*l.Lanes, x, rows, c, 64)
				}
				b.ReportMetric(2*float64(k/2*l.Rows*l.Lanes*v)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}
