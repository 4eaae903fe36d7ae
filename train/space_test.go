package train

import (
	"flag"
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

var pointsFlag = flag.Int("points", 0, "how many points of each example take a step; 0 for 8 of the larger, which is quick: all of 200 take minutes")

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
			t.Parallel()
			points := *pointsFlag
			if points == 0 && name == "digits" {
				points = 200
			} else if points == 0 {
				points = 8
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
				if step(t, p) {
					stepped++
				}
			}
			if stepped < points {
				t.Fatalf("%d of %d points were small enough to step", stepped, points)
			}
		})
	}
}

// Points beyond these are built and costed, and take no step: there are draws enough.
const (
	mostMACs   = 300e6
	mostMemory = 256 << 20
)

// step tells whether the point is small enough to take a step.
func step(t *testing.T, p *ir.Point) bool {
	t.Helper()
	b, err := p.Build()
	if err != nil {
		t.Fatal(err)
	}
	const batch = 2
	o := gorgonia.Options{Batch: batch, Seed: 1, Loss: gorgonia.CrossEntropy}
	memory, err := gorgonia.MemoryOf(b.Graph, o)
	if err != nil {
		t.Fatal(err)
	}
	if p.Costs()[1].Value > mostMACs || memory.Total() > mostMemory {
		return false
	}
	m, err := gorgonia.Build(b.Graph, o)
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
	return true
}
