package ir

import "math"

// A draw looks at as few options as it can: which of them can complete is asked only of those that it falls on. In a vast
// space that is most of the work, and the options that can't are the ones that take the longest to look through.

// maxPicks is how many options a choice tries one by one before it looks at all that are left.
const maxPicks = 16

// choose is the option that u, in [0, 1), falls on by the weights, percentages and parts, of the options that can be taken;
// -1 where none can. An option that was tried in vain leaves its share to the others, so that each has the probability
// that shares gives it.
func (d *domain) choose(u float64, can func(option int) bool) int {
	var few [64]bool
	out := few[:] // options that aren't to be tried any more
	if d.n > len(few) {
		out = make([]bool, d.n)
	}
	percent := 0.0
	for i, w := range d.weights {
		if !w.percent {
			continue
		}
		if out[i] = !can(i); !out[i] {
			percent += w.w / 100
		}
	}
	switch {
	case percent >= 1:
	case u < percent:
		u /= percent
	default:
		if i := d.among(out, false, (u-percent)/(1-percent), can); i >= 0 {
			return i
		}
		u = again(u, 0)
	}
	return d.among(out, true, u, func(int) bool { return true })
}

// among chooses, of the percentages or of the parts, one that isn't out.
func (d *domain) among(out []bool, percent bool, u float64, can func(option int) bool) int {
	for try := uint64(1); ; try++ {
		total := 0.0
		for i, w := range d.weights {
			if w.percent == percent && !out[i] {
				if try == maxPicks {
					out[i] = !can(i)
				}
				if !out[i] {
					total += w.w
				}
			}
		}
		last, left := -1, u*total
		for i, w := range d.weights {
			if w.percent == percent && !out[i] && w.w > 0 {
				if last = i; left < w.w {
					break
				}
				left -= w.w
			}
		}
		if last < 0 || try == maxPicks || can(last) {
			return last
		}
		out[last] = true
		u = again(u, try)
	}
}

// again is a further number in [0, 1) that hangs on u alone.
func again(u float64, try uint64) float64 { return Uniform(math.Float64bits(u), try, 0) }
