package matrix

import (
	"fmt"
	"math"
	"runtime"
	"testing"

	"github.com/spacec-lang/spacec/compile/gorgonia/internal/cores"
	"github.com/spacec-lang/spacec/compile/gorgonia/internal/loops"
	"pgregory.net/rapid"
)

// Each of the loops on one core and on several.
func TestMultiplyAgreesWithTheDefinition(t *testing.T) {
	before := runtime.GOMAXPROCS(3)
	defer runtime.GOMAXPROCS(before)
	for _, team := range []*cores.Team{nil, cores.New(3)} {
		for _, l := range loops.All[float32]() {
			t.Run(fmt.Sprint(l.Name, " on ", team.Size()), func(t *testing.T) { testMultiply(t, New(team, l)) })
		}
		for _, l := range loops.All[float64]() {
			t.Run(fmt.Sprint(l.Name, " float64 on ", team.Size()), func(t *testing.T) { testMultiply(t, New(team, l)) })
		}
	}
}

// at is where an element of a matrix stands.
func (m Matrix[T]) at(i, j int) int {
	if m.Transposed {
		i, j = j, i
	}
	return i*m.Stride + j
}

// random is a matrix in any of the ways in which one may stand in memory.
func random[T loops.Real](t *rapid.T, rows, cols int, name string, transposed bool) Matrix[T] {
	m := Matrix[T]{Stride: cols + rapid.IntRange(0, 3).Draw(t, name+" gap")}
	size := rows * m.Stride
	if transposed && rapid.Bool().Draw(t, name) {
		m.Transposed, m.Stride = true, m.Stride-cols+rows
		size = cols * m.Stride
	}
	m.Data = make([]T, size)
	seed := rapid.Uint32().Draw(t, name)
	for i := range m.Data {
		seed = seed*1664525 + 1013904223
		m.Data[i] = T(seed>>8)/(1<<23) - 1
	}
	return m
}

func testMultiply[T loops.Real](t *testing.T, w *Work[T]) {
	size := rapid.OneOf(rapid.IntRange(1, 40), rapid.IntRange(90, 100), rapid.IntRange(250, 300), rapid.Just(520))
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
		w.Multiply(m, n, k, alpha, a, b, beta, c)
		for i := range want {
			if !(math.Abs(float64(c.Data[i]-want[i])) <= 1e-5*float64(k)) {
				t.Fatalf("place %d of c is %v, not %v", i, c.Data[i], want[i])
			}
		}
	})
}

func BenchmarkMultiply(b *testing.B) {
	for _, s := range [][3]int{{128, 512, 784}, {512, 784, 128}, {512, 512, 512}, {128, 10, 512}, {1024, 128, 128}, {64, 64, 32}, {2048, 2048, 2048}} {
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
				w := New(cores.New(0), loops.All[float32]()[0])
				for b.Loop() {
					w.Multiply(m, n, k, 1, Matrix[float32]{Data: x, Stride: lda, Transposed: tr[0]},
						Matrix[float32]{Data: y, Stride: ldb, Transposed: tr[1]}, 0, Matrix[float32]{Data: z, Stride: n})
				}
				b.ReportMetric(2*float64(m*n*k)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
			})
		}
	}
}
