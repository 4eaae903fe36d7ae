package lang

// File is the syntax tree of one .space file, declarations in the order written.
type File struct {
	Source *Source
	Decls  []Decl
	// Comments are the comments of the file in order, doc comments ("///") among them.
	Comments []Comment
}

// Comment is one comment with its marks.
type Comment struct {
	Span Span
	Text string
}

// Node is any part of the tree.
type Node interface{ Pos() Span }

// At is embedded in every node and gives its span.
type At struct{ Span Span }

// Pos is the node's span.
func (a At) Pos() Span { return a.Span }

// Ident is a name where it stands.
type Ident struct {
	At
	Name string
}

// Decl is a declaration of a file.
type Decl interface {
	Node
	decl()
}

type (
	// Edition is "edition 1".
	Edition struct {
		At
		Version int
	}
	// SpaceDecl is "space NAME"; Doc is the doc comment before it, without its marks.
	SpaceDecl struct {
		At
		Doc  string
		Name Ident
	}
	// Use is "use std" or, with File set, `use "blocks.space"`.
	Use struct {
		At
		Path string
		File bool
	}
	// Port is "input NAME: TYPE" or "output NAME: TYPE".
	Port struct {
		At
		Output bool
		Name   Ident
		Type   Type
	}
	// Rule is "rule NAME(PARAMS) = BODY", or "NAME = BODY" with Bare set (as for net).
	Rule struct {
		At
		Doc    string
		Bare   bool
		Name   Ident
		Params []Param
		Body   Expr
	}
	// Let is "let A = X, B(p) = Y" or "share let ...". It is a declaration and a statement.
	Let struct {
		At
		Share    bool
		Bindings []Binding
	}
	// Config is "config NAME { field: VALUE; let ...; require ... }".
	Config struct {
		At
		Doc   string
		Name  Ident
		Items []ConfigItem
	}
	// Require is "require COND, COND". It is a declaration, a statement and a config item.
	Require struct {
		At
		Conds []Expr
	}
	// Objective is "maximize NAME" or "minimize NAME".
	Objective struct {
		At
		Maximize bool
		Name     Ident
	}
	// TypeDecl is "type NAME" or "type NAME(n)".
	TypeDecl struct {
		At
		Doc    string
		Name   Ident
		Params []Ident
	}
	// OpDecl is "op NAME(PARAMS) : IN -> OUT" with its clauses; it may have neither type nor clauses.
	OpDecl struct {
		At
		Doc        string
		Name       Ident
		Params     []Param
		In, Out    []Type // a tuple of types when several; nil where not written
		Requires   []Expr
		ParamCount Expr // the "params" clause, nil where absent
		Macs       Expr // the "macs" clause, nil where absent
	}
	// Cost is "cost NAME { op: EXPR; op: EXPR }".
	Cost struct {
		At
		Name    Ident
		Entries []CostEntry
	}
	// Seed is "seed NAME = EXPR".
	Seed struct {
		At
		Name Ident
		Body Expr
	}
	// From is "from SPACE { path = value; path = value }", the decisions of a printed point.
	From struct {
		At
		Space     Ident
		Decisions []FromDecision
	}
)

func (*Edition) decl()   {}
func (*SpaceDecl) decl() {}
func (*Use) decl()       {}
func (*Port) decl()      {}
func (*Rule) decl()      {}
func (*Let) decl()       {}
func (*Config) decl()    {}
func (*Require) decl()   {}
func (*Objective) decl() {}
func (*TypeDecl) decl()  {}
func (*OpDecl) decl()    {}
func (*Cost) decl()      {}
func (*Seed) decl()      {}
func (*From) decl()      {}

// Param is a parameter of a rule, a let or an op: "rule body", "n = 1..3", "width", "kernel: int = 3".
type Param struct {
	At
	Rule    bool // marked "rule": drawn afresh at each use
	Name    Ident
	Kind    *Ident // "int" in "kernel: int"; nil where not written
	Default Expr   // nil where there is none
}

// Binding is one "NAME(PARAMS) = BODY" of a let.
type Binding struct {
	At
	Name   Ident
	Params []Param
	Body   Expr
}

// ConfigItem is a *Field, a *Let or a *Require.
type ConfigItem interface {
	Node
	configItem()
}

// Field is "name: VALUE" of a config.
type Field struct {
	At
	Doc   string
	Name  Ident
	Value Expr
}

// Fields are those of a config, in the order written.
func (c *Config) Fields() (fields []*Field) {
	for _, item := range c.Items {
		if f, ok := item.(*Field); ok {
			fields = append(fields, f)
		}
	}
	return fields
}

// Field is the field of a name; nil where there is none.
func (c *Config) Field(name string) *Field {
	for _, f := range c.Fields() {
		if f.Name.Name == name {
			return f
		}
	}
	return nil
}

func (*Field) configItem()   {}
func (*Let) configItem()     {}
func (*Require) configItem() {}

// CostEntry is "op: EXPR" of a cost.
type CostEntry struct {
	At
	Op    Ident
	Value Expr
}

