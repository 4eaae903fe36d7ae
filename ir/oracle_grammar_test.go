package ir_test

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"
)

// grammar writes random files. Its first choice everywhere is the simplest, so that what fails shrinks to little.
type grammar struct {
	r     *rapid.T
	fresh int
}

// known is what a place may mention.
type known struct {
	values  []string // lets and parameters that are whole numbers
	modules []string // lets and parameters that are modules
	withArg []string // lets with a parameter
	wires   []string
	tested  map[string][]string // lets of modules, with the names of their alternatives
	rules   []string            // without parameters
	plain   bool                // within something that is drawn once: nothing asks for what arrives
}

func (k known) inner() known {
	c := k
	c.values = k.values[:len(k.values):len(k.values)]
	c.modules = k.modules[:len(k.modules):len(k.modules)]
	c.withArg = k.withArg[:len(k.withArg):len(k.withArg)]
	c.wires = k.wires[:len(k.wires):len(k.wires)]
	c.tested = map[string][]string{}
	for n, t := range k.tested {
		c.tested[n] = t
	}
	return c
}

func (g *grammar) below(n int) int { return rapid.IntRange(0, n-1).Draw(g.r, "") }
func (g *grammar) one(list ...string) string {
	return list[g.below(len(list))]
}
func (g *grammar) rarely(n int) bool { return g.below(n) == n-1 }
func (g *grammar) name(stem string) string {
	g.fresh++
	return fmt.Sprintf("%s%d", stem, g.fresh)
}

// several draws the parts of a list, of one or more.
func (g *grammar) several(most int, sep string, f func() string) string {
	var list []string
	for range 1 + g.below(most) {
		list = append(list, f())
	}
	return strings.Join(list, sep)
}

// value is a whole number, small.
func (g *grammar) value(k known, depth int) string {
	if depth <= 0 {
		if len(k.values) > 0 && !g.rarely(2) {
			return g.one(k.values...)
		}
		return g.one("2", "3", "4", "1")
	}
	switch g.below(9) {
	case 0:
		return g.one("2", "3", "4", "1")
	case 1, 2:
		if len(k.values) > 0 {
			return g.one(k.values...)
		}
		return g.one("2", "3")
	case 3:
		return g.one("2..3", "1..3 step 2", "1..4 step *2", "2..4")
	case 4:
		if len(k.values) == 0 {
			return "(1 " + g.one("+", "*") + " 2)"
		}
		return "(" + g.one(k.values...) + " " + g.one("+", "*", "%", "-") + " " + g.value(k, 0) + ")"
	case 5:
		k := k.inner()
		k.tested = nil // what is not drawn yet has no value
		return "(if " + g.condition(k) + " then " + g.value(k, 0) + " else " + g.value(k, 0) + ")"
	default:
		return "(" + g.alternatives(k, func() string { return g.value(k, depth-1) }, func(k known) string { return g.condition(k) }) + ")"
	}
}

// alternatives are those of a choice, with weights and guards.
func (g *grammar) alternatives(k known, body func() string, condition func(known) string) string {
	text := body()
	weights := 0
	for range 1 + g.below(3) {
		alt := body()
		if g.rarely(4) {
			w := g.one("[2]", "[0.5]", "[each]", "[30%]")
			if weights++; weights < 3 || w != "[30%]" {
				alt += " " + w
			}
		}
		if g.rarely(4) {
			alt += " if " + condition(k)
		}
		text += " | " + alt
	}
	return text
}

// condition is one over what is named.
func (g *grammar) condition(k known) string {
	var list []string
	for _, v := range k.values {
		list = append(list, v+" == 2", v+" > 2", v+" != 3", v+" + 1 <= 3", v+" % 2 == 0")
		for _, w := range k.values {
			if w != v {
				list = append(list, v+" != "+w, v+" + "+w+" <= 5", v+" * "+w+" > 4", v+" < "+w)
			}
		}
	}
	for n, alts := range k.tested {
		for _, a := range alts {
			list = append(list, n+" is "+a)
		}
	}
	sortStrings(list)
	if len(list) == 0 {
		return g.one("1 < 2", "2 == 3")
	}
	a := g.one(list...)
	switch g.below(6) {
	case 4:
		return "not (" + a + ")"
	case 5:
		return a + " " + g.one("and", "or", "implies") + " " + g.one(list...)
	}
	return a
}

// guarding is a condition of an alternative of modules: it may ask for what arrives.
func (g *grammar) guarding(k known) string {
	if !k.plain && !g.rarely(2) {
		return g.one("in.c == 3", "in.c > 2", "in.h >= 4", "in.arity == 1")
	}
	return g.condition(k)
}

