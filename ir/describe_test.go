package ir_test

import (
	"math"
	"os"
	"strings"
	"testing"

	"github.com/spacec-lang/spacec/ir"
)

// near compares to nine digits.
func near(a, b float64) bool {
	return a == b || math.Abs(a-b) <= 1e-9*(1+math.Abs(a)+math.Abs(b))
}

// entropy is that of a distribution, in bits.
func entropy(p ...float64) float64 {
	h := 0.0
	for _, x := range p {
		h -= x * math.Log2(x)
	}
	return h
}

// TestSurveyByHand compares sizes as written and entropies with ones worked out by hand.
func TestSurveyByHand(t *testing.T) {
	for _, test := range []struct {
		name, text            string
		size, bits, decisions float64
		names                 int
	}{
		{"no choice", "net = relu >> tanh", 2, 0, 0, 0},
		{"equal", "net = relu | tanh | gelu | silu", 1, 2, 1, 1},
		{"weights", "net = relu [3] | tanh >> gelu", 1.25, entropy(.75, .25), 1, 1},
		{"nested", "net = relu | (tanh | gelu >> gelu)", 1.25, 1 + .5, 1.5, 2},
		{"one that can't be has no share", "net = relu | tanh | max_pool(9)", 1, 1, 1, 1},
		{"a repetition", "net = (relu | tanh){1..2}", 1.5, 1 + .5*1 + .5*2, 2.5, 3},
		{"a let once", "let a = relu | tanh\nnet = a{3}", 1, 1, 1, 1},
		{"a rule thrice", "rule a = relu | tanh\nnet = a{3}", 3, 3, 3, 3},
		{"each", "net = clone(4) >> each(relu | tanh) >> add", 3, 1, 1, 1},
		{"a continuous value has no bits", "net = relu\nconfig c { x: 0.0..1.0; y: 1 | 2 }", 1, 1, 2, 2},
		{"guards", "net = conv(8 | 16) >> (relu if in.c == 8 | tanh)", 2, 1 + .5*1, 1.5, 2},
		{"a pick", "config c { f: 2 of (x [2] | y | z) }", 0, entropy(.4, .4, .2), 1.8, 2},
		{"a bound", "require params <= 11\nnet = conv(1 | 2, kernel: 1) >> conv(1 | 3, kernel: 1)", 2, 1 + .5, 1.5, 2}, // 6, 10 and 11 parameters; 17 are too many
		{"recursion that shapes end", "rule t = relu | max_pool(2) >> t\nnet = t", // 1, 2, 3 and 4 ops; the last alone
			.5 + .25*2 + .125*3 + .125*4, 1.75, 1.75, 3},
		{"recursion within layers", "require layers <= 2\nrule t = relu | tanh >> t\nnet = t", 1.5, 1, 1, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			head := image
			if strings.HasPrefix(test.text, "config") {
				head = "edition 1\nspace t\n"
			}
			s := load(t, head+test.text+"\n").Survey()
			if s == nil {
				t.Fatal("no survey")
			}
			if !near(s.Size, test.size) || !near(s.Bits, test.bits) || !near(s.Decisions, test.decisions) || s.Names != test.names {
				t.Errorf("size %v, %v bits, %v of %d decisions; want %v, %v, %v of %d", s.Size, s.Bits, s.Decisions, s.Names,
					test.size, test.bits, test.decisions, test.names)
			}
		})
	}
}

