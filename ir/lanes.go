package ir

// A let that is drawn once and used on several types has to fit all of them. It is solved for all of
// them at once: what flows through it is then a value of kind lanes, one lane an arrival, and a lane in
// which something does not fit is bottom. Lane 0 is the arrival at hand; the draw must fit it. What comes
// out, lane by lane, is all that the rest of the space needs to know of the draw.
//
// The weights of a shared let are one set. Where there are such lets, lanes carry classes: lanes of one class have come by weights of
// the same sizes. A lane that leaves a shared let in another class than lane 0 doesn't fit.

// lane0 is the value at hand.
func (m *machine) lane0(v val) val {
	if lv := m.sp.vals.at(v); lv.kind == kindLanes {
		return lv.parts[0]
	}
	return v
}

func (m *machine) laned(v val) bool { return m.sp.vals.at(v).kind == kindLanes }

// lanes is how many there are of what flows.
func (m *machine) lanes() int {
	if lv := m.sp.vals.at(m.acc); lv.kind == kindLanes {
		return len(lv.parts)
	}
	return 1
}

// lift applies f lane by lane. Lanes of unlike number are filled up with bottom.
func (m *machine) lift(parts []val, f func([]val) val) val {
	n, classes := 0, ""
	for _, p := range parts {
		if p == bottom {
			return bottom
		}
		if v := m.sp.vals.at(p); v.kind == kindLanes {
			n = max(n, len(v.parts))
			classes = both(classes, v.s)
		}
	}
	if n == 0 {
		return f(parts)
	}
	out, in := make([]val, n), make([]val, len(parts))
lane:
	for j := range out {
		for i, p := range parts {
			if v := m.sp.vals.at(p); v.kind == kindLanes {
				if j >= len(v.parts) || v.parts[j] == bottom {
					out[j] = bottom
					continue lane
				}
				p = v.parts[j]
			}
			in[i] = p
		}
		out[j] = f(in)
	}
	return m.sp.vals.lanesOf(out, classes)
}

// both are the classes of lanes that are of one class where they are in a and in b.
func both(a, b string) string {
	if a == b || b == "" {
		return a
	} else if a == "" {
		return b
	}
	x, y := []rune(a), []rune(b)
	return classes(min(len(x), len(y)), func(j int) [2]rune { return [2]rune{x[j], y[j]} })
}

// classes are those of n lanes by what they have; empty where it is the same in all.
func classes[T comparable](n int, of func(lane int) T) string {
	seen, out := map[T]rune{}, make([]rune, n)
	for j := range out {
		x := of(j)
		if _, ok := seen[x]; !ok {
			seen[x] = rune(len(seen))
		}
		out[j] = seen[x]
	}
	if len(seen) <= 1 {
		return ""
	}
	return string(out)
}

// parted is v, of which lanes with different sizes of weights are in different classes.
func (m *machine) parted(v, sizes val) val {
	by := m.sp.vals.at(sizes)
	if by.kind != kindLanes {
		return v
	}
	parts, before := make([]val, len(by.parts)), ""
	x := m.sp.vals.at(v)
	if x.kind == kindLanes {
		before = x.s
	}
	for j := range parts {
		parts[j] = x.lane(j, v)
	}
	return m.sp.vals.lanesOf(parts, both(before, classes(len(parts), func(j int) val {
		if parts[j] == bottom {
			return by.parts[0] // it matters no more
		}
		return by.parts[j]
	})))
}

// component is part i of a tuple of n (of any number where n is -1), lane by lane.
func (m *machine) component(v val, i, n int) (val, bool) {
	tv := m.sp.vals.at(v)
	if tv.kind == kindTuple {
		if i >= len(tv.parts) || n >= 0 && n != len(tv.parts) {
			return 0, false
		}
		return tv.parts[i], true
	}
	if tv.kind != kindLanes {
		return 0, false
	}
	part := m.lift([]val{v}, func(p []val) val {
		if t := m.sp.vals.at(p[0]); t.kind == kindTuple && i < len(t.parts) && (n < 0 || n == len(t.parts)) {
			return t.parts[i]
		}
		return bottom
	})
	return part, m.lane0(part) != bottom
}

// only is the value that lane 0 has; the lanes that have another are given up.
func (m *machine) only(v val) val {
	if m.sp.vals.at(v).kind != kindLanes {
		return v
	}
	first := m.lane0(v)
	m.acc = m.lift([]val{m.acc, v}, func(p []val) val {
		if p[1] == first {
			return p[0]
		}
		return bottom
	})
	return first
}
