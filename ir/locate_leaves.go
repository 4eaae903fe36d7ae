package ir

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/spacec-lang/spacec/ir/op"
)

// offered is what the space would have had where a run failed: an op, the end of the net, or a field's value.
type offered struct {
	node    *opNode
	args    op.Args
	in      []op.Wire // what arrives, or leaves the net
	like    int32
	end     bool
	field   *locatedField
	value   string
	matched int32
}

// leaving keeps what was offered in the runs that came furthest.
type leaving struct {
	rank int
	list []offered
	seen map[string]bool
}

// maxOffered is how much of what is offered at one place is kept.
const maxOffered = 2_000

func (v *leaving) refused(l *locator, o offered) {
	o.matched = l.matched
	rank := 1 + l.target.sets.list[o.matched].size()
	if o.field != nil {
		rank += 1 + o.field.rank
	}
	if rank < v.rank {
		return
	}
	if rank > v.rank {
		v.rank, v.list, v.seen = rank, v.list[:0], map[string]bool{}
	}
	if len(v.list) >= maxOffered {
		return
	}
	key := fmt.Sprint(o.matched, o.end, o.in, o.value, o.like)
	if o.node != nil {
		key += o.args.String()
	}
	if !v.seen[key] {
		v.seen[key] = true
		v.list = append(v.list, o)
	}
}

// Places that are no node: the graph is met as a whole, and the space goes on, or leaves other wires.
const (
	atEnd     = -1
	atOutputs = -2
)

// place is the first node of the graph at which a run failed, and what was offered there, the nearest first.
func (v *leaving) place(l *locator) (place int, list []offered) {
	t := l.target
	place = -3
	for _, o := range v.list {
		at := t.missed(&o)
		if list == nil || at >= 0 && (place < 0 || at < place) {
			place, list = at, list[:0:0]
		}
		if at == place {
			list = append(list, o)
		}
	}
	if place >= 0 {
		far := make(map[string]float64, len(list))
		key := func(o *offered) string { return fmt.Sprint(o.end, o.args, o.in, o.like) }
		for i := range list {
			far[key(&list[i])] = l.distance(place, &list[i])
		}
		sort.SliceStable(list, func(i, j int) bool { return far[key(&list[i])] < far[key(&list[j])] })
	}
	return place, list
}

// missed is the node of the graph that stands where something else was offered.
func (t *target) missed(o *offered) int {
	least := func(nodes []int32) int {
		for _, n := range nodes {
			if !t.sets.has(o.matched, n) {
				return int(n)
			}
		}
		return -1
	}
	best := -1
	for _, w := range o.in {
		if n := least(t.eaters[w]); n >= 0 && (best < 0 || n < best) {
			best = n
		}
	}
	if best >= 0 {
		return best
	}
	for n := range t.nodes {
		if !t.sets.has(o.matched, int32(n)) {
			return n
		}
	}
	if o.end {
		return atOutputs
	}
	return atEnd
}

// is tells whether what was offered is a node, sharing of weights aside.
func (l *locator) is(n int, o *offered) bool {
	node := &l.target.nodes[n]
	return o.node != nil && o.args.String() == node.node.Args.String() && slices.Equal(o.in, node.in)
}

// distance tells how far what was offered is from a node.
func (l *locator) distance(n int, o *offered) float64 {
	node := &l.target.nodes[n]
	args := node.node.Args
	if o.end {
		return 2000
	}
	far := 0.0
	if !slices.Equal(o.in, node.in) {
		far += 0.75
	}
	if o.args.Spec.Name != args.Spec.Name || len(o.args.Values) != len(args.Values) { // two files may declare one op
		far += 1000
		if len(o.in) != len(node.in) {
			far += 500
		}
		if o.args.Spec.Family != args.Spec.Family {
			far += 100
		}
		return far
	}
	for i, x := range args.Values {
		y := o.args.Values[i]
		a, ok := numeric(x)
		b, ok2 := numeric(y)
		switch {
		case ok && ok2:
			far += math.Min(1, math.Abs(a-b)/(math.Abs(a)+math.Abs(b)+1e-9)) * 2
			if a != b {
				far += 0.5
			}
		case fmt.Sprint(x) != fmt.Sprint(y):
			far += 1.5
		}
	}
	return far
}

func numeric(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// summary is what was offered: each op once, with all values that an argument had, or the values of a field.
func (l *locator) summary(list []offered) []string {
	var out, names []string
	ops := map[string][]offered{}
	for _, o := range list {
		switch {
		case o.field != nil:
			if !slices.Contains(out, o.value) {
				out = append(out, o.value)
			}
		case o.end:
			names = appendNew(names, "the end of the net")
		default:
			name := o.args.Spec.Name
			names = appendNew(names, name)
			ops[name] = append(ops[name], o)
		}
	}
	for _, name := range names {
		if len(ops[name]) == 0 {
			out = append(out, name)
			continue
		}
		spec := ops[name][0].args.Spec
		var parts []string
		for i, p := range spec.Params {
			var values []any
			plain := true
			for _, o := range ops[name] {
				v := o.args.Values[i]
				plain = plain && fmt.Sprint(v) == fmt.Sprint(p.Default)
				if !slices.ContainsFunc(values, func(w any) bool { return fmt.Sprint(v) == fmt.Sprint(w) }) {
					values = append(values, v)
				}
			}
			if !plain {
				parts = append(parts, p.Name+": "+alternatives(values))
			}
		}
		if len(parts) > 0 {
			name += "(" + strings.Join(parts, ", ") + ")"
		}
		out = append(out, name)
	}
	return out
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// alternatives are values as a choice would have them.
func alternatives(values []any) string {
	sort.SliceStable(values, func(i, j int) bool {
		a, ok := numeric(values[i])
		b, ok2 := numeric(values[j])
		return ok && ok2 && a < b
	})
	var texts []string
	for i, v := range values {
		if len(values) > 12 && i >= 5 && i < len(values)-2 {
			if i == 5 {
				texts = append(texts, "...")
			}
			continue
		}
		switch v := v.(type) {
		case nil:
			texts = append(texts, "the default")
		case float64:
			texts = append(texts, formatReal(v))
		default:
			texts = append(texts, fmt.Sprint(v))
		}
	}
	return strings.Join(texts, " | ")
}
