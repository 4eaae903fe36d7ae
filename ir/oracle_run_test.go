package ir_test

import (
	"fmt"
	"slices"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/parser"
	"github.com/spacec-lang/spacec/stdlib"
)

// The oracle is a second reading of docs/language.md, written without the solver: it takes the syntax tree from the
// parser and runs it as a reader would by hand, one derivation at a time. At each choice it takes whatever it
// is told, of all that is written; what doesn't fit ends the run. Nothing is looked ahead, shared or remembered, so
// all that it can do is try every derivation (oracle_enumerate_test.go).
//
// It knows a handful of ops (oracle_ops_test.go).
type oracle struct {
	file    *lang.File
	rules   map[string]*lang.Rule
	asking  map[*lang.Rule]bool // for the kind of what
	root    *scope
	nesting int
	deepest int    // nesting beyond which a run is given up
	most    int    // size beyond which a run is given up
	from    source // of the answers at hand
	sharing bool   // within a further use of a shared let
	peeking bool   // nothing may be drawn
	answers []int
	run     run
}

// run is one derivation, as far as it went.
type run struct {
	steps   []step
	why     string // it failed
	beyond  bool   // it was given up
	size    int
	params  int
	macs    int
	layers  int // of the longest path
	leaving int // the longest path to what leaves the net
	uses    map[string]int
	own     map[string]float64
	ops     []string
	weights [][3]int // the sizes of those of each op that has any
	fields  []string
}

// step is one choice of a run.
type step struct {
	n, option  int
	continuous bool
	weights    []share
	spans      []lang.Span // of the alternatives
}

type share struct {
	weight  float64
	percent bool
}

// source is where answers come from: new ones, or those of a let that was drawn; and which lets that are being drawn
// note them.
type source struct {
	read  *replay
	notes []*replay
}

type replay struct {
	list []int
	next int
}

// What a run panics with.
type (
	failed  struct{ why string } // the derivation is none
	undrawn struct{}             // a condition reads what is not drawn yet
	given   struct{}             // given up
)

func fail(format string, args ...any) { panic(failed{fmt.Sprintf(format, args...)}) }

// scope is the names of a place: lets, parameters, wires and fields.
type scope struct {
	parent *scope
	names  map[string]*named
	in     any // what arrived
	config bool
}

type named struct {
	kind    kind
	e       lang.Expr
	scope   *scope
	params  []lang.Param
	fresh   bool // a "rule" parameter
	share   bool
	from    source // where it was declared: its draw belongs there
	set     bool
	value   any
	drawn   *replay
	took    string   // the alternative that it is, for "is"
	weights [][3]int // the sizes of those of its first use
}

func (s *scope) find(name string) *named {
	for ; s != nil; s = s.parent {
		if n := s.names[name]; n != nil {
			return n
		}
	}
	return nil
}

func (s *scope) inner() *scope {
	return &scope{parent: s, names: map[string]*named{}, in: s.in, config: s.config}
}

func newOracle(file *lang.File) *oracle {
	o := &oracle{file: file, rules: map[string]*lang.Rule{}, asking: map[*lang.Rule]bool{}, deepest: 60, most: 1 << 20}
	text, _ := stdlib.Source("std")
	for _, f := range []*lang.File{parser.ParseFile(lang.NewSource("std", text), &diag.Report{}), file} {
		for _, d := range f.Decls {
			if r, ok := d.(*lang.Rule); ok {
				o.rules[r.Name.Name] = r
			}
		}
	}
	return o
}

// derive runs the file once, with answers given as far as they go and the first option from there on.
func (o *oracle) derive(answers []int) (r run) {
	o.answers, o.nesting, o.from, o.sharing, o.peeking = answers, 0, source{}, false, false
	o.run = run{uses: map[string]int{}, own: map[string]float64{}}
	defer func() {
		r = o.run
		switch p := recover().(type) {
		case nil:
		case failed:
			r.why = p.why
		case undrawn:
			r.why = "something is not drawn yet"
		case given:
			r.beyond = true
		default:
			panic(p)
		}
	}()
	o.whole()
	return
}

// whole is the net, the configs, and what the file requires.
func (o *oracle) whole() {
	o.root = &scope{names: map[string]*named{}}
	var inputs []any
	var outputs []*tensor
	for _, d := range o.file.Decls {
		switch d := d.(type) {
		case *lang.Let:
			o.let(d, o.root)
		case *lang.Port:
			t := &tensor{}
			for _, a := range d.Type.(*lang.TensorType).Axes {
				name := ""
				if a.Name != nil {
					name = a.Name.Name
				}
				t.names, t.sizes = append(t.names, name), append(t.sizes, int(o.value(a.Size, o.root, nil).(int64)))
			}
			if d.Output {
				outputs = append(outputs, t)
			} else {
				inputs = append(inputs, t)
			}
		}
	}
	if net := o.rules["net"]; net != nil {
		s := o.root.inner()
		s.in = tuple(inputs)
		left := parts(o.apply(net.Body, s, s.in))
		for i, w := range left {
			t, ok := w.(*tensor)
			if !ok {
				fail("the net leaves a tuple in a tuple")
			}
			if outputs != nil && (len(left) != len(outputs) || !slices.Equal(t.sizes, outputs[i].sizes)) {
				fail("the net leaves %v", left)
			}
			o.run.leaving = max(o.run.leaving, t.depth)
		}
	}
	for _, d := range o.file.Decls {
		if c, ok := d.(*lang.Config); ok {
			o.config(c)
		}
	}
	for _, d := range o.file.Decls {
		if r, ok := d.(*lang.Require); ok {
			for _, c := range r.Conds {
				if !o.bound(c) {
					o.require(c, o.root)
				}
			}
		}
	}
}

