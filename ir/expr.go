package ir

import (
	"fmt"
	"math"
	"slices"
)

// simple is the value of an expression that needs no choice in the machine's situation; false where it
// may need one.
func (m *machine) simple(n node) (val, bool) {
	switch n := n.(type) {
	case *constNode:
		return n.v, true
	case *readNode:
		return m.cells[n.cell], m.cells[n.cell] != absent
	case *useNode:
		if v := m.cells[n.cell]; v != absent {
			return v, true
		}
		return m.simple(n.let.body)
	case *labelNode:
		return m.simple(n.body)
	case *pureNode:
		from := len(m.args)
		defer func() { m.args = m.args[:from] }()
		for _, a := range n.args {
			v, ok := m.simple(a)
			if !ok {
				return 0, false
			}
			m.args = append(m.args, v)
		}
		v := m.lift(m.args[from:], func(p []val) val { return n.apply(m, p) })
		return v, v != absent
	case *arrivalNode:
		return m.acc, true
	case *looseNode:
		return n.value(func(mark int) bool { return m.cells[mark] != absent }), true
	case *nestingNode:
		return m.sp.vals.int(int64(m.nesting())), true
	case *condNode:
		if c, ok := m.simple(n.cond); ok {
			switch c {
			case valTrue:
				return m.simple(n.then)
			case valFalse:
				return m.simple(n.otherwise)
			}
		}
	}
	return 0, false
}

// arrivalNode is "in" where it stands for what arrives just here: in a guard, in an op's arguments.
type arrivalNode struct{ nodeInfo }

func (n *arrivalNode) enter(*machine) (node, status)          { return nil, stDone }
func (n *arrivalNode) resume(*machine, *frame) (node, status) { panic("unreachable") }

// pureNode computes a value from others: arithmetic, comparison, fields, constructors. Its function
// gives bottom where it has no value, and m.why says why.
type pureNode struct {
	nodeInfo
	name string
	fn   func(m *machine, args []val) (val, error)
	args []node
	tmp  []int
	keep int // a cell for what arrives, which the arguments may ask for
}

func (n *pureNode) apply(m *machine, args []val) val {
	v, err := n.fn(m, args)
	if err != nil {
		m.why = failure{span: n.span, err: err}
		return bottom
	}
	return v
}

func (n *pureNode) enter(m *machine) (node, status) {
	if v, ok := m.simple(n); ok {
		return n.leave(m, v)
	}
	m.cells[n.keep] = m.acc
	m.push(n, 0, 0, 0)
	return n.args[0], stNext
}

func (n *pureNode) resume(m *machine, f *frame) (node, status) {
	m.cells[n.tmp[f.idx]] = m.acc
	m.acc = m.cells[n.keep]
	if i := f.idx + 1; int(i) < len(n.args) {
		m.push(n, i, 0, 0)
		return n.args[i], stNext
	}
	args := make([]val, len(n.args))
	for i, t := range n.tmp[:len(args)] {
		args[i] = m.cells[t]
		m.cells[t] = absent
	}
	m.cells[n.keep] = absent
	return n.leave(m, m.lift(args, func(p []val) val { return n.apply(m, p) }))
}

func (n *pureNode) leave(m *machine, v val) (node, status) {
	if m.lane0(v) == bottom {
		return nil, stFail
	}
	m.acc = v
	return nil, stDone
}

// arithmetic is the function of an operator over numbers and booleans. Integers stay integers; "/" is
// exact where it can be and real elsewhere.
func arithmetic(op string) func(m *machine, args []val) (val, error) {
	return func(m *machine, args []val) (val, error) {
		vs := m.sp.vals
		x, y := vs.at(args[0]), vs.at(args[1])
		if x.kind == kindOpaque || y.kind == kindOpaque {
			return 0, fmt.Errorf("nothing is known of what is compared")
		}
		switch op {
		case "==":
			return vs.bool(equal(x, y, args)), nil
		case "!=":
			return vs.bool(!equal(x, y, args)), nil
		case "and", "or", "implies":
			if x.kind != kindBool || y.kind != kindBool {
				return 0, fmt.Errorf("'%s' needs conditions, not %s and %s", op, vs.describe(args[0]), vs.describe(args[1]))
			}
			a, b := x.i != 0, y.i != 0
			return vs.bool(map[string]bool{"and": a && b, "or": a || b, "implies": !a || b}[op]), nil
		}
		if x.kind == kindInterval || y.kind == kindInterval {
			return vs.interval(op, x, y)
		}
		a, ok := x.number()
		b, ok2 := y.number()
		if !ok || !ok2 {
			return 0, fmt.Errorf("'%s' needs numbers, not %s and %s", op, vs.describe(args[0]), vs.describe(args[1]))
		}
		switch op {
		case "<":
			return vs.bool(a < b), nil
		case "<=":
			return vs.bool(a <= b), nil
		case ">":
			return vs.bool(a > b), nil
		case ">=":
			return vs.bool(a >= b), nil
		}
		if x.kind == kindInt && y.kind == kindInt {
			return vs.integers(op, x.i, y.i)
		}
		switch op {
		case "+":
			return vs.real(a + b), nil
		case "-":
			return vs.real(a - b), nil
		case "*":
			return vs.realOrInt(a * b), nil
		case "/":
			if b == 0 {
				return 0, fmt.Errorf("division by zero")
			}
			return vs.real(a / b), nil
		}
		return 0, fmt.Errorf("'%s' needs integers", op)
	}
}

