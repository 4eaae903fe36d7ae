package ir_test

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/stdlib"
)

// declaredConv states the convolution of the library, padded to keep sizes, as a file would.
const declaredConv = `
op conv2(filters: int = in.c, kernel: int = 3, stride: int = 1, groups: int = 1, bias: bool = true)
  : [c, h, w] -> [c: filters, h: ceil(h / stride), w: ceil(w / stride)]
  requires c % groups == 0, filters % groups == 0
  params kernel * kernel * (c / groups) * filters + (if bias then filters else 0)
  macs kernel * kernel * (c / groups) * filters * ceil(h / stride) * ceil(w / stride)
`

// A convolution declared by equations and the one that is built of primitives agree on what they refuse, what leaves,
// and what it costs.
func TestDeclaredConvolution(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		arg := func(name string, most int) int { return rapid.IntRange(1, most).Draw(t, name) }
		args := fmt.Sprintf("kernel: %d, stride: %d, groups: %d, bias: %t", 2*arg("half", 3)-1, arg("stride", 3), arg("groups", 4), rapid.Bool().Draw(t, "bias"))
		if rapid.Bool().Draw(t, "given") {
			args += fmt.Sprintf(", filters: %d", arg("filters", 8))
		}
		input := fmt.Sprintf("use std\ninput x: [c: %d, h: %d, w: %d]\n", arg("c", 8), arg("h", 9), arg("w", 9))
		built := func(text string) any {
			sp, said := files{"main.space": input + text}.load()
			if sp == nil {
				if strings.Contains(said[0], "E501") {
					return "refused"
				}
				return said
			}
			p, err := sp.Only()
			if err != nil {
				return err
			}
			b, err := p.Build()
			if err != nil {
				return err
			}
			c, err := b.Graph.Costs()
			if err != nil {
				return err
			}
			c.Activations, c.Peak = 0, 0
			return []any{b.Graph.OutPort[0].Shape.String(), c}
		}
		want, got := built("net = conv("+args+")\n"), built(declaredConv+"net = conv2("+args+")\n")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s%s (-library +declared):\n%s", input, args, diff)
		}
	})
}

