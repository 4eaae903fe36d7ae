package ir_test

import (
	"errors"
	"fmt"
	"math/big"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/ir"
)

// enumerate visits every point of a space, options in order, and returns how many there are; it stops
// beyond limit.
func enumerate(t testing.TB, sp *ir.Space, limit int, visit func(*ir.Point)) int {
	t.Helper()
	w := sp.Walk()
	var stack []int
	for n := 0; ; {
		w.Reset()
		var sizes []int
		for d, ok := w.Next(); ok; d, ok = w.Next() {
			if d.Continuous() {
				w.ChooseReal(d.PickReal(0.5))
				continue
			}
			k := len(sizes)
			sizes = append(sizes, d.Len())
			if k == len(stack) {
				stack = append(stack, 0)
			}
			w.Choose(stack[k])
		}
		p, err := w.Point()
		if err != nil {
			t.Fatalf("a walk ended without a point: %v", err)
		}
		if visit != nil {
			visit(p)
		}
		if n++; n >= limit {
			return n
		}
		for len(stack) > 0 && stack[len(stack)-1] == sizes[len(stack)-1]-1 {
			stack = stack[:len(stack)-1]
		}
		if len(stack) == 0 {
			return n
		}
		stack[len(stack)-1]++
	}
}

const image = "edition 1\nspace t\nuse std\ninput x: [c: 3, h: 8, w: 8]\n"

