package ir_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/parser"
)

// ending is what ends the recursion of a random file.
type ending struct {
	argument, guard string // of a recursive call
	first           string // argument of the first
	spends          string // what each level has to hold
	require         string
	deepest         int // how deep a derivation can be, where that is no end of itself
}

var endings = []ending{
	{require: "require layers <= 2", spends: "relu", deepest: 5},
	{argument: "(n - 1)", guard: "n > 0", first: "(2)", spends: "skip"},
	{argument: "(n - 1)", guard: "n > 0", first: "(0..2)", spends: "skip"},
	{guard: "nesting < 2", spends: "skip"},
	{require: "require layers <= 3", spends: "conv(3)", deepest: 6},
	{require: "require layers == 3", spends: "(relu | tanh)", deepest: 6},
	{require: "require count(relu) <= 2", spends: "relu", deepest: 5},
	{require: "require params <= 200", spends: "conv(3)", deepest: 5},
	{require: "require params == 168", spends: "conv(3)", deepest: 5},
	{require: "require count(relu) == 2, params <= 200", spends: "relu", deepest: 5},
	{spends: "max_pool(2)"},
}

// recursive writes a random file whose rule t calls itself.
func recursive(r *rapid.T, end ending) string {
	g := &grammar{r: r}
	k := known{tested: map[string][]string{}}
	lines := []string{"edition 1", "space t", "use std", "input x: [c: 3, h: 8, w: 8]"}
	for range g.below(2) {
		lines = append(lines, g.let(&k, 1))
	}
	inside := k.inner()
	params := []string{}
	if end.argument != "" {
		params = append(params, "n")
		inside.values = append(inside.values, "n")
	}
	self := "t" + end.argument
	pass := ""
	if g.rarely(4) {
		pass = "a"
		params = append(params, "rule a")
		inside.modules = append(inside.modules, "a")
		self = "t(" + strings.Trim(end.argument, "()")
		if end.argument != "" {
			self += ", "
		}
		self += "a)"
	}
	part := func() string { return g.module(inside, g.below(2)) }
	wraps := ""
	alternatives := []string{part()}
	for range 1 + g.below(2) {
		var a string
		switch g.below(9) {
		case 8: // by way of a parameter, which is drawn once
			wraps = "rule wraps(x) = " + g.one("x", "x >> x", "x + skip", "relu >> x", "x | skip", "{ h = in >> x; h >> x }")
			a = g.one("wraps("+self+") >> "+end.spends, end.spends+" >> wraps("+self+")", "wraps("+end.spends+" >> "+self+")")
		case 0, 1:
			a = end.spends + " >> " + self
		case 2:
			a = self + " >> " + end.spends
		case 3:
			a = part() + " >> " + end.spends + " >> " + self + " >> " + g.one("skip", "relu")
		case 4:
			a = self + " >> " + end.spends + " >> " + self
		case 5:
			a = "(" + self + g.one(" + ", " ++ ") + "skip) >> " + end.spends
		case 6:
			a = "{ let b = " + part() + "; in >> b >> " + end.spends + " >> (" + self + " | b) }"
		case 7:
			a = "{ h = in >> " + end.spends + " >> " + self + "; h" + g.one(" + h", " >> "+end.spends, " ++ in") + " }"
		}
		if g.rarely(4) {
			a += " " + g.one("[2]", "[30%]")
		}
		if end.guard != "" {
			a += " if " + end.guard
		}
		alternatives = append(alternatives, a)
	}
	rule := "rule t"
	if len(params) > 0 {
		rule += "(" + strings.Join(params, ", ") + ")"
	}
	lines = append(lines, rule+" = "+strings.Join(alternatives, " | "))
	if wraps != "" {
		lines = append(lines, wraps)
	}
	call := "t" + end.first
	if pass != "" {
		call = "t(" + strings.Trim(end.first, "()")
		if end.first != "" {
			call += ", "
		}
		call += g.one("relu", "relu | tanh") + ")"
	}
	net := g.one("net = "+call, "net = "+call+" >> "+g.leaf(k), "let u = "+call+"\nnet = u >> u", "net = "+call+" >> "+call)
	if strings.Contains(end.guard, "nesting") {
		net = "net = " + call
	}
	lines = append(lines, net)
	if end.require != "" {
		lines = append(lines, end.require)
	}
	if g.rarely(4) {
		lines = append(lines, "require "+g.condition(k))
	}
	return strings.Join(lines, "\n") + "\n"
}

