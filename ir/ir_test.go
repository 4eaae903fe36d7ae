package ir_test

import (
	"os"
	"testing"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
)

var env = ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}

// load loads a space that has to be right.
func load(t testing.TB, text string) *ir.Space {
	t.Helper()
	var report diag.Report
	sp := ir.Load(lang.NewSource("test.space", text), env, &report)
	for _, d := range report.Diagnostics() {
		if sp == nil {
			t.Errorf("%s: %s: %s: %q", d.Code, d.Message, d.Label, d.At.Text())
		}
	}
	if sp == nil {
		t.Fatal("the space did not load")
	}
	return sp
}

func example(t testing.TB, name string) *ir.Space {
	t.Helper()
	text, err := os.ReadFile("../examples/" + name + ".space")
	if err != nil {
		t.Fatal(err)
	}
	return load(t, string(text))
}

func draw(t testing.TB, sp *ir.Space, seed, trial uint64) *ir.Point {
	t.Helper()
	w := sp.Walk()
	w.Draw(seed, trial)
	p, err := w.Point()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestDigits(t *testing.T) {
	sp := example(t, "digits")
	for i := range 3 {
		p := draw(t, sp, 1, uint64(i))
		text, err := p.Text()
		if err != nil {
			t.Fatal(err)
		}
		t.Log(text)
	}
}

func BenchmarkDigitsDraw(b *testing.B) {
	sp := example(b, "digits")
	w := sp.Walk()
	for i := range 20000 {
		w.Reset()
		w.Draw(1, uint64(i))
	}
	b.ReportAllocs()
	b.ResetTimer()
	n := 0
	for i := 0; b.Loop(); i++ {
		w.Reset()
		w.Draw(1, uint64(i%20000))
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "points/s")
}

// TestLoadWithoutOps: where no ops are given none is known, whatever is used, and what needs none loads.
func TestLoadWithoutOps(t *testing.T) {
	for text, want := range map[string]string{
		"use std\nconfig k { a: 1..3 }":                   "",
		"use std\ninput x: [c: 4]\nnet = dense(3)":        "unknown name 'dense'",
		"use std\ninput x: [c: 4]\nnet = residual(relu)":  "'+' needs add of the standard library",
		"use std\ninput x: [c: 4]\nop f\nnet = f >> relu": "unknown name 'relu'",
	} {
		var report diag.Report
		sp := ir.Load(&lang.Source{Name: "test.space", Text: text}, ir.Env{Module: stdlib.Source}, &report)
		said := ""
		for _, d := range report.Diagnostics() {
			said += d.Message
		}
		if said != want || (sp == nil) != (want != "") {
			t.Errorf("%s\ngives %q, want %q", text, said, want)
		}
	}
}
