// Package study keeps trials: a sampler proposes points, somebody evaluates them, and what came of them is told to the
// sampler and kept in a folder. Ask and Tell are for whoever evaluates points himself; Run has workers that do.
//
// A study goes on after it ended in any way. Its folder says what the sampler was asked and told, in which order, and
// a sampler that is asked and told the same again proposes the same.
package study

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/samplers"
)

// Study is a sampler and the trials of the points that it proposed. It may be used by several goroutines. While Run goes on
// it alone asks and tells; what the study holds can be read at any time, from Evaluate and Progress, too.
type Study struct {
	turn    sync.Mutex // held by whoever asks or tells: what follows is his
	running bool       // it is Run's, which holds no lock while points are evaluated
	sampler samplers.Sampler
	store   *Store         // nil where nothing is kept
	told    []bool         // whether the sampler knows what came of the trials
	kept    map[int]*Trial // that a folder held, of which some may not be asked for yet, where asks were lost

	mu     sync.Mutex // held to read what follows, and by who has the turn to change it
	trials []*Trial   // asked for, by number
	ended  int
	best   *Trial
}

// ErrRunning is of a study that was to be asked, told or run while Run goes on.
var ErrRunning = errors.New("the study is running: until that ends, nothing else can ask, tell or run it")

// take takes the turn to ask and tell.
func (s *Study) take() error {
	s.turn.Lock()
	if !s.running {
		return nil
	}
	s.turn.Unlock()
	return ErrRunning
}

// New makes a study that keeps nothing; Store.Study makes one that is kept.
func New(s samplers.Sampler) *Study { return &Study{sampler: s} }

// Ask is the next trial, of a point to evaluate. The sampler knows of all trials that have ended.
func (s *Study) Ask() (*Trial, error) {
	if err := s.take(); err != nil {
		return nil, err
	}
	defer s.turn.Unlock()
	for {
		t, err := s.ask(len(s.trials))
		if err != nil || !t.State.Ended() {
			return t, err
		}
	}
}

// ask tells the sampler of the trials below a number that have ended, in the order of their numbers, and asks it for the next.
func (s *Study) ask(below int) (*Trial, error) {
	var tells []int
	for number, t := range s.trials[:max(0, min(below, len(s.trials)))] {
		if t.State.Ended() && !s.told[number] {
			tells = append(tells, number)
		}
	}
	t, err := s.propose(tells)
	if err != nil {
		return nil, err
	}
	t.Started = time.Now()
	if s.store != nil {
		if err := s.store.addAsked(t, tells); err != nil {
			return nil, err
		}
	}
	return s.add(t), nil
}

// add adds a trial that was asked for: as it ended, if it has.
func (s *Study) add(t *Trial) *Trial {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.trials, s.told = append(s.trials, t), append(s.told, false)
	k := s.kept[t.Number]
	if k == nil || !bytes.Equal(k.point, t.point) {
		return t
	}
	k.Point, s.trials[t.Number] = t.Point, k
	s.ended++
	if k.better(s.best) {
		s.best = k
	}
	return k
}

// propose tells the sampler of trials, and asks it for the next.
func (s *Study) propose(tells []int) (*Trial, error) {
	for _, number := range tells {
		t := s.trials[number]
		if err := s.sampler.Tell(number, samplers.Outcome{State: t.State, Value: t.Value}); err != nil {
			return nil, err
		}
		s.told[number] = true
	}
	p, err := s.sampler.Ask(len(s.trials))
	if err != nil {
		return nil, err
	}
	t := &Trial{Number: len(s.trials), Point: p, Evaluation: Evaluation{State: samplers.Running}}
	t.point, err = marshal(decisionsOf(p))
	t.point = bytes.TrimSuffix(t.point, []byte{'\n'})
	return t, err
}