// Spaces over things that are no networks: counts by formulas, points that read back.
func TestDeclaredSpaces(t *testing.T) {
	gates := "type qubits(n)\nop h(q: int) : qubits(n) -> qubits(n)\n  requires q < n\n" +
		"op cx(a: int, b: int) : qubits(n) -> qubits(n)\n  requires a != b, a < n, b < n\nrule gate = h(0..3) | cx(0..3, 0..3)\n"
	for name, test := range map[string]struct {
		text  string
		count int64
	}{
		"a gate on 4 qubits: 4 + 4 * 3":                         {gates + "input x: qubits(4)\nnet = gate", 16},
		"on 2 qubits, as the rest does not exist: 2 + 2":        {gates + "input x: qubits(2)\nnet = gate", 4},
		"a cost of the file's own: 16^2 less 12^2":              {gates + "input x: qubits(4)\nnet = gate >> gate\ncost two { cx: 1 }\nrequire two <= 1", 112},
		"a computed cost":                                       {gates + "input x: qubits(4)\nnet = gate >> gate\ncost far { cx: if a > b then a - b else b - a }\nrequire far <= 1", 16 + 2*4*6},
		"a drawn let on two types":                              {gates + "op grow() : qubits(n) -> qubits(n + 1)\ninput x: qubits(2)\nlet g = gate\nnet = g >> grow >> g", 4},
		"an argument of a type is read from what arrives":       {gates + "op grow(by: int) : qubits(n) -> qubits(n + by)\ninput x: qubits(1)\nnet = grow(1 | 2) >> (h(1) if in.n == 2 | h(2) if in.n == 3 | h(3))", 2},
		"any type where there is no signature":                  {"type a\nop f(x: real)\ninput x: a\noutput y: a\nnet = f(0.5 | 0.25) >> f(1)", 2},
		"two things arrive":                                     {"use std\ntype a(n)\nop two() : a(n) -> (a(n), a(1))\nop join() : (a(n), a(m)) -> a(n + m)\ninput x: a(3)\noutput y: a(4)\nnet = two >> (skip, skip) >> join", 1},
		"equal sizes of two things":                             {"use std\nop dot() : ([n, d], [n, d]) -> [n]\ninput x: [4, 5]\nnet = { (in, in >> (relu | permute(2, 1))) >> dot }", 1},
		"symbols, texts, booleans and conditions on them":       {"type a\nop f(m: symbol = fast, s: text = \"x y\", b: bool = false) : a -> a\n  requires m is fast implies not b\ninput x: a\nnet = f(fast | slow, \"q\" | \"x y\", true | false)", 6},
		"a let of texts as a symbol":                            {"type a\nop f(m: symbol) : a -> a\ninput x: a\nlet m = \"p\" | \"q r\"\nnet = f(m) >> f(m)", 2},
		"a continuous parameter, which a requirement bounds":    {"type a\nop f(x: real) : a -> a\n  requires x > 0, 1 >= x\ninput x: a\nnet = f(0.1..1.0) | f(0.0..1.0) | f(0.5..2.0) | f(1)", 2},
		"params and macs that formulas give":                    {"type a\nop f(n: int) : a -> a\n  params n * n\n  macs n\ninput x: a\nnet = f(1..9) >> f(1..9)\nrequire params <= 10, macs == 4", 3},
		"ops named as words of the language":                    {"type a\nop min : a -> a\nop each : a -> a\nop nesting : a -> a\ninput x: a\nnet = min | each | nesting", 3},
		"recursion":                                             {gates + "input x: qubits(4)\nnet = c(2)\nrule c(d) = gate | c(d - 1) >> gate if d > 0", 16 + 256 + 4096},
		"a default that is computed from what arrives":          {"use std\nop f(k: int = 2 * in.c) : [c, h] -> [c: k, h]\ninput x: [c: 3, h: 2]\noutput y: [12, 2]\nnet = f >> f(k: 12 | 13) | f >> f", 2},
		"the std library's skip and repetition on other things": {gates + "use std\ninput x: qubits(4)\nnet = gate? >> h(0){0..1}", 34},
	} {
		t.Run(name, func(t *testing.T) {
			sp, said := files{"main.space": test.text}.load()
			for _, s := range said {
				if !strings.Contains(s, " W") {
					t.Fatal(said)
				}
			}
			if n, err := sp.Count(); err != nil || n.Cmp(big.NewInt(test.count)) != 0 {
				t.Errorf("%v points (%v), want %d", n, err, test.count)
			}
			rereads(t, sp, 20)
		})
	}
}

// Examples count as their comments say, and as closed formulas do.
func TestExampleSizes(t *testing.T) {
	power := func(b, e int64) *big.Int { return new(big.Int).Exp(big.NewInt(b), big.NewInt(e), nil) }
	circuits, policies := new(big.Int), new(big.Int)
	for n := int64(1); n <= 20; n++ {
		for k := int64(0); k <= min(n, 6); k++ {
			for tees := int64(0); tees <= min(n-k, 4); tees++ { // where the controlled gates are, then the T gates
				x := new(big.Int).Binomial(n, k)
				x.Mul(x, new(big.Int).Binomial(n-k, tees))
				x.Mul(x, power(12, k))
				circuits.Add(circuits, x.Mul(x, power(4, n-k)))
			}
		}
	}
	for l := int64(1); l <= 3; l++ {
		some := new(big.Int).Sub(power(14, l), power(3, l))
		policies.Add(policies, some.Mul(some, big.NewInt(10))).Add(policies, power(3, l))
	}
	encoders := new(big.Int).Add(power(240, 2), power(240, 4)) // 3.32 billion, as the paper says
	stacks := power(180*5764801, 2)                            // (1 * 3 * 6 * 10 * 7^8)^2
	for name, want := range map[string]*big.Int{
		"quantum": circuits, "randaugment": policies, "flexibert": encoders, "darts": stacks,
		"agent":           workflows(40),
		"hytra":           hybrids(16),
		"nasbenchnlp":     big.NewInt(cells(4, 1) + cells(4, 2) + cells(4, 3)),
		"autopeft":        big.NewInt((11*11*11 - 1) * (1<<12 - 1)),
		"autognn":         big.NewInt(7 * 4 * 8 * 6 * 7 * (7 * 4 * 8 * 6)),
		"features":        subsets(6, 3, 3, 3, 3, 3, 2, 1, 1, 1, 1, 1, 1, 1),
		"prompts":         big.NewInt(4 * 3 * (1 + 8 + 28 + 56 + 70) * 3 * 2 * 5),
		"hyperparameters": big.NewInt(17 * (3*(4+16+600+24+315) + 600)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sp := example(t, name)
			n, err := sp.Count()
			if err != nil || n.Cmp(want) != 0 {
				t.Errorf("there are %v points (%v), want %v", n, err, want)
			}
			stated := strings.ReplaceAll(sp.Doc, ",", "")
			if !strings.Contains(stated, n.String()) {
				t.Errorf("the comment doesn't state %v", n)
			}
			rereads(t, sp, 6)
		})
	}
}

