package ir

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"

	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// costs are what ops add up to, by dimension: params, macs, layers and ops, then the file's own.
type costs [maxCosts]int64

const (
	costParams = iota
	costMACs
	costLayers // ops one after the other, all counted: never less than the longest path
	costOps    // ops, each copy of a module that is repeated counted
	ownCosts   // the first of the file's own, in millionths
	maxCosts   = 9
)

// costScale is what a file's own cost of 1 counts, so that costs may be fractions and still add up exactly.
const costScale = 1_000_000

// costDim is one dimension: a cost that the file declares, or the number of an op's uses.
type costDim struct {
	name    string
	scale   int64
	entries map[string]lang.Expr // of a declared cost, by op
	counted string               // of count(OP), the op
	every   bool                 // counts all ops
}

func (c *costs) add(d *costs) {
	all := int64(0)
	for i := range c {
		c[i] += d[i]
		all |= c[i]
	}
	if all < 0 { // beyond 64 bits: too much for any bound
		for i := range c {
			if c[i] < 0 {
				c[i] = math.MaxInt64
			}
		}
	}
}

// addTimes adds k times as much.
func (c *costs) addTimes(d *costs, k int64) {
	if k <= 1 {
		c.add(d)
		return
	}
	most := math.MaxInt64 / k
	for i, x := range d {
		switch {
		case x == 0:
		case x > most:
			c[i] = math.MaxInt64
		default:
			if c[i] += x * k; c[i] < 0 {
				c[i] = math.MaxInt64
			}
		}
	}
}

// times is k times as much.
func (c *costs) times(k int64) (d costs) {
	d.addTimes(c, k)
	return d
}

// costs as a value, for the tables of lets.
func (vs *values) costs(c costs) val {
	b := make([]byte, 0, 8*maxCosts)
	for _, x := range c {
		b = binary.LittleEndian.AppendUint64(b, uint64(x))
	}
	return vs.intern(value{kind: kindCosts, s: string(b)})
}

func (vs *values) costsOf(v val) (c costs) {
	if s := vs.at(v).s; vs.at(v).kind == kindCosts {
		for i := range c {
			c[i] = int64(binary.LittleEndian.Uint64([]byte(s[8*i : 8*i+8])))
		}
	}
	return c
}

// bound is a requirement on a sum of costs over the whole point.
type bound struct {
	dim    int
	lo, hi int64 // MinInt64 and MaxInt64 where open
	pos    nodeInfo
}

// within tells whether a whole point of these costs keeps all bounds.
func (sp *Space) within(c *costs) bool {
	for i := range sp.bounds {
		b := &sp.bounds[i]
		if c[b.dim] < b.lo || c[b.dim] > b.hi {
			return false
		}
	}
	return true
}

// below tells whether costs so far break no upper bound.
func (sp *Space) below(c *costs) bool {
	for i := range sp.bounds {
		if b := &sp.bounds[i]; c[b.dim] > b.hi {
			return false
		}
	}
	return true
}

// costsOf is what one use of an op costs.
func (sp *Space) costsOf(spec *op.Spec, args op.Args, in []op.Tensor, got *op.Result) (costs, error) {
	c := costs{got.Params, got.MACs, 1, 1}
	if spec.Wiring {
		c[costLayers], c[costOps] = 0, 0
	}
	for i := ownCosts; i < len(sp.dims); i++ {
		d := &sp.dims[i]
		switch {
		case d.every:
			c[i] = 1
		case d.counted == spec.Name:
			c[i] = costScale
		}
		e := d.entries[spec.Name]
		if e == nil {
			continue
		}
		v, err := sp.m.formula(e, func(name string) (val, bool) {
			switch name {
			case "params":
				return sp.vals.int(got.Params), true
			case "macs":
				return sp.vals.int(got.MACs), true
			}
			for j, p := range spec.Params {
				if p.Name != name {
					continue
				}
				switch x := args.Values[j].(type) {
				case int:
					return sp.vals.int(int64(x)), true
				case float64:
					return sp.vals.real(x), true
				case bool:
					return sp.vals.bool(x), true
				case string:
					return sp.vals.text(x), true
				}
			}
			name, _ = strings.CutPrefix(name, "in.")
			for _, s := range in {
				if size, ok := s.Shape().Axis(name); ok {
					return sp.vals.int(int64(size)), true
				}
			}
			return 0, false
		})
		f, ok := sp.vals.at(v).number()
		if err == nil && !ok {
			err = fmt.Errorf("is not a number")
		}
		f *= costScale
		switch {
		case err != nil:
			return c, &costError{e.Pos(), fmt.Sprintf("the cost %s of %s: %v", d.name, spec.Name, err)}
		case !(math.Abs(f) < 1<<62):
			return c, &costError{e.Pos(), fmt.Sprintf("the cost %s of %s is beyond what can be counted", d.name, spec.Name)}
		case math.Round(f) < 0:
			return c, &costError{e.Pos(), fmt.Sprintf("the cost %s of %s is below zero", d.name, spec.Name)}
		}
		c[i] = int64(math.Round(f))
	}
	return c, nil
}

