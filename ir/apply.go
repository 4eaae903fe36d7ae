package ir

import (
	"fmt"

	"github.com/spacec-lang/spacec/ir/op"
)

// opNode applies an op. Arguments that need choices are drawn in order, into tmp.
type opNode struct {
	nodeInfo
	spec  *op.Spec
	name  string // path element of the op's node in a graph
	args  []node // parallel to spec.Params, nil where absent
	tmp   []int
	keep  int
	fixed val     // the arguments as one tuple, where all are constant
	bound op.Args // and as the op takes them, once they were asked for
}

func (n *opNode) enter(m *machine) (node, status) {
	if n.fixed != absent {
		return n.apply(m, n.fixed)
	}
	var few [8]val
	args := few[:0]
	for _, a := range n.args {
		v := absent
		if a != nil {
			var ok bool
			if v, ok = m.simple(a); !ok {
				m.cells[n.keep] = m.acc
				return n.arg(m, 0)
			}
			if v == bottom {
				return nil, stFail
			}
		}
		args = append(args, v)
	}
	return n.apply(m, m.tupleOf(args))
}

// tupleOf is a tuple even of one argument, lane by lane, for the memo of ops.
func (m *machine) tupleOf(args []val) val {
	return m.lift(args, m.sp.vals.set)
}

func (n *opNode) arg(m *machine, i int) (node, status) {
	for i < len(n.args) && n.args[i] == nil {
		i++
	}
	m.acc = m.cells[n.keep]
	if i == len(n.args) {
		args := make([]val, len(n.args))
		for j, a := range n.args {
			if a != nil {
				args[j] = m.cells[n.tmp[j]]
				m.cells[n.tmp[j]] = absent
			}
		}
		m.cells[n.keep] = absent
		return n.apply(m, m.tupleOf(args))
	}
	m.push(n, int32(i), 0, 0)
	return n.args[i], stNext
}

func (n *opNode) resume(m *machine, f *frame) (node, status) {
	m.cells[n.tmp[f.idx]] = m.acc
	return n.arg(m, int(f.idx)+1)
}

func (n *opNode) apply(m *machine, args val) (node, status) {
	if m.loc != nil {
		return m.loc.apply(m, n, args)
	}
	if m.rec != nil && m.sp.hasOpaque(m.acc) {
		return m.rec.apply(m, n, args)
	}
	m.size++
	if m.reg == absent && !m.laned(m.acc) && !m.laned(args) {
		r := m.sp.infer(n.spec, args, m.acc)
		if r.err != nil {
			m.why = failure{span: n.span, err: r.err}
			return nil, stFail
		}
		m.spend(&r.cost)
		m.acc = r.out
		return nil, stDone
	}
	first := true
	v := m.lift([]val{m.acc, args}, func(p []val) val {
		r := m.sp.infer(n.spec, p[1], p[0])
		if r.err != nil {
			if first {
				m.why = failure{span: n.span, err: r.err}
			}
			first = false
			return bottom
		}
		if first {
			m.spend(&r.cost)
			first = false
		}
		return r.out
	})
	if m.lane0(v) == bottom {
		return nil, stFail
	}
	if m.sp.sharing {
		v = m.parted(v, m.lift([]val{m.acc, args}, func(p []val) val {
			if r := m.sp.infer(n.spec, p[1], p[0]); r.err == nil {
				return r.sizes
			}
			return bottom
		}))
	}
	spent := absent
	if m.reg != absent {
		spent = m.lift([]val{m.acc, args}, func(p []val) val {
			return m.sp.vals.costs(m.sp.infer(n.spec, p[1], p[0]).cost)
		})
	}
	m.acc = v
	if !m.charge(spent) {
		return m.fail(&n.nodeInfo, n.spec.Name+" costs more than is required")
	}
	return nil, stDone
}

// inferred is what an op makes of what arrives.
type inferred struct {
	out   val
	cost  costs
	sizes val // of its weights, where some let shares them
	err   error
}

// opCall is an op with its arguments, by number; what ops make is remembered by it.
type opCall struct {
	number int32
	given  val // the arguments, and as the op takes them
	args   op.Args
	err    error
}

