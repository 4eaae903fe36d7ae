package ir_test

import (
	"github.com/spacec-lang/spacec/lang"
)

// derivations are all ways to derive a point, in the order of their answers.
type derivations struct {
	oracle *oracle
	list   []run
	met    []run // the runs that failed, where they are asked for
	offers map[string][]int
}

// enumerate tries everything; false where that is more than limit, or some run was given up.
func enumerateAll(file *lang.File, limit int, set func(*oracle)) (*derivations, bool) {
	d := &derivations{oracle: newOracle(file), offers: map[string][]int{}}
	if set != nil {
		set(d.oracle)
	}
	var answers []int
	for tried := 0; ; tried++ {
		if tried == limit {
			return d, false
		}
		r := d.oracle.derive(answers)
		switch {
		case r.beyond && set == nil:
			return d, false
		case r.why == "" && !r.beyond:
			d.list = append(d.list, r)
		case r.why != "":
			d.met = append(d.met, r)
		}
		k := len(r.steps) - 1
		for k >= 0 && r.steps[k].option+1 >= r.steps[k].n {
			k--
		}
		if k < 0 {
			break
		}
		answers = answers[:0]
		for _, s := range r.steps[:k] {
			answers = append(answers, s.option)
		}
		answers = append(answers, r.steps[k].option+1)
	}
	for i := range d.list {
		steps := d.list[i].steps
		for k, s := range steps {
			p := prefix(steps[:k])
			if o := d.offers[p]; len(o) == 0 || o[len(o)-1] != s.option {
				d.offers[p] = append(o, s.option)
			}
		}
	}
	return d, true
}

// prefix names the situation after some steps.
func prefix(steps []step) string {
	var b []byte
	for _, s := range steps {
		b = append(b, byte(s.option), byte(s.option>>8))
	}
	return string(b)
}

// offered are the options that lead to a point, of the step after others.
func (d *derivations) offered(steps []step) []int { return d.offers[prefix(steps)] }

// shares are the probabilities of some of a step's options by their written weights: percentages are kept, the others
// share what they leave, and where they leave nothing, or are alone, they add up to 100.
func (s step) shares(options []int) []float64 {
	if s.continuous {
		return []float64{1}
	}
	percent, parts := 0.0, 0.0
	for _, o := range options {
		if w := s.weights[o]; w.percent {
			percent += w.weight / 100
		} else {
			parts += w.weight
		}
	}
	out := make([]float64, len(options))
	for i, o := range options {
		w := s.weights[o]
		switch {
		case w.percent && (percent > 1 || parts == 0):
			out[i] = w.weight / 100 / percent
		case w.percent:
			out[i] = w.weight / 100
		case percent < 1:
			out[i] = (1 - percent) * w.weight / parts
		}
	}
	return out
}

// prior is the probability of a derivation where each choice is among what can complete, written that where it is
// among all that is written.
func (d *derivations) prior(r *run) (prior, written float64) {
	prior, written = 1, 1
	for k, s := range r.steps {
		options := d.offered(r.steps[:k])
		shares := s.shares(options)
		all := make([]int, s.n)
		for i := range all {
			all[i] = i
		}
		for i, o := range options {
			if o == s.option {
				prior *= shares[i]
			}
		}
		written *= s.shares(all)[s.option]
	}
	return prior, written
}
