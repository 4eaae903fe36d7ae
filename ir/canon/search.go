package canon

import (
	"bytes"
	"slices"
)

// search is the work on one graph.
type search struct {
	left    int // of the budget; below 0 results mean nothing
	labels  []string
	near    []neighbour
	buf     []byte
	colours map[colour]int
}

func (s *search) spend(n int) { s.left -= n }

// result is a part's canonical form.
type result struct {
	// cert is the same for two parts exactly when an isomorphism between them keeps the colours.
	cert colour
	// order lists the part's vertices, as the network's: where two certs are equal, taking the vertex at
	// each place of the one order to that of the other is such an isomorphism.
	order []int
	moves []move // some of the part's automorphisms
	chose bool   // whether colours alone didn't settle it
}

// move is an automorphism: from[i] goes to to[i], and all else stays.
type move struct{ from, to []int }

// canon is the canonical form of a part with an equitable colouring.
//
// Where all vertices of one colour link to all of another, the colours say so already, and any bijection
// that keeps them keeps those links. So they go, what then hangs together is canonised by itself, and the
// part's form is the list of its pieces' forms, sorted: a hundred equal branches cost a hundred times
// one. A piece in which every colour comes once has no links left.
//
// A piece that still hangs together needs a choice. A greedy form takes any: equal ones then still mean
// isomorphic parts, but different ones mean nothing.
func (s *search) canon(p *part, greedy bool) result {
	if s.left < 0 {
		return result{}
	}
	if s.distinct(p) == len(p.vertex) {
		return result{cert: digest("one by one", flat(sorted(p.colour))), order: p.byColour()}
	}
	pieces := s.split(p)
	if len(pieces) == 1 {
		return s.choose(pieces[0], greedy)
	}
	results := make([]result, len(pieces))
	certs := make([]colour, len(pieces))
	for i, q := range pieces {
		if len(q.vertex) == 1 {
			results[i] = result{cert: q.colour[0], order: q.vertex}
		} else {
			results[i] = s.canon(q, greedy)
		}
	}
	slices.SortStableFunc(results, func(a, b result) int { return bytes.Compare(a.cert[:], b.cert[:]) })
	var all result
	for i, r := range results {
		certs[i] = r.cert
		all.order = append(all.order, r.order...)
		all.moves = append(all.moves, r.moves...)
		all.chose = all.chose || r.chose
		if i > 0 && r.cert == results[i-1].cert && !greedy {
			a, b := results[i-1].order, r.order
			s.spend(len(a))
			all.moves = append(all.moves, move{append(slices.Clone(a), b...), append(slices.Clone(b), a...)})
		}
	}
	all.cert = digest("pieces", flat(certs))
	return all
}

// choose is the canonical form of a piece that hangs together: the least of those where one vertex of a
// certain colour is made special. Vertices that an automorphism takes to each other give the same form, so
// one of them is enough. Automorphisms come from the forms below, and from greedy forms that are equal.
func (s *search) choose(p *part, greedy bool) result {
	cell := p.target()
	if greedy {
		r := s.special(p, cell[0], true)
		return result{cert: digest("choice", r.cert[:]), order: r.order, chose: true}
	}
	type tried struct {
		member int
		greedy result
	}
	var best result
	var done []tried
	o := newOrbits(p, cell)
	all := result{chose: true}
next:
	for i, v := range cell {
		for _, d := range done {
			if o.same(d.member, i) {
				continue next
			}
		}
		r := s.special(p, v, true)
		for _, d := range done {
			if d.greedy.cert == r.cert {
				m := move{d.greedy.order, r.order}
				all.moves = append(all.moves, m)
				s.spend(o.apply(m))
				continue next
			}
		}
		done = append(done, tried{i, r})
		if r.chose {
			r = s.special(p, v, false)
			for _, m := range r.moves {
				s.spend(o.apply(m))
			}
			all.moves = append(all.moves, r.moves...)
		}
		if s.left < 0 {
			return result{}
		}
		if best.order == nil || bytes.Compare(r.cert[:], best.cert[:]) < 0 {
			best = r
		}
	}
	all.cert, all.order = digest("choice", best.cert[:]), best.order
	return all
}

// special is the form of a part in which one vertex has a colour of its own.
func (s *search) special(p *part, v int, greedy bool) result {
	q := *p
	q.colour = slices.Clone(p.colour)
	q.colour[v] = digest("special", p.colour[v][:])
	s.refine(&q)
	return s.canon(&q, greedy)
}

// target is the vertices of the colour that comes least often of those that come more than once.
func (p *part) target() []int {
	cells := map[colour][]int{}
	for i, c := range p.colour {
		cells[c] = append(cells[c], i)
	}
	var least colour
	for c, cell := range cells {
		if n := len(cells[least]); len(cell) > 1 && (n == 0 || len(cell) < n || len(cell) == n && bytes.Compare(c[:], least[:]) < 0) {
			least = c
		}
	}
	return cells[least]
}

// byColour is the network's vertices in the order of their colours.
func (p *part) byColour() []int {
	index := make([]int, len(p.vertex))
	for i := range index {
		index[i] = i
	}
	slices.SortFunc(index, func(a, b int) int { return bytes.Compare(p.colour[a][:], p.colour[b][:]) })
	for i, v := range index {
		index[i] = p.vertex[v]
	}
	return index
}

func sorted(cs []colour) []colour {
	cs = slices.Clone(cs)
	slices.SortFunc(cs, func(a, b colour) int { return bytes.Compare(a[:], b[:]) })
	return cs
}

func flat(cs []colour) []byte {
	b := make([]byte, 0, len(cs)*len(colour{}))
	for i := range cs {
		b = append(b, cs[i][:]...)
	}
	return b
}