func equal(x, y *value, ids []val) bool {
	if ids[0] == ids[1] {
		return true
	}
	a, ok := x.number()
	b, ok2 := y.number()
	return ok && ok2 && a == b
}

// realOrInt keeps a width that was scaled (64 * 0.75) an integer where the product is one.
func (vs *values) realOrInt(f float64) val {
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return vs.int(int64(f))
	}
	return vs.real(f)
}

func (vs *values) integers(op string, a, b int64) (val, error) {
	switch op {
	case "+":
		if c := a + b; (c > a) == (b > 0) {
			return vs.int(c), nil
		}
	case "-":
		if c := a - b; (c < a) == (b > 0) {
			return vs.int(c), nil
		}
	case "*":
		if a == 0 || b == 0 {
			return vs.int(0), nil
		}
		if c := a * b; c/b == a && !(a == -1 && b == math.MinInt64) && !(b == -1 && a == math.MinInt64) {
			return vs.int(c), nil
		}
	case "/", "%":
		if b == 0 {
			return 0, fmt.Errorf("division by zero")
		}
		if op == "%" {
			return vs.int(((a % b) + b) % b), nil
		}
		if a%b == 0 {
			return vs.int(a / b), nil
		}
		return vs.real(float64(a) / float64(b)), nil
	}
	return 0, fmt.Errorf("%d %s %d is beyond 64 bits", a, op, b)
}

// interval bounds what an operator makes of continuous values: enough for an op's own bounds.
func (vs *values) interval(op string, x, y *value) (val, error) {
	ends := func(v *value) (lo, hi float64, ok bool) {
		if v.kind == kindInterval {
			return v.f, v.g, true
		}
		f, ok := v.number()
		return f, f, ok
	}
	a, b, ok := ends(x)
	c, d, ok2 := ends(y)
	if !ok || !ok2 {
		return 0, fmt.Errorf("'%s' needs numbers", op)
	}
	var all []float64
	switch op {
	case "+":
		all = []float64{a + c, b + d}
	case "-":
		all = []float64{a - d, b - c}
	case "*":
		all = []float64{a * c, a * d, b * c, b * d}
	case "/":
		if c <= 0 && d >= 0 {
			return 0, fmt.Errorf("division by a value that may be zero")
		}
		all = []float64{a / c, a / d, b / c, b / d}
	default:
		return 0, fmt.Errorf("a continuous value can't be compared or used as an integer: give its range points")
	}
	lo, hi := all[0], all[0]
	for _, f := range all {
		lo, hi = math.Min(lo, f), math.Max(hi, f)
	}
	return vs.intern(value{kind: kindInterval, f: lo, g: hi}), nil
}

// field is "x.name": an axis of a tensor by name, its rank, the arity of a tuple, its elements, or a named result
// of the op that made it.
func field(name string) func(m *machine, args []val) (val, error) {
	return func(m *machine, args []val) (val, error) {
		vs := m.sp.vals
		v := vs.at(args[0])
		switch v.kind {
		case kindOpaque:
			if i := slices.Index(v.keys, name); i >= 0 {
				return v.parts[i], nil
			}
			if name == "rank" && v.rank != unranked {
				return vs.int(int64(v.rank)), nil
			}
			return 0, fmt.Errorf("nothing is known of what arrives")
		case kindTuple:
			if name == "arity" {
				return vs.int(int64(len(v.parts))), nil
			}
			return 0, fmt.Errorf("a tuple of %d wires has no '%s'", len(v.parts), name)
		case kindTensor:
			_, _, nominal := v.shape.Nominal()
			switch {
			case name == "arity":
				return vs.int(1), nil
			case name == "rank" && !nominal:
				return vs.int(int64(len(v.shape))), nil
			case name == "elements" && !nominal:
				return vs.int(v.shape.Elements()), nil
			}
			if size, ok := v.shape.Axis(name); ok {
				return vs.int(int64(size)), nil
			}
			for i, k := range v.keys {
				if k == name {
					return v.parts[i], nil
				}
			}
			if nominal {
				return 0, fmt.Errorf("%s has no '%s'", v.shape, name)
			}
			shape := v.shape
			return 0, late(func() string {
				return fmt.Sprintf("%s has no axis '%s', and what made it no such result", shape, name)
			})
		}
		switch {
		case name == "arity":
			return vs.int(1), nil
		case v.kind == kindSymbol && slices.Contains(v.keys, name):
			return 0, fmt.Errorf("arguments aren't read: give '%s' a name with let, and both use it", name)
		}
		return 0, fmt.Errorf("%s has no '%s'", vs.describe(args[0]), name)
	}
}
