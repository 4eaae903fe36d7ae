// Package samplers chooses which points of a space to try. A space and a seed enter; points leave, one for
// each trial asked for, and what came of the trials comes back. Every sampler is a short loop over ir.Walk
// and knows nothing of what a point is tried for.
//
// All randomness is keyed by (seed, trial, decision path): a sampler holds no generator. The same space,
// sampler, seed and sequence of Ask and Tell give the same points, on every machine.
package samplers

import (
	"fmt"
	"strings"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang/diag"
)

// Sampler proposes points and learns from what came of them. Any number of points may be asked for before
// one is told, and they may be told in any order. It is for one goroutine at a time.
type Sampler interface {
	// Ask is the point to try in a trial, numbered from 0. It fails where the space has no point, and
	// where the trial was asked for already and is not told yet.
	Ask(trial int) (*ir.Point, error)
	// Tell says how a trial that was asked for has ended. It fails, and changes nothing, where there is
	// no such trial or it was told already.
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

// Kind is a sampler that can be had by name.
type Kind struct {
	Name string
	Doc  string // a sentence
	New  func(space *ir.Space, seed uint64) Sampler
}

// Kinds are the samplers, in the order in which to list them.
func Kinds() []Kind {
	return []Kind{
		{"random", "draws every point from the written weights", NewRandom},
		{"mcts", "Monte Carlo tree search: learns decision by decision what pays", NewMCTS},
	}
}

// Names are the names of the samplers.
func Names() []string {
	var names []string
	for _, k := range Kinds() {
		names = append(names, k.Name)
	}
	return names
}

// New makes the sampler of a name.
func New(name string, space *ir.Space, seed uint64) (Sampler, error) {
	for _, k := range Kinds() {
		if k.Name == name {
			return k.New(space, seed), nil
		}
	}
	if near := diag.Nearest(name, Names()); near != "" {
		return nil, fmt.Errorf("unknown sampler '%s': did you mean '%s'?", name, near)
	}
	return nil, fmt.Errorf("unknown sampler '%s': there are %s", name, strings.Join(Names(), ", "))
}
