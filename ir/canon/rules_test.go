package canon_test

import (
	"testing"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/ir/canon"
	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
)

// graph is what an architecture builds where an image of 8 channels arrives.
func graph(t testing.TB, net string) *op.Graph {
	t.Helper()
	text := "edition 1\nspace t\nuse std\ninput x: [c: 8, h: 8, w: 8]\nnet = " + net + "\n"
	var report diag.Report
	sp := ir.Load(lang.NewSource("t.space", text), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &report)
	if sp == nil {
		for _, d := range report.Diagnostics() {
			t.Errorf("%s: %s", net, d.Message)
		}
		t.FailNow()
	}
	p, err := sp.Only()
	if err != nil {
		t.Fatal(err)
	}
	b, err := p.Build()
	if err != nil {
		t.Fatal(err)
	}
	return b.Graph
}

// TestWhatMakesNoDifference: lines of architectures that are all the same.
func TestWhatMakesNoDifference(t *testing.T) {
	for name, nets := range map[string][]string{
		"skip is the wire":                   {"relu >> tanh", "relu >> skip >> tanh", "{ a = in >> relu >> skip; a >> tanh }"},
		"sums commute":                       {"conv + relu", "relu + conv"},
		"sums are flat":                      {"{ (in >> conv) + in + (in >> tanh) }", "{ in + ((in >> tanh) + (in >> conv)) }", "clone(3) >> (tanh, conv, skip) >> add"},
		"an operand of several sums":         {"{ a = in >> conv; s = a + in; (s >> relu) + s }", "{ a = in >> conv; s = in + a; in + (s >> relu) + a }"},
		"two of a wire":                      {"{ in + in }", "clone(2) >> add"},
		"four of a wire":                     {"{ a = in + in; a + a }", "{ in + in + in + in }", "{ in + (in + (in + in)) }"},
		"products are flat":                  {"{ in * ((in >> tanh) * in) }", "{ a = in * in; (in >> tanh) * a }"},
		"a residual and its sum":             {"residual(conv)", "conv + skip", "{ in + (in >> conv) }"},
		"ops without weights are one":        {"{ (in >> relu) + (in >> relu) }", "{ a = in >> relu; a + a }"},
		"all the way":                        {"{ (in >> relu >> tanh >> conv) + (in >> relu >> tanh) }", "{ a = in >> relu >> tanh; a + (a >> conv) }"},
		"a zero in a sum":                    {"skip", "{ in + (in >> zero) }", "{ (in >> zero) + in + (in >> conv >> zero) }"},
		"zeros of zeros":                     {"zero", "zero >> relu", "zero >> avg_pool(3, stride: 1, padding: 1)", "conv >> zero >> conv(bias: false) >> gelu", "zero >> dropout(0.5)", "{ (in >> zero) + (in >> zero) }"},
		"a product with a zero":              {"zero", "{ in * (in >> zero) }", "{ in * (in >> conv) * (in >> zero) }"},
		"a matrix product with a zero":       {"zero", "{ (in >> zero) @ in }"},
		"both halves zero":                   {"zero", "zero >> split(2) >> concat"},
		"a zero leaves one product of a sum": {"relu", "{ a = in >> relu; a + (a * (in >> zero)) }"},
		"dead ops":                           {"relu", "{ a = in >> conv; b = a >> tanh; in >> relu }", "{ (in >> conv >> zero) + (in >> relu) }"},
		"a constant":                         {"zero >> batch_norm", "conv >> relu >> zero >> batch_norm", "{ a = (in >> zero) * in; a >> relu >> batch_norm }"},
		"what is left out is what it means":  {"conv", "conv(8)", "conv(8, 3)", "conv(padding: 1)"},
		"keep and rate":                      {"dropout(0.5)", "dropout(keep: 0.5)"},
		"a number that is only checked":      {"clone(2) >> concat(1)", "clone(2) >> concat(1, arity: 2)"},
		"ops that do nothing":                {"skip", "dropout(0.0)", "permute(1, 2, 3)", "reshape(8, 8, 8)", "max_pool(1)", "avg_pool(1)"},
		"shared weights on one wire":         {"{ share let c = conv\n (in >> c) + (in >> c) }", "{ a = in >> conv; a + a }"},
		"weights shared with nobody":         {"{ share let c = conv\n in >> c }", "conv"},
		"weights shared with the dead":       {"{ share let c = conv\n a = in >> relu >> c\n in >> c }", "conv"},
		"weights shared twice":               {"{ share let c = conv\n (in >> c) + (in >> relu >> c) }", "{ share let c = conv\n (in >> relu >> c) + (in >> c) }"},
	} {
		want := hash(t, graph(t, nets[0]))
		for _, net := range nets[1:] {
			if got := hash(t, graph(t, net)); got != want {
				t.Errorf("%s: %s and %s differ: %+v and %+v", name, nets[0], net, want, got)
			}
		}
	}
}

