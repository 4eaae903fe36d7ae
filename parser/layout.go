package parser

import (
	"slices"
	"strconv"

	"github.com/alecthomas/participle/v2/lexer"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// listKind is what a list of chunks consists of.
type listKind int

const (
	declarations listKind = iota // of a file
	statements                   // of a block
	items                        // of a config
	entries                      // of a cost
	decisions                    // of a from clause
)

// list is the content of a file or of a pair of braces, cut into chunks.
type list struct {
	kind   listKind
	chunks []*chunk
}

// chunk is one declaration or statement: what is parsed by itself, so that an error in it hides no other. The
// content of braces in it that hold a list is taken out and stands for itself; a Body token is in its place.
type chunk struct {
	tokens []lexer.Token
	bad    bool // an error in it is reported; parsing it would only repeat that
}

// frame is an open bracket, or the file.
type frame struct {
	open  lexer.Token // of the file: none
	list  *list       // where braces hold a list, else nil
	chunk *chunk      // where its tokens go; shared with the frame below unless it has a list
	ops   int         // operators since the last comma, bar or >>: the tree may be as high
	ifs   int         // conditions since the last comma or bar: they nest
}

// layout decides which line ends separate and which braces hold lists, matches brackets, and refuses what is
// nested too deeply to be parsed. All of that needs tokens only, one pass and a stack.
type layout struct {
	src    *lang.Source
	report *diag.Report
	tokens []scanned
	opens  []bool // for each token, whether it is an "if" that starts a condition with "then"
	resync bool
	at     int

	lists  []*list
	stack  []frame
	nested int  // brackets and conditions
	height int  // and operators
	muted  bool // skips to the next declaration
}

// cut cuts the tokens of a file into lists; the first is the file's. Only where brackets don't match does it take a line
// that looks like the start of a declaration for one, whatever is still open.
func cut(src *lang.Source, tokens []scanned, report *diag.Report) []*list {
	opens, balanced := survey(tokens)
	l := &layout{src: src, report: report, tokens: tokens, opens: opens, resync: !balanced}
	l.run()
	return l.lists
}

// survey finds the ifs that start "if c then x", which the ifs of guards don't, and tells whether all brackets
// match.
func survey(tokens []scanned) (opens []bool, balanced bool) {
	opens, balanced = make([]bool, len(tokens)), true
	type open struct{ at, depth int }
	var ifs []open
	var brackets []byte
	for i, t := range tokens {
		switch t.value {
		case "(", "[", "{":
			brackets = append(brackets, t.value[0])
		case ")", "]", "}":
			n := len(brackets) - 1
			if n < 0 || closing(string(brackets[n])) != t.value {
				balanced = false
				break
			}
			brackets = brackets[:n]
			for len(ifs) > 0 && ifs[len(ifs)-1].depth > n {
				ifs = ifs[:len(ifs)-1]
			}
		case "if":
			ifs = append(ifs, open{i, len(brackets)})
		case "then":
			if n := len(ifs) - 1; n >= 0 && ifs[n].depth == len(brackets) {
				opens[ifs[n].at] = true
				ifs = ifs[:n]
			}
		}
	}
	return opens, balanced && len(brackets) == 0
}

func (l *layout) run() {
	file := &list{kind: declarations}
	l.lists = []*list{file}
	l.stack = []frame{{list: file, chunk: &chunk{}}}
	for l.at = range l.tokens {
		l.token(&l.tokens[l.at])
	}
	l.closeAll()
	l.flush()
}

func (l *layout) top() *frame { return &l.stack[len(l.stack)-1] }

// token takes the next token.
func (l *layout) token(t *scanned) {
	starts := t.fresh && l.startsDeclaration()
	lost := l.muted || l.resync && len(l.stack) > 1 && (t.margin || l.top().list == nil)
	if t.fresh && lost && (starts || l.startsBare()) {
		l.closeAll()
		l.muted = false
	}
	if l.muted {
		return
	}
	top, tok := l.top(), t.token()
	switch {
	case t.value == ";" && top.list != nil:
		l.flush()
		return
	case t.fresh && top.list != nil && l.separates(t, starts):
		l.flush()
	case t.fresh && top.list == nil && endsOperand(l.previous()) && (t.value == "(" || t.value == "[" || t.value == "?"):
		l.push(lexer.Token{Type: typeNewline, Pos: tok.Pos})
	}
	switch t.value {
	case "(", "[":
		l.push(tok)
		l.open(frame{open: tok, chunk: top.chunk})
	case "{":
		kind, ok := l.listKind(t)
		l.push(tok)
		if !ok {
			l.open(frame{open: tok, chunk: top.chunk})
			break
		}
		body := &list{kind: kind}
		l.push(lexer.Token{Type: typeBody, Value: strconv.Itoa(len(l.lists)), Pos: tok.Pos})
		l.lists = append(l.lists, body)
		l.open(frame{open: tok, list: body, chunk: &chunk{}})
	case ")", "]", "}":
		l.close(tok)
	default:
		l.push(tok)
		l.measure(tok)
	}
}

// push adds a token to the chunk that is being read.
func (l *layout) push(t lexer.Token) {
	c := l.top().chunk
	c.tokens = append(c.tokens, t)
	c.bad = c.bad || t.Type == typeOther
}

// previous is the last token of the chunk that is being read.
func (l *layout) previous() lexer.Token {
	if tokens := l.top().chunk.tokens; len(tokens) > 0 {
		return tokens[len(tokens)-1]
	}
	return lexer.Token{}
}

// flush ends the chunk of the innermost list.
func (l *layout) flush() {
	top := l.top()
	l.reset(top)
	if len(top.chunk.tokens) > 0 {
		top.list.chunks = append(top.list.chunks, top.chunk)
		top.chunk = &chunk{}
	}
}

// separates tells whether the line end before t ends a chunk.
func (l *layout) separates(t *scanned, declaration bool) bool {
	prev, tokens := l.previous(), l.top().chunk.tokens
	switch {
	case len(tokens) == 0:
		return false
	case declaration, t.value == "let", t.value == "share", t.value == "require":
		return prev.Value != "share"
	case l.startsNamed(t) && prev.Value != ",":
		return true
	case goesOnAfter(prev), goesOnBefore(t):
		return false
	case t.value == "if":
		return l.opens[l.at]
	case len(l.stack) == 1 && len(tokens) > 1 && tokens[0].Value == "op" && tokens[1].Type == typeName:
		return !slices.Contains(lang.ClauseWords(), t.value)
	}
	return true
}

// goesOnAfter tells whether a line that ends in the token goes on in the next.
func goesOnAfter(t lexer.Token) bool {
	switch t.Value {
	case "|", ",", "=", ":", "->", "not", "if", "then", "else":
		return true
	}
	return t.Type == typeOperator
}

// goesOnBefore tells whether a line that starts with the token goes on from the last.
func goesOnBefore(t *scanned) bool {
	switch t.value {
	case "|", ",", "=", ":", "->", "then", "else":
		return true
	}
	return t.typ == typeOperator
}

// endsOperand tells whether an operand can end in the token, so that what follows on its line is a postfix.
func endsOperand(t lexer.Token) bool {
	switch t.Type {
	case typeName, typeNumber, typeString:
		return true
	}
	switch t.Value {
	case ")", "}", "?", "true", "false":
		return true
	}
	return false
}

// listKind tells whether a "{" holds a list, and of what; the others hold the count of a repetition.
func (l *layout) listKind(t *scanned) (listKind, bool) {
	tokens := l.top().chunk.tokens
	n := len(tokens)
	if n > 1 && tokens[n-1].Value == ":" {
		n-- // 'config train: {' is a mistake, and a config all the same
	}
	if len(l.stack) == 1 && (n == 1 || n == 2 && tokens[1].Type == typeName) {
		switch tokens[0].Value {
		case "config":
			return items, true
		case "cost":
			return entries, true
		case "from":
			return decisions, true
		}
	}
	return statements, t.fresh || !endsOperand(l.previous())
}

// startsDeclaration tells whether the token at hand, the first of its line, starts a declaration: nothing else
// has two names side by side.
func (l *layout) startsDeclaration() bool {
	t := l.tokens[l.at]
	if _, ok := slices.BinarySearch(declarationWords, t.value); !ok || l.at+1 >= len(l.tokens) {
		return false
	}
	next := l.tokens[l.at+1]
	switch {
	case t.typ == typeWord: // let, share and require are statements as well
		return t.margin
	case t.value == "rule" && l.top().list == nil && !t.margin:
		return false // a parameter
	case next.fresh, next.value == "of", slices.Contains(lang.RangeWords(), next.value):
		return false
	}
	return next.typ == typeName || next.typ == typeString || next.typ == typeNumber
}

// startsNamed tells whether the token at hand, the first of its line, is a name that is given its meaning: whatever the line
// before ends in, it has ended.
func (l *layout) startsNamed(t *scanned) bool {
	if t.typ != typeName || l.at+1 >= len(l.tokens) {
		return false
	}
	if kind := l.top().list.kind; kind == items || kind == entries {
		return l.tokens[l.at+1].value == ":"
	}
	return l.tokens[l.at+1].value == "="
}

// startsBare tells whether the token at hand, the first of its line, could start a declaration like "net = ...".
func (l *layout) startsBare() bool {
	t := l.tokens[l.at]
	return t.typ == typeName && t.margin && l.at+1 < len(l.tokens) && l.tokens[l.at+1].value == "="
}

// declarationWords is never changed; it is asked once for each line.
var declarationWords = lang.DeclarationWords()
