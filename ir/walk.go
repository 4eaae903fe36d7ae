package ir

import (
	"fmt"
	"slices"
)

// Walk draws one point of a space, decision by decision:
//
//	w := space.Walk()
//	for d, ok := w.Next(); ok; d, ok = w.Next() {
//		w.Choose(pick(d))
//	}
//	point, err := w.Point()
//
// Every option that a decision offers can be completed; a walk never fails and never goes back. A Walk
// may be reused (Reset); it is for one goroutine, while walks of one space may run at once.
type Walk struct {
	sp       *Space
	at       *config
	spent    costs
	path     []taken
	dec      Decision
	state    walkState
	epoch    int
	err      error
	buf      menu
	retraced bool                           // it went the whole way anew, with all its searches
	sure     func() (option int32, ok bool) // what is known to lead to a point (along.go)
	offers   func(option int) bool          // may
	byRules
}

type walkState uint8

const (
	walkFresh  walkState = iota
	walkMoving           // at is where to go on
	walkAsked            // dec has been offered
	walkEnded
)

// taken is one answer of a walk: forced where it was the only option, and so no decision.
type taken struct {
	path   *path // in a vast space from the rule on
	rule   int32 // of Walk.rules; -1 where path is whole
	dom    *domain
	option int32
	forced bool
	real   float64
}

// Walk starts a walk at the root.
func (sp *Space) Walk() *Walk {
	w := &Walk{sp: sp, path: make([]taken, 0, 64)}
	w.offers = w.may
	return w
}

// Reset takes the walk back to the root.
func (w *Walk) Reset() {
	w.path, w.state, w.spent, w.err = w.path[:0], walkFresh, costs{}, nil
	w.rules, w.plan, w.sure, w.retraced = w.rules[:0], nil, nil, false
}

// Next goes on to the next decision. It is false at the end of the point, and where the space is empty,
// which Err tells.
func (w *Walk) Next() (*Decision, bool) {
	w.sp.mu.Lock()
	defer w.sp.mu.Unlock()
	return w.ask()
}

func (w *Walk) ask() (*Decision, bool) {
	for w.state != walkAsked {
		if !w.come() {
			return nil, false
		}
		if len(w.path) >= maxDecided && !w.at.dom.continuous {
			option, ok := w.soonest()
			if ok && !w.sp.grown {
				w.take(option, 0, true)
			}
			if ok || w.sp.grown {
				continue
			}
		}
		w.dec = Decision{c: w.at, space: w.sp, walk: w.ruled()}
		if w.dec.walk != nil {
			option, lone := w.lone()
			several := !lone && !w.at.dom.continuous
			seen := several || w.widely(func() bool { return w.may(int(option)) }) || len(w.planned().options) > 0
			switch {
			case w.sp.grown: // then another might fit
			case !seen:
				w.stuck()
			case lone:
				w.take(option, 0, true)
			default:
				w.state = walkAsked
			}
			continue
		}
		mn, added := w.surely(w.offer())
		switch {
		case w.sp.grown:
		case len(mn.options) == 0:
			w.stuck()
		case len(mn.options) == 1 && !w.at.dom.continuous && !added:
			w.take(mn.options[0], 0, true)
		default:
			w.dec.menu, w.state = mn, walkAsked
		}
	}
	return &w.dec, true
}

// maxDecided is how many choices a walk makes before it takes what ends the point soonest, so that it ends where recursion runs
// away (runaway.go).
const maxDecided = 1 << 12

// soonest is the smallest option on offer, or where a walk goes rule by rule that of the way that was seen when the last one was
// offered; false where there is none, and where the walk goes along a point.
func (w *Walk) soonest() (option int32, ok bool) {
	if w.sure != nil {
		if _, along := w.sure(); along {
			return 0, false
		}
	}
	offer := w.planned
	if len(w.rules) == 0 {
		offer = w.offer
	}
	mn := offer()
	for i := range w.at.dom.n {
		if option = int32(nth(w.at.ask, i)); slices.Contains(mn.options, option) {
			return option, true
		}
	}
	return 0, false
}

// come goes to the next choice; false at the end.
func (w *Walk) come() bool {
	sp := w.sp
	for w.state != walkEnded {
		if w.state == walkFresh {
			sp.trim()
			w.renew()
			t := sp.begin()
			if t.failed || !sp.completes(t) && !sp.grown {
				w.state, w.err = walkEnded, sp.emptiness()
				break
			}
			w.state = walkMoving
			w.enter(t)
			w.room = sp.kept() + sp.onWay
		}
		if sp.vast && sp.kept() > w.room {
			sp.drop()
		}
		if sp.grown || w.epoch != sp.epoch {
			if !w.again() {
				break
			}
			continue
		}
		if w.at != nil {
			return true
		}
		w.state = walkEnded
	}
	return false
}

