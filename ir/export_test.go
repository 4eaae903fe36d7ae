package ir

// Taken are the options of all choices that a point took, those among them that were no decision.
func (p *Point) Taken() (list []int) {
	for _, t := range p.taken {
		list = append(list, int(t.option))
	}
	return list
}
