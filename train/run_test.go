package train

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/stdlib"
)

// call is an op of the standard library with its arguments.
type call struct {
	name string
	args []any
}

// chain is the graph of ops one after the other, from in to out.
func chain(t testing.TB, in, out op.Shape, calls ...call) *op.Graph {
	t.Helper()
	g := &op.Graph{Inputs: []op.Port{{Name: "image", Shape: in}}, OutPort: []op.Port{{Name: "logits", Shape: out}}, Wires: 1}
	shape := in
	for i, c := range calls {
		args, err := op.Bind(stdlib.Library().Lookup(c.name), c.args, nil)
		if err != nil {
			t.Fatal(err)
		}
		r, err := op.Infer(args, []op.Shape{shape})
		if err != nil {
			t.Fatal(err)
		}
		shape = r.Out[0]
		g.Nodes = append(g.Nodes, op.Node{
			Args: args, In: []op.Wire{op.Wire(i)}, Out: []op.Wire{op.Wire(i + 1)}, Shapes: r.Out, Path: fmt.Sprintf("net.%s#%d", c.name, i+1),
		})
		g.Wires++
	}
	g.Outputs = []op.Wire{op.Wire(g.Wires - 1)}
	if err := g.Check(); err != nil {
		t.Fatal(err)
	}
	return g
}

// convNet is conv, batch norm and relu for each number of filters, a pool after the first, then the head.
func convNet(t testing.TB, d *Dataset, filters ...int) *op.Graph {
	var calls []call
	for i, f := range filters {
		calls = append(calls, call{"conv", []any{f, 3}}, call{"batch_norm", nil}, call{"relu", nil})
		if i == 0 {
			calls = append(calls, call{"max_pool", []any{2}})
		}
	}
	calls = append(calls, call{"global_avg_pool", nil}, call{"dense", []any{d.Classes}})
	return chain(t, d.Input, d.target(), calls...)
}

func TestRunLearnsDigits(t *testing.T) {
	d := digits(t)
	s := DefaultSettings()
	s.LR = 1e-2
	reports := 0
	got, err := Run(context.Background(), convNet(t, d, 16, 32), d.Split(splitSeed), s, Hooks{Epoch: func(Epoch) error { reports++; return nil }})
	if err != nil || got.Failed != "" {
		t.Fatal(err, got.Failed)
	}
	if got.TestAccuracy < 0.95 || got.ValAccuracy < 0.95 || got.TrainLoss > 0.2 || got.TestLoss > 0.2 {
		t.Errorf("%+v", got)
	}
	// 3*3*1*16 + 16, 2*16, 3*3*16*32 + 32, 2*32, 32*10 + 10; convolutions on 8x8 and then, pooled, 4x4.
	if got.Params != 160+32+4640+64+330 || got.MACs != 144*64+4608*16+320 {
		t.Errorf("%d params, %d MACs", got.Params, got.MACs)
	}
	if got.Epochs != s.Epochs || reports != s.Epochs || got.Steps != s.Epochs*(1078/s.Batch) {
		t.Errorf("%+v after %d reports", got, reports)
	}
}

// The seed determines weights, order and dropout, whatever else runs.
func TestRunIsDetermined(t *testing.T) {
	d := digits(t)
	data := d.Split(splitSeed)
	data.Train = data.Train.Select(ordered(200))
	g := chain(t, d.Input, d.target(), call{"conv", []any{8, 3}}, call{"batch_norm", nil}, call{"relu", nil},
		call{"dropout", []any{0.25}}, call{"flatten", nil}, call{"dense", []any{10}})
	run := func(seed uint64) Result {
		s := DefaultSettings()
		s.Epochs, s.Seed = 2, seed
		r, err := Run(context.Background(), g, data, s, Hooks{})
		if err != nil || r.Failed != "" {
			t.Fatal(err, r.Failed)
		}
		r.Seconds = 0
		return r
	}
	results := make([]Result, 3)
	var wait sync.WaitGroup
	for i, seed := range []uint64{1, 1, 2} {
		wait.Go(func() { results[i] = run(seed) })
	}
	wait.Wait()
	if diff := cmp.Diff(results[0], results[1]); diff != "" {
		t.Error(diff)
	}
	if results[0].TrainLoss == results[2].TrainLoss {
		t.Error("two seeds, one result")
	}
}

func ordered(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	return rows
}

func TestRunRegresses(t *testing.T) {
	data := small(0)
	s := DefaultSettings()
	s.LR, s.Batch, s.Epochs = 0.1, 8, 60
	got, err := Run(context.Background(), chain(t, data.Train.Input, data.Train.Target, call{"dense", []any{1}}), data, s, Hooks{})
	if err != nil || got.Failed != "" || got.TestLoss > 1e-5 || got.Params != 3 {
		t.Errorf("%v, %+v", err, got)
	}
}

func TestRunThatDivergesFails(t *testing.T) {
	d := digits(t)
	s := DefaultSettings()
	s.Optimizer, s.LR, s.Epochs = "sgd", 1e30, 2
	got, err := Run(context.Background(), convNet(t, d, 4), d.Split(splitSeed), s, Hooks{})
	if err != nil || !strings.Contains(got.Failed, "a smaller learning rate may help") {
		t.Errorf("%v, %+v", err, got)
	}
}

func TestRunErrors(t *testing.T) {
	d := digits(t)
	data, good := d.Split(splitSeed), convNet(t, d, 4)
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []struct {
		name   string
		ctx    context.Context
		g      *op.Graph
		data   *Splits
		change func(*Settings)
		want   string
	}{
		{"ended", ended, good, data, func(*Settings) {}, "context canceled"},
		{"other input", context.Background(), good, small(10), func(*Settings) {}, "input image is [c: 1, h: 8, w: 8], but small.csv holds inputs of [2]"},
		{"no batch", context.Background(), good, data, func(s *Settings) { s.Batch = 0 }, "settings: a batch of 0"},
		{"no rate", context.Background(), good, data, func(s *Settings) { s.LR = 0 }, "settings: a learning rate of 0"},
		{"empty part", context.Background(), good, &Splits{data.Train, data.Val, data.Test.Select(nil)}, func(*Settings) {}, "test part: data set digits: it has no examples"},
		{"no part", context.Background(), good, &Splits{Train: data.Train, Val: data.Val}, func(*Settings) {}, "test part: it is missing"},
		{"no data", context.Background(), good, nil, func(*Settings) {}, "there is no data"},
		{"no network", context.Background(), nil, data, func(*Settings) {}, "there is no network"},
		{"broken graph", context.Background(), &op.Graph{Inputs: good.Inputs, OutPort: good.OutPort, Outputs: []op.Wire{9}, Wires: 1}, data, func(*Settings) {}, "output logits is a wire that nothing makes"},
	} {
		s := DefaultSettings()
		c.change(&s)
		if _, err := Run(c.ctx, c.g, c.data, s, Hooks{}); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}
