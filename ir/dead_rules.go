package ir

import "sort"

// deadRules finds the alternatives that no point takes in a space whose rules recurse, from the lists of what each rule can be
// left in (reach.go). An alternative is alive where it lies on a way from the start of a rule to a state in which some
// point leaves the rule; the points' states are followed from the root on. Bounds on sums of costs are not looked at: an
// alternative that only they forbid is not found.
func (sp *Space) deadRules() []Dead {
	type job struct {
		key   reachKey
		state int32
	}
	type place struct{ start, end int }
	alive, refused := map[place]bool{}, map[place]Dead{}
	known := map[job]bool{}
	var todo []job
	add := func(j job) {
		if !known[j] {
			known[j] = true
			todo = append(todo, j)
		}
	}
	root := sp.rootKey()
	for _, state := range sp.reached[root].states {
		add(job{root, state})
	}
	left := maxSwept
	for len(todo) > 0 {
		j := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		memo := map[*config]bool{}
		var good func(c *config) bool
		ends := func(t *transition) bool {
			return !t.failed && (t.next == nil && t.left == j.state || t.next != nil && good(t.next))
		}
		good = func(c *config) bool {
			if ok, known := memo[c]; known {
				return ok
			}
			if left--; left < 0 {
				return false
			}
			memo[c] = false
			any := false
			if _, leap := c.ask.(*leapNode); leap {
				call := sp.callOf(c)
				key := reachKey{call.proc, call.state, 0}
				if sp.nests {
					key.depth = sp.ruleDepth(c) + call.deeper
				}
				if r := sp.reached[key]; r != nil {
					for _, state := range r.states {
						if ends(sp.leave(&sp.leaper, call.site, state)) {
							any = true
							add(job{key, state})
						}
					}
				}
				memo[c] = any
				return any
			}
			on := make([]bool, c.dom.n)
			for i := range on {
				on[i] = ends(sp.step(c, i))
				any = any || on[i]
			}
			if choice, ok := c.ask.(*choiceNode); ok && any {
				for i := range choice.alts {
					s := choice.alts[i].body.pos().span
					at := place{s.Start, s.End}
					if s.Source != sp.File.Source {
						continue
					}
					if _, seen := refused[at]; on[i] {
						alive[at] = true
					} else if !seen {
						d := Dead{node: choice, alt: i}
						if t := sp.step(c, i); t.failed {
							d.why = *t.why
						}
						refused[at] = d
					}
				}
			}
			memo[c] = any
			return any
		}
		ends(sp.start(j.key))
	}
	if left < 0 {
		return nil
	}
	var out []Dead
	for at, d := range refused {
		if !alive[at] {
			out = append(out, d)
		}
	}
	sort.Slice(out, func(i, j int) bool {
		return out[i].node.alts[out[i].alt].body.pos().span.Start < out[j].node.alts[out[j].alt].body.pos().span.Start
	})
	return out
}

// withheldFirst are the alternatives of a space's first choice that stay undecided.
func (sp *Space) withheldFirst(t *transition) []Dead {
	if t.next == nil {
		return nil
	}
	c, at := sp.local(t.next)
	choice, ok := c.ask.(*choiceNode)
	if !ok {
		return nil
	}
	var out []Dead
	for i := range choice.alts {
		if p := sp.after(sp.step(c, i), at.wide, at.mult, 0); p.verdict == open || p.verdict == no && p.asked {
			out = append(out, Dead{node: choice, alt: i})
		}
	}
	return out
}
