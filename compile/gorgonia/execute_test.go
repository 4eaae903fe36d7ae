package gorgonia

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"
	"github.com/spacec-lang/spacec/compile/gorgonia/internal/loops"
	G "gorgonia.org/gorgonia"
)

// everyNet is the networks of the tests: random ones of images and of sequences, and each trap.
func everyNet(t testing.TB) map[string]*trial {
	nets := map[string]*trial{}
	for seed := range uint64(12) {
		nets[fmt.Sprint("images ", seed)] = newTrial(t, randomNet(t, seed), 3, CrossEntropy, seed)
		nets[fmt.Sprint("sequences ", seed)] = newTrial(t, randomSequence(t, seed), 3, CrossEntropy, seed)
	}
	for name, text := range traps {
		nets[name] = newTrial(t, graphOf(t, text), 2, MeanSquared, 1)
	}
	return nets
}

// Of Gorgonia's own ops only these are in a graph: the addition of gradients that meet, and the constant that the loss's
// gradient by itself is.
func TestStockOpsAreThoseAllowed(t *testing.T) {
	seen := map[string]int{}
	for name, c := range everyNet(t) {
		m := c.build(t, true)
		for _, n := range m.Graph().AllNodes() {
			if _, ours := n.Op().(*operation[float64]); ours || n.Op() == nil {
				continue // an input or a weight has no op
			}
			what := n.Op().String()
			seen[what]++
			switch {
			case strings.HasPrefix(what, "+ false") && n.Op().Arity() == 2:
				for _, in := range childrenOf(m.Graph(), n) {
					if !in.Shape().Eq(n.Shape()) {
						t.Errorf("%s: a sum of %v and more gives %v", name, in.Shape(), n.Shape())
					}
				}
			case strings.HasPrefix(what, "const ") && n.Shape().IsScalar():
			default:
				t.Errorf("%s holds the stock op %s", name, what)
			}
		}
	}
	if len(seen) != 2 {
		t.Errorf("the allowed ones that were met are %v", seen)
	}
}

// Whoever does which part, the numbers are the same to the last bit.
func TestResultsDontDependOnTheCores(t *testing.T) {
	before := runtime.GOMAXPROCS(4)
	defer runtime.GOMAXPROCS(before)
	for i, n := range stepNets {
		c := newTrial(t, graphOf(t, n.text), n.batch/4+3, CrossEntropy, 1)
		found := map[string][]float32{}
		for _, cores := range []int{1, 2, 4} {
			c.o.Cores, c.o.loops = cores, i%len(loops.All[float32]())
			m := c.build(t, false)
			loss := []float32{0}
			for range 2 {
				loss[0] = float32(c.step(t, m))
			}
			note := func(name string, v []float32) {
				if first, ok := found[name]; ok && !slices.Equal(first, v) {
					t.Errorf("%s: %s on %d cores isn't what it is on one", n.name, name, cores)
				}
				found[name] = slices.Clone(v)
			}
			note("the loss", loss)
			for _, p := range m.Params() {
				note("the gradient by "+p.Name, p.Grad)
			}
			for _, p := range m.State() {
				note(p.Name, p.Value)
			}
		}
	}
}

// A step allocates next to nothing, and no more in a network of several times as many ops.
func TestAllocationsDontGrowWithTheNetwork(t *testing.T) {
	const layer = `
		b = conv(8) a
		n = group_norm(2) b
		c = batch_norm n
		d = relu c
		e = max_pool(3, 1, 1) d
		f = dropout(0.1) e
		a = add f a`
	const place = `
		b = attention(2) a
		c = add a b
		d = layer_norm c
		e = linear(16) d
		f = gelu e
		g = linear(8) f
		h = lstm(8) g
		i = gru(8) h
		a = mul i a`
	for name, c := range map[string]struct{ first, layer string }{
		"images": {"x: [c: 8, h: 8, w: 8]\na = pos_enc x", layer}, "places": {"x: [s: 6, d: 8]\na = pos_enc x", place},
	} {
		var counts []float64
		for _, layers := range []int{1, 6} {
			net := newTrial(t, graphOf(t, c.first+strings.Repeat(c.layer, layers)+"\ny = dense(3) a"), 4, CrossEntropy, 1)
			m, x := net.build(t, false), singles(net.inputs)
			counts = append(counts, testing.AllocsPerRun(5, func() {
				if _, err := m.Step(x, net.target); err != nil {
					t.Fatal(err)
				}
			}))
		}
		if counts[0] > 2 || counts[1] > 2 {
			t.Errorf("%s: a step of 1 layer allocates %v times, of 6 layers %v times", name, counts[0], counts[1])
		}
	}
}

