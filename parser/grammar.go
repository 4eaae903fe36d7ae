package parser

import "github.com/alecthomas/participle/v2/lexer"

// The grammar, as participle reads it from the tags. Alternatives differ in their first token, or look ahead at the
// second where (?= ) says so: nothing is ever parsed twice, and the first token that fits nowhere is the one in error.
// Binary operators are read flat: precedence.go gives them their tree. A Body is a list between braces, parsed by
// itself (see chunk).

type declaration struct {
	Bare      *bareRule  `parser:"  (?= Name '=' ) @@"`
	Edition   *edition   `parser:"| @@"`
	Space     *space     `parser:"| @@"`
	Use       *use       `parser:"| @@"`
	Port      *port      `parser:"| @@"`
	Rule      *rule      `parser:"| @@"`
	Let       *let       `parser:"| @@"`
	Config    *config    `parser:"| @@"`
	Require   *require   `parser:"| @@"`
	Objective *objective `parser:"| @@"`
	Type      *typeDecl  `parser:"| @@"`
	Op        *opDecl    `parser:"| @@"`
	Cost      *cost      `parser:"| @@"`
	Seed      *seed      `parser:"| @@"`
	From      *from      `parser:"| @@"`
}

type edition struct {
	Word    lexer.Token `parser:"@'edition'"`
	Version lexer.Token `parser:"@Number"`
}

type space struct {
	Word lexer.Token `parser:"@'space'"`
	Name lexer.Token `parser:"@Name"`
}

type use struct {
	Word lexer.Token `parser:"@'use'"`
	Path lexer.Token `parser:"@( Name | String )"`
}

type port struct {
	Word lexer.Token `parser:"@( 'input' | 'output' )"`
	Name lexer.Token `parser:"@Name ':'"`
	Type *typeExpr   `parser:"@@"`
}

type rule struct {
	Word   lexer.Token `parser:"@'rule'"`
	Name   lexer.Token `parser:"@Name"`
	Params []*param    `parser:"( '(' ( @@ ( ',' @@ )* )? ')' )?"`
	Body   *choice     `parser:"'=' @@"`
}

type bareRule struct {
	Name lexer.Token `parser:"@Name"`
	Body *choice     `parser:"'=' @@"`
}

type param struct {
	Rule    lexer.Token `parser:"( (?= 'rule' Name ) @'rule' )?"`
	Name    lexer.Token `parser:"@Name"`
	Kind    lexer.Token `parser:"( ':' @Name )?"`
	Default *choice     `parser:"( '=' @@ )?"`
}

type let struct {
	Share    lexer.Token `parser:"( @'share' )?"`
	Word     lexer.Token `parser:"@'let'"`
	Bindings []*binding  `parser:"@@ ( ',' @@ )*"`
}

type binding struct {
	Name   lexer.Token `parser:"@Name"`
	Params []*param    `parser:"( '(' ( @@ ( ',' @@ )* )? ')' )?"`
	Body   *choice     `parser:"'=' @@"`
}

type config struct {
	Word  lexer.Token `parser:"@'config'"`
	Name  lexer.Token `parser:"@Name"`
	Items lexer.Token `parser:"'{' @Body"`
	Close lexer.Token `parser:"@'}'"`
}

type require struct {
	Word  lexer.Token `parser:"@'require'"`
	Conds []*infix    `parser:"@@ ( ',' @@ )*"`
}

type objective struct {
	Word lexer.Token `parser:"@( 'maximize' | 'minimize' )"`
	Name lexer.Token `parser:"@Name"`
}

type typeDecl struct {
	Word   lexer.Token   `parser:"@'type'"`
	Name   lexer.Token   `parser:"@Name"`
	Params []*typeParam  `parser:"( '(' @@ ( ',' @@ )*"`
	Close  []lexer.Token `parser:"@')' )?"`
}

type typeParam struct {
	Name lexer.Token `parser:"@Name"`
}

type opDecl struct {
	Word      lexer.Token   `parser:"@'op'"`
	Name      lexer.Token   `parser:"@Name"`
	Params    []*param      `parser:"( '(' ( @@ ( ',' @@ )* )?"`
	Close     []lexer.Token `parser:"@')' )?"`
	Signature *signature    `parser:"( ':' @@ )?"`
	Clauses   []*clause     `parser:"@@*"`
}

type signature struct {
	In  *typeTuple `parser:"@@"`
	Out *typeTuple `parser:"'->' @@"`
}

type typeTuple struct {
	Types []*typeExpr   `parser:"( '(' @@ ( ',' @@ )*"`
	Close []lexer.Token `parser:"@')'"`
	Type  *typeExpr     `parser:"| @@ )"`
}

type clause struct {
	Requires lexer.Token `parser:"(  @'requires'"`
	Conds    []*infix    `parser:"   @@ ( ',' @@ )*"`
	Word     lexer.Token `parser:"|  @( 'params' | 'macs' )"`
	Value    *infix      `parser:"   @@ )"`
}

type cost struct {
	Word    lexer.Token `parser:"@'cost'"`
	Name    lexer.Token `parser:"@Name"`
	Entries lexer.Token `parser:"'{' @Body"`
	Close   lexer.Token `parser:"@'}'"`
}

type seed struct {
	Word lexer.Token `parser:"@'seed'"`
	Name lexer.Token `parser:"@Name"`
	Body *choice     `parser:"'=' @@"`
}

