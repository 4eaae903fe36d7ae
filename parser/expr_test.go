package parser

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// Short constructors, so that the trees below can be read.

func name(s string) lang.Expr { return &lang.Name{Name: s} }
func id(s string) lang.Ident  { return lang.Ident{Name: s} }
func num(text string, i int64) lang.Expr {
	return &lang.Number{Text: text, Int: true, I: i, Value: float64(i)}
}
func float(text string, v float64) lang.Expr { return &lang.Number{Text: text, Value: v} }
func bin(x lang.Expr, op string, y lang.Expr) lang.Expr {
	return &lang.Binary{Op: op, X: x, Y: y}
}
func un(op string, x lang.Expr) lang.Expr { return &lang.Unary{Op: op, X: x} }
func pipe(stages ...lang.Expr) lang.Expr  { return &lang.Pipe{Stages: stages} }
func paren(x lang.Expr) lang.Expr         { return &lang.Paren{X: x} }
func tuple(elems ...lang.Expr) lang.Expr  { return &lang.Tuple{Elems: elems} }
func of(n, x lang.Expr) lang.Expr         { return &lang.NOf{N: n, X: x} }
func maybe(x lang.Expr) lang.Expr         { return &lang.Optional{X: x} }
func times(x, n lang.Expr) lang.Expr      { return &lang.Repeat{X: x, Count: n} }
func dot(x lang.Expr, n string) lang.Expr { return &lang.Access{X: x, Name: id(n)} }
func is(x lang.Expr, n string) lang.Expr  { return &lang.Is{X: x, Name: id(n)} }
func iff(i, t, e lang.Expr) lang.Expr     { return &lang.Cond{If: i, Then: t, Else: e} }
func rng(lo, hi lang.Expr) *lang.Range    { return &lang.Range{Lo: lo, Hi: hi} }
func alt(x lang.Expr) lang.Alt            { return lang.Alt{Body: x} }
func choose(alts ...lang.Alt) lang.Expr   { return &lang.Choice{Alts: alts} }
func pos(x lang.Expr) lang.Arg            { return lang.Arg{Value: x} }
func percent(v float64) *lang.Weight      { return &lang.Weight{Value: v, Percent: true} }
func keyword(n string, x lang.Expr) lang.Arg {
	i := id(n)
	return lang.Arg{Name: &i, Value: x}
}
func apply(f string, args ...lang.Arg) lang.Expr { return &lang.Call{Fun: id(f), Args: args} }
func either(xs ...lang.Expr) lang.Expr {
	var alts []lang.Alt
	for _, x := range xs {
		alts = append(alts, alt(x))
	}
	return choose(alts...)
}

// parse parses a text that has to be right.
func parse(t *testing.T, text string) *lang.File {
	t.Helper()
	src := lang.NewSource("test.space", text)
	var report diag.Report
	file := ParseFile(src, &report)
	for _, d := range report.Diagnostics() {
		line, column := src.Position(d.At.Start)
		t.Errorf("%d:%d: %s %s", line, column, d.Code, d.Message)
	}
	return file
}

// parseExpr parses a text that has to be a right expression.
func parseExpr(t *testing.T, text string) lang.Expr {
	t.Helper()
	file := parse(t, "x = "+text)
	if len(file.Decls) != 1 {
		t.Fatalf("%q: %d declarations", text, len(file.Decls))
	}
	return file.Decls[0].(*lang.Rule).Body
}

func noSpans() cmp.Option { return cmpopts.IgnoreTypes(lang.At{}, lang.Span{}) }

