package ir_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// TestVastCompletes draws points of vast spaces and goes, after every option that was taken, the completion that was seen
// when it was offered. So whatever a walk takes completes: none fails.
func TestVastCompletes(t *testing.T) {
	for _, test := range []struct {
		name, text string
		points     int
	}{
		{"einspace", "", 25},
		{"types that grow", "net = t\nrule t = relu | conv(in.c + 1) >> t | conv(in.c * 2) >> t | flatten >> reshape(in.elements, 1, 1) >> t", 40},
		{"rules by turns", "net = a >> global_avg_pool\nrule a = skip | conv(in.c + 1) >> b\nrule b = skip | conv(in.c + 3) >> a | (a + a) >> b", 40},
		{"pairs that must fit", "require ops <= 60\nnet = t\nrule t = skip [60%] | conv(in.c + 1) | t >> t | (t + t) | (t ++ t) | (t @ t)", 40},
		{"joins within joins", "require ops <= 200\nnet = t\nrule t = skip [55%] | conv(1..8) | clone(3) >> (t, t, t) >> add | clone(4) >> each(t) >> concat(1)", 40},
		{"tuples left", "require ops <= 200\nnet = t >> relu\nrule t = skip [55%] | conv(in.c + 1) | clone(3) | add | t >> t | t + t | each(t)", 40},
		{"tuples within each", "require ops <= 200\nnet = t >> relu\n" +
			"rule t = skip [60%] | conv(in.c + 1) | clone(3) >> t >> add | t >> t | u\nrule u = clone(2) >> (t, t) >> add | each(t)", 20},
		{"layers that add up", "require layers <= 4\nnet = t >> relu\nrule t = skip [40%] | conv(in.c + 1) | clone(3) >> each(t) >> add | t >> t", 40},
		{"sums of results", "require ops <= 80\nnet = t >> relu\nrule t = skip [60%] | conv(in.c + 1) | unfold(3) >> t | { u = in >> t\n (u + u) >> fold(u.grid) } | { u = in >> t >> skip\n u >> fold(u.grid) } | t >> t", 40},
		{"nestings of repeats", "require ops <= 80\nnet = t >> relu\nrule t = skip [50%] | conv(in.c + 1) | clone(2) >> (t, s) >> add if nesting < 5 | t >> t\nrule s = t", 40},
		{"more tensors than are looked at as opaque", "net = (skip | relu) >> clone(10) >> (conv(1), conv(2), conv(3), conv(4), conv(5), conv(6), conv(7), conv(8), conv(9), conv(10)) >> p >> q\n" +
			"rule p = { a, b, d, e, f, g, h, i, j, k = in; (k, j, i, h, g, f, e, d, b, a) } | (conv(in.c + 1), skip, skip, skip, skip, skip, skip, skip, skip, skip) >> p | (skip, skip, skip, skip, skip, skip, skip, skip, skip, skip)\n" +
			"rule q = { a, b, d, e, f, g, h, i, j, k = in; (a, k) >> (skip, skip if in.c == 10) }", 20},
		{"a named result", "net = t >> relu\nrule t = skip [60%] | conv(in.c + 1) | unfold(3) >> t | { u = in >> t\n u >> fold(u.grid) } | t >> t", 40},
	} {
		t.Run(test.name, func(t *testing.T) {
			var sp *ir.Space
			if test.text == "" {
				sp = example(t, test.name)
			} else {
				var report diag.Report
				if sp = ir.Load(lang.NewSource("t.space", image+test.text+"\n"), env, &report); sp == nil {
					t.Fatal(report.Diagnostics()[0].Message)
				}
			}
			sp.Check(&diag.Report{}) // which makes layers a part of types, where they are bounded
			sp.TakeAsVast()
			w := sp.Walk()
			for trial := range uint64(test.points) {
				w.Reset()
				steps := 0
				for d, ok := w.Next(); ok && steps < 500; d, ok = w.Next() {
					w.Choose(d.Pick(ir.Uniform(1, trial, d.Key())))
					if err := w.Complete(); err != nil {
						t.Errorf("trial %d, step %d: %v", trial, steps, err)
					}
					steps++
				}
				if err := w.Err(); err != nil {
					t.Errorf("trial %d: %v", trial, err)
				}
			}
			if sp.Stats().Met == 0 {
				t.Error("not solved rule by rule")
			}
		})
	}
}