// cells counts those of examples/nasbenchnlp.space with so many operations and states.
func cells(operations, states int) int64 {
	choose := func(n, k int) int64 { return new(big.Int).Binomial(int64(n), int64(k)).Int64() }
	var from func(before, linear int) int64
	from = func(before, linear int) int64 {
		if before == operations {
			return choose(before+linear, states) * int64(states)
		}
		seen := 1 + states + linear // by a linear map
		all := states + before + linear
		return 3*(choose(seen, 2)+choose(seen, 3))*from(before+1, linear+1) + (2*choose(all, 2)+6*choose(all, 3))*from(before+1, linear)
	}
	return from(0, 0)
}

// hybrids counts networks of examples/hytra.space: paths from scale to scale, as the authors list them, with the blocks that
// there are at each.
func hybrids(layers int) *big.Int {
	blocks := [4]int64{1, 1, 2, 2}
	now := blocks
	for range layers - 1 {
		var next [4]int64
		for to := range next {
			for from := max(0, to-1); from <= to; from++ {
				next[to] += now[from] * blocks[to]
			}
		}
		now = next
	}
	return big.NewInt(now[0] + now[1] + now[2] + now[3])
}

// workflows counts those of examples/agent.space, step by step, by notes and tokens.
func workflows(limit int) *big.Int {
	type state struct{ notes, tokens int }
	total := new(big.Int)
	add := func(m map[state]*big.Int, s state, ways *big.Int, times int64) {
		if m[s] == nil {
			m[s] = new(big.Int)
		}
		m[s].Add(m[s], new(big.Int).Mul(ways, big.NewInt(times)))
	}
	for steps := 1; steps <= 4; steps++ {
		now := map[state]*big.Int{{0, 2}: big.NewInt(2), {0, 6}: big.NewInt(1)} // plans
		for range steps {
			read, called := map[state]*big.Int{}, map[state]*big.Int{}
			for s, ways := range now {
				add(read, s, ways, 1)
				for _, entries := range []int{1, 3} {
					if s.notes+entries < 12 {
						add(read, state{s.notes + entries, s.tokens}, ways, 2)
					}
				}
				if s.notes > 2 {
					add(read, state{2, s.tokens + 2 + s.notes}, ways, 1)
				}
			}
			for s, ways := range read {
				notes, tokens := s.notes+1, s.tokens+2+s.notes
				for rounds := range 3 {
					add(called, state{notes, tokens + rounds*(2+notes)}, ways, 4)
				}
			}
			now = called
		}
		for s, ways := range now {
			if s.tokens+2+s.notes <= limit {
				total.Add(total, ways)
			}
		}
	}
	return total.Mul(total, big.NewInt(4)) // who thinks and who works
}

// subsets is how many sets of 1 to most there are of things of which each has a number of forms.
func subsets(most int, forms ...int64) *big.Int {
	sets := make([]int64, len(forms)+1) // by size
	sets[0] = 1
	for _, f := range forms {
		for k := len(forms); k > 0; k-- {
			sets[k] += f * sets[k-1]
		}
	}
	total := int64(0)
	for _, n := range sets[1 : most+1] {
		total += n
	}
	return big.NewInt(total)
}

