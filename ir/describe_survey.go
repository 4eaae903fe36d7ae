package ir

import (
	"math"

	"github.com/spacec-lang/spacec/lang/diag"
)

// What the prior of a finite space comes to is a sum over its situations, as its count is (count.go): each situation is
// visited once, and expectations and entropies of what follows add up. The probabilities are those of a walk.

// maxSurveyed is how many options a survey may look at, and where the costs of lets are followed, which takes longer:
// a second or two.
const (
	maxSurveyed     = 2_000_000
	maxSurveyedLets = 100_000
)

// Survey is what a draw from the prior of a finite space comes to, exact but for rounding.
type Survey struct {
	Size      float64 // mean number of ops as written: a let that is drawn once and repeated counts once
	Bits      float64 // entropy of the discrete decisions
	Decisions float64 // mean number of decisions that a walk meets
	Names     int     // decisions that some walk meets, by name; 0 where a recursive space has too many to count them
	Costs     []CostRange
}

// CostRange is what a cost of the network is: at the least and at the most over all points, and in the mean of the
// prior. Built size, the ops with the copies of repeated lets, is one of them, as are params, macs and layers.
type CostRange struct {
	Name        string
	Least, Most float64
	Mean        float64 // NaN where it is not known
}

// follows is what follows a situation.
type follows struct {
	size, bits, decisions float64
	mean                  [maxCosts]float64
	least, most           costs
}

type surveyor struct {
	sp    *Space
	known map[fitKey]*follows
	names map[uint64]bool
	left  int
}

// survey sums over a finite space; nil where it has too many situations.
func (sp *Space) survey(lets bool) *surveyed {
	if sp.recursive {
		return sp.surveyTables()
	}
	left := maxSurveyed
	if lets {
		left = maxSurveyedLets
	}
	for left > 0 {
		t := sp.begin()
		if !sp.completes(t) && !sp.grown {
			return nil
		}
		s := &surveyor{sp, map[fitKey]*follows{}, map[uint64]bool{}, left}
		all := s.after(t, costs{})
		if sp.grown {
			sp.forget()
			left = s.left - 1
			continue
		}
		if s.left < 0 || all == nil {
			return nil
		}
		return &surveyed{*all, len(s.names)}
	}
	return nil
}

type surveyed struct {
	follows
	names int
}

// after is a transition and what follows it; nil where nothing does.
func (s *surveyor) after(t *transition, spent costs) *follows {
	spent.add(&t.cost)
	var f follows
	if t.next != nil {
		next := s.at(t.next, spent)
		if next == nil {
			return nil
		}
		f = *next
	} else if !s.sp.within(&spent) {
		return nil
	}
	f.size += float64(t.size)
	for d := range t.cost {
		f.mean[d] += float64(t.cost[d])
	}
	f.least.add(&t.cost)
	f.most.add(&t.cost)
	return &f
}

func (s *surveyor) at(c *config, spent costs) *follows {
	key, ok := s.sp.situation(c, &spent)
	if !ok {
		return nil
	}
	if f, known := s.known[key]; known {
		return f
	}
	if s.left -= c.dom.n; s.left < 0 || c.k.height > maxHeight/2 {
		s.left = -1
		return nil
	}
	menu := s.sp.offered(c, &spent)
	var sum *follows
	for i, o := range menu.options {
		f := s.after(s.sp.follow(c, int(o)), spent)
		if f == nil {
			if s.left < 0 {
				return nil
			}
			continue
		}
		if sum == nil {
			sum = &follows{least: f.least, most: f.most}
		}
		sum.join(f, menu.prior[i])
	}
	if sum != nil && (len(menu.options) > 1 || c.dom.continuous) {
		sum.decisions++
		s.names[c.k.path.hash] = true
	}
	s.known[key] = sum
	return sum
}

// join adds an option of some probability.
func (sum *follows) join(f *follows, p float64) {
	sum.size += p * f.size
	sum.bits += p * f.bits
	if p > 0 {
		sum.bits -= p * math.Log2(p)
	}
	sum.decisions += p * f.decisions
	for d := range f.mean {
		sum.mean[d] += p * f.mean[d]
		sum.least[d], sum.most[d] = min(sum.least[d], f.least[d]), max(sum.most[d], f.most[d])
	}
}

// costed is the space with the costs of everything followed, each let's for each of its uses: the number of ops built, and
// where deep, the longest path. It is nil where a file has too many costs of its own, or can't be loaded again.
func (sp *Space) costed(deep bool) (costed *Space, built int) {
	costed = Lower(sp.File, sp.env, &diag.Report{})
	if costed == nil || len(costed.dims)+2 > maxCosts {
		return nil, 0
	}
	built = len(costed.dims)
	costed.dims = append(costed.dims, costDim{name: "built", scale: 1, every: true})
	if deep {
		costed.deep, costed.depthDim = true, len(costed.dims)
		costed.dims = append(costed.dims, costDim{name: "layers", scale: 1})
	}
	costed.counts, costed.whole = true, true
	costed.ops = newMadeOps()
	costed.forget()
	return costed, built
}

// Survey computes what the prior of a finite space comes to. Costs are missing where following them makes too many
// situations; it is nil where the space has too many itself, or isn't counted.
func (sp *Space) Survey() *Survey {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	if _, err := sp.count(); err != nil {
		return nil
	}
	plain := sp.survey(false)
	if plain == nil {
		return nil
	}
	for _, deep := range []bool{true, false} {
		if deep && len(sp.lets) > 0 {
			continue // with its path, every use of a let is on another type
		}
		c, built := sp.costed(deep)
		if c == nil {
			break
		}
		if all := c.survey(len(sp.lets) > 0); all != nil && c.undecided == 0 && all.alike(plain) {
			return all.survey(c, built)
		}
	}
	return plain.survey(sp, 0)
}

// alike tells whether two surveys are of the same draws: where costs are followed, a limit of the solver may have been met.
func (all *surveyed) alike(other *surveyed) bool {
	near := func(a, b float64) bool { return math.Abs(a-b) <= 1e-9*(1+math.Abs(a)) }
	return near(all.bits, other.bits) && near(all.size, other.size) && near(all.decisions, other.decisions) && all.names == other.names
}

func (all *surveyed) survey(sp *Space, built int) *Survey {
	s := &Survey{Size: all.size, Bits: all.bits, Decisions: all.decisions, Names: all.names}
	for d, dim := range sp.dims {
		if built == 0 || d == costLayers {
			continue
		}
		x := float64(dim.scale)
		s.Costs = append(s.Costs, CostRange{dim.name, float64(all.least[d]) / x, float64(all.most[d]) / x, all.mean[d] / x})
	}
	return s
}