// TestSurveyByEnumeration compares with sums over all points, each built: its costs are those of its graph, and its
// probability the product of what the walk offered.
func TestSurveyByEnumeration(t *testing.T) {
	for name, text := range map[string]string{
		"digits, small": `net = block{1..2} >> global_avg_pool >> dense(10)
rule block = unit >> max_pool(2) | unit + gelu | unit [50%]
rule unit = conv(filters: 8..16 step 8, kernel: 1 | 3) >> any_order(relu, batch_norm) >> (dropout(0.25) | gelu)
require params <= 5k, layers <= 9`,
		"lets": `let c = conv(3, kernel: 1 | 3) >> (relu | gelu [20%])
net = (c | c >> c) >> each2 >> c{0..2}
rule each2 = clone(2) >> each(conv(3 | 6, kernel: 1 [5] | 5)) >> add`,
		"shared":           "net = { share let c = conv(3, kernel: 1 | 3 [2]); in >> c{1..3} } >> (relu + tanh | gelu)",
		"guards and costs": "cost w { conv: macs * kernel }\nrequire w <= 20k, count(conv) >= 1\nnet = (conv(1..3, kernel: 1 | 3) | relu | tanh if in.c == 3){2..3}",
		"recursive":        "require layers <= 4, params <= 200\nrule t = conv(3, kernel: 1 | 3) | t >> t [1] | relu + t [25%]\nnet = t",
		"budget":           "require ops <= 5\nrule t = conv(3) [3] | relu | t ++ t | t >> t [20%]\nnet = t",
		"config":           "net = conv(1 | 2)\nconfig c { let n = 1..3; x: n; y: 0..n; z: a | b(k: 1 | 2) [3]; require x != y }",
	} {
		t.Run(name, func(t *testing.T) {
			sp := load(t, image+text+"\n")
			s := sp.Survey()
			if s == nil {
				t.Fatal("no survey")
			}
			total, bits, decisions := 0.0, 0.0, 0.0
			names := map[string]bool{}
			want := map[string]*ir.CostRange{}
			note := func(name string, x, p float64) {
				r := want[name]
				if r == nil {
					r = &ir.CostRange{Name: name, Least: x, Most: x}
					want[name] = r
				}
				r.Least, r.Most, r.Mean = min(r.Least, x), max(r.Most, x), r.Mean+p*x
			}
			enumerate(t, sp, 20_000, func(pt *ir.Point) {
				p := math.Exp(priorOf(t, sp, pt))
				total += p
				bits -= p * math.Log2(p)
				for _, c := range pt.Choices() {
					names[c.Path] = true
				}
				decisions += p * float64(len(pt.Choices()))
				b, err := pt.Build()
				if err != nil {
					t.Fatal(err)
				}
				cost, err := b.Graph.Costs()
				if err != nil {
					t.Fatal(err)
				}
				note("built", float64(len(b.Graph.Nodes)), p)
				note("params", float64(cost.Params), p)
				note("macs", float64(cost.MACs), p)
				note("layers", float64(cost.Layers), p)
			})
			if !near(total, 1) || !near(s.Bits, bits) || !near(s.Decisions, decisions) || s.Names != len(names) {
				t.Errorf("%v bits, %v of %d decisions; all points have probability %v, %v bits, %v of %d decisions", s.Bits, s.Decisions,
					s.Names, total, bits, decisions, len(names))
			}
			compared := 0
			for _, c := range s.Costs {
				w := want[c.Name]
				if w == nil {
					continue
				}
				compared++
				if c.Least != w.Least || c.Most != w.Most || !near(c.Mean, w.Mean) {
					t.Errorf("%+v, want %+v", c, *w)
				}
			}
			if compared < 3 {
				t.Errorf("%d costs: %+v", compared, s.Costs)
			}
		})
	}
}

// einspaceCore is einspace's grammar without its types (Ericsson et al. 2024, arXiv 2405.20838): a module is a computation
// with 32%, else a sequence, a branching or a routing. A branching into two has two modules, one into 4 or 8 repeats one.
const einspaceCore = `
rule module = computation [32%] | sequence | branching | routing
rule sequence = module >> module
rule branching = clone(2) >> (module, module) >> add
  | clone(4) >> each(module) >> add
  | clone(8) >> each(module) >> add
rule routing = skip >> module >> skip
rule computation = relu | tanh | gelu
net = sequence | branching | routing
`

// TestEinspaceGrowth: the published rates and critical values. As derived a module leads to .68 / 3 (2 + 4/3 + 1) others,
// as built, where 4 and 8 are so many, to .68 / 3 (2 + 14/3 + 1). The mean size solves x = .32 + .68 / 3 (2 x + 2 + 4/3 x
// + x + 2), the ops of branchings and routings being two each, and the root is a third of that sum.
func TestEinspaceGrowth(t *testing.T) {
	sp := load(t, image+einspaceCore)
	derived, err := sp.Growth(false)
	if err != nil {
		t.Fatal(err)
	}
	built, err := sp.Growth(true)
	if err != nil {
		t.Fatal(err)
	}
	x := (.32 + .68/3*4) / (1 - .68*13/9)
	if !near(derived.Rate, .68*13/9) || derived.Rule != "module" || derived.Ends != 1 || !near(derived.Size, (4+13./3*x)/3) {
		t.Errorf("as derived: %+v", derived)
	}
	if !near(built.Rate, .68*23/9) || built.Rule != "module" || !math.IsInf(built.Size, 1) {
		t.Errorf("as built: %+v", built)
	}
	for _, test := range []struct {
		c    *ir.Critical
		want float64
	}{{derived.Critical, 400. / 13}, {built.Critical, 1400. / 23}} {
		if c := test.c; c == nil || c.Option != "computation" || c.Weight != 32 || !c.Percent || !c.Above ||
			math.Abs(c.Critical-test.want) > 1e-6 || c.At.Text() != "computation" {
			t.Errorf("%+v, want the share of 'computation' and %v%%", c, test.want)
		}
	}
	// The paper's digits.
	for _, test := range []struct{ got, want float64 }{
		{derived.Rate, .982}, {derived.Critical.Critical / 100, .3077}, {built.Rate, 1.738}, {built.Critical.Critical / 100, .6087}} {
		if math.Abs(test.got-test.want) > 6e-4 {
			t.Errorf("%v is not %v", test.got, test.want)
		}
	}
}