// deepest is how deep a derivation of a text is where calls of t nest so deep.
func deepest(text string, calls int) int {
	if strings.Contains(text, "rule wraps") {
		return 2 * calls
	}
	return calls
}

// TestOracleRecursive compares spaces whose recursion something ends.
func TestOracleRecursive(t *testing.T) {
	t.Parallel()
	fixSeed(t)
	compared, points := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		end := rapid.SampledFrom(endings).Draw(r, "end")
		text := recursive(r, end)
		n, ok := checkOracleWithin(r, text, deepest(text, end.deepest))
		if ok {
			compared++
			points += n
		}
	})
	t.Logf("%d spaces compared, with %d points", compared, points)
}

// TestOracleInfinite compares the points of each size of spaces whose recursion nothing ends, and runs what is drawn from
// them.
func TestOracleInfinite(t *testing.T) {
	t.Parallel()
	fixSeed(t)
	rapid.Check(t, func(r *rapid.T) {
		checkInfinite(r, recursive(r, ending{spends: rapid.SampledFrom([]string{"relu", "conv(3)", "max_pool(2)", "conv(2 | 3)"}).Draw(r, "spends")}), 4)
	})
}

func checkInfinite(t rapid.TB, text string, most int) {
	t.Helper()
	if last := os.Getenv("ORACLE_LAST"); last != "" { // what was being looked at when it was killed
		_ = os.WriteFile(last, []byte(text), 0o644)
	}
	file := parser.ParseFile(lang.NewSource("test.space", text), &diag.Report{})
	want, ok := enumerateAll(file, maxTried, func(o *oracle) { o.most, o.deepest = most, deepest(text, most+2) })
	if !ok {
		return
	}
	var report diag.Report
	sp := ir.Load(lang.NewSource("test.space", text), env, &report)
	if sp == nil {
		for _, d := range report.Diagnostics() {
			if d.Code != diag.NoCompletion && d.Code != diag.Dead && d.Code != diag.Unused && d.Code != diag.Endless {
				t.Fatalf("%s: %s: %q\n%s", d.Code, d.Message, d.At.Text(), text)
			}
		}
		if len(want.list) > 0 {
			t.Fatalf("no point was found, and there are some: %v\n%s", want.list[0].ops, text)
		}
		return
	}
	c := compare{t, text, sp, want}
	sizes := make([]int, most+1)
	for _, r := range want.list {
		sizes[r.size]++
	}
	got, _, err := sp.CountBySize(most)
	if err != nil && !errors.Is(err, ir.ErrInfinite) && !errors.Is(err, ir.ErrUncounted) { // where more types are met than are listed
		c.fatal("by size: %v", err)
	}
	for i := 0; err == nil && i <= most; i++ {
		n := "0"
		if i < len(got) {
			n = got[i].String()
		}
		if n != fmt.Sprint(sizes[i]) {
			c.fatal("by size %v; there are %v", got, sizes)
		}
	}
	for trial := range uint64(10) {
		w := sp.Walk()
		for range 60 {
			d, ok := w.Next()
			if !ok {
				break
			}
			w.Choose(d.Pick(ir.Uniform(1, trial, d.Key())))
		}
		for _, ok := w.Next(); ok; _, ok = w.Next() {
			w.Choose(0) // the first alternative ends it
		}
		p, err := w.Point()
		if err != nil {
			c.fatal("%v", err)
		}
		want.oracle.most, want.oracle.deepest = 1<<20, 1<<20
		r := want.oracle.derive(p.Taken())
		if r.why != "" || r.beyond || len(r.steps) != len(p.Taken()) {
			c.fatal("%v is no point: %s", p.Choices(), r.why)
		}
		c.builds(&r, p)
	}
}