func (g *grammar) leaf(k known) string {
	switch n := g.below(11); {
	case n == 0:
		return "relu"
	case n == 1:
		return "tanh"
	case n == 2:
		return g.one("conv(3)", "conv(2)", "conv")
	case n == 3:
		return "conv(" + g.value(k, 1) + ")"
	case n == 4:
		return g.one("max_pool(2)", "skip", "conv(3, stride: 2)")
	case n == 5:
		return "conv(" + g.one("3", "in.c", g.value(k, 0)) + ", kernel: " + g.value(k, 1) + ")"
	case n <= 7 && len(k.modules) > 0:
		return g.one(k.modules...)
	case n == 8 && len(k.withArg) > 0:
		return g.one(k.withArg...) + "(" + g.value(k, 0) + ")"
	case n >= 9 && len(k.rules) > 0:
		return strings.ReplaceAll(g.one(k.rules...), "()", "")
	}
	return g.one("relu", "tanh", "sigmoid")
}

// module is an operand.
func (g *grammar) module(k known, depth int) string {
	if depth <= 0 {
		return g.leaf(k)
	}
	again := func() string { return g.module(k, depth-1) }
	switch g.below(14) {
	case 0, 1:
		return g.leaf(k)
	case 2, 3:
		return "(" + again() + " >> " + g.several(2, " >> ", again) + ")"
	case 4, 5, 6:
		return "(" + g.alternatives(k, again, g.guarding) + ")"
	case 7:
		return again() + "{" + g.one("2", "0..2", "1 | 2", g.value(k, 0)) + "}"
	case 8:
		return again() + "?"
	case 9:
		return "(" + again() + g.one(" + ", " ++ ", " * ") + again() + ")"
	case 10:
		return "(clone(2) >> (" + again() + ", " + again() + ") >> " + g.one("add", "concat") + ")"
	case 11:
		return "(clone(2) >> each(" + again() + ") >> " + g.one("add", "concat") + ")"
	case 12:
		return "(clone(2) >> " + g.one("2", "(1..2)", "(2 [3] | 3)") + " of (" + again() + g.one("", " [2]") + " | " + again() + " | " + again() + ") >> " + g.one("concat", "add") + ")"
	}
	return g.block(k, depth)
}

// block is one with lets, wires and requirements.
func (g *grammar) block(k known, depth int) string {
	b := k.inner()
	var list []string
	for range g.below(3) {
		list = append(list, g.let(&b, depth-1))
	}
	b.wires = []string{"in"}
	for range g.below(3) {
		w := g.name("h")
		list = append(list, w+" = "+g.wire(b, depth-1))
		b.wires = append(b.wires, w)
	}
	if g.rarely(3) {
		list = append(list, "require "+g.condition(b))
	}
	if g.rarely(4) {
		b.wires = nil
		return "{ " + strings.Join(append(list, g.module(b, depth-1)), "; ") + " }"
	}
	return "{ " + strings.Join(append(list, g.wire(b, depth-1)), "; ") + " }"
}

// wire is an expression that starts from a wire.
func (g *grammar) wire(k known, depth int) string {
	w := func() string { return g.one(k.wires...) }
	inside := k
	inside.wires = nil
	switch g.below(8) {
	case 5:
		return "(" + g.alternatives(k, func() string { return "(" + w() + " >> " + g.module(inside, depth-1) + ")" }, g.condition) + ")"
	case 6:
		return "(" + w() + g.one(" + ", " ++ ") + w() + ")"
	case 7:
		return g.one("2", "(1..3)") + " of (" + w() + " | " + w() + " | " + w() + " >> relu) >> " + g.one("add", "concat")
	case 4:
		return "((" + w() + " | " + w() + ") >> " + g.module(inside, depth-1) + ")"
	}
	return w() + " >> " + g.module(inside, depth-1)
}

// let declares one, and adds its name to what is known.
func (g *grammar) let(k *known, depth int) string {
	inside := k.inner()
	inside.wires, inside.plain = nil, true
	switch g.below(6) {
	case 0, 1:
		n := g.name("w")
		text := "let " + n + " = " + g.value(inside, 1)
		k.values = append(k.values, n)
		return text
	case 2:
		n := g.name("m")
		text := "let " + n + " = relu | " + g.one("tanh", "skip") + " | conv(" + g.value(inside, 1) + ")"
		k.modules = append(k.modules, n)
		k.tested[n] = []string{"relu", "conv"}
		return text
	case 3:
		n := g.name("l")
		inside.values = append(inside.values, "p")
		text := "let " + n + "(p) = conv(p, kernel: " + g.value(inside, 1) + ")" + g.one("", " >> (relu | tanh)", " | conv(p) >> relu")
		k.withArg = append(k.withArg, n)
		return text
	}
	n := g.name("m")
	inside.plain = g.rarely(2)
	text := g.one("let ", "share let ") + n + " = " + g.module(inside, depth)
	k.modules = append(k.modules, n)
	return text
}

