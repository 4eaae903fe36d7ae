package ir

import (
	"sort"

	"github.com/spacec-lang/spacec/lang/diag"
)

// maxLeast stands for a derivation that never ends.
const maxLeast = 1 << 30

// finish computes, for every procedure and every alternative, the size of its smallest derivation by
// written form alone (Knuth 1977), which is what the search for completions tries first, and reports what
// recurses without end.
func (l *lowerer) finish() {
	for _, p := range l.all {
		p.least = maxLeast
	}
	for changed := true; changed; {
		changed = false
		for _, p := range l.all {
			if n := least(p.body); n < p.least {
				p.least, changed = n, true
			}
		}
	}
	for _, p := range l.all {
		if p.least >= maxLeast {
			l.report.Errorf(diag.Endless, p.span, "the rule '%s' recurses without end: each of its alternatives leads back to it", p.name).
				Note("give it an alternative that does not call '%s'", p.name)
		}
	}
	if least(l.sp.root) >= maxLeast && !l.report.Failed() {
		l.report.Errorf(diag.Endless, l.sp.root.pos().span, "the net recurses without end")
	}
	for _, r := range l.rules {
		if l.used[r] && l.recursive(r) {
			l.sp.recursive = true
		}
	}
}

func plus(a, b int) int { return min(maxLeast, a+b) }

// least is the size of a node's smallest derivation, and sets that of its alternatives on the way.
func least(n node) int {
	switch n := n.(type) {
	case *seqNode:
		total := 0
		for _, x := range n.items {
			total = plus(total, least(x))
		}
		return total
	case *labelNode:
		return least(n.body)
	case *scopeNode:
		return least(n.body)
	case *netNode:
		return least(n.body)
	case *fieldNode:
		return least(n.body)
	case *callNode:
		total := plus(1, n.proc.least)
		for _, a := range n.args {
			total = plus(total, least(a))
		}
		return total
	case *parNode:
		total := 0
		for _, x := range n.items {
			total = plus(total, least(x))
		}
		return total
	case *gatherNode:
		total := 0
		for _, x := range n.items {
			total = plus(total, least(x))
		}
		return total
	case *eachNode:
		return plus(1, least(n.use))
	case *repeatNode:
		total := least(n.count)
		if body := least(n.body); n.atLeast > 0 {
			total = plus(total, min(maxLeast, body*n.atLeast))
		}
		return total
	case *choiceNode:
		best := maxLeast
		for i := range n.alts {
			a := &n.alts[i]
			a.least = least(a.body)
			best = min(best, a.least)
		}
		n.tried = n.tried[:0]
		for i := range n.alts {
			n.tried = append(n.tried, i)
		}
		sort.SliceStable(n.tried, func(i, j int) bool { return n.alts[n.tried[i]].least < n.alts[n.tried[j]].least })
		return plus(1, best)
	case *subsetNode:
		best := maxLeast
		for i := range n.alts {
			best = min(best, least(n.alts[i].body))
		}
		return plus(n.n, best)
	case *opNode:
		total := 1
		for _, a := range n.args {
			if a != nil {
				total = plus(total, least(a))
			}
		}
		return total
	case *pureNode:
		total := 0
		for _, a := range n.args {
			total = plus(total, least(a))
		}
		return total
	case *condNode:
		return min(least(n.then), least(n.otherwise))
	case *moduleNode:
		total := plus(1, least(n.let.body))
		for _, a := range n.args {
			total = plus(total, least(a))
		}
		return total
	case *useNode:
		return least(n.let.body)
	case *forceNode:
		total := 0
		for _, u := range n.uses {
			total = plus(total, least(u))
		}
		return total
	}
	return 0
}
