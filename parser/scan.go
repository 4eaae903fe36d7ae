package parser

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/participle/v2/lexer"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// The types of tokens. Their names are the terminals of the grammar.
const (
	typeName     lexer.TokenType = iota + 1 // a name, or a word that has its meaning only in its place
	typeNumber                              // 12, 0.5, 1e-4, 200k
	typeString                              // "text", quotes included
	typeOperator                            // a binary operator, words among them
	typeWord                                // a reserved word that is no binary operator
	typeMark                                // brackets and other marks
	typeBody                                // all between the braces of a list; its value is the list's number
	typeNewline                             // a line end where the line should have gone on
	typeOther                               // what the language doesn't use; it has been reported
)

// tokens describes the tokens to participle. Text is scanned by scan, in one pass over the whole file.
type tokens struct{}

func (tokens) Symbols() map[string]lexer.TokenType {
	return map[string]lexer.TokenType{"EOF": lexer.EOF, "Name": typeName, "Number": typeNumber, "String": typeString,
		"Operator": typeOperator, "Word": typeWord, "Mark": typeMark, "Body": typeBody}
}

func (tokens) Lex(string, io.Reader) (lexer.Lexer, error) {
	return nil, fmt.Errorf("parser: text is scanned before it is parsed")
}

// replay hands tokens that were scanned before to participle.
type replay struct{ tokens []lexer.Token }

func (r *replay) Next() (lexer.Token, error) {
	t := r.tokens[0]
	if len(r.tokens) > 1 {
		r.tokens = r.tokens[1:]
	}
	return t, nil
}

// scanned is a token and how it stands on its line; much smaller than participle's, which only chunks hold.
type scanned struct {
	value    string
	typ      lexer.TokenType
	at, line int32
	fresh    bool // the first of its line
	margin   bool // at the very start of its line
}

// token is the token for participle. Its column is 1 where it is the first of its line, else 0.
func (t *scanned) token() lexer.Token {
	pos := lexer.Position{Offset: int(t.at), Line: int(t.line)}
	if t.fresh {
		pos.Column = 1
	}
	return lexer.Token{Type: t.typ, Value: t.value, Pos: pos}
}

// text is a scanned file.
type text struct {
	tokens   []scanned
	comments []lang.Comment
	docs     map[int]string // the doc comment on a line, without its marks
}

// readable reports a source that is too large or that isn't text, and tells whether it can be scanned.
func readable(src *lang.Source, report *diag.Report) bool {
	if len(src.Text) > lang.MaxSource {
		report.Errorf(diag.TooLarge, lang.Span{Source: src}, "the file is over the limit of %d bytes", lang.MaxSource)
		return false
	}
	for i, r := range src.Text {
		size := 1
		switch {
		case r == 0:
		case r == utf8.RuneError:
			if _, size = utf8.DecodeRuneInString(src.Text[i:]); size > 1 {
				continue // a replacement character that is really there
			}
		default:
			continue
		}
		report.Errorf(diag.NotText, lang.Span{Source: src, Start: i, End: i + size}, "this is not text").
			Note("a .space file is UTF-8 text without NUL bytes")
		return false
	}
	return true
}

// scan cuts a readable source into tokens and comments. Characters that the language doesn't use are reported,
// a run of them once.
func scan(src *lang.Source, report *diag.Report) text {
	s := scanner{src: src, report: report, in: src.Text, line: 1, fresh: true}
	s.out.docs = map[int]string{}
	s.out.tokens = make([]scanned, 0, len(s.in)/4+1)
	s.at = len(s.in) - len(strings.TrimPrefix(s.in, "\ufeff"))
	s.lineStart = s.at
	for s.at < len(s.in) {
		s.next()
	}
	return s.out
}

type scanner struct {
	src       *lang.Source
	report    *diag.Report
	in        string
	at        int
	line      int
	lineStart int
	fresh     bool
	out       text
}

func (s *scanner) next() {
	rest := s.in[s.at:]
	c := rest[0]
	switch {
	case c == '\n':
		s.at++
		s.line++
		s.lineStart = s.at
		s.fresh = true
	case c == ' ' || c == '\t' || c == '\r':
		s.at++
	case strings.HasPrefix(rest, "//"):
		s.comment(rest)
	case strings.HasPrefix(rest, "/*"):
		s.foreignComment(rest)
	case c == '\'':
		s.foreignText(rest)
	case isLetter(c):
		n := 1
		for n < len(rest) && (isLetter(rest[n]) || isDigit(rest[n])) {
			n++
		}
		s.emit(wordType(rest[:n]), n)
	case isDigit(c):
		s.emit(typeNumber, numberLength(rest))
	case c == '"':
		n := stringLength(rest)
		if n < 0 {
			n = -n
			s.report.Errorf(diag.Syntax, s.span(n), "this text has no closing quote").
				Note("a text starts and ends with \" on one line")
			s.emit(typeOther, n)
			return
		}
		s.emit(typeString, n)
	default:
		if n := operatorLength(rest); n > 0 {
			s.emit(typeOperator, n)
		} else if strings.HasPrefix(rest, "->") {
			s.emit(typeMark, 2)
		} else if strings.IndexByte("|(){}[],;:=.?#", c) >= 0 {
			s.emit(typeMark, 1)
		} else {
			s.other(rest)
		}
	}
}

