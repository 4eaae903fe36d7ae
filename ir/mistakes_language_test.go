package ir_test

import "github.com/spacec-lang/spacec/lang/diag"

// mistakesOfTheLanguage are those of people who meet this language for the first time.
func mistakesOfTheLanguage() []mistakes {
	return []mistakes{
		{"modules and wires", network, []mistake{
			{"net = conv(8) >> relu + skip", diag.Mixed, "relu + skip", "can't be mixed without parentheses ... different networks",
				"net = conv(8) >> (relu + skip)"},
			{"net = {\n  a = conv(8)\n  a + in\n}", diag.Kind, "conv(8)", "a wire is needed ... in >> conv", ""},
			{"net = {\n  let y = in >> relu\n  y\n}", diag.Kind, "in >> relu", "a let can't name a wire ... without let", ""},
			{"net = relu tanh", diag.Syntax, "tanh", "", ""},
			{"net = relu, tanh", diag.Syntax, ",", "a sequence is written 'a >> b', a choice 'a | b'", ""},
		}},
		{"names", network, []mistake{
			{"net = cov(8)", diag.UnknownName, "cov", "did you mean 'conv'?", "net = conv(8)"},
			{"net = conv(8, kernal: 3)", diag.Arguments, "kernal", "did you mean 'kernel'?", "net = conv(8, kernel: 3)"},
			{"Rule block = relu\nnet = block", diag.Syntax, "Rule", "did you mean 'rule'?", "rule block = relu\nnet = block"},
			{"block(n) = conv(n)\nnet = block(8)", diag.Syntax, "block", "starts with the word 'rule'", "rule block(n) = conv(n)\nnet = block(8)"},
			{"rule a = relu\nrule a = tanh\nnet = a", diag.Defined, "a", "'a' is defined twice", ""},
			{"rule a = relu\nnet = tanh", diag.Unused, "a", "the rule 'a' is never used", ""},
			{"let w = 8 | 16\nnet = conv(8)", diag.Unused, "w", "never used, so it draws nothing", ""},
			{"rule block(n) = conv(n)\nnet = block", diag.Arguments, "block", "needs its parameter 'n'", ""},
			{"rule block(n) = conv(n)\nnet = block(8, 16)", diag.Arguments, "16", "takes one argument", ""},
			{"net = relu(8)", diag.Arguments, "8", "relu takes no arguments", ""},
			{"let act = relu | tanh\nnet = act >> (skip if act is rely | tanh)", diag.UnknownName, "rely", "no alternative 'rely' ... 'relu'",
				"let act = relu | tanh\nnet = act >> (skip if act is relu | tanh)"},
		}},
		{"values, ranges and weights", network, []mistake{
			{"net = relu{1,4}", diag.Syntax, ",", "a range is written with two points", "net = relu{1..4}"},
			{"net = relu{4..1}", diag.BadRange, "4..1", "4 is more than 1 ... the smaller end first", "net = relu{1..4}"},
			{"net = relu{1...4}", diag.Syntax, "...", "two points", "net = relu{1..4}"},
			{"net = dropout(50%)", diag.Syntax, "50%", "a number such as 0.5", "net = dropout(0.5)"},
			{"net = relu 50% | tanh", diag.Syntax, "50%", "a weight stands in brackets behind", "net = relu [50%] | tanh"},
			{"net = relu [150%] | tanh", diag.BadWeight, "[150%]", "at most 100", ""},
			{"net = conv(8..64 step 0)", diag.BadRange, "8..64 step 0", "above zero", ""},
			{"net = conv(0..8 log)", diag.BadRange, "0..8 log", "has to start above zero", ""},
			{"net = 2 of (relu, tanh, gelu)", diag.BadValue, "(relu, tanh, gelu)", "write 2 of (a | b | c)", ""},
			{"net = 8", diag.Kind, "8", "a module is needed", ""},
		}},
		{"requirements and goals", network, []mistake{
			{"net = relu\nrequire params <= 200K", diag.BadNumber, "200K", "k, M and G", "net = relu\nrequire params <= 200k"},
			{"net = relu\nrequire 1 <= params <= 9", diag.Syntax, "<=", "can't follow another ... joined with 'and'", ""}, // ConfigSpace issue 272
			{"net = relu\nminimize accuracy, params", diag.Syntax, ",", "an objective is one metric ... bounded with 'require'", ""},
			{"net = relu\nmaximize \"accuracy\"", diag.Syntax, "\"accuracy\"", "named without quotes", "net = relu\nmaximize accuracy"},
			{"rule block = relu >> block\nnet = block", diag.Endless, "block", "without end ... an alternative that does not call", ""},
			{"net = dense(10) >> conv(8)", diag.NoCompletion, "conv(8)", "conv takes [c, h, w]; [10] arrives", ""},
		}},
		{"whole files", "", []mistake{
			{"use std\nnet = relu", diag.Declaration, "net", "a net needs an input ... input image", ""},
			{"use torch\ninput x: [3]\nnet = relu", diag.BadUse, "use torch", "there is no module ... 'use std'", ""},
			{"space digits {\nuse std\ninput x: [3]\nnet = relu\n}", diag.Syntax, "{", "a space has no braces", ""},
			{"use std\ninput x: (3, 8, 8)\nnet = relu", diag.Syntax, "(", "a type stands in brackets", "use std\ninput x: [3, 8, 8]\nnet = relu"},
			{"use std\ninput x = [3]\nnet = relu", diag.Syntax, "=", "follows ':'", "use std\ninput x: [3]\nnet = relu"},
			{"use std\ninput [3]\nnet = relu", diag.Syntax, "[", "has a name", "use std\ninput x: [3]\nnet = relu"},
		}},
	}
}