// TestWhatMakesADifference: lines of architectures of which no two are the same.
func TestWhatMakesADifference(t *testing.T) {
	for name, nets := range map[string][]string{
		"using an output twice isn't having it twice": {"{ a = in >> conv; a + a }", "{ (in >> conv) + (in >> conv) }", "conv"},
		"nor is it for what is random":                {"{ a = in >> dropout(0.5); a + a }", "{ (in >> dropout(0.5)) + (in >> dropout(0.5)) }"},
		"how often":                                   {"skip", "{ in + in }", "{ in + in + in }", "{ in * in }", "zero"},
		"which op":                                    {"relu", "tanh", "conv", "conv(kernel: 5)", "conv(16)", "conv(bias: false)", "conv(groups: 2)", "conv(dilation: 2)", "flatten"},
		"bits are for costs of a file's own":          {"conv(bits: 4)", "conv(bits: 8)", "conv"},
		"constants keep their ops' names":             {"zero", "zero >> batch_norm", "zero >> layer_norm", "zero >> conv", "zero >> sigmoid", "zero >> pos_enc", "zero >> softmax"},
		"and are instances":                           {"{ a = in >> zero >> batch_norm; a + a }", "{ z = in >> zero; (z >> batch_norm) + (z >> batch_norm) }"},
		"order of what doesn't commute":               {"(conv ++ skip)", "(skip ++ conv)", "(conv @ skip)", "(skip @ conv)"},
		"zeros beside something":                      {"(zero ++ skip)", "(skip ++ zero)", "(zero ++ zero)", "skip", "zero"},
		"which half":                                  {"split(2) >> (relu, tanh) >> concat", "split(2) >> (tanh, relu) >> concat", "split(2) >> (conv, conv) >> concat"},
		"shared weights":                              {"{ share let c = conv\n (in >> c) + (in >> relu >> c) }", "{ let c = conv\n (in >> c) + (in >> relu >> c) }"},
		"shared by which": {"{ share let c = conv(kernel: 1)\n share let d = conv(kernel: 1)\n (in >> c >> d) + (in >> relu >> c >> d) }",
			"{ share let c = conv(kernel: 1)\n share let d = conv(kernel: 1)\n (in >> c >> d) + (in >> relu >> d >> c) }",
			"{ share let c = conv(kernel: 1)\n (in >> c >> c) + (in >> relu >> c >> c) }"},
	} {
		for i, a := range nets {
			for _, b := range nets[:i] {
				if x, y := hash(t, graph(t, a)), hash(t, graph(t, b)); x.Hash == y.Hash {
					t.Errorf("%s: %s and %s are one", name, a, b)
				}
			}
		}
	}
}

func TestCostsOfWhatIsLeft(t *testing.T) {
	for net, want := range map[string]canon.Form{
		"skip":                           {},
		"{ a = in >> conv; in >> relu }": {Ops: 1, Live: op.Cost{Layers: 1}},
		"{ (in >> conv >> zero) + (in >> conv) }":                {Ops: 1, Live: op.Cost{Params: 584, MACs: 64 * 576, Layers: 1}},
		"{ in + (in >> conv) + (in >> conv) }":                   {Ops: 3, Live: op.Cost{Params: 2 * 584, MACs: 2 * 64 * 576, Layers: 2}},
		"{ share let c = conv\n (in >> c) + (in >> relu >> c) }": {Ops: 4, Live: op.Cost{Params: 584, MACs: 2 * 64 * 576, Layers: 3}},
		"zero >> conv(bias: false) >> batch_norm >> relu":        {Ops: 2, Live: op.Cost{Params: 16, Layers: 2}},
	} {
		got := hash(t, graph(t, net))
		want.Hash, want.Exact = got.Hash, true
		if got != want {
			t.Errorf("%s: %+v, not %+v", net, got, want)
		}
	}
}
