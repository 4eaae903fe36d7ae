// Package samplers chooses which points of a space to try. A space and a seed enter; points leave, one for
// each trial asked for, and what came of the trials comes back. Every sampler is a short loop over ir.Walk
// and knows nothing of what a point is tried for.
//
// All randomness is keyed by (seed, trial, decision path): a sampler holds no generator. The same space,
// sampler, seed and sequence of Ask and Tell give the same points, on every machine.
package samplers

import (
	"math"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang/diag"
)

// Sampler proposes points and learns from what came of them. Any number of points may be asked for before
// one is told, and they may be told in any order. It is for one goroutine at a time.
//
// Those that learn nothing, random, uniform and enumerate, keep no trials: they can be asked for one again, and pass over what
// they are told. NewDistinct makes them keep their trials, too.
type Sampler interface {
	// Ask is the point to try in a trial, which any number may name. It fails where the space has no point, with ErrExhausted
	// where there is none left to try, and where a sampler that learns was asked for the trial already and is not told yet.
	Ask(trial int) (*ir.Point, error)
	// Tell says how a trial that was asked for has ended; what is in no state that has a value counts as a failure. It fails,
	// and changes nothing, where a sampler that learns has no such trial, or was told of it already.
	Tell(trial int, o Outcome) error
}

// State is how a trial stands: Optuna's states, and Infeasible.
type State string

// A trial ends in one of the last four states.
const (
	Waiting    State = "WAITING"
	Running    State = "RUNNING"
	Complete   State = "COMPLETE"
	Pruned     State = "PRUNED"     // stopped early, with the value it had
	Fail       State = "FAIL"       // it gave no value
	Infeasible State = "INFEASIBLE" // the point can't be tried at all
)

// Ended tells whether a trial in this state is over.
func (s State) Ended() bool { return s != Waiting && s != Running }

// Outcome is how a trial ended.
type Outcome struct {
	State State
	// Value is what the search maximises; it is read where State is Complete or Pruned. One that is not
	// finite counts as a failure.
	Value float64
}

// reward is the value, or minus infinity where there is none that compares.
func (o Outcome) reward() float64 {
	if o.State != Complete && o.State != Pruned || math.IsNaN(o.Value) || math.IsInf(o.Value, 0) {
		return math.Inf(-1)
	}
	return o.Value
}

// Kind is a sampler that can be had by name.
type Kind struct {
	Name string
	Doc  string // a sentence
	New  func(c *Catalogue, seed uint64) Sampler
}

// Kinds are the samplers, in the order in which to list them.
func Kinds() []Kind {
	return []Kind{
		{"auto", "gp, on all points of a space that has few; evolution beyond 1,000 trials", NewAuto},
		{"random", "draws every point from the written weights", of(NewRandom)},
		{"uniform", "draws every point of a finite space with the same probability", of(NewUniform)},
		{"enumerate", "goes through a finite space point by point", of(NewEnumerate)},
		{"local", "local search: steps to the first neighbour that is better, and restarts where none is", of(NewLocal)},
		{"evolution", "regularised evolution: changes the best of a few, and drops the oldest", of(NewEvolution)},
		{"mcts", "Monte Carlo tree search: learns decision by decision what pays", of(NewMCTS)},
		{"gp", "model-based, by expected improvement: a Gaussian process over decisions, ops, paths and costs", model(gaussian, false)},
		{"thompson", "model-based: what a draw from that process makes the best", model(gaussian, true)},
		{"ridge", "model-based: Bayesian ridge regression", model(func() surrogate { return newProcess(true) }, false)},
		{"forest", "model-based: a random forest", model(func() surrogate { return &forest{} }, false)},
		{"boosting", "model-based: gradient-boosted trees", model(func() surrogate { return &boosting{} }, false)},
		{"tpe", "model-based: a tree-structured Parzen estimator over decisions", model(func() surrogate { return &estimator{} }, false)},
	}
}

func gaussian() surrogate { return newProcess(false) }

// model makes samplers by sequential model-based optimisation with a surrogate.
func model(fresh func() surrogate, thompson bool) func(*Catalogue, uint64) Sampler {
	return func(c *Catalogue, seed uint64) Sampler { return newSMBO(c, seed, fresh(), thompson) }
}

// of makes a sampler that needs no catalogue one of a kind.
func of(plain func(space *ir.Space, seed uint64) Sampler) func(*Catalogue, uint64) Sampler {
	return func(c *Catalogue, seed uint64) Sampler { return plain(c.space, seed) }
}

// Names are the names of the samplers.
func Names() []string {
	var names []string
	for _, k := range Kinds() {
		names = append(names, k.Name)
	}
	return names
}

// New makes the sampler of a name. It may propose a point again: NewDistinct makes one that doesn't.
func New(name string, c *Catalogue, seed uint64) (Sampler, error) {
	for _, k := range Kinds() {
		if k.Name == name {
			return k.New(c, seed), nil
		}
	}
	return nil, diag.Unknown("sampler", name, Names())
}
