package grammar

import (
	"strings"
	"sync"

	"github.com/alecthomas/chroma/v2"
)

// Lexer is the grammar for chroma, of a language whose standard library has ops and rules of the given names.
func Lexer(library []string) (chroma.Lexer, error) {
	rules := []chroma.Rule{{Pattern: `(?<=\S)[ \t]+`, Type: chroma.TextWhitespace}} // most of them, and quickly
	for _, p := range patterns(library) {
		var emitters []chroma.Emitter
		for _, c := range p.classes {
			token := chroma.Text
			if c != "" {
				token = looks[c].token
			}
			emitters = append(emitters, token)
		}
		rule := chroma.Rule{Pattern: p.regex, Type: chroma.ByGroups(emitters...)}
		if len(emitters) == 1 {
			rule.Type = emitters[0]
		}
		rules = append(rules, rule)
	}
	rules = append(rules, chroma.Rule{Pattern: `[^\S\n]+|\n`, Type: chroma.TextWhitespace})
	return chroma.NewLexer(&chroma.Config{Name: "Search space", Aliases: []string{"space"}, Filenames: []string{"*.space"}},
		func() chroma.Rules { return chroma.Rules{"root": rules} })
}

// ClassOf is the class of a token of the lexer, "" where it has none.
func ClassOf(token chroma.TokenType) Class {
	for c, look := range looks {
		if look.token == token {
			return c
		}
	}
	return ""
}

// Scope is what the TextMate grammar calls a class.
func Scope(c Class) string { return looks[c].scope + ".space" }

// Painter colours text for terminals. Its methods may be called from several goroutines.
type Painter struct {
	library func() []string
	once    sync.Once
	lexer   chroma.Lexer // nil where it can't be made: then text stays as it is
	ansi    map[chroma.TokenType]string
}

// NewPainter makes a painter. The names of the standard library are asked for when something is painted first.
func NewPainter(library func() []string) *Painter { return &Painter{library: library} }

// maxPaint is the longest text that is painted, in bytes: chroma takes half a second for a hundred thousand.
const maxPaint = 1 << 15

// Paint is a text with ANSI sequences around what has a colour; of more than 32 kB, the text as it is.
func (p *Painter) Paint(text string) string {
	if len(text) > maxPaint {
		return text
	}
	p.once.Do(func() {
		p.lexer, _ = Lexer(p.library())
		p.ansi = map[chroma.TokenType]string{}
		for _, look := range looks {
			p.ansi[look.token] = look.ansi
		}
	})
	if p.lexer == nil {
		return text
	}
	tokens, err := p.lexer.Tokenise(nil, text)
	if err != nil {
		return text
	}
	var b strings.Builder
	for t := tokens(); t != chroma.EOF; t = tokens() {
		if color := p.ansi[t.Type]; color != "" {
			b.WriteString("\x1b[" + color + "m" + t.Value + "\x1b[0m")
		} else {
			b.WriteString(t.Value)
		}
	}
	return b.String()
}
