package parser

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/lang"
)

func TestDeclarations(t *testing.T) {
	a, b, two := name("a"), name("b"), num("2", 2)
	integer, axis := id("int"), id("c")
	for _, test := range []struct {
		text string
		want []lang.Decl
	}{
		{"edition 1", []lang.Decl{&lang.Edition{Version: 1}}},
		{"/// One.\n///  Two.\nspace x", []lang.Decl{&lang.SpaceDecl{Doc: "One.\n Two.", Name: id("x")}}},
		{"/// Far.\n\nspace x", []lang.Decl{&lang.SpaceDecl{Name: id("x")}}},
		{"/// Doc.\nnet = a; rule b = a", []lang.Decl{&lang.Rule{Doc: "Doc.", Bare: true, Name: id("net"), Body: a},
			&lang.Rule{Name: id("b"), Body: a}}},
		{"use std; use \"a.space\"", []lang.Decl{&lang.Use{Path: "std"}, &lang.Use{Path: "a.space", File: true}}},
		{"input x: [c: a, 2, b]", []lang.Decl{&lang.Port{Name: id("x"), Type: &lang.TensorType{Axes: []lang.Axis{
			{Name: &axis, Size: a}, {Size: two}, {Size: b}}}}}},
		{"output y: qubits(2)", []lang.Decl{&lang.Port{Output: true, Name: id("y"),
			Type: &lang.NominalType{Name: id("qubits"), Args: []lang.Expr{two}}}}},
		{"net = a", []lang.Decl{&lang.Rule{Bare: true, Name: id("net"), Body: a}}},
		{"/// Doc.\nrule r(rule x, y: int = 2, z = a | b, rule) = a", []lang.Decl{&lang.Rule{Doc: "Doc.", Name: id("r"),
			Params: []lang.Param{{Rule: true, Name: id("x")}, {Name: id("y"), Kind: &integer, Default: two},
				{Name: id("z"), Default: either(a, b)}, {Name: id("rule")}}, Body: a}}},
		{"op = a; seed = b; rule step(log) = a", []lang.Decl{&lang.Rule{Bare: true, Name: id("op"), Body: a},
			&lang.Rule{Bare: true, Name: id("seed"), Body: b},
			&lang.Rule{Name: id("step"), Params: []lang.Param{{Name: id("log")}}, Body: a}}},
		{"let a = b,\n  b = a", []lang.Decl{&lang.Let{Bindings: []lang.Binding{{Name: id("a"), Body: b}, {Name: id("b"), Body: a}}}}},
		{"share let a = b", []lang.Decl{&lang.Let{Share: true, Bindings: []lang.Binding{{Name: id("a"), Body: b}}}}},
		{"require a <= 2, b", []lang.Decl{&lang.Require{Conds: []lang.Expr{bin(a, "<=", two), b}}}},
		{"maximize a\nminimize b", []lang.Decl{&lang.Objective{Maximize: true, Name: id("a")}, &lang.Objective{Name: id("b")}}},
		{"type image\ntype qubits(n, m)", []lang.Decl{&lang.TypeDecl{Name: id("image")},
			&lang.TypeDecl{Name: id("qubits"), Params: []lang.Ident{id("n"), id("m")}}}},
		{"op f", []lang.Decl{&lang.OpDecl{Name: id("f")}}},
		{"op f() : (x, [2]) -> y\n macs a\n requires a, b\n params 2\nnet = f", []lang.Decl{
			&lang.OpDecl{Name: id("f"), In: []lang.Type{&lang.NominalType{Name: id("x")},
				&lang.TensorType{Axes: []lang.Axis{{Size: two}}}}, Out: []lang.Type{&lang.NominalType{Name: id("y")}},
				Requires: []lang.Expr{a, b}, ParamCount: two, Macs: a},
			&lang.Rule{Bare: true, Name: id("net"), Body: name("f")}}},
		{"cost c { f: a * 2\n g: 2 }", []lang.Decl{&lang.Cost{Name: id("c"), Entries: []lang.CostEntry{
			{Op: id("f"), Value: bin(a, "*", two)}, {Op: id("g"), Value: two}}}}},
		{"seed s = a >> b", []lang.Decl{&lang.Seed{Name: id("s"), Body: pipe(a, b)}}},
		{"from s {\n a[2].b#2.c = -1.5e3; d = x#2\n e = true\n}", []lang.Decl{&lang.From{Space: id("s"), Decisions: []lang.FromDecision{
			{Path: "a[2].b#2.c", Value: "-1.5e3"}, {Path: "d", Value: "x#2"}, {Path: "e", Value: "true"}}}}},
		{"config t {\n /// How fast.\n lr: 2; let x = a\n require b\n}", []lang.Decl{&lang.Config{Name: id("t"), Items: []lang.ConfigItem{
			&lang.Field{Doc: "How fast.", Name: id("lr"), Value: two},
			&lang.Let{Bindings: []lang.Binding{{Name: id("x"), Body: a}}}, &lang.Require{Conds: []lang.Expr{b}}}}}},
		{"config t {}", []lang.Decl{&lang.Config{Name: id("t")}}},
	} {
		got := parse(t, test.text).Decls
		if diff := cmp.Diff(test.want, got, noSpans()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.text, diff)
		}
	}
}

func TestComments(t *testing.T) {
	file := parse(t, "// first\nnet = \"// no\" // second\r\n/// third")
	var got []string
	for _, c := range file.Comments {
		if c.Span.Text() != c.Text {
			t.Errorf("comment %q has the span of %q", c.Text, c.Span.Text())
		}
		got = append(got, c.Text)
	}
	if diff := cmp.Diff([]string{"// first", "// second", "/// third"}, got); diff != "" {
		t.Error(diff)
	}
}