// costError is that a cost of the file's own has no number.
type costError struct {
	at   lang.Span // what computes it
	text string
}

func (e *costError) Error() string { return e.text }

// formula computes an expression over given names; in.c is looked up as "in.c".
func (m *machine) formula(e lang.Expr, lookup func(string) (val, bool)) (val, error) {
	vs := m.sp.vals
	again := func(e lang.Expr) (val, error) { return m.formula(e, lookup) }
	apply := func(fn func(*machine, []val) (val, error), es ...lang.Expr) (val, error) {
		args := make([]val, len(es))
		for i, x := range es {
			v, err := again(x)
			if err != nil {
				return 0, err
			}
			args[i] = v
		}
		return fn(m, args)
	}
	switch e := e.(type) {
	case *lang.Number:
		if e.Int {
			return vs.int(e.I), nil
		}
		return vs.real(e.Value), nil
	case *lang.Bool:
		return vs.bool(e.Value), nil
	case *lang.String:
		return vs.text(e.Value), nil
	case *lang.Is:
		v, err := again(e.X)
		return vs.bool(vs.at(v).s == e.Name.Name), err
	case *lang.Access:
		if x, ok := e.X.(*lang.Name); ok && x.Name == "in" {
			if v, ok := lookup("in." + e.Name.Name); ok {
				return v, nil
			}
			return 0, fmt.Errorf("no axis '%s' arrives", e.Name.Name)
		}
	case *lang.Paren:
		return again(e.X)
	case *lang.Unary:
		return apply(unary(e.Op), e.X)
	case *lang.Binary:
		return apply(arithmetic(e.Op), e.X, e.Y)
	case *lang.Cond:
		c, err := again(e.If)
		if err != nil {
			return 0, err
		}
		switch {
		case c == valTrue:
			return again(e.Then)
		case c != valFalse:
			return 0, fmt.Errorf("a condition has to be true or false, not %s", vs.describe(c))
		case e.Else == nil:
			return valTrue, nil
		}
		return again(e.Else)
	case *lang.Call:
		if fn := valueFunctions[e.Fun.Name]; fn != nil && len(e.Args) > 0 {
			var es []lang.Expr
			for _, a := range e.Args {
				es = append(es, a.Value)
			}
			return apply(fn, es...)
		}
	case *lang.Name:
		if v, ok := lookup(e.Name); ok {
			return v, nil
		}
		return 0, fmt.Errorf("'%s' is neither a parameter of the op nor an axis that arrives", e.Name)
	}
	return 0, fmt.Errorf("'%s' can't be computed", e.Pos().Text())
}

// cost declares a cost of the file's own.
func (l *lowerer) cost(c *lang.Cost) {
	d := costDim{name: c.Name.Name, scale: costScale, entries: map[string]lang.Expr{}}
	for _, e := range c.Entries {
		l.knownOp(e.Op.Name, e.Op.Span)
		d.entries[e.Op.Name] = e.Value
	}
	l.dimension(d, c.Name.Span)
}

// knownOp reports a name that is no op's; false then.
func (l *lowerer) knownOp(name string, at lang.Span) bool {
	if l.lib.Lookup(name) != nil {
		return true
	}
	var ops []string
	for _, s := range l.lib.Specs() {
		ops = append(ops, s.Name)
	}
	l.report.Errorf(diag.UnknownName, at, "unknown op '%s'", name).Nearest(at, name, ops)
	return false
}

// countedOp is the name in count(OP); nil of other expressions.
func countedOp(e lang.Expr) *lang.Name {
	call, ok := e.(*lang.Call)
	if !ok || call.Fun.Name != "count" || len(call.Args) != 1 {
		return nil
	}
	n, _ := call.Args[0].Value.(*lang.Name)
	return n
}

func (l *lowerer) dimension(d costDim, at lang.Span) int {
	for i := range l.sp.dims {
		if l.sp.dims[i].name == d.name {
			if d.counted == "" {
				l.report.Errorf(diag.Defined, at, "the cost '%s' is defined twice", d.name)
			}
			return i
		}
	}
	if len(l.sp.dims) == maxCosts {
		l.report.Errorf(diag.Limit, at, "a file can have %d costs of its own, counts of ops among them", maxCosts-ownCosts)
		return ownCosts
	}
	l.sp.dims = append(l.sp.dims, d)
	return len(l.sp.dims) - 1
}

