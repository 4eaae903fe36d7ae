package canon

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"
)

// colour is what is known of a vertex, as a hash: of two vertices of one colour nothing has been found that
// tells them apart. It holds nothing of the order in which a graph is written.
type colour = [sha256.Size]byte

// part is some of a network's vertices with the links among them, in an order in which links lead back.
type part struct {
	vertex  []int // the network's
	colour  []colour
	in, out [][]link // what a vertex uses, and what uses it, as indices of the part
}

// whole is the network as one part, coloured by what the vertices are.
func (n *network) whole() *part {
	p := &part{vertex: make([]int, len(n.vertices)), colour: make([]colour, len(n.vertices)), in: make([][]link, len(n.vertices))}
	for i, v := range n.vertices {
		p.vertex[i] = i
		p.colour[i] = digest("vertex", append([]byte{byte(v.kind)}, v.label...))
		p.in[i] = v.links
	}
	p.turn()
	return p
}

// turn sets what uses a vertex from what it uses.
func (p *part) turn() {
	count := make([]int, len(p.in))
	all := 0
	for _, links := range p.in {
		for _, l := range links {
			count[l.to]++
		}
		all += len(links)
	}
	p.out = make([][]link, len(p.in))
	room := make([]link, all)
	for i, n := range count {
		p.out[i], room = room[:0:n], room[n:]
	}
	for i, links := range p.in {
		for _, l := range links {
			p.out[l.to] = append(p.out[l.to], link{i, l.label})
		}
	}
}

// refine makes the colouring equitable: vertices of one colour then have, for each kind of link and each
// colour, equally many links of the kind to and from vertices of the colour. What a vertex uses colours it
// in one pass along the order, what uses it in another one back, in turns until no pass tells more apart.
// Each pass takes the new colours that it meets on its way, so that a chain of any length takes two.
//
// Colours contain those of the pass before, so they hold the whole history: where two graphs end with the
// same colours equally often, a vertex of the one has the same links, by kind and colour, as a vertex of
// that colour of the other.
func (s *search) refine(p *part) {
	for before := s.distinct(p); ; {
		for i := range p.vertex {
			p.colour[i] = s.signature('u', p, i, p.in[i])
		}
		if s.distinct(p) == len(p.vertex) {
			return
		}
		for i := len(p.vertex) - 1; i >= 0; i-- {
			p.colour[i] = s.signature('d', p, i, p.out[i])
		}
		n := s.distinct(p)
		if n == len(p.vertex) || n == before || s.left < 0 {
			return
		}
		before = n
	}
}

// signature is the colour of a vertex together with those that its links lead to, in no order.
func (s *search) signature(pass byte, p *part, i int, links []link) colour {
	s.near = s.near[:0]
	for _, l := range links {
		s.near = append(s.near, neighbour{s.labels[l.label], &p.colour[l.to]})
	}
	if len(links) > 1 {
		slices.SortFunc(s.near, func(a, b neighbour) int {
			if c := cmp.Compare(a.label, b.label); c != 0 {
				return c
			}
			return bytes.Compare(a.colour[:], b.colour[:])
		})
	}
	b := append(append(s.buf[:0], pass), p.colour[i][:]...)
	for _, n := range s.near {
		b = binary.AppendUvarint(b, uint64(len(n.label)))
		b = append(b, n.label...)
		b = append(b, n.colour[:]...)
	}
	s.buf = b
	s.spend(1 + len(b)/len(colour{}))
	return sha256.Sum256(b)
}

type neighbour struct {
	label  string
	colour *colour
}

// distinct is the number of colours.
func (s *search) distinct(p *part) int {
	if s.colours == nil {
		s.colours = map[colour]int{}
	}
	clear(s.colours)
	for _, c := range p.colour {
		s.colours[c]++
	}
	return len(s.colours)
}
