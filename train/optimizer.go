package train

import (
	"math"
	"slices"

	"github.com/spacec-lang/spacec/compile/gorgonia"
)

// Optimizer changes weights by their gradients, in place. It keeps state for each parameter by
// position, so it belongs to one training, and allocates nothing after the first step.
type Optimizer interface {
	// Step is step n, from 1, at the given learning rate.
	Step(params []*gorgonia.Param, lr float64, n int)
	// State is what it keeps between steps, to be saved, or to be filled with what was: named after the parameters, with
	// gorgonia.OptimizerPrefix.
	State(params []*gorgonia.Param) []*gorgonia.Param
}

// NewOptimizer is the optimiser of the settings.
func (s Settings) NewOptimizer() Optimizer {
	switch s.Optimizer {
	case "sgd":
		return &SGD{Momentum: s.Momentum, WeightDecay: s.WeightDecay}
	case "adamw":
		return &Adam{Beta1: s.Beta1, Beta2: s.Beta2, WeightDecay: s.WeightDecay, Decoupled: true}
	}
	return &Adam{Beta1: s.Beta1, Beta2: s.Beta2, WeightDecay: s.WeightDecay}
}

// SGD is stochastic gradient descent with momentum (Polyak 1964, in the form of Sutskever et al. 2013
// with the learning rate outside): v = momentum v + g, w = w - lr v, where g is the gradient plus
// WeightDecay w.
type SGD struct {
	Momentum, WeightDecay float64
	velocity              moments
	descent               gorgonia.Descent
}

// State implements Optimizer.
func (o *SGD) State(params []*gorgonia.Param) []*gorgonia.Param {
	return o.velocity.of(params, "velocity")
}

// Step implements Optimizer.
func (o *SGD) Step(params []*gorgonia.Param, lr float64, _ int) {
	velocity := o.velocity.of(params, "velocity")
	step := gorgonia.SGDStep{Rate: float32(lr), Momentum: float32(o.Momentum), Decay: float32(o.WeightDecay)}
	for i, p := range params {
		o.descent.SGD(step, p, velocity[i].Value)
	}
}

// epsilon is Adam's, as Kingma & Ba 2015 recommend.
const epsilon = 1e-8

// Adam is Algorithm 1 of Kingma & Ba 2015: m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g²,
// w = w - lr m' / (sqrt(v') + 1e-8), where m' and v' are corrected for their start at zero.
// WeightDecay is added to the gradient or, Decoupled (AdamW, Loshchilov & Hutter 2019), shrinks each
// weight by lr WeightDecay w, with the scheduled learning rate.
type Adam struct {
	Beta1, Beta2, WeightDecay float64
	Decoupled                 bool
	mean, square              moments
	descent                   gorgonia.Descent
}

// State implements Optimizer.
func (o *Adam) State(params []*gorgonia.Param) []*gorgonia.Param {
	return slices.Concat(o.mean.of(params, "mean"), o.square.of(params, "square"))
}

// Step implements Optimizer.
func (o *Adam) Step(params []*gorgonia.Param, lr float64, n int) {
	mean, square := o.mean.of(params, "mean"), o.square.of(params, "square")
	// The corrections are the same for all weights: one goes into the rate, one into the root.
	rate := float32(lr / (1 - math.Pow(o.Beta1, float64(n))))
	root := float32(1 / math.Sqrt(1-math.Pow(o.Beta2, float64(n))))
	step := gorgonia.AdamStep{L2: float32(o.WeightDecay), Beta1: float32(o.Beta1), Beta2: float32(o.Beta2), Rate: rate, Root: root, Epsilon: epsilon}
	if o.Decoupled {
		step.L2, step.Shrink = 0, float32(lr*o.WeightDecay)
	}
	for i, p := range params {
		o.descent.Adam(step, p, mean[i].Value, square[i].Value)
	}
}

// moments are sums over the steps, one for each parameter.
type moments []*gorgonia.Param

// of makes them, of zeros, the first time.
func (m *moments) of(params []*gorgonia.Param, name string) moments {
	if *m == nil {
		for _, p := range params {
			*m = append(*m, &gorgonia.Param{Name: gorgonia.OptimizerPrefix + name + "." + p.Name, Shape: p.Shape, Value: make([]float32, len(p.Value))})
		}
	}
	return *m
}
