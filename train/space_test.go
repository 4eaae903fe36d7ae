package train

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spacec-lang/spacec/compile/gorgonia"
	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
)

var pointsFlag = flag.Int("points", 0, "how many points of each example are built and take a step; 0 for 200 of digits and tfref and up to 24 of the others, as long as they are not much work: 200 of all take minutes")

// Points beyond these take no step: others are drawn until enough have taken one.
const (
	mostMACs   = 1e9 // of one example
	mostMemory = 256 << 20
	mostWork   = 2e9 // multiplications of one example for all points, after the first four, unless -points is given
)

// smaller makes of a published space one whose points are small enough for a step in a test: the same choices, over less.
var smaller = map[string]*strings.Replacer{
	"autopeft": strings.NewReplacer("s: 128", "s: 8", "places = 128, width = 768, heads = 12, vocabulary = 30522", "places = 8, width = 24, heads = 2, vocabulary = 40"),
	// Cells of products overflow over more places.
	"nasbenchnlp": strings.NewReplacer("[s: 16", "[s: 2", "reshape(16", "reshape(2", "twice(twice(twice(twice(cell))))", "twice(cell)", "10000", "50"),
	"hytra":       strings.NewReplacer("h: 224, w: 224", "h: 64, w: 64", "width = 64", "width = 4"),
}

// TestExamplesStep draws points of every neural example. The first of them, of whatever size, build and make what the file
// says that they predict. As many that are small enough, and hold no op that a file only declares, take a step of
// training with a finite loss, and predict numbers of that shape.
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
			switch {
			case testing.Short():
				points = 2
			case points == 0 && (name == "digits" || name == "tfref"):
				points = 200
			case points == 0:
				points = 24
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			space := loaded(t, file, string(text))
			if len(space.Inputs) == 0 || space.Inputs[0].Shape.Elements() == 0 {
				t.Skip("not a neural space")
			}
			for trial := range uint64(points) {
				_, b := drawn(t, space, trial)
				matches(t, space, b.Graph)
			}
			if r := smaller[name]; r != nil {
				space = loaded(t, file, r.Replace(string(text)))
			}
			stepped, large, declared, work := 0, 0, 0, 0.0
			enough := func() bool { return stepped >= points || *pointsFlag == 0 && stepped >= 4 && work >= mostWork }
			for trial := uint64(0); !enough(); trial++ {
				if trial == 200*uint64(points) {
					t.Fatalf("%d of %d points were small enough to step", stepped, points)
				}
				p, b := drawn(t, space, trial)
				o := gorgonia.Options{Batch: 1 + int(trial%2), Seed: 1, Loss: gorgonia.CrossEntropy}
				switch fits, runs := steppable(t, p, b.Graph, o); {
				case !runs:
					declared++
				case !fits:
					large++
				default:
					stepped++
					work += p.Costs()[1].Value
					t.Run(fmt.Sprint("point ", trial), func(t *testing.T) {
						t.Parallel()
						step(t, p, b.Graph, o)
					})
				}
			}
			t.Logf("%d points build and match; %d step, drawn with %d that are too large and %d with a declared op", points, stepped, large, declared)
		})
	}
}

func loaded(t *testing.T, name, text string) *ir.Space {
	t.Helper()
	var report diag.Report
	space := ir.Load(lang.NewSource(name, text), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &report)
	if space == nil {
		t.Fatalf("does not check: %v", report.Diagnostics()[0].Message)
	}
	return space
}

func drawn(t *testing.T, space *ir.Space, trial uint64) (*ir.Point, *ir.Built) {
	t.Helper()
	w := space.Walk()
	w.Draw(11, trial)
	p, err := w.Point()
	if err != nil {
		t.Fatal(err)
	}
	b, err := p.Build()
	if err != nil {
		t.Fatal(err)
	}
	return p, b
}

// matches requires that a point's graph predicts what the file declares.
func matches(t *testing.T, space *ir.Space, g *op.Graph) {
	t.Helper()
	if err := g.Check(); err != nil { // that its ops make what its outputs are
		t.Fatal(err)
	}
	if len(g.Outputs) != len(space.Outputs) {
		t.Fatalf("%d outputs, not %d", len(g.Outputs), len(space.Outputs))
	}
	for i, port := range space.Outputs {
		if made := g.OutPort[i]; !made.Shape.Same(port.Shape) {
			t.Fatalf("output %s is %s, not %s", port.Name, made.Shape, port.Shape)
		}
	}
}

// steppable tells whether a point is small enough to take a step, as measured before it is built, and whether it can.
func steppable(t *testing.T, p *ir.Point, g *op.Graph, o gorgonia.Options) (fits, runs bool) {
	t.Helper()
	if slices.ContainsFunc(g.Nodes, func(n op.Node) bool { return n.Args.Spec.Opaque }) {
		return false, false
	}
	memory, err := gorgonia.MemoryOf(g, o)
	if err != nil {
		t.Fatal(err)
	}
	return p.Costs()[1].Value <= mostMACs && memory.Total() <= mostMemory, true
}

// step trains a point once and predicts. A network may be such that its numbers grow beyond a float32; then they do so in
// float32 alone.
func step(t *testing.T, p *ir.Point, g *op.Graph, o gorgonia.Options) {
	fail := func(format string, args ...any) {
		text, _ := p.Text()
		t.Fatalf(format+"\n%s", append(args, text)...)
	}
	m, err := gorgonia.Build(g, o)
	if err != nil {
		fail("%v", err)
	}
	defer m.Close()
	in := make([]float32, o.Batch*int(g.Inputs[0].Shape.Elements()))
	scale := float32(1. / 16)
	if slices.ContainsFunc(g.Nodes, func(n op.Node) bool { return n.Args.Spec.Name == "embed" }) {
		scale = 1 // tokens
	}
	for i := range in {
		in[i] = float32(i%17) * scale
	}
	out := g.OutPort[0].Shape
	labels := make([]int, o.Batch*int(out.Elements())/out[len(out)-1].Size) // of each place, where there are places
	for i := range labels {
		labels[i] = i % 2
	}
	loss, err := m.Step([][]float32{in}, gorgonia.Target{Labels: labels})
	switch {
	case err == nil && !finite(loss) && !o.Float64:
		o.Float64 = true
		step(t, p, g, o)
	case err != nil || !finite(loss):
		fail("loss %v, %v", loss, err)
	}
	predicted, err := m.Predict([][]float32{in})
	if err != nil {
		fail("%v", err)
	}
	if want := o.Batch * int(out.Elements()); len(predicted[0]) != want {
		fail("predicted %d numbers, want %d", len(predicted[0]), want)
	}
}
