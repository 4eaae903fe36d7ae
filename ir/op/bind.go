package op

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/spacec-lang/spacec/lang"
)

// BindError tells which argument of a call is wrong. Index is its position from 0 among the positional
// arguments, or -1; Name is its name where it was given by name, or the parameter that is missing.
type BindError struct {
	Index   int
	Name    string
	Message string // a sentence that names op and parameter
}

func (e *BindError) Error() string { return e.Message }

// Bind gives the parameters of an op their arguments: positional ones in order, then named ones, then
// defaults. A value is an int, float64, bool, string or []int; an int is taken where a real is wanted. The
// error is a *BindError.
func Bind(s *Spec, positional []any, named map[string]any) (Args, error) {
	a := Args{Spec: s, Values: make([]any, len(s.Params))}
	for i, v := range positional {
		p := min(i, len(s.Params)-1)
		if p < 0 || p < i && s.Params[p].Kind != Ints {
			return Args{}, &BindError{i, "", fmt.Sprintf("%s takes %s; %s given", s.Name,
				atMost(len(s.Params)), isAre(len(positional)))}
		}
		v, err := s.Params[p].check(s, v)
		if err != "" {
			return Args{}, &BindError{i, "", err}
		}
		if more, ok := v.([]int); ok && a.Values[p] != nil {
			v = append(a.Values[p].([]int), more...)
		}
		a.Values[p] = v
	}
	for i := range s.Params {
		p := &s.Params[i]
		v, given := named[p.Name]
		if !given {
			continue
		}
		if a.Values[i] != nil {
			return Args{}, &BindError{-1, p.Name, fmt.Sprintf("%s of %s is given twice, by position and by name", p.Name, s.Name)}
		}
		v, err := p.check(s, v)
		if err != "" {
			return Args{}, &BindError{-1, p.Name, err}
		}
		a.Values[i] = v
	}
	if name, ok := unknown(s, named); ok {
		return Args{}, &BindError{-1, name, fmt.Sprintf("%s has no parameter %s; it has %s", s.Name, name, s.parameters())}
	}
	for i := range s.Params {
		p := &s.Params[i]
		if a.Values[i] != nil {
			continue
		}
		if p.Default == nil && p.DefaultDoc == "" {
			return Args{}, &BindError{-1, p.Name, fmt.Sprintf("%s needs its %s, %s", s.Name, p.Name, p.wants())}
		}
		a.Values[i] = p.Default
	}
	return a, nil
}

