package vector

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// each runs a test with the assembly, where there is one, and without.
func each(t *testing.T, test func(t *testing.T)) {
	t.Run("assembly", test)
	if fast {
		defer func() { fast = true }()
		fast = false
		t.Run("go", test)
	}
}

func TestSmoothFunctionsOverAllNumbers(t *testing.T) {
	each(t, func(t *testing.T) {
		var x []float32
		for v := -30.0; v <= 30; v += 0.003 {
			x = append(x, float32(v))
		}
		for v := 1e-20; v < 1e3; v *= 1.1 {
			x = append(x, float32(v), float32(-v))
		}
		y, slope := make([]float32, len(x)), make([]float32, len(x))
		compare := func(what string, got []float32, relative, absolute float64, f func(x float64) float64) {
			for i, v := range x {
				if want := f(float64(v)); !(math.Abs(float64(got[i])-want) <= relative*math.Abs(want)+absolute) {
					t.Fatalf("%s(%v) is %v, not %v", what, v, got[i], want)
				}
			}
		}
		Logistic(y, x)
		compare("logistic", y, 4e-7, 1e-36, func(x float64) float64 { return 1 / (1 + math.Exp(-x)) })
		Tanh(y, x)
		compare("tanh", y, 1e-6, 0, math.Tanh)
		GELU(y, slope, x)
		phi := func(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }
		compare("gelu", y, 4e-7, 6e-7, func(x float64) float64 { return x * phi(x) })
		compare("gelu's slope", slope, 4e-7, 4e-7, func(x float64) float64 { return phi(x) + x*math.Exp(-x*x/2)/math.Sqrt(2*math.Pi) })
	})
}

func TestSmoothFunctionsKeepNaN(t *testing.T) {
	each(t, func(t *testing.T) {
		nan, inf := float32(math.NaN()), float32(math.Inf(1))
		x := []float32{nan, 1, inf, -inf, 2, nan, 0, 3, nan, inf}
		y, slope := make([]float32, len(x)), make([]float32, len(x))
		for name, f := range map[string]func(){"logistic": func() { Logistic(y, x) }, "tanh": func() { Tanh(y, x) }, "gelu": func() { GELU(y, slope, x) }} {
			f()
			for i, v := range x {
				if v != v && y[i] == y[i] {
					t.Errorf("%s of NaN is %v", name, y[i])
				}
			}
			if name != "gelu" && (y[2] != 1 || y[9] != 1 || y[3] > 1e-30) {
				t.Errorf("%s at the ends: %v", name, y)
			}
		}
	})
}

func TestRowsAgreeWithTheirDefinitions(t *testing.T) {
	each(t, func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			n, rows := rapid.IntRange(1, 70).Draw(t, "n"), rapid.IntRange(0, 5).Draw(t, "rows")
			stride := n + rapid.IntRange(0, 9).Draw(t, "gap")
			a, b := numbers(t, n, "a"), numbers(t, n, "b")
			y := make([]float32, n+1)
			Times(y[:n], a, b)
			for i := range a {
				near(t, "times", i, float64(y[i]), float64(a[i])*float64(b[i]), 400)
			}
			x := numbers(t, rows*stride, "x")
			Columns(y[:n], x, rows, stride)
			for i := range n {
				sum := 0.0
				for r := range rows {
					sum += float64(x[r*stride+i])
				}
				near(t, "columns", i, float64(y[i]), sum, 100)
			}
			if y[n] != 0 {
				t.Fatal("it wrote beyond its result")
			}
			top := math.Inf(-1)
			for _, v := range a {
				top = max(top, float64(v))
			}
			if got := Max(a); float64(got) != top {
				t.Fatalf("the largest is %v, not %v", got, top)
			}
		})
	})
}

func TestAdamAgreesWithItsFormula(t *testing.T) {
	each(t, func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			n := rapid.IntRange(0, 40).Draw(t, "n")
			w, m, g := numbers(t, n, "w"), numbers(t, n, "m"), numbers(t, n, "g")
			v := make([]float32, n)
			for i, x := range numbers(t, n, "v") {
				v[i] = x*x + 1 // no root of next to nothing
			}
			s := AdamStep{L2: 0.1, Beta1: 0.9, Beta2: 0.99, Rate: 0.01, Root: 2, Epsilon: 1e-8, Shrink: 0.02}
			w2, m2, v2 := append([]float32(nil), w...), append([]float32(nil), m...), append([]float32(nil), v...)
			Adam(s, w2, m2, v2, g)
			for i := range w {
				d := float64(g[i]) + float64(s.L2)*float64(w[i])
				mean := float64(s.Beta1)*float64(m[i]) + (1-float64(s.Beta1))*d
				square := float64(s.Beta2)*float64(v[i]) + (1-float64(s.Beta2))*d*d
				near(t, "mean", i, float64(m2[i]), mean, 20)
				near(t, "square", i, float64(v2[i]), square, 900)
				near(t, "weight", i, float64(w2[i]), float64(w[i])*(1-float64(s.Shrink))-float64(s.Rate)*mean/(2*math.Sqrt(square)+1e-8), 20)
			}
		})
	})
}

