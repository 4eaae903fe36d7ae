package ir

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Point is the decisions of a walk, by name.
type Point struct {
	space *Space
	taken []taken
	spent costs
}

// Space is the space that the point was drawn from.
func (p *Point) Space() *Space { return p.space }

// Choice is one decision of a point and its answer: an int, float64, bool or string.
type Choice struct {
	Path  string
	Value any
}

// Choices are the point's decisions in the order met; where one option was feasible there was none.
func (p *Point) Choices() []Choice { return p.choices(false) }

// Settled are the choices that were no decisions of the point, in the order met: one option was feasible.
func (p *Point) Settled() []Choice { return p.choices(true) }

func (p *Point) choices(forced bool) []Choice {
	var out []Choice
	p.space.mu.Lock()
	defer p.space.mu.Unlock()
	for i := range p.taken {
		t := &p.taken[i]
		if t.forced != forced {
			continue
		}
		c := Choice{Path: t.path.String()}
		if c.Value = t.real; !t.dom.continuous {
			c.Value = t.dom.value(p.space, int(t.option))
		}
		out = append(out, c)
	}
	return out
}

// Key is a hash of the point's answers: of the points of one space, those with one key are the same.
func (p *Point) Key() uint64 {
	h := uint64(0)
	for i := range p.taken {
		if t := &p.taken[i]; !t.forced {
			h = mix(mix(h^t.path.hash) + uint64(t.option) ^ math.Float64bits(t.real))
		}
	}
	return h
}

// answer is a choice as a "from" clause writes it.
func (p *Point) answer(t *taken) string {
	if t.dom.continuous {
		return formatReal(t.real)
	}
	return t.dom.answer(p.space, int(t.option))
}

// Replay finds the point with the given answers, as a "from" clause writes them.
func (sp *Space) Replay(answers map[string]string) (*Point, error) {
	all := make(map[string]any, len(answers))
	for path, answer := range answers {
		all[path] = asWritten(answer)
	}
	return sp.replay(all)
}

// Again finds the point whose Choices these are.
func (sp *Space) Again(choices []Choice) (*Point, error) {
	answers := make(map[string]any, len(choices))
	for _, c := range choices {
		answers[c.Path] = c.Value
	}
	return sp.replay(answers)
}

func (sp *Space) replay(answers map[string]any) (*Point, error) {
	w := sp.Walk()
	w.sure = func() (int32, bool) { return w.named(answers) }
	used := 0
	for d, ok := w.Next(); ok; d, ok = w.Next() {
		path := d.Path()
		answer, known := answers[path]
		if !known {
			return nil, fmt.Errorf("the decision '%s' is missing", path)
		}
		used++
		if d.Continuous() {
			x, err := strconv.ParseFloat(fmt.Sprint(answer), 64)
			if err != nil {
				return nil, fmt.Errorf("the decision '%s' needs a number, not '%v'", path, answer)
			}
			if lo, hi, _ := d.Range(); !(x >= lo && x <= hi) {
				return nil, fmt.Errorf("the decision '%s' is %v, outside %v..%v", path, x, lo, hi)
			}
			w.ChooseReal(x)
			continue
		}
		i, ok := d.find(answer)
		if !ok {
			var offer []string
			for j := range min(d.Len(), 12) {
				offer = append(offer, d.Label(j))
			}
			return nil, fmt.Errorf("the decision '%s' does not offer '%v' here; it offers %s", path, answer, strings.Join(offer, ", "))
		}
		w.Choose(i)
	}
	if w.err == nil && used != len(answers) {
		for path := range answers {
			if !w.met(path) {
				return nil, fmt.Errorf("the space has no decision '%s' in this point", path)
			}
		}
	}
	if w.err == nil && !sp.within(&w.spent) {
		return nil, fmt.Errorf("the answers break a requirement on costs")
	}
	return w.Point()
}

// named is the option with the answer that the decision at hand is given.
func (w *Walk) named(answers map[string]any) (int32, bool) {
	if option, ok := w.lone(); ok {
		return option, true
	}
	d := Decision{c: w.at, walk: w.ruled()}
	answer, known := answers[d.Path()]
	if w.at.dom.continuous {
		return 0, known
	}
	if !known {
		return 0, false
	}
	i, ok := w.at.dom.find(w.sp, answer, w.at.dom.n, func(i int) int { return i })
	return int32(i), ok
}

func (w *Walk) met(path string) bool {
	for i := range w.path {
		t := &w.path[i]
		p := t.path
		if t.rule >= 0 {
			p = w.fullPath(p, t.rule, nil)
		}
		if !t.forced && p.String() == path {
			return true
		}
	}
	return false
}

// asWritten is an answer as a "from" clause writes it.
type asWritten string

// find is the first of n options that an answer names: as it is said of a point, else by what it comes to.
func (d *domain) find(sp *Space, answer any, n int, option func(i int) int) (int, bool) {
	for i := range n {
		same := answer == d.value(sp, option(i))
		if text, ok := answer.(asWritten); ok {
			same = string(text) == d.answer(sp, option(i))
		}
		if same {
			return i, true
		}
	}
	text := fmt.Sprint(answer)
	for i := range n {
		if d.means(sp, option(i), text) {
			return i, true
		}
	}
	return 0, false
}

// means tells whether a text names an option in another way than points do: with quotes or without, a number by its value, up to
// roundings.
func (d *domain) means(sp *Space, option int, text string) bool {
	if unquoted(text) == unquoted(d.label(sp, option)) {
		return true
	}
	if d.vals == nil {
		return false
	}
	v := sp.vals.at(d.vals[option])
	if n, err := strconv.ParseInt(text, 10, 64); err == nil && v.kind == kindInt {
		return n == v.i
	}
	x, ok := v.number()
	y, err := strconv.ParseFloat(text, 64)
	return ok && err == nil && math.Abs(x-y) <= 1e-12*math.Abs(x)
}

func unquoted(text string) string {
	if s, err := strconv.Unquote(text); err == nil {
		return s
	}
	return text
}