// TestCounts compares how many points a walk can come to with counts made by hand.
func TestCounts(t *testing.T) {
	for _, test := range []struct {
		name, text string
		want       int
	}{
		{"one", "net = relu", 1},
		{"choice", "net = relu | tanh | conv(8 | 16)", 4},
		{"sequence", "net = (relu | tanh) >> (relu | tanh | skip)", 6},
		{"optional", "net = relu? >> tanh?", 4},
		{"repetition draws afresh", "net = (relu | tanh){2}", 4},
		{"repetition of a chosen count", "net = (relu | tanh){0..3}", 1 + 2 + 4 + 8},
		{"counts by choice", "net = (relu | tanh){1 | 3}", 2 + 8},
		{"a rule draws afresh", "rule a = relu | tanh\nnet = a >> a >> a", 8},
		{"a let is drawn once", "let a = relu | tanh\nnet = a >> a >> a", 2},
		{"a let of a block", "net = { let a = relu | tanh\n in >> a >> a{3} }", 2},
		{"a block's let is drawn afresh with the block", "rule b = { let a = relu | tanh\n in >> a >> a }\nnet = b >> b", 4},
		{"a value let", "let w = 8 | 16 | 24\nnet = conv(w) >> conv(w)", 3},
		{"a let never used draws nothing", "net = { let w = 8 | 16\n in >> (relu | conv(w)) }", 3},
		{"a let shared by parts of one branch", "net = { let w = 8 | 16\n in >> (relu | conv(w) >> conv(w)) }", 3},
		{"a parameter is a let", "rule twice(a) = a >> a\nnet = twice(relu | tanh)", 2},
		{"a rule parameter is not", "rule twice(rule a) = a >> a\nnet = twice(relu | tanh)", 4},
		{"a default", "rule c(k = 1 | 3) = conv(8, k)\nnet = c >> c(5)", 2},
		{"a parameter is drawn at its first use", "rule c(k = 1 | 3) = relu | conv(8, k)\nnet = c", 3},
		{"each draws once", "net = clone(3) >> each(relu | tanh) >> add", 2},
		{"parallel", "net = clone(2) >> (relu | tanh, skip | relu) >> add", 4},
		{"sum", "net = (relu | tanh) + skip", 2},
		{"steps", "net = conv(8..32 step 8, kernel: 1..4 step *2)", 4 * 3},
		{"points", "config a { lr: 1e-3..1.0 log points 4 }", 4},
		{"continuous values aren't counted", "config a { lr: 1e-3..1.0 log; b: 1 | 2 }", 2},
		{"pick two", "config a { f: 2 of (x | y | z | w) }", 6},
		{"pick three", "config a { f: 3 of (x | y | z | w | v) }", 10},
		{"pick two modules", "net = clone(2) >> 2 of (relu | tanh | skip) >> add", 3},
		{"pick two wires", "net = { a = in >> relu; b = in >> tanh; 2 of (in | a | b) >> add }", 3},
		{"pick one to three", "config a { f: (1..3) of (x | y | z | w) }", 4 + 6 + 4},
		{"pick one or three, from choices", "config a { f: (1 | 3) of (x | (y | u) | z | w) }", 5 + (1 + 3*2)},
		{"pick as many as a let says", "config a { let n = 1..2; g: n; f: n of (x | y | z); h: n of (u | v) }", 3*2 + 3},
		{"pick as many as arrive", "net = clone(2) >> (1..3) of (relu | tanh | skip) >> add", 3},
		{"pick as many wires as a parameter says", "rule p(n) = { a = in >> relu; (n of (in | a) >> add) if n > 1 | n of (in | a) if n == 1 }\nnet = p(1..2)", 1 + 2},
		{"pick of what guards leave", "config a { let w = 1 | 2; v: w; f: 2 of (x | y if w == 2 | z | u if w == 1) }", 3 + 3},
		{"pick more than guards leave", "config a { let w = 1 | 2; v: w; f: 2 of (x | y if w == 2) }", 1},
		{"wires", "net = { a = in >> (relu | tanh); b = a >> (relu | skip); a + b }", 4},
		{"a tuple taken apart", "rule s = { p, q = in; (q, p >> (relu | tanh)) }\nnet = clone(2) >> s >> add", 2},
		{"shapes: halving stops", "net = max_pool(2){1..6}", 3},
		{"shapes: a sum needs equal sides", "net = conv(3 | 8 | 16) + skip", 1},
		{"shapes: what a later op needs", "output y: [16, 8, 8]\nnet = conv(8 | 16) >> (relu | conv(16) >> relu)", 3},
		{"a let has to fit all its uses", "let b = max_pool(2) | conv(8) | relu\nnet = b{5}", 2},
		{"a let on two types", "let b = conv(8) | relu\nnet = (b >> conv(3) >> b) + skip", 1},
		{"a let drawn on the first type must fit the second", "let b = max_pool(4) | relu\nnet = b >> b >> max_pool(2)", 1},
		{"guards", "net = conv(8 | 16) >> (relu if in.c >= 16 | tanh)", 3},
		{"a guard on a let", "net = { let w = 8 | 16\n in >> (relu if w == 8 | tanh) >> conv(w) }", 3},
		{"guards of nothing else", "net = conv(8 | 16) >> (relu if in.c == 8 | tanh if in.c == 16)", 2},
		{"require in a block", "net = { let a = 1..4, b = 1..4\n require a + b <= 4\n in >> conv(a) >> conv(b) }", 6},
		{"require on lets of the file", "let a = 1..4, b = 1..4\nrequire a != b\nnet = conv(a) >> conv(b)", 12},
		{"require with an implication", "let a = 1..3, b = 1..3\nrequire a == 1 implies b == 3\nnet = conv(a) >> conv(b)", 7},
		{"config conditions", "config svm { let g = auto | scale\n kernel: rbf(g) | poly(g, degree: 2..5) | linear\n shrinking: true | false\n require not (kernel is linear and shrinking == false) }", 4 + 16 + 1},
		{"a field named as the let that it is", "config c { b: b; acc: 16 | 1; require acc != b }\nlet b = 16 | 32", 3},
		{"a field named as the let that it is, tested", "config c { k: k; x: 1 | 2 if k is a | 3 }\nlet k = \"a\" | \"b\"", 3 + 2},
		{"a field named as one of its symbols", "config c { mode: mode | other; require mode is other }", 1},
		{"a config's let named as the file's", "config c { let x = x; y: x; require y == x }\nlet x = \"a\" | \"b\"", 2},
		{"a block's let named as the file's", "let a = relu | tanh\nnet = { let a = a; in >> a }", 2},
		{"a block's let named as a rule", "rule a(n) = conv(n)\nnet = { let a = a(3 | 8); in >> a }", 2},
		{"a default named as its parameter", "let y = relu | tanh\nrule f(y = y) = y\nnet = f", 2},
		{"a rule parameter's default named as it", "rule y = relu | tanh\nrule f(rule y = y) = y >> y\nnet = f", 4},
		{"a symbol of the name of the field that reads it", "config c { o: momentum | adam; momentum: 0.5 | 0.9 if o is momentum | 0.0 if o is adam }", 2 + 2},
		{"a symbol compared with a field", "config c { k: linear | rbf; b: 1 | 2; require linear == k implies b == 1 }", 3},
		{"each, merged", "net = (conv(8 | 16) | conv(3, kernel: 1 | 3)) [each] | relu", 5},
		{"arithmetic on a let", "net = { let w = 16 * (1 | 2)\n in >> conv(w) >> conv(w * 2) }", 2},
		{"bounds on params", "require params <= 100\nnet = conv(1 | 2 | 3 | 4, kernel: 1 | 3)", 4 + 3},
		{"a bound from below", "require params >= 30\nnet = conv(1 | 2 | 3 | 4, kernel: 1 | 3)", 3},
		{"two bounds", "require params >= 30, params <= 60\nnet = conv(1 | 2 | 3 | 4, kernel: 1 | 3)", 1},
		{"bounds over several ops", "require params <= 16\nnet = conv(1 | 2 | 3, kernel: 1) >> conv(1 | 2 | 3, kernel: 1)", 6},
		{"a let's cost counts at each use", "let u = conv(3, kernel: 1 | 3)\nrequire params <= 100\nnet = u{2}", 1},
		{"layers are the longest path", "require layers <= 3\nnet = (relu >> relu) + (relu | tanh >> tanh >> tanh)", 1},
		{"layers are the longest path within a let, too", "let q = gelu + relu\nrequire layers <= 2\nnet = q | tanh", 2},
		{"a let of lets that a rule is given", "let width = 8 | 16\nlet wide = width * 2\nlet unit = conv(wide, 3) >> relu >> conv(3)\nnet = residual(unit)", 2},
		{"a let of lets that is called as an op is", "let gelu = relu | tanh\nlet b = gelu >> conv(2)\nlet q = b\nrule r(p) = p\nnet = r(q)", 2},
		{"a let of lets and rules", "let a = 1 | 3\nrule f = conv(a) | relu\nlet c = f >> f\nlet q = c\nrule r(p) = p >> p\nnet = r(q)", 7},
		{"layers from below", "require layers >= 3\nnet = (relu | tanh){1..3}", 8},
		{"a number of ops", "require count(conv) <= 1\nnet = (relu | conv(3)){2}", 3},
		{"a cost of the file", "cost bits { conv: macs * bits }\nrequire bits <= 9 * 64 * 12\nnet = conv(3, kernel: 1, bits: 2 | 4 | 8){2}", 8},
		{"recursion within bounds", "require layers <= 3\nrule t = relu | tanh >> t\nnet = t", 3},
		{"an argument with choices inside an op", "rule r(b) = b\nnet = r(conv(8 | 16, kernel: 1 | 3))", 4},
		{"an argument within a sum", "net = residual(conv(3, kernel: 1 | 3))", 2},
		{"arguments of which one is used twice", "rule r(a, b) = a >> b >> a\nnet = r(relu | tanh, conv(8 | 16))", 4},
		{"a rule parameter with choices inside an op", "rule r(rule b) = b >> b\nnet = r(conv(8 | 16))", 4},
		{"which alternative a let drew", "let a = relu | tanh\nrequire a is relu\nnet = a >> a", 1},
		{"a guard on what a let drew", "net = { let a = relu | tanh\n in >> a >> (sigmoid if a is relu | silu | gelu if a is tanh) >> a }", 4},
		{"a shared let", "share let a = conv(3, kernel: 1 | 3)\nnet = a >> (a | relu)", 4},
		{"a shared let of a block", "net = { share let a = conv(3, kernel: 1 | 3)\n h = in >> a; h + (h >> a) }", 2},
		{"a bound that some ways settle", "require params >= 30\nnet = (relu | conv(3)) >> (relu | conv(3))", 3},
		{"guards within a merged choice", "net = (conv(8) if in.c == 99 | relu) [each] | tanh", 2},
		{"a sum that leaves one argument", "net = residual(conv(2 | 3))", 1},
		{"a parameter used twice, and another", "rule r(m, n = 2 | 3) = m{n} >> conv(n)\nnet = r(relu | conv(3 | 4))", 6},
		{"two bounds on one cost", "require params >= 30, params <= 200\nnet = (relu | conv(3)) >> (relu | conv(3)) >> (relu | conv(3, kernel: 1))", 6},
		{"a choice in an argument of a let", "let l(p) = conv(p) >> relu\nnet = l(2 | 3) >> l(2)", 2},
		{"an optional skip", "net = conv(2..4, kernel: 1)? ++ skip?", 8},
		{"recursion that shapes end", "rule t = max_pool(2) >> t | relu\nnet = t", 4},
		{"recursion with a counter", "rule t(d) = relu | (relu | tanh) >> t(d - 1) if d > 0\nnet = t(3)", 1 + 2 + 4 + 8},
		{"recursion by nesting", "rule t = relu | tanh >> t if nesting < 3\nnet = t", 3},
		{"a let of the file within a recursion", "let w = 8 | 16\nrule t(d) = conv(w) | conv(w) >> t(d - 1) if d > 0\nnet = t(2)", 6},
		{"a let that is another below it", "let a = b\nlet b = 8 | 16\nnet = conv(a) >> conv(b)", 2},
		{"a let drawn by a let", "let w = 8 | 16\nlet u = conv(w) >> (relu | tanh)\nnet = u{3}", 4},
		{"options that read alike", `config c { x: 1 | "1" | one | "one" | true | "true" | f(k: 1 | 2) | f }`, 9},
		{"arguments of symbols by position", `config c { m: sgd(0.9); l: list(1, 2, 3); p: pair(v, 3, k: 4); f: f(a | b, "x"); g: g(h(2, 3 | 4), 2 of (a | b | c), 2 of (1 | 2)) }`, 12},
		{"merged calls of symbols", `config c { e: ((relu | f(1 | 2, k: "a")) [each]) | tanh }`, 4},
		{"texts that are picked", `config c { x: 2 of ("a b" | "in.x" | crop | 1 | "1") }`, 10},
		{"whole numbers beyond what reals hold", "config c { seed: 9007199254740992..9007199254740995 }", 4},
		{"steps at the ends of int64", "config c { x: -9223372036854775807..-9223372036854775806 step 10; y: 9223372036854775800..9223372036854775807 step 5 }", 2},
		{"a guard on a step", "config c { d: 0.1..0.5 step 0.1; x: a if d == 0.3 | b }", 6},
		{"options without a name", "config c { x: -w | 3; y: (if w > 1 then 4 else 5) | 6 }\nlet w = 1 | 2", 7},
		{"a let with parameters", "net = { let l(s) = conv(8 | 16, stride: s) | conv(8, kernel: 1, stride: s)\n in >> l(2) >> l(1){2} }", 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			head := image
			if len(test.text) > 6 && test.text[:6] == "config" {
				head = "edition 1\nspace t\n"
			}
			sp := load(t, head+test.text+"\n")
			seen := map[string]bool{}
			got := enumerate(t, sp, 10_000, func(p *ir.Point) { seen[fmt.Sprintf("%#v", p.Choices())] = true; unique(t, p) })
			if got != test.want || len(seen) != got {
				t.Errorf("%d points, %d of them different; want %d", got, len(seen), test.want)
			}
			countAgrees(t, sp, got)
			enumerate(t, sp, 50, func(p *ir.Point) { roundTrip(t, sp, p) })
		})
	}
}

