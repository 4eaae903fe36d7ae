package samplers

import (
	"math"
	"slices"
)

// estimator is the tree-structured Parzen estimator (Bergstra et al. 2011, "Algorithms for Hyper-Parameter Optimization",
// section 4): of the decisions of the best quarter of the trials, and of those of the others, how often each answer comes, and
// where numbers lie. A point is worth the logarithm of the ratio of the two, l(x) / g(x), in which expected improvement grows,
// over the decisions that it meets. It has no deviation.
type estimator struct {
	good, bad density
	ratios    map[answer]float64 // of answers that were asked about
}

// answer is one to a decision.
type answer struct {
	decision uint64
	option   int
	at       float64
}

// density is the answers to each decision, of some trials.
type density map[uint64]*answered

type answered struct {
	counts map[int]float64 // of options without an order
	places []float64       // of ordered answers, from 0 to 1
	met    float64
}

// bestShare is the share of the trials that are good.
const bestShare = 0.25

func (e *estimator) fit(x []*item, y []float64) {
	sorted := slices.Clone(y)
	slices.Sort(sorted)
	least := sorted[min(len(y)-1, int(math.Ceil((1-bestShare)*float64(len(y)))))]
	e.good, e.bad, e.ratios = density{}, density{}, map[answer]float64{}
	for i, it := range x {
		if y[i] >= least {
			e.good.learn(it.genome)
		} else {
			e.bad.learn(it.genome)
		}
	}
}

func (d density) learn(g genome) {
	for i := range g {
		a := d[g[i].key]
		if a == nil {
			a = &answered{counts: map[int]float64{}}
			d[g[i].key] = a
		}
		if a.met++; g[i].ordered {
			a.places = append(a.places, g[i].at)
		} else {
			a.counts[g[i].option]++
		}
	}
}

func (e *estimator) predict(x []*item) (mean, deviation []float64) {
	mean, deviation = make([]float64, len(x)), make([]float64, len(x))
	for i, it := range x {
		for k := range it.genome {
			mean[i] += e.ratio(&it.genome[k])
		}
	}
	return mean, deviation
}

// ratio is the logarithm of how much more likely an answer is among the good.
func (e *estimator) ratio(g *gene) float64 {
	a := answer{g.key, g.option, g.at}
	r, known := e.ratios[a]
	if !known {
		r = math.Log(e.good[g.key].of(g) / e.bad[g.key].of(g))
		e.ratios[a] = r
	}
	return r
}

// of is how likely an answer is, with a uniform prior that weighs as much as one trial; numbers are smoothed the less the
// more there are.
func (a *answered) of(g *gene) float64 {
	if a == nil {
		a = &answered{}
	}
	if !g.ordered {
		share := 1 / float64(max(1, g.options))
		return (a.counts[g.option] + share) / (a.met + 1)
	}
	width := 0.3 / math.Pow(a.met+1, 0.2)
	sum := 1.0
	for _, place := range a.places {
		sum += math.Exp(-square((g.at-place)/width)/2) / (width * math.Sqrt(2*math.Pi))
	}
	return sum / (a.met + 1)
}