type callKey struct {
	spec *op.Spec
	args val
}

// callOp is the call of an op.
func (sp *Space) callOp(spec *op.Spec, args val) *opCall {
	key := callKey{spec, args}
	c := sp.calls[key]
	if c == nil {
		c = &opCall{number: int32(len(sp.calls)), given: args}
		c.args, c.err = sp.opArgs(spec, sp.vals.at(args).parts)
		sp.calls[key] = c
	}
	return c
}

// madeOps is what calls of ops were found to make of what arrives.
type madeOps struct {
	index map[madeKey]int32 // of rows
	rows  []opMade
}

type madeKey struct {
	call    int32
	arrival val
}

type opMade struct {
	out   val
	cost  costs
	sizes val
}

func newMadeOps() *madeOps { return &madeOps{index: map[madeKey]int32{}} }

func (m *madeOps) clear() {
	clear(m.index)
	m.rows = m.rows[:0]
}

// infer is what an op makes of an arriving type, valid until the next call.
func (sp *Space) infer(spec *op.Spec, args, arrival val) *inferred {
	return sp.inferCall(sp.callOp(spec, args), arrival)
}

// inferCall is infer of a call. It is remembered, but for what doesn't fit: in searches for what two branches might be joined by
// that is most, and it is found again as quickly.
func (sp *Space) inferCall(c *opCall, arrival val) *inferred {
	r, key := &sp.result, madeKey{c.number, arrival}
	if id, ok := sp.ops.index[key]; ok {
		row := &sp.ops.rows[id]
		r.out, r.cost, r.sizes, r.err = row.out, row.cost, row.sizes, nil
	} else if *r = sp.newInfer(c, arrival); r.err == nil {
		sp.ops.index[key] = int32(len(sp.ops.rows))
		sp.ops.rows = append(sp.ops.rows, opMade{r.out, r.cost, r.sizes})
	}
	return r
}

func (sp *Space) newInfer(c *opCall, arrival val) (r inferred) {
	a, spec := c.args, c.args.Spec
	if r.err = c.err; r.err != nil {
		return r
	}
	if sp.flat {
		r.out, r.cost = sp.flatOut(a, arrival)
		return r
	}
	if spec.Passes && (spec.Wiring || len(sp.types) == 0 && !sp.deep) { // what is no tensor has no sum, and a sum is a layer
		if r.out, r.err = sp.passOn(a, arrival); r.err != nil {
			return r
		} else if r.out != absent {
			r.cost, r.err = sp.costsOf(spec, a, nil, &op.Result{})
			return r
		}
	}
	in, err := sp.tensors(arrival)
	if err != nil {
		r.err = late(func() string { return spec.Name + ": " + err.Error() })
		return r
	}
	return sp.make(c, in, sp.depth(arrival))
}

// make is what an op makes of tensors; depth is the longest path of ops that leads to them, where that matters.
func (sp *Space) make(c *opCall, in []op.Tensor, depth int64) (r inferred) {
	a := c.args
	if r.err = sp.continuous(a.Spec, sp.vals.at(c.given).parts, in); r.err != nil {
		return r
	}
	sp.tracer.Reset()
	made, err := op.Run(&sp.tracer, a, in)
	if err != nil {
		sp.tracer = op.Tracer{} // the error, put into words only when read, may be of what it made
		r.err = err
		return r
	}
	if r.cost, r.err = sp.costsOf(a.Spec, a, in, &op.Result{Params: sp.tracer.Params, MACs: sp.tracer.MACs}); r.err != nil {
		return r
	}
	if sp.deep {
		if depth += r.cost[costLayers]; depth > sp.layersHi {
			r.err = fmt.Errorf("%s would be layer %d, and at most %d are required", a.Spec.Name, depth, sp.layersHi)
			return r
		}
	}
	var few [8]val
	parts := few[:0]
	for _, x := range made {
		parts = append(parts, sp.vals.tensor(x.Shape(), depth, sp.tracer.Exports, sp.results))
	}
	r.out = sp.vals.tuple(parts)
	if sp.sharing {
		r.sizes = sp.weightSizes(&sp.tracer)
	}
	return r
}

