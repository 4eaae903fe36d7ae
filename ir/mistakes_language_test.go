package ir_test

import "github.com/spacec-lang/spacec/lang/diag"

// mistakesOfTheLanguage are those of people who meet this language for the first time.
func mistakesOfTheLanguage() []mistakes {
	return []mistakes{
		{"modules and wires", network, []mistake{
			{"net = conv(8) >> relu + skip", diag.Mixed, "relu + skip", "can't be mixed without parentheses ... different networks",
				"net = conv(8) >> (relu + skip)"},
			{"net = {\n  a = conv(3)\n  a + in\n}", diag.Kind, "conv(3)", "a wire is needed ... in >> conv", "net = {\n  a = in >> conv(3)\n  a + in\n}"},
			{"net = {\n  c = { a = in >> relu; a + in }\n  c >> tanh\n}", diag.Kind, "{ a = in >> relu; a + in }", "a block by itself is a module ... in >> { ... }",
				"net = {\n  c = in >> { a = in >> relu; a + in }\n  c >> tanh\n}"},
			{"net = {\n  let y = in >> relu\n  y\n}", diag.Kind, "in >> relu", "a let can't name a wire ... without let", ""},
			{"net = relu tanh", diag.Syntax, "tanh", "expected an operator ... a sequence is written 'a >> b'", ""},
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
			{"net = relu{1-4}", diag.BadValue, "1-4", "a range is written with two points", "net = relu{1..4}"},
			{"net = 50% relu | tanh", diag.Kind, "50% relu", "a weight stands in brackets behind", "net = relu [50%] | tanh"},
			{"net = 0.5: relu | tanh", diag.Syntax, "0.5:", "a weight stands in brackets behind ... relu [0.5]", ""},
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
			{"net = relu\nrequire accuracy > 0.9", diag.UnknownName, "accuracy", "params, macs ... with 'maximize'", ""},
			{"net = relu\nrequire accuracy > 0.9\nmaximize accuracy", diag.UnknownName, "accuracy", "a metric is known after training", ""},
			{"net = relu\nrequire param <= 200k", diag.UnknownName, "param", "did you mean 'params'?", "net = relu\nrequire params <= 200k"},
			{"net = relu\nrequire flops <= 200k", diag.UnknownName, "flops", "'flops' is written 'macs' here", "net = relu\nrequire macs <= 200k"},
			{"net = relu\nconfig train { lr: 0.1 | 0.2 }\nrequire lr > 0.1", diag.UnknownName, "lr", "stands in that config", ""},
			{"net = relu if c > 3 | tanh", diag.UnknownName, "c", "did you mean 'in.c'?", "net = relu if in.c > 3 | tanh"},
			{"net = dense(10) >> (relu if in.h > 3 | tanh if in.h <= 3)", diag.NoCompletion, "in.h", "[10] has no axis 'h'", ""},
			{"net = relu\nrequire 1 <= params <= 9", diag.Syntax, "<=", "can't follow another ... joined with 'and'", ""}, // ConfigSpace issue 272
			{"net = relu\nminimize accuracy, params", diag.Syntax, ",", "an objective is one metric ... bounded with 'require'", ""},
			{"net = relu\nmaximize \"accuracy\"", diag.Syntax, "\"accuracy\"", "named without quotes", "net = relu\nmaximize accuracy"},
			{"rule block = relu >> block\nnet = block", diag.Endless, "block", "without end ... an alternative that does not call", ""},
			{"net = dense(10) >> conv(8)", diag.NoCompletion, "conv(8)", "conv takes [c, h, w]; [10] arrives", ""},
		}},
		{"whole files", "", []mistake{
			{"use std\nnet = relu", diag.Declaration, "net", "a net needs an input ... input image", ""},
			{"use torch\ninput x: [3]\nnet = relu", diag.BadUse, "use torch", "there is no module ... 'use std'", "use std\ninput x: [3]\nnet = relu"},
			{"input x: [3]\nnet = relu", diag.UnknownName, "relu", "standard library ... declare 'use std'", "use std\ninput x: [3]\nnet = relu"},
			{"edition 1\nspace a\ninput x: [3]\nnet = relu >> tanh", diag.UnknownName, "relu", "declare 'use std'", "edition 1\nspace a\nuse std\ninput x: [3]\nnet = relu >> tanh"},
			{"use std\ninput x: [3]\nNet = relu", diag.NoRoot, "Net", "did you mean 'net'?", "use std\ninput x: [3]\nnet = relu"},
			{"use std\ninput: [3]\nnet = relu", diag.Syntax, ":", "an input has a name", "use std\ninput x: [3]\nnet = relu"},
			{"use std\ninput x: [3 | 4]\nnet = relu", diag.Syntax, "|", "the sizes of an input are constant", ""},
			{"use std\nspace my-net\ninput x: [3]\nnet = relu", diag.Syntax, "-", "letters, digits and '_'", "use std\nspace my_net\ninput x: [3]\nnet = relu"},
			{"use std\ninput x: [3]\noutput y: [10]\nnet = dense(12)", diag.NoCompletion, "net = dense(12)", "the net leaves [12], and the output is declared [10]", ""},
			{"edition 2\nuse std\ninput x: [3]\nnet = relu", diag.BadEdition, "2", "no edition '2' ... knows edition 1", ""},
			{"space digits {\nuse std\ninput x: [3]\nnet = relu\n}", diag.Syntax, "{", "a space has no braces", ""},
			{"use std\ninput x: (3, 8, 8)\nnet = relu", diag.Syntax, "(", "a type stands in brackets", "use std\ninput x: [3, 8, 8]\nnet = relu"},
			{"use std\ninput x = [3]\nnet = relu", diag.Syntax, "=", "follows ':'", "use std\ninput x: [3]\nnet = relu"},
			{"use std\ninput [3]\nnet = relu", diag.Syntax, "[", "has a name", "use std\ninput x: [3]\nnet = relu"},
		}},
	}
}