// rule declares one.
func (g *grammar) rule(k *known, depth int) string {
	n := g.name("r")
	b := k.inner()
	b.wires, b.plain = []string{"in"}, false
	params, args := []string{}, []string{}
	inside := k.inner()
	inside.wires = nil
	if g.rarely(2) {
		p := g.name("p")
		params, args = append(params, p), append(args, g.value(inside, 1))
		b.values = append(b.values, p)
	}
	if g.rarely(2) {
		p := g.name("a")
		params, args = append(params, g.one("", "rule ")+p), append(args, g.module(inside, depth-1))
		b.modules = append(b.modules, p)
	}
	if g.rarely(4) {
		p := g.name("d")
		params = append(params, p+" = "+g.value(inside, 1))
		b.values = append(b.values, p)
	}
	var body string
	if g.rarely(3) {
		body = g.wire(b, depth)
	} else {
		b.wires = nil
		body = g.module(b, depth)
	}
	text := "rule " + n
	if len(params) > 0 {
		text += "(" + strings.Join(params, ", ") + ")"
	}
	k.rules = append(k.rules, n+"("+strings.Join(args, ", ")+")")
	return text + " = " + body
}

// config declares one.
func (g *grammar) config(k known) string {
	b := k.inner()
	list := []string{}
	for range 1 + g.below(3) {
		n := g.name("f")
		switch g.below(6) {
		case 0, 1:
			list = append(list, n+": "+g.value(b, 1))
			b.values = append(b.values, n)
		case 2:
			list = append(list, n+": sgd(m: "+g.value(b, 1)+") | adam | x"+g.one("", " [2]", " [40%]"))
			b.tested[n] = []string{"sgd", "adam"}
		case 3:
			list = append(list, n+": "+g.one("2", "(1..3)")+" of (x | y | z)")
		case 4:
			list = append(list, n+": 0.0..1.0")
		case 5:
			w := g.name("w")
			list = append(list, "let "+w+" = "+g.value(b, 1))
			b.values = append(b.values, w)
			list = append(list, n+": "+g.value(b, 1))
		}
		if g.rarely(3) {
			list = append(list, "require "+g.condition(b))
		}
	}
	return "config c {\n  " + strings.Join(list, "\n  ") + "\n}"
}

func sortStrings(list []string) {
	for i := range list {
		for j := i; j > 0 && list[j] < list[j-1]; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
}

// randomFile is a small space.
func randomFile(r *rapid.T) string {
	g := &grammar{r: r}
	k := known{tested: map[string][]string{}}
	lines := []string{"edition 1", "space t", "use std", "input x: [c: 3, h: 8, w: 8]"}
	depth := 1 + g.below(2)
	for range g.below(3) {
		lines = append(lines, g.let(&k, 1))
	}
	for range g.below(3) {
		lines = append(lines, g.rule(&k, depth))
	}
	lines = append(lines, "net = "+g.module(k, depth+1))
	if g.rarely(3) {
		lines = append(lines, g.config(k))
	}
	if g.rarely(3) {
		lines = append(lines, "require "+g.condition(k))
	}
	for range g.below(3) {
		lines = append(lines, g.bound())
	}
	if strings.Contains(strings.Join(lines, "\n"), "bits") {
		lines = append(lines, "cost bits { conv: kernel * c + 0.5; relu: 1 }")
	}
	return strings.Join(lines, "\n") + "\n"
}

// bound is a requirement on a cost.
func (g *grammar) bound() string {
	switch g.below(6) {
	case 0:
		return "require params " + g.one("<= 120", "<= 300", "> 0", ">= 84", "< 57", "== 84", "== 0")
	case 1:
		return "require layers " + g.one("<= 2", "<= 3", ">= 2", "== 2", "> 1", "< 4")
	case 2:
		return "require count(" + g.one("conv", "relu", "skip") + ") " + g.one("<= 1", "== 1", ">= 1", "== 0", "== 2")
	case 3:
		return "require macs " + g.one("<= 10k", ">= 5184", "<= 3456")
	case 4:
		return "require 2 >= layers"
	}
	return "require bits " + g.one("<= 10", ">= 5", "<= 20.5")
}
