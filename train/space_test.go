package train

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spacec-lang/spacec/compile/gorgonia"
	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
)

// TestExamplesStep draws points of every neural example: each builds, takes a training step with a finite
// loss, and leaves what was predicted.
func TestExamplesStep(t *testing.T) {
	files, err := filepath.Glob("../examples/*.space")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".space")
		t.Run(name, func(t *testing.T) {
			points := 8 // of the larger ones; all two hundred of the digits
			if name == "digits" {
				points = 200
			}
			if testing.Short() {
				points = 4
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var report diag.Report
			space := ir.Load(lang.NewSource(file, string(text)), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &report)
			if space == nil {
				t.Fatalf("does not check: %v", report.Diagnostics()[0].Message)
			}
			declares := func(d lang.Decl) bool { _, ok := d.(*lang.OpDecl); return ok }
			if len(space.Inputs) == 0 || slices.ContainsFunc(space.File.Decls, declares) {
				t.Skip("not a neural space, or one with ops that can't be run")
			}
			w := space.Walk()
			stepped := 0
			for trial := uint64(0); stepped < points && trial < 20*uint64(points); trial++ {
				w.Reset()
				w.Draw(11, trial)
				p, err := w.Point()
				if err != nil {
					t.Fatal(err)
				}
				if costs := p.Costs(); costs[1].Value > 300e6 {
					continue // too large for a test; the draws are many
				}
				step(t, p)
				stepped++
			}
			if stepped == 0 {
				t.Fatal("every point drawn was too large to step")
			}
		})
	}
}

func step(t *testing.T, p *ir.Point) {
	t.Helper()
	b, err := p.Build()
	if err != nil {
		t.Fatal(err)
	}
	const batch = 2
	m, err := gorgonia.Build(b.Graph, gorgonia.Options{Batch: batch, Seed: 1, Loss: gorgonia.CrossEntropy})
	if err != nil {
		text, _ := p.Text()
		t.Fatalf("%v\n%s", err, text)
	}
	defer m.Close()
	in := make([]float32, batch*b.Graph.Inputs[0].Shape.Elements())
	for i := range in {
		in[i] = float32(i%17) / 16
	}
	loss, err := m.Step([][]float32{in}, gorgonia.Target{Labels: []int{0, 1}})
	if err != nil || !finite(loss) {
		text, _ := p.Text()
		t.Fatalf("loss %v, %v\n%s", loss, err, text)
	}
	out, err := m.Predict([][]float32{in})
	if err != nil {
		t.Fatal(err)
	}
	if want := batch * int(b.Graph.OutPort[0].Shape.Elements()); len(out[0]) != want {
		t.Fatalf("predicted %d numbers, want %d", len(out[0]), want)
	}
}
