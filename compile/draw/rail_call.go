package draw

import (
	"github.com/spacec-lang/spacec/lang"
)

// call is the box of a call: where its arguments hold choices, each argument stands on a line with what it can be.
func (r *railer) call(c *lang.Call) rail {
	l := r.look(c.Fun.Name)
	chosen := false
	for _, a := range c.Args {
		chosen = chosen || len(options(a.Value)) > 1 || isRange(a.Value)
	}
	if text := written(c); !chosen {
		return box(text, l)
	}
	type argument struct {
		label string
		chips []rail
	}
	const high, pad = 24.0, 9.0
	w := width(c.Fun.Name, fontSize)
	labels := 0.0
	var args []argument
	for _, a := range c.Args {
		arg := argument{}
		if a.Name != nil {
			arg.label = a.Name.Name + ":"
		}
		labels = max(labels, width(arg.label, smallSize))
		chips := chipsOf(a.Value)
		row, rowWidth := []rail(nil), 0.0
		for _, chip := range chips { // in several rows where there are many
			if len(row) > 0 && rowWidth+chip.width > 330 {
				arg.chips = append(arg.chips, inChips(row))
				row, rowWidth = nil, 0
			}
			row, rowWidth = append(row, chip), rowWidth+chip.width+4
		}
		arg.chips = append(arg.chips, inChips(row))
		args = append(args, arg)
	}
	if labels > 0 {
		labels += 6
	}
	rows := 0
	for _, a := range args {
		rows += len(a.chips)
		for _, chips := range a.chips {
			w = max(w, labels+chips.width)
		}
	}
	w += 2 * pad
	down := float64(rows)*high + 20
	return rail{w, 14, down - 2, func(p *picture, x, y float64) {
		p.rect(x, y-14, w, 12+down, min(l.round, 8), l.fill, l.stroke, l.attr)
		p.text(boldText+" m", x+w/2, y+4.5, c.Fun.Name)
		at := y + high
		for _, a := range args {
			p.text(smallText, x+pad, at+4, a.label)
			for _, chips := range a.chips {
				chips.draw(p, x+pad+labels, at)
				at += high
			}
		}
	}}
}

// options are the alternatives of a value.
func options(e lang.Expr) []lang.Alt {
	switch e := e.(type) {
	case *lang.Paren:
		return options(e.X)
	case *lang.Choice:
		return e.Alts
	}
	return nil
}

func isRange(e lang.Expr) bool {
	if p, ok := e.(*lang.Paren); ok {
		return isRange(p.X)
	}
	_, ok := e.(*lang.Range)
	return ok
}

// chipsOf are what an argument can be.
func chipsOf(e lang.Expr) []rail {
	alts := options(e)
	if len(alts) == 0 {
		return []rail{chip(written(e), isRange(e))}
	}
	var out []rail
	for _, a := range alts {
		text := written(a.Body)
		if a.Weight != nil {
			text += " " + a.Weight.Span.Text()
		}
		if a.Guard != nil {
			text += " if " + written(a.Guard)
		}
		out = append(out, chip(text, isRange(a.Body)))
	}
	return out
}

// chip is a small box within the box of a call.
func chip(text string, ranged bool) rail {
	l := look{"#ffffff", "#8c959f", 3, ""}
	if ranged {
		l = look{rangeLook.fill, rangeLook.stroke, 3, ""}
	}
	w := width(text, smallSize) + 10
	return rail{w, 9, 9, func(p *picture, x, y float64) {
		p.rect(x, y-9, w, 18, l.round, l.fill, l.stroke, l.attr)
		p.text("s", x+5, y+4, text)
	}}
}

// inChips is chips side by side.
func inChips(chips []rail) rail {
	r := rail{up: 9, down: 9}
	for _, c := range chips {
		r.width += c.width + 4
	}
	r.width -= 4
	r.draw = func(p *picture, x, y float64) {
		for _, c := range chips {
			c.draw(p, x, y)
			x += c.width + 4
		}
	}
	return r
}
