package stdlib_test

import (
	"testing"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
)

// Each derived rule builds what it says: parameters, multiplications and layers of its only point.
func TestDerivedRules(t *testing.T) {
	for net, want := range map[string][3]int64{
		"residual(conv(8, 3))":                {8*72 + 8, 64 * 576, 2},
		"residual_padded(conv(4, 1, 2))":      {4*8 + 4, 16 * 32, 3},
		"conv_norm_act(4)":                    {8*9*4 + 8, 64 * 288, 3},
		"conv_norm_act(4, 1, 2)":              {8*4 + 8, 16 * 32, 3},
		"sep_conv(4, 5, 2)":                   {8*25 + 8*4 + 8, 16 * (200 + 32), 4},
		"squeeze_excite(2)":                   {8*4 + 4 + 4*8 + 8, 64, 6},
		"inverted(4, expand: 2)":              {8*16 + 32 + 16*9 + 32 + 16*4 + 8, 64 * (128 + 144 + 64), 8},
		"mbconv(8, expand: 2)":                {8*16 + 32 + 16*9 + 32 + 16*8 + 16, 64 * (128 + 144 + 128), 9},
		"mbconv(8, 3, 2, 2)":                  {8*16 + 32 + 16*9 + 32 + 16*8 + 16, 64*128 + 16*(144+128), 8},
		"mbconv(4, 3, 1, 2)":                  {8*16 + 32 + 16*9 + 32 + 16*4 + 8, 64 * (128 + 144 + 64), 8},
		"any_order(skip, relu) >> conv(4, 1)": {36, 64 * 32, 2},
		"classifier(4)":                       {8*4 + 4, 8 * 4, 2},
		"unfold(2, 2) >> ffn(24)":             {32*24 + 24 + 24*32 + 32, 16 * 2 * 24 * 32, 4},
		"unfold(2, 2) >> ffn(24, relu) >> ffn(8, skip)": {32*24 + 24 + 24*32 + 32 + 32*8 + 8 + 8*32 + 32,
			16 * 2 * (24 + 8) * 32, 6},
		"unfold(1) >> encoder(2, 12)": {4*(64+8) + 16 + 8*12 + 12 + 12*8 + 8 + 16,
			4*64*64 + 2*64*64*8 + 64*2*8*12, 9},
	} {
		text := "edition 1\nspace t\nuse std\ninput x: [c: 8, h: 8, w: 8]\noutput y: [10]\nnet = " + net + " >> dense(10, bias: false)\n"
		var report diag.Report
		sp := ir.Load(lang.NewSource("t", text), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &report)
		if sp == nil {
			t.Errorf("%s: %s", net, report.Diagnostics()[0].Message)
			continue
		}
		w := sp.Walk()
		w.Draw(1, 1)
		p, err := w.Point()
		if err != nil {
			t.Errorf("%s: %v", net, err)
			continue
		}
		b, err := p.Build()
		if err != nil {
			t.Errorf("%s: %v", net, err)
			continue
		}
		c, err := b.Graph.Costs()
		if err != nil {
			t.Errorf("%s: %v", net, err)
			continue
		}
		last := b.Graph.Nodes[len(b.Graph.Nodes)-1]
		head, err := infer(t, "dense(10, bias: false) : "+b.Graph.Nodes[len(b.Graph.Nodes)-2].Shapes[0].String())
		if err != nil || last.Args.Spec.Name != "dense" {
			t.Errorf("%s ends with %s: %v", net, last.Args, err)
		}
		if got := [3]int64{c.Params - head.Params, c.MACs - head.MACs, int64(c.Layers) - 1}; got != want {
			t.Errorf("%s costs %v, not %v", net, got, want)
		}
	}
}
