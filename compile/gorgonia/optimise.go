package gorgonia

import "github.com/spacec-lang/spacec/compile/gorgonia/internal/vector"

// AdamStep is one step of Adam (Kingma & Ba 2015, algorithm 1), with m = Beta1 m + (1 - Beta1) g and v = Beta2 v + (1 - Beta2) g^2:
// w = w - Shrink w - Rate m / (Root sqrt(v) + Epsilon). Rate and Root hold the corrections for the start of m and v at zero; g is the
// gradient and L2 w.
type AdamStep struct{ L2, Beta1, Beta2, Rate, Root, Epsilon, Shrink float32 }

// SGDStep is one step of gradient descent, with the velocity v = Momentum v + g + Decay w: w = w - Rate v.
type SGDStep struct{ Rate, Momentum, Decay float32 }

// Descent takes steps on the params of a model of float32, on the model's cores. The zero Descent is ready for use, by one goroutine
// at a time.
type Descent struct{ job descent }

// Adam moves the weights of p by its gradient. The moments m and v are as long as its weights.
func (d *Descent) Adam(s AdamStep, p *Param, m, v []float32) {
	d.job = descent{adam: vector.AdamStep(s), w: p.Value, m: m[:len(p.Value)], v: v[:len(p.Value)], g: p.Grad}
	p.team.Do(len(p.Value), elementsAtOnce, &d.job)
}

// SGD moves the weights of p by its gradient. The velocity v is as long as its weights.
func (d *Descent) SGD(s SGDStep, p *Param, v []float32) {
	d.job = descent{sgd: vector.SGDStep(s), w: p.Value, v: v[:len(p.Value)], g: p.Grad}
	p.team.Do(len(p.Value), elementsAtOnce, &d.job)
}

// descent is a step on some weights: of Adam, or without m of SGD.
type descent struct {
	adam       vector.AdamStep
	sgd        vector.SGDStep
	w, m, v, g []float32
}

// Do is for the team.
func (d *descent) Do(_, lo, hi int) {
	if d.m == nil {
		vector.SGD(d.sgd, d.w[lo:hi], d.v[lo:hi], d.g[lo:hi])
		return
	}
	vector.Adam(d.adam, d.w[lo:hi], d.m[lo:hi], d.v[lo:hi], d.g[lo:hi])
}
