package samplers

import (
	"sort"

	"github.com/spacec-lang/spacec/ir"
)

// fill makes the pool or, where it isn't the whole space, adds points to it: as many draws from the prior as mutants and
// children of the best trials, twice as many of them.
func (s *smbo) fill(trial int) error {
	if !s.ready {
		s.ready = true
		all, err := s.catalogue.everyPoint(s.walk, 1)
		if err != nil {
			return err
		}
		s.whole = all != nil
		for _, it := range all {
			s.add(&it)
		}
	}
	if s.whole {
		return nil
	}
	best := s.bestTrials(parents)
	for i := range newPoints {
		at := drawn{mixed(s.seed, uint64(i)+1), uint64(trial)}
		parent := s.trials[best[int(at.uniform(drawParent)*float64(len(best)))]].genome
		var from answers = at
		switch {
		case i%3 == 0 || len(parent) == 0:
		case i%6 == 1:
			other := s.trials[best[int(at.uniform(drawOther)*float64(len(best)))]].genome
			from = &bred{drawn: at, parent: parent.genes(), other: other.genes()}
		default:
			_, from = mutant(at, parent, parent.genes())
		}
		it, err := s.draw(from)
		if err != nil {
			return err
		}
		s.add(it)
	}
	return nil
}

// bestTrials are the numbers of the n best trials told, best first.
func (s *smbo) bestTrials(n int) []int {
	best := make([]int, len(s.trials))
	for i := range best {
		best[i] = i
	}
	sort.SliceStable(best, func(i, j int) bool { return s.rewards[best[i]] > s.rewards[best[j]] })
	return best[:min(n, len(best))]
}

// add adds an item to the pool, unless its point was there before.
func (s *smbo) add(it *item) {
	if key := it.point.Key(); !s.keys[key] {
		s.keys[key] = true
		s.pool = append(s.pool, it)
	}
}

// shrink keeps those points of the pool whose acquisition is greatest.
func (s *smbo) shrink(gain []float64, keep int) {
	if len(s.pool) <= keep {
		return
	}
	order := make([]int, len(s.pool))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return gain[order[i]] > gain[order[j]] })
	for _, i := range order[keep:] {
		s.pool[i].gone = true
		delete(s.keys, s.pool[i].point.Key()) // it may come back
	}
	s.sweep()
}

// odometer answers so that all points come, one after the other.
type odometer struct {
	digits []int // the answers to come
	sizes  []int // of the decisions met
}

func (o *odometer) answer(d *ir.Decision) (int, float64) {
	if d.Continuous() {
		lo, _, _ := d.Range()
		return 0, lo
	}
	if d.Len() == 0 {
		return -1, 0 // the walk has ended
	}
	k := len(o.sizes)
	if k == len(o.digits) {
		o.digits = append(o.digits, 0)
	}
	o.sizes = append(o.sizes, d.Len())
	return d.Option(o.digits[k]), 0
}

// turn goes on to the next point; false after the last.
func (o *odometer) turn() bool {
	o.digits = o.digits[:len(o.sizes)]
	for k := len(o.digits) - 1; k >= 0; k-- {
		if o.digits[k]++; o.digits[k] < o.sizes[k] {
			o.digits, o.sizes = o.digits[:k+1], o.sizes[:0]
			return true
		}
	}
	return false
}
