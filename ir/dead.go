package ir

import (
	"maps"
	"slices"

	"github.com/spacec-lang/spacec/lang"
)

// Dead is an alternative that no point takes.
type Dead struct {
	node *choiceNode
	alt  int
	why  failure
}

// maxSwept is how many options a sweep for dead alternatives looks at; beyond it nothing is said.
const maxSwept = 300_000

// sweep looks for the alternatives that are offered nowhere. An alternative is one as written, in however many
// places its rule is used.
type sweep struct {
	left    int                // options that may still be looked at
	waiting map[lang.Span]bool // alternatives of the file not yet seen to be offered
	refused map[lang.Span]refusal
}

// refusal is where an alternative was first refused.
type refusal struct {
	dead Dead
	next *config // what can't complete; nil where dead.why tells
}

func (sp *Space) newSweep() *sweep {
	return &sweep{left: maxSwept, waiting: maps.Clone(sp.alternatives), refused: map[lang.Span]refusal{}}
}

// done tells whether there is nothing left to find, or too much was looked at.
func (s *sweep) done() bool { return s.left < 0 || len(s.waiting) == 0 }

// see takes note of an alternative of a choice: whether it is offered, and where it leads.
func (s *sweep) see(n *choiceNode, alt int, offered bool, t *transition) {
	at := n.alts[alt].body.pos().span
	if !s.waiting[at] {
		return
	}
	if offered {
		delete(s.waiting, at)
		return
	}
	if _, known := s.refused[at]; known {
		return
	}
	r := refusal{dead: Dead{node: n, alt: alt}, next: t.next}
	if t.failed {
		r.dead.why = *t.why
	}
	s.refused[at] = r
}

// found are the alternatives that were refused wherever they stand, as written.
func (s *sweep) found() []refusal {
	if s.left < 0 {
		return nil
	}
	var out []refusal
	for at, r := range s.refused {
		if s.waiting[at] {
			out = append(out, r)
		}
	}
	start := func(r refusal) int { return r.dead.node.alts[r.dead.alt].body.pos().span.Start }
	slices.SortFunc(out, func(a, b refusal) int { return start(a) - start(b) })
	return out
}

// sweepWalks is how many walks a sweep begins with, each of which takes, where it can, other options than those before: in a
// space without dead alternatives a few have seen them all.
const sweepWalks = 32

// dead sweeps the situations that a walk can come to, until each alternative was offered in one, and finds those that
// are offered in none, with a reason why.
func (sp *Space) dead(t *transition) []Dead {
	s := sp.newSweep()
	taken := map[*config]int{}
	for range sweepWalks {
		s.walk(sp, t.next, taken)
	}
	s.through(sp, t.next, map[*config]bool{})
	var out []Dead
	for _, r := range s.found() {
		if r.next != nil {
			r.dead.why = sp.reason(r.next)
		}
		out = append(out, r.dead)
	}
	return out
}

// look takes note of a situation's alternatives. It tells whether to go on.
func (s *sweep) look(sp *Space, c *config) bool {
	choice, ok := c.ask.(*choiceNode)
	for i := 0; ok && i < c.dom.n; i++ {
		if s.waiting[choice.alts[i].body.pos().span] {
			t := sp.follow(c, i)
			s.see(choice, i, sp.stands(t) != no, t)
		}
	}
	s.left -= c.dom.n
	return !s.done() && !sp.enough()
}

// through goes depth first through all situations.
func (s *sweep) through(sp *Space, c *config, seen map[*config]bool) {
	if c == nil || seen[c] || s.done() || sp.enough() {
		return
	}
	seen[c] = true
	more := s.look(sp, c)
	for i := 0; more && i < c.dom.n; i++ {
		if t := sp.follow(c, i); sp.stands(t) == yes {
			s.through(sp, t.next, seen)
		}
	}
}

// walk goes through the space once, and takes each time the option after the one taken before.
func (s *sweep) walk(sp *Space, c *config, taken map[*config]int) {
	for c != nil && s.look(sp, c) {
		var next *config
		for range c.dom.n {
			t := sp.follow(c, taken[c]%c.dom.n)
			taken[c]++
			if sp.stands(t) == yes {
				next = t.next
				break
			}
		}
		c = next
	}
}

