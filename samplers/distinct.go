package samplers

import (
	"encoding/binary"
	"fmt"
	"math/big"

	"github.com/spacec-lang/spacec/ir"
)

// How hard Ask looks for a new point: so many proposals of the sampler, of which so many may be points that it proposed
// before, so many draws from the prior, and so many points of a finite space, counted over all trials.
const (
	maxProposals = 1024
	maxRepeated  = 64
	maxDraws     = 1024
	maxSwept     = 1 << 20
)

// NewDistinct makes a sampler that proposes what s does, and nothing twice: no two trials build the same network with
// the same configs. Where s proposes what was tried, it is told at once what came of it (later, where that isn't known
// yet), and asked again; so the reward of a network counts wherever it stands in the space. If s keeps to what is known,
// points are drawn, half of them from the prior, the others with each option as likely as the others, and in the end a finite
// space is gone through from its first point on. Ask fails with ErrExhausted where there is no further point.
//
// All trials are taken to run at one fidelity.
func NewDistinct(s Sampler, c *Catalogue) Sampler { return NewDistinctBy(s, c.space, c.ID) }

// NewDistinctBy is NewDistinct with another way to tell points apart, such as PointID.
func NewDistinctBy(s Sampler, space *ir.Space, id func(*ir.Point) ID) Sampler {
	return &distinct{inner: s, space: space, id: id, known: map[ID]*record{}, pending: map[int]*record{}, keys: map[uint64]bool{},
		walk: space.Walk()}
}

// PointID tells points apart by their decisions, whatever they build.
func PointID(p *ir.Point) ID {
	var id ID
	binary.BigEndian.PutUint64(id[:], p.Key())
	return id
}

type distinct struct {
	inner   Sampler
	space   *ir.Space
	id      func(*ir.Point) ID
	known   map[ID]*record
	pending map[int]*record // by trial
	keys    map[uint64]bool // of the points proposed
	asked   int             // proposals of the inner sampler
	walk    *ir.Walk

	swept     *big.Int // points of a finite space gone through; nil before
	count     *big.Int // of so many
	uncounted error
}

// record is what is known of a network.
type record struct {
	told    bool
	outcome Outcome
	waiting []int // proposals of the inner sampler that are to be told of it
}

func (s *distinct) Ask(trial int) (*ir.Point, error) {
	if s.pending[trial] != nil {
		return nil, askedAlready(trial)
	}
	repeated := 0
	_, lists := s.inner.(*enumerate)
	for i := 0; lists || i < maxProposals && repeated < maxRepeated; i++ {
		p, err := s.inner.Ask(s.asked)
		if err != nil {
			return nil, err
		}
		s.asked++
		if s.keys[p.Key()] {
			repeated++
		}
		if s.take(trial, p, s.asked-1) {
			return p, nil
		}
	}
	p, err := s.other(trial)
	if err != nil {
		return nil, err
	}
	return p, s.teach(trial, p)
}

// Teach takes a given point for a trial, known or not.
func (s *distinct) Teach(trial int, p *ir.Point) error {
	if s.pending[trial] != nil {
		return askedAlready(trial)
	}
	return s.teach(trial, p)
}

func (s *distinct) teach(trial int, p *ir.Point) error {
	inner := -1
	if t, ok := s.inner.(teacher); ok {
		if err := t.Teach(s.asked, p); err != nil {
			return err
		}
		inner = s.asked
		s.asked++
	}
	if !s.take(trial, p, inner) { // given twice: it is tried twice
		r := &record{}
		s.pending[trial] = r
	}
	return nil
}

// take makes a point a trial's if it is new; else the inner sampler learns what is known of it.
func (s *distinct) take(trial int, p *ir.Point, inner int) bool {
	s.keys[p.Key()] = true
	id := s.id(p)
	r := s.known[id]
	isNew := r == nil
	if isNew {
		r = &record{}
		s.known[id], s.pending[trial] = r, r
	}
	switch {
	case inner < 0:
	case r.told:
		s.inner.Tell(inner, r.outcome) // which was asked for just now
	default:
		r.waiting = append(r.waiting, inner)
	}
	return isNew
}

// other is a point that wasn't tried yet, whatever the inner sampler proposes.
func (s *distinct) other(trial int) (*ir.Point, error) {
	for draw := range uint64(maxDraws) {
		at := drawn{seed: mixed(drawOther, uint64(trial)), trial: draw}
		var from answers = at
		if draw%2 == 1 {
			from = evenly{at}
		}
		p, _, err := drive(s.walk, from)
		if err != nil {
			return nil, err
		}
		if s.known[s.id(p)] == nil {
			return p, nil
		}
	}
	space := s.space
	if s.swept == nil { // a count may take seconds
		s.swept = new(big.Int)
		s.count, s.uncounted = space.Count()
	}
	count := s.count
	if s.uncounted != nil || count.Cmp(big.NewInt(maxSwept)) > 0 {
		return nil, fmt.Errorf("%w, it seems: none that is new was found in %d draws from %v", ErrExhausted, maxDraws, space)
	}
	for ; s.swept.Cmp(count) < 0; s.swept.Add(s.swept, one) {
		p, err := space.At(s.swept, 0)
		if err != nil {
			return nil, err
		}
		if s.known[s.id(p)] == nil {
			return p, nil
		}
	}
	return nil, fmt.Errorf("%w: %v has %s, which build %d different trials", ErrExhausted, space, count, len(s.known))
}

var one = big.NewInt(1)

func (s *distinct) Tell(trial int, o Outcome) error {
	r := s.pending[trial]
	if r == nil {
		return notAsked(trial)
	}
	delete(s.pending, trial)
	r.told, r.outcome = true, o
	for _, inner := range r.waiting {
		if err := s.inner.Tell(inner, o); err != nil {
			return err
		}
	}
	r.waiting = nil
	return nil
}

func askedAlready(trial int) error {
	return fmt.Errorf("trial %d was asked for already and is not told yet", trial)
}

func notAsked(trial int) error {
	return fmt.Errorf("trial %d was never asked for, or told already", trial)
}
