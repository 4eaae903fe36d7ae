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
		switch {
		case t.dom.continuous:
			c.Value = t.real
		case t.dom.vals != nil && t.dom.vals[t.option] != absent:
			c.Value = p.space.goValue(t.dom.vals[t.option])
		default:
			c.Value = t.dom.label(p.space, int(t.option))
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
	label := t.dom.label(p.space, int(t.option))
	if t.dom.labels != nil && strings.ContainsAny(label, "(, )") && !strings.HasPrefix(label, `"`) {
		return strconv.Quote(label) // an option of [each], "conv(8)"
	}
	return label
}

// Replay finds the point with the given answers, as a "from" clause writes them.
func (sp *Space) Replay(answers map[string]string) (*Point, error) {
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
			var x float64
			if _, err := fmt.Sscan(answer, &x); err != nil {
				return nil, fmt.Errorf("the decision '%s' needs a number, not '%s'", path, answer)
			}
			if lo, hi, _ := d.Range(); !(x >= lo && x <= hi) {
				return nil, fmt.Errorf("the decision '%s' is %v, outside %v..%v", path, x, lo, hi)
			}
			w.ChooseReal(x)
			continue
		}
		i := 0
		for i < d.Len() && !sameAnswer(d.Label(i), answer) {
			i++
		}
		if i == d.Len() {
			var offer []string
			for j := range min(d.Len(), 12) {
				offer = append(offer, d.Label(j))
			}
			return nil, fmt.Errorf("the decision '%s' does not offer '%s' here; it offers %s", path, answer, strings.Join(offer, ", "))
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
func (w *Walk) named(answers map[string]string) (int32, bool) {
	if option, ok := w.lone(); ok {
		return option, true
	}
	d := Decision{c: w.at, walk: w.ruled()}
	answer, known := answers[d.Path()]
	if w.at.dom.continuous {
		return 0, known
	}
	for i := 0; known && i < w.at.dom.n; i++ {
		if sameAnswer(w.at.dom.label(w.sp, i), answer) {
			return int32(i), true
		}
	}
	return 0, false
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

// sameAnswer compares labels; numbers by value.
func sameAnswer(a, b string) bool {
	if text, err := strconv.Unquote(b); a == b || err == nil && a == text {
		return true
	}
	var x, y float64
	_, err := fmt.Sscan(a, &x)
	_, err2 := fmt.Sscan(b, &y)
	return err == nil && err2 == nil && x == y
}
