package samplers

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/integrate/quad"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
	"pgregory.net/rapid"

	"github.com/spacec-lang/spacec/ir"
)

// someItems are points of the digits with their features, and scores that a decision, a cost and chance make.
func someItems(tb testing.TB, n int) ([]*item, []float64) {
	space := digits(tb)
	c, w := NewCatalogue(space), space.Walk()
	var x []*item
	var y []float64
	for i := range n {
		p, g, err := drive(w, drawn{5, uint64(i)})
		if err != nil {
			tb.Fatal(err)
		}
		it := c.item(p, g)
		x = append(x, &it)
		last := it.features.value[len(it.features.value)-1]
		y = append(y, float64(g[0].option)+last+0.1*ir.Uniform(7, uint64(i), 1))
	}
	return x, normalScores(y)
}

// apartNaively is the squared distance of two items' features of a kind, or their product.
func apartNaively(a, b *item, kind int, linear bool) float64 {
	of := func(it *item) map[int32]float64 {
		m, start := map[int32]float64{}, 0
		if kind > 0 {
			start = it.features.ends[kind-1]
		}
		for i := start; i < it.features.ends[kind]; i++ {
			m[it.features.index[i]] = it.features.value[i]
		}
		return m
	}
	sum, p, q := 0.0, of(a), of(b)
	for i, x := range p {
		if linear {
			sum += x * q[i]
		} else {
			sum += square(x - q[i])
		}
	}
	for i, x := range q {
		if _, both := p[i]; !both && !linear {
			sum += square(x)
		}
	}
	return sum
}

// Mean and variance, found by rows that grow with the trials, are those of the textbook's formulas on whole matrices.
func TestProcess(t *testing.T) {
	for _, linear := range []bool{false, true} {
		x, y := someItems(t, 60)
		p := newProcess(linear)
		p.fit(x[:12], y[:12])
		p.predict(x[40:])
		p.fit(x[:25], y[:25])
		p.fit(append(x[:25:25], x[30]), y[:26]) // believed, and taken back
		const n = 30
		p.fit(x[:n], y[:n])
		mean, deviation := p.predict(x[40:])

		kernel := func(a, b *item) float64 {
			sum, counted := 0.0, 0.0
			for kind := range kinds {
				if p.scale[kind] == 0 {
					continue
				}
				d := apartNaively(a, b, kind, linear) / p.scale[kind]
				if counted++; linear {
					sum += p.hyper.w[kind] * d
				} else {
					sum += math.Exp(-p.hyper.w[kind] * d)
				}
			}
			if linear {
				return sum
			}
			return sum / counted
		}
		k := mat.NewSymDense(n, nil)
		for i := range n {
			for j := range i + 1 {
				k.SetSym(i, j, kernel(x[i], x[j]))
			}
			k.SetSym(i, i, k.At(i, i)+p.hyper.noise)
		}
		var inverse mat.Dense
		if err := inverse.Inverse(k); err != nil {
			t.Fatal(err)
		}
		scores, ones := mat.NewVecDense(n, y[:n:n]), mat.NewVecDense(n, nil)
		for i := range n {
			ones.SetVec(i, 1)
		}
		mu := mat.Inner(ones, &inverse, scores) / mat.Inner(ones, &inverse, ones)
		var left mat.VecDense
		left.AddScaledVec(scores, -mu, ones)
		variance := mat.Inner(&left, &inverse, &left) / n
		for i, it := range x[40:] {
			to := mat.NewVecDense(n, nil)
			for j := range n {
				to.SetVec(j, kernel(it, x[j]))
			}
			wantMean := mu + mat.Inner(to, &inverse, &left)
			wantDeviation := math.Sqrt((kernel(it, it) - mat.Inner(to, &inverse, to)) * variance)
			if math.Abs(mean[i]-wantMean) > 1e-6 || math.Abs(deviation[i]-wantDeviation) > 1e-5 {
				t.Errorf("linear %v, point %d: %v ± %v, want %v ± %v", linear, i, mean[i], deviation[i], wantMean, wantDeviation)
			}
		}
	}
}

// Every surrogate that predicts scores does so better than their mean, on points that it didn't see.
func TestSurrogatesLearn(t *testing.T) {
	for name, s := range map[string]surrogate{"gp": newProcess(false), "ridge": newProcess(true), "forest": &forest{}, "boosting": &boosting{}} {
		x, y := someItems(t, 160)
		s.fit(x[:100], y[:100])
		mean, deviation := s.predict(x[100:])
		if r := stat.Correlation(mean, y[100:], nil); r < 0.7 {
			t.Errorf("%s: the correlation of what is predicted with what came is %.2f", name, r)
		}
		for i, d := range deviation {
			if !(d > 0) {
				t.Fatalf("%s: the deviation at point %d is %v", name, i, d)
			}
		}
	}
	x, y := someItems(t, 160)
	s := &estimator{}
	s.fit(x[:100], y[:100])
	ratio, _ := s.predict(x[100:])
	if r := stat.Correlation(ratio, y[100:], nil); r < 0.3 {
		t.Errorf("tpe: the correlation of the ratio with what came is %.2f", r)
	}
}

// Expected improvement is the integral that it stands for.
func TestImprovement(t *testing.T) {
	for _, c := range [][3]float64{{0, 1, 0}, {1, 0.5, 0.2}, {-2, 1, 1}, {-3, 0.5, 0}, {-6.1, 1, 0}} {
		mean, deviation, best := c[0], c[1], c[2]
		n := distuv.Normal{Mu: mean, Sigma: deviation}
		want := quad.Fixed(func(x float64) float64 { return (x - best) * n.Prob(x) }, best, best+8*deviation+max(0, mean-best), 400, nil, 0)
		if got := math.Exp(improvement(mean, deviation, best)); math.Abs(got/want-1) > 0.01 {
			t.Errorf("improvement of %v ± %v on %v is %g, want %g", mean, deviation, best, got, want)
		}
	}
}

// Normal scores keep the order, share between equals, and are standard.
func TestNormalScores(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rewards := rapid.SliceOfN(rapid.SampledFrom([]float64{math.Inf(-1), -3, 0, 1, 2, 1e300}), 2, 30).Draw(t, "rewards")
		scores := normalScores(rewards)
		for i := range rewards {
			for j := range rewards {
				if (rewards[i] < rewards[j]) != (scores[i] < scores[j]) {
					t.Fatalf("rewards %v score %v", rewards, scores)
				}
			}
		}
		mean, variance := stat.PopMeanVariance(scores, nil)
		if math.Abs(mean) > 1e-9 || variance != 0 && math.Abs(variance-1) > 1e-9 {
			t.Fatalf("rewards %v score %v: mean %v, variance %v", rewards, scores, mean, variance)
		}
	})
}

// The points of a space that has few are those of their indices, in that order.
func TestEveryPoint(t *testing.T) {
	space := load(t, "few.space", "space few\nconfig c { a: x(k: 1..3) | y | z; b: 1..4; d: 5 }\n")
	all, err := NewCatalogue(space).everyPoint(space.Walk(), 1)
	if err != nil || len(all) != 20 {
		t.Fatalf("%d points, %v, want 20", len(all), err)
	}
	for i, it := range all {
		if n, err := it.point.Index(); err != nil || n.Int64() != int64(i) {
			t.Errorf("point %d has index %v, %v", i, n, err)
		}
	}
}
