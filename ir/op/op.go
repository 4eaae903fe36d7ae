// Package op is the contract of an op: its parameters, its documentation, and one function, written
// against a small builder of tensor primitives, from which the shape rule, the cost and every backend's
// graph are read.
package op

import (
	"fmt"
	"strings"
)

// Axis is one axis of a tensor. Name may be empty.
type Axis struct {
	Name string
	Size int
}

// Shape is the axes of a tensor without the batch axis, which is implied and comes first in memory.
type Shape []Axis

// Elements is the number of elements of one example; 0 of a type that is no tensor.
func (s Shape) Elements() int64 {
	if _, _, ok := s.Nominal(); ok {
		return 0
	}
	n := int64(1)
	for _, a := range s {
		n *= int64(a.Size)
	}
	return n
}

// String is the shape as a type expression, "[c: 3, h: 32, w: 32]" or "qubits(4)".
func (s Shape) String() string {
	if name, args, ok := s.Nominal(); ok {
		return nominalString(name, args)
	}
	var b strings.Builder
	b.WriteByte('[')
	for i, a := range s {
		if i > 0 {
			b.WriteString(", ")
		}
		if a.Name != "" {
			b.WriteString(a.Name + ": ")
		}
		fmt.Fprint(&b, a.Size)
	}
	b.WriteByte(']')
	return b.String()
}

// Kind is what a parameter holds.
type Kind int

// The kinds of parameters.
const (
	Int Kind = iota
	Real
	Bool
	Symbol
	Text // any text, "Think step by step."
	Ints // any number of integers, the rest of the positional arguments: permute(2, 3, 1)
)

func (k Kind) String() string { return [...]string{"int", "real", "bool", "symbol", "text", "ints"}[k] }

// Param is a parameter of an op.
type Param struct {
	Name string
	Kind Kind
	// Default is an int, float64, bool or string; nil where the parameter must be given, or where
	// DefaultDoc says what it is when absent ("in.c").
	Default    any
	DefaultDoc string
	Min        float64 // least value of an Int or Real, when Bounded
	Max        float64
	Bounded    bool
	Doc        string
}

// Spec declares one op, once.
type Spec struct {
	Name    string
	Family  string // "convolution", "pooling", ...: where the reference lists it
	Doc     string // first line a summary; gives shapes and the source of the formula
	Example string // an expression in the language and, after " : ", the arriving type: "conv(8, 3) : [c: 3, h: 8, w: 8]"
	Params  []Param
	// Arity is how many tensors arrive; -1 for any number of two or more.
	Arity int
	// Wiring is set where the op only passes tensors on, as skip and clone do: it is no layer.
	Wiring bool
	// Opaque is set where a file declares the op: it has types and costs, and nothing that could be run.
	Opaque bool
	// Passes is set where of tensors that are alike, whatever they are, the op makes ones like them, without weights and
	// multiplications, as skip, clone and add.
	Passes bool
	// Fits, where it is there, tells at once that Apply would fail, without saying why: of what is offered much that doesn't
	// fit, such as joins.
	Fits func(args Args, in []Tensor) bool
	// Apply builds the op from primitives. It reports what can't be built by b.Fail, which ends it.
	Apply func(b Builder, args Args, in []Tensor) []Tensor
}

// Args are an op's arguments by parameter: each an int, float64, bool, string or []int, or nil where
// absent and without a default. Values have been checked against kinds and bounds.
type Args struct {
	Spec   *Spec
	Values []any // parallel to Spec.Params
}

// Library is a set of ops by name.
type Library struct {
	list   []*Spec
	byName map[string]*Spec
}

// NewLibrary makes a library of the given ops; two of one name are a programming error.
func NewLibrary(specs ...*Spec) *Library {
	l := &Library{byName: map[string]*Spec{}}
	for _, s := range specs {
		if l.byName[s.Name] != nil {
			panic("op declared twice: " + s.Name)
		}
		l.byName[s.Name] = s
		l.list = append(l.list, s)
	}
	return l
}

// Lookup is the op of a name, or nil.
func (l *Library) Lookup(name string) *Spec { return l.byName[name] }

// Specs are the library's ops in order of declaration.
func (l *Library) Specs() []*Spec { return l.list }
