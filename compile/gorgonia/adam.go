package gorgonia

import "github.com/spacec-lang/spacec/compile/gorgonia/internal/vector"

// AdamStep is one step of Adam (Kingma & Ba 2015, algorithm 1), with m = Beta1 m + (1 - Beta1) g and v = Beta2 v + (1 - Beta2) g^2:
// w = w - Shrink w - Rate m / (Root sqrt(v) + Epsilon). Rate and Root hold the corrections for the start of m and v at zero; g is the
// gradient and L2 w.
type AdamStep struct{ L2, Beta1, Beta2, Rate, Root, Epsilon, Shrink float32 }

// Adam takes steps on params of a model of float32, on the model's cores. The zero Adam is ready for use, by one goroutine at a time.
type Adam struct{ job adamJob }

// Step moves the weights of p by its gradient. The moments m and v are as long as its weights.
func (a *Adam) Step(s AdamStep, p *Param, m, v []float32) {
	a.job = adamJob{vector.AdamStep(s), p.Value, m[:len(p.Value)], v[:len(p.Value)], p.Grad}
	p.team.Do(len(p.Value), elementsAtOnce, &a.job)
}

// adamJob is a step on some weights.
type adamJob struct {
	step       vector.AdamStep
	w, m, v, g []float32
}

// Do is for the team.
func (a *adamJob) Do(_, lo, hi int) {
	vector.Adam(a.step, a.w[lo:hi], a.m[lo:hi], a.v[lo:hi], a.g[lo:hi])
}
