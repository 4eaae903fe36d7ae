package docs_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/parser"
	"github.com/spacec-lang/spacec/stdlib"
)

// TestGeneratedOps keeps the pages of the ops, and their index, what the library declares.
func TestGeneratedOps(t *testing.T) {
	var index strings.Builder
	index.WriteString(generatedOps + `# Ops of the standard library

` + "`use std`" + ` brings these into a file. Each has a page.

`)
	pages := map[string]string{"README.md": ""}
	names, byFamily := families()
	for _, family := range names {
		var links []string
		for _, s := range byFamily[family] {
			links = append(links, fmt.Sprintf("[%s](%s.md)", s.Name, s.Name))
			pages[s.Name+".md"] = opPage(t, s)
		}
		fmt.Fprintf(&index, "- %s: %s\n", family, strings.Join(links, ", "))
	}
	index.WriteString("- [derived rules](#derived-rules), written in the language itself\n" + `
Sizes leave out the batch axis, which is implied. An axis parameter counts axes from 1. A parameter may be given by position, in
the order of the table, or by name; its value may be a choice, a range or anything that gives a value of its kind. ` + "`in.c`" + `
stands for the size of the axis c that arrives.

Every example is one that the tests build: the shape that arrives, the op, and the shape that leaves, with the learnt
numbers (params) and the multiplications for one example (macs) that it costs.
` + derivedRules(t))
	pages["README.md"] = index.String()
	currentFolder(t, "ops", pages)
}

const generatedOps = "<!-- Generated from package stdlib by go generate ./docs; don't edit. -->\n"

// families are the library's families in order of first use, and their ops.
func families() (names []string, ops map[string][]*op.Spec) {
	ops = map[string][]*op.Spec{}
	for _, s := range stdlib.Library().Specs() {
		if ops[s.Family] == nil {
			names = append(names, s.Family)
		}
		ops[s.Family] = append(ops[s.Family], s)
	}
	return names, ops
}

func opPage(t *testing.T, s *op.Spec) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(generatedOps)
	summary, rest, _ := strings.Cut(strings.TrimSpace(s.Doc), "\n")
	fmt.Fprintf(&b, "# %s\n\n%s\n", s.Name, prose(summary))
	if rest != "" {
		fmt.Fprintf(&b, "\n%s\n", prose(rest))
	}
	if len(s.Params) > 0 {
		b.WriteString("\n| parameter | kind | default | |\n| --- | --- | --- | --- |\n")
		for i := range s.Params {
			p := &s.Params[i]
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", p.Name, kind(p), preset(p), prose(p.Doc))
		}
	}
	expr, arriving, ok := strings.Cut(s.Example, " : ")
	if !ok {
		t.Fatalf("the example of %s names no type that arrives", s.Name)
	}
	leaving, costs := applied(t, s.Name, expr, arriving)
	fmt.Fprintf(&b, "\n    %s  >>  %s  >>  %s\n", arriving, expr, leaving)
	fmt.Fprintf(&b, "\n%s\n\nThe %s family; [all ops](README.md).\n", costs, s.Family)
	return b.String()
}

// kind is what a parameter takes, with its bounds.
func kind(p *op.Param) string {
	text := map[op.Kind]string{op.Int: "whole number", op.Real: "number", op.Bool: "true or false", op.Symbol: "name",
		op.Ints: "whole numbers"}[p.Kind]
	number := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	switch {
	case !p.Bounded:
	case p.Max >= op.MaxElements:
		text += " from " + number(p.Min)
	default:
		text += " from " + number(p.Min) + " to " + number(p.Max)
	}
	return text
}

// preset is what holds where a parameter is left out.
func preset(p *op.Param) string {
	switch {
	case p.DefaultDoc != "":
		return prose(p.DefaultDoc)
	case p.Default != nil:
		return fmt.Sprint(p.Default)
	}
	return "must be given"
}

// prose is a text of the library for a page: lines run together, marks of Markdown are taken as they are.
func prose(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	return strings.NewReplacer("*", `\*`, "_", `\_`, "<", "&lt;", "|", `\|`).Replace(text)
}

// applied is what an op leaves of what arrives, and what it costs, by building a net of it alone.
func applied(t *testing.T, name, expr, arriving string) (leaving, costs string) {
	t.Helper()
	types := []string{arriving}
	if strings.HasPrefix(arriving, "(") {
		types = strings.SplitAfter(strings.Trim(arriving, "()"), "]")
	}
	text := "edition 1\nspace example\nuse std\n"
	for i, ty := range types {
		if ty = strings.TrimLeft(ty, ", "); ty != "" {
			text += fmt.Sprintf("input x%d: %s\n", i, ty)
		}
	}
	space, report := load(name+".space", text+"net = "+expr+"\n")
	if space == nil {
		t.Fatalf("the example of %s: %s", name, said(report))
	}
	point, err := space.Only()
	if err != nil {
		t.Fatal(err)
	}
	built, err := point.Build()
	if err != nil {
		t.Fatal(err)
	}
	var shapes []string
	for _, p := range built.Graph.OutPort {
		shapes = append(shapes, p.Shape.String())
	}
	leaving = strings.Join(shapes, ", ")
	if len(shapes) > 1 {
		leaving = "(" + leaving + ")"
	}
	var sums []string
	for _, c := range point.Costs() {
		sums = append(sums, fmt.Sprintf("%s %.0f", c.Name, c.Value))
	}
	return leaving, strings.Join(sums, ", ")
}

// derivedRules lists the rules of the standard library with their text.
func derivedRules(t *testing.T) string {
	t.Helper()
	text, ok := stdlib.Source("std")
	if !ok {
		t.Fatal("there is no module std")
	}
	var b strings.Builder
	b.WriteString("\n## Derived rules\n")
	for _, d := range parser.ParseFile(lang.NewSource("std.space", text), &diag.Report{}).Decls {
		if r, ok := d.(*lang.Rule); ok {
			fmt.Fprintf(&b, "\n### %s\n\n%s\n\n    %s\n", r.Name.Name, prose(r.Doc), strings.ReplaceAll(r.Span.Text(), "\n", "\n    "))
		}
	}
	return b.String()
}
