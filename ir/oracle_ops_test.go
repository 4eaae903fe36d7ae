package ir_test

import (
	"fmt"
	"math"
	"slices"

	"github.com/spacec-lang/spacec/lang"
)

// tensor is a tensor's type, and the longest path of ops that led to it.
type tensor struct {
	names []string
	sizes []int
	depth int
}

func (t *tensor) elements() int {
	n := 1
	for _, s := range t.sizes {
		n *= s
	}
	return n
}

func (t *tensor) String() string { return fmt.Sprint(t.sizes) }

// parameters are the parameters of the ops that the oracle knows, in their order.
var parameters = map[string][]string{
	"conv":     {"filters", "kernel", "stride", "padding", "dilation", "groups", "bias", "bits"},
	"max_pool": {"kernel", "stride", "padding"},
	"avg_pool": {"kernel", "stride", "padding"},
	"clone":    {"n"},
	"concat":   {"axis"},
	"relu":     nil, "tanh": nil, "sigmoid": nil, "skip": nil, "add": nil, "mul": nil,
}

// op applies an op: a handful of them, by their formulas on paper.
func (o *oracle) op(name string, args []lang.Arg, s *scope, x any) any {
	names, known := parameters[name]
	if !known {
		panic("the oracle doesn't know the op " + name)
	}
	var params []lang.Param
	for _, n := range names {
		params = append(params, lang.Param{Name: lang.Ident{Name: n}})
	}
	var vals []any
	for _, e := range byParameter(args, params) {
		var v any
		if e != nil {
			v = o.value(e, s, x)
		}
		vals = append(vals, v)
	}
	if name == "conv" && vals[1] == nil {
		vals[1] = int64(3)
	}
	whole := func(i int, otherwise int) int {
		if vals[i] == nil {
			return otherwise
		}
		n, ok := vals[i].(int64)
		if !ok || n < 1 {
			fail("%s: %v", names[i], vals[i])
		}
		return int(n)
	}
	arriving := parts(x)
	var in []*tensor
	depth := 0
	for _, a := range arriving {
		t, ok := a.(*tensor)
		if !ok {
			fail("%s takes tensors", name)
		}
		in, depth = append(in, t), max(depth, t.depth)
	}
	if joins := name == "add" || name == "mul" || name == "concat"; joins && len(in) < 2 || !joins && len(in) != 1 {
		fail("%d tensors arrive at %s", len(in), name)
	}
	if name != "skip" && name != "clone" {
		depth++
	}
	t := in[0]
	out := &tensor{t.names, slices.Clone(t.sizes), depth}
	params64, macs := 0, 0
	switch name {
	case "conv":
		o.image(t)
		filters, k, stride := whole(0, t.sizes[0]), whole(1, 3), whole(2, 1)
		out.sizes = []int{filters, (t.sizes[1] + stride - 1) / stride, (t.sizes[2] + stride - 1) / stride}
		params64 = k*k*t.sizes[0]*filters + filters
		o.run.weights = append(o.run.weights, [3]int{filters, t.sizes[0], k})
		macs = k * k * t.sizes[0] * out.elements()
	case "max_pool", "avg_pool":
		o.image(t)
		k := whole(0, 2)
		stride := whole(1, k)
		for i := 1; i < 3; i++ {
			if t.sizes[i] < k {
				fail("nothing is left")
			}
			out.sizes[i] = (t.sizes[i]-k)/stride + 1
		}
	case "clone":
		n := whole(0, 2)
		if n < 2 {
			fail("clone(%d)", n)
		}
		o.ran(name, vals, 0, 0, depth, in)
		return slices.Repeat([]any{out}, n)
	case "add", "mul":
		for _, y := range in {
			if !slices.Equal(y.sizes, t.sizes) {
				fail("unequal sizes")
			}
		}
	case "concat":
		out.sizes[0] = 0
		for _, y := range in {
			if !slices.Equal(y.sizes[1:], t.sizes[1:]) {
				fail("unequal sizes")
			}
			out.sizes[0] += y.sizes[0]
		}
	}
	o.ran(name, vals, params64, macs, depth, in)
	return out
}

