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
	for changed := true; changed; {
		changed = false
		for _, p := range l.all {
			if h := lowest(p.body); p.recursive && (p.height == 0 || h+1 < p.height) && h < maxLeast {
				p.height, changed = h+1, true
			}
		}
	}
	for _, p := range l.all {
		l.sp.recursive = l.sp.recursive || p.recursive
	}
}

func plus(a, b int) int { return min(maxLeast, a+b) }

// least is the size of a node's smallest derivation, and sets that of its alternatives on the way.
func least(n node) int {
	switch n := n.(type) {
	case *seqNode:
		return sum(0, n.items...)
	case *labelNode:
		return least(n.body)
	case *scopeNode:
		return least(n.body)
	case *netNode:
		return least(n.body)
	case *fieldNode:
		return least(n.body)
	case *callNode:
		return sum(plus(1, n.proc.least), n.args...)
	case *parNode:
		return sum(0, n.items...)
	case *gatherNode:
		return sum(0, n.items...)
	case *eachNode:
		return sum(1, n.use)
	case *repeatNode:
		body := least(n.body)
		return sum(min(maxLeast, body*n.atLeast), n.count)
	case *choiceNode:
		best := maxLeast
		for i := range n.alts {
			a := &n.alts[i]
			a.least = least(a.body)
			best = min(best, a.least)
		}
		sort.SliceStable(n.tried, func(i, j int) bool { return n.alts[n.tried[i]].least < n.alts[n.tried[j]].least })
		return plus(1, best)
	case *someNode:
		return sum(least(n.sets[0]), n.number)
	case *subsetNode:
		best := maxLeast
		for i := range n.alts {
			best = min(best, least(n.alts[i].body))
		}
		return plus(n.n, best)
	case *opNode:
		return sum(1, n.args...)
	case *pureNode:
		return sum(0, n.args...)
	case *condNode:
		return min(least(n.then), least(n.otherwise))
	case *moduleNode:
		return sum(plus(1, least(n.let.body)), n.args...)
	case *useNode:
		return least(n.let.body)
	case *forceNode:
		return sum(0, n.uses...)
	}
	return 0
}

// sum adds what the parts, absent ones aside, need at least.
func sum(total int, parts ...node) int {
	for _, n := range parts {
		if n != nil {
			total = plus(total, least(n))
		}
	}
	return total
}

// lowest is how many calls of recursive rules a node's lowest derivation nests, by written form.
func lowest(n node) int32 {
	all := func(parts ...node) int32 {
		most := int32(0)
		for _, p := range parts {
			if p != nil {
				most = max(most, lowest(p))
			}
		}
		return most
	}
	any := func(alts []alt) int32 {
		best := int32(maxLeast)
		for i := range alts {
			best = min(best, lowest(alts[i].body))
		}
		return best
	}
	switch n := n.(type) {
	case *seqNode:
		return all(n.items...)
	case *labelNode:
		return lowest(n.body)
	case *scopeNode:
		return lowest(n.body)
	case *callNode:
		h := n.proc.height
		if !n.proc.recursive {
			h = lowest(n.proc.body)
		} else if h == 0 {
			h = maxLeast
		}
		return max(h, all(n.args...))
	case *parNode:
		return all(n.items...)
	case *gatherNode:
		return all(n.items...)
	case *eachNode:
		return lowest(n.use)
	case *repeatNode:
		if n.atLeast == 0 {
			return lowest(n.count)
		}
		return all(n.body, n.count)
	case *choiceNode:
		return any(n.alts)
	case *someNode:
		return all(n.number, n.sets[0])
	case *subsetNode:
		return any(n.alts)
	case *opNode:
		return all(n.args...)
	case *pureNode:
		return all(n.args...)
	case *condNode:
		return min(lowest(n.then), lowest(n.otherwise))
	case *moduleNode:
		return max(lowest(n.let.body), all(n.args...))
	case *useNode:
		return lowest(n.let.body)
	case *forceNode:
		return all(n.uses...)
	}
	return 0
}