// On images as wide as registers, and wider, each of the loops finds the gradients that float64 finds.
func TestLoopsAgreeOnLargeImages(t *testing.T) {
	for _, n := range stepNets {
		c := newTrial(t, graphOf(t, n.text), 3, CrossEntropy, 1)
		double := c.build(t, true)
		c.step(t, double)
		for i, set := range loops.All[float32]() {
			c.o.loops = i
			single := c.build(t, false)
			c.step(t, single)
			for j, p := range single.Params() {
				var apart, size float64
				for k, want := range double.Params()[j].Grad64 {
					apart += (float64(p.Grad[k]) - want) * (float64(p.Grad[k]) - want)
					size += want * want
				}
				if !(apart <= 1e-6*size+1e-12) {
					t.Errorf("%s, %s: the gradient by %s is off by %.2g of its length", n.name, set.Name, p.Name, math.Sqrt(apart/size))
				}
			}
		}
	}
}

// A step of a program writes its own buffer and no other; the first gradient of an op writes those of the others too.
func TestNothingIsWrittenInPlace(t *testing.T) {
	for name, c := range everyNet(t) {
		m := c.build(t, true)
		e := m.engine.(*execution[float64])
		siblings := map[*operation[float64]][]*operation[float64]{}
		for _, n := range m.Graph().AllNodes() {
			if o, ok := n.Op().(*operation[float64]); ok && o.kernel == nil && len(o.children) == 1 {
				first := o.children[0].Op().(*operation[float64])
				siblings[first] = append(siblings[first], o)
			}
		}
		c.step(t, m)
		buffers := map[string][]float64{}
		note := func(what string, b []float64) {
			for _, other := range buffers {
				if overlap(b, other) {
					t.Errorf("%s: %s lies over another buffer", name, what)
				}
			}
			buffers[what] = b
		}
		for i, in := range e.inputs {
			note(fmt.Sprint("input ", i), in)
		}
		note("target", e.values)
		for _, p := range m.Params() {
			note(p.Name, p.Value64)
		}
		programs := append(slices.Clone(e.train), e.evaluate...)
		place := map[*operation[float64]]string{}
		for i, s := range programs {
			if place[s.op] == "" {
				place[s.op] = fmt.Sprint("step ", i, ", ", s.op)
				note(place[s.op], s.op.out)
			}
		}
		for i, s := range programs {
			e.training = i < len(e.train)
			before := map[string][]float64{}
			for what, b := range buffers {
				before[what] = slices.Clone(b)
			}
			if err := s.op.safely(s.in); err != nil {
				t.Fatal(err)
			}
			allowed := map[string]bool{place[s.op]: true}
			for _, o := range siblings[s.op] {
				allowed[place[o]] = true
			}
			for what, b := range buffers {
				if !allowed[what] && !slices.Equal(b, before[what]) {
					t.Errorf("%s: %s changes %s", name, place[s.op], what)
				}
			}
		}
	}
}

// overlap tells whether two slices share memory.
func overlap(a, b []float64) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	from := func(x []float64) uintptr { return uintptr(unsafe.Pointer(&x[0])) }
	return from(a) < from(b)+8*uintptr(len(b)) && from(b) < from(a)+8*uintptr(len(a))
}

// What nothing needs isn't run, forward or backward, and its weights have gradients of zero.
func TestDeadNodesAreSkipped(t *testing.T) {
	g := graphOf(t, "x: [3]\na = dense(3) x\nb = dense(2) x\nc = gelu a\nd = dense(4) c\ne = relu b\ny = dense(2) b")
	c := newTrial(t, g, 2, MeanSquared, 1)
	m := c.build(t, false)
	dead := map[string]bool{"dense1": true, "gelu1": true, "dense3": true, "relu1": true}
	found := 0
	for _, n := range m.Graph().AllNodes() {
		if o, ok := n.Op().(*operation[float32]); ok && dead[o.at.path] {
			o.run = func([][]float32) error { panic("a dead op runs") }
			found++
		}
	}
	c.step(t, m)
	if _, err := m.Predict(singles(c.inputs)); err != nil || found != 4 {
		t.Errorf("%v; %d dead ops", err, found)
	}
	for _, p := range m.Params() {
		zeros := !slices.ContainsFunc(p.Grad, func(v float32) bool { return v != 0 })
		if zeros != dead[strings.Split(p.Name, ".")[0]] {
			t.Errorf("the gradient of %s is %v", p.Name, p.Grad)
		}
	}
}

