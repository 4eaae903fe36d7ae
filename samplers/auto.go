package samplers

import "github.com/spacec-lang/spacec/ir"

// NewAuto makes the sampler that is the default. What it does follows from the space:
//
//   - of a space of at most 20,000 points without continuous ranges, a Gaussian process looks at every point;
//   - of a larger one, it looks at a pool of draws, mutants and children;
//   - beyond 1,000 trials, where a model of the last few hundred says no more than they do and takes longer to ask than they
//     took, regularised evolution goes on from the best of them.
func NewAuto(c *Catalogue, seed uint64) Sampler {
	return &auto{early: newSMBO(c, seed, gaussian(), false),
		late: NewEvolution(c.space, seed).(*evolution), asked: map[int]bool{}}
}

// manyTrials is how many trials the model is asked for.
const manyTrials = 1_000

type auto struct {
	early *smbo
	late  *evolution
	asked map[int]bool // of the trials under way: whether the model was asked for it
	total int
}

func (a *auto) Ask(trial int) (*ir.Point, error) {
	if _, ok := a.asked[trial]; ok {
		return nil, askedAlready(trial)
	}
	model := a.total < manyTrials
	ask := a.late.Ask
	if model {
		ask = a.early.Ask
	} else if a.total == manyTrials {
		a.handOver()
	}
	p, err := ask(trial)
	if err == nil {
		a.asked[trial] = model
		a.total++
	}
	return p, err
}

// handOver makes the best trials of the model the population.
func (a *auto) handOver() {
	best := a.early.bestTrials(population)
	for k := range best { // the oldest goes first, so that is the worst
		i := best[len(best)-1-k]
		a.late.members = append(a.late.members, member{newKin(a.early.trials[i].point, a.early.trials[i].genome), a.early.rewards[i]})
	}
}

// Teach takes a given point for a trial.
func (a *auto) Teach(trial int, p *ir.Point) error {
	if _, ok := a.asked[trial]; ok {
		return askedAlready(trial)
	}
	model := a.total < manyTrials
	teach := a.late.Teach
	if model {
		teach = a.early.Teach
	}
	err := teach(trial, p)
	if err == nil {
		a.asked[trial] = model
		a.total++
	}
	return err
}

func (a *auto) Tell(trial int, o Outcome) error {
	model, ok := a.asked[trial]
	if !ok {
		return notAsked(trial)
	}
	delete(a.asked, trial)
	if model {
		return a.early.Tell(trial, o)
	}
	return a.late.Tell(trial, o)
}