func (o *oracle) config(c *lang.Config) {
	s := o.root.inner()
	s.config = true
	var after []lang.Expr
	for _, item := range c.Items {
		switch item := item.(type) {
		case *lang.Let:
			o.let(item, s)
		case *lang.Require:
			after = append(after, item.Conds...)
		case *lang.Field:
			v := o.value(item.Value, s, nil)
			s.names[item.Name.Name] = &named{kind: aValue, set: true, value: v}
			o.run.fields = append(o.run.fields, fmt.Sprintf("%s.%s = %s", c.Name.Name, item.Name.Name, show(v)))
		}
	}
	for _, e := range after {
		o.require(e, s)
	}
}

// pick is one answer, and the step noted where it is new.
func (o *oracle) pick(s step) int {
	if o.peeking {
		panic(undrawn{})
	}
	if r := o.from.read; r != nil {
		if r.next == len(r.list) {
			fail("a repeated let asks for more than was drawn")
		}
		s.option = r.list[r.next]
		r.next++
	} else {
		if s.n == 0 {
			fail("there is nothing to choose")
		}
		if k := len(o.run.steps); k < len(o.answers) {
			s.option = o.answers[k]
		}
		o.run.steps = append(o.run.steps, s)
	}
	if s.option >= s.n {
		fail("a repeated let has no such option here")
	}
	for _, n := range o.from.notes {
		n.list = append(n.list, s.option)
	}
	return s.option
}

// within runs f with answers from another source.
func (o *oracle) within(s source, f func()) {
	saved := o.from
	defer func() { o.from = saved }()
	o.from = s
	f()
}

// peek is a value without drawing anything; false where that can't be.
func (o *oracle) peek(e lang.Expr, s *scope, here any) (v any, ok bool) {
	saved := o.peeking
	defer func() {
		o.peeking = saved
		if p := recover(); p != nil {
			if _, no := p.(undrawn); !no {
				panic(p)
			}
			v, ok = nil, false
		}
	}()
	o.peeking = true
	return o.value(e, s, here), true
}

// require fails unless a condition holds; on what is not drawn, it does.
func (o *oracle) require(e lang.Expr, s *scope) {
	if v, ok := o.peek(e, s, nil); ok && v != true {
		fail("required: %s", e.Pos().Text())
	}
}

func (o *oracle) let(d *lang.Let, s *scope) {
	for _, b := range d.Bindings {
		n := &named{e: b.Body, scope: s, params: b.Params, share: d.Share, from: o.from}
		inner := s.inner()
		for _, p := range b.Params {
			inner.names[p.Name.Name] = &named{kind: aValue, set: true}
		}
		n.kind = o.kind(b.Body, inner)
		s.names[b.Name.Name] = n
	}
}

// force is the value of a let or of a parameter, drawn where it was not.
func (o *oracle) force(n *named) any {
	if !n.set {
		o.within(n.from, func() { n.value = o.value(n.e, n.scope, nil) })
		n.set = true
	}
	return n.value
}

// use applies a let of a module: drawn at the first use, read again at each further one.
func (o *oracle) use(n *named, args []lang.Arg, s *scope, x any) (left any) {
	inner := n.scope.inner()
	for i, e := range byParameter(args, n.params) {
		if e == nil {
			e = n.params[i].Default
		}
		inner.names[n.params[i].Name.Name] = &named{kind: aValue, set: true, value: o.value(e, s, x)}
	}
	before := len(o.run.weights)
	if n.drawn == nil {
		d := &replay{}
		o.within(source{n.from.read, append(slices.Clone(n.from.notes), d)}, func() {
			left = o.apply(n.e, inner, x)
		})
		if c, ok := bare(n.e).(*lang.Choice); ok {
			n.took = head(c.Alts[d.list[0]].Body)
		}
		n.drawn, n.weights = d, o.run.weights[before:]
		return left
	}
	saved := o.sharing
	o.sharing = saved || n.share
	o.within(source{read: &replay{list: n.drawn.list}}, func() { left = o.apply(n.e, inner, x) })
	o.sharing = saved
	if n.share && !slices.Equal(o.run.weights[before:], n.weights) {
		fail("shared weights of other sizes")
	}
	return left
}

// call enters a rule.
func (o *oracle) call(r *lang.Rule, args []lang.Arg, s *scope, x any) *scope {
	if o.nesting++; o.nesting > o.deepest {
		panic(given{})
	}
	inner := &scope{parent: o.root, names: map[string]*named{}, in: x, config: s.config}
	for i, e := range byParameter(args, r.Params) {
		p := r.Params[i]
		n := &named{e: e, scope: s, fresh: p.Rule, from: o.from}
		if e == nil {
			n.e, n.scope = p.Default, inner
		}
		n.kind = o.kind(n.e, n.scope)
		inner.names[p.Name.Name] = n
	}
	return inner
}

// byParameter are the arguments by parameter, nil where none is given.
func byParameter(args []lang.Arg, params []lang.Param) []lang.Expr {
	out := make([]lang.Expr, len(params))
	next := 0
	for _, a := range args {
		if a.Name != nil {
			next = slices.IndexFunc(params, func(p lang.Param) bool { return p.Name.Name == a.Name.Name })
		}
		out[next] = a.Value
		next++
	}
	return out
}