// TestVastUnknown draws points of spaces of which parts are looked at with something unknown in place of what arrives: nothing
// that hangs on it is taken to be known.
func TestVastUnknown(t *testing.T) {
	compared := "rule t = skip [30%] | conv(in.c + 1) >> t >> g | conv(in.c + 2)\nrule g = "
	for name, text := range map[string]string{
		"a let's table":       "let m = relu | conv(8)\nnet = m >> t >> relu\nrule t = skip [40%] | conv(in.c + 1) >> t >> m",
		"tuples in tuples":    "net = t >> g\nrule t = skip [40%] | conv(in.c + 1) >> t\nrule g = (relu if in.c == 3) | clone(2) >> (clone(2), clone(2)) >> (add, add) >> add",
		"tuples out of rules": "net = t >> relu\nrule t = skip [50%] | conv(in.c + 1) >> t | clone(2) >> (u, u) >> (add, add) >> add\nrule u = clone(2) | (skip, skip) | conv(in.c + 1) >> u",
		"a number":            "let a = 1 | 2\nnet = conv(a) >> conv(5) >> t >> relu\n" + compared + "skip if a != 2 | (relu if in.c == 6 and a == 2)",
		"an alternative":      "let m = relu | tanh\nnet = m >> conv(5) >> t >> relu\n" + compared + "skip if not (m is relu) | (relu if in.c == 6 and m is relu)",
	} {
		t.Run(name, func(t *testing.T) {
			sp := load(t, image+text+"\n")
			for trial := range uint64(60) {
				draw(t, sp, 1, trial)
			}
		})
	}
}

// TestVastLets draws the same points of a vast space whether or not it is known what arrives at a let.
func TestVastLets(t *testing.T) {
	for _, text := range []string{
		"let m = relu | conv(8)\nnet = conv(4) >> m >> t >> (skip | conv(in.c + 1) >> m)\nrule t = skip [60%] | conv(in.c + 1) >> t\n",
		"require layers <= 3\nlet m = relu | skip | conv(2)\nlet u = t\nnet = u >> u\n" +
			"rule t = m{0..2} | { let b = conv | tanh; in >> b >> conv(3) >> (t | b) } | { let b = tanh >> m; in >> b >> conv(3) >> (t | b) }\n",
	} {
		known := load(t, image+text)
		known.TakeAsVast()
		for trial := range uint64(20) {
			want := draw(t, known, 1, trial).Choices()
			sp := load(t, image+text)
			sp.TakeAsVast()
			draw(t, sp, 2, trial)
			sp.Drop()
			if diff := cmp.Diff(want, draw(t, sp, 1, trial).Choices()); diff != "" {
				t.Errorf("trial %d:\n%s", trial, diff)
			}
		}
	}
}

// TestVastLetsAgain: a let that is a recursive rule is used again on what its first use leaves, which may be anything; and where
// what it costs is bounded, what its calls cost is added up on all that arrives.
func TestVastLetsAgain(t *testing.T) {
	for name, text := range map[string]string{
		"on its own results": "let u = t\nnet = u >> u >> relu\nrule t = conv(4 | 8) | (t ++ skip) >> relu | t >> t\n",
		"within a budget": "let u = t\nnet = conv(8) >> u >> conv(16) >> u >> relu\n" +
			"rule t = conv(in.c * 2 | in.c) >> relu [60%] | t >> t | (t ++ t) >> conv(in.c)\nrequire params <= 30k\n",
		"within a small one": "let u = t\nnet = u >> u\nrequire params <= 200\n" +
			"rule t = conv(4) | { let b = conv(2); in >> b >> conv(3) >> (t | b) } | { let b = (conv(2) | tanh); in >> b >> conv(3) >> (t | b) }\n",
	} {
		t.Run(name, func(t *testing.T) {
			sp := load(t, image+text)
			sp.TakeAsVast()
			for trial := range uint64(60) {
				p := draw(t, sp, 1, trial)
				b, err := p.Build()
				if err != nil {
					t.Fatalf("trial %d: %v", trial, err)
				}
				most := map[string]float64{"within a budget": 30_000, "within a small one": 200}[name]
				if params := float64(b.Costs()[0].Value); most > 0 && params > most {
					t.Errorf("trial %d has %v params", trial, params)
				}
			}
		})
	}
}