// stuck is where nothing is on offer. Once, the tables may have been dropped under way, so that a search missed what it had
// found; again, a search for constraints gave up after it had offered this.
func (w *Walk) stuck() {
	if w.sp.vast && !w.retraced {
		w.retraced = true
		w.sp.drop()
		return
	}
	w.state, w.err = walkEnded, fmt.Errorf("%s: nothing can be completed here", w.at.k.path)
}

// search looks for something among what the choice that was asked offers, until it is found; false where nothing is on
// offer after all, which ends the walk.
func (w *Walk) search(find func() bool) bool {
	for {
		if w.sp.grown || w.epoch != w.sp.epoch {
			asked := w.dec
			if !w.again() || w.at == nil {
				w.dec = asked // whoever holds it may still ask it
				return false
			}
			w.dec, w.state = Decision{c: w.at, space: w.sp, walk: w}, walkAsked
		}
		switch found := find(); {
		case w.sp.grown:
		case found:
			return true
		default:
			if w.stuck(); w.state == walkEnded {
				return false
			}
		}
	}
}

// lone is the only option that fits what arrives, whatever follows: where a walk goes rule by rule that is no decision, and
// takes no search.
func (w *Walk) lone() (option int32, ok bool) {
	if len(w.rules) == 0 || w.at.dom.continuous {
		return 0, false
	}
	for i := range w.at.dom.n {
		switch {
		case w.fails(int32(i)):
		case ok:
			return 0, false
		default:
			option, ok = int32(i), true
		}
	}
	return option, ok
}

// offer is the menu here; under bounds on costs, of the options that still fit.
func (w *Walk) offer() *menu {
	sp, local := w.sp, len(w.rules) > 0
	if !local && len(sp.bounds) == 0 {
		return sp.offers(w.at)
	}
	w.buf.options = w.buf.options[:0]
	if local {
		if !w.widely(func() bool {
			for i := range w.at.dom.n {
				if w.can(i) {
					w.buf.options = append(w.buf.options, int32(i))
				}
			}
			return len(w.buf.options) > 0
		}) {
			return w.planned()
		}
	} else {
		mn := sp.offers(w.at)
		for _, o := range mn.options {
			if sp.fits(sp.follow(w.at, int(o)), &w.spent) {
				w.buf.options = append(w.buf.options, o)
			}
		}
		if len(w.buf.options) == len(mn.options) {
			return mn
		}
	}
	w.buf.prior = slices.Grow(w.buf.prior[:0], len(w.buf.options))[:len(w.buf.options)]
	w.at.dom.shares(w.buf.options, w.buf.prior)
	return &w.buf
}

// widely looks for something on offer, and where nothing is and no way has been seen, once more with wider searches.
func (w *Walk) widely(find func() bool) bool {
	if find() {
		return true
	}
	if w.wide || len(w.planned().options) > 0 {
		return false
	}
	w.wide = true
	return find()
}

// may tells whether an option is on offer at the choice at hand, or is sure to lead to a point.
func (w *Walk) may(option int) bool {
	if w.sure != nil {
		if sure, ok := w.sure(); ok && int(sure) == option && !w.fails(sure) {
			return true
		}
	}
	return w.can(option)
}

// can tells whether an option can be taken, of a walk that goes rule by rule.
func (w *Walk) can(option int) bool {
	sp, looked := w.sp, w.sp.looked
	sp.met++
	r := w.result(option)
	if r.failed {
		return false
	}
	if w.chart != nil {
		return w.chart.offers(option)
	}
	mult, spent := w.rules[w.top].mult, w.spent
	if spent.addTimes(&r.cost, mult); !sp.below(&spent) {
		return false
	}
	a, ok := w.ahead(&r.to, w.top)
	if sp.looked != looked {
		sp.missed++
	}
	if !ok {
		sp.withheld++
	}
	if !ok || len(sp.bounds) == 0 {
		return ok
	}
	a.cost.addTimes(&r.cost, mult)
	cost := w.total(a, true)
	cost.add(&w.spent)
	return sp.within(&cost)
}

func (w *Walk) take(option int32, real float64, forced bool) {
	c := w.at
	w.state = walkMoving
	if len(w.path) >= maxLength {
		w.state, w.err = walkEnded, w.sp.tooLong()
		return
	}
	if w.epoch != w.sp.epoch { // Next goes the whole way anew
		w.path = append(w.path, taken{c.k.path, -1, c.dom, option, forced, real})
		return
	}
	if len(w.rules) > 0 {
		if len(w.plan) > 0 && w.plan[0] == option {
			w.plan = w.plan[1:]
		} else {
			w.last, w.plan = lastTaken{w.here, w.top, option, len(w.path), w.wide}, nil
		}
		w.path = append(w.path, taken{c.k.path, w.top, c.dom, option, forced, real})
		if w.chart != nil {
			w.chart.take(int(option))
		}
		w.proceed(w.result(int(option)))
		return
	}
	w.path = append(w.path, taken{c.k.path, -1, c.dom, option, forced, real})
	w.move(w.sp.follow(c, int(option)))
}

