package ir

import "slices"

// What a space offers is known to complete. A point of which it isn't known, because it was found otherwise (Locate), shows
// by itself that its answers complete: a walk that is on its way offers them, too.

// Along takes the walk back to the root, from where it offers a point's answers besides what the space does, as
// long as it takes them. Reset ends that.
func (w *Walk) Along(p *Point) {
	w.Reset()
	w.along(p)
}

func (w *Walk) along(p *Point) {
	off := p.space != w.sp
	w.sure = func() (int32, bool) {
		n := len(w.path)
		if off = off || n >= len(p.taken) || n > 0 && w.path[n-1].option != p.taken[n-1].option; off {
			return 0, false
		}
		return p.taken[n].option, true
	}
}

// surely adds to a menu what is sure to lead to a point, if it isn't on it.
func (w *Walk) surely(mn *menu) (_ *menu, added bool) {
	if w.sure == nil || !w.sp.vast || w.at.dom.continuous {
		return mn, false
	}
	option, ok := w.sure()
	if !ok || slices.Contains(mn.options, option) || w.fails(option) {
		return mn, false
	}
	more := &menu{options: append(slices.Clone(mn.options), option)}
	slices.Sort(more.options)
	more.prior = make([]float64, len(more.options))
	w.at.dom.shares(more.options, more.prior)
	return more, true
}

// ruled is the walk where it goes rule by rule, which decisions are to know.
func (w *Walk) ruled() *Walk {
	if len(w.rules) == 0 {
		return nil
	}
	return w
}
