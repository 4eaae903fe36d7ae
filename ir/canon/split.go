package canon

// relation is the links of a kind from vertices of one colour to those of another.
type relation struct {
	from, to, label int
}

// split takes a part with an equitable colouring apart: links that run from all vertices of a colour to
// all of another go, and what hangs together after that is a piece.
func (s *search) split(p *part) []*part {
	number := map[colour]int{}
	cell := make([]int, len(p.vertex))
	var size []int
	for i, c := range p.colour {
		k, ok := number[c]
		if !ok {
			k = len(size)
			number[c] = k
			size = append(size, 0)
		}
		cell[i] = k
		size[k]++
	}
	// Vertices of a colour have equally many links of each kind, so one of them shows what all have.
	degree := map[relation]int{}
	seen := make([]bool, len(size))
	for i, links := range p.in {
		s.spend(1 + len(links))
		if seen[cell[i]] || size[cell[i]] == 1 {
			continue
		}
		seen[cell[i]] = true
		for _, l := range links {
			if size[cell[l.to]] > 1 {
				degree[relation{cell[i], cell[l.to], l.label}]++
			}
		}
	}
	kept := func(i int, l link) bool {
		c, d := cell[i], cell[l.to]
		return size[c] > 1 && size[d] > 1 && degree[relation{c, d, l.label}] < size[d]
	}

	piece := newUnion(len(p.vertex))
	for i, links := range p.in {
		for _, l := range links {
			if kept(i, l) {
				piece.join(i, l.to)
			}
		}
	}
	count := make([]int, len(p.vertex))
	for i := range p.vertex {
		count[piece.find(i)]++
	}
	at := make([]int, len(p.vertex)) // a vertex in its piece
	pieces := make([]*part, len(p.vertex))
	var list []*part
	for i := range p.vertex {
		root := piece.find(i)
		q := pieces[root]
		if q == nil {
			n := count[root]
			q = &part{vertex: make([]int, 0, n), colour: make([]colour, 0, n), in: make([][]link, n)}
			pieces[root] = q
			list = append(list, q)
		}
		at[i] = len(q.vertex)
		q.vertex = append(q.vertex, p.vertex[i])
		q.colour = append(q.colour, p.colour[i])
		for _, l := range p.in[i] {
			if kept(i, l) {
				q.in[at[i]] = append(q.in[at[i]], link{at[l.to], l.label})
			}
		}
	}
	for _, q := range list {
		q.turn()
	}
	return list
}

// union is sets of numbers that are joined to each other.
type union []int

func newUnion(n int) union {
	u := make(union, n)
	for i := range u {
		u[i] = i
	}
	return u
}

func (u union) find(i int) int {
	for u[i] != i {
		u[i] = u[u[i]]
		i = u[i]
	}
	return i
}

func (u union) join(i, j int) { u[u.find(i)] = u.find(j) }

// orbits are the vertices of a colour, joined where an automorphism is known between them.
type orbits struct {
	union
	member map[int]int // of a network's vertex
}

func newOrbits(p *part, cell []int) orbits {
	o := orbits{newUnion(len(cell)), make(map[int]int, len(cell))}
	for i, v := range cell {
		o.member[p.vertex[v]] = i
	}
	return o
}

// apply joins what an automorphism takes to each other. It returns the work.
func (o orbits) apply(m move) int {
	for k, v := range m.from {
		if i, ok := o.member[v]; ok {
			o.join(i, o.member[m.to[k]])
		}
	}
	return len(m.from)
}

func (o orbits) same(i, j int) bool { return o.find(i) == o.find(j) }
