package canon_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/ir/canon"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
)

// What Live leaves costs what the canonical form costs, which is found in another way: ops with weights are never merged.
func TestLiveCosts(t *testing.T) {
	for _, name := range []string{"nasbench201", "digits", "deepconv"} {
		space := example(t, name)
		h := canon.NewHasher(canon.Budget)
		w := space.Walk()
		for trial := range uint64(40) {
			w.Reset()
			w.Draw(1, trial)
			p, err := w.Point()
			if err != nil {
				t.Fatal(err)
			}
			b, err := p.Build()
			if err != nil {
				t.Fatal(err)
			}
			form, err := h.Hash(b.Graph)
			if err != nil {
				t.Fatal(err)
			}
			live, err := h.Live(b.Graph)
			if err != nil {
				t.Fatal(err)
			}
			var params, macs int64
			for i, v := range live {
				params, macs = params+v.Params, macs+v.MACs
				for _, from := range v.From {
					if from >= i {
						t.Fatalf("%s: vertex %d uses vertex %d", name, i, from)
					}
				}
			}
			if params != form.Live.Params || macs != form.Live.MACs {
				t.Errorf("%s, point %d: %d params and %d macs, want %d and %d", name, trial, params, macs, form.Live.Params, form.Live.MACs)
			}
		}
	}
}

// Skips, zeros and what is dead leave no trace; sums of one term are that term.
func TestLive(t *testing.T) {
	for _, c := range []struct {
		net  string
		want []string // labels, with the vertices used
	}{
		{"skip >> relu", []string{" []", "relu() [0]", " [1]"}},
		{"relu + zero", []string{" []", "relu() [0]", " [1]"}},
		{"relu + (skip + zero)", []string{" []", "relu() [0]", "+ [1 0]", " [2]"}},
		{"zero >> relu", []string{" []"}},
		{"skip + skip", []string{" []", "+ [0 0]", " [1]"}},
	} {
		text := "use std\ninput x: [c: 8, h: 8, w: 8]\nnet = " + c.net + "\n"
		space := ir.Load(lang.NewSource("a.space", text), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &diag.Report{})
		p, err := space.Only()
		if err != nil {
			t.Fatal(err)
		}
		b, err := p.Build()
		if err != nil {
			t.Fatal(err)
		}
		live, err := canon.NewHasher(canon.Budget).Live(b.Graph)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, v := range live {
			got = append(got, fmt.Sprint(v.Label, " ", v.From))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s:\n%s", c.net, diff)
		}
	}
}
