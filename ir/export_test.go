package ir

// Taken are the options of all choices that a point took, those among them that were no decision.
func (p *Point) Taken() (list []int) {
	for _, t := range p.taken {
		list = append(list, int(t.option))
	}
	return list
}

// Spent are the point's params and macs as the solver adds them up; those of repeated lets are among them where the
// space has a requirement on a cost.
func (p *Point) Spent() (params, macs int64) { return p.spent[costParams], p.spent[costMACs] }

// Drop forgets what was learned of a space, as happens when its tables are too large.
func (sp *Space) Drop() {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	sp.drop()
}