// A panic or an error of any op, forward or backward, is an error that names it.
func TestAPanicInAnyOpIsAnErrorThatNamesIt(t *testing.T) {
	c := newTrial(t, randomNet(t, 3), 3, CrossEntropy, 3)
	m := c.build(t, true)
	e := m.engine.(*execution[float64])
	for i, s := range append(slices.Clone(e.train), e.evaluate...) {
		run := s.op.run
		s.op.run = func([][]float64) error { panic("oh") }
		_, err := m.Step(singles(c.inputs), c.target)
		if i >= len(e.train) {
			_, err = m.Predict(singles(c.inputs))
		}
		want := fmt.Sprintf("%s: %s failed: oh", s.op.at.path, s.op.name)
		var at *OpError
		if !errors.As(err, &at) || err.Error() != want {
			t.Errorf("%v, not %s", err, want)
		}
		s.op.run = run
	}
	c.step(t, m)
}

// A machine of Gorgonia's runs the graph to the same numbers, in both precisions.
func TestTapeMachineAgreesWithTheExecutor(t *testing.T) {
	for name, c := range everyNet(t) {
		t.Run(name, func(t *testing.T) {
			ours, tape := c.build(t, true), c.build(t, true)
			onTape(t, c, ours, tape, func(v G.Value, p *Param) {
				compare(t, "gradient of "+p.Name+" on a tape machine", v.Data().([]float64), p.Grad64, 1e-12)
			}, float64(0))
			ours, tape = c.build(t, false), c.build(t, false)
			onTape(t, c, ours, tape, func(v G.Value, p *Param) {
				compare(t, "float32 gradient of "+p.Name+" on a tape machine", doubles(v.Data().([]float32)), doubles(p.Grad), 1e-5)
			}, float32(0))
		})
	}
}

// onTape takes a step of ours, and runs the graph of tape on a TapeMachine.
func onTape[T real](t *testing.T, c *trial, ours, tape *Model, same func(G.Value, *Param), _ T) {
	t.Helper()
	loss := c.step(t, ours)
	e := tape.engine.(*execution[T])
	if err := errors.Join(e.aim(c.target), e.feed(singles(c.inputs))); err != nil {
		t.Fatal(err)
	}
	e.training = true
	grads := map[string]*G.Value{}
	for _, n := range tape.Graph().Inputs() {
		if d := n.Deriv(); d != nil {
			grads[n.Name()] = new(G.Value)
			G.Read(d, grads[n.Name()])
		}
	}
	machine := G.NewTapeMachine(tape.Graph())
	defer machine.Close()
	if err := machine.RunAll(); err != nil {
		t.Fatal(err)
	}
	if got := float64(e.lossValue[0]); got != loss {
		t.Errorf("the loss is %v, on a tape machine %v", loss, got)
	}
	for _, p := range ours.Params() {
		if v := grads[p.Name]; v != nil {
			same(*v, p)
		}
	}
	alive := live(c.g)
	for i, p := range ours.State() {
		if op, _, _ := strings.Cut(p.Name, "."); !alive[op+"."] {
			continue // a tape machine runs what nothing needs
		}
		other := tape.State()[i]
		if diff := cmp.Diff([2]any{p.Value, p.Value64}, [2]any{other.Value, other.Value64}); diff != "" {
			t.Errorf("%s on a tape machine: %s", p.Name, diff)
		}
	}
}

// Different networks build, train and predict at once, each to what it gives alone.
func TestDifferentModelsSideBySide(t *testing.T) {
	nets := everyNet(t)
	train := func(c *trial) (losses []float64, err error) {
		o := c.o
		o.Float64 = false
		m, err := Build(c.g, o)
		if err != nil {
			return nil, err
		}
		defer m.Close()
		for range 3 {
			loss, err := m.Step(singles(c.inputs), c.target)
			if err != nil {
				return nil, err
			}
			losses = append(losses, loss)
			for _, p := range m.Params() {
				for i, g := range p.Grad {
					p.Value[i] -= 0.01 * g
				}
			}
		}
		out, err := m.Predict(singles(c.inputs))
		for _, v := range out[0] {
			losses = append(losses, float64(v))
		}
		return losses, err
	}
	var wait sync.WaitGroup
	for name, c := range nets {
		alone, err := train(c)
		if err != nil {
			t.Fatal(err)
		}
		wait.Add(1)
		go func() {
			defer wait.Done()
			for range 2 {
				together, err := train(c)
				if err != nil || !slices.Equal(alone, together) {
					t.Errorf("%s: %v, %v, not %v", name, together, err, alone)
				}
			}
		}()
	}
	wait.Wait()
}
