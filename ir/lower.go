package ir

import (
	"fmt"
	"sort"
	"strings"

	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// Lowering turns the syntax tree into nodes. A rule called with arguments that mention nothing of the
// caller becomes a procedure, one for each set of arguments; a call whose arguments mention the caller's
// names is lowered in place, its parameters being lets of a scope of their own. So every name is a cell
// of the procedure at hand, and the machine needs no closures.
type lowerer struct {
	sp     *Space
	report *diag.Report
	files  []*lang.File          // the file and those that it uses, the file itself last
	rules  map[string]*lang.Rule // of the files
	std    map[string]*lang.Rule // of the standard library
	types  map[string]*lang.TypeDecl
	// sees are the texts whose names are known in a text: itself and those that it uses.
	sees    map[*lang.Source]map[*lang.Source]bool
	lib     *op.Library
	globals map[string]*binding // lets of the file, as written; each procedure binds those that it imports
	top     *scopeNode          // the file's scope
	order   []string            // of globals
	uses    map[*lang.Rule]*ruleUses
	kinds   map[*lang.Rule]expKind // what rules are, once the kinds of globals are known
	procs   map[string]*proc
	all     []*proc
	nodes   int32
	used    map[any]bool    // declarations that something mentions
	tested  map[string]bool // names that some "is" tests
	depth   int

	requiring bool                  // in a requirement at the top of a file
	stdless   map[*lang.Source]bool // files that were told to use the standard library
}

// ruleUses is what a rule mentions, directly or by the rules that it calls.
type ruleUses struct {
	rules   map[*lang.Rule]bool
	globals map[string]bool
}

// scope is the names visible at a place.
type scope struct {
	parent *scope
	unit   *unit
	names  map[string]*binding
	in     *int // the cell of "in"; set to a cell when something asks for it
	inKind expKind
	node   *scopeNode
	cells  *[]int // cells to clear at the end
	labels map[string]int
	config bool // names that mean nothing are symbols
}

// unit is the procedure being lowered: where cells come from.
type unit struct {
	cells int
	free  []int
	local map[string]*binding
}

// binding is what a name means.
type binding struct {
	name   string
	span   lang.Span
	kind   expKind
	cell   int
	let    *let
	module bool         // a module let with a table
	once   lang.Expr    // a let that is used once: lowered where it is used; or a "rule" parameter
	fresh  bool         // of once: a "rule" parameter
	env    *scope       // of once: the names that it sees
	params []lang.Param // of a let with parameters
	pcells []int
	home   *scopeNode // of once: the scope that declares it, where its path starts
	marked bool       // a wire that a call of unused lists: mark is the cell that its reads set
	mark   int
	value  bool                   // a plain cell: a wire, or a value given at the call
	may    func() (symbols, bool) // the symbols of a value that is drawn once; nil of a parameter, which each call writes anew
}

// expKind is what an expression is.
type expKind uint8

const (
	isModule expKind = iota
	isValue
	isWire
)

func (k expKind) String() string { return [...]string{"a module", "a value", "a wire"}[k] }

func (l *lowerer) info(span lang.Span) nodeInfo {
	l.nodes++
	return nodeInfo{l.nodes, span}
}

func (u *unit) cell() int {
	if n := len(u.free); n > 0 {
		c := u.free[n-1]
		u.free = u.free[:n-1]
		return c
	}
	u.cells++
	return u.cells - 1
}

func (u *unit) release(cells ...int) { u.free = append(u.free, cells...) }

func (u *unit) take(n int) []int {
	cells := make([]int, n)
	for i := range cells {
		cells[i] = u.cell()
	}
	return cells
}

// inner is a scope within s, of the same procedure.
func (s *scope) inner() *scope {
	return &scope{parent: s, unit: s.unit, names: map[string]*binding{}, in: s.in, inKind: s.inKind,
		node: s.node, cells: s.cells, labels: s.labels, config: s.config}
}

func (s *scope) find(name string) *binding {
	for ; s != nil; s = s.parent {
		if b := s.names[name]; b != nil {
			return b
		}
	}
	return nil
}

// visible are the names that a lookup could have found, for suggestions.
func (l *lowerer) visible(s *scope) []string {
	var names []string
	for t := s; t != nil; t = t.parent {
		for n := range t.names {
			names = append(names, n)
		}
	}
	for n := range l.rules {
		names = append(names, n)
	}
	for n := range l.std {
		names = append(names, n)
	}
	for n := range l.globals {
		names = append(names, n)
	}
	if !s.config {
		for _, spec := range l.lib.Specs() {
			names = append(names, spec.Name)
		}
		names = append(names, "each", "unused")
	}
	sort.Strings(names)
	return names
}

// label numbers a name where it occurs again in one scope: filters, filters#2.
func (s *scope) label(name string) string {
	s.labels[name]++
	if n := s.labels[name]; n > 1 {
		return fmt.Sprintf("%s#%d", name, n)
	}
	return name
}

// ruleAt is the rule that a name means in a text: the files' own goes before that of the standard library.
func (l *lowerer) ruleAt(at lang.Span, name string) *lang.Rule {
	if r := l.rules[name]; r != nil && l.sees[at.Source][r.Span.Source] {
		return r
	}
	return l.std[name]
}

// letAt is the let of a file that a name means in a text.
func (l *lowerer) letAt(at lang.Span, name string) *binding {
	if g := l.globals[name]; g != nil && l.sees[at.Source][g.span.Source] {
		return g
	}
	return nil
}

// bindingOf is what a name is bound to; nil where it is the name of a rule or an op, or means nothing.
func (l *lowerer) bindingOf(s *scope, at lang.Span, name string) *binding {
	if b := s.find(name); b != nil {
		return b
	}
	return l.global(s, at, name)
}

// global is the binding of a let of a file in the procedure at hand.
func (l *lowerer) global(s *scope, at lang.Span, name string) *binding {
	g := l.letAt(at, name)
	if g == nil {
		return nil
	}
	l.used[g] = true
	return s.unit.local[name]
}

// mentions collects what a rule mentions, by name. Over-counting is harmless: an import too many.
func (l *lowerer) mentions(r *lang.Rule) *ruleUses {
	if u := l.uses[r]; u != nil {
		return u
	}
	all := &ruleUses{map[*lang.Rule]bool{}, map[string]bool{}}
	var todo []any
	add := func(at lang.Span, name string, bound map[string]bool) {
		if bound[name] {
			return
		}
		if q := l.ruleAt(at, name); q != nil && !all.rules[q] {
			all.rules[q] = true
			todo = append(todo, q)
		}
		if g := l.letAt(at, name); g != nil && !all.globals[name] {
			all.globals[name] = true
			todo = append(todo, g)
		}
	}
	visit := func(e lang.Expr, params []lang.Param) {
		bound := map[string]bool{}
		for _, p := range params {
			bound[p.Name.Name] = true
			if p.Default != nil {
				eachName(p.Default, func(n string) { add(e.Pos(), n, nil) })
			}
		}
		eachName(e, func(n string) { add(e.Pos(), n, bound) })
	}
	visit(r.Body, r.Params)
	for len(todo) > 0 {
		next := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		switch n := next.(type) {
		case *lang.Rule:
			visit(n.Body, n.Params)
		case *binding:
			visit(n.once, n.params)
		}
	}
	l.uses[r] = all
	return all
}

// recursive tells whether a rule can reach itself.
func (l *lowerer) recursive(r *lang.Rule) bool { return l.mentions(r).rules[r] }

// eachName calls f with every name that an expression mentions.
func eachName(e lang.Node, f func(string)) {
	lang.Walk(e, func(n lang.Node) bool {
		switch n := n.(type) {
		case *lang.Name:
			f(n.Name)
		case *lang.Call:
			f(n.Fun.Name)
		}
		return true
	})
}

// kind is what an expression is, by its form and its names.
func (l *lowerer) kind(e lang.Expr, s *scope) expKind { return l.kindWithin(e, s, 0) }

func (l *lowerer) kindWithin(e lang.Expr, s *scope, depth int) expKind {
	if depth > 64 {
		return isModule
	}
	again := func(e lang.Expr) expKind { return l.kindWithin(e, s, depth+1) }
	switch e := e.(type) {
	case *lang.Number, *lang.Bool, *lang.String, *lang.Range, *lang.Access, *lang.Unary, *lang.Is, *lang.Cond:
		return isValue
	case *lang.Name:
		return l.nameKind(e.Span, e.Name, s, depth)
	case *lang.Call:
		return l.nameKind(e.Span, e.Fun.Name, s, depth)
	case *lang.Choice:
		kind := isModule
		for i, a := range e.Alts {
			if k := again(a.Body); i == 0 || k == isWire {
				kind = k
			}
		}
		return kind
	case *lang.Pipe:
		if again(e.Stages[0]) == isWire {
			return isWire
		}
	case *lang.Binary:
		switch e.Op {
		case "+", "*", "@", "++":
			x, y := again(e.X), again(e.Y)
			if x == isWire || y == isWire {
				return isWire
			}
			if x == isValue || y == isValue {
				return isValue
			}
			return isModule
		}
		return isValue
	case *lang.Tuple:
		kind := isModule
		for i, x := range e.Elems {
			if k := again(x); i == 0 || k == isWire {
				kind = k
			}
		}
		return kind
	case *lang.Paren:
		return again(e.X)
	case *lang.NOf:
		return again(e.X)
	case *lang.Block:
		if len(e.Stmts) == 0 {
			if k := again(e.Result); k == isValue {
				return k
			}
		}
	}
	return isModule
}

func (l *lowerer) nameKind(at lang.Span, name string, s *scope, depth int) expKind {
	if name == "in" {
		return s.inKind
	}
	if b := s.find(name); b != nil {
		return b.kind
	}
	if g := l.letAt(at, name); g != nil {
		return g.kind
	}
	if r := l.ruleAt(at, name); r != nil {
		if k, known := l.kinds[r]; known {
			return k
		}
		rs := &scope{names: map[string]*binding{}, unit: s.unit, inKind: isWire}
		for _, p := range r.Params {
			rs.names[p.Name.Name] = &binding{kind: isModule}
		}
		k := l.kindWithin(r.Body, rs, depth+8)
		if k == isWire {
			k = isModule // a rule that starts from its "in" is a module
		}
		if depth == 0 && l.kinds != nil {
			l.kinds[r] = k
		}
		return k
	}
	if !s.config && l.lib.Lookup(name) != nil {
		return isModule
	}
	if !s.config && name == "unused" {
		return isWire
	}
	if s.config || name == "nesting" || valueFunctions[name] != nil {
		return isValue
	}
	return isModule
}

// closed tells whether an expression mentions nothing of the procedure at hand.
func (l *lowerer) closed(e lang.Expr, s *scope) bool {
	ok := true
	eachName(e, func(name string) {
		if name == "in" {
			ok = false
			return
		}
		if b := s.find(name); b != nil && !(b.fresh && l.closed(b.once, b.env)) {
			ok = false
		}
	})
	return ok
}

// resolve follows a name that is a "rule" parameter to what was passed.
func resolve(e lang.Expr, s *scope) (lang.Expr, *scope) {
	for {
		switch n := e.(type) {
		case *lang.Paren:
			e = n.X
			continue
		case *lang.Name:
			if b := s.find(n.Name); b != nil && b.fresh {
				e, s = b.once, b.env
				continue
			}
		}
		return e, s
	}
}

// children calls f with each part of a node.
func children(n lang.Node, f func(lang.Node)) {
	self := true
	lang.Walk(n, func(c lang.Node) bool {
		if self {
			self = false
			return true
		}
		f(c)
		return false
	})
}

// countUses is how often a name is used on the way through a node, at most; 2 stands for more.
func countUses(n lang.Node, name string) int {
	count := func(e lang.Expr) int {
		if e == nil {
			return 0
		}
		return countUses(e, name)
	}
	switch e := n.(type) {
	case nil:
		return 0
	case *lang.Choice:
		most := 0
		for _, a := range e.Alts {
			most = max(most, count(a.Body)+count(a.Guard))
		}
		return most
	case *lang.Repeat:
		return 2*count(e.X) + count(e.Count)
	case *lang.NOf:
		total := 0
		children(e, func(c lang.Node) { total += countUses(c, name) })
		return total
	case *lang.Call:
		total := 0
		if e.Fun.Name == name {
			total = 1
		}
		for _, a := range e.Args {
			total += 2 * count(a.Value)
		}
		return total
	case *lang.Name:
		if e.Name == name {
			return 1
		}
		return 0
	}
	total := 0
	children(n, func(c lang.Node) { total += countUses(c, name) })
	return min(total, 2)
}

// headName is the name that an alternative goes by.
func headName(e lang.Expr) string {
	switch e := e.(type) {
	case *lang.Name:
		return e.Name
	case *lang.Call:
		return e.Fun.Name
	case *lang.Pipe:
		if h := headName(e.Stages[0]); len(e.Stages) > 1 && h == "in" {
			return headName(e.Stages[1])
		}
		return headName(e.Stages[0])
	case *lang.Repeat:
		return headName(e.X)
	case *lang.Optional:
		return headName(e.X)
	case *lang.Paren:
		return headName(e.X)
	case *lang.Binary:
		return headName(e.X)
	case *lang.Tuple:
		return headName(e.Elems[0])
	case *lang.Block:
		return headName(e.Result)
	case *lang.NOf:
		return headName(e.X)
	case *lang.Choice:
		return headName(e.Alts[0].Body)
	case *lang.Number:
		return e.Text
	case *lang.Bool:
		return fmt.Sprint(e.Value)
	case *lang.String:
		return e.Value
	case *lang.Unary:
		return e.Op + headName(e.X)
	case *lang.Range:
		return "range"
	}
	return strings.TrimSpace(e.Pos().Text())
}
