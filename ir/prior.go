package ir

import (
	"errors"
	"fmt"
)

// Two measures stand on the written weights. The prior renormalises each choice over the options that can
// still complete: it is what a Walk offers. The other is the grammar's own: draw by the written weights, over all
// options as written, and throw away what can't go on. A walk that does so dies at an option whose guard
// does not hold, where types do not fit, and where a requirement is broken; conditioned on not dying, each
// point's probability is in proportion to the product of its shares. Of an infinite space, a walk that goes
// on for ever does not complete either.

// maxLength is how many choices one point may take.
const maxLength = 1 << 18

// tooLong is the error of a point that takes more.
func (sp *Space) tooLong() error {
	return fmt.Errorf("a point of %v takes more than %d choices: make what ends its recursion likelier, or bound what is built, as with 'require ops <= 200'",
		sp, maxLength)
}

// minTotal is the least probability of completing that floating point numbers carry in full.
const minTotal = 1e-280

// Conditional draws from the written weights conditioned on completing. It is for one goroutine.
type Conditional struct {
	sp    *Space
	sums  *sums
	epoch int
}

// Conditional computes what the measure needs to know: for each situation, with which probability the walk
// that doesn't look ahead completes from there, and in which way. The error says why it can't be had, of a space
// whose recursive rules meet more types than can be listed, or whose requirements have too many sums to follow.
func (sp *Space) Conditional() (*Conditional, error) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	c := &Conditional{sp: sp}
	return c, c.prepare()
}

func (c *Conditional) prepare() error {
	if c.sums != nil && c.epoch == c.sp.epoch {
		return nil
	}
	ts, err := c.sp.write(c.sp.limits())
	if err == nil {
		c.epoch = c.sp.epoch
		c.sums, err = ts.solve()
	}
	if err == nil && !(c.completion() >= minTotal) {
		err = errors.New("a walk by the written weights hardly ever completes")
	}
	if err != nil {
		return fmt.Errorf("%v has no conditional measure that can be computed: %w", c.sp, err)
	}
	return nil
}

// Completion is the probability that a walk which picks by the written weights, and does not look ahead,
// completes.
func (c *Conditional) Completion() float64 {
	c.sp.mu.Lock()
	defer c.sp.mu.Unlock()
	return c.completion()
}

func (c *Conditional) completion() float64 {
	total := 0.0
	for _, x := range c.sums.exits[0] {
		total += x
	}
	return total
}

// DrawConditional draws one point, as Conditional and Draw.
func (sp *Space) DrawConditional(seed, trial uint64) (*Point, error) {
	c, err := sp.Conditional()
	if err != nil {
		return nil, err
	}
	return c.Draw(seed, trial)
}

// Draw draws a point, keyed by (seed, trial, decision path).
func (c *Conditional) Draw(seed, trial uint64) (*Point, error) {
	p, _, err := c.drive(func(d *Decision, shares []float64) int {
		u := Uniform(seed, trial, d.Key())
		last := 0
		for i, x := range shares {
			if x == 0 {
				continue
			}
			if last = i; u < x {
				break
			}
			u -= x
		}
		return last
	}, func(d *Decision) float64 { return d.PickReal(Uniform(seed, trial, d.Key())) })
	return p, err
}

// Probability is the probability of a point of the space, continuous values left out. A point of another space is an error.
func (c *Conditional) Probability(p *Point) (float64, error) {
	if p.space != c.sp {
		return 0, errors.New("the point is of another space than the measure: read its text there")
	}
	next := 0
	_, prob, err := c.drive(func(*Decision, []float64) int {
		next++
		return int(p.taken[next-1].option)
	}, func(*Decision) float64 { return p.taken[next].real })
	return prob, err
}

// level is a table that is being walked through, called from a spot of the one around it.
type level struct {
	from  *spot
	after []float64 // by exit: the weight of what follows outside, up to a factor
}

// drive takes a walk to its end. At each choice, pick is given the options' shares by index of all that are
// written, and names one. The result tells the probability of the point, continuous values left out.
func (c *Conditional) drive(pick func(d *Decision, shares []float64) int, real func(d *Decision) float64) (*Point, float64, error) {
	sp := c.sp
	sp.mu.Lock()
	defer sp.mu.Unlock()
	sp.trim()
	for {
		if err := c.prepare(); err != nil {
			return nil, 0, err
		}
		p, prob, err := c.walk(pick, real)
		if !sp.grown {
			return p, prob, err
		}
		sp.forget()
	}
}

func (c *Conditional) walk(pick func(d *Decision, shares []float64) int, real func(d *Decision) float64) (*Point, float64, error) {
	sp := c.sp
	root := c.sums.ts.list[0]
	w := &Walk{sp: sp, epoch: sp.epoch}
	w.move(sp.begin())
	ones := make([]float64, len(root.exits))
	for i := range ones {
		ones[i] = 1
	}
	levels := []level{{nil, ones}}
	prob := 1.0
	var shares []float64
	at := root.start
	for length := 0; ; {
		top := &levels[len(levels)-1]
		s := at.spot
		switch {
		case s == nil && len(levels) == 1:
			w.state = walkEnded
			p, err := w.Point()
			return p, prob, err
		case s == nil:
			at = top.from.edges[at.exit]
			levels = levels[:len(levels)-1]
		case s.calls != nil:
			after, most := make([]float64, len(s.edges)), 0.0
			for i, e := range s.edges {
				after[i] = c.value(e, top)
				most = max(most, after[i])
			}
			for i := range after {
				after[i] /= most
			}
			levels = append(levels, level{s, after})
			at = s.calls.start
		default:
			if w.at == nil || w.at.ask != s.c.ask {
				return nil, 0, fmt.Errorf("a point of %v nests beyond the limit of %d", sp, maxHeight)
			}
			if length++; length > maxLength {
				return nil, 0, sp.tooLong()
			}
			shares = shares[:0]
			total := 0.0
			for i, e := range s.edges {
				x := float64(s.share[i] * c.value(e, top))
				shares = append(shares, x)
				total += x
			}
			if !(total > 0) {
				return nil, 0, fmt.Errorf("a point of %v is too improbable to follow", sp)
			}
			for i := range shares {
				shares[i] /= total
			}
			d := &Decision{c: w.at, menu: sp.offers(w.at), space: sp}
			options := len(d.menu.options)
			x := 0.0
			if w.at.dom.continuous {
				x = real(d)
			}
			i := pick(d, shares)
			prob *= shares[i]
			w.take(int32(i), x, w.forced(options))
			at = s.edges[i]
		}
	}
}

// value is the weight of what follows an edge, up to a factor that its level has.
func (c *Conditional) value(e edge, l *level) float64 {
	if e.spot == nil {
		if e.exit < 0 {
			return 0
		}
		return l.after[e.exit]
	}
	sum := 0.0
	for i, x := range c.sums.spots[e.spot.in.id][e.spot.index] {
		sum += float64(x * l.after[i])
	}
	return sum
}