// TestVastRanges: a range comes first in a rule from which the end can't be seen; there, too, a walk goes the way that was
// seen from afar, without a start anew.
func TestVastRanges(t *testing.T) {
	sp := load(t, image+"net = (relu | tanh) >> a >> (conv(8) | conv(16)) >> (relu | tanh) >> g\nrule g = skip if in.c == 16\n"+
		"rule a = dropout(0.1..0.5) >> b >> relu\nrule b = skip [60%] | conv(in.c + 1) >> a >> relu\n")
	for trial := range uint64(10) {
		p := draw(t, sp, 1, trial)
		answers := map[string]string{}
		for _, c := range p.Choices() {
			answers[c.Path] = fmt.Sprint(c.Value)
		}
		again, err := sp.Replay(answers)
		if err != nil {
			t.Fatalf("trial %d: %v", trial, err)
		}
		if diff := cmp.Diff(p.Choices(), again.Choices()); diff != "" {
			t.Errorf("trial %d replayed:\n%s", trial, diff)
		}
	}
	if s := sp.Stats(); s.Trims > 0 {
		t.Errorf("the tables were dropped %d times", s.Trims)
	}
}

// TestVastOffers solves random spaces, whose recursion something or nothing ends, exactly and as if they were vast: what is
// offered then is offered by the exact solver. What is not is counted.
func TestVastOffers(t *testing.T) {
	fixSeed(t)
	var ends []ending
	for _, end := range append(endings, ending{spends: "relu"}) {
		if !strings.Contains(end.require, "==") { // walks under lower bounds don't go rule by rule
			ends = append(ends, end)
		}
	}
	offered, withheld, spaces := 0, 0, 0
	rapid.Check(t, func(r *rapid.T) {
		text := recursive(r, rapid.SampledFrom(ends).Draw(r, "end"))
		exact, vast := ir.Load(lang.NewSource("t.space", text), env, &diag.Report{}), ir.Load(lang.NewSource("t.space", text), env, &diag.Report{})
		if exact == nil {
			return
		}
		vast.TakeAsVast()
		spaces++
		for trial := range uint64(4) {
			w := vast.Walk()
			for n := 0; n < 300; n++ {
				d, ok := w.Next()
				if !ok {
					break
				}
				w.Choose(d.Pick(ir.Uniform(3, trial, d.Key())))
			}
			p, err := w.Point()
			if err != nil {
				continue // no point was found, or it is long
			}
			few, all := vast.Menus(p.Taken()), exact.Menus(p.Taken())
			for i := range few {
				if i >= len(all) {
					t.Fatalf("choice %d is not met\n%s", i, text)
				}
				for _, o := range few[i] {
					if !slices.Contains(all[i], o) {
						t.Fatalf("choice %d offers %v, and only %v can complete\n%s", i, few[i], all[i], text)
					}
				}
				offered += len(few[i])
				withheld += len(all[i]) - len(few[i])
			}
		}
	})
	t.Logf("%d spaces: %d options offered, %d withheld", spaces, offered, withheld)
	if offered < 10*spaces || withheld > offered/50 {
		t.Error("little was compared, or much that completes was withheld")
	}
}

// TestVastPointsReplay: points of vast spaces have the decisions that a walk meets, however they were found, also where of several
// options that fit one completes.
func TestVastPointsReplay(t *testing.T) {
	replay := func(how string, sp *ir.Space, p *ir.Point, err error) {
		if err != nil {
			t.Errorf("%s: %v", how, err)
			return
		}
		answers := map[string]string{}
		for _, c := range p.Choices() {
			answers[c.Path] = fmt.Sprint(c.Value)
		}
		again, err := sp.Replay(answers)
		if err != nil {
			t.Errorf("%s: %v", how, err)
		} else if diff := cmp.Diff(p.Choices(), again.Choices()); diff != "" {
			t.Errorf("%s:\n%s", how, diff)
		}
	}
	rules := "rule g = skip if in.c == 16\nrule t = skip [60%] | conv(in.c + 1) >> t"
	for text, arch := range map[string]string{
		"net = t >> (conv(8) | conv(16)) >> (relu | tanh) >> g\n" + rules:                             "net = conv(4) >> conv(16) >> relu\n",
		"net = t\n" + rules + "\nlet a = 1 | 2 | 3\nconfig training {\n  n: a\n  m: 5 if a == 2\n}\n": "net = conv(4)\n",
	} {
		sp := load(t, image+text+"\n")
		replay("located", sp, locate(t, sp, load(t, image+arch)).Point, nil)
	}
	sp := load(t, image+"require layers <= 7\nnet = t >> (conv(8) | conv(16)) >> (relu | tanh) >> g\n"+rules+"\n")
	sp.TakeAsVast()
	for trial := range uint64(4) {
		p, err := sp.DrawSize(1, trial, 5)
		replay("of a size", sp, p, err)
	}
}