// deadRules finds the alternatives that no point takes in a space whose rules recurse, from the lists of what each rule can be
// left in (reach.go). An alternative is alive where it lies on a way from the start of a rule to a state in which some
// point leaves the rule; the points' states are followed from the root on. Bounds on sums of costs are not looked at: an
// alternative that only they forbid is not found.
func (sp *Space) deadRules() []Dead {
	type job struct {
		key   reachKey
		state int32
	}
	s := sp.newSweep()
	known := map[job]bool{}
	var todo []job
	add := func(j job) {
		if !known[j] {
			known[j] = true
			todo = append(todo, j)
		}
	}
	root := sp.rootKey()
	for _, state := range sp.reached[root].states {
		add(job{root, state})
	}
	for len(todo) > 0 && !s.done() {
		j := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		memo := map[*config]bool{}
		var good func(c *config) bool
		ends := func(t *transition) bool {
			return !t.failed && (t.next == nil && t.left == j.state || t.next != nil && good(t.next))
		}
		good = func(c *config) bool {
			if ok, known := memo[c]; known {
				return ok
			}
			if s.left--; s.left < 0 {
				return false
			}
			memo[c] = false
			any := false
			if _, leap := c.ask.(*leapNode); leap {
				call := sp.callOf(c)
				key := reachKey{call.proc, call.state, 0}
				if sp.nests {
					key.depth = sp.ruleDepth(c) + call.deeper
				}
				if r := sp.reached[key]; r != nil {
					for _, state := range r.states {
						if ends(sp.leave(&sp.leaper, call.site, state)) {
							any = true
							add(job{key, state})
						}
					}
				}
				memo[c] = any
				return any
			}
			on := make([]bool, c.dom.n)
			for i := range on {
				on[i] = ends(sp.step(c, i))
				any = any || on[i]
			}
			if choice, ok := c.ask.(*choiceNode); ok && any {
				for i := range choice.alts {
					s.see(choice, i, on[i], sp.step(c, i))
				}
			}
			memo[c] = any
			return any
		}
		ends(sp.start(j.key))
	}
	var out []Dead
	for _, r := range s.found() {
		out = append(out, r.dead)
	}
	return out
}

// deadCharted finds the alternatives that no point takes in a vast space of which it is charted what completes. An alternative is
// alive where it lies on a way through the table of a rule (tally.go) to an exit by which some point leaves it.
func (sp *Space) deadCharted() []Dead {
	y := sp.charted()
	alive, left := map[*spot]bool{}, map[*table][]bool{} // left: the exits
	for _, t := range y.ts.list {
		left[t] = make([]bool, len(t.exits))
	}
	for i := range left[y.root.in] {
		left[y.root.in][i] = true
	}
	ends := func(t *table, e edge) bool {
		return e.spot != nil && alive[e.spot] || e.spot == nil && e.exit >= 0 && left[t][e.exit]
	}
	for more := true; more; {
		more = false
		for _, t := range y.ts.list {
			for _, p := range t.order { // each after those that it leads to
				for i, e := range p.edges {
					if !ends(t, e) || p.calls != nil && y.exits[p.calls.id][i] == nil {
						continue
					}
					more = more || !alive[p]
					alive[p] = true
					if p.calls != nil && !left[p.calls][i] {
						left[p.calls][i], more = true, true
					}
				}
			}
		}
	}
	s := sp.newSweep()
	for _, t := range y.ts.list {
		for _, p := range t.spots {
			choice, ok := p.c.ask.(*choiceNode)
			for i := 0; ok && alive[p] && i < len(p.edges); i++ {
				if at := choice.alts[i].body.pos().span; s.waiting[at] {
					s.see(choice, i, ends(t, p.edges[i]), y.ts.again(p, i))
				}
			}
		}
	}
	var out []Dead
	for _, r := range s.found() {
		out = append(out, r.dead)
	}
	return out
}

// again takes an option once more, to see why it fails.
func (ts *tables) again(p *spot, option int) *transition {
	m := &ts.m
	m.load(p.c.state)
	m.k, m.why = p.c.k, failure{}
	n, st := p.c.ask.take(m, option)
	if _, st = m.run(n, st); st != stFail {
		return &transition{}
	}
	why := m.why
	return &transition{failed: true, why: &why}
}

// withheldFirst are the alternatives of a space's first choice that stay undecided.
func (sp *Space) withheldFirst(t *transition) []Dead {
	if t.next == nil {
		return nil
	}
	choice, ok := t.next.ask.(*choiceNode)
	if !ok {
		return nil
	}
	var out []Dead
	w := sp.walkAt(t.next)
	w.wide = true
	for i := range choice.alts {
		if w.leads(i) == open {
			out = append(out, Dead{node: choice, alt: i})
		}
	}
	return out
}