// unknown is the first name, in the order of the alphabet, that isn't a parameter's.
func unknown(s *Spec, named map[string]any) (string, bool) {
	var names []string
	for name := range named {
		if s.Param(name) < 0 {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return "", false
	}
	sort.Strings(names)
	return names[0], true
}

func atMost(n int) string {
	switch n {
	case 0:
		return "no arguments"
	case 1:
		return "1 argument at most"
	}
	return fmt.Sprintf("%d arguments at most", n)
}

func isAre(n int) string {
	if n == 1 {
		return "1 is"
	}
	return fmt.Sprintf("%d are", n)
}

func (s *Spec) parameters() string {
	if len(s.Params) == 0 {
		return "none"
	}
	names := make([]string, len(s.Params))
	for i := range s.Params {
		names[i] = s.Params[i].Name
	}
	return strings.Join(names, ", ")
}

// check gives the value as the parameter holds it, or the sentence that refuses it.
func (p *Param) check(s *Spec, v any) (any, string) {
	refuse := func() (any, string) {
		return nil, fmt.Sprintf("%s of %s is %s, not %s", p.Name, s.Name, p.wants(), shown(v))
	}
	within := func(x float64) bool { return !p.Bounded || x >= p.Min && x <= p.Max }
	switch p.Kind {
	case Int:
		if n, ok := v.(int); ok && within(float64(n)) {
			return n, ""
		}
	case Real:
		x, ok := v.(float64)
		if n, isInt := v.(int); isInt {
			x, ok = float64(n), true
		}
		if ok && !math.IsNaN(x) && !math.IsInf(x, 0) && within(x) {
			return x, ""
		}
	case Bool:
		if _, ok := v.(bool); ok {
			return v, ""
		}
	case Symbol, Text:
		if _, ok := v.(string); ok {
			return v, ""
		}
	case Ints:
		list, ok := v.([]int)
		if n, isInt := v.(int); isInt {
			list, ok = []int{n}, true
		}
		for _, n := range list {
			ok = ok && within(float64(n))
		}
		if ok {
			return append([]int(nil), list...), ""
		}
	}
	return refuse()
}

// wants is what a parameter holds, as a noun: "a whole number from 1 to 8".
func (p *Param) wants() string {
	noun := [...]string{"a whole number", "a number", "true or false", "a name", "a text", "whole numbers"}[p.Kind]
	if p.Bounded && p.Kind != Bool && p.Kind != Symbol && p.Kind != Text {
		if p.Max >= MaxElements {
			return noun + " of at least " + number(p.Min)
		}
		return noun + " from " + number(p.Min) + " to " + number(p.Max)
	}
	return noun
}

func number(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }

func shown(v any) string {
	switch v := v.(type) {
	case nil:
		return "nothing"
	case string:
		return strconv.Quote(v)
	}
	return fmt.Sprint(v)
}

// Param is the index of the parameter of a name, or -1.
func (s *Spec) Param(name string) int {
	for i := range s.Params {
		if s.Params[i].Name == name {
			return i
		}
	}
	return -1
}

// Value is the argument of a parameter; nil where absent.
func (a Args) Value(name string) any {
	if i := a.Spec.Param(name); i >= 0 {
		return a.Values[i]
	}
	return nil
}

// Has tells whether a parameter has an argument or a default.
func (a Args) Has(name string) bool { return a.Value(name) != nil }

// Int is a whole number; 0 where absent.
func (a Args) Int(name string) int {
	n, _ := a.Value(name).(int)
	return n
}

// IntOr is a whole number, or one that stands for it where absent.
func (a Args) IntOr(name string, absent int) int {
	if n, ok := a.Value(name).(int); ok {
		return n
	}
	return absent
}

// Real is a number; 0 where absent.
func (a Args) Real(name string) float64 {
	x, _ := a.Value(name).(float64)
	return x
}

// Bool is true or false; false where absent.
func (a Args) Bool(name string) bool {
	v, _ := a.Value(name).(bool)
	return v
}

// Symbol is a name; "" where absent.
func (a Args) Symbol(name string) string {
	v, _ := a.Value(name).(string)
	return v
}

// Ints are whole numbers; nil where absent.
func (a Args) Ints(name string) []int {
	v, _ := a.Value(name).([]int)
	return v
}

// Literal is how a symbol or a text is written: a name as itself, anything else between quotes.
func Literal(k Kind, s string) string {
	name := s != ""
	for i, c := range s {
		name = name && (c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || i > 0 && c >= '0' && c <= '9')
	}
	if k == Symbol && name && !slices.Contains(lang.ReservedWords(), s) {
		return s
	}
	return strconv.Quote(s)
}

// String is the call in the language, with the arguments that aren't their defaults: "conv(8, stride: 2)".
func (a Args) String() string {
	var parts []string
	positional := true
	for i := range a.Spec.Params {
		p, v := &a.Spec.Params[i], a.Values[i]
		list, isList := v.([]int)
		if v == nil || !isList && v == p.Default {
			positional = false
			continue
		}
		text := fmt.Sprint(v)
		switch v := v.(type) {
		case float64:
			if text = number(v); !strings.ContainsAny(text, ".e") {
				text += ".0"
			}
		case string:
			text = Literal(p.Kind, v)
		case []int:
			items := make([]string, len(list))
			for i, n := range list {
				items[i] = strconv.Itoa(n)
			}
			text = strings.Join(items, ", ")
		}
		if !positional {
			text = p.Name + ": " + text
		}
		parts = append(parts, text)
	}
	if len(parts) == 0 {
		return a.Spec.Name
	}
	return a.Spec.Name + "(" + strings.Join(parts, ", ") + ")"
}
