package draw

// A railroad diagram is put together of rails: a line enters each from the left and leaves it to the right at the same height.

// rail is a part of a railroad diagram: how wide it is, how far it reaches above and below its line, and how it is drawn with the
// line entering at x, y.
type rail struct {
	width, up, down float64
	draw            func(p *picture, x, y float64)
}

const (
	railGap    = 14.0 // of line between the parts of a sequence
	trackGap   = 10.0 // between parallel tracks
	turn       = 8.0  // the radius of a line's turns
	branch     = 26.0 // where tracks part and join
	boxPadding = 9.0
)

// through is a line and nothing on it.
func through(width float64) rail {
	return rail{width, 6, 6, func(p *picture, x, y float64) { p.path("", "M", x, y, "h", width) }}
}

// look is how a box looks.
type look struct {
	fill, stroke string
	round        float64
	attr         string
}

// The looks of boxes: each kind of thing has its own.
var (
	opLook     = look{"#f1f5f9", "#57606a", 12, ""}
	ruleLook   = look{"#dbeafe", "#1d4ed8", 2, ""}
	letLook    = look{"#dcfce7", "#15803d", 2, ""}
	paramLook  = look{"#ffffff", "#1d4ed8", 2, ` stroke-dasharray="4 2"`}
	wireLook   = look{"#ffffff", "#57606a", 12, ` stroke-dasharray="2 2"`}
	valueLook  = look{"#ffffff", "#57606a", 2, ""}
	rangeLook  = look{"#fef3c7", "#b45309", 2, ""}
	guardLook  = look{"#fee2e2", "#b91c1c", 0, ""}
	weightLook = look{"#ffffff", "#ffffff", 8, ""}
	frameLook  = look{"none", "#8c959f", 6, ` stroke-dasharray="6 3"`}
)

// box is a text, of several lines where it is long, in a box.
func box(text string, l look) rail {
	lines := wrap(text, 46)
	w := 0.0
	for _, line := range lines {
		w = max(w, width(line, fontSize))
	}
	w += 2 * boxPadding
	half := 6 + 8*float64(len(lines))
	return rail{w, half, half, func(p *picture, x, y float64) {
		p.rect(x, y-half, w, 2*half, l.round, l.fill, l.stroke, l.attr)
		for i, line := range lines {
			p.text(plainText+" m", x+w/2, y-half+18+16*float64(i), line)
		}
	}}
}

// tag is a small text on the line: a weight or a guard.
func tag(text string, l look) rail {
	w := width(text, smallSize) + 12
	return rail{w, 9, 9, func(p *picture, x, y float64) {
		p.rect(x, y-9, w, 18, l.round, l.fill, l.stroke, l.attr)
		p.text(boldSmall+" m", x+w/2, y+4, text)
	}}
}

// sequence is one rail after the other, in several rows where they would be wider than limit.
func sequence(items []rail, limit float64) rail {
	if len(items) == 1 {
		return items[0]
	}
	var rows []rail
	var row []rail
	w := 0.0
	for _, item := range items {
		if len(row) > 0 && w+railGap+item.width > limit {
			rows, row, w = append(rows, inRow(row)), nil, 0
		}
		if len(row) > 0 {
			w += railGap
		}
		row = append(row, item)
		w += item.width
	}
	rows = append(rows, inRow(row))
	if len(rows) == 1 {
		return rows[0]
	}
	return stack(rows)
}

func inRow(items []rail) rail {
	var r rail
	for i, item := range items {
		if i > 0 {
			r.width += railGap
		}
		r.width += item.width
		r.up, r.down = max(r.up, item.up), max(r.down, item.down)
	}
	r.draw = func(p *picture, x, y float64) {
		for i, item := range items {
			if i > 0 {
				p.path("", "M", x, y, "h", railGap)
				x += railGap
			}
			item.draw(p, x, y)
			x += item.width
		}
	}
	return r
}

// stack is rows below one another, the line leading from the end of each back to the start of the next. It leaves at the height at
// which it entered only where nothing follows: further parts of a sequence belong into the rows.
func stack(rows []rail) rail {
	const side, between = 2 * turn, 22.0
	r := rail{up: rows[0].up}
	ys := make([]float64, len(rows))
	for i, row := range rows {
		r.width = max(r.width, row.width)
		if i > 0 {
			ys[i] = ys[i-1] + rows[i-1].down + between + row.up
		}
	}
	inner := r.width
	r.width += 2*side + 2*turn
	r.down = ys[len(rows)-1] + rows[len(rows)-1].down
	r.draw = func(p *picture, x, y float64) {
		p.path("", "M", x, y, "h", side)
		for i, row := range rows {
			row.draw(p, x+side, y+ys[i])
			if i == len(rows)-1 {
				// back up along the right side, to where the line has to leave
				end := x + side + row.width
				p.path("", "M", end, y+ys[i], "H", x+r.width-2*turn, "q", turn, 0.0, turn, -turn, "V", y+turn, "q", 0.0, -turn, turn, -turn)
				continue
			}
			mid := y + ys[i] + row.down + between/2
			p.path("", "M", x+side+row.width, y+ys[i], "H", x+side+inner, "q", turn, 0.0, turn, turn, "V", mid-turn,
				"q", 0.0, turn, -turn, turn, "H", x+side, "q", -turn, 0.0, -turn, turn, "V", y+ys[i+1]-turn, "q", 0.0, turn, turn, turn)
		}
	}
	return r
}

