package parser

import (
	"math"
	"strconv"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// number reads a number. One that can't be represented is reported, and is then 0.
func (p *parser) number(t lexer.Token) *lang.Number {
	n := &lang.Number{At: p.at(t), Text: t.Value}
	problem := ""
	n.I, n.Value, n.Int, problem = readNumber(t.Value)
	if problem != "" {
		d := p.report.Errorf(diag.BadNumber, n.Span, "%s %s", shorten(t.Value), problem)
		if plain := plainNumber(t.Value); plain != "" {
			d.Edit(n.Span, plain)
		}
	}
	return n
}

// plainNumber is a number of another language as it is written here: 1_000, 200K, 0x10; "" where it is none.
func plainNumber(text string) string {
	plain := strings.ReplaceAll(text, "_", "")
	if k, ok := strings.CutSuffix(plain, "K"); ok {
		plain = k + "k"
	}
	if len(plain) > 1 && plain[0] == '0' && isLetter(plain[1]) {
		if n, err := strconv.ParseInt(plain, 0, 64); err == nil {
			plain = strconv.FormatInt(n, 10)
		}
	}
	if _, _, _, problem := readNumber(plain); problem != "" || plain == text {
		return ""
	}
	return plain
}

// readNumber gives the value of a number, or says what is wrong with it. It is an int where it is written without a
// point and without a negative exponent, or where its suffix makes it whole (1.5k).
func readNumber(text string) (i int64, value float64, isInt bool, problem string) {
	body, zeros := text, 0
	if k := strings.IndexByte("kMG", text[len(text)-1]); k >= 0 && !strings.ContainsAny(text, "eE") {
		body, zeros = text[:len(text)-1], 3*(k+1)
	}
	for _, c := range []byte(strings.TrimLeft(body, "0123456789.eE+-")) {
		if isLetter(c) {
			return 0, 0, false, "is not a number: only the suffixes k, M and G can follow the digits, as in 200k"
		}
	}
	exact := body
	if zeros > 0 {
		exact += "e" + strconv.Itoa(zeros)
	}
	value, err := strconv.ParseFloat(exact, 64)
	if err != nil && !math.IsInf(value, 0) {
		return 0, 0, false, "is not a number"
	}
	if err != nil || value == 0 && strings.ContainsAny(strings.FieldsFunc(body, isExponent)[0], "123456789") {
		return 0, 0, false, "can't be represented: numbers lie between 5e-324 and 1.8e308 in size"
	}
	if i, ok := wholeNumber(exact, zeros > 0); ok {
		return i, float64(i), true, ""
	}
	if !strings.ContainsAny(body, ".eE") {
		return 0, 0, false, "can't be represented: whole numbers reach to 9223372036854775807"
	}
	return 0, value, false, ""
}

func isExponent(r rune) bool { return r == 'e' || r == 'E' }

// wholeNumber is the value of a number that is written as an int and fits one. A suffix may use up decimals.
func wholeNumber(text string, suffix bool) (int64, bool) {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(text), "e")
	zeros := 0
	if exponent != "" {
		n, err := strconv.Atoi(exponent)
		if err != nil || n < 0 || n > 18 {
			return 0, false
		}
		zeros = n
	}
	whole, decimals, point := strings.Cut(mantissa, ".")
	if decimals = strings.TrimRight(decimals, "0"); point && (!suffix || len(decimals) > zeros) {
		return 0, false
	}
	i, err := strconv.ParseInt(whole+decimals+strings.Repeat("0", zeros-len(decimals)), 10, 64)
	return i, err == nil
}

// unquote is the text of a string literal.
func (p *parser) unquote(t lexer.Token) string {
	s, err := strconv.Unquote(t.Value)
	if err != nil {
		p.report.Errorf(diag.Syntax, p.span(t), "this text has an escape that isn't one").
			Note(`a quote inside a text is written \" and a backslash \\`)
	}
	return s
}

// numberLength is the length of the number that s starts with, letters stuck to it included: whether
// they mean something is for the reader of the number to say. The points of "1..4" are not its own.
func numberLength(s string) int {
	n := digits(s)
	if n+1 < len(s) && s[n] == '.' && isDigit(s[n+1]) {
		n += 1 + digits(s[n+1:])
	}
	if n+1 < len(s) && (s[n] == 'e' || s[n] == 'E') {
		sign := 0
		if s[n+1] == '+' || s[n+1] == '-' {
			sign = 1
		}
		if d := digits(s[n+1+sign:]); d > 0 {
			n += 1 + sign + d
		}
	}
	for n < len(s) && (isLetter(s[n]) || isDigit(s[n])) {
		n++
	}
	return n
}

func digits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

// stringLength is the length of the string literal that s starts with; negative where it isn't closed.
func stringLength(s string) int {
	for n := 1; n < len(s); n++ {
		switch s[n] {
		case '"':
			return n + 1
		case '\\':
			if n+1 < len(s) && s[n+1] != '\n' {
				n++
			}
		case '\n':
			return -len(strings.TrimRight(s[:n], "\r \t"))
		}
	}
	return -len(s)
}

func operatorLength(s string) int {
	if len(s) >= 2 {
		if _, ok := lang.BinaryPrecedence(s[:2]); ok {
			return 2
		}
	}
	if _, ok := lang.BinaryPrecedence(s[:1]); ok && !strings.HasPrefix(s, "->") {
		return 1
	}
	return 0
}

func isLetter(c byte) bool { return c == '_' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