// What is wrong with declared ops and types is said where it stands.
func TestDeclaredErrors(t *testing.T) {
	const head = "use std\ntype a\ntype q(n)\ninput x: a\n"
	for _, test := range []struct{ text, want string }{
		{"input y: b\nnet = relu", "5:10 E201 unknown type 'b'"},
		{"input y: q\nnet = relu", "5:10 E205 the type q takes one argument"},
		{"input y: a(3)\nnet = relu", "5:10 E205 the type a takes no arguments"},
		{"input y: q(-1)\nnet = relu", "5:12 E304 the argument of a type is a constant whole number of 0 or more"},
		{"input y: q(1 | 2)\nnet = relu", "E104"},
		{"type a\nnet = relu", "5:6 E202 the type 'a' is defined twice; main.space:2:6 first here"},
		{"op f() : a -> a\nop f() : a -> a\nnet = f", "6:4 E202 'f' is defined twice; main.space:5:4 first here"},
		{"op f() : a -> a\nrule f = relu\nnet = f", "6:6 E202 'f' is defined twice; main.space:5:4 first here"},
		{"op relu() : a -> a\nnet = relu", "5:4 E202 'relu' is an op of the standard library"},
		{"op f(k: int, k: int) : a -> a\nnet = f(1, 2)", "5:14 E202 the parameter 'k' is defined twice; main.space:5:6 first here"},
		{"op f(k: int = j, j: int = 2) : a -> a\nnet = f", "5:15 E201 unknown name 'j'"},
		{"type b(n, n)\nnet = skip", "5:11 E202 the parameter 'n' is defined twice"},
		{"input x: a\nnet = skip", "5:7 E202 the input 'x' is defined twice; main.space:4:7 first here"},
		{"edition 1\nedition 1\nnet = skip", "6:1 E202 the edition is defined twice; main.space:5:1 first here"},
		{"space a\nspace b\nnet = skip", "6:7 E202 the space's name is defined twice; main.space:5:7 first here"},
		{"net = skip\nconfig c { n: 1 | 2 }\nconfig c { n: 1 | 2 }", "7:8 E202 the config 'c' is defined twice; main.space:6:8 first here"},
		{"op f(k) : a -> a\nnet = f(1)", "5:6 E206 the parameter 'k' of an op needs a kind"},
		{"op f(k: whole) : a -> a\nnet = f(1)", "5:9 E206 there is no kind 'whole'"},
		{"op f(rule k) : a -> a\nnet = f(1)", "5:6 E206 the parameters of an op are values: 'rule' can't stand here"},
		{"op f(k: int = 1 | 2) : a -> a\nnet = f", "5:15 E301 this can't stand in an equation of an op, which is arithmetic and conditions"},
		{"op f(k: int = 0.5) : a -> a\nnet = f", "5:15 E304 k of f is a whole number, not 0.5"},
		{"op f(k: int) : a -> a\nnet = f(0.5)", "6:9 E304 k of f is a whole number, not 0.5"},
		{"op f(k: int) : q(n) -> q(m)\nnet = f(1)", "5:26 E201 unknown name 'm'"},
		{"op f(kernel: int) : q(n) -> q(n)\n  requires kernl > 1\nnet = f(1)", "6:12 E201 unknown name 'kernl'"},
		{"op f() : q(n) -> q(n)\n  macs in.m\nnet = f", "6:11 E201 unknown name 'm'"},
		{"op f() : q(n) -> q(n)\n  macs sum(n)\nnet = f", "6:8 E201 unknown name 'sum'"},
		{"op f() : q(n) -> q(n)\n  macs 1..n\nnet = f", "6:8 E301 this can't stand in an equation of an op, which is arithmetic and conditions"},
		{"op f() : b -> a\nnet = f", "5:10 E201 unknown type 'b'"},
		{"op f() : q(n) -> q(n)\nnet = f", "6:7 E501 this space has no point: f takes q(n); a arrives"},
		{"op f() : a -> q(3)\nop g() : q(2) -> a\nnet = f >> g", "7:12 E501 this space has no point: g takes q(2); q(3) arrives"},
		{"op f() : [c, c] -> a\nop g() : a -> [c: 2, h: 3]\nnet = g >> f", "7:12 E501 this space has no point: f takes [c, c]; [c: 2, h: 3] arrives"},
		{"op g(n: int) : a -> [n, 3]\nnet = g(0)", "6:7 E501 this space has no point: g leaves n = 0, which is no whole number from 1 to 2147483648"},
		{"op g(n: int) : a -> a\n  params 1 / n\nnet = g(2)", "7:7 E501 this space has no point: the params of g are 1 / n = 0.5, which is no whole number of 0 or more"},
		{"op g(n: int) : a -> a\n  macs n / (n - n)\nnet = g(2)", "7:7 E501 this space has no point: n / (n - n) of g: division by zero"},
		{"op g(a: int, b: int) : a -> a\n  requires a != b\nnet = g(2, 2)", "7:7 E501 this space has no point: g requires a != b; a is 2, b is 2"},
		{"op g(n: int) : a -> a\n  requires n\nnet = g(2)", "7:7 E501 this space has no point: g requires n, which is 2 and not a condition"},
		{"op g(r: real) : a -> a\n  requires r * r < 2\nnet = g(0.0..1.0)", "7:7 E501 this space has no point: r of g is continuous, and an equation of the op needs its value: give the range 'points'"},
		{"op g(n: int) : a -> a\n  macs n * 4611686018427387904 * 4\nnet = g(2)", "7:7 E501 this space has no point: n * 4611686018427387904 * 4 of g"},
		{"net = relu", "5:7 E501 this space has no point: relu takes tensors; a arrives"},
		{"net = conv(in.c)", "5:12 E501 this space has no point: a has no 'c'"},
		{"net = skip(in.rank)", "E205"},
		{"output y: q(1)\nnet = skip", "E501 this space has no point: the net leaves a, and the output is declared q(1)"},
		{"cost c { f: 1 }\nnet = skip", "5:10 E201 unknown op 'f'"},
	} {
		_, said := files{"main.space": head + test.text}.load()
		if len(said) == 0 || !strings.Contains(strings.Join(said, "\n"), test.want) {
			t.Errorf("%s\nsays %q, want %q", test.text, said, test.want)
		}
	}
	for _, test := range []struct{ text, want string }{
		{"type a\nop f() : a -> a\ninput x: a\nnet = f?", "main.space:4:7 E201 '?' needs skip of the standard library"},
		{"type a\nop f() : a -> a\ninput x: a\nnet = f + f", "main.space:4:7 E201 '+' needs add of the standard library"},
	} {
		if _, said := (files{"main.space": test.text}).load(); len(said) != 1 || said[0] != test.want {
			t.Errorf("%s\nsays %q, want %q", test.text, said, test.want)
		}
	}
}