// enter goes to the first choice, whose transition in the whole space is given.
func (w *Walk) enter(t *transition) {
	w.last, w.plan = lastTaken{}, nil
	if w.rules = w.rules[:0]; w.sp.alone() {
		w.root()
		return
	}
	w.move(t)
}

func (w *Walk) move(t *transition) {
	w.spent.add(&t.cost)
	w.at = t.next
}

// renew makes the walk one of the tables as they are. What it knew of those before is let go: a single config of theirs
// holds on to all.
func (w *Walk) renew() {
	if w.epoch != w.sp.epoch {
		w.at, w.dec, w.byRules = nil, Decision{}, byRules{}
	}
	w.epoch = w.sp.epoch
}

// again walks the same answers once more, after the space's tables were made anew.
func (w *Walk) again() bool {
	sp, path, plan := w.sp, w.path, w.plan
	for {
		if sp.grown {
			sp.forget()
		}
		w.spent = costs{}
		w.renew()
		t := sp.begin()
		if !sp.completes(t) {
			if sp.grown {
				continue
			}
			w.state, w.err = walkEnded, sp.emptiness()
			return false
		}
		w.enter(t)
		w.path = path[:0]
		for _, a := range path {
			if w.at == nil { // an arrival was found that isn't known yet
				break
			}
			if w.retraced { // searches in the order of a walk that nothing interrupts
				w.offer()
			}
			w.take(a.option, a.real, a.forced)
		}
		switch {
		case sp.grown:
			continue
		case len(w.path) < len(path):
			w.state, w.err = walkEnded, fmt.Errorf("its way can't be gone any more")
			return false
		case !w.retraced:
			w.plan = plan
		}
		w.room = sp.kept() + sp.onWay // the way so far fits, however long it is
		return true
	}
}

// Choose takes option i of the decision that Next gave; a continuous range is chosen by ChooseReal.
func (w *Walk) Choose(i int) {
	if w.state != walkAsked || i < 0 || i >= w.dec.Len() {
		w.refuse("Choose(%d)", i)
		return
	}
	w.sp.mu.Lock()
	w.take(w.dec.menu.options[i], 0, false)
	w.sp.mu.Unlock()
}

// Answer takes an option by its number among all that the decision has, as Draw gives it.
func (w *Walk) Answer(option int) {
	if w.state != walkAsked || w.dec.Continuous() || !w.dec.Offers(option) {
		w.refuse("Answer(%d)", option)
		return
	}
	w.sp.mu.Lock()
	w.take(int32(option), 0, false)
	w.sp.mu.Unlock()
}

// ChooseReal takes a value of a continuous range.
func (w *Walk) ChooseReal(x float64) {
	if w.state != walkAsked || !w.dec.Continuous() || !(x >= w.at.dom.lo && x <= w.at.dom.hi) {
		w.refuse("ChooseReal(%v)", x)
		return
	}
	w.sp.mu.Lock()
	w.take(0, x, false)
	w.sp.mu.Unlock()
}

func (w *Walk) refuse(format string, args ...any) {
	if w.state = walkEnded; w.err != nil {
		return
	}
	w.err = fmt.Errorf("ir: "+format+" does not answer the decision that Next gave", args...)
}

// Err is why the walk ended without a point, if it did.
func (w *Walk) Err() error { return w.err }

// Point is the point that the walk, gone to its end, has drawn.
func (w *Walk) Point() (*Point, error) {
	if w.err != nil {
		return nil, w.err
	}
	if w.state != walkEnded {
		return nil, fmt.Errorf("ir: Point before the walk has ended")
	}
	list := append([]taken(nil), w.path...)
	if len(w.rules) > 0 {
		paths := make([]*path, len(w.rules))
		for i := range list {
			if list[i].rule < 0 {
				continue
			}
			list[i].path, list[i].rule = w.fullPath(list[i].path, list[i].rule, paths), -1
		}
	}
	return &Point{space: w.sp, taken: list, spent: w.spent}, nil
}

// Uniform is a number in [0, 1) that depends on the seed, the trial and the decision alone.
func Uniform(seed, trial, key uint64) float64 {
	h := mix(mix(mix(seed+0x9e3779b97f4a7c15)^trial) + key)
	return float64(h>>11) / (1 << 53)
}

// Draw takes the walk to its end by the prior, keyed by (seed, trial, decision path).
func (w *Walk) Draw(seed, trial uint64) {
	w.sp.mu.Lock()
	defer w.sp.mu.Unlock()
	for d, ok := w.ask(); ok; d, ok = w.ask() {
		u := Uniform(seed, trial, d.Key())
		if d.Continuous() {
			w.take(0, d.PickReal(u), false)
		} else if option, ok := d.draw(u); ok {
			w.take(option, 0, false)
		}
	}
}