// TestRoundTrip: what a point prints is a space with one point that builds the same graph, and its
// decisions under the space give the same point.
func TestRoundTrip(t *testing.T) {
	sp := example(t, "digits")
	n := 2_500
	if testing.Short() {
		n = 500
	}
	const parts = 4
	for k := range parts {
		t.Run(fmt.Sprint(k), func(t *testing.T) {
			t.Parallel()
			for i := k; i < n; i += parts {
				roundTrip(t, sp, draw(t, sp, 7, uint64(i)))
			}
		})
	}
}

func roundTrip(t *testing.T, sp *ir.Space, p *ir.Point) {
	t.Helper()
	text, err := p.Text()
	if err != nil {
		t.Fatal(err)
	}
	one := load(t, text)
	q, err := one.Only()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for name, read := range map[string]func() (*ir.Point, error){
		"the from clause": func() (*ir.Point, error) { return sp.Read(one.File) },
		"Choices":         func() (*ir.Point, error) { return sp.Again(p.Choices()) },
	} {
		again, err := read()
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, text)
		}
		if diff := cmp.Diff(p.Choices(), again.Choices()); diff != "" || p.Key() != again.Key() {
			t.Fatalf("the decisions read back by %s differ (-drawn +read):\n%s", name, diff)
		}
	}
	a, b := built(t, p), built(t, q)
	if diff := cmp.Diff(shapesOf(a), shapesOf(b)); diff != "" {
		t.Fatalf("the graph of the text differs (-point +text):\n%s\n%s", diff, text)
	}
	if diff := cmp.Diff(a.Configs, b.Configs); diff != "" {
		t.Fatalf("the configs of the text differ (-point +text):\n%s", diff)
	}
}

