package ir

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spacec-lang/spacec/ir/canon"
	"github.com/spacec-lang/spacec/ir/op"
)

// target is the graph that is looked for, made ready to be met op by op. Ops that only pass tensors on (skip,
// clone) are no nodes of it: they are the wires themselves. The operands of a sum or a product have no order.
type target struct {
	nodes   []targetNode
	outputs []op.Wire
	known   map[meeting][]int32 // nodes by what they are and what arrives
	eaters  map[op.Wire][]int32 // nodes by what arrives
	classes [][]int32           // nodes that share weights, two or more
	sets    matchedSets
	painted map[int32][]uint64 // by set: the colours of the nodes
}

// targetNode is an op of the graph that is looked for.
type targetNode struct {
	node      *op.Node
	id        int32 // which op it is (opTable)
	in        []op.Wire
	out       []op.Wire
	class     int32 // of shared weights; -1 where they are its own
	symmetric bool
}

// meeting is an op where wires arrive, in a fixed order where order makes no difference.
type meeting struct {
	id int32
	in string
}

// newTarget makes a graph ready. Its ops are numbered in table.
func newTarget(g *op.Graph, table *opTable) (*target, error) {
	t := &target{known: map[meeting][]int32{}, eaters: map[op.Wire][]int32{}, painted: map[int32][]uint64{}}
	t.sets = matchedSets{list: []matchedSet{{}}, ids: map[string]int32{"": 0}, steps: map[[2]int32]int32{}}
	alias := make([]op.Wire, g.Wires)
	shapes := make([]op.Shape, g.Wires)
	for w := range alias {
		alias[w] = op.Wire(w)
	}
	for i, p := range g.Inputs {
		shapes[i] = p.Shape
	}
	shared := map[int][]int32{}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		in := make([]op.Wire, len(n.In))
		arriving := make([]op.Shape, len(n.In))
		for j, w := range n.In {
			in[j], arriving[j] = alias[w], shapes[w]
		}
		for j, w := range n.Out {
			shapes[w] = n.Shapes[j]
		}
		kind, err := table.kind(n.Args, arriving)
		if err != nil {
			return nil, err
		}
		if kind.passes != nil {
			for j, w := range n.Out {
				alias[w] = in[kind.passes[j]]
			}
			continue
		}
		at := int32(len(t.nodes))
		if kind.symmetric {
			slices.Sort(in)
		}
		t.nodes = append(t.nodes, targetNode{n, kind.id, in, n.Out, -1, kind.symmetric})
		key := meeting{kind.id, wireKey(in)}
		t.known[key] = append(t.known[key], at)
		for j, w := range in {
			if !slices.Contains(in[:j], w) {
				t.eaters[w] = append(t.eaters[w], at)
			}
		}
		if n.Share != 0 {
			shared[n.Share] = append(shared[n.Share], at)
		}
	}
	for i := range t.nodes {
		if class := shared[t.nodes[i].node.Share]; len(class) > 1 && t.nodes[i].class < 0 {
			for _, n := range class {
				t.nodes[n].class = int32(len(t.classes))
			}
			t.classes = append(t.classes, class)
		}
	}
	for _, w := range g.Outputs {
		t.outputs = append(t.outputs, alias[w])
	}
	return t, nil
}

func wireKey(in []op.Wire) string {
	b := make([]byte, 0, 4*len(in))
	for _, w := range in {
		b = append(b, byte(w), byte(w>>8), byte(w>>16), byte(w>>24))
	}
	return string(b)
}

// candidates are the nodes that an op can be, where so much is matched already: of those alike, the first. like is
// a node that it has to share weights with; -1 where its weights are new, -2 where there is no such node.
func (t *target) candidates(id int32, in []op.Wire, matched, like int32) []int32 {
	if like < -1 {
		return nil
	}
	var out []int32
	for _, n := range t.known[meeting{id, wireKey(in)}] {
		if t.sets.has(matched, n) || !t.shares(n, matched, like) {
			continue
		}
		out = append(out, n)
	}
	if len(out) < 2 {
		return out
	}
	colours := t.colours(matched)
	kept := out[:0]
	for _, n := range out {
		if !slices.ContainsFunc(kept, func(k int32) bool { return colours[k] == colours[n] }) {
			kept = append(kept, n)
		}
	}
	return kept
}

