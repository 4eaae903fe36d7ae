package ir

import (
	"math"
	"math/big"
	"sort"
)

// The derivations that a parse has found are weighed as a Walk draws them: by the share of each answer among the
// options that the space offers there. So the space's own configs are followed next to the parse's spots.

// weighed is what the weighing comes to.
type weighed struct {
	count    *big.Int
	total    float64 // logarithm of the probability of all derivations
	best     float64 // of the most probable one
	path     []taken // its answers
	end      *config // where the space goes on after them: at what the architecture leaves free
	spent    costs
	complete bool // every derivation was weighed
	withheld *config
}

// offered is the menu of a config, having spent so much.
func (sp *Space) offered(c *config, spent *costs) menu {
	w := Walk{sp: sp, at: c, spent: *spent}
	return *w.offer()
}

// prior is the probability of an option of a menu; 0 where it isn't on it.
func (mn *menu) prior1(option int32) float64 {
	for i, o := range mn.options {
		if o == option {
			return mn.prior[i]
		}
	}
	return 0
}

// answerOf is an edge as an answer of a walk that stands at c.
func (sp *Space) answerOf(c *config, mn *menu, e *parseEdge) taken {
	return taken{c.k.path, -1, c.dom, e.option, sp.forced(c, len(mn.options)), e.real}
}

// logSum is the logarithm of e^a + e^b.
func logSum(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if math.IsInf(b, -1) {
		return a
	}
	return a + math.Log1p(math.Exp(b-a))
}

// weigher sums over the derivations of a space without recursion: a spot and the config there are weighed once.
type weigher struct {
	sp   *Space
	item *forestItem
	memo map[weighKey]*weight1
	out  *weighed
}

type weighKey struct {
	s *parseSpot
	c *config
}

type weight1 struct {
	count       *big.Int
	total, best float64
	edge        int
}

// weigh weighs all derivations. It gives up, and returns nil, where the space's tables have to be made anew.
func (f *forest) weigh(p *parse, sp *Space) *weighed {
	out := &weighed{complete: !p.cut}
	if sp.recursive {
		t := &tour{f: f, sp: sp, out: out, left: maxTour}
		t.all(p)
		if sp.grown {
			return nil
		}
		return out
	}
	w := &weigher{sp, f.items[itemKey{p.root, parseExit{}}], map[weighKey]*weight1{}, out}
	t := sp.begin()
	all := w.edge(&p.root.start, t, costs{})
	out.count, out.total, out.best = all.count, all.total, all.best
	if sp.grown {
		return nil
	}
	if all.count.Sign() > 0 {
		w.follow(&p.root.start, t)
	}
	return out
}

func (w *weigher) edge(e *parseEdge, t *transition, spent costs) *weight1 {
	spent.add(&t.cost)
	if e.to == nil {
		return &weight1{one, 0, 0, -1}
	}
	return w.from(e.to, t.next, spent)
}

func (w *weigher) from(s *parseSpot, c *config, spent costs) *weight1 {
	key := weighKey{s, c}
	if known := w.memo[key]; known != nil {
		return known
	}
	sum := &weight1{new(big.Int), math.Inf(-1), math.Inf(-1), -1}
	w.memo[key] = sum
	_, pick := s.ask.(*pickNode)
	if c == nil && !pick || w.item.spots[s] == nil {
		return sum
	}
	var mn menu
	if !pick {
		mn = w.sp.offered(c, &spent)
	}
	for i := range s.edges {
		e := &s.edges[i]
		if e.to != nil && w.item.spots[e.to] == nil {
			continue
		}
		t, p := &transition{next: c}, 1.0
		if !pick {
			if p = mn.prior1(e.option); p == 0 {
				w.out.withheld = c
				continue
			}
			t = w.sp.follow(c, int(e.option))
		}
		then := w.edge(e, t, spent)
		if then.count.Sign() == 0 {
			continue
		}
		sum.count.Add(sum.count, then.count)
		sum.total = logSum(sum.total, math.Log(p)+then.total)
		if x := math.Log(p) + then.best; x > sum.best {
			sum.best, sum.edge = x, i
		}
	}
	return sum
}