// TestVastOffersOneByOne: an option is offered when it is asked about alone if it is among all that are; also where the only one
// is that of the way that was seen from afar.
func TestVastOffersOneByOne(t *testing.T) {
	sp := load(t, image+"net = (relu | tanh) >> a >> (conv(8) | conv(16)) >> (relu | tanh) >> g\nrule g = skip if in.c == 16\n"+
		"rule a = (relu | tanh | skip) >> b >> relu\nrule b = skip [60%] | conv(in.c + 1) >> a >> relu\n")
	for trial := range uint64(10) {
		w := sp.Walk()
		for d, ok := w.Next(); ok; d, ok = w.Next() {
			var one, all []int
			for o := range d.Options() {
				if d.Offers(o) {
					one = append(one, o)
				}
			}
			for i := range d.Len() {
				all = append(all, d.Option(i))
			}
			if !slices.Equal(one, all) {
				t.Errorf("trial %d, %s: %v one by one, and %v at once", trial, d.Path(), one, all)
			}
			w.Choose(d.Pick(ir.Uniform(1, trial, d.Key())))
		}
	}
}

// TestVastRangeWithoutEnd: a walk that finds no end from a range on says so.
func TestVastRangeWithoutEnd(t *testing.T) {
	sp := load(t, image+"require ops >= 3\nnet = dropout(0.1..0.2) >> a >> (conv(8) | conv(16)) >> (relu | tanh) >> g\n"+
		"rule g = skip if in.c == 16\nrule a = b >> relu\nrule b = skip [60%] | conv(in.c + 1) >> a >> relu\n")
	w := sp.Walk()
	w.Draw(1, 1)
	if _, err := w.Point(); err != nil && !strings.Contains(err.Error(), "nothing can be completed here") {
		t.Error(err)
	}
}

