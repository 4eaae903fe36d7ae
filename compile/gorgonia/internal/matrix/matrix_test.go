package matrix

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// at is an element of a matrix as it is read.
func at(m Matrix, i, j int) float64 {
	if m.Transposed {
		i, j = j, i
	}
	return float64(m.Data[i*m.Stride+j])
}

func random(t *rapid.T, rows, cols int, name string) Matrix {
	m := Matrix{Transposed: rapid.Bool().Draw(t, name+" transposed")}
	if m.Transposed {
		rows, cols = cols, rows
	}
	m.Stride = cols + rapid.IntRange(0, 3).Draw(t, name+" gap")
	m.Data = make([]float32, max(0, (rows-1)*m.Stride+cols))
	seed := rapid.Uint32().Draw(t, name)
	for i := range m.Data {
		seed = seed*1664525 + 1013904223
		m.Data[i] = float32(seed>>8)/(1<<23) - 1
	}
	return m
}

func TestMultiplyAgreesWithTheDefinition(t *testing.T) {
	t.Run("kernel", testMultiply)
	if fast {
		defer func(was bool) { fast = was }(fast)
		fast = false
		t.Run("gonum", testMultiply)
	}
}

func testMultiply(t *testing.T) {
	size := rapid.OneOf(rapid.IntRange(1, 20), rapid.IntRange(90, 100), rapid.IntRange(250, 300))
	rapid.Check(t, func(t *rapid.T) {
		m, n, k := size.Draw(t, "m"), size.Draw(t, "n"), size.Draw(t, "k")
		if m*n*k > 3_000_000 {
			t.Skip("large")
		}
		a, b := random(t, m, k, "a"), random(t, k, n, "b")
		ldc := n + rapid.IntRange(0, 3).Draw(t, "gap")
		alpha, beta := rapid.SampledFrom([]float32{1, 0.5}).Draw(t, "alpha"), rapid.SampledFrom([]float32{0, 1, -2}).Draw(t, "beta")
		c := make([]float32, m*ldc)
		for i := range c {
			c[i] = float32(i % 7)
			if beta == 0 && i%ldc < n {
				c[i] = float32(math.NaN())
			}
		}
		old := append([]float32(nil), c...)
		var w Work
		w.Multiply(m, n, k, alpha, a, b, beta, c, ldc)
		for i := range m {
			for j := range ldc {
				want := float64(old[i*ldc+j])
				if j < n {
					if want *= float64(beta); beta == 0 {
						want = 0
					}
					for p := range k {
						want += float64(alpha) * at(a, i, p) * at(b, p, j)
					}
				}
				if got := float64(c[i*ldc+j]); !(math.Abs(got-want) <= 1e-5*float64(k)) {
					t.Fatalf("c[%d, %d] is %v, not %v", i, j, got, want)
				}
			}
		}
	})
}

func BenchmarkMultiply(b *testing.B) {
	for _, s := range [][3]int{{32, 512, 288}, {64, 512, 288}, {64, 288, 512}, {288, 512, 64}, {512, 512, 512}, {128, 10, 512}, {32, 512, 9}, {32, 64, 288}} {
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
				var w Work
				for b.Loop() {
					w.Multiply(m, n, k, 1, Matrix{x, lda, tr[0]}, Matrix{y, ldb, tr[1]}, 0, z, n)
				}
				b.ReportMetric(2*float64(m*n*k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}
