package ir_test

import (
	"flag"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/ir"
)

// TestEinspaceBuilds draws points of einspace, for images and for sequences: each is within the file's requirements as built,
// leaves what is declared, and is the same point again when it is drawn alone and when its decisions are replayed.
func TestEinspaceBuilds(t *testing.T) {
	for name, classes := range map[string]int{"einspace": 10, "einspace1d": 24} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			einspaceBuilds(t, name, classes)
		})
	}
}

func einspaceBuilds(t *testing.T, name string, classes int) {
	points := 200
	if testing.Short() {
		points = 40
	}
	sp := example(t, name)
	for i := range points {
		p := draw(t, sp, 1, uint64(i))
		b, err := p.Build()
		if err != nil {
			t.Fatalf("point %d: %v", i, err)
		}
		built := 0
		for _, n := range b.Graph.Nodes {
			if !n.Args.Spec.Wiring {
				built++
			}
		}
		if got := b.Graph.OutPort[0].Shape.Sizes(); !cmp.Equal(got, []int{classes}) {
			t.Errorf("point %d leaves %v", i, got)
		}
		if costs := b.Costs(); built > 1000 || costs[0].Value > 50e6 || costs[1].Value > 5e9 {
			t.Errorf("point %d builds %d ops: %v", i, built, costs)
		}
		if i%20 != 0 {
			continue
		}
		if diff := cmp.Diff(p.Choices(), draw(t, example(t, name), 1, uint64(i)).Choices()); diff != "" {
			t.Errorf("point %d drawn alone:\n%s", i, diff)
		}
		answers := map[string]string{}
		for _, c := range p.Choices() {
			answers[c.Path] = fmt.Sprint(c.Value)
		}
		again, err := sp.Replay(answers)
		if err != nil {
			t.Fatalf("point %d: %v", i, err)
		}
		if diff := cmp.Diff(p.Choices(), again.Choices()); diff != "" {
			t.Errorf("point %d replayed:\n%s", i, diff)
		}
	}
}

// TestEinspaceComputations: a computation is drawn from as many as the authors' code lists, 13 for images and 29 for
// sequences, each as likely as the others.
func TestEinspaceComputations(t *testing.T) {
	for name, want := range map[string]int{"einspace": 13, "einspace1d": 29} {
		sp, seen := example(t, name), 0
		for trial := uint64(0); trial < 50; trial++ {
			w := sp.Walk()
			for d, ok := w.Next(); ok; d, ok = w.Next() {
				if strings.HasSuffix(d.Path(), ".compute") {
					seen = max(seen, d.Len())
					for i := range d.Len() {
						if got := d.Prior(i); math.Abs(got*float64(d.Len())-1) > 1e-9 {
							t.Errorf("%s: option %d of %d at %s has a prior of %v", name, i, d.Len(), d.Path(), got)
						}
					}
				}
				w.Choose(d.Pick(ir.Uniform(1, trial, d.Key())))
			}
		}
		if seen != want {
			t.Errorf("%s: %d computations, not %d", name, seen, want)
		}
	}
}

var einspaceDraws = flag.Int("einspace.draws", 500, "how many points TestEinspaceDraws draws")

// TestEinspaceDraws draws points without one that fails, and tells how large they are and how long they take.
func TestEinspaceDraws(t *testing.T) {
	sp := example(t, "einspace")
	w := sp.Walk()
	sizes := make([]int, *einspaceDraws)
	start, before, longest := time.Now(), time.Duration(0), time.Duration(0)
	for i := range sizes {
		w.Reset()
		w.Draw(2024, uint64(i))
		p, err := w.Point()
		if err != nil {
			t.Fatalf("draw %d: %v", i, err)
		}
		if sizes[i] = int(p.Ops()); sizes[i] > 1000 {
			t.Errorf("draw %d builds %d ops", i, sizes[i])
		}
		now := time.Since(start)
		longest, before = max(longest, now-before), now
	}
	slices.Sort(sizes)
	at := func(q float64) int { return sizes[int(q*float64(len(sizes)-1))] }
	s := sp.Stats()
	t.Logf("%.0f a second, the longest %v; ops built: quartiles %d, %d, %d, nine in ten at most %d, the largest %d; of %d options asked about %.1f%% were new, and %d were left out as undecided",
		float64(len(sizes))/before.Seconds(), longest.Round(time.Millisecond), at(.25), at(.5), at(.75), at(.9), at(1), s.Met, 100*float64(s.Missed)/float64(s.Met), s.Withheld)
	if len(sizes) > 100 && (at(.5) < 5 || at(.5) > 100) {
		t.Errorf("half of the points build %d ops or fewer", at(.5))
	}
}