type from struct {
	Word      lexer.Token `parser:"@'from'"`
	Space     lexer.Token `parser:"@Name"`
	Decisions lexer.Token `parser:"'{' @Body"`
	Close     lexer.Token `parser:"@'}'"`
}

// What the bodies consist of.

type statement struct {
	Let     *let     `parser:"  @@"`
	Require *require `parser:"| @@"`
	Assign  *assign  `parser:"| (?= Name ( '=' | ',' ) ) @@"`
	Result  *choice  `parser:"| @@"`
}

type assign struct {
	Names []lexer.Token `parser:"@( Name ( ',' Name )* )"`
	Value *choice       `parser:"'=' @@"`
}

type item struct {
	Let     *let     `parser:"  @@"`
	Require *require `parser:"| @@"`
	Field   *field   `parser:"| @@"`
}

type field struct {
	Name  lexer.Token `parser:"@Name"`
	Value *choice     `parser:"':' @@"`
}

type entry struct {
	Op    lexer.Token `parser:"@Name"`
	Value *infix      `parser:"':' @@"`
}

type decision struct {
	Path  []lexer.Token `parser:"@( Name ( '.' ( Name | Number ) | '[' Number ']' | '#' Number )* )"`
	Value []lexer.Token `parser:"'=' @( '-'? Number | 'true' | 'false' | String | Name ( '#' Number )? )"`
}

// Types.

type typeExpr struct {
	Tensor  *tensor  `parser:"  @@"`
	Nominal *nominal `parser:"| @@"`
}

type tensor struct {
	Open  lexer.Token `parser:"@'['"`
	Axes  []*axis     `parser:"( @@ ( ',' @@ )* )?"`
	Close lexer.Token `parser:"@']'"`
}

type axis struct {
	Named *namedAxis `parser:"  (?= Name ':' ) @@"`
	Size  *infix     `parser:"| @@"`
}

type namedAxis struct {
	Name lexer.Token `parser:"@Name ':'"`
	Size *infix      `parser:"@@"`
}

type nominal struct {
	Name  lexer.Token   `parser:"@Name"`
	Args  []*infix      `parser:"( '(' @@ ( ',' @@ )*"`
	Close []lexer.Token `parser:"@')' )?"`
}

// Expressions.

type choice struct {
	Alts []*alternative `parser:"'|'? @@ ( '|' @@ )*"`
}

type alternative struct {
	Body   *infix  `parser:"@@"`
	Weight *weight `parser:"@@?"`
	Guard  *infix  `parser:"( 'if' @@ )?"`
}

type weight struct {
	Open  lexer.Token   `parser:"@'['"`
	Value lexer.Token   `parser:"@( 'each' | Number )"`
	Close []lexer.Token `parser:"@( '%'? ']' )"`
}

type infix struct {
	Cond *cond    `parser:"  @@"`
	Head *operand `parser:"| ( @@"`
	Tail []*tail  `parser:"    @@* )"`
}

type cond struct {
	Word lexer.Token `parser:"@'if'"`
	If   *infix      `parser:"@@"`
	Then *infix      `parser:"'then' @@"`
	Else *infix      `parser:"( 'else' @@ )?"`
}

type tail struct {
	Op      lexer.Token `parser:"( @Operator"`
	Operand *operand    `parser:"  @@"`
	Step    lexer.Token `parser:"| @'step'"`
	Factor  lexer.Token `parser:"  ( @'*' )?"`
	By      *operand    `parser:"  @@"`
	Log     lexer.Token `parser:"| @'log'"`
	Points  lexer.Token `parser:"| @'points'"`
	Count   *operand    `parser:"  @@ )"`
}

type operand struct {
	Prefix   []lexer.Token `parser:"@( ( 'not' | '-' )* )"`
	Primary  *primary      `parser:"@@"`
	Of       *primary      `parser:"( 'of' @@ )?"`
	Suffixes []*suffix     `parser:"@@*"`
}

type primary struct {
	Name   *call       `parser:"  @@"`
	Number lexer.Token `parser:"| @Number"`
	Parens *parens     `parser:"| @@"`
	Block  *block      `parser:"| @@"`
	Bool   lexer.Token `parser:"| @( 'true' | 'false' )"`
	String lexer.Token `parser:"| @String"`
}

type call struct {
	Name  lexer.Token   `parser:"@Name"`
	Args  []*arg        `parser:"( '(' ( @@ ( ',' @@ )* )?"`
	Close []lexer.Token `parser:"@')' )?"`
}

type arg struct {
	Named *namedArg `parser:"  (?= Name ':' ) @@"`
	Value *choice   `parser:"| @@"`
}

type namedArg struct {
	Name  lexer.Token `parser:"@Name ':'"`
	Value *choice     `parser:"@@"`
}

type parens struct {
	Open  lexer.Token `parser:"@'('"`
	Elems []*choice   `parser:"@@ ( ',' @@ )*"`
	Close lexer.Token `parser:"@')'"`
}

type block struct {
	Open  lexer.Token `parser:"@'{'"`
	Body  lexer.Token `parser:"@Body"`
	Close lexer.Token `parser:"@'}'"`
}

type suffix struct {
	Name  lexer.Token `parser:"  '.' @Name"`
	Count *choice     `parser:"| '{' @@"`
	Close lexer.Token `parser:"  @'}'"`
	Maybe lexer.Token `parser:"| @'?'"`
}
