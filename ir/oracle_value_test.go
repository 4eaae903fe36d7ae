package ir_test

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/spacec-lang/spacec/lang"
)

// Values of the oracle are int64, float64, bool, string, symbol, continuous, *tensor and []any (a tuple).
type (
	symbol struct {
		name string
		keys []string
		args []any
	}
	continuous struct{}
)

type kind uint8

const (
	aModule kind = iota
	aValue
	aWire
)

// kind tells what an expression is, by its form.
func (o *oracle) kind(e lang.Expr, s *scope) kind {
	first := func(list ...lang.Expr) kind {
		k := o.kind(list[0], s)
		for _, x := range list[1:] {
			if o.kind(x, s) == aWire {
				k = aWire
			}
		}
		return k
	}
	named := func(name string) kind {
		if name == "in" {
			return aWire
		}
		if n := s.find(name); n != nil {
			return n.kind
		}
		if r := o.rules[name]; r != nil {
			inner := &scope{names: map[string]*named{}}
			for _, p := range r.Params {
				inner.names[p.Name.Name] = &named{kind: aModule}
			}
			if o.asking[r] {
				return aModule // one that leads to itself
			}
			o.asking[r] = true
			defer delete(o.asking, r)
			if _, isName := bare(r.Body).(*lang.Name); !isName && o.kind(r.Body, inner) == aValue {
				return aValue
			}
			return aModule
		}
		if s.config || slices.Contains([]string{"nesting", "min", "max", "ceil", "floor", "round"}, name) {
			return aValue
		}
		return aModule
	}
	switch e := e.(type) {
	case *lang.Number, *lang.Bool, *lang.String, *lang.Range, *lang.Access, *lang.Unary, *lang.Is, *lang.Cond:
		return aValue
	case *lang.Name:
		return named(e.Name)
	case *lang.Call:
		return named(e.Fun.Name)
	case *lang.Choice:
		var bodies []lang.Expr
		for _, a := range e.Alts {
			bodies = append(bodies, a.Body)
		}
		return first(bodies...)
	case *lang.Tuple:
		return first(e.Elems...)
	case *lang.Pipe:
		return o.kind(e.Stages[0], s)
	case *lang.Paren:
		return o.kind(e.X, s)
	case *lang.NOf:
		return o.kind(e.X, s)
	case *lang.Binary:
		if slices.Contains([]string{"+", "*", "@", "++"}, e.Op) {
			return first(e.X, e.Y)
		}
		return aValue
	}
	return aModule
}

// bare is an expression without its parentheses.
func bare(e lang.Expr) lang.Expr {
	for {
		p, ok := e.(*lang.Paren)
		if !ok {
			return e
		}
		e = p.X
	}
}

// head is the name of an alternative.
func head(e lang.Expr) string {
	switch e := bare(e).(type) {
	case *lang.Name:
		return e.Name
	case *lang.Call:
		return e.Fun.Name
	case *lang.Pipe:
		return head(e.Stages[0])
	case *lang.Repeat:
		return head(e.X)
	}
	return ""
}

// value computes an expression; "in" is what arrives here where that is not nil, else at the scope around.
func (o *oracle) value(e lang.Expr, s *scope, here any) any {
	switch e := e.(type) {
	case *lang.Number:
		if e.Int {
			return e.I
		}
		return e.Value
	case *lang.Bool:
		return e.Value
	case *lang.String:
		return e.Value
	case *lang.Paren:
		return o.value(e.X, s, here)
	case *lang.Name:
		return o.nameValue(e.Name, nil, s, here)
	case *lang.Call:
		return o.nameValue(e.Fun.Name, e.Args, s, here)
	case *lang.Choice:
		x := o.choose(e, s, here)
		return o.value(x.e, x.scope, here)
	case *lang.Range:
		return o.ranged(e, s, here)
	case *lang.NOf:
		var list []any
		o.several(e, s, here, func(_, _ int, body lang.Expr) { list = append(list, o.value(body, s, here)) })
		return list
	case *lang.Tuple:
		var list []any
		for _, x := range e.Elems {
			list = append(list, o.value(x, s, here))
		}
		return tuple(list)
	case *lang.Cond:
		if e.Else == nil {
			return o.value(e.If, s, here) != true || o.value(e.Then, s, here) == true
		}
		if o.value(e.If, s, here) == true {
			return o.value(e.Then, s, here)
		}
		return o.value(e.Else, s, here)
	case *lang.Unary:
		switch v := o.value(e.X, s, here).(type) {
		case bool:
			return !v
		case int64:
			return -v
		}
	case *lang.Binary:
		x := o.value(e.X, s, here)
		return binary(e.Op, x, o.value(e.Y, s, here))
	case *lang.Access:
		return field(o.value(e.X, s, here), e.Name.Name)
	case *lang.Is:
		if n, ok := e.X.(*lang.Name); ok {
			if b := s.find(n.Name); b.kind != aValue {
				if b.drawn == nil {
					panic(undrawn{})
				}
				return b.took == e.Name.Name
			}
		}
		v, ok := o.value(e.X, s, here).(symbol)
		return ok && v.name == e.Name.Name
	}
	panic(fmt.Sprintf("the oracle doesn't know %T", e))
}

