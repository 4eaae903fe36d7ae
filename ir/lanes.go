package ir

// A let that is drawn once and used on several types has to fit all of them. It is solved for all of
// them at once: what flows through it is then a value of kind lanes, one lane an arrival, and a lane in
// which something does not fit is bottom. Lane 0 is the arrival at hand; the draw must fit it. What comes
// out, lane by lane, is all that the rest of the space needs to know of the draw.

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
	n := 0
	for _, p := range parts {
		if p == bottom {
			return bottom
		}
		if v := m.sp.vals.at(p); v.kind == kindLanes {
			n = max(n, len(v.parts))
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
	return m.sp.vals.lanes(out)
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