// TestVastReadAtOnce reads what decisions offer while another walk meets types and numbers that are new. The race detector
// looks on.
func TestVastReadAtOnce(t *testing.T) {
	sp := load(t, image+"net = t\nrule t = skip [10%] | conv(1..500) >> t | conv(in.c * 2) >> t\n")
	var walks sync.WaitGroup
	for seed := range uint64(2) {
		walks.Go(func() {
			w := sp.Walk()
			for trial := range uint64(30) {
				w.Reset()
				for d, ok := w.Next(); ok; d, ok = w.Next() {
					i := d.Pick(ir.Uniform(seed, trial, d.Key()))
					if d.Label(i) != fmt.Sprint(d.Value(i)) {
						t.Errorf("%s is %v", d.Label(i), d.Value(i))
					}
					w.Choose(i)
				}
				if err := w.Err(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	walks.Wait()
}

// TestVastAnyway walks random spaces as vast ones in different ways: drawn at once, decision by decision with everything on offer
// looked at, asked of each option first, and with the tables dropped under way. All come to the same point, or none does;
// and a walk that was offered something comes to an end.
func TestVastAnyway(t *testing.T) {
	fixSeed(t)
	var ends []ending
	for _, end := range append(endings, ending{spends: "relu"}) {
		if !strings.Contains(end.require, "==") {
			ends = append(ends, end)
		}
	}
	walks, points := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		text := recursive(r, rapid.SampledFrom(ends).Draw(r, "end"))
		sp := ir.Load(lang.NewSource("t.space", text), env, &diag.Report{})
		if sp == nil {
			return
		}
		sp.TakeAsVast()
		ways := map[string]func(w *ir.Walk, d *ir.Decision, u float64, n int){
			"each option": func(w *ir.Walk, d *ir.Decision, u float64, n int) {
				for o := d.Options() - 1; o >= 0; o-- {
					d.Offers(o)
				}
				w.Answer(d.Draw(u))
			},
			"all": func(w *ir.Walk, d *ir.Decision, u float64, _ int) { w.Choose(d.Pick(u)) },
			"dropped": func(w *ir.Walk, d *ir.Decision, u float64, n int) {
				if n%3 == 1 {
					sp.Drop()
				}
				w.Answer(d.Draw(u))
			},
		}
		for trial := range uint64(3) {
			w := sp.Walk()
			long := 0
			for d, ok := w.Next(); ok && long < 400; d, ok = w.Next() {
				if err := w.Steps(); err != nil {
					t.Fatalf("%v\n%s", err, text)
				}
				if long++; d.Continuous() {
					w.ChooseReal(d.PickReal(ir.Uniform(5, trial, d.Key())))
				} else {
					w.Answer(d.Draw(ir.Uniform(5, trial, d.Key())))
				}
			}
			if long == 400 {
				continue // it may have no end
			}
			want, err := w.Point()
			w.Reset()
			w.Draw(5, trial)
			if p, err2 := w.Point(); err == nil && (err2 != nil || p.Key() != want.Key()) {
				t.Fatalf("drawn at once: %v\n%s", err2, text)
			}
			if walks++; err == nil {
				points++
			}
			for name, answer := range ways {
				w := sp.Walk()
				n := 0
				for d, ok := w.Next(); ok && n < 400; d, ok = w.Next() {
					if n++; d.Continuous() {
						w.ChooseReal(d.PickReal(ir.Uniform(5, trial, d.Key())))
						continue
					}
					answer(w, d, ir.Uniform(5, trial, d.Key()), n)
				}
				got, err2 := w.Point()
				if err2 != nil && n > 0 {
					t.Fatalf("%s: %v after %d decisions, of %v\n%s", name, err2, n, err, text)
				}
				if (err == nil) != (err2 == nil) {
					t.Fatalf("%s: %v, and %v\n%s", name, err2, err, text)
				}
				if err == nil {
					if diff := cmp.Diff(want.Choices(), got.Choices()); diff != "" {
						t.Fatalf("%s:\n%s\n%s", name, diff, text)
					}
				}
			}
		}
	})
	t.Logf("%d of %d walks came to a point", points, walks)
	if points < walks/2 {
		t.Error("few walks came to a point")
	}
}

// TestVastNesting: a guard on the nesting is asked at the nesting where it stands, however deep rules nest within one that calls
// itself. What is drawn is built, which enters each rule from the root on.
func TestVastNesting(t *testing.T) {
	text := image + "net = t >> relu\nrule t = skip [20%] | conv(in.c + 1) >> t [60%] | r1 >> t\n"
	for i := 1; i < 44; i++ {
		text += fmt.Sprintf("rule r%d = (relu | tanh) >> r%d\n", i, i+1)
	}
	text += "rule r44 = sigmoid if nesting < 50 | skip if nesting >= 50\n"
	sp := load(t, text)
	sp.TakeAsVast()
	deep := 0
	for trial := range uint64(60) {
		p := draw(t, sp, 3, trial)
		if _, err := p.Build(); err != nil {
			t.Fatalf("trial %d: %v", trial, err)
		}
		for _, c := range append(p.Choices(), p.Settled()...) {
			around := strings.Count(c.Path, "t.") + strings.Count(c.Path, "r")
			if !strings.HasSuffix(c.Path, "r44") {
				continue
			}
			deep++
			if got, want := c.Value == "sigmoid", around < 50; got != want {
				t.Errorf("trial %d: %s at %s, in %d calls", trial, c.Value, c.Path, around)
			}
		}
	}
	if deep < 20 {
		t.Errorf("%d calls of the last rule", deep)
	}
}

// TestVastFailsFirst: the first search of a walk may find no way at all on from a call.
func TestVastFailsFirst(t *testing.T) {
	sp := load(t, image+"net = a >> g\nrule g = skip if in.c == 5 or in.h == 1\nrule a = b >> relu\nrule b = skip | conv(in.c + 1) >> a >> relu\n")
	for trial := range uint64(10) {
		if b, err := draw(t, sp, 1, trial).Build(); err != nil || b.Graph.OutPort[0].Shape[0].Size != 5 {
			t.Errorf("trial %d: %v", trial, err)
		}
	}
}

// TestVastLetsWithArguments: what is opaque is no arrival of a let, with arguments beside it neither.
func TestVastLetsWithArguments(t *testing.T) {
	sp := load(t, image+"let f(k) = conv(k) | relu\nlet b = 3 | 5\nnet = f(3) >> t >> f(b) >> t\nrule t = skip | conv(in.c + 1) >> t | f(4)\n")
	for trial := range uint64(10) {
		draw(t, sp, 1, trial)
	}
}

// TestVastSteps: what steps do is the same whether they are known for any shape or run over the shapes at hand.
func TestVastSteps(t *testing.T) {
	for name, text := range map[string]string{
		"tuples at lets with arguments": "require ops <= 60\nlet b = 3 | 5\nnet = t >> relu\n" +
			"rule t = skip [40%] | conv(in.c + 1) >> t | { let f(k) = (conv(k), relu) | (relu, conv(k)); x = in >> t; (x, in) >> f(b) >> (conv(2), conv(2)) >> add >> t }",
		"ops of what is known, before what isn't": "net = t\nrule t = conv(3, kernel: 2) | skip >> t if nesting < 2 | " +
			"{ let b = (clone(2) >> 2 of (conv(2) | relu | conv(3)) >> concat); in >> b >> (t | b) } if nesting < 2",
	} {
		t.Run(name, func(t *testing.T) {
			sp := load(t, image+text+"\n")
			sp.TakeAsVast()
			for trial := range uint64(20) {
				w := sp.Walk()
				for d, ok := w.Next(); ok; d, ok = w.Next() {
					if err := w.Steps(); err != nil {
						t.Fatal(err)
					}
					w.Answer(d.Draw(ir.Uniform(1, trial, d.Key())))
				}
				p, err := w.Point()
				if err != nil {
					t.Fatal(err)
				}
				if _, err := p.Build(); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// TestVastAlikeOrNot: whether what an op makes is alike, so that a sum passes it on, doesn't hang on what it made when it was met
// first.
func TestVastAlikeOrNot(t *testing.T) {
	text := "op cut : [c, h, w] -> ([c: 4, h, w], [c: c - 4, h, w])\n"
	joins := ""
	for i := range 7 { // more than are tried, the sum behind them
		text += fmt.Sprintf("op join%d : ([c, h, w], [d, h, w]) -> [c: c + d + %d, h, w]\n", i, 5+i)
		joins += fmt.Sprintf("join%d | ", i)
	}
	text += "net = (conv(8) | conv(9)) >> t >> relu\nrule t = relu | conv(in.c + 1) >> t | cut >> j >> g\n" +
		"rule j = " + joins + "add | (skip, skip) >> j\nrule g = skip if in.c == 4\n"
	offered := func(sp *ir.Space, first int) (labels []string) {
		w := sp.Walk()
		w.Next()
		w.Answer(first)
		d, _ := w.Next()
		for i := range d.Len() {
			labels = append(labels, d.Label(i))
		}
		return labels
	}
	sp := load(t, image+text)
	for _, test := range []struct {
		first int
		want  []string
	}{{1, []string{"relu", "conv"}}, {0, []string{"relu", "conv", "cut"}}, {1, []string{"relu", "conv"}}} {
		if diff := cmp.Diff(test.want, offered(sp, test.first)); diff != "" {
			t.Errorf("after option %d:\n%s", test.first, diff)
		}
	}
}

// TestVastSearchesEnd: of rules that pass on nothing, searches try fewer results the further away they are called.
func TestVastSearchesEnd(t *testing.T) {
	sp := load(t, image+"require ops <= 30\nnet = conv(4) >> t >> relu\n"+
		"rule t = skip [40%] | conv(in.c + 1) | ({ h = in >> t; k = in >> t; (h, k, in) >> each(t) >> concat(1) }){1..2}\n")
	for trial := range uint64(16) {
		sp.Drop()
		draw(t, sp, 1, trial)
		if s := sp.Stats(); s.States > 40_000 {
			t.Fatalf("trial %d: %d states were met", trial, s.States)
		}
	}
	sp = load(t, image+"net = t >> conv(3)\nrule t = relu | conv(in.c + 1) | { h = in >> t; k = in >> t; (h, k, in) >> each(t) >> concat(1) }\n")
	if s := sp.Stats(); s.States > 40_000 {
		t.Fatalf("%d states were met when the space was checked", s.States)
	}
}
