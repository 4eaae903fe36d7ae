package ir

import (
	"slices"

	"github.com/spacec-lang/spacec/ir/op"
)

// A rule that can pass on whatever arrives, and what comes after a call that can pass on whatever the call leaves, are
// found by running them over something opaque, of which guards and fields know at most the rank, and which only those ops
// take that make of tensors which are alike, whatever they are, ones like them: skip, clone, add. If it comes out as it went
// in, any tensor would. A tuple might not, nor a tensor with named results.
//
// What is found so are lists as those of lists.go, of situations in which something opaque is.

// passLevels is how many calls may be nested within the way that passes something on.
const passLevels = 6

// plain tells whether at the end of a rule a tensor is left that has no named results, or one in each lane.
func (sp *Space) plain(end *place) bool {
	acc, reg, _ := sp.states.at(end.left)
	v := sp.vals.at(acc)
	is := func(v *value) bool { return v.isWire() && len(v.keys) == 0 }
	if reg != absent || v.kind != kindLanes {
		return reg == absent && is(v)
	}
	for _, p := range v.parts {
		if !is(sp.vals.at(p)) {
			return false
		}
	}
	return true
}

// passOn is what an op that passes on makes of something opaque, or of several that are alike; absent where that isn't what
// arrives.
func (sp *Space) passOn(a op.Args, arrival val) (val, error) {
	v := sp.vals.at(arrival)
	whole, in := arrival, []op.Tensor{op.Shape{{Size: 1}}} // any shape stands for all
	if n := alike(v); n > 0 {
		whole, in = v.parts[0], slices.Repeat(in, int(n))
	}
	if sp.vals.at(whole).kind != kindOpaque {
		return absent, nil
	}
	made, err := op.Run(&op.Tracer{}, a, in)
	if err != nil {
		return absent, err
	}
	return sp.vals.tuple(slices.Repeat([]val{sp.bare(whole)}, len(made))), nil
}

// passes tells whether what comes after a call in its rule can pass on whatever the call leaves.
func (sp *Space) passes(site *config) bool {
	call := sp.callOf(site)
	if call.passes == unknown {
		call.passes = no
		sp.passOver(call)
	}
	return call.passes == yes
}

// passOver looks for the way in which what comes after a call passes on.
func (sp *Space) passOver(call *call) {
	imports := call.site.ask.(*leapNode).call.imports
	if sp.ruleOf(call.site).imports != len(imports) {
		return
	}
	cells := make([]val, len(imports))
	for i, cell := range imports {
		if cell != i {
			return
		}
		cells[i] = sp.opaque(leftWires+1+i, unranked)
	}
	left := sp.states.intern(sp.opaque(leftWires, unranked), absent, cells)
	t := sp.leave(&sp.leaper, call.site, left)
	switch {
	case t.failed:
		return
	case t.next == nil && t.left == left:
		call.passes, call.passCost = yes, t.cost
		return
	case t.next == nil:
		return
	}
	rest := sp.rest(t.next)
	for i := 0; rest.at(sp, i); i++ {
		if rest.states[i] == left {
			call.passes, call.passCost, call.passWay = yes, rest.costs[i], rest.trails[i]
			call.passCost.add(&t.cost)
			return
		}
	}
}

// rest lists how a rule can be left from a config on, in which something opaque has arrived.
func (sp *Space) rest(c *config) *list {
	if c.rest == nil {
		c.rest = sp.list(listKey{from: c, level: passLevels})
	}
	return c.rest
}
