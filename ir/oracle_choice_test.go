package ir_test

import (
	"github.com/spacec-lang/spacec/lang"
)

// option is one alternative of a choice, [each] written out.
type option struct {
	e      lang.Expr
	scope  *scope
	guards []guard
	share  share
	span   lang.Span
}

type guard struct {
	e     lang.Expr
	scope *scope
}

// choose picks an alternative; here is what arrives.
func (o *oracle) choose(c *lang.Choice, s *scope, here any) option {
	var options []option
	for _, a := range c.Alts {
		given := option{e: a.Body, scope: s, share: share{weight: 1}, span: a.Body.Pos()}
		if a.Guard != nil {
			given.guards = []guard{{a.Guard, s}}
		}
		all := []option{given}
		if a.Weight != nil && a.Weight.Each {
			all = o.merged(given)
		} else if a.Weight != nil {
			all[0].share = share{a.Weight.Value, a.Weight.Percent}
		}
		options = append(options, all...)
	}
	made := step{n: len(options)}
	for _, x := range options {
		made.weights = append(made.weights, x.share)
		made.spans = append(made.spans, x.span)
		for _, g := range x.guards {
			o.known(g)
		}
	}
	took := options[o.pick(made)]
	for _, g := range took.guards {
		v, ok := o.peek(g.e, g.scope, here)
		if !ok || v != true {
			fail("guarded: %s", g.e.Pos().Text())
		}
	}
	return took
}

// known draws the lets of values that a guard reads.
func (o *oracle) known(g guard) {
	lang.Walk(g.e, func(n lang.Node) bool {
		switch n := n.(type) {
		case *lang.Is:
			if x, ok := n.X.(*lang.Name); ok && g.scope.find(x.Name).kind != aValue {
				return false
			}
		case *lang.Name:
			if b := g.scope.find(n.Name); b != nil && b.kind == aValue && !b.fresh {
				if o.peeking && !b.set {
					panic(undrawn{})
				}
				o.force(b)
			}
		}
		return true
	})
}

// merged is an alternative with [each]: those within it, those in the arguments of calls included.
func (o *oracle) merged(x option) []option {
	switch e := x.e.(type) {
	case *lang.Paren:
		x.e = e.X
		return o.merged(x)
	case *lang.Choice:
		var out []option
		for _, a := range e.Alts {
			inner := x
			inner.e, inner.span = a.Body, a.Body.Pos()
			inner.guards = x.guards[:len(x.guards):len(x.guards)]
			if a.Guard != nil {
				inner.guards = append(inner.guards, guard{a.Guard, x.scope})
			}
			out = append(out, o.merged(inner)...)
		}
		return out
	case *lang.Name:
		if r := o.rules[e.Name]; r != nil && x.scope.find(e.Name) == nil && len(r.Params) == 0 {
			if c, ok := r.Body.(*lang.Choice); ok {
				x.e, x.scope = c, o.root
				return o.merged(x)
			}
		}
	case *lang.Range:
		var out []option
		for _, v := range o.listed(e, x.scope, nil) {
			inner := x
			inner.e = literal(e, v)
			out = append(out, inner)
		}
		return out
	case *lang.Call:
		calls := []option{x}
		calls[0].e = &lang.Call{At: e.At, Fun: e.Fun}
		for _, a := range e.Args {
			var next []option
			for _, c := range calls {
				for _, v := range o.merged(option{e: a.Value, scope: x.scope, span: a.Value.Pos()}) {
					more := c
					call := *c.e.(*lang.Call)
					call.Args = append(call.Args[:len(call.Args):len(call.Args)], lang.Arg{At: a.At, Name: a.Name, Value: v.e})
					more.e = &call
					more.guards = append(c.guards[:len(c.guards):len(c.guards)], v.guards...)
					next = append(next, more)
				}
			}
			calls = next
		}
		return calls
	}
	return []option{x}
}

func literal(at lang.Node, v any) lang.Expr {
	n := &lang.Number{At: lang.At{Span: at.Pos()}}
	switch v := v.(type) {
	case int64:
		n.Int, n.I, n.Value = true, v, float64(v)
	case float64:
		n.Value = v
	}
	return n
}

// several picks n different alternatives in order: the first, then one behind it, and so on. Every set is as likely
// as the product of its weights.
func (o *oracle) several(e *lang.NOf, s *scope, here any, each func(k, n int, body lang.Expr)) {
	alts := bare(e.X).(*lang.Choice).Alts
	for _, a := range alts {
		if a.Guard != nil {
			o.known(guard{a.Guard, s})
		}
	}
	n := int(o.value(e.N, s, here).(int64))
	if n < 1 || n > len(alts) {
		fail("%d of %d", n, len(alts))
	}
	weight := func(i int) float64 {
		if w := alts[i].Weight; w != nil {
			return w.Value
		}
		return 1
	}
	var sets func(from, n int) float64 // the weight of all sets of n from there on
	sets = func(from, n int) float64 {
		if n == 0 {
			return 1
		}
		total := 0.0
		for i := from; i < len(alts); i++ {
			total += weight(i) * sets(i+1, n-1)
		}
		return total
	}
	next := 0
	for k := range n {
		made := step{}
		for i := next; i <= len(alts)-(n-k); i++ {
			made.n++
			made.weights = append(made.weights, share{weight: weight(i) * sets(i+1, n-k-1)})
		}
		i := next + o.pick(made)
		if g := alts[i].Guard; g != nil {
			if v, ok := o.peek(g, s, here); !ok || v != true {
				fail("guarded: %s", g.Pos().Text())
			}
		}
		each(k, n, alts[i].Body)
		next = i + 1
	}
}

// ranged picks from a range.
func (o *oracle) ranged(e *lang.Range, s *scope, here any) any {
	list := o.listed(e, s, here)
	if list == nil {
		o.pick(step{n: 1, continuous: true})
		return continuous{}
	}
	if len(list) == 1 && constant(e) {
		return list[0]
	}
	made := step{n: len(list)}
	for range list {
		made.weights = append(made.weights, share{weight: 1})
	}
	return list[o.pick(made)]
}

// constant tells whether a range is written in numbers alone.
func constant(e lang.Expr) bool {
	all := true
	lang.Walk(e, func(n lang.Node) bool {
		if _, ok := n.(*lang.Name); ok {
			all = false
		}
		return true
	})
	return all
}

// listed are the values of a range; nil of a continuous one.
func (o *oracle) listed(e *lang.Range, s *scope, here any) []any {
	of := func(e lang.Expr) any {
		v, ok := o.peek(e, s, here)
		if !ok {
			fail("the end of a range is not drawn")
		}
		return v
	}
	lo, hi := of(e.Lo), of(e.Hi)
	a, int1 := lo.(int64)
	b, int2 := hi.(int64)
	if !int1 || !int2 {
		if e.Step == nil && e.Points == nil {
			return nil
		}
		fail("the oracle lists whole numbers only")
	}
	list := []any{}
	for v := a; v <= b; {
		list = append(list, v)
		switch {
		case e.Step != nil:
			v += of(e.Step).(int64)
		case e.Factor != nil:
			v *= of(e.Factor).(int64)
		default:
			v++
		}
	}
	if len(list) == 0 {
		fail("an empty range")
	}
	return list
}