// uses is how often a wire is read by what is not matched, or leaves.
func (t *target) uses(w op.Wire, matched int32) int {
	uses := 0
	count := func(in []op.Wire) {
		for _, v := range in {
			if v == w {
				uses++
			}
		}
	}
	for _, n := range t.eaters[w] {
		if !t.sets.has(matched, n) {
			count(t.nodes[n].in)
		}
	}
	count(t.outputs)
	return uses
}

// shares tells whether a node shares weights as asked: with like, or with nothing that is matched.
func (t *target) shares(n, matched, like int32) bool {
	class := t.nodes[n].class
	if like >= 0 {
		return class >= 0 && class == t.nodes[like].class
	}
	return class < 0 || !slices.ContainsFunc(t.classes[class], func(k int32) bool { return t.sets.has(matched, k) })
}

// colours are the same for nodes that an automorphism takes to each other which leaves what is matched in its
// place (Weisfeiler and Leman 1968). Taking one node of each colour finds every derivation once.
func (t *target) colours(matched int32) []uint64 {
	if known := t.painted[matched]; known != nil {
		return known
	}
	maker := map[op.Wire]int{}
	c := make([]uint64, len(t.nodes))
	for i := range t.nodes {
		n := &t.nodes[i]
		c[i] = mix(uint64(n.id) + 1)
		if t.sets.has(matched, int32(i)) {
			c[i] = mix(uint64(i) + 1<<40)
		}
		for j, w := range n.out {
			maker[w] = i
			for k, o := range t.outputs {
				if o == w {
					c[i] += mix(mix(uint64(j)+1<<41) + uint64(k))
				}
			}
		}
	}
	for distinct := 0; ; {
		seen := map[uint64]bool{}
		for _, x := range c {
			seen[x] = true
		}
		if len(seen) <= distinct {
			break
		}
		distinct = len(seen)
		next := make([]uint64, len(c))
		for i := range t.nodes {
			n := &t.nodes[i]
			next[i] += mix(c[i])
			for j, w := range n.in {
				slot := uint64(j) + 1
				if n.symmetric {
					slot = 0
				}
				from, made := maker[w]
				if !made {
					next[i] += mix(mix(uint64(w)+1<<42) + slot)
					continue
				}
				port := uint64(slices.Index(t.nodes[from].out, w))
				next[i] += mix(mix(c[from]+port<<8) + slot)
				next[from] += mix(mix(c[i]+1<<43+port<<8) + slot)
			}
			if n.class >= 0 {
				for _, k := range t.classes[n.class] {
					next[i] += mix(c[k] + 1<<44)
				}
			}
		}
		c = next
	}
	t.painted[matched] = c
	return c
}

// opTable numbers ops: two have one number exactly when they have one name and compute the same.
type opTable struct {
	hasher *canon.Hasher
	ids    map[string]int32
	kinds  map[string]*opKind
}

// opKind is what there is to know of an op where given tensors arrive.
type opKind struct {
	id        int32
	symmetric bool  // the order of what arrives makes no difference
	passes    []int // of an op that only passes tensors on: which it leaves at each output
}

func newOpTable() *opTable {
	return &opTable{hasher: canon.NewHasher(canon.Budget), ids: map[string]int32{}, kinds: map[string]*opKind{}}
}

// arrived is a tensor that arrives, to be known again where it leaves.
type arrived struct {
	shape op.Shape
	n     int
}

func (a *arrived) Shape() op.Shape { return a.shape }

