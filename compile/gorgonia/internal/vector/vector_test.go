package vector

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func numbers(t *rapid.T, n int, name string) []float32 {
	x := rapid.SliceOfN(rapid.Float32Range(-20, 20), n, n).Draw(t, name)
	for i := range x {
		if i%3 == 0 {
			x[i] = max(x[i], 0) // zeros for Where
		}
	}
	return x
}

// close allows the rounding of a few operations on numbers up to scale.
func near(t *rapid.T, what string, i int, got, want, scale float64) {
	if !(math.Abs(got-want) <= 1e-6*(1+scale)) {
		t.Fatalf("%s[%d] is %v, not %v", what, i, got, want)
	}
}

func TestLoopsAgreeWithTheirDefinitions(t *testing.T) {
	t.Run("assembly", testLoops)
	if fast {
		defer func() { fast = true }()
		fast = false
		t.Run("go", testLoops)
	}
}

func testLoops(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(t, "n")
		a, b, y := numbers(t, n, "a"), numbers(t, n, "b"), make([]float32, n)
		k := numbers(t, 4, "constants")
		wide := make([]float32, n+3)
		each := func(what string, f func(i int) float64) {
			for i := range y {
				near(t, what, i, float64(y[i]), f(i), 1000)
			}
		}
		f := func(x float32) float64 { return float64(x) }
		Add(y, a, b)
		each("add", func(i int) float64 { return f(a[i]) + f(b[i]) })
		ReLU(y, a)
		each("relu", func(i int) float64 { return max(f(a[i]), 0) })
		Where(y, b, y)
		each("where", func(i int) float64 {
			if a[i] <= 0 {
				return 0
			}
			return f(b[i])
		})
		Affine(y, a, k[0], k[1], k[2])
		each("affine", func(i int) float64 { return (f(a[i])-f(k[0]))*f(k[1]) + f(k[2]) })
		Blend(y, a, b, k[0], k[1], k[2], k[3])
		each("blend", func(i int) float64 { return f(k[0])*f(a[i]) + f(k[1])*(f(b[i])-f(k[2])) + f(k[3]) })
		Exp(wide[1:n+1], a, k[0])
		for i := range a {
			want := math.Exp(f(a[i] + k[0]))
			near(t, "exp", i, f(wide[i+1]), want, want)
		}
		if wide[0] != 0 || wide[n+1] != 0 {
			t.Fatal("exp wrote beyond its result")
		}
		var sum, squares, dot float64
		for i := range a {
			sum += f(a[i])
			squares += (f(a[i]) - 1.5) * (f(a[i]) - 1.5)
			dot += f(b[i]) * (f(a[i]) - 1.5)
		}
		near(t, "sum", 0, Sum(a), sum, 1)
		near(t, "squares", 0, Squares(a, 1.5), squares, squares)
		near(t, "dot", 0, Dot(b, a, 1.5), dot, squares)
	})
}

func TestExpAtItsEnds(t *testing.T) {
	inf := float32(math.Inf(1))
	x := []float32{0, -inf, -1000, -87.5, 88, -86.9, 1, float32(math.NaN()), -0.5, 1e-8, 3, 2, 1, 0.25, 10, -10}
	y := make([]float32, len(x))
	Exp(y, x, 0)
	for i, v := range x {
		want := math.Exp(float64(v))
		if v < -87 {
			if y[i] != 0 {
				t.Errorf("exp(%v) is %v", v, y[i])
			}
			continue
		}
		if math.IsNaN(want) != math.IsNaN(float64(y[i])) || math.Abs(float64(y[i])-want) > 2e-7*want {
			t.Errorf("exp(%v) is %v, not %v", v, y[i], want)
		}
	}
}

func TestNaNStays(t *testing.T) {
	x := make([]float32, 8)
	x[3] = float32(math.NaN())
	y := make([]float32, 8)
	ReLU(y, x)
	if y[3] == y[3] || y[2] != 0 {
		t.Errorf("relu of NaN is %v", y)
	}
	Where(y, []float32{1, 2, 3, 4, 5, 6, 7, 8}, y)
	if y[3] != 4 || y[2] != 0 {
		t.Errorf("the gradient where NaN stood is %v", y)
	}
}
