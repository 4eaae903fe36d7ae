package grammar

import (
	"github.com/alecthomas/chroma/v2"

	"github.com/spacec-lang/spacec/lang"
)

// Class is what a piece of text is, as far as its line tells. Its value is the name of Vim's group without "space".
type Class string

// The classes.
const (
	Comment     Class = "Comment"
	Doc         Class = "Doc"
	String      Class = "String"
	Declaration Class = "Declaration" // a word that starts a declaration or a statement
	Declared    Class = "Declared"    // the name that it declares
	Clause      Class = "Clause"      // params, macs, requires of an op
	Modifier    Class = "Modifier"    // rule, before a parameter
	Conditional Class = "Conditional" // if, then, else
	Word        Class = "Word"        // an operator that is a word
	RangeWord   Class = "RangeWord"   // step, log, points
	Boolean     Class = "Boolean"
	Self        Class = "Self"   // in
	Weight      Class = "Weight" // each and % in brackets
	Parameter   Class = "Parameter"
	Number      Class = "Number"
	Library     Class = "Library" // an op or a rule of the standard library
	Call        Class = "Call"
	Operator    Class = "Operator"
	Name        Class = "Name"
	Mark        Class = "Mark" // brackets, commas, points
)

// looks are how the classes are called elsewhere: the scope of a TextMate grammar, the type of a chroma token, Vim's
// group to link to ("" for what Vim leaves as it is), and an ANSI colour.
var looks = map[Class]struct {
	scope string
	token chroma.TokenType
	vim   string
	ansi  string
}{
	Comment:     {"comment.line.double-slash", chroma.CommentSingle, "Comment", "2"},
	Doc:         {"comment.line.documentation", chroma.CommentSpecial, "SpecialComment", "2"},
	String:      {"string.quoted.double", chroma.LiteralString, "String", "32"},
	Declaration: {"keyword.declaration", chroma.KeywordDeclaration, "Keyword", "35"},
	Declared:    {"entity.name.function", chroma.NameFunction, "Function", "1"},
	Clause:      {"keyword.other.clause", chroma.KeywordNamespace, "Keyword", "35"},
	Modifier:    {"storage.modifier", chroma.KeywordType, "StorageClass", "35"},
	Conditional: {"keyword.control", chroma.Keyword, "Conditional", "35"},
	Word:        {"keyword.operator.word", chroma.OperatorWord, "Operator", "35"},
	RangeWord:   {"keyword.other.range", chroma.KeywordReserved, "Keyword", "35"},
	Boolean:     {"constant.language", chroma.KeywordConstant, "Boolean", "33"},
	Self:        {"variable.language", chroma.NameBuiltinPseudo, "Special", "36"},
	Weight:      {"keyword.other.weight", chroma.KeywordPseudo, "Special", "33"},
	Parameter:   {"variable.parameter", chroma.NameAttribute, "Identifier", "36"},
	Number:      {"constant.numeric", chroma.LiteralNumber, "Number", "33"},
	Library:     {"support.function", chroma.NameBuiltin, "Function", "34"},
	Call:        {"entity.name.function.call", chroma.NameFunctionMagic, "Function", "34"},
	Operator:    {"keyword.operator", chroma.Operator, "Operator", ""},
	Name:        {"variable.other", chroma.Name, "", ""},
	Mark:        {"punctuation", chroma.Punctuation, "", ""},
}

// pattern is a regular expression that both engines read alike, and the classes of its groups: of all that it matches, where
// there is one class and no group. Groups cover the whole match; what is none has the class "".
type pattern struct {
	regex   string
	classes []Class
}

const (
	name    = `[A-Za-z_][A-Za-z0-9_]*`
	operand = `[\w"(*-]` // what an operand can start with
)

// patterns is the grammar. At each place the first that matches wins; together they match everything but blanks.
func patterns(library []string) []pattern {
	whole := func(c Class, regex string) pattern { return pattern{regex, []Class{c}} }
	parts := func(regex string, classes ...Class) pattern { return pattern{regex, classes} }
	return []pattern{
		whole(Mark, `[(){},\]]`), // what starts nothing else comes first: it is quick, and there is much of it
		whole(Doc, `///.*$`),
		whole(Comment, `//.*$`),
		whole(String, `"(?:\\.|[^"\\\n])*(?:"|$)`),
		parts(`(^|;)([ \t]*)(`+anyOf(openingWords())+`)([ \t]+)(`+name+`)`, Mark, "", Declaration, "", Declared),
		parts(`(^|;)([ \t]*)(use|edition)(?=[ \t]+["0-9])`, Mark, "", Declaration),
		parts(`(^`+name+`)([ \t]*)(=)(?!=)`, Declared, "", Operator),
		parts(`(^[ \t]*)(`+anyOf(lang.ClauseWords())+`)(?=[ \t]+`+operand+`)`, "", Clause),
		whole(Modifier, `(?<=[(,]|[(,] )rule(?=[ \t]+\w)`),
		whole(Declaration, `\b(?:`+anyOf(lang.StatementWords())+`)\b`),
		whole(Conditional, `\b(?:`+anyOf(branchWords())+`)\b`),
		whole(Word, `\b(?:`+anyOf(operatorWords())+`)\b`),
		whole(Word, `(?<=[\w)] )of(?=[ \t]+[\w(])`),
		whole(RangeWord, `(?<=[\w)] )(?:`+anyOf(lang.RangeWords())+`)\b(?![ \t]*[(=:.])`),
		whole(Boolean, `\b(?:true|false)\b`),
		whole(Self, `\bin\b`),
		parts(`(\[[ \t]*)(each)([ \t]*\])`, Mark, Weight, Mark),
		parts(`(\[[ \t]*)([0-9.]+)([ \t]*)(%)([ \t]*\])`, Mark, Number, "", Weight, Mark),
		parts(`(\b`+name+`)([ \t]*)(:)`, Parameter, "", Mark),
		whole(Number, `\b[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?[kMG]?\b`),
		whole(Library, `\b(?:`+anyOf(library)+`)\b(?![ \t]*=[^=])`),
		whole(Call, `\b`+name+`(?=\()`),
		whole(Operator, `>>|->|\.\.|==|!=|<=|>=|\+\+|[|?<>+*/%@=-]`),
		whole(Name, `\b`+name+`\b`),
		whole(Mark, `[^\s]`),
	}
}
