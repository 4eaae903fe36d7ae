package bench

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The depression scale of Hollander & Wolfe 1973, as in R's help of wilcox.test: V = 40, one-sided p = 0.01953.
func TestSignedRankAsPublished(t *testing.T) {
	x := []float64{1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30}
	y := []float64{0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29}
	p := Compare(x, y)
	if math.Abs(p.P-2*0.01953125) > 1e-12 || p.Wins != 7 || p.Losses != 2 || p.Ties != 0 {
		t.Errorf("%+v", p)
	}
}

// All signs of the differences, one by one.
func TestSignedRankByEnumeration(t *testing.T) {
	for _, d := range [][]float64{{1, -2, 3, 4}, {1, 1, -1, 2, 2, -3, 0, 5}, {-1, -1, -1}, {0.5}, {3, -3, 3, -3, 1, 1, 1, 1, -2}} {
		sum := func(signs int) float64 { // of the ranks with a plus
			total := 0.0
			for i, x := range d {
				if x == 0 {
					continue
				}
				below, same := 0, 0
				for _, y := range d {
					if y != 0 && math.Abs(y) < math.Abs(x) {
						below++
					}
					if math.Abs(y) == math.Abs(x) {
						same++
					}
				}
				if signs>>i&1 == 1 {
					total += float64(below) + float64(same+1)/2
				}
			}
			return total
		}
		actual := 0
		for i, x := range d {
			if x > 0 {
				actual |= 1 << i
			}
		}
		below, above, all := 0, 0, 1<<len(d)
		for signs := range all {
			if sum(signs) <= sum(actual) {
				below++
			}
			if sum(signs) >= sum(actual) {
				above++
			}
		}
		want := math.Min(1, 2*math.Min(float64(below), float64(above))/float64(all))
		if got := SignedRank(d); math.Abs(got-want) > 1e-12 {
			t.Errorf("%v: p is %v, want %v", d, got, want)
		}
	}
}

// Beyond as many as are counted exactly, the approximation goes on where the exact one ends.
func TestSignedRankOfMany(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 20 {
		var d []float64
		for range exactly {
			d = append(d, math.Round(20*(r.NormFloat64()+0.3)))
		}
		exact := SignedRank(d)
		many := SignedRank(append(d, 1e-9)) // one of the least rank more
		if len(d) == exactly && math.Abs(exact-many) > 0.01+0.1*exact {
			t.Errorf("exact %v, with one more %v", exact, many)
		}
	}
	if p := SignedRank(make([]float64, 100)); p != 1 {
		t.Errorf("no difference at all has p = %v", p)
	}
}

func TestMeans(t *testing.T) {
	nan := math.NaN()
	if m, d := Mean([]float64{1, nan, 2, 6}); m != 3 || math.Abs(d-math.Sqrt(7)) > 1e-12 {
		t.Errorf("mean %v, deviation %v", m, d)
	}
	if m, d := Mean([]float64{5}); m != 5 || !math.IsNaN(d) {
		t.Errorf("mean %v, deviation %v", m, d)
	}
	for _, c := range []struct {
		counts []int
		want   float64
		ok     bool
	}{{[]int{5, 0, 3}, 5, true}, {[]int{5, 0, 0}, 0, false}, {[]int{4, 0}, 0, false}, {[]int{4, 7}, 5.5, true}} {
		var curves []Curve
		for _, n := range c.counts {
			curves = append(curves, Curve{ToBest: n})
		}
		if got, ok := MedianToBest(curves); got != c.want || ok != c.ok {
			t.Errorf("%v: %v, %v", c.counts, got, ok)
		}
	}
	if diff := cmp.Diff([]int{1, 2, 4, 8, 10, 16, 20, 30, 32, 50, 64, 100, 128, 150}, Checkpoints(150)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{1}, Checkpoints(1)); diff != "" {
		t.Error(diff)
	}
}
