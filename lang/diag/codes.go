package diag

// Code names a kind of diagnostic. It never changes its meaning.
type Code string

// The codes: 1xx text and syntax, 2xx names and declarations, 3xx kinds, values and domains,
// 5xx feasibility, constraints and limits, 6xx points.
const (
	TooLarge     Code = "E101" // the file is over the size limit
	NotText      Code = "E102" // bytes that are not text
	BadCharacter Code = "E103" // a character that the language doesn't use
	Syntax       Code = "E104" // something else was expected here
	TooDeep      Code = "E105" // nested beyond the limit
	Mixed        Code = "E106" // >> mixed with + * @ ++ without parentheses
	Empty        Code = "E107" // a file that declares nothing
	BadNumber    Code = "E108" // a number that can't be represented
	BadEdition   Code = "E109" // an edition that this version doesn't know

	UnknownName Code = "E201" // a rule, let, op, parameter or wire that isn't there
	Defined     Code = "E202" // a name defined twice
	NoRoot      Code = "E203" // neither net nor config
	BadUse      Code = "E204" // a file or module that can't be used
	Arguments   Code = "E205" // too many arguments, an unknown one, or one missing
	Declaration Code = "E206" // a declaration that contradicts another
	Unused      Code = "W207" // declared and never used

	Kind      Code = "E301" // a value where a module belongs, or the reverse
	BadRange  Code = "E302" // ends swapped, a step of zero, too many values
	BadWeight Code = "E303" // a weight that isn't one
	BadValue  Code = "E304" // a value outside its domain, or of the wrong sort
	NoShare   Code = "W305" // an alternative for which percentages leave nothing

	NoCompletion Code = "E501" // nothing can be completed from here
	Dead         Code = "W502" // an alternative that can never complete
	Conflict     Code = "E503" // constraints that can't hold together
	Withheld     Code = "W504" // undecided within the bounds, so never offered
	Endless      Code = "E505" // a rule that recurses without end
	Limit        Code = "E506" // beyond a stated limit
	Runaway      Code = "W507" // draws that need not end

	NotAPoint   Code = "E601" // a file with choices where a point is asked for
	BadDecision Code = "E602" // a decision that the space doesn't have or doesn't offer
	NoBackend   Code = "E603" // an op that the backend can't build
)
