// Package canon gives graphs of ops a canonical form. A graph enters; a hash leaves that is the same for
// two graphs exactly when they are isomorphic, after what makes no difference is gone:
//
//   - skip, clone and whatever else only passes a tensor on is the wire itself;
//   - sums and products are flat multisets: x + x, where x is one wire, is 2 x, and the 2 is a number,
//     never written out; one term alone is that term;
//   - zeros are nothing: a term that is zero goes, a product with zero is zero, and so is what makes zeros
//     of zeros (relu, pooling, a convolution without bias); a sum of nothing is zero;
//   - ops with neither weights nor randomness are one where the same arrives;
//   - what reaches no output is dead.
//
// An op with weights keeps its identity: using its output twice differs from having it twice. Nodes that
// share weights hold the same ones, and are one where the same arrives. An op with a learnt shift on
// nothing is a constant, which keeps its op's name. An op that is declared in a file is of unknown content:
// it keeps its identity too.
//
// Which op is which isn't listed anywhere: it is read from the primitives that the op is built of
// (outline.go). What is left is a directed acyclic graph with labels (simplify.go), whose vertices are
// coloured until no colour says more (refine.go; Weisfeiler and Leman 1968), and where that isn't enough,
// one vertex after the other is made special and what follows compared (search.go; McKay 1981).
package canon

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"

	"github.com/spacec-lang/spacec/ir/op"
)

// Budget bounds the work on one graph, in vertices and edges looked at: a second or two. It is never met
// but by large graphs that are built to be hard, such as strongly regular ones.
const Budget = 1 << 22

// Form is the canonical form of a graph.
type Form struct {
	Hash [sha256.Size]byte
	// Exact tells that the budget was enough: of exact forms, equal hashes mean isomorphic graphs and
	// others graphs that aren't. An inexact hash follows how the graph is written. It equals no other
	// graph's, but isomorphic graphs may differ in it: they are possibly distinct.
	Exact bool
	// Ops are those left: the computing ones, and a sum or product as one each.
	Ops int
	// Live is the cost of what is left. What shares weights counts them once.
	Live op.Cost
}

// String is the hash in hexadecimal digits.
func (f Form) String() string { return hex.EncodeToString(f.Hash[:]) }

// Hash is the canonical form of a graph; nil, of a space without a net, has one too. The error names what
// is wrong with the graph.
func Hash(g *op.Graph) (Form, error) { return NewHasher(Budget).Hash(g) }

// Hasher makes canonical forms, and remembers the ops that it has met. It is for one goroutine.
type Hasher struct {
	budget   int
	outlines map[outlineKey]remembered
	key      []byte
}

// NewHasher makes a hasher that spends so much work on a graph at most.
func NewHasher(budget int) *Hasher {
	return &Hasher{budget: budget, outlines: map[outlineKey]remembered{}}
}

// Hash is the canonical form of a graph, as the function Hash makes it.
func (h *Hasher) Hash(g *op.Graph) (Form, error) {
	if g == nil {
		g = &op.Graph{}
	}
	s := &search{left: h.budget}
	n, err := h.simplify(g, s)
	if err != nil {
		return Form{}, err
	}
	f := Form{Exact: n.exact, Ops: n.ops, Live: n.live}
	head := binary.AppendVarint(nil, int64(len(g.Inputs)))
	for _, p := range g.Inputs {
		head = appendSizes(head, p.Shape)
	}
	head = binary.AppendVarint(head, int64(len(g.Outputs)))
	if n.exact {
		s.labels = n.labels
		p := n.whole()
		s.refine(p)
		r := s.canon(p, false)
		if f.Exact = s.left >= 0; f.Exact {
			f.Hash = digest("graph", append(head, r.cert[:]...))
		}
	}
	if !f.Exact {
		f.Hash = digest("as written", n.written(head))
	}
	return f, nil
}

// digest is the hash of something of a kind: what is of different kinds never has one hash.
func digest(kind string, b []byte) colour {
	buf := make([]byte, 0, len(kind)+1+len(b))
	return sha256.Sum256(append(append(append(buf, kind...), 0), b...))
}

// appendSizes writes the sizes of a shape, and the name of a type that is no tensor.
func appendSizes(b []byte, s op.Shape) []byte {
	if name, _, ok := s.Nominal(); ok {
		b = append(b, name...)
	}
	b = binary.AppendVarint(b, int64(len(s)))
	for _, a := range s {
		b = binary.AppendVarint(b, int64(a.Size))
	}
	return b
}
