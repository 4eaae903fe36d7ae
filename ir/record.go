package ir

// Record is a walk along a point that remembers where it was at each decision, so that other walks can start on its way and,
// once they have come back to it, end there. It holds as long as its space's tables do, and lets go of them then.
type Record struct {
	walk      *Walk // at its end
	point     *Point
	marks     []mark         // at the decisions, in order
	decisions map[uint64]int // by key
}

// mark is where a walk was at a decision.
type mark struct {
	here  place
	top   int32
	rules int // how many visits there were
	taken int // and choices
	spent costs
	chart *chart // if the walk has one
}

// copy is one of its own.
func (c *chart) copy() *chart {
	if c == nil {
		return nil
	}
	same := *c
	return &same
}

// Record walks along a point. It is nil where walks don't go rule by rule, as they are quick there, and where the tables were
// dropped on the way.
func (w *Walk) Record(p *Point) *Record {
	w.sp.mu.Lock()
	defer w.sp.mu.Unlock()
	if p.space != w.sp || !w.sp.alone() {
		return nil
	}
	r := &Record{walk: w.sp.Walk(), point: p, decisions: map[uint64]int{}}
	v, epoch := r.walk, 0
	for i := range p.taken {
		a := &p.taken[i]
		if !v.come() || len(v.rules) == 0 || v.at.dom.n != a.dom.n {
			return nil
		}
		if i == 0 {
			epoch = v.epoch
		}
		if !a.forced {
			r.decisions[v.hash(v.at.k.path, v.top)] = len(r.marks)
			r.marks = append(r.marks, mark{v.here, v.top, len(v.rules), i, v.spent, v.chart.copy()})
		}
		v.take(a.option, a.real, a.forced)
	}
	if v.come() || v.err != nil || v.epoch != epoch || epoch != w.sp.epoch { // where marks are of tables that were dropped since
		return nil
	}
	w.sp.records = append(w.sp.records, r)
	w.sp.recorded += len(r.marks) + len(v.rules)
	return r
}

// end is where the tables are dropped.
func (r *Record) end() { r.walk, r.marks = nil, nil }

// From takes the walk to decision i of a record. It is false where the record doesn't hold any more, or has no such decision.
func (w *Walk) From(r *Record, i int) (*Decision, bool) {
	sp := w.sp
	sp.mu.Lock()
	defer sp.mu.Unlock()
	if r.walk == nil || sp.grown || i < 0 || i >= len(r.marks) {
		return nil, false
	}
	w.Reset()
	w.along(r.point)
	w.renew()
	at := &r.marks[i]
	w.atRoot()
	w.chart = at.chart.copy()
	w.rules, w.visits = append(w.rules[:0], r.walk.rules[:at.rules]...), r.walk.visits
	w.top, w.spent, w.path = at.top, at.spent, append(w.path, r.point.taken[:at.taken]...)
	w.last, w.plan, w.room = lastTaken{}, nil, sp.kept()+sp.onWay
	w.stand(&at.here)
	w.dec, w.state = Decision{c: w.at, space: sp, walk: w}, walkAsked
	return &w.dec, true
}

// Joins ends a walk that From started, at the decision that Next gave, as the record did, if it stands where that stood and
// what is left keeps the requirements. It tells which of the record's decisions that is.
func (w *Walk) Joins(r *Record) (i int, ok bool) {
	sp := w.sp
	sp.mu.Lock()
	defer sp.mu.Unlock()
	if w.state != walkAsked || w.epoch != sp.epoch || r.walk == nil {
		return 0, false
	}
	i, ok = r.decisions[w.dec.Key()]
	if !ok {
		return 0, false
	}
	at := &r.marks[i]
	if !w.here.equals(&at.here) || !w.standsAs(w.top, r.walk, at.top) {
		return 0, false
	}
	total := w.spent
	for d := range total {
		total[d] += r.walk.spent[d] - at.spent[d]
	}
	if !sp.within(&total) {
		return 0, false
	}
	w.path = append(w.path, r.point.taken[at.taken:]...)
	w.spent, w.at, w.state = total, nil, walkEnded
	return i, true
}

// standsAs tells whether two walks, one of which started on the other's way, have come to two visits in the same way.
func (w *Walk) standsAs(in int32, other *Walk, there int32) bool {
	for in != there || w.rules[in].id != other.rules[there].id {
		u, v := &w.rules[in], &other.rules[there]
		if in == 0 || there == 0 || u.proc != v.proc || u.hash != v.hash || u.depth != v.depth || u.mult != v.mult || !u.site.equals(&v.site) {
			return false
		}
		in, there = u.around, v.around
	}
	return true
}
