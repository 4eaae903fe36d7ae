package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/spacec-lang/spacec/compile/gorgonia"
	"github.com/spacec-lang/spacec/ir/op"
)

// profiling is how a point is measured.
type profiling struct {
	batch, steps int
	seed         uint64
}

// warmUp is how many steps are taken before the measured ones.
const warmUp = 2

func (a *app) profile() *cobra.Command {
	var p profiling
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "profile POINT",
		Short: "Measure where a point's training spends its time",
		Long: `Profile builds the network of a file that holds one point, takes training steps on made-up data, and prints what each op
took on this machine, the slowest first: the medians of the steps, after 2 that aren't measured. GFLOP/s is what the op
reached forward, at two operations a multiplication. Memory is that of all buffers of the model: weights, what the ops
make, and gradients; the work space within ops isn't counted.

With --json there is one object:
  ops       for each op {path, op, forward, backward, share, params, macs, gflops}: seconds of a step for the batch; its
            share of the time of all ops, from 0 to 1; its learnt numbers and its multiplications for one example; gflops
            is null where the op multiplies nothing. The paths loss and 'sums of gradients', for what several ops read,
            stand beside those of ops
  step      seconds of a whole step
  batch, steps, workers
            examples a step, steps measured, threads
  params, macs
            of the whole
  memory    {weights, activations, gradients} in bytes`,
		Example: "  spacec profile point.space --batch 64\n  spacec profile point.space --steps 50 --json",
		Args:    oneFile("POINT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := atLeast("--batch", p.batch, 1); err != nil {
				return err
			}
			if err := atLeast("--steps", p.steps, 1); err != nil {
				return err
			}
			b, err := a.point(args[0])
			if err != nil {
				return err
			}
			r, err := a.measure(cmd.Context(), b.Graph, p)
			if err != nil {
				return a.refused(args[0], err)
			}
			if asJSON {
				return a.writeJSON(r)
			}
			return a.writeProfile(r)
		},
	}
	f := cmd.Flags()
	f.IntVar(&p.batch, "batch", 32, "examples a step")
	f.IntVar(&p.steps, "steps", 10, "steps to measure")
	f.Uint64Var(&p.seed, "seed", 1, "what the first weights and the data depend on")
	f.BoolVar(&asJSON, "json", false, "write one JSON object")
	return cmd
}

// profiled is what was measured.
type profiled struct {
	Ops     []opProfile   `json:"ops"`
	Step    float64       `json:"step"`
	Batch   int           `json:"batch"`
	Steps   int           `json:"steps"`
	Workers int           `json:"workers"`
	Params  int64         `json:"params"`
	MACs    int64         `json:"macs"`
	Memory  profileMemory `json:"memory"`
}

type opProfile struct {
	Path     string   `json:"path"`
	Op       string   `json:"op"`
	Forward  float64  `json:"forward"`
	Backward float64  `json:"backward"`
	Share    float64  `json:"share"`
	Params   int64    `json:"params"`
	MACs     int64    `json:"macs"`
	GFLOPS   *float64 `json:"gflops"`
}

type profileMemory struct {
	Weights     int64 `json:"weights"`
	Activations int64 `json:"activations"`
	Gradients   int64 `json:"gradients"`
}

// measure takes the steps.
func (a *app) measure(ctx context.Context, g *op.Graph, p profiling) (*profiled, error) {
	t, err := tabulate(g)
	if err != nil {
		return nil, err
	}
	o := gorgonia.Options{Batch: p.batch, Seed: p.seed, Loss: gorgonia.CrossEntropy}
	if len(g.OutPort) == 1 && len(g.OutPort[0].Shape) == 0 {
		o.Loss = gorgonia.MeanSquared
	}
	memory, err := gorgonia.MemoryOf(g, o)
	if err != nil {
		return nil, err
	}
	m, err := gorgonia.Build(g, o)
	if err != nil {
		return nil, err
	}
	defer m.Close()
	inputs, target := gorgonia.MadeUp(g, o)
	var steps [][]gorgonia.OpTime
	var whole []time.Duration
	for i := range warmUp + p.steps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if a.terminal {
			fmt.Fprintf(a.err, "\rstep %d of %d\x1b[K", max(0, i-warmUp)+1, p.steps)
		}
		start := time.Now()
		times, _, err := m.Profile(inputs, target)
		if err != nil {
			return nil, err
		}
		if i >= warmUp {
			whole, steps = append(whole, time.Since(start)), append(steps, times)
		}
	}
	if a.terminal {
		fmt.Fprint(a.err, "\r\x1b[K")
	}
	r := &profiled{Step: gorgonia.Median(whole).Seconds(), Batch: p.batch, Steps: p.steps, Workers: runtime.GOMAXPROCS(0),
		Params: t.Params, MACs: t.MACs, Memory: profileMemory(memory)}
	r.add(gorgonia.Medians(steps), t.Nodes)
	return r, nil
}

// add lists the ops, the slowest first.
func (r *profiled) add(times []gorgonia.OpTime, nodes []row) {
	of := map[string]row{}
	for _, n := range nodes {
		of[n.Path] = n
	}
	all := 0.0
	for _, t := range times {
		n := of[t.Path]
		o := opProfile{Path: t.Path, Op: n.Op, Forward: t.Forward.Seconds(), Backward: t.Backward.Seconds(), Params: n.Params, MACs: n.MACs}
		if n.MACs > 0 && o.Forward > 0 {
			gflops := 2 * float64(n.MACs) * float64(r.Batch) / o.Forward / 1e9
			o.GFLOPS = &gflops
		}
		all += o.Forward + o.Backward
		r.Ops = append(r.Ops, o)
	}
	for i := range r.Ops {
		if all > 0 {
			r.Ops[i].Share = (r.Ops[i].Forward + r.Ops[i].Backward) / all
		}
	}
	slices.SortStableFunc(r.Ops, func(a, b opProfile) int {
		switch {
		case a.Share > b.Share:
			return -1
		case a.Share < b.Share:
			return 1
		}
		return 0
	})
}

func (a *app) writeProfile(r *profiled) error {
	cells := [][]string{{"node", "op", "forward", "backward", "share", "params", "macs", "GFLOP/s"}}
	var forward, backward float64
	for _, o := range r.Ops {
		forward, backward = forward+o.Forward, backward+o.Backward
		gflops := ""
		if o.GFLOPS != nil {
			gflops = fmt.Sprintf("%.1f", *o.GFLOPS)
		}
		cells = append(cells, []string{o.Path, o.Op, milliseconds(o.Forward), milliseconds(o.Backward), fmt.Sprintf("%.1f%%", 100*o.Share),
			group(o.Params), group(o.MACs), gflops})
	}
	cells = append(cells, []string{"total", "", milliseconds(forward), milliseconds(backward), "", group(r.Params), group(r.MACs), ""})
	if err := writeCells(a.out, 2, cells); err != nil {
		return err
	}
	_, err := fmt.Fprintf(a.out, "a step of %s takes %s, %.0f examples a second; median of %s, %s\nmemory: %s (%s weights, %s activations, %s gradients)\n",
		plural(r.Batch, "example"), milliseconds(r.Step), float64(r.Batch)/r.Step, plural(r.Steps, "step"), plural(r.Workers, "worker"),
		bytesOf(r.Memory.Weights+r.Memory.Activations+r.Memory.Gradients), bytesOf(r.Memory.Weights), bytesOf(r.Memory.Activations), bytesOf(r.Memory.Gradients))
	return err
}

func milliseconds(s float64) string { return fmt.Sprintf("%.3f ms", 1000*s) }
