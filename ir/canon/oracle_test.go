package canon_test

import (
	"fmt"
	"sort"
	"strings"

	"github.com/spacec-lang/spacec/ir/op"
)

// A second opinion on small graphs that shares nothing with package canon: ops are known by name, graphs
// are expressions unfolded from the outputs to the inputs, and isomorphism is every renaming tried.

// expr is a tensor; nil is zero. What has weights or is random is an instance with a number.
type expr struct {
	name     string
	in       []*expr
	sum      map[string]*addend // of a sum or product, by the operands' texts
	instance int                // 0 where there is none
	share    int
}

type addend struct {
	*expr
	times int
}

// naming gives instances other names.
type naming func(e *expr) string

func asMade(e *expr) string { return fmt.Sprint("#", e.instance, "/", e.share) }

func (e *expr) text(name naming) string {
	if e == nil {
		return "0"
	}
	var parts []string
	if e.sum != nil {
		for _, a := range e.sum {
			parts = append(parts, fmt.Sprint(a.times, " ", a.text(name)))
		}
		sort.Strings(parts)
	}
	for _, x := range e.in {
		parts = append(parts, x.text(name))
	}
	s := e.name
	if e.instance > 0 {
		s += name(e)
	}
	return s + "(" + strings.Join(parts, ", ") + ")"
}

// joined is the sum or product, flat.
func joined(name string, in []*expr) *expr {
	e := &expr{name: name, sum: map[string]*addend{}}
	count := func(x *expr, n int) {
		key := x.text(asMade)
		if e.sum[key] == nil {
			e.sum[key] = &addend{x, 0}
		}
		e.sum[key].times += n
	}
	for _, x := range in {
		switch {
		case x == nil && name == "mul":
			return nil
		case x == nil:
		case x.name == name:
			for _, a := range x.sum {
				count(a.expr, a.times)
			}
		default:
			count(x, 1)
		}
	}
	if len(e.sum) == 0 {
		return nil
	}
	for _, a := range e.sum {
		if len(e.sum) == 1 && a.times == 1 {
			return a.expr
		}
	}
	return e
}

// unfold is what leaves a graph.
func unfold(g *op.Graph) []*expr {
	made := map[op.Wire]*expr{}
	for i := range g.Inputs {
		made[op.Wire(i)] = &expr{name: fmt.Sprint("x", i)}
	}
	instances := map[string]int{}
	for k, n := range g.Nodes {
		name := n.Args.Spec.Name
		in := make([]*expr, len(n.In))
		nothing := true
		for i, w := range n.In {
			in[i] = made[w]
			nothing = nothing && in[i] == nil
		}
		e := &expr{name: n.Args.String(), in: in}
		switch name {
		case "skip", "clone":
			e = in[0]
		case "zero":
			e = nil
		case "add", "mul":
			e = joined(name, in)
		case "relu", "tanh", "avg_pool", "concat":
			if nothing {
				e = nil
			}
		case "split":
			if nothing {
				e = nil
				break
			}
			for i, w := range n.Out {
				made[w] = &expr{name: fmt.Sprint(e.name, i), in: in}
			}
			continue
		case "dropout":
			e.instance = k + 1
			if nothing {
				e = nil
			}
		case "conv", "batch_norm":
			e.instance, e.share = k+1, n.Share
			if name == "conv" {
				if nothing && !n.Args.Bool("bias") {
					e = nil
					break
				}
				if n.Share != 0 { // the same weights on the same tensor
					key := e.name + fmt.Sprint(n.Share) + in[0].text(asMade)
					if instances[key] == 0 {
						instances[key] = k + 1
					}
					e.instance = instances[key]
				}
			}
		case "sigmoid":
		default:
			panic("the oracle does not know " + name)
		}
		for _, w := range n.Out {
			made[w] = e
		}
	}
	var out []*expr
	for _, w := range g.Outputs {
		out = append(out, made[w])
	}
	return out
}

// instances collects those that expressions need, by number.
func instances(es []*expr, into map[int]*expr) {
	for _, e := range es {
		if e == nil {
			continue
		}
		if e.instance > 0 {
			into[e.instance] = e
		}
		for _, a := range e.sum {
			instances([]*expr{a.expr}, into)
		}
		instances(e.in, into)
	}
}

func texts(es []*expr, name naming) string {
	var parts []string
	for _, e := range es {
		parts = append(parts, e.text(name))
	}
	return strings.Join(parts, "; ")
}

// renamed names instance i by number[i], and what shares weights by the least number among it.
func renamed(number map[int]int, all map[int]*expr) naming {
	least := map[int]int{}
	members := map[int]int{}
	for i, e := range all {
		members[e.share]++
		if n, ok := least[e.share]; !ok || number[i] < n {
			least[e.share] = number[i]
		}
	}
	return func(e *expr) string {
		s := fmt.Sprint("#", number[e.instance])
		if e.share != 0 && members[e.share] > 1 {
			s += fmt.Sprint("/", least[e.share])
		}
		return s
	}
}

// same tells whether two graphs are isomorphic, by trying every renaming of the instances of one.
func same(a, b *op.Graph) bool {
	for i := range a.OutPort {
		if len(a.OutPort) != len(b.OutPort) || !a.OutPort[i].Shape.Same(b.OutPort[i].Shape) {
			return false
		}
	}
	x, y := unfold(a), unfold(b)
	ofX, ofY := map[int]*expr{}, map[int]*expr{}
	instances(x, ofX)
	instances(y, ofY)
	blank := func(*expr) string { return "" }
	if len(ofX) != len(ofY) || texts(x, blank) != texts(y, blank) {
		return false
	}
	var from, to []int
	for i := range ofX {
		from = append(from, i)
	}
	number := map[int]int{}
	for i := range ofY {
		to = append(to, i)
		number[i] = i
	}
	want := texts(y, renamed(number, ofY))
	number = map[int]int{}
	var try func(i int) bool
	try = func(i int) bool {
		if i == len(from) {
			return texts(x, renamed(number, ofX)) == want
		}
		for j := i; j < len(to); j++ {
			to[i], to[j] = to[j], to[i]
			number[from[i]] = to[i]
			if ofX[from[i]].name == ofY[to[i]].name && try(i+1) {
				return true
			}
			to[i], to[j] = to[j], to[i]
		}
		return false
	}
	return try(0)
}