// A type that is no tensor is told from a tensor and from other types wherever shapes are compared.
func TestNominalShapes(t *testing.T) {
	a, b := op.Nominal("a"), op.Nominal("b")
	q3, q4 := op.Nominal("q", op.Axis{Name: "n", Size: 3}), op.Nominal("q", op.Axis{Name: "m", Size: 4})
	all := []op.Shape{a, b, q3, q4, {}, {{Name: "a", Size: 1}}, {{Size: 3}}}
	for i, x := range all {
		for j, y := range all {
			if x.Same(y) != (i == j) {
				t.Errorf("%s and %s are the same: %t", x, y, x.Same(y))
			}
		}
	}
	if got := fmt.Sprint(a, q3, q4.Elements()); got != "a q(3) 0" {
		t.Error(got)
	}
	if n, ok := q3.Axis("n"); n != 3 || !ok {
		t.Error("q3 has no n")
	}
	if _, ok := a.Axis("a"); ok {
		t.Error("the name of a type is an axis")
	}
	skip, _ := op.Bind(stdlib.Library().Lookup("skip"), nil, nil)
	if r, err := op.Infer(skip, []op.Shape{q3}); err != nil || !r.Out[0].Same(q3) {
		t.Errorf("skip makes %v of %s: %v", r.Out, q3, err)
	}
}

// Where rules recurse over ever new types, that nothing was found proves nothing, and isn't said to.
func TestVastIsNotProved(t *testing.T) {
	_, said := files{"main.space": "type q(n)\nop grow(k: int) : q(n) -> q(n + k)\nop cut(k: int) : q(n) -> q(n - k)\n  requires k < n\n" +
		"op never : q(n) -> q(0)\ninput x: q(4)\noutput y: q(0)\nnet = r >> grow(1)\nrule r = grow(1..40) | cut(1..40) | r >> r"}.load()
	if len(said) != 1 || strings.Contains(said[0], "has no point") || !strings.Contains(said[0], "E501 no point of this space was found") {
		t.Errorf("said %q", said)
	}
}