func (o *oracle) image(t *tensor) {
	if len(t.sizes) != 3 {
		fail("no image")
	}
}

// ran notes an op and what it costs.
func (o *oracle) ran(name string, args []any, params, macs, depth int, in []*tensor) {
	r := &o.run
	if o.from.read == nil {
		if r.size++; r.size > o.most {
			panic(given{})
		}
	}
	if name != "skip" {
		r.ops = append(r.ops, name)
	}
	for _, d := range o.file.Decls {
		c, ok := d.(*lang.Cost)
		if !ok {
			continue
		}
		for _, e := range c.Entries {
			if e.Op.Name == name {
				s := &scope{names: map[string]*named{}}
				known := func(n string, v any) {
					if s.names[n] == nil && v != nil {
						s.names[n] = &named{kind: aValue, set: true, value: v}
					}
				}
				known("params", int64(params))
				known("macs", int64(macs))
				for i, n := range parameters[name] {
					known(n, args[i])
				}
				for _, t := range in {
					for i, n := range t.names {
						known(n, int64(t.sizes[i]))
					}
				}
				r.own[c.Name.Name] += number(o.value(e.Value, s, nil))
			}
		}
	}
	if !o.sharing {
		r.params += params
	}
	r.macs += macs
	r.uses[name]++
	r.layers = max(r.layers, depth)
	o.promise(r.layers)
}

// promise ends a run early that is already beyond an upper bound on layers: what comes can't mend it.
func (o *oracle) promise(layers int) {
	for _, d := range o.file.Decls {
		if r, ok := d.(*lang.Require); ok {
			for _, c := range r.Conds {
				b, ok := c.(*lang.Binary)
				if !ok {
					continue
				}
				if n, ok := b.X.(*lang.Name); ok && n.Name == "layers" && (b.Op == "<=" || b.Op == "==") {
					if layers > int(b.Y.(*lang.Number).I) {
						fail("more than %s", b.Pos().Text())
					}
				}
			}
		}
	}
}

// bound checks a requirement on a cost; false where it is none.
func (o *oracle) bound(c lang.Expr) bool {
	b, ok := c.(*lang.Binary)
	if !ok {
		return false
	}
	op, e, limit := b.Op, b.X, b.Y
	x, ok := o.cost(e, op)
	if !ok {
		op, e, limit = map[string]string{"<=": ">=", "<": ">", ">=": "<=", ">": "<", "==": "=="}[op], b.Y, b.X
		if x, ok = o.cost(e, op); !ok {
			return false
		}
	}
	y := number(o.value(limit, o.root, nil))
	holds := map[string]bool{"<=": x <= y, "<": x < y, ">=": x >= y, ">": x > y, "==": math.Abs(x-y) < 1e-9}[op]
	if n, ok := e.(*lang.Name); ok && n.Name == "layers" && op == "==" {
		holds = o.run.leaving == int(y) && o.run.layers <= int(y)
	}
	if !holds {
		fail("required: %s", c.Pos().Text())
	}
	return true
}

// cost is what a run has spent of the cost that an expression names; false where it names none. The longest path may
// end anywhere for an upper bound, and has to lead to what leaves the net for a lower one.
func (o *oracle) cost(e lang.Expr, op string) (float64, bool) {
	switch e := e.(type) {
	case *lang.Name:
		switch e.Name {
		case "params":
			return float64(o.run.params), true
		case "macs":
			return float64(o.run.macs), true
		case "layers":
			if op == ">=" || op == ">" {
				return float64(o.run.leaving), true
			}
			return float64(o.run.layers), true
		}
		for _, d := range o.file.Decls {
			if own, ok := d.(*lang.Cost); ok && own.Name.Name == e.Name {
				return o.run.own[e.Name], true
			}
		}
	case *lang.Call:
		if e.Fun.Name == "count" {
			return float64(o.run.uses[e.Args[0].Value.(*lang.Name).Name]), true
		}
	}
	return 0, false
}