// weightSizes are those of the weights that an op has made, in order.
func (sp *Space) weightSizes(t *op.Tracer) val {
	var all []val
	for w := range t.Weights() {
		all = append(all, sp.vals.int(int64(len(w))))
		for _, n := range w {
			all = append(all, sp.vals.int(int64(n)))
		}
	}
	return sp.vals.intern(value{kind: kindInts, parts: all})
}

// depth is the longest path of ops that leads to a wire, where types carry it; else 0.
func (sp *Space) depth(v val) int64 {
	if !sp.deep {
		return 0
	}
	t := sp.vals.at(v)
	d := int64(0)
	if t.kind == kindTensor {
		d = t.i
	}
	for _, p := range t.parts {
		d = max(d, sp.depth(p))
	}
	return d
}

// tensors are those of a wire, its tuple laid flat.
func (sp *Space) tensors(v val) ([]op.Tensor, error) {
	t := sp.vals.at(v)
	if t.tensors != nil {
		return t.tensors, nil
	}
	switch t.kind {
	case kindTensor:
		t.tensors = []op.Tensor{t.shape}
	case kindTuple:
		all := make([]op.Tensor, 0, len(t.parts))
		for _, p := range t.parts {
			if sp.vals.at(p).kind != kindTensor {
				return nil, late(func() string { return "needs tensors; " + sp.vals.describe(v) + " arrives" })
			}
			one, _ := sp.tensors(p)
			all = append(all, one...)
		}
		t.tensors = all
	default:
		return nil, late(func() string { return "needs a tensor; " + sp.vals.describe(v) + " arrives" })
	}
	return t.tensors, nil
}

// late is an error that is put into words only when read: of what searches meet by the thousand.
type late func() string

func (f late) Error() string { return f() }

// shapes are those of tensors.
func (sp *Space) shapes(v val) (shapes []op.Shape, err error) {
	tensors, err := sp.tensors(v)
	for _, x := range tensors {
		shapes = append(shapes, x.Shape())
	}
	return shapes, err
}

// opArgs are an op's arguments as Go values. A continuous one, not drawn yet, is stood for by both its
// ends: no shape depends on it, but each has to be allowed.
func (sp *Space) opArgs(spec *op.Spec, args []val) (op.Args, error) {
	low, high, interval := map[string]any{}, map[string]any{}, false
	for i, v := range args {
		if v == absent {
			continue
		}
		name := spec.Params[i].Name
		low[name] = sp.goValue(v)
		high[name] = low[name]
		if t := sp.vals.at(v); t.kind == kindInterval {
			high[name], interval = t.g, true
		}
	}
	if interval {
		if a, err := op.Bind(spec, nil, high); err != nil {
			return a, err
		}
	}
	return op.Bind(spec, nil, low)
}

// goValue is a value as samplers, evaluators and ops see it: int, float64, bool, string, Symbol, []int, or []any of
// these: what 'of' picked.
func (sp *Space) goValue(v val) any {
	switch t := sp.vals.at(v); t.kind {
	case kindInt:
		return int(t.i)
	case kindReal, kindInterval:
		return t.f
	case kindBool:
		return t.i != 0
	case kindSymbol, kindString:
		if len(t.parts) > 0 {
			args := map[string]any{}
			for i, p := range t.parts {
				args[t.keys[i]] = sp.goValue(p)
			}
			return Symbol{t.s, args}
		}
		return t.s
	case kindInts:
		ints := make([]int, len(t.parts))
		for i, p := range t.parts {
			ints[i] = int(sp.vals.at(p).i)
		}
		return ints
	case kindTuple:
		list := make([]any, len(t.parts))
		for i, p := range t.parts {
			list[i] = sp.goValue(p)
		}
		return list
	}
	return sp.vals.describe(v)
}

// Symbol is a call in a config, sgd(momentum: 0.9).
type Symbol struct {
	Name string
	Args map[string]any
}
