package gorgonia

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/spacec-lang/spacec/ir/op"
)

// OpTime is what an op took in one training step.
type OpTime struct {
	Path              string // of the node; "loss", or "sums of gradients" for what meets at shared wires
	Forward, Backward time.Duration
}

// Profile takes a training step as Step does, and measures each op. The ops stand in the order of the
// graph.
func (m *Model) Profile(inputs [][]float32, target Target) (times []OpTime, loss float64, err error) {
	if m.engine == nil {
		return nil, 0, errClosed
	}
	index := map[string]int{}
	loss, err = m.engine.stepTimed(inputs, target, func(path string, forward bool, d time.Duration) {
		i, ok := index[path]
		if !ok {
			i = len(times)
			index[path] = i
			times = append(times, OpTime{Path: path})
		}
		if forward {
			times[i].Forward += d
		} else {
			times[i].Backward += d
		}
	})
	return times, loss, err
}

// Medians are the medians of what each op took in several steps of one model, forward and backward each by itself.
func Medians(steps [][]OpTime) []OpTime {
	if len(steps) == 0 {
		return nil
	}
	medians := slices.Clone(steps[0])
	times := make([]time.Duration, len(steps))
	median := func(of func(OpTime) time.Duration, i int) time.Duration {
		for k, s := range steps {
			times[k] = of(s[i])
		}
		return Median(times)
	}
	for i := range medians {
		medians[i].Forward = median(func(t OpTime) time.Duration { return t.Forward }, i)
		medians[i].Backward = median(func(t OpTime) time.Duration { return t.Backward }, i)
	}
	return medians
}

// Median is the middle of times, or the mean of the two in the middle; 0 of none. It sorts them.
func Median(times []time.Duration) time.Duration {
	slices.Sort(times)
	n := len(times)
	if n == 0 {
		return 0
	}
	return (times[(n-1)/2] + times[n/2]) / 2
}

// MadeUp is a batch for a graph where it is no matter what it holds: normal numbers, or whole ones that can be looked up
// where an input leads to an embedding; labels or values as the loss takes them.
func MadeUp(g *op.Graph, o Options) (inputs [][]float32, target Target) {
	r := rand.New(rand.NewPCG(o.Seed, 1))
	entries := lookedUp(g)
	for i, p := range g.Inputs {
		x := make([]float32, int64(o.Batch)*p.Shape.Elements())
		for j := range x {
			if n := entries[i]; n > 0 {
				x[j] = float32(r.IntN(n))
			} else {
				x[j] = float32(r.NormFloat64())
			}
		}
		inputs = append(inputs, x)
	}
	if o.Loss == None {
		return inputs, target
	}
	s := g.OutPort[0].Shape
	n := int64(o.Batch) * s.Elements()
	if o.Loss == CrossEntropy && len(s) > 0 {
		classes := s[len(s)-1].Size
		target.Labels = make([]int, n/int64(classes))
		for i := range target.Labels {
			target.Labels[i] = r.IntN(classes)
		}
		return inputs, target
	}
	target.Values = make([]float32, n)
	for i := range target.Values {
		target.Values[i] = float32(r.NormFloat64())
	}
	return inputs, target
}

// lookedUp is, for each input, the length of the shortest table that it leads to; 0 where to none.
func lookedUp(g *op.Graph) []int {
	least := make([]int, g.Wires)
	for i := len(g.Nodes) - 1; i >= 0; i-- {
		n := &g.Nodes[i]
		entries := 0
		if n.Args.Spec.Name == "embed" {
			entries = n.Args.Int("vocabulary")
		} else {
			for _, w := range n.Out {
				entries = shorter(entries, least[w])
			}
		}
		for _, w := range n.In {
			least[w] = shorter(least[w], entries)
		}
	}
	return least[:len(g.Inputs)]
}

// shorter is the smaller of two lengths, 0 being none.
func shorter(a, b int) int {
	if a == 0 || b > 0 && b < a {
		return b
	}
	return a
}
