package parser

import (
	"slices"
	"strconv"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// What people write who come from other languages, and what is written here instead.

// foreignStarts are first words of declarations elsewhere.
var foreignStarts = map[string]struct{ says, instead string }{
	"def":      {"a rule is declared as 'rule block(n) = ...'", "rule"},
	"class":    {"a rule is declared as 'rule block(n) = ...'", ""},
	"func":     {"a rule is declared as 'rule block(n) = ...'", "rule"},
	"fn":       {"a rule is declared as 'rule block(n) = ...'", "rule"},
	"function": {"a rule is declared as 'rule block(n) = ...'", "rule"},
	"import":   {"a library is brought in with 'use'", "use"},
	"include":  {"a library is brought in with 'use'", "use"},
	"const":    {"a value is given a name with 'let'", "let"},
	"var":      {"a value is given a name with 'let'", "let"},
	"val":      {"a value is given a name with 'let'", "let"},
	"assert":   {"what every point keeps is declared with 'require'", "require"},
	"return":   {"the last line of a block is what leaves it, without a word before it", ""},
}

// foreignWords are words between operands elsewhere.
var foreignWords = map[string]struct{ says, instead string }{
	"by":    {"the step of a range is given with 'step'", "step"},
	"to":    {"a range is written with two points", ".."},
	"until": {"a range is written with two points", ".."},
	"when":  {"a guard is written with 'if'", "if"},
	"where": {"a guard is written with 'if'", "if"},
	"elif":  {"a further condition is written 'else if'", "else if"},
}

// foreignHeads are words before an expression elsewhere.
var foreignHeads = map[string]string{
	"for":    "there are no loops: what is repeated is written 'a{3}' or 'a{1..4}'",
	"while":  "there are no loops: what is repeated is written 'a{3}' or 'a{1..4}'",
	"lambda": "a rule takes parameters and has a name: 'rule block(n) = conv(n)'",
	"f":      "a text stands as it is, without what is put in",
	"IF":     "the words of the language are written small: 'if'",
}

// foreignStart reports a first word of another language, mended in the chunk where one word stands for another.
func (p *parser) foreignStart(c *chunk, kind listKind) bool {
	first := &c.tokens[0]
	habit, ok := foreignStarts[first.Value]
	if !ok || len(c.tokens) < 2 || (kind != declarations && kind != statements) || (first.Value == "return") != (kind == statements) {
		return false
	}
	if next := c.tokens[1]; next.Value == "=" || first.Value != "return" && next.Type != typeName {
		return false
	}
	d := p.report.Errorf(diag.Syntax, p.span(*first), "%s, not '%s'", habit.says, first.Value)
	switch {
	case habit.instead == "use" && len(c.tokens) > 2: // import torch.nn as nn
		d.Edit(p.span(*first).To(p.span(c.tokens[len(c.tokens)-1])), "use std")
		c.bad = true
	case first.Value == "return":
		d.Message = habit.says
		d.Edit(lang.Span{Source: p.src, Start: first.Pos.Offset, End: c.tokens[1].Pos.Offset}, "")
		c.tokens = c.tokens[1:]
	case habit.instead != "":
		d.Edit(p.span(*first), habit.instead)
		first.Value, first.Type = habit.instead, wordType(habit.instead)
	default:
		c.bad = true
	}
	return true
}

// definition reports a name that is given its meaning with anything but '=': 'net: relu', 'block -> a', 'block ::= a'.
func (m *mistake) definition() bool {
	tokens := m.chunk.tokens
	if m.kind != declarations || len(tokens) < 3 || tokens[0].Type != typeName {
		return false
	}
	n := 1
	for n < len(tokens) && (tokens[n].Value == ":" || tokens[n].Value == "=" || tokens[n].Value == "->") {
		n++
	}
	if n == 1 || n == len(tokens) {
		return false
	}
	at := m.span(tokens[1]).To(m.span(tokens[n-1]))
	m.meaning(at)
	return true
}

// meaning reports a mark that stands where '=' belongs.
func (m *mistake) meaning(at lang.Span) {
	around, equals := m.spaced(at), " = "
	if around.End == len(m.src.Text) || m.src.Text[around.End] == '\n' {
		equals = " ="
	}
	m.report.Errorf(diag.Syntax, at, "a name is given its meaning with '='").Edit(around, equals)
}

// spaced is a span and the spaces around it.
func (p *parser) spaced(at lang.Span) lang.Span {
	for at.Start > 0 && p.src.Text[at.Start-1] == ' ' {
		at.Start--
	}
	for at.End < len(p.src.Text) && p.src.Text[at.End] == ' ' {
		at.End++
	}
	return at
}

// trailing is a span and the spaces before it.
func (p *parser) trailing(at lang.Span) lang.Span {
	at.Start = p.spaced(at).Start
	return at
}

// index is where a token stands in the chunk; behind the last where it doesn't.
func (m *mistake) index(t lexer.Token) int {
	for i, other := range m.chunk.tokens {
		if other.Pos.Offset == t.Pos.Offset {
			return i
		}
	}
	return len(m.chunk.tokens)
}

// token is a token of the chunk by its distance from the one in error; an empty one beyond the ends.
func (m *mistake) token(distance int) lexer.Token {
	if i := m.index(m.found) + distance; i >= 0 && i < len(m.chunk.tokens) {
		return m.chunk.tokens[i]
	}
	return lexer.Token{}
}

// joined tells whether two tokens stand side by side without a space.
func joined(a, b lexer.Token) bool {
	return a.Pos.Offset+len(a.Value) == b.Pos.Offset && a.Value != "" && b.Value != ""
}

// habit reports what other languages write in an expression or after it.
func (m *mistake) habit() bool {
	at, before, next, found := m.span(m.found), m.before, m.token(1), m.found.Value
	two := m.span(before).To(at)
	say := func(at lang.Span, format string, args ...any) *diag.Diagnostic {
		return m.report.Errorf(diag.Syntax, at, format, args...)
	}
	isCondition := m.chunk.tokens[0].Value == "require"
	switch {
	case m.angles(), m.starred():
	case foreignHeads[before.Value] != "" && m.wanted == "" && (m.found.Type == typeName || m.found.Type == typeString):
		say(two, "%s", foreignHeads[before.Value])
	case before.Value == "return" && m.wanted == "":
		say(m.span(before), "%s", foreignStarts["return"].says).Edit(lang.Span{Source: m.src, Start: before.Pos.Offset, End: at.Start}, "")
	case found == "in" && endsOperand(before) && (m.wanted == "" || m.wanted == `")"`):
		say(at, "'in' is what arrives: alternatives are written 'a | b', a test of some values 'x == a or x == b'")
	case found == "," && slices.Contains(lang.RangeWords(), next.Value) && (m.kind == items || m.kind == declarations) && m.wanted == "":
		say(at, "'%s' follows its range without ','", next.Value).Edit(at, "")
	case found == ":" && before.Type == typeString && m.wanted == "":
		say(at, "a .space file is not JSON: there are no dictionaries").Note("a choice is written '0.1 | 0.01', a range '1e-4..1e-1 log'")
		m.chunk.tokens = m.chunk.tokens[:1] // what is in it would only repeat that
	case found == ".." && strings.HasPrefix(m.wanted, `"]"`) && m.kind != items && m.token(-2).Value == "[":
		m.braces()
	case found == ":" && before.Type == typeNumber && next.Type == typeName && m.wanted == "":
		say(two, "a weight stands in brackets behind its alternative: %s [%s]", next.Value, before.Value)
	case found == "#":
		say(at, "a comment starts with '//'").Edit(at, "//")
	case found == "=" && next.Value == ">" && joined(m.found, next), found == ">" && before.Value == "|" && joined(before, m.found):
		if found == "=" {
			two = at.To(m.span(next))
		}
		if isCondition && m.compared() {
			say(two, "what follows from a condition is written with 'implies'").Edit(m.spaced(two), " implies ")
		} else if isCondition {
			say(two, "a comparison is written with '>='").Edit(two, ">=")
		} else {
			say(two, "a sequence is written with '>>'").Edit(two, ">>")
		}
	case found == "|" && before.Value == "|" && joined(before, m.found) && m.compared():
		say(two, "one of two conditions is written with 'or'").Edit(m.spaced(two), " or ")
	case found == "|" && next.Value == "|" && joined(m.found, next) && m.compared():
		two = at.To(m.span(next))
		say(two, "one of two conditions is written with 'or'").Edit(m.spaced(two), " or ")
	case found == "=" && next.Value == "<" && joined(m.found, next):
		two = at.To(m.span(next))
		say(two, "a comparison is written with '<='").Edit(two, "<=")
	case found == "=" && before.Value == "log" && strings.Contains("(,", m.token(-2).Value) && m.token(-2).Value != "":
		say(at, "an argument is named with ':'").Edit(m.spaced(at), ": ")
	case found == "=" && (before.Value == "log" || before.Value == "step" || before.Value == "points"), found == ":" && before.Value == "log":
		if before.Value == "log" {
			say(at, "'log' stands alone behind a range").Edit(m.trailing(at.To(m.span(next))), "")
		} else {
			say(at, "'%s' is followed by a number, without '='", before.Value).Edit(m.spaced(at), " ")
		}
	case found == "=" && before.Type == typeOperator && joined(before, m.found):
		say(two, "'%s=' is no operator: a name is given its meaning once", before.Value).Note("give what results a new name, as in 'g = h %s in'", before.Value)
	case found == "." && before.Value == ".." && joined(before, m.found):
		say(two, "a range is written with two points").Edit(at, "")
	case found == "." && next.Type == typeNumber && joined(m.found, next):
		say(at.To(m.span(next)), "a number starts with a digit").Edit(lang.Span{Source: m.src, Start: at.Start, End: at.Start}, "0")
	case before.Value == "." && m.token(-2).Type == typeNumber:
		say(m.span(m.token(-2)).To(m.span(before)), "a number doesn't end in a point").Edit(m.span(before), ".0")
	case before.Value == "%" && m.token(-2).Type == typeNumber && m.wantsExpression():
		m.percent(m.token(-2), before)
	case found == "*" && before.Value == "*" && joined(before, m.found):
		say(two, "there is no operator '**'").Note("write the product, as in '2 * 2 * 2'; powers in a range are 'step *2'")
	case found == "," && before.Type == typeNumber && m.wanted == `"}"` && m.token(2).Value == ",":
		d := say(at, "numbers to choose from are parted by '|'")
		for i := m.index(m.found); i < len(m.chunk.tokens) && m.chunk.tokens[i].Value != "}"; i++ {
			if t := m.chunk.tokens[i]; t.Value == "," {
				d.Edit(m.spaced(m.span(t)), " | ")
			}
		}
	case found == ":" && before.Type == typeNumber && next.Type == typeNumber, found == "," && before.Type == typeNumber && next.Type == typeNumber && m.wanted == `"}"`:
		say(at, "a range is written with two points, as in 1..8").Edit(m.spaced(at), "..")
	case found == ":" && next.Type == typeNumber && m.wanted == "" && m.kind != items:
		say(at, "a weight stands in brackets behind its alternative").Edit(m.spaced(at.To(m.span(next))), " ["+next.Value+"] ")
	case m.found.Type == typeNumber && endsOperand(before) && m.wanted == "" && before.Value != "?":
		m.weight(next)
	case m.found.Type == typeName && before.Type == typeNumber && m.wanted == "" && m.kind != items && !nearWord(found):
		say(at, "an operator is missing before '%s'", found).Note("a weight stands in brackets behind its alternative: %s [%s]", found, before.Value)
	case found == "-" && strings.HasPrefix(m.wanted, `("each"`):
		say(at, "a weight is above zero")
	case found == "else":
		say(at, "a condition is written 'if c then x else y'")
	case before.Value == "?" && m.hasAfter(":"):
		say(m.span(before), "a condition is written 'if c then x else y'")
	case found == "(" && before.Value == ")" && (m.wanted == "" || m.wanted == `")"`):
		say(at, "a module is applied to a wire with '>>', as in 'in >> conv(8)'")
	case found == "(" && m.token(-2).Value == ".":
		m.dotted()
	case found == "?" && m.wantsExpression():
		say(at, "'?' stands behind what it makes optional, as in 'dropout(0.25)?'")
	case found == "[" && m.wantsListed():
		return m.list()
	default:
		return m.inDeclaration()
	}
	return true
}

// compared tells whether something is compared before the token in error.
func (m *mistake) compared() bool {
	return slices.ContainsFunc(m.chunk.tokens[:m.index(m.found)], func(t lexer.Token) bool {
		return slices.Contains([]string{"==", "!=", "<", "<=", ">", ">=", "is", "not"}, t.Value)
	})
}

// nearWord tells whether a name is, or is near, a word that may follow an operand.
func nearWord(name string) bool {
	return foreignWords[name].says != "" || diag.Nearest(name, append(lang.RangeWords(), lang.ExpressionWords()...)) != ""
}

func (m *mistake) wantsListed() bool {
	return m.wantsExpression() || m.wanted == `")"` && m.before.Value == "("
}

// hasAfter tells whether a mark comes after the token in error.
func (m *mistake) hasAfter(mark string) bool {
	for i := m.index(m.found); i < len(m.chunk.tokens); i++ {
		if m.chunk.tokens[i].Value == mark {
			return true
		}
	}
	return false
}

// percent reports 'dropout(50%)'.
func (m *mistake) percent(number, sign lexer.Token) {
	at := m.span(number).To(m.span(sign))
	d := m.report.Errorf(diag.Syntax, at, "a percentage is a weight in brackets; elsewhere a share is a number such as 0.5")
	if x, err := strconv.ParseFloat(number.Value, 64); err == nil {
		d.Edit(at, strconv.FormatFloat(x/100, 'g', -1, 64))
	}
}

// weight reports a number behind an alternative: 'relu 30% | tanh'.
func (m *mistake) weight(next lexer.Token) {
	at, text := m.span(m.found), m.found.Value
	if next.Value == "%" {
		at, text = at.To(m.span(next)), text+"%"
	}
	m.report.Errorf(diag.Syntax, at, "a weight stands in brackets behind its alternative").Edit(at, "["+text+"]").Perhaps()
}

// inDeclaration reports habits that belong to one kind of declaration or list.
func (m *mistake) inDeclaration() bool {
	at, found, next := m.span(m.found), m.found.Value, m.token(1)
	say := func(format string, args ...any) *diag.Diagnostic {
		return m.report.Errorf(diag.Syntax, at, format, args...)
	}
	word := m.chunk.tokens[0].Value
	if m.kind == items || m.kind == entries {
		switch {
		case found == "," && m.wanted == "":
			m.commas()
		case m.found.Type == typeName && strings.HasPrefix(m.wanted, `":"`):
			say("a field is written 'name: value'").Note("a range is written '1..50', a choice 'a | b'")
		case m.found.Type == typeName && next.Value == ":" && m.wanted == "":
			gap := lang.Span{Source: m.src, Start: m.before.Pos.Offset + len(m.before.Value)}
			gap.End = gap.Start
			say("fields are parted by a line end or ';'").Edit(gap, ";")
		default:
			return false
		}
		return true
	}
	switch {
	case m.kind == statements && found == "," && m.wanted == "":
		say("expected an operator or the end of the line, found ','").Note("a choice is written 'a | b', a tuple '(a, b)'")
	case m.kind != declarations:
		return false
	case word == "space" && found == "{":
		say("a space has no braces: the whole file belongs to it")
	case word == "from" && found == "import":
		d := say("a library is brought in with 'use'")
		d.At = m.span(m.chunk.tokens[0])
		d.Edit(d.At.To(m.span(m.chunk.tokens[len(m.chunk.tokens)-1])), "use std")
	case word == "space" && found == "-" && next.Type == typeName:
		say("a name is letters, digits and '_'").Edit(at, "_")
	case (word == "input" || word == "output") && found == ":" && m.before.Value == word:
		say("an %s has a name, as in '%s x: [10]'", word, word).Edit(lang.Span{Source: m.src, Start: at.Start, End: at.Start}, " x")
	case (word == "input" || word == "output") && found == "|":
		say("the sizes of an %s are constant: what is drawn is drawn in the net", word)
	case (word == "config" || word == "cost" || word == "from") && strings.HasPrefix(m.wanted, `"{"`) && found == ":":
		d := say("a %s is written '%s NAME { ... }', without ':'", word, word)
		if last := m.chunk.tokens[len(m.chunk.tokens)-1]; next.Type == typeBody || next.Value == "{" {
			d.Edit(at, "")
		} else if next.Value != "" {
			d.Edit(at, " {").Edit(lang.Span{Source: m.src, Start: m.span(last).End, End: m.span(last).End}, " }")
		}
	case (word == "config" || word == "cost") && strings.HasPrefix(m.wanted, `"{"`):
		say("the fields of a %s stand between '{' and '}'", word)
	case (word == "input" || word == "output") && found == "=":
		say("the type of an %s follows ':'", word).Edit(m.spaced(at), ": ")
	case (word == "input" || word == "output") && found == "(":
		d := say("a type stands in brackets, as in [c: 3, h: 32, w: 32]")
		if last := m.chunk.tokens[len(m.chunk.tokens)-1]; last.Value == ")" {
			d.Edit(at, "[").Edit(m.span(last), "]")
		}
	case (word == "input" || word == "output") && found == "[" && m.before.Value == word:
		say("an %s has a name, as in '%s x: [10]'", word, word).Edit(lang.Span{Source: m.src, Start: at.Start, End: at.Start}, "x: ")
	case (word == "maximize" || word == "minimize") && m.found.Type == typeString:
		say("a metric is named without quotes").Edit(at, strings.Trim(found, `"`))
	case (word == "maximize" || word == "minimize") && m.wanted == "":
		say("an objective is one metric").Note("other costs are bounded with 'require', as in 'require params <= 200k'")
	case found == "," && m.wanted == "":
		say("expected an operator or the end of the line, found ','").
			Note("a sequence is written 'a >> b', a choice 'a | b', a tuple '(a, b)'")
	default:
		return false
	}
	return true
}

// commas reports the commas between the fields of a config, all at once.
func (m *mistake) commas() {
	d := m.report.Errorf(diag.Syntax, m.span(m.found), "fields are parted by a line end or ';', not by ','")
	tokens, depth := m.chunk.tokens, 0
	for i, t := range tokens {
		switch t.Value {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			depth--
		case ",":
			last := i+1 == len(tokens)
			if depth != 0 || !last && (i+2 >= len(tokens) || tokens[i+2].Value != ":") {
				continue
			}
			instead := ""
			if !last && tokens[i+1].Pos.Line == t.Pos.Line {
				instead = ";"
			}
			d.Edit(m.span(t), instead)
		}
	}
}
