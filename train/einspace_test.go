package train

import (
	"flag"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/spacec-lang/spacec/compile/gorgonia"
)

var (
	einspacePoints = flag.Int("einspace", 0, "how many draws of einspace are built and take a step; 0 for 30, of which no large ones")
	einspaceFirst  = flag.Int("einspace.first", 0, "the number of the first of them")
)

// TestEinspaceSteps draws points of einspace. Those of at most 2,000 ops as built, copies counted, and 1 GB of predicted memory build,
// take a step of training with a finite loss, and predict what the file declares. How many are left out is reported, and
// how many ops points have.
func TestEinspaceSteps(t *testing.T) {
	points, most := *einspacePoints, int64(1<<30)
	if points == 0 {
		points, most = 30, 64<<20
	}
	const file = "../examples/einspace.space"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	space := loaded(t, file, string(text))
	var sizes []int
	left, start := 0, time.Now()
	for trial := range points {
		p, b := drawn(t, space, uint64(*einspaceFirst+trial))
		matches(t, space, b.Graph)
		ops := 0
		for i := range b.Graph.Nodes {
			if !b.Graph.Nodes[i].Args.Spec.Wiring {
				ops++
			}
		}
		sizes = append(sizes, ops)
		o := gorgonia.Options{Batch: 2, Seed: 1, Loss: gorgonia.CrossEntropy}
		memory, err := gorgonia.MemoryOf(b.Graph, o)
		if err != nil {
			t.Fatal(err)
		}
		if ops > 2000 || memory.Total() > most {
			left++
			continue
		}
		step(t, p, b.Graph, o)
	}
	slices.Sort(sizes)
	at := func(q float64) int { return sizes[min(len(sizes)-1, int(q*float64(len(sizes))))] }
	t.Logf("%d points in %v: %d left out; ops as built: half at most %d, 90%% %d, 99%% %d, the most %d", points, time.Since(start).Round(time.Second),
		left, at(.5), at(.9), at(.99), sizes[len(sizes)-1])
}
