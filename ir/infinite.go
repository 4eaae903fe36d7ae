package ir

import "math"

// A space is infinite where some derivation holds, within one call of a rule, a second call of it that is entered
// and left in the same states: what lies between can be repeated without end, and every repetition is another
// point. Such a derivation is a proof. It is looked for among points drawn from the prior, which meet one soon
// where there are any to speak of.

// Of the search for a proof: how many points are drawn, how many answers of each are read, short ones first, since
// where draws run away short ones hold a proof as well, and how many answers in all.
const (
	pumpDraws   = 64
	pumpShort   = 100
	pumpLong    = 4_000
	pumpAnswers = 50_000
)

// infinite tells whether a proof was found. What it finds is kept.
func (sp *Space) infinite() bool {
	if !sp.recursive || sp.nests || sp.deep {
		return false // nesting and layers are part of what is asked for: no two calls are alike
	}
	if sp.proved {
		return true
	}
	left := sp.afford(pumpAnswers)
	for _, most := range []int{pumpShort, pumpLong} {
		for trial := uint64(0); trial < pumpDraws && left > 0; trial++ {
			w := Walk{sp: sp}
			sp.mu.Unlock()
			for n := 0; n < most; n++ {
				d, ok := w.Next()
				if !ok {
					break
				}
				left--
				u := Uniform(0, trial, d.Key())
				if d.Continuous() {
					w.ChooseReal(d.PickReal(u))
				} else {
					w.Choose(d.Pick(u))
				}
			}
			sp.mu.Lock()
			if w.state == walkEnded && w.err == nil && sp.pumps(w.path) {
				sp.proved = true
				return true
			}
		}
	}
	return false
}

// trace follows the calls of recursive rules.
type trace struct {
	sp    *Space
	open  []traced
	found bool
}

// traced is a call: how it was entered, and how calls like it within it were left.
type traced struct {
	key    reachKey
	cost   costs // spent before it
	within []traced
	left   int32
}

func (t *trace) enter(m *machine, p *proc, given []val) {
	t.open = append(t.open, traced{key: reachKey{proc: p, state: t.sp.states.intern(m.acc, m.reg, given)}, cost: m.cost})
}

func (t *trace) leave(m *machine, imported []val) {
	last := len(t.open) - 1
	call := t.open[last]
	t.open = t.open[:last]
	call.left = t.sp.states.intern(m.acc, m.reg, imported)
	spent := m.cost
	for i := range spent {
		spent[i] -= call.cost[i]
	}
	call.cost = spent
	for _, inner := range call.within {
		free := inner.left == call.left
		for i := range t.sp.bounds {
			b := &t.sp.bounds[i]
			free = free && (b.hi == math.MaxInt64 || inner.cost[b.dim] == spent[b.dim]) // what is repeated must cost nothing that has a bound
		}
		t.found = t.found || free
	}
	call.within = nil
	for i := range t.open {
		if t.open[i].key == call.key {
			t.open[i].within = append(t.open[i].within, call)
		}
	}
}

// pumps runs answers once more and tells whether their derivation is a proof.
func (sp *Space) pumps(answers []taken) bool {
	t := &trace{sp: sp}
	m := &machine{sp: sp, trace: t, k: sp.bottom}
	m.enterCells(sp.cells)
	n, st := m.run(sp.root, stNext)
	for _, a := range answers {
		ask, ok := n.(asker)
		if st != stAsk || !ok {
			break
		}
		n, st = ask.take(m, int(a.option))
		n, st = m.run(n, st)
	}
	return t.found
}