// choice is parallel tracks, one of which is taken.
func choice(tracks []rail) rail {
	return parallel(tracks, func(p *picture, x, y, end float64, downs []float64, i int) {
		start, back := x+branch, x+branch+tracks[i].width
		down := y + downs[i]
		if i == 0 {
			p.path("", "M", x, y, "H", start)
			p.path("", "M", back, y, "H", end)
			return
		}
		if i == 1 {
			p.path("", "M", x, y, "q", turn, 0.0, turn, turn, "V", down-turn)
			p.path("", "M", end-turn, down-turn, "V", y+turn, "q", 0.0, -turn, turn, -turn)
		} else {
			p.path("", "M", x+turn, y+downs[i-1]-turn, "V", down-turn)
			p.path("", "M", end-turn, y+downs[i-1]-turn, "V", down-turn)
		}
		p.path("", "M", x+turn, down-turn, "q", 0.0, turn, turn, turn, "H", start)
		p.path("", "M", back, down, "H", end-2*turn, "q", turn, 0.0, turn, -turn)
	})
}

// bars are parallel tracks that are all taken, between two bars.
func bars(tracks []rail) rail {
	return parallel(tracks, func(p *picture, x, y, end float64, downs []float64, i int) {
		const bar = 8.0
		if i == 0 {
			p.path("", "M", x, y, "h", bar)
			p.path("", "M", end-bar, y, "h", bar)
			for _, at := range []float64{x + bar, end - bar} {
				p.path(` style="stroke-width:4"`, "M", at, y-8, "V", y+downs[len(downs)-1]+8)
			}
		}
		p.path("", "M", x+bar, y+downs[i], "H", x+branch)
		p.path("", "M", x+branch+tracks[i].width, y+downs[i], "H", end-bar)
	})
}

// parallel is tracks below one another; lead draws the lines from x to the i-th and on from there to end.
func parallel(tracks []rail, lead func(p *picture, x, y, end float64, downs []float64, i int)) rail {
	r := rail{up: tracks[0].up, width: 2 * branch}
	downs := make([]float64, len(tracks))
	for i, t := range tracks {
		r.width = max(r.width, 2*branch+t.width)
		if i > 0 {
			downs[i] = downs[i-1] + tracks[i-1].down + trackGap + t.up
		}
	}
	last := len(tracks) - 1
	r.down = downs[last] + tracks[last].down
	r.draw = func(p *picture, x, y float64) {
		for i, t := range tracks {
			lead(p, x, y, x+r.width, downs, i)
			t.draw(p, x+branch, y+downs[i])
		}
	}
	return r
}

// loop is a rail that is passed again and again; the way back carries a label.
func loop(item rail, label string) rail {
	l := tag(label, rangeLook)
	w := max(item.width, l.width+8)
	side := 2 * turn
	back := item.down + 16
	r := rail{w + 2*side, item.up, back + 10, nil}
	r.draw = func(p *picture, x, y float64) {
		p.path("", "M", x, y, "h", side)
		item.draw(p, x+side, y)
		p.path("", "M", x+side+item.width, y, "H", x+r.width)
		end, at := x+r.width-side, x+r.width/2-l.width/2
		p.path("", "M", end, y, "q", turn, 0.0, turn, turn, "V", y+back-turn, "q", 0.0, turn, -turn, turn, "H", at+l.width,
			"M", at, y+back, "H", x+side, "q", -turn, 0.0, -turn, -turn, "V", y+turn, "q", 0.0, -turn, turn, -turn)
		p.b.WriteString(`<path d="M` + num(x+side+8) + " " + num(y+back) + `l7-3.5v7z" fill="#57606a"/>` + "\n")
		l.draw(p, at, y+back)
	}
	return r
}

// line is a row of a frame: a label, and a rail of its own.
type line struct {
	label string
	rail  rail
}

// frame is rows with labels in a frame; the title stands above the first.
func frame(title string, rows []line) rail {
	labels := 0.0
	for _, row := range rows {
		labels = max(labels, width(row.label, fontSize))
	}
	if labels > 0 {
		labels += 10
	}
	const pad = 12.0
	r := rail{}
	ys := make([]float64, len(rows))
	for i, row := range rows {
		r.width = max(r.width, row.rail.width)
		if i > 0 {
			ys[i] = ys[i-1] + max(rows[i-1].rail.down, 8) + 12 + max(row.rail.up, 12)
		}
	}
	head := 0.0
	if title != "" {
		head = 18
	}
	r.width = max(r.width+labels+12, width(title, smallSize)) + 2*pad
	r.up = max(rows[0].rail.up, 12) + pad + head
	r.down = ys[len(rows)-1] + max(rows[len(rows)-1].rail.down, 8) + pad
	r.draw = func(p *picture, x, y float64) {
		l := frameLook
		p.rect(x, y-r.up, r.width, r.up+r.down, l.round, l.fill, l.stroke, l.attr)
		if title != "" {
			p.text(boldSmall, x+pad, y-r.up+18, title)
		}
		for i, row := range rows {
			p.text(plainText, x+pad, y+ys[i]+4.5, row.label)
			at := x + pad + labels
			p.path("", "M", at, y+ys[i], "h", 6.0)
			row.rail.draw(p, at+6, y+ys[i])
			p.path("", "M", at+6+row.rail.width, y+ys[i], "h", 6.0)
		}
	}
	return r
}
