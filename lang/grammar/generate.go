//go:build ignore

// Generate writes the editor grammars; run it with "go generate ./lang/grammar".
package main

import (
	"log"
	"os"
	"path/filepath"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/lang/grammar"
	"github.com/spacec-lang/spacec/parser"
	"github.com/spacec-lang/spacec/stdlib"
)

func main() {
	log.SetFlags(0)
	var ops, rules []string
	for _, spec := range stdlib.Library().Specs() {
		ops = append(ops, spec.Name)
	}
	text, ok := stdlib.Source("std")
	if !ok {
		log.Fatal("the standard library has no file std")
	}
	var report diag.Report
	for _, d := range parser.ParseFile(lang.NewSource("std.space", text), &report).Decls {
		if r, ok := d.(*lang.Rule); ok {
			rules = append(rules, r.Name.Name)
		}
	}
	files, err := grammar.Files(ops, rules)
	if err != nil {
		log.Fatal(err)
	}
	for path, content := range files {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			log.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			log.Fatal(err)
		}
	}
}