// BenchmarkEinspaceDraw draws points that are new, and points all of which was met before; and the former answered decision by
// decision, as samplers do that look at everything on offer.
func BenchmarkEinspaceDraw(b *testing.B) {
	run := func(b *testing.B, trials uint64, warm bool, draw func(w *ir.Walk, trial uint64)) {
		sp := example(b, "einspace")
		w := sp.Walk()
		trial := uint64(0)
		next := func() {
			w.Reset()
			if draw(w, trial%trials); w.Err() != nil {
				b.Fatal(w.Err())
			}
			trial++
		}
		for warm && trial < trials {
			next()
		}
		before := sp.Stats()
		b.ReportAllocs()
		for b.Loop() {
			next()
		}
		after := sp.Stats()
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "draws/s")
		b.ReportMetric(float64(after.Missed-before.Missed)/float64(max(1, after.Met-before.Met)), "missed/option")
	}
	drawn := func(w *ir.Walk, trial uint64) { w.Draw(1, trial) }
	b.Run("new", func(b *testing.B) { run(b, 1<<62, false, drawn) })
	b.Run("known", func(b *testing.B) { run(b, 10, true, drawn) })
	b.Run("answered", func(b *testing.B) {
		run(b, 1<<62, false, func(w *ir.Walk, trial uint64) {
			for d, ok := w.Next(); ok; d, ok = w.Next() {
				w.Choose(d.Pick(ir.Uniform(1, trial, d.Key())))
			}
		})
	})
}

// TestEinspaceHops: what steps do is the same whether they are known for any shape or run over the shapes at hand.
func TestEinspaceHops(t *testing.T) {
	sp := example(t, "einspace")
	w := sp.Walk()
	for trial := range uint64(60) {
		w.Reset()
		for d, ok := w.Next(); ok; d, ok = w.Next() {
			if err := w.Steps(); err != nil {
				t.Fatal(err)
			}
			w.Answer(d.Draw(ir.Uniform(12, trial, d.Key())))
		}
	}
}

// TestEinspaceDropped draws the same points whatever is forgotten between them and on their way.
func TestEinspaceDropped(t *testing.T) {
	sp := example(t, "einspace")
	for trial := range uint64(12) {
		want := draw(t, sp, 5, trial).Choices()
		if trial%3 == 0 {
			sp.Drop()
		}
		w := sp.Walk()
		for n := 0; ; n++ {
			d, ok := w.Next()
			if !ok {
				break
			}
			if n == 7 {
				sp.Drop()
			}
			w.Choose(d.Pick(ir.Uniform(5, trial, d.Key())))
		}
		p, err := w.Point()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, p.Choices()); diff != "" {
			t.Errorf("trial %d:\n%s", trial, diff)
		}
		if s := sp.Stats(); s.Met == 0 {
			t.Errorf("not solved rule by rule: %+v", s)
		}
	}
}

// TestDroppedIsLetGo: a walk that goes on after the tables were dropped holds on to nothing of them.
func TestDroppedIsLetGo(t *testing.T) {
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	sp := example(t, "einspace")
	w := sp.Walk()
	for trial := range uint64(100) {
		w.Reset()
		w.Draw(1, trial)
	}
	before := heap()
	sp.Drop()
	w.Reset()
	w.Next()
	if after := heap(); after > before/2 {
		t.Errorf("%d bytes are held, and %d were", after, before)
	}
	runtime.KeepAlive(w)
}

// TestEinspaceUnderWay: walks come to their end though the tables are dropped on their way.
func TestEinspaceUnderWay(t *testing.T) {
	sp := example(t, "einspace")
	sp.DropOnWay(20_000)
	w := sp.Walk()
	for trial := uint64(9420); trial < 9430; trial++ {
		w.Reset()
		if w.Draw(11, trial); w.Err() != nil {
			t.Errorf("trial %d: %v", trial, w.Err())
		}
	}
}

// BenchmarkEinspaceBuild builds networks of all sizes, and prints them as points.
func BenchmarkEinspaceBuild(b *testing.B) {
	sp := example(b, "einspace")
	points := make([]*ir.Point, 100)
	ops := int64(0)
	for i := range points {
		points[i] = draw(b, sp, 3, uint64(i))
		ops += points[i].Ops()
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := points[i%len(points)].Text(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(ops)/float64(len(points)), "ops/point")
}