// FromDecision is "block[2].conv_unit.filters = 24": Path is the text of the path, Value a literal
// (a number, with a minus before it at times, a boolean or a name, which may end in "#2").
type FromDecision struct {
	At
	Path  string
	Value string
}

// Type is a type expression: a *TensorType or a *NominalType.
type Type interface {
	Node
	typ()
}

type (
	// TensorType is an axis list, "[c: 3, h: 32, w: 32]".
	TensorType struct {
		At
		Axes []Axis
	}
	// NominalType is a type of the file's own, "image" or "qubits(4)".
	NominalType struct {
		At
		Name Ident
		Args []Expr
	}
)

func (*TensorType) typ()  {}
func (*NominalType) typ() {}

// Axis is "c: 3", "10" (no name) or, in an op's type, "c" (which the parser gives as a nil Name and
// the size expression c).
type Axis struct {
	At
	Name *Ident
	Size Expr
}

// Stmt is a statement of a block: a *Let, a *Require or a *Assign.
type Stmt interface {
	Node
	stmt()
}

// Assign is "h = EXPR" or "p, q = EXPR" in a block: it names wires.
type Assign struct {
	At
	Names []Ident
	Value Expr
}

func (*Let) stmt()     {}
func (*Require) stmt() {}
func (*Assign) stmt()  {}

// Expr is an expression: a module, a wire or a value, which only its names decide.
type Expr interface {
	Node
	expr()
}

type (
	// Name is a use of a name; "in" is one.
	Name struct {
		At
		Name string
	}
	// Number is a literal, its suffix (200k, 3M, 1G) applied. Int tells whether it was written without
	// a point and an exponent that make it real; 2e9 is an int.
	Number struct {
		At
		Text  string
		Int   bool
		Value float64
		I     int64 // the value where Int
	}
	// Bool is true or false.
	Bool struct {
		At
		Value bool
	}
	// String is "text", unquoted.
	String struct {
		At
		Value string
	}
	// Call is "f(x, name: y)".
	Call struct {
		At
		Fun  Ident
		Args []Arg
	}
	// Access is "in.c" or "u.grid".
	Access struct {
		At
		X    Expr
		Name Ident
	}
	// Repeat is "a{n}"; n is any integer expression, a choice or a range too.
	Repeat struct {
		At
		X     Expr
		Count Expr
	}
	// Optional is "a?", the same as (a | skip).
	Optional struct {
		At
		X Expr
	}
	// Choice is "a [3] | b if c": the alternatives of the one choice there is. A single alternative
	// is a Choice only where it has a weight or a guard.
	Choice struct {
		At
		Alts []Alt
	}
	// Pipe is "a >> b >> c".
	Pipe struct {
		At
		Stages []Expr
	}
	// Binary is "x OP y" where Op is one of + - * / % @ ++ == != < <= > >= and or implies.
	Binary struct {
		At
		Op   string
		X, Y Expr
	}
	// Unary is "-x" or "not x".
	Unary struct {
		At
		Op string
		X  Expr
	}
	// Range is "lo..hi" with at most one of Step ("step 8"), Factor ("step *2") and Points ("points 32").
	Range struct {
		At
		Lo, Hi               Expr
		Step, Factor, Points Expr
		Log                  bool
	}
	// Tuple is "(a, b)" with two elements or more.
	Tuple struct {
		At
		Elems []Expr
	}
	// Paren is "(a)".
	Paren struct {
		At
		X Expr
	}
	// Block is "{ statements; result }".
	Block struct {
		At
		Stmts  []Stmt
		Result Expr
	}
	// NOf is "2 of (a | b | c)": X is the choice, its parentheses taken off.
	NOf struct {
		At
		N Expr
		X Expr
	}
	// Cond is "if c then x else y"; Else may be nil in a condition, meaning true.
	Cond struct {
		At
		If, Then, Else Expr
	}
	// Is is "x is name".
	Is struct {
		At
		X    Expr
		Name Ident
	}
)

func (*Name) expr()     {}
func (*Number) expr()   {}
func (*Bool) expr()     {}
func (*String) expr()   {}
func (*Call) expr()     {}
func (*Access) expr()   {}
func (*Repeat) expr()   {}
func (*Optional) expr() {}
func (*Choice) expr()   {}
func (*Pipe) expr()     {}
func (*Binary) expr()   {}
func (*Unary) expr()    {}
func (*Range) expr()    {}
func (*Tuple) expr()    {}
func (*Paren) expr()    {}
func (*Block) expr()    {}
func (*NOf) expr()      {}
func (*Cond) expr()     {}
func (*Is) expr()       {}

// Arg is one argument of a call, positional where Name is nil.
type Arg struct {
	At
	Name  *Ident
	Value Expr
}

// Alt is one alternative of a choice.
type Alt struct {
	At
	Body   Expr
	Weight *Weight // nil: weight 1
	Guard  Expr    // nil: always
}

// Weight is "[3]", "[32%]" or "[each]".
type Weight struct {
	At
	Value   float64 // 32 for [32%]
	Percent bool
	Each    bool
}
