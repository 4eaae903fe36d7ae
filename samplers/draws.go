package samplers

import "github.com/spacec-lang/spacec/ir"

// What a draw that is no decision's decides: the keys of such draws.
const (
	drawCrossover uint64 = iota + 1
	drawGene
	drawNear
	drawStep
	drawOther
	drawNeighbours
	drawThompson
	drawTree
	drawParent // and the next
	_
)

// drawn answers decisions by the prior, keyed by (seed, trial, decision).
type drawn struct{ seed, trial uint64 }

func (s drawn) answer(d *ir.Decision) (int, float64) {
	u := ir.Uniform(s.seed, s.trial, d.Key())
	if d.Continuous() {
		return 0, d.PickReal(u)
	}
	return d.Draw(u), 0
}

// evenly answers decisions by any option on offer, each as likely as the others.
type evenly struct{ drawn }

func (s evenly) answer(d *ir.Decision) (int, float64) {
	if d.Continuous() {
		return s.drawn.answer(d)
	}
	n := d.Len()
	if n == 0 {
		return -1, 0 // the walk has ended
	}
	return d.Option(int(ir.Uniform(s.seed, s.trial, d.Key()) * float64(n))), 0
}

// uniform is a number in [0, 1) for what is no decision.
func (s drawn) uniform(key uint64) float64 { return ir.Uniform(^s.seed, s.trial, key) }

// shuffled is the numbers from 0 up to n in an order drawn by key.
func shuffled(n int, at drawn, key uint64) []int {
	order := make([]int, n)
	for i := range order {
		j := int(at.uniform(mixed(key, uint64(i))) * float64(i+1))
		order[i], order[j] = order[j], i
	}
	return order
}

// mixed hashes a number into a hash. Of small numbers the two are no more alike than others: seeds and trials are such.
func mixed(h, x uint64) uint64 {
	h = (h*0xd1342543de82ef95 ^ x) + 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}
