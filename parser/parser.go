// Package parser turns the text of a .space file into its syntax tree.
//
// The text is scanned once (scan.go). One pass over the tokens then matches brackets, tells which line ends separate,
// limits the nesting, and cuts the file into chunks: a declaration each, and a statement each of what stands between the
// braces of blocks and the like (layout.go, brackets.go). Participle parses every chunk by itself, with the grammar in
// grammar.go, so that an error in one hides none in another and no error leads to a wrong one elsewhere; its result is
// turned into the tree of package lang (decl.go, expr.go, precedence.go). What participle says about an error is turned
// into words of the language (explain.go).
//
// All of it takes time proportional to the length of the file, whatever the file holds.
package parser

import (
	"strconv"
	"sync"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// ParseFile parses a file and reports all errors in it. It returns what could be parsed, never nil; where the report holds an
// error, parts are missing.
func ParseFile(src *lang.Source, report *diag.Report) *lang.File {
	file := &lang.File{Source: src}
	if !readable(src, report) {
		return file
	}
	text := scan(src, report)
	file.Comments = text.comments
	p := &parser{src: src, report: report, lists: cut(src, text.tokens, report), docs: text.docs}
	for _, c := range p.lists[0].chunks {
		if d := p.declaration(c); d != nil {
			file.Decls = append(file.Decls, d)
		}
	}
	if len(p.lists[0].chunks) == 0 && !report.Failed() {
		report.Errorf(diag.Empty, lang.Span{Source: src}, "the file declares nothing").
			Note("a space starts with 'space NAME' and has a 'net = ...' or a 'config'")
	}
	return file
}

// parser holds what the conversion of one file needs.
type parser struct {
	src    *lang.Source
	report *diag.Report
	lists  []*list
	docs   map[int]string
}

// The parsers that participle makes of the grammar, one for each kind of list. They are made once and never
// change.
var (
	declarationParser = sync.OnceValue(build[declaration])
	statementParser   = sync.OnceValue(build[statement])
	itemParser        = sync.OnceValue(build[item])
	entryParser       = sync.OnceValue(build[entry])
	decisionParser    = sync.OnceValue(build[decision])
)

func build[G any]() *participle.Parser[G] {
	return participle.MustBuild[G](participle.Lexer(tokens{}), participle.UseLookahead(0))
}

// parseChunk parses one chunk; nil where it is wrong, which is then reported, as is everything wrong in its bodies.
func parseChunk[G any](p *parser, parser *participle.Parser[G], c *chunk, kind listKind) *G {
	if !c.bad {
		p.spelling(c, kind)
	}
	if !c.bad {
		end := c.tokens[len(c.tokens)-1]
		eof := lexer.EOFToken(lexer.Position{Offset: end.Pos.Offset + len(end.Value), Line: end.Pos.Line})
		lex, err := lexer.Upgrade(&replay{append(c.tokens, eof)})
		if err == nil {
			var g *G
			if g, err = parser.ParseFromLexer(lex); err == nil {
				return g
			}
		}
		p.explain(c, kind, err)
	}
	p.bodies(c)
	return nil
}

// bodies parses the bodies of a chunk that is itself wrong, only to report what is wrong in them.
func (p *parser) bodies(c *chunk) {
	for _, t := range c.tokens {
		if t.Type != typeBody {
			continue
		}
		switch list := p.body(t); list.kind {
		case statements:
			p.statements(list)
		case items:
			p.items(list)
		case entries:
			p.entries(list)
		case decisions:
			p.decisions(list)
		}
	}
}

// body is the list that a Body token stands for.
func (p *parser) body(t lexer.Token) *list {
	n, err := strconv.Atoi(t.Value)
	if err != nil || n <= 0 || n >= len(p.lists) {
		return &list{}
	}
	return p.lists[n]
}

func (p *parser) span(t lexer.Token) lang.Span { return tokenSpan(p.src, t) }

func (p *parser) at(t lexer.Token) lang.At { return lang.At{Span: p.span(t)} }

// spanTo is the span from a token to the last of others, or of the token alone where there are none.
func (p *parser) spanTo(t lexer.Token, others []lexer.Token) lang.Span {
	if len(others) == 0 {
		return p.span(t)
	}
	return p.span(t).To(p.span(others[len(others)-1]))
}

func (p *parser) ident(t lexer.Token) lang.Ident { return lang.Ident{At: p.at(t), Name: t.Value} }

// declared is a name that is being declared, which "in" can't be.
func (p *parser) declared(t lexer.Token) lang.Ident {
	if t.Value == "in" {
		p.report.Errorf(diag.Syntax, p.span(t), "'in' is what arrives; nothing else can have this name")
	}
	return p.ident(t)
}