func (t *opTable) kind(args op.Args, in []op.Shape) (*opKind, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %v %v", args.Spec.Name, args.Values, in)
	if k := t.kinds[b.String()]; k != nil {
		return k, nil
	}
	tensors := make([]op.Tensor, len(in))
	for i := range in {
		tensors[i] = &arrived{in[i], i}
	}
	made, err := op.Run(&op.Tracer{}, args, tensors)
	if err != nil {
		return nil, err
	}
	k := &opKind{}
	out := make([]op.Shape, len(made))
	for i, x := range made {
		out[i] = x.Shape()
		if a, ok := x.(*arrived); ok && args.Spec.Wiring {
			k.passes = append(k.passes, a.n)
		}
	}
	if len(k.passes) < len(made) || len(made) == 0 {
		k.passes = nil
	}
	order := make([]op.Wire, len(in))
	for i := range order {
		order[i] = op.Wire(i)
	}
	name, err := t.name(args, in, out, order)
	if err != nil {
		return nil, err
	}
	id, ok := t.ids[name]
	if !ok {
		id = int32(len(t.ids))
		t.ids[name] = id
	}
	k.id = id
	if len(in) > 1 && !slices.ContainsFunc(in, func(s op.Shape) bool { return !s.Same(in[0]) }) {
		k.symmetric = true // where a swap and a rotation change nothing, no order does
		rotated := append(order[1:len(order):len(order)], order[0])
		swapped := append([]op.Wire{1, 0}, order[2:]...)
		for _, o := range [][]op.Wire{rotated, swapped} {
			other, err := t.name(args, in, out, o)
			k.symmetric = k.symmetric && err == nil && other == name
		}
	}
	t.kinds[b.String()] = k
	return k, nil
}

// name is an op's name and the canonical form of the graph of it alone.
func (t *opTable) name(args op.Args, in, out []op.Shape, order []op.Wire) (string, error) {
	g := &op.Graph{Wires: len(in) + len(out)}
	n := op.Node{Args: args, In: order, Shapes: out}
	for _, s := range in {
		g.Inputs = append(g.Inputs, op.Port{Shape: s})
	}
	for i, s := range out {
		w := op.Wire(len(in) + i)
		n.Out = append(n.Out, w)
		g.Outputs = append(g.Outputs, w)
		g.OutPort = append(g.OutPort, op.Port{Shape: s})
	}
	g.Nodes = []op.Node{n}
	form, err := t.hasher.Hash(g)
	return args.Spec.Name + string(form.Hash[:]), err
}

// matchedSets numbers sets of nodes. Derivations meet a graph's nodes nearly in its order, so a set is kept
// as how many of the first nodes it holds, and the others.
type matchedSets struct {
	list  []matchedSet
	ids   map[string]int32
	steps map[[2]int32]int32
}

type matchedSet struct {
	first int32 // nodes 0 .. first-1
	more  []int32
}

func (s *matchedSet) size() int { return int(s.first) + len(s.more) }

func (s *matchedSets) has(id, n int32) bool {
	set := &s.list[id]
	if n < set.first {
		return true
	}
	_, ok := slices.BinarySearch(set.more, n)
	return ok
}

// with is a set with one node more.
func (s *matchedSets) with(id, n int32) int32 {
	step := [2]int32{id, n}
	if to, ok := s.steps[step]; ok {
		return to
	}
	from := s.list[id]
	next := matchedSet{first: from.first}
	at, _ := slices.BinarySearch(from.more, n)
	next.more = slices.Insert(slices.Clone(from.more), at, n)
	for len(next.more) > 0 && next.more[0] == next.first {
		next.first++
		next.more = next.more[1:]
	}
	wires := make([]op.Wire, 0, 1+len(next.more))
	wires = append(wires, op.Wire(next.first))
	for _, m := range next.more {
		wires = append(wires, op.Wire(m))
	}
	key := wireKey(wires)
	to, ok := s.ids[key]
	if !ok {
		to = int32(len(s.list))
		s.list = append(s.list, next)
		s.ids[key] = to
	}
	s.steps[step] = to
	return to
}
