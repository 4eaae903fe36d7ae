package ir

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spacec-lang/spacec/ir/op"
)

// val names an interned value: equal values have equal numbers. Interning makes a state of the machine
// a short list of numbers, which is what lets whole states be compared and remembered.
type val int32

// absent is the value of a cell that holds nothing (a let not drawn yet); bottom stands in a lane that
// failed.
const (
	absent val = iota
	bottom
	valFalse
	valTrue
	valUnit // what a config leaves: nothing to go on with
)

type valueKind uint8

const (
	kindNone     valueKind = iota
	kindInt                // i
	kindReal               // f
	kindInterval           // f..g, a continuous value not yet drawn: all that is known is where it lies
	kindBool
	kindSymbol // s, and parts: the arguments of a config's call, in order of keys
	kindString // s
	kindTensor // shape; with keys and parts: named results of the op that made it
	kindTuple  // parts
	kindLanes  // parts: one value for each arrival that a let is solved for at once; s: their classes, a rune each (lanes.go)
	kindTable  // parts: arrival, leaving, cost, class, ...: what a drawn let does to each arrival; s: which alternative it is
	kindInts   // parts: integers given to a parameter of kind Ints
	kindCosts  // s: eight bytes each (cost.go)
	kindOpaque // i: something of which nothing is known but, it may be, its rank (place.go)
	kindFree   // a number that is to be used again
)

type value struct {
	kind  valueKind
	rank  int8 // of something opaque
	i     int64
	f, g  float64
	s     string
	keys  []string // names of a symbol's arguments
	parts []val
	shape op.Shape

	tensors []op.Tensor // of a wire, as ops take it; nil until asked for
}

// values is the table of interned values.
type values struct {
	list  []value
	free  []val   // numbers to be used again
	slots []int32 // by hash: a value's number and one, or 0; the next slot where another value stands there. A power of two
}

func newValues() *values {
	vs := &values{slots: make([]int32, 256)}
	for i, v := range []value{{}, {s: "bottom"}, {kind: kindBool}, {kind: kindBool, i: 1}, {s: "unit"}} {
		if got := vs.intern(v); got != val(i) {
			panic("values: wrong order of constants")
		}
	}
	return vs
}

// release forgets types and what is made of them, from a value on, and uses their numbers again. Other values stay: domains
// of points hold them.
func (vs *values) release(from int) {
	vs.free = vs.free[:0]
	for id := len(vs.list) - 1; id >= from; id-- {
		switch v := &vs.list[id]; v.kind {
		case kindOpaque:
			if len(v.keys) == 0 {
				continue
			}
			fallthrough
		case kindTensor, kindTuple, kindLanes, kindTable, kindInts, kindCosts:
			*v = value{kind: kindFree}
			fallthrough
		case kindFree:
			vs.free = append(vs.free, val(id))
		}
	}
	vs.spread(len(vs.slots))
}

func (vs *values) at(v val) *value { return &vs.list[v] }

// intern gives a value its number.
func (vs *values) intern(v value) val {
	i := vs.slot(&v)
	if id := vs.slots[i]; id != 0 {
		return val(id - 1)
	}
	return vs.add(v, i)
}

// add gives a value that stands nowhere yet a number, and its slot.
func (vs *values) add(v value, i uint64) val {
	id := val(len(vs.list))
	if k := len(vs.free); k > 0 {
		id, vs.free = vs.free[k-1], vs.free[:k-1]
		vs.list[id] = v
	} else {
		vs.list = append(vs.list, v)
	}
	if vs.slots[i] = int32(id) + 1; 2*len(vs.list) > len(vs.slots) {
		vs.spread(4 * len(vs.slots))
	}
	return id
}

// slot is where a value stands in the table, or would.
func (vs *values) slot(v *value) uint64 {
	mask := uint64(len(vs.slots) - 1)
	for i := v.hash() & mask; ; i = (i + 1) & mask {
		if id := vs.slots[i]; id == 0 || vs.list[id-1].equals(v) {
			return i
		}
	}
}

// spread makes the table anew, with so many slots.
func (vs *values) spread(slots int) {
	vs.slots = make([]int32, slots)
	for id := range vs.list {
		if v := &vs.list[id]; v.kind != kindFree {
			vs.slots[vs.slot(v)] = int32(id) + 1
		}
	}
}

func (v *value) hash() uint64 {
	h := uint64(v.kind) + uint64(v.rank)<<8 + uint64(v.i)<<16
	add := func(x uint64) { h = (h ^ h>>29 ^ x) * 0x9e3779b97f4a7c15 }
	text := func(s string) {
		for i := range len(s) {
			add(uint64(s[i]))
		}
	}
	add(math.Float64bits(v.f))
	add(math.Float64bits(v.g))
	text(v.s)
	for _, k := range v.keys {
		text(k)
	}
	for _, p := range v.parts {
		add(uint64(p))
	}
	for _, a := range v.shape {
		x := uint64(a.Size)
		if a.Name != "" {
			x ^= uint64(a.Name[0])<<56 ^ uint64(len(a.Name))<<48
		}
		add(x)
	}
	return mix(h)
}

func (v *value) equals(w *value) bool {
	return v.kind == w.kind && v.i == w.i && v.rank == w.rank && v.s == w.s && slices.Equal(v.parts, w.parts) && slices.Equal(v.shape, w.shape) &&
		math.Float64bits(v.f) == math.Float64bits(w.f) && math.Float64bits(v.g) == math.Float64bits(w.g) && slices.Equal(v.keys, w.keys)
}

