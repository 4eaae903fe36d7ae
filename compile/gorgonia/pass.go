package gorgonia

import (
	"github.com/spacec-lang/spacec/compile/gorgonia/internal/loops"
	"github.com/spacec-lang/spacec/compile/gorgonia/internal/rows"
)

// pass is a convolution of a field with filters to a grid of results of each image.
type pass struct {
	*field
	groups, made   int     // groups of channels, and how many channels each makes
	elements       []int32 // of a window: where they stand in the field, group by group; the last one is the bias's one, if any
	weights        []int32 // and where in the filters, beyond where those of the result's channel start
	group, between int     // how far the filters of two groups and of two channels are apart
	gh, gw         int     // the grid
	oh, ow         int     // of an image of results
	y, x, sy, sx   int     // where the grid's first place is in it, and how far places are apart
	cols           []int32 // where the windows of each register of results start
	outs           []int32 // and where the results go; nil where they are copied there
	perImage       int     // registers of an image, where outs isn't nil
}

// plan decides how the results are computed: straight to where they go, where each row of them is whole registers; or else
// along the field, with what lies between rows, to be copied from there.
func (p *pass) plan(rows, lanes int) {
	if rows > 1 && p.gw%lanes == 0 && p.gh == p.oh && p.gw == p.ow {
		p.perImage = p.gh * p.gw / lanes
		for i := range p.images * p.perImage {
			n, y, x := i/p.perImage, i*lanes/p.gw%p.gh, i*lanes%p.gw
			p.cols = append(p.cols, int32((n*p.ph+y)*p.pw+x))
			p.outs = append(p.outs, int32(n*p.groups*p.made*p.oh*p.ow+y*p.ow+x))
		}
		return
	}
	for i := range p.plane / lanes {
		p.cols = append(p.cols, int32(i*lanes))
	}
}

// depth is how many products make a result.
func (p *pass) depth() int { return len(p.elements) / p.groups }

// panels is how many panels of filters there are, each of rows filters of a group.
func (p *pass) panels(rows int) int { return p.groups * ceil(p.made, rows) }

// pack lays out a panel of filters.
func pack[T real](p *pass, rows, panel int, to, w []T, bias []T) {
	each := ceil(p.made, rows)
	g, first := panel/each, panel%each*rows
	to = part(to, panel, rows*p.depth())
	clear(to)
	for r := range min(rows, p.made-first) {
		from, at := w[g*p.group+(first+r)*p.between:], r
		for _, i := range p.weights {
			to[at] = from[i]
			at += rows
		}
		if p.ones {
			to[at] = bias[g*p.made+first+r]
		}
	}
}

// over computes the results y of m images that are laid out in x, with memory for a panel's results along the field.
func over[T real](p *pass, l *loops.Set[T], rows int, panels, x, y, memory []T, m int) {
	each, size, depth := ceil(p.made, rows), p.oh*p.ow, p.depth()
	registers := ceil(m*p.ph*p.pw, l.Lanes)
	if p.outs != nil {
		registers = m * p.perImage
	}
	for panel := range p.panels(rows) {
		g, first := panel/each, panel%each*rows
		to, ld, outs := memory, p.plane, p.cols
		made := min(rows, p.made-first)
		direct := p.outs != nil && made == rows
		if direct {
			to, ld, outs = y[(g*p.made+first)*size:], size, p.outs
		}
		filters, elements := panels[panel*rows*depth:], p.elements[g*depth:]
		switch {
		case depth == 0:
			clear(memory)
		case rows == 1:
			l.Slide(registers, depth, filters, x, elements, to)
		default:
			for i := 0; i < registers; i += loops.Most {
				l.Tile(min(loops.Most, registers-i), depth, filters, x, elements, p.cols[i:], to, ld, outs[i:], false)
			}
		}
		for n := 0; n < m && !direct; n++ {
			for r := range made {
				put(p, part(y, (n*p.groups+g)*p.made+first+r, size), memory[r*p.plane+n*p.ph*p.pw:])
			}
		}
	}
}

// put copies the results of an image from a run along the field.
func put[T real](p *pass, to, from []T) {
	if p.gh == 0 || p.gw == 0 {
		return
	}
	if p.sx == 1 && p.sy == 1 {
		rows.Copy(p.gh, p.gw, to[p.y*p.ow+p.x:], p.ow, from, p.pw, false)
		return
	}
	for i := range p.gh {
		row, to := from[i*p.pw:][:p.gw], to[(p.y+i*p.sy)*p.ow+p.x:]
		if p.sx == 1 {
			copy(to, row)
			continue
		}
		for j, v := range row {
			to[j*p.sx] = v
		}
	}
}
