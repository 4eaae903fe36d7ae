package ir_test

import "github.com/spacec-lang/spacec/lang/diag"

// mistakesFromElsewhere are those of people who know another language or another tool.
func mistakesFromElsewhere() []mistakes {
	return []mistakes{
		{"Python", network, []mistake{
			{"def block(n): conv(n)\nnet = relu", diag.Syntax, "def", "a rule is declared as 'rule block(n) = ...', not 'def'", ""},
			{"class Net(Module): relu\nnet = relu", diag.Syntax, "class", "a rule is declared as", ""},
			{"net = relu # the whole of it", diag.Syntax, "#", "a comment starts with '//'", "net = relu // the whole of it"},
			{"net = conv(8, kernel=3)", diag.Syntax, "=", "an argument is named with ':'", "net = conv(8, kernel: 3)"},
			{"net = conv([8, 16, 32])", diag.Syntax, "[8, 16, 32]", "there are no lists ... 'a | b | c'", "net = conv(8 | 16 | 32)"},
			{"net = relu if in.c = 3 | tanh", diag.Syntax, "=", "a comparison is written with '=='", "net = relu if in.c == 3 | tanh"},
			{"let width = 2 ** 3\nnet = conv(width)", diag.Syntax, "**", "no operator '**' ... write the product", ""},
			{"net = {\n  h = in >> conv(8)\n  h += in\n  h\n}", diag.Syntax, "+=", "a name is given its meaning once ... a new name", ""},
			{"net = {\n  h = in >> conv(8)\n  return h\n}", diag.Syntax, "return", "the last line of a block is what leaves it",
				"net = {\n  h = in >> conv(8)\n  h\n}"},
			{"let mode = 'same'\nnet = relu if mode is same | tanh", diag.BadCharacter, "'same'", "between double quotes",
				"let mode = \"same\"\nnet = relu if mode is same | tanh"},
			{"net = conv(8)(relu)", diag.Syntax, "(", "applied to a wire with '>>'", ""},
		}},
		{"C and JavaScript", network, []mistake{
			{"net = relu if in.c > 2 && in.h > 2 | tanh", diag.BadCharacter, "&&", "written with 'and'",
				"net = relu if in.c > 2 and in.h > 2 | tanh"},
			{"net = relu if !(in.c > 2) | tanh", diag.BadCharacter, "!", "written with 'not'", "net = relu if not (in.c > 2) | tanh"},
			{"net = relu || tanh", diag.Syntax, "||", "a choice is written with '|'", "net = relu | tanh"},
			{"net = conv(true ? 8 : 16)", diag.Syntax, "?", "written 'if c then x else y'", ""},
			{"/* all of it */\nnet = relu", diag.Syntax, "/*", "a comment starts with '//'", "// all of it\nnet = relu"},
			{"const w = 8\nnet = conv(w)", diag.Syntax, "const", "with 'let', not 'const'", "let w = 8\nnet = conv(w)"},
			{"net = relu ^ 3", diag.BadCharacter, "^", "no powers", ""},
		}},
		{"grammars", network, []mistake{
			{"net ::= relu | tanh", diag.Syntax, "::=", "given its meaning with '='", "net = relu | tanh"},
			{"net -> relu | tanh", diag.Syntax, "->", "given its meaning with '='", "net = relu | tanh"},
			{"net := relu | tanh", diag.Syntax, ":=", "given its meaning with '='", "net = relu | tanh"},
			{"net = conv(8) -> relu", diag.Syntax, "->", "a sequence is written with '>>'", "net = conv(8) >> relu"},
			{"net = [relu] >> conv(8)", diag.Syntax, "[relu]", "weights and types only ... left out is written 'a?'", ""},
			{"net = ?relu", diag.Syntax, "?", "behind what it makes optional", ""},
		}},
		{"YAML and JSON", "", []mistake{
			{"config train: lr: 0.1", diag.Syntax, ":", "", ""},
			{"config train { lr = 0.1 }", diag.Syntax, "=", "a field is written 'name: value'", "config train { lr: 0.1 }"},
			{"config train {\n  \"lr\": 0.1\n}", diag.Syntax, "\"lr\"", "without quotes", "config train {\n  lr: 0.1\n}"},
			{"config train {\n  lr: 0.1,\n  batch: 32,\n}", diag.Syntax, ",", "parted by a line end or ';'",
				"config train {\n  lr: 0.1\n  batch: 32\n}"},
			{"config train { lr: 0.1, batch: 32 }", diag.Syntax, ",", "parted by a line end or ';'", "config train { lr: 0.1; batch: 32 }"},
			{"config train { lr: [0.1, 0.01] }", diag.Syntax, "[0.1, 0.01]", "'a | b | c'", "config train { lr: 0.1 | 0.01 }"},
			{"{\n  \"lr\": 0.1\n}", diag.Syntax, "{", "a .space file is not JSON", ""},
		}},
	}
}
