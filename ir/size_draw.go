package ir

import (
	"fmt"
	"math/big"
)

// DrawSize takes a point of one size, every one as likely as any other, of infinite spaces too: the recursive
// method (Nijenhuis and Wilf 1978). From the tables of size.go each choice is taken in proportion to the number
// of ways to go on to just this size. The draw depends on (seed, trial, size) alone.
func (sp *Space) DrawSize(seed, trial uint64, size int) (*Point, error) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	var err error
	z := sp.sized
	if z == nil || z.most != size+1 || sp.sizedEpoch != sp.epoch {
		z, _, err = sp.sizer(size)
		sp.sized, sp.sizedEpoch = z, sp.epoch
	}
	if err != nil {
		return nil, fmt.Errorf("space %s can't be drawn from by size: %w", sp.Name, err)
	}
	z.steps = sizeSteps
	d := &sizeDraw{z: z, seed: seed, trial: trial, memos: map[reachKey]map[*config]map[int32]poly{}}
	m := &machine{sp: sp, jump: true, k: sp.bottom}
	m.enterCells(sp.cells)
	if !d.from(m, sp.root, stNext, -1, size, map[*config]map[int32]poly{}, 0) {
		return nil, fmt.Errorf("space %s has no point of size %d", sp.Name, size)
	}
	w := &Walk{sp: sp, epoch: sp.epoch}
	w.move(sp.begin())
	for _, option := range d.options {
		if w.at == nil {
			return nil, fmt.Errorf("space %s: a draw by size has an answer too many", sp.Name)
		}
		w.answer(option, seed, trial)
	}
	w.state = walkEnded
	return w.Point()
}

type sizeDraw struct {
	z           *sizer
	seed, trial uint64
	picks       uint64
	options     []int32
	memos       map[reachKey]map[*config]map[int32]poly
}

// way is one way to go on: how many points, and what to do.
type way struct {
	count  *big.Int
	option int32 // -1: leap
	called reachKey
	left   int32
	inner  int // the size of what is leapt over
}

// from draws what follows a node: a derivation of exactly this size that ends in the wanted state (in any where it
// is below 0). It is false where there is none.
func (d *sizeDraw) from(m *machine, n node, st status, want int32, size int, memo map[*config]map[int32]poly, imports int) bool {
	for {
		m.size, m.cost = 0, costs{}
		n, st = m.run(n, st)
		size -= int(m.size)
		if st == stDone {
			return size == 0
		}
		if st != stAsk {
			return false
		}
		c := d.z.sp.settle(m, n.(asker))
		load := func() {
			m.load(c.state)
			m.k = c.k
		}
		after := func(n node, st status, left int) *big.Int {
			total := new(big.Int)
			for state, p := range d.z.run(m, n, st, memo, imports) {
				if (want < 0 || state == want) && left >= 0 && left < len(p) && left < d.z.most {
					total.Add(total, p[left])
				}
			}
			return total
		}
		var ways []way
		leap, isLeap := c.ask.(*leapNode)
		if isLeap {
			load()
			key := leap.key(m)
			for _, state := range sortedStates(d.z.tables[key]) {
				for k, count := range d.z.tables[key][state] {
					if count.Sign() == 0 || k >= d.z.most {
						continue
					}
					load()
					rest := after(nil, leap.leave(m, state), size-k)
					ways = append(ways, way{new(big.Int).Mul(rest, count), -1, key, state, k})
				}
			}
		} else {
			for i := range c.dom.n {
				load()
				next, st := c.ask.take(m, i)
				ways = append(ways, way{count: after(next, st, size), option: int32(i)})
			}
		}
		w, ok := d.pick(ways)
		if !ok {
			return false
		}
		if isLeap {
			inner := &machine{sp: d.z.sp, jump: true}
			d.z.sp.enter(inner, w.called)
			if d.memos[w.called] == nil {
				d.memos[w.called] = map[*config]map[int32]poly{}
			}
			if !d.from(inner, w.called.proc.body, stNext, w.left, w.inner, d.memos[w.called], w.called.proc.imports) {
				return false
			}
			load()
			n, st = nil, leap.leave(m, w.left)
			size -= w.inner
			continue
		}
		d.options = append(d.options, w.option)
		load()
		n, st = c.ask.take(m, int(w.option))
	}
}

// pick takes a way in proportion to its count.
func (d *sizeDraw) pick(ways []way) (way, bool) {
	total := new(big.Int)
	for _, w := range ways {
		total.Add(total, w.count)
	}
	if total.Sign() == 0 {
		return way{}, false
	}
	d.picks++
	at := uniformBelow(total, mix(d.seed+d.picks), d.trial)
	for _, w := range ways {
		if at.Cmp(w.count) < 0 {
			return w, true
		}
		at.Sub(at, w.count)
	}
	return way{}, false
}