func TestExpressions(t *testing.T) {
	a, b, c, d := name("a"), name("b"), name("c"), name("d")
	one, two, three := num("1", 1), num("2", 2), num("3", 3)
	withStep := func(r *lang.Range, step lang.Expr) lang.Expr { r.Step = step; return r }
	withFactor := func(r *lang.Range, f lang.Expr) lang.Expr { r.Factor = f; return r }
	withLog := func(r *lang.Range, points lang.Expr) lang.Expr { r.Log, r.Points = true, points; return r }
	for _, test := range []struct {
		text string
		want lang.Expr
	}{
		{"a", a},
		{"in", name("in")},
		{"true", &lang.Bool{Value: true}},
		{`"a \"b\" \\"`, &lang.String{Value: `a "b" \`}},
		{"(a)", paren(a)},
		{"(a, b >> c)", tuple(a, pipe(b, c))},
		{"f()", apply("f")},
		{"f(a, n: b | c)", apply("f", pos(a), keyword("n", either(b, c)))},
		{"in.c", dot(name("in"), "c")},
		{"f(a).grid?", maybe(dot(apply("f", pos(a)), "grid"))},
		{"a{3}", times(a, three)},
		{"a{1..3}?", maybe(times(a, rng(one, three)))},
		{"a{2 | 3}", times(a, either(two, three))},
		{"(a, b){2}", times(tuple(a, b), two)},

		// Numbers.
		{"1..4", rng(one, num("4", 4))},
		{"1e-4..8.0", rng(float("1e-4", 1e-4), float("8.0", 8))},
		{"200k", num("200k", 200_000)},
		{"1.5M", num("1.5M", 1_500_000)},
		{"3G", num("3G", 3_000_000_000)},
		{"2e9", num("2e9", 2_000_000_000)},
		{"2.5e3", float("2.5e3", 2500)},
		{"0.0001k", float("0.0001k", 0.1)},
		{"1e30", float("1e30", 1e30)},
		{"0.0", float("0.0", 0)},
		{"9223372036854775807", num("9223372036854775807", 9223372036854775807)},
		{"-3", un("-", three)},

		// Precedence.
		{"a >> b >> c", pipe(a, b, c)},
		{"(a >> b) >> c", pipe(paren(pipe(a, b)), c)},
		{"a + b * c", bin(a, "+", bin(b, "*", c))},
		{"a * b + c", bin(bin(a, "*", b), "+", c)},
		{"a - b - c", bin(bin(a, "-", b), "-", c)},
		{"a ++ b @ c", bin(a, "++", bin(b, "@", c))},
		{"-a * b", bin(un("-", a), "*", b)},
		{"a * -b % c", bin(bin(a, "*", un("-", b)), "%", c)},
		{"- -a", un("-", un("-", a))},
		{"a..b + c", rng(a, bin(b, "+", c))},
		{"a < b..c", bin(a, "<", rng(b, c))},
		{"a == b and c", bin(bin(a, "==", b), "and", c)},
		{"a or b and c", bin(a, "or", bin(b, "and", c))},
		{"not a == b and c", bin(un("not", bin(a, "==", b)), "and", c)},
		{"not not a", un("not", un("not", a))},
		{"a implies b implies c", bin(a, "implies", bin(b, "implies", c))},
		{"a or b implies c", bin(bin(a, "or", b), "implies", c)},
		{"a is b and not c is d", bin(is(a, "b"), "and", un("not", is(c, "d")))},
		{"a + b is c", is(bin(a, "+", b), "c")},
		{"if a then b else c >> d", iff(a, b, pipe(c, d))},
		{"if a then b", iff(a, b, nil)},
		{"if a then if b then c else d", iff(a, iff(b, c, d), nil)},
		{"if a then b else if c then d", iff(a, b, iff(c, d, nil))},

		// Ranges.
		{"1..3 step 2", withStep(rng(one, three), two)},
		{"1..3 step *2", withFactor(rng(one, three), two)},
		{"1..3 step -2", withStep(rng(one, three), un("-", two))},
		{"1..3 log points 2", withLog(rng(one, three), two)},
		{"1..3 points 2 log", withLog(rng(one, three), two)},
		{"a..b step c | d", either(withStep(rng(a, b), c), d)},
		{"f(step: step(log))", apply("f", keyword("step", apply("step", pos(name("log")))))},

		// Choices.
		{"| a", a},
		{"a | b | c", either(a, b, c)},
		{"a [3]", choose(lang.Alt{Body: a, Weight: &lang.Weight{Value: 3}})},
		{"a if b", choose(lang.Alt{Body: a, Guard: b})},
		{"| a [0.5] if b and c | d", choose(lang.Alt{Body: a, Weight: &lang.Weight{Value: 0.5}, Guard: bin(b, "and", c)}, alt(d))},
		{"a [32%] | b [each]", choose(lang.Alt{Body: a, Weight: percent(32)}, lang.Alt{Body: b, Weight: &lang.Weight{Each: true}})},
		{"a >> b | c", either(pipe(a, b), c)},
		{"a >> (b | c)", pipe(a, paren(either(b, c)))},
		{"a if if b then c else d", choose(lang.Alt{Body: a, Guard: iff(b, c, d)})},
		{"2 of (a | b)", of(two, either(a, b))},
		{"2 of (a | b) >> c", pipe(of(two, either(a, b)), c)},
		{"a of b", of(a, b)},
		{"(a) of (b | c)?", of(paren(a), maybe(paren(either(b, c))))},

		// Blocks and lines.
		{"{ a }", &lang.Block{Result: a}},
		{"{ a }{2}", times(&lang.Block{Result: a}, two)},
		{"{\n p, q = in\n let c = 1 | 2, d(s) = 3\n require c > 1\n\n h = p >> a; h + q\n}", &lang.Block{
			Stmts: []lang.Stmt{
				&lang.Assign{Names: []lang.Ident{id("p"), id("q")}, Value: name("in")},
				&lang.Let{Bindings: []lang.Binding{{Name: id("c"), Body: either(one, two)},
					{Name: id("d"), Params: []lang.Param{{Name: id("s")}}, Body: three}}},
				&lang.Require{Conds: []lang.Expr{bin(c, ">", one)}},
				&lang.Assign{Names: []lang.Ident{id("h")}, Value: pipe(name("p"), a)},
			}, Result: bin(name("h"), "+", name("q"))}},
		{"{ h = a\n (h, b) }", &lang.Block{Stmts: []lang.Stmt{&lang.Assign{Names: []lang.Ident{id("h")}, Value: a}},
			Result: tuple(name("h"), b)}},
		{"{ h = a\n {b} }", &lang.Block{Stmts: []lang.Stmt{&lang.Assign{Names: []lang.Ident{id("h")}, Value: a}},
			Result: &lang.Block{Result: b}}},
		{"{ h = a\n if b then c else d }", &lang.Block{Stmts: []lang.Stmt{&lang.Assign{Names: []lang.Ident{id("h")}, Value: a}},
			Result: iff(b, c, d)}},
		{"a\n if b\n | c\n if d", choose(lang.Alt{Body: a, Guard: b}, lang.Alt{Body: c, Guard: d})},
		{"a >>\n b\n >> c", pipe(a, b, c)},
		{"f(\n a,\n n:\n b\n)", apply("f", pos(a), keyword("n", b))},
		{"if a\n then b\n else c", iff(a, b, c)},
		{"\r\n a // comment\r\n | b", either(a, b)},
	} {
		got := parseExpr(t, test.text)
		if diff := cmp.Diff(test.want, got, noSpans()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.text, diff)
		}
	}
}