func (s *scanner) span(n int) lang.Span {
	return lang.Span{Source: s.src, Start: s.at, End: s.at + n}
}

func (s *scanner) emit(typ lexer.TokenType, n int) {
	s.out.tokens = append(s.out.tokens, scanned{value: s.in[s.at : s.at+n], typ: typ, at: int32(s.at), line: int32(s.line),
		fresh: s.fresh, margin: s.at == s.lineStart})
	s.fresh = false
	s.at += n
}

func (s *scanner) comment(rest string) {
	n := strings.IndexByte(rest, '\n')
	if n < 0 {
		n = len(rest)
	}
	words := strings.TrimRight(rest[:n], "\r \t")
	s.out.comments = append(s.out.comments, lang.Comment{Span: s.span(len(words)), Text: words})
	if doc, ok := strings.CutPrefix(words, "///"); ok && s.fresh {
		s.out.docs[s.line] = strings.TrimPrefix(doc, " ")
	}
	s.at += n
}

// foreignComment reports and passes over a comment between "/*" and "*/".
func (s *scanner) foreignComment(rest string) {
	text, _, closed := strings.Cut(rest[2:], "*/")
	n := len(text) + 2
	d := s.report.Errorf(diag.Syntax, s.span(2), "a comment starts with '//' and ends with its line")
	if closed {
		n += 2
		after, _, _ := strings.Cut(rest[n:], "\n")
		if strings.TrimSpace(after) == "" && !strings.Contains(text, "\n") {
			d.Edit(s.span(n), "// "+strings.TrimSpace(text))
		}
	}
	s.line += strings.Count(rest[:n], "\n")
	s.at += n
}

// foreignText reports a text between single quotes.
func (s *scanner) foreignText(rest string) {
	line, _, _ := strings.Cut(rest[1:], "\n")
	text, _, closed := strings.Cut(line, "'")
	if !closed {
		s.other(rest)
		return
	}
	n := len(text) + 2
	d := s.report.Errorf(diag.BadCharacter, s.span(n), "a text stands between double quotes")
	if !strings.ContainsAny(text, "\"\\") {
		d.Edit(s.span(n), `"`+text+`"`)
	}
	s.emit(typeOther, n)
}

// other reports a run of characters that the language doesn't use.
func (s *scanner) other(rest string) {
	n := 0
	for n < len(rest) {
		r, size := utf8.DecodeRuneInString(rest[n:])
		if r < utf8.RuneSelf && (r == ' ' || r == '\n' || r == '\t' || r == '\r' || isLetter(byte(r)) || isDigit(byte(r)) ||
			strings.ContainsRune("|(){}[],;:=.?#\"+-*/%@<>", r)) {
			break
		}
		n += size
	}
	what := "character"
	if utf8.RuneCountInString(rest[:n]) > 1 {
		what = "characters"
	}
	d := s.report.Errorf(diag.BadCharacter, s.span(n), "the language doesn't use the %s %s", what, shorten(rest[:n]))
	hint(d, s.span(n), rest[:n])
	if tokens := s.out.tokens; rest[:n] == "!" && (len(tokens) == 0 || !endsOperand(tokens[len(tokens)-1].token())) {
		d.Edit(s.span(n), "not ")
	}
	s.emit(typeOther, n)
}

// hint says what is written instead of a character that other languages use.
func hint(d *diag.Diagnostic, at lang.Span, chars string) {
	switch chars {
	case "&", "&&":
		d.Note("both conditions at once are written with 'and'").Edit(at, "and")
	case "!":
		d.Note("the opposite of a condition is written with 'not'")
	case "$":
		d.Note("a name stands alone, without a mark before it").Edit(at, "")
	case "^":
		d.Note("there are no powers: write the product, as in '2 * 2 * 2'")
	case "'", "`", "“", "”", "‘", "’":
		d.Note("a text stands between plain double quotes")
	case "\u00a0", "\u200b", "\u2003", "\u2009", "\u3000":
		d.Note("this is a space of an unusual kind; replace it by a plain one").Edit(at, " ")
	case "→":
		d.Note("a sequence is written with '>>', a type of an op with '->'")
	case "×":
		d.Note("a product is written with '*'").Edit(at, "*")
	case "–", "—", "−":
		d.Note("a minus is a plain '-'").Edit(at, "-")
	case "…":
		d.Note("a range is written with two points, '..'").Edit(at, "..")
	}
}

// shorten quotes a text for a message, its end left out when it is long.
func shorten(s string) string {
	if utf8.RuneCountInString(s) > 24 {
		s = string([]rune(s[:min(len(s), 4*24)])[:24]) + "..."
	}
	for _, r := range s {
		if r < ' ' || r >= 0x7f && r < 0xa1 || r >= 0x2000 && r < 0x2010 {
			return fmt.Sprintf("%+q", s)
		}
	}
	return "'" + s + "'"
}

func wordType(word string) lexer.TokenType {
	if _, ok := lang.BinaryPrecedence(word); ok {
		return typeOperator
	}
	if _, ok := slices.BinarySearch(reserved, word); ok {
		return typeWord
	}
	return typeName
}

// reserved is never changed; it is asked once for each word.
var reserved = lang.ReservedWords()
