package ir

import "math"

// config is one situation in which the machine asks: which choice, in what state, with what still to do.
// Interned: what is learned of it is learned once. Its transitions make an automaton, built as it is
// explored, whose paths are the points of the space; in the steady state a walk only follows pointers.
type config struct {
	ask   asker
	k     *frame
	state int32
	dom   *domain
	why   *failure // where the domain is empty

	next  []*transition         // by option; nil until asked for
	leaps []*transition         // the same, with recursive rules taken in one step (reach.go)
	left  map[int32]*transition // of a leap: by the state in which the rule is left
	menu  *menu                 // the options that can complete; nil until asked for
	call  *call                 // of a leap, in a vast space (leap.go)
	hops  []*hop                // by option; nil until asked for (hop.go)
	outs  map[int32]*hop        // of a leap: by the state in which the rule is left
	rest  *list                 // how the rule can be left from here on, where something opaque has arrived (pass.go)

	verdict verdict
	query   int32 // of an open verdict: the query in which it was found
	witness costs // of verdict yes: what the completion found costs

	least, most *costs // exact bounds on what completing costs; nil until asked for
	ahead       *ahead // the sums that completing can come to; nil until asked for
}

type configKey struct {
	ask   int32
	state int32
	k     *frame
}

type verdict uint8

const (
	unknown verdict = iota
	yes             // a completion is known
	no              // there is none
	open            // none was found within the bounds of the search
)

// transition is where an option leads: to the next config, to the end (next nil), or nowhere.
type transition struct {
	failed bool
	size   int32 // ops run on the way, as written
	high   int32 // the most rule calls that were around anything on the way
	left   int32 // at the end of a rule that is looked at alone: the state in which it is left
	next   *config
	why    *failure // where it failed
	cost   costs
}

// menu lists a config's options that can complete, with their prior.
type menu struct {
	options  []int32
	prior    []float64
	withheld int // options undecided within the bounds
}

// settle interns the machine's situation at a choice.
func (sp *Space) settle(m *machine, ask asker) *config {
	key := configKey{ask.pos().id, sp.states.intern(m.acc, m.reg, m.cells), m.k}
	c := sp.configs[key]
	if c == nil {
		c = &config{ask: ask, k: m.k, state: key.state}
		c.dom = ask.domain(m)
		if c.dom.n == 0 {
			why := m.why
			c.why = &why
		}
		sp.configs[key] = c
	}
	return c
}

// follow is the transition of an option.
func (sp *Space) follow(c *config, option int) *transition {
	if c.next == nil {
		c.next = make([]*transition, c.dom.n)
	}
	return sp.option(&sp.m, c, option, &c.next[option])
}

// option computes a transition, once.
func (sp *Space) option(m *machine, c *config, option int, t **transition) *transition {
	if *t == nil {
		sp.looked++
		m.load(c.state)
		m.k, m.cost, m.size, m.high, m.why = c.k, costs{}, 0, 0, failure{}
		n, st := c.ask.take(m, option)
		*t = sp.arrive(m, n, st)
	}
	return *t
}

// arrive runs the machine to the next choice.
func (sp *Space) arrive(m *machine, n node, st status) *transition {
	n, st = m.run(n, st)
	if st == stFail {
		return sp.fails(m)
	}
	t := &transition{cost: m.cost, size: m.size, high: m.high}
	if st == stAsk {
		t.next = sp.settle(m, n.(asker))
	} else if p := m.k.proc; p != nil {
		t.left = sp.states.intern(m.acc, m.reg, m.cells[:p.imports])
	}
	return t
}

// fails is a transition that fails. What fails for the same reason as the last one is the same; within the rules of a vast
// space, where nobody reads the reason, that is all of them.
func (sp *Space) fails(m *machine) *transition {
	why := &m.why
	if sp.vast && m.jump {
		*why = failure{soft: why.soft}
	}
	last := sp.lastFailed
	if last == nil || last.why.err != nil || why.err != nil || *last.why != *why {
		kept := *why
		last = &transition{failed: true, why: &kept}
		sp.lastFailed = last
	}
	return last
}

// leave is the transition of a leap where the rule is left in a state, without what the rule itself costs.
func (sp *Space) leave(m *machine, c *config, state int32) *transition {
	t := c.left[state]
	if t == nil {
		m.load(c.state)
		m.k, m.cost, m.size, m.why = c.k, costs{}, 0, failure{}
		t = sp.arrive(m, nil, c.ask.(*leapNode).leave(m, state))
		if c.left == nil {
			c.left = map[int32]*transition{}
		}
		c.left[state] = t
	}
	return t
}

// begin is the transition from nothing to the first choice.
func (sp *Space) begin() *transition {
	if sp.first == nil {
		sp.decide()
		m := &sp.m
		m.acc, m.reg, m.k, m.cost, m.size, m.why = absent, absent, sp.bottom, costs{}, 0, failure{}
		m.high = 0
		m.enterCells(sp.cells)
		sp.first = sp.arrive(m, sp.root, stNext)
	}
	return sp.first
}

