package parser

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/spacec-lang/spacec/lang"
)

// Grammar is the grammar of the language in EBNF: the productions that participle prints, those of the lists between
// braces, which are parsed by themselves, and the precedence of the operators.
func Grammar() string {
	var b strings.Builder
	b.WriteString("File = (Declaration (\";\" | <newline>)*)* .\n")
	bodies := strings.NewReplacer(`Config = "config" <name> "{" <body> "}"`, `Config = "config" <name> "{" Items "}"`,
		`Cost = "cost" <name> "{" <body> "}"`, `Cost = "cost" <name> "{" Entries "}"`,
		`From = "from" <name> "{" <body> "}"`, `From = "from" <name> "{" Decisions "}"`,
		`Block = "{" <body> "}"`, `Block = "{" Statements "}"`)
	alone := regexp.MustCompile(`\(("?\w+"?)\)`) // parentheses that held a look ahead
	seen := map[string]bool{}
	add := func(ebnf string) {
		for _, production := range strings.Split(bodies.Replace(ebnf), "\n") {
			name, _, _ := strings.Cut(production, " ")
			if !seen[name] {
				b.WriteString(alone.ReplaceAllString(withoutLookahead(production), "$1") + "\n")
			}
			seen[name] = true
		}
	}
	add(declarationParser().String())
	for _, list := range []struct{ name, element, ebnf string }{
		{"Statements", "Statement", statementParser().String()}, {"Items", "Item", itemParser().String()},
		{"Entries", "Entry", entryParser().String()}, {"Decisions", "Decision", decisionParser().String()},
	} {
		add(fmt.Sprintf("%s = (%s (\";\" | <newline>)*)* .", list.name, list.element))
		add(list.ebnf)
	}
	b.WriteString("\nThe last statement of a block, and no other, is a Choice.\n")
	b.WriteString("\nOperators, loosest first; in one line they bind alike:\n")
	last := lang.PrecChoice
	for _, op := range lang.Operators() {
		prec, _ := lang.BinaryPrecedence(op)
		if last < lang.PrecNot && prec > lang.PrecNot {
			b.WriteString("\n  not")
		}
		if prec != last {
			b.WriteString("\n ")
		}
		b.WriteString(" " + op)
		last = prec
	}
	b.WriteString("\n\n  - before an operand\n")
	return b.String()
}

// withoutLookahead leaves out the looks ahead, (?= ... ), which consume nothing and only save the parser work.
func withoutLookahead(production string) string {
	for {
		start := strings.Index(production, "(?= ")
		if start < 0 {
			return production
		}
		depth, end := 0, start
		for end < len(production) {
			switch production[end] {
			case '(':
				depth++
			case ')':
				depth--
			}
			end++
			if depth == 0 {
				break
			}
		}
		production = production[:start] + strings.TrimPrefix(production[end:], " ")
	}
}
