package main

import (
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/lang/grammar"
	"github.com/spacec-lang/spacec/parser"
	"github.com/spacec-lang/spacec/stdlib"
)

// paint colours .space text as editors do. What has no colour costs nothing: the lexer is made when the first text comes.
func (a *app) paint(text string) string {
	if a.painter == nil {
		a.painter = grammar.NewPainter(libraryNames)
	}
	return a.painter.Paint(text)
}

// libraryNames are the names of the standard library's ops and rules.
func libraryNames() []string {
	var names []string
	for _, spec := range stdlib.Library().Specs() {
		names = append(names, spec.Name)
	}
	text, _ := stdlib.Source("std")
	for _, d := range parser.ParseFile(lang.NewSource("std.space", text), &diag.Report{}).Decls {
		if r, ok := d.(*lang.Rule); ok {
			names = append(names, r.Name.Name)
		}
	}
	return names
}