func (o *oracle) nameValue(name string, args []lang.Arg, s *scope, here any) any {
	if name == "in" {
		if here != nil {
			return here
		}
		return s.in
	}
	if n := s.find(name); n != nil {
		switch {
		case n.set:
			return n.value
		case n.fresh:
			return o.value(n.e, n.scope, nil)
		}
		return o.force(n)
	}
	if r := o.rules[name]; r != nil {
		inner := o.call(r, args, s, here)
		defer func() { o.nesting-- }()
		return o.value(r.Body, inner, nil)
	}
	if name == "nesting" {
		return int64(o.nesting)
	}
	var list []any
	switch name {
	case "min", "max", "ceil", "floor", "round":
		for _, a := range args {
			list = append(list, o.value(a.Value, s, here))
		}
		return function(name, list)
	}
	sym := symbol{name: name}
	for i, a := range args {
		key := fmt.Sprint(i)
		if n, ok := a.Value.(*lang.Name); ok {
			key = n.Name
		}
		if a.Name != nil {
			key = a.Name.Name
		}
		sym.keys, sym.args = append(sym.keys, key), append(sym.args, o.value(a.Value, s, here))
	}
	return sym
}

func number(v any) float64 {
	switch v := v.(type) {
	case int64:
		return float64(v)
	case float64:
		return v
	}
	fail("%v is no number", v)
	return 0
}

func function(name string, args []any) any {
	x := number(args[0])
	switch name {
	case "ceil":
		return int64(math.Ceil(x))
	case "floor":
		return int64(math.Floor(x))
	case "round":
		return int64(math.Round(x))
	}
	best := args[0]
	for _, a := range args[1:] {
		if name == "min" && number(a) < number(best) || name == "max" && number(a) > number(best) {
			best = a
		}
	}
	return best
}

func binary(op string, x, y any) any {
	switch op {
	case "==", "!=":
		same := fmt.Sprint(x) == fmt.Sprint(y) && fmt.Sprintf("%T", x) == fmt.Sprintf("%T", y)
		if _, isBool := x.(bool); !isBool {
			if _, isSymbol := x.(symbol); !isSymbol {
				same = number(x) == number(y)
			}
		}
		return same == (op == "==")
	case "and", "or", "implies":
		a, ok := x.(bool)
		b, ok2 := y.(bool)
		if !ok || !ok2 {
			fail("'%s' of no conditions", op)
		}
		return op == "and" && a && b || op == "or" && (a || b) || op == "implies" && (!a || b)
	case "<":
		return number(x) < number(y)
	case "<=":
		return number(x) <= number(y)
	case ">":
		return number(x) > number(y)
	case ">=":
		return number(x) >= number(y)
	}
	a, ok := x.(int64)
	b, ok2 := y.(int64)
	if !ok || !ok2 {
		switch f, g := number(x), number(y); op {
		case "+":
			return f + g
		case "-":
			return f - g
		case "*":
			return f * g
		}
		fail("the oracle divides whole numbers")
	}
	switch op {
	case "+":
		return a + b
	case "-":
		return a - b
	case "*":
		return a * b
	}
	if b == 0 {
		fail("division by zero")
	}
	if op == "%" {
		return (a%b + b) % b
	}
	if a%b == 0 {
		return a / b
	}
	return float64(a) / float64(b)
}

func field(v any, name string) any {
	t, ok := v.(*tensor)
	if !ok {
		if name == "arity" {
			return int64(len(parts(v)))
		}
		fail("%v has no %s", v, name)
	}
	switch name {
	case "rank":
		return int64(len(t.sizes))
	case "arity":
		return int64(1)
	case "elements":
		return int64(t.elements())
	}
	if i := slices.Index(t.names, name); i >= 0 {
		return int64(t.sizes[i])
	}
	fail("no axis %s", name)
	return nil
}

// tuple is a tuple of values; of one, the value.
func tuple(list []any) any {
	if len(list) == 1 {
		return list[0]
	}
	return list
}

func parts(v any) []any {
	if list, ok := v.([]any); ok {
		return list
	}
	return []any{v}
}

// show is a value as the Go values of a built config print.
func show(v any) string {
	switch v := v.(type) {
	case symbol:
		if len(v.args) == 0 {
			return v.name
		}
		var list []string
		for i, a := range v.args {
			list = append(list, v.keys[i]+": "+show(a))
		}
		slices.Sort(list)
		return v.name + "(" + strings.Join(list, ", ") + ")"
	case []any:
		var list []string
		for _, a := range v {
			list = append(list, show(a))
		}
		return "(" + strings.Join(list, ", ") + ")"
	case continuous:
		return "real"
	}
	return fmt.Sprint(v)
}
