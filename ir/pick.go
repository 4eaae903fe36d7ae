package ir

import (
	"math"
	"slices"
)

// A draw looks at as few options as it can: which of them can complete is asked only of those that it falls on. In a vast
// space that is most of the work, and the options that can't are the ones that take the longest to look through.

// maxPicks is how many options a choice tries one by one before it looks at all that are left.
const maxPicks = 16

// choose is the option that u, in [0, 1), falls on by the weights, percentages and parts, of the options that can be taken;
// -1 where none can. An option that was tried in vain leaves its share to the others, so that each has the probability
// that shares gives it.
func (d *domain) choose(u float64, can func(option int) bool) int {
	var few [64]bool
	out := few[:] // options that aren't to be tried any more
	if d.n > len(few) {
		out = make([]bool, d.n)
	}
	percent := 0.0
	for i, w := range d.weights {
		if !w.percent {
			continue
		}
		if out[i] = !can(i); !out[i] {
			percent += w.w / 100
		}
	}
	switch {
	case percent >= 1:
	case u < percent:
		u /= percent
	default:
		if i := d.among(out, false, (u-percent)/(1-percent), can); i >= 0 {
			return i
		}
		u = again(u, 0)
	}
	return d.among(out, true, u, func(int) bool { return true })
}

// among chooses, of the percentages or of the parts, one that isn't out.
func (d *domain) among(out []bool, percent bool, u float64, can func(option int) bool) int {
	for try := uint64(1); ; try++ {
		total := 0.0
		for i, w := range d.weights {
			if w.percent == percent && !out[i] {
				if try == maxPicks {
					out[i] = !can(i)
				}
				if !out[i] {
					total += w.w
				}
			}
		}
		last, left := -1, u*total
		for i, w := range d.weights {
			if w.percent == percent && !out[i] && w.w > 0 {
				if last = i; left < w.w {
					break
				}
				left -= w.w
			}
		}
		if last < 0 || try == maxPicks || can(last) {
			return last
		}
		out[last] = true
		u = again(u, try)
	}
}

// again is a further number in [0, 1) that hangs on u alone.
func again(u float64, try uint64) float64 { return Uniform(math.Float64bits(u), try, 0) }

// all is the menu of the decision.
func (d *Decision) all() *menu {
	if d.menu == nil {
		d.space.mu.Lock()
		defer d.space.mu.Unlock()
		w := d.walk
		mn := &menu{}
		w.search(func() bool {
			mn, _ = w.surely(w.offer())
			return len(mn.options) > 0
		})
		d.menu = mn
	}
	return d.menu
}

// Pick is which of the options on offer u, in [0, 1), falls on under the prior.
func (d *Decision) Pick(u float64) int {
	mn := d.all()
	if d.walk != nil {
		i, _ := slices.BinarySearch(mn.options, int32(d.c.dom.choose(u, mn.offers)))
		return i
	}
	last := len(mn.prior) - 1
	for i, p := range mn.prior[:last] {
		if u < p {
			return i
		}
		u -= p
	}
	return last
}

func (m *menu) offers(option int) bool {
	_, ok := slices.BinarySearch(m.options, int32(option))
	return ok
}

// Draw is the option that u, in [0, 1), falls on under the prior, among all that the decision has: that of Pick. It is -1
// where the walk has come to an end without a point, which its Err tells.
func (d *Decision) Draw(u float64) int {
	d.space.mu.Lock()
	defer d.space.mu.Unlock()
	if option, ok := d.draw(u); ok {
		return int(option)
	}
	return -1
}

func (d *Decision) draw(u float64) (option int32, ok bool) {
	w := d.walk
	if w == nil {
		return d.menu.options[d.Pick(u)], true
	}
	if d.menu != nil && len(d.menu.options) > 0 {
		return int32(d.c.dom.choose(u, d.menu.offers)), true
	}
	ok = w.search(func() bool {
		if option = int32(w.at.dom.choose(u, w.offers)); option < 0 && !w.sp.grown {
			if mn := w.planned(); len(mn.options) > 0 {
				option = mn.options[0]
			}
		}
		return option >= 0
	})
	d.drawn = option + 1
	return option, ok
}

// Offers tells whether an option, by its number among all that the decision has, is on offer.
func (d *Decision) Offers(option int) (yes bool) {
	if option < 0 || option >= d.Options() {
		return false
	}
	switch {
	case d.menu != nil:
		return d.menu.offers(option)
	case d.drawn == int32(option)+1:
		return true
	}
	d.space.mu.Lock()
	defer d.space.mu.Unlock()
	w := d.walk
	w.search(func() bool {
		if yes = w.may(option); !yes && slices.Contains(w.planned().options, int32(option)) {
			mn, _ := w.surely(w.offer())
			yes = mn.offers(option)
		}
		return true
	})
	return yes
}

// may tells whether an option is on offer at the choice at hand, or is sure to lead to a point.
func (w *Walk) may(option int) bool {
	if w.can(option) {
		return true
	}
	if w.sure == nil {
		return false
	}
	sure, ok := w.sure()
	return ok && int(sure) == option && !w.next(sure).failed
}