// Tell says what came of a trial that was asked for, and keeps it. It fails, and changes nothing, where there is no such
// trial or it has ended.
func (s *Study) Tell(number int, e Evaluation) error {
	if err := s.take(); err != nil {
		return err
	}
	defer s.turn.Unlock()
	if number < 0 || number >= len(s.trials) {
		return fmt.Errorf("trial %d was never asked for", number)
	}
	if s.trials[number].State.Ended() {
		return fmt.Errorf("trial %d has ended already, as %s", number, s.trials[number].State)
	}
	t := *s.trials[number]
	t.Evaluation, t.Seconds = e, time.Since(t.Started).Seconds()
	b, err := t.Point.Build()
	if err == nil {
		err = t.measure(b)
	}
	if err != nil {
		return err
	}
	t.check()
	return s.end(&t)
}

// end keeps a trial that has ended.
func (s *Study) end(t *Trial) error {
	if s.store != nil {
		if err := s.store.add(t); err != nil {
			return err
		}
	}
	s.mu.Lock()
	s.trials[t.Number] = t
	s.ended++
	best := t.better(s.best)
	if best {
		s.best = t
	}
	s.mu.Unlock()
	if !best || s.store == nil {
		return nil
	}
	return s.store.keep(t)
}

// Best is the trial of the greatest value, the first of several; nil where none is complete.
func (s *Study) Best() *Trial {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.best
}

// Ended is how many trials have ended.
func (s *Study) Ended() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ended
}

// Trials are those asked for, by number.
func (s *Study) Trials() []*Trial {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.trials)
}

// Summary is what the study came to so far.
func (s *Study) Summary() *Summary {
	s.mu.Lock()
	defer s.mu.Unlock()
	sum := &Summary{Best: s.best}
	for _, t := range s.trials {
		if t.State.Ended() {
			sum.Trials = append(sum.Trials, t)
		}
	}
	return sum
}

// Summary is what a study came to.
type Summary struct {
	Trials []*Trial // those that ended, by number
	Best   *Trial   // of the greatest value, the first of several; nil where none is complete
	// Exhausted tells that the sampler had no further point.
	Exhausted bool
}

// Count is how many trials ended in a state.
func (s *Summary) Count(state samplers.State) int {
	n := 0
	for _, t := range s.Trials {
		if t.State == state {
			n++
		}
	}
	return n
}

// Study is the study that a folder keeps, as it was: a sampler of the same kind, space and seed is asked and told once
// more what the folder's was.
func (s *Store) Study(sampler samplers.Sampler) (*Study, error) {
	st := &Study{sampler: sampler, store: s, kept: map[int]*Trial{}}
	for _, t := range s.Ended {
		if st.kept[t.Number] == nil {
			st.kept[t.Number] = t
		}
	}
	for _, a := range s.asked {
		t, err := st.propose(a.Told)
		if err != nil {
			return nil, fmt.Errorf("%s: trial %d: %w", s.dir, a.Number, err)
		}
		if !bytes.Equal(t.point, a.Point) {
			return nil, fmt.Errorf("%s: trial %d: the sampler proposes %s now, and proposed %s: %w", s.dir, a.Number, t.point, a.Point, ErrOtherProgram)
		}
		t.Started = a.Started
		st.add(t)
	}
	if st.best == nil {
		return st, nil
	}
	return st, s.keep(st.best) // it may have been interrupted between the two files
}

// ErrOtherProgram is of a study whose trials aren't those that this program makes.
var ErrOtherProgram = errors.New("the study was made by another version of this program")

// measure notes what is known of a point without trying it.
func (t *Trial) measure(b *ir.Built) error {
	var err, err2 error
	t.point, err = marshal(decisionsOf(t.Point))
	t.config, err2 = marshal(configsOf(b.Configs))
	if err := cmp.Or(err, err2); err != nil || b.Graph == nil {
		return err
	}
	cost, err := b.Graph.Costs()
	t.Params, t.MACs, t.Layers, t.memory = cost.Params, cost.MACs, cost.Layers, b.Graph.Memory(cost)
	return err
}