func TestSGDAgreesWithItsFormula(t *testing.T) {
	each(t, func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			n := rapid.IntRange(0, 40).Draw(t, "n")
			w, v, g := numbers(t, n, "w"), numbers(t, n, "v"), numbers(t, n, "g")
			w2, v2 := append([]float32(nil), w...), append([]float32(nil), v...)
			SGD(SGDStep{0.1, 0.9, 0.02}, w2, v2, g)
			for i := range w {
				velocity := 0.9*float64(v[i]) + float64(g[i]) + 0.02*float64(w[i])
				near(t, "velocity", i, float64(v2[i]), velocity, 40)
				near(t, "weight", i, float64(w2[i]), float64(w[i])-0.1*velocity, 40)
			}
		})
	})
}

func TestNormsAgreeWithTheirDefinitions(t *testing.T) {
	each(t, func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			n, rows := rapid.IntRange(1, 40).Draw(t, "n"), rapid.IntRange(0, 4).Draw(t, "rows")
			stride := n + rapid.IntRange(0, 9).Draw(t, "gap")
			f := func(x float32) float64 { return float64(x) }
			x, g, gamma, beta, k := numbers(t, n, "x"), numbers(t, n, "g"), numbers(t, n, "gamma"), numbers(t, n, "beta"), numbers(t, 4, "k")
			y, z := make([]float32, n+1), make([]float32, n+1)
			Normal(y[:n], x, gamma, beta, k[0], k[1])
			for i := range n {
				near(t, "normal", i, f(y[i]), (f(x[i])-f(k[0]))*f(k[1])*f(gamma[i])+f(beta[i]), 40*400)
			}
			NormalBack(y[:n], g, gamma, x, k[0], k[1], k[2], k[3])
			var sum, dot float64
			for i := range n {
				near(t, "back", i, f(y[i]), f(k[0])*f(g[i])*f(gamma[i])+f(k[1])*(f(x[i])-f(k[2]))+f(k[3]), 9000)
				sum += f(g[i]) * f(gamma[i])
				dot += f(g[i]) * f(gamma[i]) * (f(x[i]) - f(k[0]))
			}
			gotSum, gotDot := Weighed(g, gamma, x, k[0])
			near(t, "sum", 0, gotSum, sum, 400*40)
			near(t, "dot", 0, gotDot, dot, 400*40*40)
			if y[n] != 0 {
				t.Fatal("it wrote beyond its result")
			}
			xs, gs, mean, inverse := numbers(t, rows*stride, "xs"), numbers(t, rows*stride, "gs"), numbers(t, rows, "mean"), numbers(t, rows, "inverse")
			NormalColumns(y[:n], z[:n], gs, xs, mean, inverse, stride)
			for i := range n {
				sum, dot := 0.0, 0.0
				for r := range rows {
					sum += f(gs[r*stride+i])
					dot += f(gs[r*stride+i]) * (f(xs[r*stride+i]) - f(mean[r])) * f(inverse[r])
				}
				near(t, "dbeta", i, f(z[i]), sum, 80)
				near(t, "dgamma", i, f(y[i]), dot, 4*20*40*20)
			}
			if y[n] != 0 || z[n] != 0 {
				t.Fatal("it wrote beyond its result")
			}
		})
	})
}

func TestPackingAgreesWithItsDefinition(t *testing.T) {
	each(t, func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			m, n := rapid.IntRange(0, 20).Draw(t, "m"), rapid.IntRange(0, 40).Draw(t, "n")
			stride, ld, by := max(m, n)+rapid.IntRange(0, 9).Draw(t, "stride"), n+rapid.IntRange(0, 9).Draw(t, "ld"), float32(0.5)
			from := numbers(t, m*ld+1, "from")
			want, turned := make([]float32, max(m, n)*stride+1), make([]float32, max(m, n)*stride+1)
			for r := range m {
				for i := range n {
					want[r*stride+i], turned[i*stride+r] = by*from[r*ld+i], by*from[r*ld+i]
				}
			}
			to := make([]float32, len(want))
			Rows(to, from, m, n, stride, ld, by)
			if !slices.Equal(to, want) {
				t.Fatalf("rows are %v, not %v", to, want)
			}
			clear(to)
			Turn(to, from, m, n, stride, ld, by)
			if !slices.Equal(to, turned) {
				t.Fatalf("turned they are %v, not %v", to, turned)
			}
		})
	})
}