func (vs *values) int(i int64) val      { return vs.intern(value{kind: kindInt, i: i}) }
func (vs *values) real(f float64) val   { return vs.intern(value{kind: kindReal, f: f + 0}) }
func (vs *values) symbol(s string) val  { return vs.intern(value{kind: kindSymbol, s: s}) }
func (vs *values) text(s string) val    { return vs.intern(value{kind: kindString, s: s}) }
func (vs *values) shape(s op.Shape) val { return vs.intern(value{kind: kindTensor, shape: s}) }

func (vs *values) bool(b bool) val {
	if b {
		return valTrue
	}
	return valFalse
}

// tuple copies parts; a tuple of one is its part.
func (vs *values) tuple(parts []val) val {
	if len(parts) == 1 {
		return parts[0]
	}
	return vs.set(parts)
}

// set is a tuple of any number of parts, one included.
func (vs *values) set(parts []val) val {
	if id := vs.slots[vs.slot(&value{kind: kindTuple, parts: parts})]; id != 0 {
		return val(id - 1)
	}
	return vs.intern(value{kind: kindTuple, parts: slices.Clone(parts)})
}

// lanes copies parts; lanes that are all alike are one value.
func (vs *values) lanes(parts []val) val { return vs.lanesOf(parts, "") }

// lanesOf are lanes of classes.
func (vs *values) lanesOf(parts []val, classes string) val {
	same := classes == ""
	for _, p := range parts {
		same = same && p == parts[0]
	}
	if same {
		return parts[0]
	}
	return vs.intern(value{kind: kindLanes, s: classes, parts: append([]val(nil), parts...)})
}

// class is that of lane j, as a value.
func (vs *values) class(v val, j int) val {
	if x := vs.at(v); x.kind == kindLanes {
		if of := []rune(x.s); j < len(of) {
			return vs.int(int64(of[j]))
		}
	}
	return vs.int(0)
}

// lane is lane j of a value whose number is id.
func (v *value) lane(j int, id val) val {
	if v.kind != kindLanes {
		return id
	}
	if j < len(v.parts) {
		return v.parts[j]
	}
	return bottom
}

// result is a named result of an op: one number, or several.
func (vs *values) result(numbers []int) val {
	parts := make([]val, len(numbers))
	for i, n := range numbers {
		parts[i] = vs.int(int64(n))
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return vs.intern(value{kind: kindInts, parts: parts})
}

// tensor is a wire of a shape, which it copies, at a depth in layers where those matter, with the named results that are asked for.
func (vs *values) tensor(s op.Shape, depth int64, results []op.Export, asked map[string]bool) val {
	v := value{kind: kindTensor, shape: s, i: depth}
	for _, r := range results {
		if asked[r.Name] {
			v.keys, v.parts = append(v.keys, r.Name), append(v.parts, vs.result(r.Values))
		}
	}
	i := vs.slot(&v)
	if id := vs.slots[i]; id != 0 {
		return val(id - 1)
	}
	v.shape = slices.Clone(s)
	return vs.add(v, i)
}

// bare is a wire without named results: they belong to the wire that the op made, as its block names it, and
// travel no further.
func (m *machine) bare(v val) val {
	if len(m.sp.results) > 0 && m.laned(v) {
		return m.lift([]val{v}, func(p []val) val { return m.sp.bare(p[0]) })
	}
	return m.sp.bare(v)
}

func (sp *Space) bare(v val) val {
	if len(sp.results) == 0 {
		return v
	}
	switch t := sp.vals.at(v); {
	case t.kind == kindTensor && len(t.keys) > 0:
		return sp.vals.intern(value{kind: kindTensor, shape: t.shape, i: t.i})
	case t.kind == kindOpaque && len(t.keys) > 0:
		return sp.opaque(int(t.i), int(t.rank))
	}
	return v
}

// number is a value as a float, and whether it is a number at all.
func (v *value) number() (float64, bool) {
	switch v.kind {
	case kindInt:
		return float64(v.i), true
	case kindReal:
		return v.f, true
	}
	return 0, false
}

// describe is a value as a user would write it.
func (vs *values) describe(id val) string {
	v := vs.at(id)
	switch v.kind {
	case kindInt:
		return strconv.FormatInt(v.i, 10)
	case kindReal:
		return formatReal(v.f)
	case kindInterval:
		return formatReal(v.f) + ".." + formatReal(v.g)
	case kindBool:
		return strconv.FormatBool(v.i != 0)
	case kindString:
		return strconv.Quote(v.s)
	case kindTensor:
		return v.shape.String()
	case kindSymbol:
		if len(v.parts) == 0 {
			return v.s
		}
		args := make([]string, len(v.parts))
		for i, p := range v.parts {
			switch arg := vs.at(p); {
			case v.keys[i] != strconv.Itoa(i):
				args[i] = v.keys[i] + ": " + vs.describe(p)
			case arg.kind == kindSymbol && len(arg.parts) == 0: // a name alone would give its name to the argument
				args[i] = "(" + arg.s + ")"
			default:
				args[i] = vs.describe(p)
			}
		}
		return v.s + "(" + strings.Join(args, ", ") + ")"
	case kindLanes: // of what arrives at a let, the one at hand
		return vs.describe(v.parts[0])
	case kindTuple, kindInts:
		parts := make([]string, len(v.parts))
		for i, p := range v.parts {
			parts[i] = vs.describe(p)
		}
		return "(" + strings.Join(parts, ", ") + ")"
	}
	return fmt.Sprintf("(%s)", v.s)
}

// formatReal is the shortest text that reads back as the same real, always with a point or exponent.
func formatReal(f float64) string {
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(s, ".eEnI") {
		s += ".0"
	}
	return s
}
