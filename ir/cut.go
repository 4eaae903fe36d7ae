package ir

import "slices"

// Searches leap over the calls of recursive rules (reach.go), and walks of vast spaces stop at each. So of the rules that call
// themselves by way of others as few are called recursive as will do: no derivation goes on without end but through one of them
// (a feedback vertex set, found greedily). The rest are gone into like rules that never call themselves.

// maxCopies is in how many places such a rule may be gone into. What is known of a rule that is leapt over holds in all of them.
const maxCopies = 4

// loops are the calls among rules, one for each place where it is written.
type loops struct {
	calls   map[*proc][]*proc
	callers map[*proc][]*proc // nil is the net
	open    map[*proc]bool    // rules that may be on a way from themselves to themselves,
	in, out map[*proc]int     // and how often they are called by such rules, and call them
	copies  map[*proc]int
}

// cut tells which rules are recursive, of those that call themselves.
func (l *lowerer) cut() {
	c := loops{map[*proc][]*proc{}, map[*proc][]*proc{}, map[*proc]bool{}, map[*proc]int{}, map[*proc]int{}, map[*proc]int{}}
	c.add(nil, l.sp.root)
	for _, p := range l.all {
		c.add(p, p.body)
	}
	looping := c.looping(l.all)
	for _, p := range looping {
		c.open[p] = true
	}
	for _, p := range looping {
		for _, q := range c.calls[p] {
			if c.open[q] {
				c.in[q]++
				c.out[p]++
			}
		}
	}
	for _, p := range looping {
		if c.weight(p) == 0 {
			c.close(p)
		}
	}
	for {
		most := &proc{}
		for _, p := range looping {
			if c.open[p] && c.weight(p) > c.weight(most) {
				most = p
			}
		}
		if !c.open[most] {
			break
		}
		most.recursive = true
		c.close(most)
	}
	for _, p := range looping {
		c.places(p)
	}
}

func (c *loops) add(p *proc, body node) {
	nested(body, maxOf, func(n node) int32 {
		if call, ok := n.(*callNode); ok {
			c.calls[p] = append(c.calls[p], call.proc)
			c.callers[call.proc] = append(c.callers[call.proc], p)
		}
		return 0
	})
}

// looping are those of some rules that call themselves, by way of others too: the strongly connected components of more than one,
// and the rules that call themselves directly (Tarjan 1972). What is written of a rule doesn't tell: residual calls what it is given.
func (c *loops) looping(all []*proc) (list []*proc) {
	number, low, within := map[*proc]int{}, map[*proc]int{}, map[*proc]bool{}
	var stack []*proc
	var visit func(p *proc)
	visit = func(p *proc) {
		number[p] = len(number) + 1
		low[p], within[p], stack = number[p], true, append(stack, p)
		for _, q := range c.calls[p] {
			if number[q] == 0 {
				visit(q)
			}
			if within[q] {
				low[p] = min(low[p], low[q])
			}
		}
		if low[p] < number[p] {
			return
		}
		at := slices.Index(stack, p)
		if component := stack[at:]; len(component) > 1 || slices.Contains(c.calls[p], p) {
			list = append(list, component...)
		}
		for _, q := range stack[at:] {
			within[q] = false
		}
		stack = stack[:at]
	}
	for _, p := range all {
		if number[p] == 0 {
			visit(p)
		}
	}
	slices.SortFunc(list, func(a, b *proc) int { return slices.Index(all, a) - slices.Index(all, b) })
	return list
}

// weight is how much leaps over a rule would cut.
func (c *loops) weight(p *proc) int { return c.in[p] * c.out[p] }

// close takes a rule out, and all that are on no way any more.
func (c *loops) close(p *proc) {
	if !c.open[p] {
		return
	}
	c.open[p] = false
	for _, q := range c.calls[p] {
		if c.in[q]--; c.in[q] == 0 {
			c.close(q)
		}
	}
	for _, q := range c.callers[p] {
		if c.out[q]--; c.out[q] == 0 {
			c.close(q)
		}
	}
}

// places is in how many a rule is gone into; of one that is leapt over, as one is that would be gone into in too many, and of
// the net, that is one.
func (c *loops) places(p *proc) int {
	if p == nil || p.recursive {
		return 1
	}
	n, known := c.copies[p]
	if !known {
		for _, q := range c.callers[p] {
			n = min(maxCopies+1, n+c.places(q))
		}
		if _, loops := c.open[p]; loops && n > maxCopies {
			p.recursive, n = true, 1
		}
		c.copies[p] = n
	}
	return n
}
