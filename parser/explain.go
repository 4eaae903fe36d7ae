package parser

import (
	"errors"
	"slices"
	"strings"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// mistake is a chunk that can't be parsed, and where.
type mistake struct {
	*parser
	chunk  *chunk
	kind   listKind
	found  lexer.Token
	before lexer.Token // the token before found; none where found is the first
	wanted string      // what participle expected, in EBNF; "" where it expected the end
}

// explain reports why participle can't parse a chunk.
func (p *parser) explain(c *chunk, kind listKind, err error) {
	var unexpected *participle.UnexpectedTokenError
	if !errors.As(err, &unexpected) {
		p.report.Errorf(diag.Syntax, p.span(c.tokens[0]), "this can't be read")
		return
	}
	m := mistake{parser: p, chunk: c, kind: kind, found: unexpected.Unexpected}
	_, wanted, _ := strings.Cut(unexpected.Message(), " (expected ")
	m.wanted = strings.TrimSuffix(wanted, ")")
	for _, t := range c.tokens {
		if t.Pos.Offset >= m.found.Pos.Offset && (t.Type == m.found.Type) {
			break
		}
		m.before = t
	}
	if m.found.Pos.Offset == c.tokens[0].Pos.Offset {
		m.first()
		return
	}
	if !m.habit() && !m.known() {
		d := m.report.Errorf(diag.Syntax, m.span(m.found), "expected %s, found %s", m.noun(), describe(m.found))
		if m.wanted == "" && m.found.Type == typeName && !m.isPlain() {
			d.Note("a sequence is written 'a >> b', a choice 'a | b'")
		}
	}
}

// first reports a chunk whose first token is wrong.
func (m *mistake) first() {
	at, second := m.span(m.found), m.token(1)
	switch {
	case m.found.Value == "#", m.found.Value == "-" && second.Value == "-" && joined(m.found, second):
		if m.found.Value == "-" {
			at = at.To(m.span(second))
		}
		m.report.Errorf(diag.Syntax, at, "a comment starts with '//'").Edit(at, "//")
		return
	case m.definition():
		return
	case m.kind == items && m.found.Type == typeString && second.Value == ":":
		m.report.Errorf(diag.Syntax, at, "the name of a field stands without quotes").Edit(at, strings.Trim(m.found.Value, `"`))
		return
	case m.kind == items && m.found.Value == "-":
		m.report.Errorf(diag.Syntax, at, "there are no lists: alternatives are written 'a | b | c'")
		return
	case m.kind == declarations && m.found.Value == "{":
		m.report.Errorf(diag.Syntax, at, "expected a declaration, found '{'").
			Note("a .space file is not JSON: a config is written 'config train { lr: 0.1 | 0.01 }'")
		m.chunk.tokens = m.chunk.tokens[:1] // what is in it would only repeat that
		return
	case m.kind == declarations && (m.found.Value == "(" || m.found.Value == "["):
		m.report.Errorf(diag.Syntax, at, "expected a declaration, found '%s'", m.found.Value).
			Note("'(', '{', '[' and '?' stand on the line of what they belong to")
		return
	case m.kind == declarations && m.found.Value == "<":
		m.report.Errorf(diag.Syntax, at, "names stand without '<' and '>'")
		return
	}
	d := m.report.Errorf(diag.Syntax, m.span(m.found), "expected %s, found %s",
		[...]string{"a declaration", "a statement", "a field", "the name of an op", "the path of a decision"}[m.kind],
		describe(m.found))
	switch {
	case m.kind != declarations:
	case len(m.chunk.tokens) == 1 || second.Value == "(" || second.Value == ">>":
		d.Note("a line goes on where the next one starts with an operator: '>> %s'", m.found.Value).
			Edit(lang.Span{Source: m.src, Start: at.Start, End: at.Start}, ">> ").Perhaps()
	default:
		d.Note("a declaration starts with 'net =', or with a word such as 'rule', 'let', 'input' or 'config'")
	}
}

// known reports the mistakes that have a better explanation than what was expected, and tells whether this is one.
func (m *mistake) known() bool {
	at, report := m.span(m.found), m.report
	expression := m.wantsExpression()
	switch {
	case m.found.Type == typeNewline:
		report.Errorf(diag.Syntax, at, "a line that goes on can't start with this").
			Note("'(', '{', '[' and '?' stand on the line of what they belong to")
	case m.found.Value == "if" && expression && m.before.Type == typeOperator:
		report.Errorf(diag.Syntax, at, "a condition after '%s' stands in parentheses", m.before.Value)
	case m.found.Value == "|" && m.before.Value == "|":
		both, instead := m.span(m.before).To(at), "|"
		if m.chunk.tokens[0].Value == "require" {
			instead = "or"
		}
		report.Errorf(diag.Syntax, both, "an alternative is missing between these").
			Note("a choice is written with '|', one of two conditions with 'or'").Edit(both, instead)
	case m.found.Value == "->" && m.wanted == "":
		report.Errorf(diag.Syntax, at, "a sequence is written with '>>'").Edit(at, ">>")
	case m.found.Value == "=" && m.wanted == `":" Choice`:
		report.Errorf(diag.Syntax, at, "a field is written 'name: value'").Edit(m.spaced(at), ": ")
	case m.found.Value == ":" && strings.HasPrefix(m.wanted, `"="`):
		m.meaning(at)
	case m.found.Value == "=" && m.wanted == `")"` && m.before.Type == typeName:
		report.Errorf(diag.Syntax, at, "an argument is named with ':'").Edit(m.spaced(at), ": ")
	case m.found.Value == "=" && (m.wanted == "" || m.wanted == `")"`):
		report.Errorf(diag.Syntax, at, "a comparison is written with '=='").Edit(at, "==")
	case m.found.Type == typeName && m.found.Value == "in":
		return false
	case m.found.Type == typeName && endsOperand(m.before) && foreignWords[m.found.Value].says != "":
		habit := foreignWords[m.found.Value]
		report.Errorf(diag.Syntax, at, "%s, not '%s'", habit.says, m.found.Value).Edit(at, habit.instead)
	case m.found.Type == typeName && endsOperand(m.before):
		near := diag.Nearest(m.found.Value, append(lang.RangeWords(), lang.ExpressionWords()...))
		if near == "" {
			return false
		}
		report.Errorf(diag.Syntax, at, "unknown word %s: did you mean '%s'?", shorten(m.found.Value), near).Edit(at, near)
	case m.isReserved() && strings.HasPrefix(m.wanted, "<name>"):
		report.Errorf(diag.Syntax, at, "'%s' is a word of the language and can't be a name", m.found.Value)
	default:
		return false
	}
	return true
}

func (m *mistake) isReserved() bool {
	_, ok := slices.BinarySearch(reserved, m.found.Value)
	return ok
}

func (m *mistake) wantsExpression() bool {
	for _, production := range []string{"Choice", "Alternative", "Infix", "Operand", "Primary"} {
		if strings.HasPrefix(m.wanted, production) {
			return true
		}
	}
	return false
}

// noun says what was expected.
func (m *mistake) noun() string {
	after := ""
	if m.before.Value != "" && m.before.Type != typeBody {
		after = " after " + shorten(m.before.Value)
	}
	first, _, _ := strings.Cut(m.wanted, " ")
	switch {
	case m.wantsExpression():
		return "an expression" + after
	case m.wanted == "" && m.isPlain():
		return "the end of the line"
	case m.wanted == "":
		return "an operator or the end of the line"
	case strings.HasPrefix(m.wanted, "<name>"), strings.HasPrefix(m.wanted, "TypeParam"), strings.HasPrefix(m.wanted, "Binding"):
		return "a name" + after
	case strings.HasPrefix(m.wanted, "<number>"):
		return "a number" + after
	case strings.HasPrefix(m.wanted, "(<name> | <string>)"):
		return `a name or the "path" of a file` + after
	case strings.HasPrefix(m.wanted, `("each"`):
		return "a weight such as [3], [30%] or [each]"
	case strings.HasPrefix(m.wanted, "Type"):
		return "a type such as [c: 3, h: 32, w: 32]" + after
	case m.wanted == `")"` && m.before.Value == "(" && slices.ContainsFunc(m.chunk.tokens, isEquals):
		return "an expression or ')'"
	case m.wanted == `")"` && m.before.Value == "(":
		return "a name or ')'"
	case m.wanted == `")"`, m.wanted == `"]"` && m.kind == declarations:
		return "',' or '" + strings.Trim(m.wanted, `"`) + "'"
	case strings.HasPrefix(first, `"`):
		return "'" + strings.Trim(first, `"`) + "'" + after
	case m.kind == decisions:
		return "a number, true, false or a name" + after
	}
	return "something else" + after
}

// isPlain tells whether the chunk is a declaration that no operator can follow.
func (m *mistake) isPlain() bool {
	switch m.chunk.tokens[0].Value {
	case "edition", "space", "use", "input", "output", "maximize", "minimize", "type", "config", "cost", "from":
		return m.kind == declarations
	}
	return m.kind == decisions
}

// describe names a token that was found.
func describe(t lexer.Token) string {
	switch t.Type {
	case lexer.EOF, typeNewline:
		return "the end of the line"
	case typeBody:
		return "the inside of the braces"
	}
	return shorten(t.Value)
}

// spelling reports a misspelt word at the start of a chunk and mends it, so that the rest can be parsed.
func (p *parser) spelling(c *chunk, kind listKind) {
	first, second := &c.tokens[0], lexer.Token{}
	if len(c.tokens) > 1 {
		second = c.tokens[1]
	}
	_, declares := slices.BinarySearch(declarationWords, first.Value)
	named := second.Type == typeName && second.Value != "of" && !slices.Contains(lang.RangeWords(), second.Value)
	words := lang.StatementWords()
	if p.foreignStart(c, kind) || p.dashes(c, kind) {
		return
	}
	switch {
	case first.Type != typeName, kind == entries, kind == decisions:
		return
	case kind == declarations && second.Value == "(" && !declares && slices.ContainsFunc(c.tokens, isEquals):
		p.report.Errorf(diag.Syntax, p.span(*first), "a rule with parameters starts with the word 'rule'").
			Edit(lang.Span{Source: p.src, Start: first.Pos.Offset, End: first.Pos.Offset}, "rule ")
		word := lexer.Token{Type: typeName, Value: "rule", Pos: first.Pos}
		c.tokens = slices.Insert(c.tokens, 0, word)
		return
	case kind == declarations:
		named = named || second.Type == typeString || second.Type == typeNumber
		words = declarationWords
	case named && declares:
		c.bad = true
		p.report.Errorf(diag.Syntax, p.span(*first), "'%s' stands at the top of a file only", first.Value)
		return
	}
	if declares || !named {
		return
	}
	if near := diag.Nearest(first.Value, words); near != "" {
		p.report.Errorf(diag.Syntax, p.span(*first), "unknown word %s: did you mean '%s'?", shorten(first.Value), near).
			Edit(p.span(*first), near)
		first.Value = near
	}
}

func isEquals(t lexer.Token) bool { return t.Value == "=" }
