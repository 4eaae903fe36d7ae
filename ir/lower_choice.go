package ir

import (
	"fmt"
	"slices"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

func (l *lowerer) choice(e *lang.Choice, s *scope, want expKind) node {
	anonymous := s.label("choice")
	l.percentages(e)
	var alts []alt
	var uses []node
	labels := optionLabels(e.Alts)
	taken := map[string]bool{}
	for i, a := range e.Alts {
		if a.Weight == nil || !a.Weight.Each {
			taken[labels[i]] = true
		}
	}
	before := map[string]int{}
	for k, v := range s.labels {
		before[k] = v
	}
	for i := range e.Alts {
		a := &e.Alts[i]
		w := weight{w: 1}
		if a.Weight != nil {
			w = weight{a.Weight.Value, a.Weight.Percent}
			if a.Weight.Each {
				w.w = 1
			}
			if w.w <= 0 || w.percent && w.w > 100 {
				l.report.Errorf(diag.BadWeight, a.Weight.Span, "a weight has to be above zero, and a percentage at most 100")
				w.w = 1
			}
		}
		var guard node
		if a.Guard != nil {
			guard = l.condition(a.Guard, s.here())
			uses = l.forced(guard, uses)
		}
		bodies := []spreadBody{{body: body{e: a.Body, s: s}}}
		each := a.Weight != nil && a.Weight.Each
		if each {
			x := spreader{lowerer: l}
			if bodies = x.spread(a.Body, s); x.over {
				l.report.Errorf(diag.Limit, a.Body.Pos(), "[each] makes more than %d options of this", maxRange)
			}
		}
		for _, b := range bodies {
			name := labels[i]
			if len(bodies) > 1 {
				name = headText(b.e)
			}
			label := name
			for n := 2; each && taken[label]; n++ {
				label = fmt.Sprintf("%s#%d", name, n)
			}
			taken[label] = true
			x := alt{label: label, weight: w, guard: guard}
			for _, g := range b.guards {
				inner := l.condition(g.e, g.s.here())
				uses = l.forced(inner, uses)
				if x.guard != nil {
					both := &pureNode{nodeInfo: l.info(g.e.Pos()), name: "and", fn: arithmetic("and"), args: []node{x.guard, inner},
						tmp: s.unit.take(2), keep: s.unit.cell()}
					s.unit.release(append(both.tmp, both.keep)...)
					inner = both
				}
				x.guard = inner
			}
			if b.s == s {
				x.body = l.alternative(b.e, s, want, before)
			} else {
				x.body = l.lower(b.e, b.s, want)
			}
			alts = append(alts, x)
		}
	}
	return l.after(uses, l.distinct(anonymous, l.newChoice(e.Pos(), alts)), s)
}

// percentages warns of alternatives for which those of a choice leave nothing. Where a guard may take one away it may be meant so.
func (l *lowerer) percentages(e *lang.Choice) {
	total := 0.0
	var rest []*lang.Alt
	for i := range e.Alts {
		a := &e.Alts[i]
		switch {
		case a.Weight == nil || !a.Weight.Percent:
			rest = append(rest, a)
		case a.Guard != nil || a.Weight.Value > 100:
			return
		default:
			total += a.Weight.Value
		}
	}
	if total < 100 || len(rest) == 0 {
		return
	}
	msg := l.report.Warnf(diag.NoShare, rest[0].Body.Pos(), "the percentages leave this nothing: it is drawn only where what has them can't be chosen")
	for _, a := range rest[1:] {
		msg.With(a.Body.Pos(), "nor this")
	}
	msg.Note("they add up to %v; give each alternative a percentage, or leave some of the 100", total)
}

// after draws the lets that guards read before what the guards are in.
func (l *lowerer) after(uses []node, n node, s *scope) node {
	if len(uses) == 0 {
		return n
	}
	span := n.pos().span
	f := &forceNode{l.info(span), uses, s.unit.cell()}
	s.unit.release(f.keep)
	return &seqNode{nodeInfo: l.info(span), items: []node{f, n}}
}

// distinct names a choice that is not the first of its rule, let or parameter, whose name the first has.
func (l *lowerer) distinct(anonymous string, n node) node {
	if anonymous == "choice" {
		return n
	}
	return &labelNode{l.info(n.pos().span), step{name: anonymous}, n, nil}
}

// optionLabels are the names of alternatives: that of the rule or op at its head, which goes to an
// alternative that is just that before it goes to a longer one; a further one of that name is name#2.
func optionLabels(alts []lang.Alt) []string {
	labels := make([]string, len(alts))
	seen := map[string]int{}
	for _, exact := range []bool{true, false} {
		for i, a := range alts {
			switch a.Body.(type) {
			case *lang.Name, *lang.Call, *lang.Number, *lang.Bool, *lang.String:
				if !exact {
					continue
				}
			default:
				if exact {
					continue
				}
			}
			labels[i] = headName(a.Body)
			if seen[labels[i]]++; seen[labels[i]] > 1 {
				labels[i] = fmt.Sprintf("%s#%d", labels[i], seen[labels[i]])
			}
		}
	}
	return labels
}

// newChoice is a choice of alternatives; literals are its values.
func (l *lowerer) newChoice(span lang.Span, alts []alt) *choiceNode {
	n := &choiceNode{nodeInfo: l.info(span), alts: alts}
	for i := range alts {
		n.tried = append(n.tried, i) // sorted in finish
		if at := alts[i].body.pos().span; at.Source == l.sp.File.Source {
			l.sp.alternatives[at] = true
		}
	}
	d := &domain{n: len(alts), ordered: true}
	last := 0.0
	for i, a := range alts {
		v := absent
		if c, ok := a.body.(*constNode); ok {
			v = c.v
		}
		x, ok := l.sp.vals.at(v).number()
		d.ordered = d.ordered && ok && (i == 0 || x > last)
		last = x
		d.vals = append(d.vals, v)
		d.labels = append(d.labels, l.called(a))
		d.weights = append(d.weights, a.weight)
	}
	n.all = d
	return n
}

// called is the name of an alternative: a literal is called by itself.
func (l *lowerer) called(a alt) string {
	if c, ok := a.body.(*constNode); ok && l.sp.vals.at(c.v).kind != kindSymbol {
		return l.sp.vals.describe(c.v)
	}
	return a.label
}

// forced collects the lets that a guard reads, which have to be drawn before it.
func (l *lowerer) forced(n node, uses []node) []node {
	switch n := n.(type) {
	case *useNode:
		return append(uses, n)
	case *pureNode:
		for _, a := range n.args {
			uses = l.forced(a, uses)
		}
	case *condNode:
		uses = l.forced(n.cond, l.forced(n.then, l.forced(n.otherwise, uses)))
	}
	return uses
}

// body is an expression and where its names are looked up.
type body struct {
	e     lang.Expr
	s     *scope
	given bool // an argument whose value the caller gives
}

// spreadBody is an option of [each] and the guards that stand on the way to it.
type spreadBody struct {
	body
	guards []body
}

// spreader makes the options of an alternative with [each].
type spreader struct {
	*lowerer
	within []*lang.Rule // whose alternatives are being merged
	over   bool         // there are too many
}

// spread is the alternatives within an alternative, its arguments' choices included. A rule within itself stays as it is: its
// alternatives are merged once.
func (l *spreader) spread(e lang.Expr, s *scope) (out []spreadBody) {
	add := func(b spreadBody) {
		if l.over = l.over || len(out) == maxRange; !l.over {
			out = append(out, b)
		}
	}
	switch x := e.(type) {
	case *lang.Paren:
		return l.spread(x.X, s)
	case *lang.Choice:
		for _, a := range x.Alts {
			for _, b := range l.spread(a.Body, s) {
				if a.Guard != nil {
					b.guards = append(b.guards[:len(b.guards):len(b.guards)], body{e: a.Guard, s: s})
				}
				add(b)
			}
		}
		return out
	case *lang.Name:
		r := l.ruleAt(x.Span, x.Name)
		if r == nil || s.find(x.Name) != nil || len(r.Params) > 0 || slices.Contains(l.within, r) {
			break
		}
		if c, ok := r.Body.(*lang.Choice); ok {
			l.used[r] = true
			rs := l.ruleScope(s.unit)
			rs.labels = map[string]int{}
			l.within = append(l.within, r)
			out = l.spread(c, rs)
			l.within = l.within[:len(l.within)-1]
			return out
		}
	case *lang.Range:
		if d := l.listed(x, s); d != nil {
			for _, v := range d.vals {
				add(spreadBody{body: body{e: l.literal(x, v), s: s}})
			}
			return out
		}
	case *lang.Call:
		out = []spreadBody{{body: body{e: &lang.Call{At: x.At, Fun: x.Fun}, s: s}}}
		for _, a := range x.Args {
			before := out
			out = nil
			values := l.spread(a.Value, s)
			for _, c := range before {
				call := c.e.(*lang.Call)
				for _, b := range values {
					args := append(call.Args[:len(call.Args):len(call.Args)], lang.Arg{At: a.At, Name: a.Name, Value: b.e})
					guards := append(c.guards[:len(c.guards):len(c.guards)], b.guards...)
					if add(spreadBody{body{e: &lang.Call{At: x.At, Fun: x.Fun, Args: args}, s: s}, guards}); l.over {
						return out
					}
				}
			}
		}
		return out
	}
	return []spreadBody{{body: body{e: e, s: s}}}
}

// listed is the domain of a range of constants.
func (l *lowerer) listed(x *lang.Range, s *scope) *domain {
	alone := s.inner()
	alone.labels = map[string]int{}
	n, ok := l.rng(x, alone).(*rangeNode)
	if !ok {
		return nil
	}
	for _, e := range []node{n.lo, n.hi, n.step} {
		if _, ok := e.(*constNode); e != nil && !ok {
			return nil
		}
	}
	if d := n.domain(&l.sp.m); !d.continuous {
		return d
	}
	return nil
}

func (l *lowerer) literal(at lang.Node, v val) lang.Expr {
	t := l.sp.vals.at(v)
	f, _ := t.number()
	return &lang.Number{At: lang.At{Span: at.Pos()}, Text: l.sp.vals.describe(v), Int: t.kind == kindInt, Value: f, I: t.i}
}

// headText is a call with its literal arguments: how [each] tells its options apart.
func headText(e lang.Expr) string {
	c, ok := e.(*lang.Call)
	if !ok {
		return headName(e)
	}
	text := c.Fun.Name + "("
	for i, a := range c.Args {
		if i > 0 {
			text += ", "
		}
		if a.Name != nil {
			text += a.Name.Name + ": "
		}
		text += headName(a.Value)
	}
	return text + ")"
}

func (l *lowerer) subset(e *lang.NOf, s *scope, want expKind) node {
	here := s.here()
	here.labels = map[string]int{}
	number := l.lower(e.N, here, isValue)
	count, constant := number.(*constNode)
	c, ok := e.X.(*lang.Choice)
	if _, tuple := e.X.(*lang.Tuple); !ok && !tuple && constant && l.sp.vals.at(count.v).i == 1 { // as points print it
		c, ok = &lang.Choice{At: lang.At{Span: e.X.Pos()}, Alts: []lang.Alt{{At: lang.At{Span: e.X.Pos()}, Body: e.X}}}, true
	}
	if !ok {
		return l.bad(diag.BadValue, e.X, "'of' picks among alternatives: write 2 of (a | b | c)")
	}
	if constant {
		v := l.sp.vals.at(count.v)
		if v.kind != kindInt || v.i < 1 || v.i > int64(len(c.Alts)) {
			return l.bad(diag.BadValue, e.N, "'of' needs a number of 1 to %d here", len(c.Alts))
		}
		sets, uses := l.sets(e, c, s, int(v.i), int(v.i))
		return l.after(uses, sets[0], s)
	}
	if r, ok := number.(*rangeNode); ok {
		lo, isLo := r.lo.(*constNode)
		hi, isHi := r.hi.(*constNode)
		if isLo && l.sp.vals.at(lo.v).i < 1 || isHi && l.sp.vals.at(hi.v).i > int64(len(c.Alts)) {
			return l.bad(diag.BadValue, e.N, "'of' needs numbers of 1 to %d here", len(c.Alts))
		}
	}
	n := &someNode{nodeInfo: l.info(e.Pos()), number: number, keep: s.unit.cell()}
	if asks(number) {
		n.number = &labelNode{l.info(e.Pos()), step{name: s.label("of.number")}, number, nil}
	}
	s.unit.release(n.keep)
	var uses []node
	n.sets, uses = l.sets(e, c, s, 1, l.greatest(number, len(c.Alts)))
	return l.after(uses, n, s)
}

// greatest is the greatest value of a number, as far as its form shows, and most where that is less.
func (l *lowerer) greatest(n node, most int) int {
	switch n := n.(type) {
	case *constNode:
		return int(max(1, min(int64(most), l.sp.vals.at(n.v).i)))
	case *rangeNode:
		return l.greatest(n.hi, most)
	case *choiceNode:
		top := 1
		for _, a := range n.alts {
			top = max(top, l.greatest(a.body, most))
		}
		return top
	}
	return most
}

// sets are the nodes that pick least, and one more, and so on to most different alternatives. They share the nodes of the
// alternatives, which are lowered once. The guards read the lets.
func (l *lowerer) sets(e *lang.NOf, c *lang.Choice, s *scope, least, most int) (sets []*subsetNode, lets []node) {
	kind := l.kind(c, s)
	in, out := s.unit.cell(), s.unit.take(most)
	label := s.label("of")
	labels := optionLabels(c.Alts)
	var alts []alt
	for i, a := range c.Alts {
		x := alt{label: labels[i], weight: weight{w: 1}}
		if a.Weight != nil && (a.Weight.Percent || a.Weight.Each) {
			l.report.Errorf(diag.BadWeight, a.Span, "an alternative of 'of' takes no percentage and no [each]")
		} else if a.Weight != nil {
			x.weight.w = a.Weight.Value
		}
		if a.Guard != nil {
			x.guard = l.condition(a.Guard, s.here())
			lets = l.forced(x.guard, lets)
		}
		t := s.inner()
		t.labels = map[string]int{"choice": 1} // the path itself names the question
		x.body = l.lower(a.Body, t, kind)
		x.label = l.called(x)
		alts = append(alts, x)
	}
	s.unit.release(append(out, in)...)
	for k := least; k <= most; k++ {
		n := &subsetNode{nodeInfo: l.info(e.Pos()), n: k, alts: alts, in: in, out: out[:k], wire: kind != isModule, list: kind == isValue}
		n.asks = l.questions(n, label)
		sets = append(sets, n)
	}
	return sets, lets
}

// questions are those of a set, by how many have been picked and which was the last. Every set is as likely as the product
// of its weights.
func (l *lowerer) questions(n *subsetNode, label string) []*subsetAsk {
	// sym[j][i] is the elementary symmetric polynomial of degree j in the weights from i on: the total
	// weight of the ways to pick j more there.
	m, k := len(n.alts), n.n
	sym := make([][]float64, k+1)
	for j := range sym {
		sym[j] = make([]float64, m+2)
		for i := m; i >= 0; i-- {
			switch {
			case j == 0:
				sym[j][i] = 1
			case i < m:
				sym[j][i] = sym[j][i+1] + n.alts[i].weight.w*sym[j-1][i+1]
			}
		}
	}
	var asks []*subsetAsk
	for pick := range k {
		for last := -1; last < m; last++ {
			a := &subsetAsk{nodeInfo: l.info(n.span), of: n, k: pick, last: last, all: &domain{}, step: step{label, int32(pick + 1)}}
			for i := last + 1; i <= m-(k-pick); i++ {
				a.all.labels = append(a.all.labels, n.alts[i].label)
				v := absent
				if c, ok := n.alts[i].body.(*constNode); ok {
					v = c.v
				}
				a.all.vals = append(a.all.vals, v)
				a.all.weights = append(a.all.weights, weight{w: n.alts[i].weight.w * sym[k-pick-1][i+1]})
				a.all.n++
			}
			asks = append(asks, a)
		}
	}
	return asks
}
