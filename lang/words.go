package lang

// Limits on the text of one file. What is beyond them is an error with a position.
const (
	// MaxNesting is how deep brackets and conditions may nest.
	MaxNesting = 200
	// MaxHeight is how high the tree of one expression may grow, brackets and operators together.
	MaxHeight = 1000
)

// CurrentEdition is the edition of the language that this version knows.
const CurrentEdition = 1

// ReservedWords can't be names. Every other word that the language uses has its meaning only in its place,
// so that a rule may be called op, step or log. "in" is a name, but can't be declared.
func ReservedWords() []string {
	return []string{"and", "else", "false", "if", "implies", "is", "let", "not", "or", "require", "share", "then", "true"}
}

// DeclarationWords start a declaration.
func DeclarationWords() []string {
	return []string{"config", "cost", "edition", "from", "input", "let", "maximize", "minimize", "op", "output",
		"require", "rule", "seed", "share", "space", "type", "use"}
}

// StatementWords start a statement of a block or an item of a config.
func StatementWords() []string { return []string{"let", "require", "share"} }

// ClauseWords start a clause of an op declaration.
func ClauseWords() []string { return []string{"macs", "params", "requires"} }

// RangeWords follow a range.
func RangeWords() []string { return []string{"log", "points", "step"} }

// ExpressionWords stand inside expressions.
func ExpressionWords() []string {
	return []string{"and", "else", "if", "implies", "is", "not", "of", "or", "then"}
}

// Precedence is how tightly something binds: what binds less tightly needs parentheses inside what binds more.
type Precedence int

// The precedences, loosest first. A condition with "if" can only stand where a whole expression can.
const (
	PrecChoice Precedence = iota
	PrecCond
	PrecPipe
	PrecImplies
	PrecOr
	PrecAnd
	PrecNot
	PrecCompare
	PrecRange
	PrecSum
	PrecProduct
	PrecMinus
	PrecOf
	PrecPostfix
	PrecPrimary
)

// BinaryPrecedence is the precedence of a binary operator and false for anything else. Operators of one
// precedence group to the left, except implies, which groups to the right, and comparisons, is and
// ranges, of which only one can stand without parentheses.
func BinaryPrecedence(op string) (Precedence, bool) {
	switch op {
	case ">>":
		return PrecPipe, true
	case "implies":
		return PrecImplies, true
	case "or":
		return PrecOr, true
	case "and":
		return PrecAnd, true
	case "==", "!=", "<", "<=", ">", ">=", "is":
		return PrecCompare, true
	case "..":
		return PrecRange, true
	case "+", "-", "++":
		return PrecSum, true
	case "*", "/", "%", "@":
		return PrecProduct, true
	}
	return 0, false
}

// Operators are the binary operators, loosest first.
func Operators() []string {
	return []string{">>", "implies", "or", "and", "==", "!=", "<", "<=", ">", ">=", "is", "..", "+", "-", "++",
		"*", "/", "%", "@"}
}

// JoinsModules tells whether an operator, applied to modules, is sugar for a clone, a tuple and a join; such
// operators don't mix with >> without parentheses.
func JoinsModules(op string) bool { return op == "+" || op == "*" || op == "@" || op == "++" }
