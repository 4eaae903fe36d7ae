package ir

import (
	"fmt"

	"github.com/spacec-lang/spacec/ir/op"
)

// offered is what the space would have had where a run failed: an op, the end of the net, or a field's value.
type offered struct {
	node    *opNode
	args    op.Args
	in      []op.Wire
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
