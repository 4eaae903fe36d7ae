package ir

import (
	"fmt"
	"slices"

	"github.com/google/go-cmp/cmp"
)

// Taken are the options of all choices that a point took, those among them that were no decision.
func (p *Point) Taken() (list []int) {
	for _, t := range p.taken {
		list = append(list, int(t.option))
	}
	return list
}

// Spent are the point's params and macs as the solver adds them up; those of repeated lets are among them where the
// space has a requirement on a cost.
func (p *Point) Spent() (params, macs int64) { return p.spent[costParams], p.spent[costMACs] }

// Ops are the ops that the point builds, copies counted, as the solver adds them up.
func (p *Point) Ops() int64 { return p.spent[costOps] }

// Drop forgets what was learned of a space, as happens when its tables are too large.
func (sp *Space) Drop() {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	sp.drop()
}

// Complete goes, on a copy of a walk of a vast space, the way to the end that was seen when its last option was offered.
func (w *Walk) Complete() error {
	sp := w.sp
	sp.mu.Lock()
	defer sp.mu.Unlock()
	if w.last.from.c == nil || w.at == nil || len(w.plan) > 0 {
		return nil
	}
	v := *w
	v.m, v.rules, v.path, v.ran, v.trials = machine{sp: sp, jump: true}, slices.Clone(w.rules), slices.Clone(w.path), slices.Clone(w.ran), slices.Clone(w.trials)
	v.tried, v.sinces = slices.Clone(w.tried), slices.Clone(w.sinces)
	v.held, v.scratch, v.tensors, v.arrived, v.arrival.c, v.at, v.buf = slices.Clip(w.held), slices.Clone(w.scratch), nil, nil, nil, &v.choice, menu{}
	for v.at != nil {
		mn := v.planned()
		if len(mn.options) == 0 {
			return fmt.Errorf("at %s %v is planned", v.fullPath(v.at.k.path, v.top, nil), v.plan)
		}
		v.take(mn.options[0], 0, true)
	}
	if len(v.plan) > 0 || !sp.within(&v.spent) {
		return fmt.Errorf("at the end %v is planned, and %v spent", v.plan, v.spent)
	}
	return nil
}

// TakeAsVast has a recursive space solved as if its rules met more types than are listed.
func (sp *Space) TakeAsVast() {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	sp.asVast = true
	sp.forget()
}

// Menus are the options that are offered on the way of a point, at all choices, those among them that are no decision. The
// way ends where its option is not offered.
func (sp *Space) Menus(options []int) (menus [][]int32) {
	w := sp.Walk()
	sp.mu.Lock()
	defer sp.mu.Unlock()
	if w.state = walkMoving; !w.again() {
		return nil
	}
	for _, o := range options {
		offered := w.offer().options
		for sp.grown {
			w.again()
			offered = w.offer().options
		}
		menus = append(menus, slices.Clone(offered))
		if !slices.Contains(offered, int32(o)) {
			break
		}
		w.take(int32(o), 0, true)
	}
	return menus
}

// DropOnWay has walks drop the tables when they have added so many configs.
func (sp *Space) DropOnWay(configs int) { sp.onWay = configs }

// Steps takes, from where a walk of a vast space stands, a step with each option, as hops tell and as the machine does, and
// compares where they lead.
func (w *Walk) Steps() error {
	sp := w.sp
	sp.mu.Lock()
	defer sp.mu.Unlock()
	if len(w.rules) == 0 || w.at == nil {
		return nil
	}
	here := w.here
	for o := range w.at.dom.n {
		var hop, machine ran
		if w.option(&here, o, &hop); sp.grown { // all is solved anew
			return nil
		}
		sp.load(&w.m, &here)
		n, st := here.c.ask.take(&w.m, o)
		w.goOn(n, st, &machine)
		same := cmp.Options{cmp.AllowUnexported(situation{}), cmp.Comparer(func(a, b *frame) bool { return a == b })}
		if diff := cmp.Diff(w.concretely(&machine), w.concretely(&hop), same); diff != "" {
			return fmt.Errorf("%s, option %d (-machine +hop):\n%s", here.c.k.path, o, diff)
		}
	}
	return nil
}

// situation is where a step leads, with the tensors.
type situation struct {
	failed   bool
	cost     costs
	ask      int32
	k        *frame
	acc, reg val
	cells    []val
}

func (w *Walk) concretely(r *ran) situation {
	if r.failed {
		return situation{failed: true}
	}
	m := machine{sp: w.sp, jump: true}
	s := situation{cost: r.cost}
	if p := &r.to; p.c == nil {
		g := w.given(p.left, &p.with)
		s.acc, s.reg, s.cells = g.acc, g.reg, g.cells
	} else {
		w.sp.load(&m, p)
		s.ask, s.k, s.acc, s.reg, s.cells = p.c.ask.pos().id, m.k, m.acc, m.reg, m.cells
	}
	s.cells = append([]val{}, s.cells...)
	return s
}

// Leapt are the rules that are leapt over, by name.
func (sp *Space) Leapt() (names []string) {
	seen := map[*proc]bool{}
	var visit func(n node)
	visit = func(n node) {
		nested(n, maxOf, func(n node) int32 {
			if call, ok := n.(*callNode); ok && !seen[call.proc] {
				seen[call.proc] = true
				if call.proc.recursive {
					names = append(names, call.proc.name)
				}
				visit(call.proc.body)
			}
			return 0
		})
	}
	visit(sp.root)
	slices.Sort(names)
	return names
}