func built(t testing.TB, p *ir.Point) *ir.Built {
	t.Helper()
	b, err := p.Build()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// shapesOf is a graph as text, but for its paths, which follow how it is written.
func shapesOf(b *ir.Built) []string {
	var out []string
	if b.Graph == nil {
		return nil
	}
	for _, n := range b.Graph.Nodes {
		out = append(out, fmt.Sprint(n.Args.Spec.Name, n.Args.Values, n.In, n.Out, n.Shapes, n.Share))
	}
	return append(out, fmt.Sprint(b.Graph.Outputs))
}

// unique checks that no two decisions of a point have one name.
func unique(t *testing.T, p *ir.Point) {
	t.Helper()
	seen := map[string]bool{}
	for _, c := range p.Choices() {
		if seen[c.Path] {
			t.Fatalf("two decisions are called '%s': %v", c.Path, p.Choices())
		}
		seen[c.Path] = true
	}
}

// countAgrees: the count is the number of points that walks come to, and every index is a point's own.
func countAgrees(t *testing.T, sp *ir.Space, want int) {
	t.Helper()
	got, err := sp.Count()
	if err != nil {
		t.Fatal(err)
	}
	if got.Cmp(big.NewInt(int64(want))) != 0 {
		t.Fatalf("Count is %s, and %d points were met", got, want)
	}
	discrete := func(p *ir.Point) (out []string) {
		for _, c := range p.Choices() {
			if _, real := c.Value.(float64); !real {
				out = append(out, fmt.Sprint(c))
			}
		}
		return out
	}
	i := int64(0)
	enumerate(t, sp, want, func(p *ir.Point) {
		index, err := p.Index()
		if err != nil {
			t.Fatal(err)
		}
		if index.Cmp(big.NewInt(i)) != 0 {
			t.Fatalf("point %d has index %s", i, index)
		}
		q, err := sp.At(index, 1)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(discrete(p), discrete(q)); diff != "" {
			t.Fatalf("point %d by its index (-walked +indexed):\n%s", i, diff)
		}
		i++
	})
}

// TestInfinite: recursion without end is counted as infinite, and only that.
func TestInfinite(t *testing.T) {
	for text, want := range map[string]error{
		"rule t = relu | tanh >> t\nnet = t":                                          ir.ErrInfinite,
		"rule t = relu | t >> t\nnet = t":                                             ir.ErrInfinite,
		"rule t = max_pool(2) >> t | relu\nnet = t":                                   nil,
		"rule t = relu | conv(8) >> t\nrequire params <= 3000\nnet = t":               nil,
		"rule t = relu | tanh >> t\nrequire params <= 3000\nnet = t":                  ir.ErrInfinite,
		"rule t = relu | tanh >> u\nrule u = relu | sigmoid >> t | tanh\nnet = t":     ir.ErrInfinite,
		"rule t(d) = relu | tanh >> t(d - 1) if d > 0\nnet = t(5)":                    nil,
		"rule t = relu | tanh >> t\nrequire layers <= 5\nnet = t":                     nil,
		"rule t = relu | tanh >> t if nesting < 5\nnet = t":                           nil,
		"rule t = linear(16..2048 step *2) | t >> t | permute(2, 1, 3) >> t\nnet = t": ir.ErrInfinite,
	} {
		_, err := load(t, image+text+"\n").Count()
		if !errors.Is(err, want) {
			t.Errorf("%s\ncounted with %v, want %v", text, err, want)
		}
	}
}

// TestSizes compares counts by size with those made by hand.
func TestSizes(t *testing.T) {
	for _, test := range []struct {
		text string
		most int
		want string
		rest bool
	}{
		{"net = (relu | tanh){0..3}", 5, "[1 2 4 8]", false},
		{"let u = (relu | tanh) >> sigmoid\nnet = u{4}", 5, "[0 0 2]", false},
		{"rule t = relu | tanh >> t\nnet = t", 4, "[0 1 1 1 1]", true},
		{"rule t = relu | t >> t\nnet = t", 6, "[0 1 1 2 5 14 42]", true}, // Catalan numbers
		{"rule t = (relu | tanh) | t >> t\nnet = t", 4, "[0 2 4 16 80]", true},
		{"rule t = max_pool(2) >> t | relu\nnet = t", 6, "[0 1 1 1 1]", false},
		{"rule t(d) = relu | tanh >> t(d - 1) if d > 0\nnet = t(2)", 6, "[0 1 1 1]", false},
		{"rule a = relu | b >> b\nrule b = tanh | a >> a\nnet = a", 5, "[0 1 1 2 5 14]", true},
	} {
		got, rest, err := load(t, image+test.text+"\n").CountBySize(test.most)
		if err != nil || fmt.Sprint(got) != test.want || rest != test.rest {
			t.Errorf("%s\nby size: %v, more: %v, %v; want %s, more: %v", test.text, got, rest, err, test.want, test.rest)
		}
	}
}

// TestDrawSize: draws of one size meet every point of that size, each about as often.
func TestDrawSize(t *testing.T) {
	for _, test := range []struct {
		text string
		size int
		want int
	}{
		{"rule t = relu | t >> t\nnet = t", 5, 14},
		{"rule t = (relu | tanh) | t >> t\nnet = t", 3, 16},
		{"net = (relu | tanh){0..3}", 2, 4},
		{"rule t = relu | (conv(3) | conv(8) >> conv(3)) >> t\nnet = t >> conv(3)", 5, 2 + 1},
	} {
		sp := load(t, image+test.text+"\n")
		met := map[string]int{}
		n := 400 * test.want
		for i := range n {
			p, err := sp.DrawSize(3, uint64(i), test.size)
			if err != nil {
				t.Fatal(err)
			}
			met[fmt.Sprint(p.Choices())]++
		}
		if len(met) != test.want {
			t.Errorf("%s\n%d points of size %d met, want %d", test.text, len(met), test.size, test.want)
		}
		for point, k := range met {
			if k < 300 || k > 500 { // five standard deviations of 400
				t.Errorf("%s\n%s was met %d times of %d", test.text, point, k, n)
			}
		}
	}
	if _, err := load(t, image+"net = relu\n").DrawSize(1, 1, 2); err == nil {
		t.Error("a size that no point has was drawn")
	}
}

// TestAnswersInOtherWords: an answer that is not written as points write it is taken by what it comes to.
func TestAnswersInOtherWords(t *testing.T) {
	sp := load(t, "edition 1\nconfig c { d: 0.1..0.5 step 0.1; n: 9007199254740992..9007199254740993; x: \"a\" | b | 1.0 }\n")
	for _, test := range []struct {
		d, n, x string
		want    []any
	}{
		{"0.30000000000000004", "9007199254740993", "a", []any{0.3, 9007199254740993, "a"}},
		{"3e-1", "9007199254740992", `"b"`, []any{0.3, 9007199254740992, "b"}},
		{"0.30", "9007199254740992", "1", []any{0.3, 9007199254740992, 1.0}},
		{"0.3 0.4", "9007199254740992", "1", nil},
	} {
		p, err := sp.Replay(map[string]string{"c.d": test.d, "c.n": test.n, "c.x": test.x})
		var got []any
		if err == nil {
			for _, c := range p.Choices() {
				got = append(got, c.Value)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%v: %v\n%s", test, err, diff)
		}
	}
}