// Bounds of one search for a completion: of situations in a recursive space, of options elsewhere, where a situation is as
// much as a few. A search that meets the bound, or those of reach.go, is undecided: the option is withheld.
const (
	searchConfigs = 20_000
	searchOptions = 1_000_000
	asOptions     = 8
)

// solve tells whether a config can complete: a depth-first search for one completion, smallest
// alternatives first, every config explored once. In a vast space vast.go tells.
func (sp *Space) solve(c *config) verdict {
	if c.verdict == yes || c.verdict == no || c.verdict == open && !sp.recursive {
		return c.verdict
	}
	sp.query++
	switch {
	case sp.vast:
		return sp.standing(c)
	case sp.recursive:
		sp.fuel = searchConfigs
		return sp.search(&sp.leaper, c)
	}
	sp.fuel = searchOptions
	return sp.search(&sp.m, c)
}

// search goes on from a config. The machine leaps over recursive rules, or there are none.
func (sp *Space) search(m *machine, c *config) verdict {
	if c.verdict == yes || c.verdict == no || c.verdict == open && (c.query == sp.query || !sp.recursive) {
		return c.verdict
	}
	c.verdict, c.query = open, sp.query
	if sp.enough() {
		return open
	}
	if sp.fuel--; !sp.recursive {
		sp.fuel -= c.dom.n + asOptions
	}
	if sp.fuel < 0 {
		return open
	}
	soft := false
	try := func(t *transition, before *costs) bool {
		if t.failed {
			soft = soft || t.why.soft
			return false
		}
		v := yes
		if t.next != nil {
			v = sp.search(m, t.next)
		}
		if v != yes {
			soft = soft || v == open
			return false
		}
		c.verdict, c.witness = yes, t.cost
		c.witness.add(before)
		if t.next != nil {
			c.witness.add(&t.next.witness)
		}
		return true
	}
	if leap, ok := c.ask.(*leapNode); ok {
		m.load(c.state)
		m.k = c.k
		r := sp.reach(leap.key(m))
		for i := 0; r != nil && i < len(r.states); i++ {
			within := r.costs[i].times(c.k.mult)
			if try(sp.leave(m, c, r.states[i]), &within) {
				return yes
			}
		}
		soft = soft || r == nil
	} else {
		next := &c.next
		if m.jump {
			next = &c.leaps
		}
		if *next == nil {
			*next = make([]*transition, c.dom.n)
		}
		for i := 0; i < c.dom.n && !sp.enough(); i++ {
			if try(sp.option(m, c, c.nth(i), &(*next)[c.nth(i)]), &costs{}) {
				return yes
			}
		}
	}
	if !soft && !sp.enough() {
		c.verdict, c.next, c.leaps = no, nil, nil // nobody goes there
	}
	return c.verdict
}

// enough tells whether a search has nothing left to find: an arrival of a let turned up that its table doesn't know, so all is
// solved anew. As each start costs, the search goes on, for more of them, to four times the options that the first one took.
func (sp *Space) enough() bool { return sp.grown && sp.looked > sp.enoughAt }

// nth is the option that a search tries as number i: small alternatives first.
func (c *config) nth(i int) int { return nth(c.ask, i) }

func nth(ask asker, i int) int {
	if o, ok := ask.(*choiceNode); ok {
		return o.tried[i]
	}
	return i
}

// stands tells whether an option can complete that leads so.
func (sp *Space) stands(t *transition) verdict {
	switch {
	case t.failed && t.why.soft:
		return open
	case t.failed:
		return no
	case t.next == nil:
		return yes
	}
	return sp.solve(t.next)
}

// offers is the menu of a config, bounds on costs aside.
func (sp *Space) offers(c *config) *menu {
	if c.menu != nil {
		return c.menu
	}
	if sp.vast {
		return sp.vastMenu(c)
	}
	mn := &menu{}
	for i := range c.dom.n {
		switch sp.stands(sp.follow(c, i)) {
		case yes:
			mn.options = append(mn.options, int32(i))
		case open:
			mn.withheld++
		}
	}
	mn.prior = make([]float64, len(mn.options))
	c.dom.shares(mn.options, mn.prior)
	if !sp.grown {
		c.menu = mn
		sp.withheld += mn.withheld
	}
	return mn
}

// shares spreads the prior over options: percentages keep their share whatever else is there, the rest
// share what is left by weight; where only percentages remain they are renormalised.
func (d *domain) shares(options []int32, prior []float64) {
	if d.continuous {
		for i := range prior {
			prior[i] = 1
		}
		return
	}
	var percent, parts float64
	for _, o := range options {
		if w := d.weights[o]; w.percent {
			percent += w.w / 100
		} else {
			parts += w.w
		}
	}
	rest := math.Max(0, 1-percent)
	for i, o := range options {
		switch w := d.weights[o]; {
		case w.percent && (parts == 0 || percent > 1):
			prior[i] = w.w / 100 / percent
		case w.percent:
			prior[i] = w.w / 100
		default:
			prior[i] = rest * w.w / parts
		}
	}
}
