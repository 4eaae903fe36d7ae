package ir_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/ir/op"
)

// TestCombinators holds DeepArchitect's combinators, as rules of the library or forms of the language, to what the papers define (Negrinho &
// Gordon 2017, arXiv 1704.08792, section 4; Negrinho et al. 2019, arXiv 1909.13404, section 5): every point of a small space, written out by
// hand as a term over the input x, as often as there are assignments of hyperparameters that make it.
func TestCombinators(t *testing.T) {
	for _, test := range []struct{ name, net, want string }{
		{"concat is a sequence", "relu >> tanh", "tanh(relu(x))"},
		{"or takes one", "relu | tanh | gelu", "relu(x) tanh(x) gelu(x)"},
		{"optional is empty or the module", "relu?", "x relu(x)"},
		{"maybe swap", "any_order(relu, tanh)", "tanh(relu(x)) relu(tanh(x))"},
		{"repeat draws each copy", "(relu | tanh){1 | 2}", "relu(x) tanh(x) relu(relu(x)) relu(tanh(x)) tanh(relu(x)) tanh(tanh(x))"},
		{"repeat tied draws one", "{ let b = relu | tanh; in >> b{1 | 2} }", "relu(x) tanh(x) relu(relu(x)) tanh(tanh(x))"},
		{"permutation is an index into k!", "any_order_3(relu, tanh, gelu)", "gelu(tanh(relu(x))) tanh(gelu(relu(x))) gelu(relu(tanh(x))) " +
			"relu(gelu(tanh(x))) tanh(relu(gelu(x))) relu(tanh(gelu(x)))"},
		{"residual adds", "residual(relu | tanh)", "add(relu(x),x) add(tanh(x),x)"},
		{"residual of 2017 makes equal", "residual_padded(linear(4))", "add(pad_equal(linear(x),x).0,pad_equal(linear(x),x).1)"},
		{"residual joins two paths", "two_ways(relu | tanh, gelu?, add | mul)", "add(relu(x),x) mul(relu(x),x) add(relu(x),gelu(x)) " +
			"mul(relu(x),gelu(x)) add(tanh(x),x) mul(tanh(x),x) add(tanh(x),gelu(x)) mul(tanh(x),gelu(x))"},
		{"split-combine draws each branch", "split_combine(relu | tanh, mul, 2)", "mul(relu(x),relu(x)) mul(relu(x),tanh(x)) " +
			"mul(tanh(x),relu(x)) mul(tanh(x),tanh(x))"},
		{"split-combine draws their number", "split_combine(relu, add, 2..4)", "add(relu(x),relu(x)) add(relu(x),relu(x),relu(x)) " +
			"add(relu(x),relu(x),relu(x),relu(x))"},
		{"nested repeat wraps n - 1 times", "nested_repeat(relu | tanh, residual, 1..3)", "relu(x) tanh(x) add(relu(x),x) add(tanh(x),x) " +
			"add(add(relu(x),x),x) add(add(tanh(x),x),x)"},
		{"nested repeat draws each wrap", "nested_repeat(relu, wrap, 3)\nrule wrap(b) = b >> (tanh | gelu)", "tanh(tanh(relu(x))) tanh(gelu(relu(x))) " +
			"gelu(tanh(relu(x))) gelu(gelu(relu(x)))"},
		{"dense block sees all before", "dense_block(relu | tanh, 2)", "concat(concat(x,relu(x)),relu(concat(x,relu(x)))) " +
			"concat(concat(x,relu(x)),tanh(concat(x,relu(x)))) concat(concat(x,tanh(x)),relu(concat(x,tanh(x)))) " +
			"concat(concat(x,tanh(x)),tanh(concat(x,tanh(x))))"},
		{"a hyperparameter shared", "linear(w) >> linear(w)\nlet w = 2 | 3", "linear:2(linear:2(x)) linear:3(linear:3(x))"},
		{"a hyperparameter that depends", "linear(w) >> linear(w * 2)\nlet w = 2 | 3", "linear:4(linear:2(x)) linear:6(linear:3(x))"},
		{"a substitution by its values", "sub(1 | 2)\nrule sub(n) = relu if n == 1 | tanh{n} if n > 1", "relu(x) tanh(tanh(x))"},
	} {
		sp := load(t, "use std\ninput x: [3]\nnet = "+test.net+"\n")
		var got []string
		enumerate(t, sp, 100, func(p *ir.Point) {
			b, err := p.Build()
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, term(b.Graph, b.Graph.Outputs[0], strings.Contains(test.want, "linear:")))
		})
		want := strings.Fields(test.want)
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s (-want +got):\n%s", test.name, test.net, diff)
		}
	}
}

// term is what a wire carries, as ops of ops of the input x; with widths, linear says its own.
func term(g *op.Graph, w op.Wire, widths bool) string {
	for _, n := range g.Nodes {
		i := slices.Index(n.Out, w)
		if i < 0 {
			continue
		}
		var in []string
		for _, w := range n.In {
			in = append(in, term(g, w, widths))
		}
		if n.Args.Spec.Wiring {
			return in[0]
		}
		text := n.Args.Spec.Name
		if widths {
			text += fmt.Sprint(":", n.Shapes[0][0].Size)
		}
		text += "(" + strings.Join(in, ",") + ")"
		if len(n.Out) > 1 {
			text += fmt.Sprint(".", i)
		}
		return text
	}
	return "x"
}

// TestCallsOfParameters: a "rule" parameter is called where it was given a rule or an op; recursion by way of one ends like any other, or says so.
func TestCallsOfParameters(t *testing.T) {
	for rules, want := range map[string]string{
		"net = f(residual, relu | tanh)\nrule f(rule g, a) = g(a)":                         "2 <nil>",
		"net = f(linear)\nrule f(rule g) = g(2 | 3)":                                       "2 <nil>",
		"net = f(g)\nrule f(rule h) = k(h)\nrule k(rule h) = h(relu)\nrule g(a) = a{1..3}": "3 <nil>",
		"net = f(f)\nrule f(rule g) = g(g)":                                                "E505 the rule 'f' recurses without end",
		"net = f(f, relu)\nrule f(rule g, rule a) = a | a >> g(g, a)":                      "infinite",
		"net = f(f, relu)\nrule f(rule g, rule a) = a | g(g, a >> tanh)":                   "E506 this nests beyond the limit of 500 levels",
		"net = f(relu >> tanh)\nrule f(rule g) = g(relu)":                                  "E205 'g' takes no arguments",
		"net = f(residual)\nrule f(rule g) = g":                                            "E205 'residual' needs its parameter 'body'",
		"net = f(residual)\nrule f(rule g) = g(relu, tanh)":                                "E205 'residual' takes one argument",
	} {
		sp, said := files{"main.space": "use std\ninput x: [3]\n" + rules + "\n"}.load()
		got := strings.Join(said, "; ")
		if sp != nil {
			n, err := sp.Count()
			got = fmt.Sprint(n, " ", err)
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s\ngives %s, want %s", rules, got, want)
		}
	}
}
