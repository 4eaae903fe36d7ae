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
	l.cut()
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
	within := map[*proc]int32{}
	most, height := deepest(l.sp.root, within), int32(0)
	for _, p := range l.all {
		l.sp.recursive = l.sp.recursive || p.recursive
		if p.recursive {
			most, height = max(most, deepest(p.body, within)), max(height, p.height)
		}
	}
	l.sp.margin = max(leastMargin, (most+1)*(max(passLevels, height+extraLevels)+1))
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
	return nested(n, minOf, func(n node) int32 {
		call, ok := n.(*callNode)
		switch {
		case !ok:
			return 0
		case !call.proc.recursive:
			return lowest(call.proc.body)
		case call.proc.height == 0:
			return maxLeast
		}
		return call.proc.height
	})
}

// deepest is how many calls of rules nest in a node at most, by written form, up to those of recursive rules and these
// counted. It is known of the procedures within.
func deepest(n node, within map[*proc]int32) int32 {
	return nested(n, maxOf, func(n node) int32 {
		switch n := n.(type) {
		case *scopeNode:
			if n.rule {
				return 1
			}
		case *callNode:
			if n.proc.recursive {
				return 1
			}
			most, known := within[n.proc]
			if !known {
				most = deepest(n.proc.body, within)
				within[n.proc] = most
			}
			return 1 + most
		}
		return 0
	})
}

func minOf(a, b int32) int32 { return min(a, b) }
func maxOf(a, b int32) int32 { return max(a, b) }

// nested is how deeply something nests in a node: either of alternatives, the deepest of parts. A call is as deep as calls say, and
// the body of a rule that is written out where it is called, as much deeper.
func nested(n node, either func(a, b int32) int32, calls func(n node) int32) int32 {
	of := func(n node) int32 { return nested(n, either, calls) }
	all := func(parts ...node) int32 {
		most := int32(0)
		for _, p := range parts {
			if p != nil {
				most = max(most, of(p))
			}
		}
		return most
	}
	any := func(alts []alt) int32 {
		best := of(alts[0].body)
		for i := range alts[1:] {
			best = either(best, of(alts[i+1].body))
		}
		return best
	}
	switch n := n.(type) {
	case *seqNode:
		return all(n.items...)
	case *labelNode:
		return of(n.body)
	case *scopeNode:
		return min(maxLeast, calls(n)+of(n.body))
	case *netNode:
		return of(n.body)
	case *fieldNode:
		return of(n.body)
	case *callNode:
		return max(calls(n), all(n.args...))
	case *parNode:
		return all(n.items...)
	case *gatherNode:
		return all(n.items...)
	case *eachNode:
		return of(n.use)
	case *repeatNode:
		if n.atLeast == 0 {
			return either(all(n.count), all(n.body, n.count))
		}
		return all(n.body, n.count)
	case *choiceNode:
		return any(n.alts)
	case *someNode:
		return max(all(n.number), either(of(n.sets[0]), of(n.sets[len(n.sets)-1])))
	case *subsetNode:
		return any(n.alts)
	case *opNode:
		return all(n.args...)
	case *pureNode:
		return all(n.args...)
	case *condNode:
		return either(of(n.then), of(n.otherwise))
	case *moduleNode:
		return max(of(n.let.body), all(n.args...))
	case *useNode:
		return of(n.let.body)
	case *forceNode:
		return all(n.uses...)
	}
	return 0
}
