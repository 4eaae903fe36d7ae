package samplers

import (
	"math"
	"slices"
	"sort"

	"github.com/spacec-lang/spacec/ir"
)

// The sizes of the search for the best acquisition.
const (
	firstTrials = 10     // drawn from the prior before there is a surrogate
	allPoints   = 20_000 // spaces of so many points are looked at whole
	poolSize    = 1_000  // of others, the points that are looked at
	newPoints   = 24     // of them new in each trial
	parents     = 8      // the best trials, of which some of them are mutants
	maxHistory  = 256    // trials that the surrogate sees; beyond that many it sees the best and the last,
	latePool    = 2_000  // and of a whole space the points that promise most
)

// surrogate is a model of what trials score.
type surrogate interface {
	// fit learns from trials and their scores, which have mean about 0 and variance about 1.
	fit(x []*item, y []float64)
	// predict is the mean and the standard deviation at points.
	predict(x []*item) (mean, deviation []float64)
}

// item is a point as surrogates see it.
type item struct {
	point    *ir.Point
	genome   genome
	features *features
	gone     bool    // nothing is to be predicted of it any more
	column   *column // of the process that predicts it
}

// smbo is sequential model-based optimisation (Hutter, Hoos & Leyton-Brown 2011). The first 10 trials are drawn from the
// prior, or are the seeds that it is taught; after them comes the point of the greatest acquisition: expected improvement
// on the best trial (Jones, Schonlau & Welch 1998), or what the surrogate draws there (Thompson sampling).
//
// What is modelled is the trials' rank, as a normal score, so that neither the reward's unit nor its outliers matter;
// failures rank lowest. Trials under way are taken to come out as expected.
//
// The acquisition is looked at for all points of a space that has 20,000 at most and no continuous range. In others it
// is for a pool of 1,000, to which each trial adds draws from the prior, and mutants and children of the best trials, and
// which loses those that promise least.
type smbo struct {
	catalogue *Catalogue
	walk      *ir.Walk
	seed      uint64
	model     surrogate
	thompson  bool

	pending map[int]*item
	trials  []*item // told
	rewards []float64
	ids     map[ID]bool     // of the points proposed
	keys    map[uint64]bool // of the points proposed or in the pool
	pool    []*item
	ready   bool // the pool is made
	whole   bool // it is the whole space
}

func newSMBO(c *Catalogue, seed uint64, model surrogate, thompson bool) *smbo {
	return &smbo{catalogue: c, walk: c.space.Walk(), seed: seed, model: model, thompson: thompson, pending: map[int]*item{},
		ids: map[ID]bool{}, keys: map[uint64]bool{}}
}

func (s *smbo) Ask(trial int) (*ir.Point, error) {
	if s.pending[trial] != nil {
		return nil, askedAlready(trial)
	}
	it, err := s.propose(trial)
	if err != nil {
		return nil, err
	}
	if it == nil {
		if it, err = s.draw(drawn{s.seed, uint64(trial)}); err != nil {
			return nil, err
		}
	}
	s.take(trial, it)
	return it.point, nil
}

// Teach takes a given point for a trial.
func (s *smbo) Teach(trial int, p *ir.Point) error {
	if s.pending[trial] != nil {
		return askedAlready(trial)
	}
	p, g, err := follow(s.walk, p)
	if err == nil {
		it := s.catalogue.item(p, g)
		s.take(trial, &it)
	}
	return err
}

func (s *smbo) Tell(trial int, o Outcome) error {
	it := s.pending[trial]
	if it == nil {
		return notAsked(trial)
	}
	delete(s.pending, trial)
	s.trials, s.rewards = append(s.trials, it), append(s.rewards, o.reward())
	return nil
}

// draw is the point that a source of answers leads to.
func (s *smbo) draw(from answers) (*item, error) {
	p, g, err := drive(s.walk, from)
	if err != nil {
		return nil, err
	}
	it := s.catalogue.item(p, g)
	return &it, nil
}

// take makes an item a trial's.
func (s *smbo) take(trial int, it *item) {
	s.pending[trial] = it
	s.ids[s.catalogue.ID(it.point)] = true
	key := it.point.Key()
	s.keys[key] = true
	for _, other := range s.pool {
		other.gone = other.gone || other.point.Key() == key
	}
	s.sweep()
}

// sweep drops what is gone from the pool.
func (s *smbo) sweep() { s.pool = slices.DeleteFunc(s.pool, func(it *item) bool { return it.gone }) }

