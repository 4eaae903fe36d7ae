package ir

import (
	"slices"

	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// A recursive grammar's types are often infinitely many, and then nothing of its draws can be computed exactly. What
// can be is the same of the grammar without its types: every tensor is taken to have the shape of the input, and
// requirements, and guards that look at wires or at the nesting, are passed over. What is left of a situation, drawn lets and counters, is
// mostly finite, so the grammar can be written out (prior_tables.go).
//
// How a space is built is seen by drawing lets of modules anew at each use: expectations are linear, so copies of one
// draw have the mean of as many draws.

// flatten is the space without types; with copies, it counts what is built and not what is written. It is nil
// where that space can't be made.
func (sp *Space) flatten(copies bool) *Space {
	flat := sp.relaxed()
	if flat == nil {
		return nil
	}
	flat.flat, flat.fresh, flat.counts, flat.nests, flat.dims = true, copies, false, false, sp.dims
	flat.ops = newMadeOps()
	flat.vast = false
	flat.forget()
	return flat
}

// relaxed is the space without its requirements: it has all points that the space has, and more. It is nil where that
// can't be loaded.
func (sp *Space) relaxed() *Space {
	file := &lang.File{Source: sp.File.Source}
	for _, d := range sp.File.Decls {
		switch d.(type) {
		case *lang.Require, *lang.Seed:
		default:
			file.Decls = append(file.Decls, d)
		}
	}
	return Lower(file, sp.env, &diag.Report{})
}

// flatOut is what leaves an op where shapes make no difference: as many tensors as of some shape that fits, and one
// where none does, all like one that arrives; and what it costs there.
func (sp *Space) flatOut(a op.Args, arrival val) (val, costs) {
	wire, k := arrival, 1
	if v := sp.vals.at(arrival); v.kind == kindTuple && len(v.parts) > 0 {
		wire, k = v.parts[0], len(v.parts)
	}
	outs, cost := 1, costs{}
	for _, s := range flatShapes(sp.vals.at(wire).shape) {
		in, t := slices.Repeat([]op.Tensor{s}, k), op.Tracer{}
		if made, err := op.Run(&t, a, in); err == nil {
			outs = len(made)
			cost, _ = sp.costsOf(a.Spec, a, in, &op.Result{Params: t.Params, MACs: t.MACs}) // a formula that can't be computed costs nothing
			break
		}
	}
	parts := make([]val, outs)
	for i := range parts {
		parts[i] = wire
	}
	return sp.vals.tuple(parts), cost
}

// flatShapes are shapes to try an op on: of one to four axes, with many divisors, equal ones, so that they can be
// multiplied.
func flatShapes(own op.Shape) []op.Shape {
	list := []op.Shape{own}
	for _, size := range []int{64, 720} {
		for _, names := range [][]string{{"c", "h", "w"}, {"t", "f"}, {"f"}} {
			var s op.Shape
			for _, name := range names {
				s = append(s, op.Axis{Name: name, Size: size})
			}
			list = append(list, s)
		}
	}
	return list
}

// readsWire tells whether a value depends on a wire, or on the nesting.
func readsWire(m *machine, n node) bool {
	any := func(list []node) bool {
		for _, x := range list {
			if x != nil && readsWire(m, x) {
				return true
			}
		}
		return false
	}
	switch n := n.(type) {
	case *arrivalNode, *nestingNode, *looseNode:
		return true
	case *readNode:
		switch m.sp.vals.at(m.lane0(m.cells[n.cell])).kind {
		case kindTensor, kindTuple:
			return true
		}
	case *labelNode:
		return readsWire(m, n.body)
	case *pureNode:
		if n.name == "arity" { // of a tuple it is what it is
			return false
		}
		return any(n.args)
	case *condNode:
		return any([]node{n.cond, n.then, n.otherwise})
	}
	return false
}