// follow writes down the most probable derivation.
func (w *weigher) follow(e *parseEdge, t *transition) {
	out := w.out
	for {
		out.spent.add(&t.cost)
		out.end = t.next
		s := e.to
		if s == nil {
			return
		}
		c := t.next
		e = &s.edges[w.memo[weighKey{s, c}].edge]
		if e.option < 0 {
			t = &transition{next: c}
			continue
		}
		mn := w.sp.offered(c, &out.spent)
		out.path = append(out.path, w.sp.answerOf(c, &mn, e))
		t = w.sp.follow(c, int(e.option))
	}
}

// tour weighs derivations of a recursive space one by one, probable ones first: what is offered in a rule
// depends on all that is still to come after it.
type tour struct {
	f     *forest
	sp    *Space
	out   *weighed
	path  []taken
	left  int // spots to visit
	found int64
}

// maxTour is how many spots a tour visits, maxFound how many derivations it weighs.
const (
	maxTour  = 100_000
	maxFound = 20_000
)

// leftCall is what is still to come when a call is left.
type leftCall struct {
	item *forestItem
	then *parseEdge
	up   *leftCall
}

func (t *tour) all(p *parse) {
	t.out.total, t.out.best = math.Inf(-1), math.Inf(-1)
	item := t.f.items[itemKey{p.root, parseExit{}}]
	t.edge(item, &p.root.start, nil, t.sp.begin(), costs{}, 0)
	t.out.count = big.NewInt(t.found)
	if t.left <= 0 || t.found >= maxFound || t.f.infinite {
		t.out.complete = false
	}
}

// more tells whether the tour is to go on.
func (t *tour) more() bool { return t.left > 0 && t.found < maxFound && !t.sp.grown }

func (t *tour) edge(item *forestItem, e *parseEdge, k *leftCall, at *transition, spent costs, prob float64) {
	spent.add(&at.cost)
	for e.to == nil {
		if e.exit != item.key.exit {
			return
		}
		if k == nil {
			t.found++
			t.out.total = logSum(t.out.total, prob)
			if prob > t.out.best {
				t.out.best, t.out.end, t.out.spent = prob, at.next, spent
				t.out.path = append(t.out.path[:0], t.path...)
			}
			return
		}
		item, e, k = k.item, k.then, k.up
	}
	t.spot(item, e.to, k, at.next, spent, prob)
}

func (t *tour) spot(item *forestItem, s *parseSpot, k *leftCall, c *config, spent costs, prob float64) {
	if t.left--; !t.more() || item.spots[s] == nil {
		return
	}
	type way struct {
		e    *parseEdge
		best float64
	}
	var ways []way
	for i := range s.edges {
		e := &s.edges[i]
		best := t.f.edge(item, e).best
		if e.callee != nil {
			best += t.f.item(e.callee, e.via).all.best
		} else {
			best += s.weight(e)
		}
		if !math.IsInf(best, -1) {
			ways = append(ways, way{e, best})
		}
	}
	sort.SliceStable(ways, func(i, j int) bool { return ways[i].best > ways[j].best })
	var mn menu
	if s.dom != nil {
		if c == nil {
			return
		}
		mn = t.sp.offered(c, &spent)
	}
	here := &transition{next: c}
	for _, w := range ways {
		if !t.more() {
			return
		}
		e := w.e
		switch {
		case e.callee != nil:
			inner := t.f.item(e.callee, e.via)
			t.edge(inner, &e.callee.start, &leftCall{item, e, k}, here, spent, prob)
		case e.option < 0:
			t.edge(item, e, k, here, spent, prob)
		default:
			p := mn.prior1(e.option)
			if p == 0 {
				t.out.withheld = c
				continue
			}
			t.path = append(t.path, t.sp.answerOf(c, &mn, e))
			t.edge(item, e, k, t.sp.follow(c, int(e.option)), spent, prob+math.Log(p))
			t.path = t.path[:len(t.path)-1]
		}
	}
}
