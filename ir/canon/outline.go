package canon

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"github.com/spacec-lang/spacec/ir/op"
)

// outline is what the canonical form needs to know of one op where given tensors arrive. It is read from
// the primitives that the op is built of, never from its name.
type outline struct {
	out          []value
	label        string // a hash of what the op computes, where it computes anything
	name         string // for people: the op and its arguments, whatever arrives
	params, macs int64
	weighted     bool // holds weights, and so keeps its identity
	single       bool // random, with a state, or of unknown content: not even the same twice
}

// value is what a tensor in an op is, in terms of what arrived.
type value struct {
	kind valueKind
	n    int    // computed: which output holds it; wire: which input it is
	of   []uses // sum and product: of which inputs, in ascending order
}

type valueKind uint8

const (
	computed valueKind = iota
	wire               // what arrived, passed on
	zero               // zeros, whatever the weights are
	sum
	product
)

// uses says how often an input is an operand.
type uses struct{ input, times int }

// tensor is what the tracer hands to an op.
type tensor struct {
	shape op.Shape
	id    int // in the order made, what arrived first
	value value
}

func (x *tensor) Shape() op.Shape { return x.shape }

type weight struct {
	dims []int
	id   int
}

func (w *weight) Dims() []int { return w.dims }

// tracer is a builder that writes down the primitives in order, each with everything that it was given:
// two applications of an op compute the same exactly when they leave the same trace.
type tracer struct {
	costs    op.Tracer
	trace    []byte
	tensors  int
	weights  int
	weighted bool
	single   bool
	opaque   bool
}

// outlineOf runs an op on tensors of the given shapes, of which some are zero. It returns the shapes of
// the outputs too. The error is the op's own sentence.
func outlineOf(args op.Args, in []op.Shape, zeros []bool) (*outline, []op.Shape, error) {
	t, made, err := traceOf(args, in, zeros)
	if err != nil {
		return nil, nil, err
	}
	o := &outline{out: make([]value, len(made)), params: t.costs.Params, macs: t.costs.MACs, weighted: t.weighted, single: t.single}
	shapes := make([]op.Shape, len(made))
	first := map[int]int{}
	computes := false
	plain := string(t.trace)
	for i, x := range made {
		x := x.(*tensor)
		shapes[i], o.out[i] = x.shape, x.value
		if x.value.kind != computed {
			continue
		}
		computes = true
		if _, ok := first[x.id]; !ok {
			first[x.id] = i
		}
		o.out[i].n = first[x.id]
		t.write(x.id)
	}
	if computes {
		o.name = nameOf(args)
		t.bytes(args.Spec.Name)
		for i := range args.Values {
			if t.opaque || silent(args, i, in, plain) {
				t.write(i)
				t.bytes(fmt.Sprintf("%T %v", args.Values[i], args.Values[i]))
			}
		}
		label := sha256.Sum256(t.trace)
		o.label = string(label[:])
	}
	return o, shapes, nil
}

// traceOf runs an op with a tracer. zeros may be nil.
func traceOf(args op.Args, in []op.Shape, zeros []bool) (*tracer, []op.Tensor, error) {
	t := &tracer{tensors: len(in)}
	if args.Spec != nil {
		t.costs.Op = args.Spec.Name
	}
	arriving := make([]op.Tensor, len(in))
	t.write(len(in))
	for i, s := range in {
		t.shape(s)
		x := &tensor{s, i, value{kind: wire, n: i}}
		if zeros != nil && zeros[i] {
			x.value = value{kind: zero}
		}
		arriving[i] = x
	}
	made, err := op.Run(t, args, arriving)
	return t, made, err
}

// silent tells whether an argument changes nothing of what is built: it is then said for its own sake, as
// a bit width for costs that a file declares, and belongs to what the op is. Others are in the trace.
func silent(args op.Args, i int, in []op.Shape, trace string) bool {
	if args.Values[i] == nil {
		return false
	}
	values := append([]any(nil), args.Values...)
	for _, v := range others(args.Values[i]) {
		if op.CheckParam(args.Spec, i, v) != nil {
			continue
		}
		values[i] = v
		other, _, err := traceOf(op.Args{Spec: args.Spec, Values: values}, in, nil)
		if err != nil || string(other.trace) != trace {
			return false
		}
	}
	return true
}

// others are values that an argument could have instead.
func others(v any) []any {
	switch v := v.(type) {
	case int:
		return []any{v + 1, 2 * v, v - 1}
	case float64:
		return []any{v / 2, (v + 1) / 2, v + 1}
	case bool:
		return []any{!v}
	case []int:
		var all []any
		for i := range v {
			w := append([]int(nil), v...)
			w[i]++
			all = append(all, w)
		}
		return append(all, v[:max(0, len(v)-1)])
	}
	return nil
}

// write adds whole numbers to the trace.
func (t *tracer) write(ns ...int) {
	for _, n := range ns {
		t.trace = binary.AppendVarint(t.trace, int64(n))
	}
}

func (t *tracer) bytes(s string) {
	t.write(len(s))
	t.trace = append(t.trace, s...)
}

// shape writes sizes; the names of axes are for reading.
func (t *tracer) shape(s op.Shape) {
	t.trace = appendSizes(t.trace, s)
}
