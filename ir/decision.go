package ir

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Decision is a choice that a walk has met, with the options that can still complete. It is valid until
// the next call of the walk that gave it. In a space whose recursion is solved rule by rule it takes a search to tell which
// options those are: Draw and Offers search for what they have to know alone, the other methods for all.
type Decision struct {
	c     *config
	menu  *menu // nil where it wasn't asked for
	drawn int32 // the option that Draw gave, and one
	space *Space
	walk  *Walk // in a vast space: what c is in
}

// Len is the number of options on offer; 0 for a continuous range.
func (d *Decision) Len() int {
	if d.c.dom.continuous {
		return 0
	}
	return len(d.all().options)
}

// Continuous tells whether the decision is a real range without points.
func (d *Decision) Continuous() bool { return d.c.dom.continuous }

// Range is a continuous decision's range, and whether it is spaced by log.
func (d *Decision) Range() (lo, hi float64, log bool) { return d.c.dom.lo, d.c.dom.hi, d.c.dom.log }

// Ordered tells whether the options are numbers in ascending order.
func (d *Decision) Ordered() bool { return d.c.dom.ordered }

// Prior is the probability of option i by the written weights, renormalised over what is on offer.
func (d *Decision) Prior(i int) float64 { return d.all().prior[i] }

// Option identifies option i among all that the choice has, on offer or not.
func (d *Decision) Option(i int) int { return int(d.all().options[i]) }

// Options is how many options the choice has, on offer or not; 0 for a continuous range.
func (d *Decision) Options() int {
	if d.c.dom.continuous {
		return 0
	}
	return d.c.dom.n
}

// Key identifies the decision in every point of the space that meets it: a hash of its path.
func (d *Decision) Key() uint64 {
	if w := d.walk; w != nil {
		return w.hash(d.c.k.path, w.top)
	}
	return d.c.k.path.hash
}

// Path is the decision's name: the rules, lets and parameters that lead to it.
func (d *Decision) Path() string {
	if w := d.walk; w != nil {
		return w.fullPath(d.c.k.path, w.top, make([]*path, len(w.rules))).String()
	}
	return d.c.k.path.String()
}

// Label is option i as text: a rule's or op's name, or a literal.
func (d *Decision) Label(i int) string {
	o := d.all().options[i]
	d.space.mu.Lock()
	defer d.space.mu.Unlock()
	return d.c.dom.label(d.space, int(o))
}

// Value is option i: an int, float64, bool or string; of modules and symbols the label.
func (d *Decision) Value(i int) any {
	o := d.all().options[i]
	d.space.mu.Lock()
	defer d.space.mu.Unlock()
	return d.c.dom.value(d.space, int(o))
}

// find is the option on offer that an answer names.
func (d *Decision) find(answer any) (int, bool) {
	options := d.all().options
	d.space.mu.Lock()
	defer d.space.mu.Unlock()
	return d.c.dom.find(d.space, answer, len(options), func(i int) int { return int(options[i]) })
}

func (d *domain) label(sp *Space, option int) string {
	if d.labels != nil {
		return d.labels[option]
	}
	return sp.vals.describe(d.vals[option])
}

// literal tells whether an option is a number, a boolean or a text.
func (d *domain) literal(sp *Space, option int) bool {
	if d.vals == nil {
		return false
	}
	switch sp.vals.at(d.vals[option]).kind {
	case kindInt, kindReal, kindBool, kindString:
		return true
	}
	return false
}

// value is an option as an int, float64, bool or string: of what is no literal the label. A text that another option is
// called by keeps its quotes.
func (d *domain) value(sp *Space, option int) any {
	label := d.label(sp, option)
	if !d.literal(sp, option) {
		return label
	}
	v := sp.goValue(d.vals[option])
	if text, ok := v.(string); ok && slices.Contains(d.labels, text) && text != label {
		return label
	}
	return v
}

// answer is an option as a "from" clause writes it: what is neither a literal nor a name stands between quotes, as "conv(8)", an
// option of [each], does.
func (d *domain) answer(sp *Space, option int) string {
	label := d.label(sp, option)
	if d.literal(sp, option) || !strings.ContainsFunc(label, func(r rune) bool { return r != '_' && r != '#' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		return label
	}
	return strconv.Quote(label)
}

// PickReal is the value of a continuous range that u, in [0, 1), falls on, uniform or uniform in the log.
func (d *Decision) PickReal(u float64) float64 {
	lo, hi, log := d.Range()
	return between(lo, hi, u, log)
}

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
		if !w.widely(func() bool {
			option = int32(w.at.dom.choose(u, w.offers))
			return option >= 0
		}) && !w.sp.grown {
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
		if yes = w.may(option); !yes && !w.wide {
			mn, _ := w.surely(w.offer())
			yes = mn.offers(option)
		}
		return true
	})
	return yes
}

// InConfig tells whether the decision is a config's, and so no part of the network.
func (d *Decision) InConfig() bool {
	in := func(f *frame) bool {
		for ; f.node != nil; f = f.parent {
			if _, ok := f.node.(*fieldNode); ok {
				return true
			}
		}
		return false
	}
	if in(d.c.k) {
		return true
	}
	if w := d.walk; w != nil {
		for i := w.top; i > 0; i = w.rules[i].around {
			if in(w.rules[i].site.c.k) {
				return true
			}
		}
	}
	return false
}