// TestEinspaceExample: so has the whole grammar, types and all, as far as its rates go.
func TestEinspaceExample(t *testing.T) {
	if _, err := os.Stat("../examples/einspace.space"); err != nil {
		t.Skip("there is no examples/einspace.space")
	}
	sp := example(t, "einspace")
	for copies, want := range map[bool]float64{false: .68 * 13 / 9, true: .68 * 23 / 9} {
		g, err := sp.Growth(copies)
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(g.Rate-want) > 1e-6 {
			t.Errorf("copies %v: rate %v, want %v", copies, g.Rate, want)
		}
	}
}

// TestGrowth compares with closed forms.
func TestGrowth(t *testing.T) {
	inf := math.Inf(1)
	for _, test := range []struct {
		name, text                       string
		copies                           bool
		rate, size, ends, bits, critical float64
		option                           string
	}{
		{"below", "rule t = relu [60%] | t >> t\nnet = t", false, .8, 3, 1, entropy(.6, .4) / .2, 50, "relu"},
		{"critical", "rule t = relu [50%] | t >> t\nnet = t", false, 1, inf, 1, inf, 50, "relu"},
		{"above", "rule t = relu [30%] | t >> t\nnet = t", false, 1.4, inf, 3. / 7, inf, 50, "relu"},
		{"plain weights", "rule t = relu [3] | t >> t [2]\nnet = t", false, .8, 3, 1, entropy(.6, .4) / .2, 2, "relu"},
		{"a line never runs away", "rule t = relu | tanh >> t\nnet = t", false, .5, 2, 1, 2, 0, ""},
		{"a rule on the way", "rule t = relu [60%] | two\nrule two = t >> t\nnet = t", false, .8, 3, 1, entropy(.6, .4) / .2, 50, "relu"},
		{"two rules, each by itself", "rule a = relu [3] | a >> b\nrule b = tanh [3] | a >> b\nnet = a", false, .5, 1.5, 1, 2 * entropy(.75, .25), 1. / 3, "relu"},
		{"types make no difference", "rule t = relu [60%] | t >> max_pool(2) >> t\nnet = t", false, .8, (.6 + .4) / .2, 1, entropy(.6, .4) / .2, 50, "relu"},
		{"guards on wires neither", "rule t = relu [60%] | t >> t if in.c > 3\nnet = t", false, .8, 3, 1, entropy(.6, .4) / .2, 50, "relu"},
		{"a counter ends it", "net = t(3)\nrule t(n) = relu | relu >> t(n - 1) if n > 0", false, 0, 1.875, 1, 1.75, 0, ""},
		{"repetition", "rule t = relu [2] | t{1..3}\nnet = t", false, 2. / 3, 2, 1, 3 * (entropy(2./3, 1./3) + entropy(1./3, 1./3, 1./3)/3), 1, "relu"},
		{"a let, once", "rule t = relu [70%] | { let a = t; in >> a >> a }\nnet = t", false, .3, 1, 1, entropy(.7, .3) / .7, 0, ""},
		{"a let, its copies", "rule t = relu [70%] | { let a = t; in >> a >> a }\nnet = t", true, .6, .7 / .4, 0, 0, 50, "relu"},
	} {
		t.Run(test.name, func(t *testing.T) {
			g, err := load(t, image+test.text+"\n").Growth(test.copies)
			if err != nil {
				t.Fatal(err)
			}
			ok := math.Abs(g.Rate-test.rate) < 1e-9 && near(g.Size, test.size) && math.Abs(g.Ends-test.ends) < 1e-7 && near(g.Bits, test.bits)
			if c := g.Critical; test.option == "" {
				ok = ok && c == nil
			} else {
				ok = ok && c != nil && c.Option == test.option && math.Abs(c.Critical-test.critical) < 1e-6
			}
			if !ok {
				t.Errorf("%+v, %+v", g, g.Critical)
			}
		})
	}
}
