package docs_test

import (
	"os"
	"testing"

	"github.com/spacec-lang/spacec/compile/draw"
	"github.com/spacec-lang/spacec/ir/op"
)

// TestGeneratedPictures draws the pictures of the pages: what spacec show draws of examples/digits.space, and of its point of seed 12.
func TestGeneratedPictures(t *testing.T) {
	text, err := os.ReadFile("../examples/digits.space")
	if err != nil {
		t.Fatal(err)
	}
	space, report := load("digits.space", string(text))
	if space == nil {
		t.Fatalf("%+v", report.Diagnostics())
	}
	w := space.Walk()
	network := func(seed uint64) *op.Graph {
		w.Reset()
		w.Draw(seed, 0)
		p, err := w.Point()
		if err != nil {
			t.Fatal(err)
		}
		b, err := p.Build()
		if err != nil {
			t.Fatal(err)
		}
		return b.Graph
	}
	point, err := draw.Network(network(12), "digits")
	if err != nil {
		t.Fatal(err)
	}
	currentFolder(t, "pictures", map[string]string{
		"digits.svg":       string(draw.Railroad(space.File, "digits")),
		"digits-point.svg": string(point),
	})
}
