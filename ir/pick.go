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
	percent := d.percent(out)
	if percent > 1 { // which leaves nothing to the parts, unless some can't be taken
		for i, w := range d.weights {
			out[i] = w.percent && !can(i)
		}
		percent = d.percent(out)
	}
	switch {
	case percent > 1:
		return d.among(out, true, u, can)
	case u < percent:
		i := d.on(out, true, u/percent)
		if can(i) {
			return i
		}
		out[i], u = true, again(u, 0)
	default:
		u = (u - percent) / (1 - percent)
	}
	if i := d.among(out, false, u, can); i >= 0 {
		return i
	}
	return d.among(out, true, again(u, 0), can)
}

// percent is the sum of the percentages that aren't out, of one.
func (d *domain) percent(out []bool) (sum float64) {
	for i, w := range d.weights {
		if w.percent && !out[i] {
			sum += w.w / 100
		}
	}
	return sum
}

// among chooses, of the percentages or of the parts, one that isn't out.
func (d *domain) among(out []bool, percent bool, u float64, can func(option int) bool) int {
	for try := uint64(1); ; try++ {
		if try == maxPicks {
			for i, w := range d.weights {
				out[i] = out[i] || w.percent == percent && !can(i)
			}
		}
		i := d.on(out, percent, u)
		if i < 0 || try == maxPicks || can(i) {
			return i
		}
		out[i] = true
		u = again(u, try)
	}
}

// on is which one u falls on by the weights, of the percentages or of the parts that aren't out; -1 where there is none.
func (d *domain) on(out []bool, percent bool, u float64) int {
	total := 0.0
	for i, w := range d.weights {
		if w.percent == percent && !out[i] {
			total += w.w
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
	return last
}

// again is a further number in [0, 1) that hangs on u alone.
func again(u float64, try uint64) float64 { return Uniform(math.Float64bits(u), try, 0) }