// costDim is the dimension that an expression names: a cost, or count(OP).
func (l *lowerer) costDim(e lang.Expr) int {
	switch e := e.(type) {
	case *lang.Name:
		for i := range l.sp.dims {
			if l.sp.dims[i].name == e.Name {
				return i
			}
		}
	case *lang.Call:
		if n := countedOp(e); n != nil && l.lib.Lookup(n.Name) != nil {
			return l.dimension(costDim{name: "count(" + n.Name + ")", scale: costScale, counted: n.Name}, e.Span)
		}
	}
	return -1
}

// topRequire is a requirement of a file: a bound on a cost, which only the file of the net states, or a
// condition on its lets.
func (l *lowerer) topRequire(c lang.Expr, s *scope, main bool) node {
	l.requiring = true
	defer func() { l.requiring = false }()
	b, ok := c.(*lang.Binary)
	if !ok {
		return l.require(c, s)
	}
	for _, e := range []lang.Expr{b.X, b.Y} {
		if n := countedOp(e); n != nil && l.globals["count"] == nil && !l.knownOp(n.Name, n.Pos()) {
			return &failNode{l.info(c.Pos())}
		}
	}
	op, y := b.Op, b.Y
	if known := len(l.sp.dims); !main {
		bounds := l.costDim(b.X) >= 0 || l.costDim(y) >= 0
		if l.sp.dims = l.sp.dims[:known]; bounds {
			return nil
		}
	}
	dim := l.costDim(b.X)
	if dim < 0 {
		if dim = l.costDim(y); dim >= 0 {
			y = b.X
			op = map[string]string{"<=": ">=", "<": ">", ">=": "<=", ">": "<", "==": "=="}[op]
		}
	}
	if dim < 0 {
		return l.require(c, s)
	}
	name, scale := l.sp.dims[dim].name, float64(l.sp.dims[dim].scale)
	limit, ok := l.lower(y, s, isValue).(*constNode)
	var f float64
	if ok {
		f, ok = l.sp.vals.at(limit.v).number()
	}
	if f *= scale; !ok || f < 0 || f > 1<<62 {
		return l.bad(diag.BadValue, y, "%s is bounded by a number: require %s <= 200k", name, name)
	}
	r := bound{dim: dim, lo: math.MinInt64, hi: math.MaxInt64, pos: nodeInfo{span: c.Pos()}}
	switch op {
	case "<=":
		r.hi = int64(math.Floor(f))
	case "<":
		r.hi = int64(math.Ceil(f)) - 1
	case ">=":
		r.lo = int64(math.Ceil(f))
	case ">":
		r.lo = int64(math.Floor(f)) + 1
	case "==":
		r.lo, r.hi = int64(math.Ceil(f)), int64(math.Floor(f))
	default:
		return l.bad(diag.BadValue, c, "a cost is bounded by <=, <, >=, > or ==")
	}
	l.sp.counts = true
	for i := range l.sp.bounds { // one bound for a dimension
		if b := &l.sp.bounds[i]; b.dim == dim {
			b.lo, b.hi = max(b.lo, r.lo), min(b.hi, r.hi)
			if b.lo > b.hi {
				l.report.Errorf(diag.Conflict, c.Pos(), "no %s can be both this and what is required before", name).
					With(b.pos.span, "required here")
			}
			return nil
		}
	}
	l.sp.bounds = append(l.sp.bounds, r)
	return nil
}

// deepen is asked where a bound on layers may not hold for all points: from then on types carry the longest
// path of ops that leads to them, and the bound is part of what fits.
func (sp *Space) deepen() {
	kept := sp.bounds[:0]
	for _, b := range sp.bounds {
		if b.dim != costLayers {
			kept = append(kept, b)
			continue
		}
		sp.deep = true
		sp.layersHi = min(sp.layersHi, b.hi)
		sp.layersLo = max(sp.layersLo, b.lo)
	}
	sp.bounds = kept
	sp.ops = newMadeOps()
	sp.forget()
}

// boundsLayers tells whether a bound on layers may be broken by some point.
func (sp *Space) boundsLayers(t *transition) bool {
	for i := range sp.bounds {
		b := &sp.bounds[i]
		if b.dim != costLayers {
			continue
		}
		if sp.recursive || b.lo > 0 {
			return true
		}
		most := t.cost
		if t.next != nil {
			if _, m := sp.extremes(t.next); m != nil {
				most.add(m)
			}
		}
		if most[costLayers] > b.hi {
			return true
		}
	}
	return false
}

// Cost is one sum over the ops of a point.
type Cost struct {
	Name  string
	Value float64
}

// Costs are params (of shared weights once), macs and the costs that the file declares, of a point.
func (b *Built) Costs() []Cost {
	var out []Cost
	for i, d := range b.dims {
		if i != costLayers && i != costOps {
			out = append(out, Cost{d.name, float64(b.spent[i]) / float64(d.scale)})
		}
	}
	return out
}

// Costs are those of what the point builds; nil where it can't be built.
func (p *Point) Costs() []Cost {
	b, err := p.Build()
	if err != nil {
		return nil
	}
	return b.Costs()
}