// propose is the point of the greatest acquisition; nil where nothing is known that tells points apart.
func (s *smbo) propose(trial int) (*item, error) {
	if len(s.trials) < firstTrials { // the points are listed bit by bit, so that no proposal takes long
		_, err := s.catalogue.everyPoint(s.walk, float64(len(s.trials)+1)/firstTrials)
		return nil, err
	}
	x, scores := s.history()
	if slices.Min(scores) == slices.Max(scores) {
		return nil, nil
	}
	s.model.fit(x, scores)
	if waiting := s.waiting(); len(waiting) > 0 {
		believed, _ := s.model.predict(waiting)
		x, scores = append(x, waiting...), append(scores, believed...)
		s.model.fit(x, scores)
	}
	if err := s.fill(trial); err != nil {
		return nil, err
	}
	gain := s.acquire(trial, slices.Max(scores))
	for {
		best := -1
		for i, it := range s.pool {
			if !it.gone && (best < 0 || gain[i] > gain[best]) {
				best = i
			}
		}
		if best < 0 {
			return nil, nil
		}
		it := s.pool[best]
		if it.gone = true; s.ids[s.catalogue.ID(it.point)] {
			continue // another way to write what was tried
		}
		switch {
		case !s.whole:
			s.shrink(gain, poolSize)
		case len(s.trials) > maxHistory:
			s.shrink(gain, latePool)
		}
		return it, nil
	}
}

// acquire is the acquisition of the pool's points.
func (s *smbo) acquire(trial int, best float64) []float64 {
	mean, deviation := s.model.predict(s.pool)
	gain := make([]float64, len(s.pool))
	for i, it := range s.pool {
		if s.thompson {
			u := drawn{s.seed, uint64(trial)}.uniform(mixed(drawThompson, it.point.Key()))
			gain[i] = mean[i] + float64(deviation[i]*normal(u))
		} else {
			gain[i] = improvement(mean[i], deviation[i], best)
		}
	}
	return gain
}

// history is the trials that the surrogate learns from, and their normal scores. Those that it learnt from before come
// first, in the same order, until there are too many: then half as many stay, the best and the last.
func (s *smbo) history() ([]*item, []float64) {
	const kept = maxHistory / 2
	x, rewards := s.trials, s.rewards
	if len(x) > maxHistory {
		cut := len(x) - (len(x)-maxHistory)%(maxHistory-kept) // the choice is made anew only now and then
		if cut == len(x) {
			cut -= maxHistory - kept
		}
		order := make([]int, cut)
		for i := range order {
			order[i] = i
		}
		sort.SliceStable(order, func(i, j int) bool { return rewards[order[i]] > rewards[order[j]] })
		chosen := slices.Clone(order[:kept/2])
		slices.Sort(order[kept/2:])
		chosen = append(chosen, order[cut-(kept-kept/2):]...)
		slices.Sort(chosen)
		var few []*item
		var theirs []float64
		for _, i := range chosen {
			few, theirs = append(few, x[i]), append(theirs, rewards[i])
		}
		x, rewards = append(few, x[cut:]...), append(theirs, rewards[cut:]...)
	}
	return slices.Clip(x), normalScores(rewards)
}

// normalScores are the normal quantiles of the ranks, equals sharing theirs, with mean 0 and variance 1.
func normalScores(rewards []float64) []float64 {
	sorted := slices.Clone(rewards)
	slices.Sort(sorted)
	scores := make([]float64, len(rewards))
	n := float64(len(rewards))
	mean, variance := 0.0, 0.0
	for i, r := range rewards {
		low, _ := slices.BinarySearch(sorted, r)
		high := low
		for high < len(sorted) && sorted[high] == r {
			high++
		}
		scores[i] = normal((float64(low+high) / 2) / n)
		mean += scores[i] / n
	}
	for _, x := range scores {
		variance += square(x-mean) / n
	}
	for i := range scores {
		if scores[i] -= mean; variance > 0 {
			scores[i] /= math.Sqrt(variance)
		}
	}
	return scores
}

// normal is the normal quantile of u in [0, 1].
func normal(u float64) float64 {
	return math.Sqrt2 * math.Erfinv(2*max(1e-12, min(1-1e-12, u))-1)
}

// improvement is the logarithm of the expected improvement on the best; where there is no deviation, the mean.
func improvement(mean, deviation, best float64) float64 {
	if deviation <= 0 {
		return mean
	}
	u := (mean - best) / deviation
	if u < -6 { // by the asymptotic expansion, where the difference below loses all digits
		return math.Log(deviation) - u*u/2 - math.Log(2*math.Pi)/2 - 2*math.Log(-u) + math.Log1p(-3/(u*u)+15/(u*u*u*u))
	}
	return math.Log(deviation) + math.Log(u*math.Erfc(-u/math.Sqrt2)/2+math.Exp(-u*u/2)/math.Sqrt(2*math.Pi))
}

// waiting are the trials under way, in the order of their numbers.
func (s *smbo) waiting() []*item {
	var numbers []int
	for trial := range s.pending {
		numbers = append(numbers, trial)
	}
	slices.Sort(numbers)
	var all []*item
	for _, trial := range numbers {
		all = append(all, s.pending[trial])
	}
	return all
}
