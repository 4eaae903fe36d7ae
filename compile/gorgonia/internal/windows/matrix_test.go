package windows

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestMultiplyAgreesWithTheDefinition(t *testing.T) {
	t.Run("kernel", func(t *testing.T) { testMultiply[float32](t) })
	t.Run("float64", func(t *testing.T) { testMultiply[float64](t) })
	if fast {
		defer func() { fast = true }()
		fast = false
		t.Run("gonum", func(t *testing.T) { testMultiply[float32](t) })
	}
}

// at is where an element of a matrix stands.
func (m Matrix[T]) at(i, j int) int {
	if m.Rows != nil {
		return int(m.Rows[i] + m.Cols[j])
	}
	if m.Transposed {
		i, j = j, i
	}
	return i*m.Stride + j
}

// random is a matrix in any of the ways in which one may stand in memory.
func random[T float32 | float64](t *rapid.T, rows, cols int, name string, transposed bool) Matrix[T] {
	var m Matrix[T]
	size := 0
	switch how := rapid.IntRange(0, 2).Draw(t, name); {
	case how == 0: // groups of columns that follow each other, with gaps between
		group := rapid.SampledFrom([]int{1, 2, 4, 8, 16, 5, 1000}).Draw(t, name+" group")
		gap := rapid.IntRange(0, 2).Draw(t, name+" gap")
		m.Rows, m.Cols = []int32{}, []int32{}
		for j := range cols {
			m.Cols = append(m.Cols, int32(j+j/group*gap))
		}
		width := int(m.Cols[cols-1]) + 1
		for i := range rows {
			m.Rows = append(m.Rows, int32(i*width+i/3*gap))
		}
		size = int(m.Rows[rows-1]) + width
	case how == 1 && transposed:
		m.Transposed = true
		m.Stride = rows + rapid.IntRange(0, 3).Draw(t, name+" gap")
		size = cols * m.Stride
	default:
		m.Stride = cols + rapid.IntRange(0, 3).Draw(t, name+" gap")
		size = rows * m.Stride
	}
	m.Data = make([]T, size)
	seed := rapid.Uint32().Draw(t, name)
	for i := range m.Data {
		seed = seed*1664525 + 1013904223
		m.Data[i] = T(seed>>8)/(1<<23) - 1
	}
	return m
}

func testMultiply[T float32 | float64](t *testing.T) {
	size := rapid.OneOf(rapid.IntRange(1, 40), rapid.IntRange(90, 100), rapid.IntRange(250, 300))
	rapid.Check(t, func(t *rapid.T) {
		m, n, k := size.Draw(t, "m"), size.Draw(t, "n"), size.Draw(t, "k")
		if m*n*k > 2_000_000 {
			m, k = min(m, 20), min(k, 90)
		}
		a, b, c := random[T](t, m, k, "a", true), random[T](t, k, n, "b", true), random[T](t, m, n, "c", false)
		alpha, beta := rapid.SampledFrom([]T{1, 0.5}).Draw(t, "alpha"), rapid.SampledFrom([]T{0, 1, -2}).Draw(t, "beta")
		want := append([]T(nil), c.Data...)
		for i := range m {
			for j := range n {
				sum := 0.0
				for p := range k {
					sum += float64(a.Data[a.at(i, p)]) * float64(b.Data[b.at(p, j)])
				}
				want[c.at(i, j)] = beta*want[c.at(i, j)] + alpha*T(sum)
				if beta == 0 {
					c.Data[c.at(i, j)] = T(math.NaN())
				}
			}
		}
		var w Work[T]
		w.Multiply(m, n, k, alpha, a, b, beta, c)
		for i := range want {
			if !(math.Abs(float64(c.Data[i]-want[i])) <= 1e-5*float64(k)) {
				t.Fatalf("place %d of c is %v, not %v", i, c.Data[i], want[i])
			}
		}
	})
}

func BenchmarkMultiply(b *testing.B) {
	for _, s := range [][3]int{{32, 512, 288}, {64, 288, 4096}, {512, 512, 512}, {128, 10, 512}, {32, 4096, 9}, {32, 64, 288}} {
		m, n, k := s[0], s[1], s[2]
		for _, tr := range [][2]bool{{false, false}, {false, true}, {true, false}} {
			b.Run(fmt.Sprint(m, "x", n, "x", k, " ", tr), func(b *testing.B) {
				x, y, z := make([]float32, m*k), make([]float32, k*n), make([]float32, m*n)
				lda, ldb := k, n
				if tr[0] {
					lda = m
				}
				if tr[1] {
					ldb = k
				}
				var w Work[float32]
				for b.Loop() {
					w.Multiply(m, n, k, 1, Matrix[float32]{Data: x, Stride: lda, Transposed: tr[0]},
						Matrix[float32]{Data: y, Stride: ldb, Transposed: tr[1]}, 0, Matrix[float32]{Data: z, Stride: n})
				}
				b.ReportMetric(2*float64(m*n*k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}
