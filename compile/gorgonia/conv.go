package gorgonia

import (
	"fmt"
	"math"

	"github.com/spacec-lang/spacec/compile/gorgonia/internal/cores"
	"github.com/spacec-lang/spacec/compile/gorgonia/internal/loops"
	"github.com/spacec-lang/spacec/ir/op"
)

// convolution computes tiles of the results of some filters at some windows, whose elements are read where they stand: no
// window is laid out. The gradient by the images is a convolution again, for each remainder of their rows and columns by the
// stride: of the results' gradient with those elements of the filters that meet there. The gradient by the filters is a dot
// product of each channel of the results' gradient with each element of all windows.
//
// The cores share the images, a few at a time. A sum over images is that of fixed parts, so that it is the same on any number
// of cores.
type convolution[T real] struct {
	planes
	batch, c, f, groups int
	images              int // at a time
	rows                int // filters at a time: those of a tile, or 1 where each channel is by itself
	team                *cores.Team
	loops               loops.Set[T]
	mem                 *scratch[T]
	there               pass
	back                []pass // none where no gradient goes to the images
	gradients           *field // of the results
	shift               int    // where the first result's gradient stands in it
	lead                int    // numbers before it, so that this is at a whole register
	parts               int    // of the gradient by the filters

	doing   work
	in, din [][]T
	y, dy   []T
}

// work is what the cores share at a time.
type work int

const (
	packThere work = iota // panels of filters
	some                  // images, to results
	packBack              // filters of passes back
	someBack              // parts of the images, to gradients
	sum                   // elements of filters, of which the parts of the gradients are added up
)

// newConv is the kernel of a convolution of images of shape x to results of shape y. Bias and needs tell whether there is a
// bias, and whether a gradient goes to x.
func newConv[T real](l *lowering[T], x, y op.Shape, win op.Window, groups int, bias, needs bool) (kernel[T], error) {
	p := planesOf(l.Batch, x, y, win)
	c, f := x[0].Size, y[0].Size
	padded := float64(l.Batch) * float64(max(c, f)) * float64(p.h+p.Top+p.Bottom+p.DH*p.KH) * float64(p.w+p.Left+p.Right+p.DW*p.KW)
	if padded > math.MaxInt32 {
		return nil, fmt.Errorf("a batch of %d is too large for a convolution of %s with its padding", l.Batch, x)
	}
	k := &convolution[T]{planes: p, batch: l.Batch, c: c, f: f, groups: groups, team: l.team, loops: l.set, mem: l.mem,
		images: imagesAtOnce(l.Batch, p.oh*p.ow), rows: l.set.Rows}
	if groups > 1 && groups == c {
		k.rows = 1
	}
	k.parts = min(ceil(l.Batch, k.images), max(4, min(32, 1<<20/(f*k.depth()))))
	k.plan(bias, needs && l.Loss != None)
	k.reserve(l.Loss != None)
	return k, nil
}

// imagesAtOnce is how many images a core works on at a time: enough of small ones that runs are long, not so many that there
// is nothing to share.
func imagesAtOnce(batch, size int) int { return min(ceil(1024, size), ceil(batch, 8)) }

// depth is how many elements a filter has.
func (k *convolution[T]) depth() int { return k.c / k.groups * k.KH * k.KW }

// plan makes the passes and their fields.
func (k *convolution[T]) plan(bias, needs bool) {
	lanes, area, cg, fg := k.loops.Lanes, k.KH*k.KW, k.c/k.groups, k.f/k.groups
	f := newField(k.images, k.c, k.h, k.w, k.SH, k.SW, k.Top, k.Left, (k.oh-1)*k.SH+(k.KH-1)*k.DH, (k.ow-1)*k.SW+(k.KW-1)*k.DW, bias)
	rows, columns := lines(k.SH, k.h, k.Top, k.KH, k.DH), lines(k.SW, k.w, k.Left, k.KW, k.DW)
	top, bottom := reach(rows)
	left, right := reach(columns)
	if !needs {
		top, bottom, left, right = 0, k.oh-1, 0, k.ow-1
	}
	g := newField(k.images, k.f, k.oh, k.ow, 1, 1, top, left, bottom, right, false)
	match(lanes, f, g)
	g.at(0, 0)
	k.gradients, k.shift = g, top*g.pw+left
	k.lead = ceil(k.shift, lanes)*lanes - k.shift

	for e := range area {
		f.at(e/k.KW*k.DH, e%k.KW*k.DW) // which makes its phase
	}
	k.there = pass{field: f, groups: k.groups, made: fg, group: fg * k.depth(), between: k.depth(),
		gh: k.oh, gw: k.ow, oh: k.oh, ow: k.ow, sy: 1, sx: 1}
	for n := range k.groups {
		for i := range k.depth() {
			ch, e := n*cg+i/area, i%area
			k.there.elements = append(k.there.elements, int32(ch*f.channel()+f.at(e/k.KW*k.DH, e%k.KW*k.DW)))
		}
		if bias {
			k.there.elements = append(k.there.elements, int32(f.one()))
		}
	}
	for i := range k.depth() {
		k.there.weights = append(k.there.weights, int32(i))
	}
	k.there.plan(k.rows, lanes)
	if !needs {
		return
	}
	for _, r := range rows {
		for _, c := range columns {
			p := pass{field: g, groups: k.groups, made: cg, group: fg * k.depth(), between: area,
				gh: r.count, gw: c.count, oh: k.h, ow: k.w, y: r.start, x: c.start, sy: k.SH, sx: k.SW}
			for i := range k.f {
				for _, ey := range r.elements {
					for _, ex := range c.elements {
						at := g.at(top+r.first-ey*k.DH/k.SH, left+c.first-ex*k.DW/k.SW)
						p.elements = append(p.elements, int32(i*g.channel()+at))
						if i < fg {
							p.weights = append(p.weights, int32(i*k.depth()+ey*k.KW+ex))
						}
					}
				}
			}
			p.plan(k.rows, lanes)
			k.back = append(k.back, p)
		}
	}
}

// line is the rows, or columns, of images that are start, start + stride, ...: with padding the numbers a + i*stride for i from
// first, count of them. They meet the results i - e*dilation/stride of the filters' elements e with e*dilation = a modulo the
// stride.
type line struct {
	start, first, count int
	elements            []int
	nearest, furthest   int // of the results, from i
}

// lines is one for each remainder by the stride.
func lines(stride, size, pad, elements, dilation int) []line {
	all := make([]line, stride)
	for a := range all {
		l := &all[a]
		l.first = max(0, ceil(pad-a, stride))
		l.start = a + l.first*stride - pad
		l.count = max(0, ceil(size-l.start, stride))
		for e := range elements {
			if e*dilation%stride != a {
				continue
			}
			if len(l.elements) == 0 {
				l.nearest = e * dilation / stride
			}
			l.elements, l.furthest = append(l.elements, e), e*dilation/stride
		}
	}
	return all
}

// reach is how many zeros lines need before the results' gradient, and up to where, from there, they read.
func reach(lines []line) (before, last int) {
	for _, l := range lines {
		before = max(before, l.furthest-l.first)
	}
	for _, l := range lines {
		last = max(last, before+l.first+l.count-1-l.nearest)
	}
	return before, last
}

// reserve makes room: for each core the fields and a panel's results, for all the filters, or the parts of their gradient.
func (k *convolution[T]) reserve(train bool) {
	each, all := k.there.room(2)+k.rows*k.there.plane, k.panelsOf(&k.there)
	if train {
		each += k.lead + k.gradients.room(k.rows)
		back := k.parts * k.partSize()
		for i := range k.back {
			back += k.panelsOf(&k.back[i])
		}
		all = max(all, back)
	}
	k.mem.reserve(each, all)
}

// panelsOf is the size of a pass's filters.
func (k *convolution[T]) panelsOf(p *pass) int {
	return p.panels(k.rows) * k.rows * p.depth()
}

// partSize is the size of a part of the gradient by the filters and the bias: of each group by elements, each for all filters.
func (k *convolution[T]) partSize() int { return len(k.there.elements) * k.wide() }

// wide is how many filters of a group there are, up to whole panels.
func (k *convolution[T]) wide() int { return ceil(k.f/k.groups, k.rows) * k.rows }

// share has the cores do n things.
func (k *convolution[T]) share(n, grain int, doing work) {
	k.doing = doing
	k.team.Do(n, grain, k)
}

// Do is for the team.
func (k *convolution[T]) Do(worker, lo, hi int) {
	for i := lo; i < hi; i++ {
		switch k.doing {
		case packThere:
			k.packThere(i)
		case some:
			k.some(worker, i)
		case packBack:
			k.packBack(i)
		case someBack:
			k.someBack(worker, i)
		case sum:
			k.sum(i)
		}
	}
}

func (k *convolution[T]) forward(in [][]T, y []T) error {
	k.in, k.y = in, y
	k.share(k.there.panels(k.rows), 4, packThere)
	k.share(ceil(k.batch, k.images), 1, some)
	return nil
}

func (k *convolution[T]) packThere(panel int) {
	var bias []T
	if len(k.in) == 3 {
		bias = k.in[2]
	}
	pack(&k.there, k.rows, panel, k.mem.all, k.in[1], bias)
}

// some computes the results of some images.
func (k *convolution[T]) some(worker, i int) {
	first, m, memory := i*k.images, min(k.images, k.batch-i*k.images), k.mem.each[worker]
	lay(k.there.field, memory, k.in[0][first*k.c*k.h*k.w:], m)
	over(&k.there, &k.loops, k.rows, k.mem.all, memory, k.y[first*k.f*k.oh*k.ow:], memory[k.there.room(2):], m)
}

func (k *convolution[T]) backward(in [][]T, _, dy []T, din [][]T) {
	k.in, k.dy, k.din = in, dy, din
	if din[0] != nil {
		k.share(len(k.back), 1, packBack)
	}
	k.share(k.parts, 1, someBack)
	k.share(len(k.there.elements), 16, sum)
}

// filtersAt is where the filters of a pass back are, behind the parts.
func (k *convolution[T]) filtersAt(pass int) []T {
	at := k.parts * k.partSize()
	for i := range pass {
		at += k.panelsOf(&k.back[i])
	}
	return k.mem.all[at:]
}

func (k *convolution[T]) packBack(i int) {
	p := &k.back[i]
	for panel := range p.panels(k.rows) {
		pack(p, k.rows, panel, k.filtersAt(i), k.in[1], nil)
	}
}

// someBack computes a part of the gradient by the filters, and those by its images.
func (k *convolution[T]) someBack(worker, i int) {
	sums := part(k.mem.all, i, k.partSize())
	clear(sums)
	all := ceil(k.batch, k.images)
	x := k.mem.each[worker]
	dy := x[k.there.room(2)+k.lead:]
	memory := dy[k.gradients.room(k.rows):]
	for j := i * all / k.parts; j < (i+1)*all/k.parts; j++ {
		first, m := j*k.images, min(k.images, k.batch-j*k.images)
		lay(k.there.field, x, k.in[0][first*k.c*k.h*k.w:], m)
		lay(k.gradients, dy, k.dy[first*k.f*k.oh*k.ow:], m)
		k.byFilters(sums, x, dy[k.shift:], m)
		if k.din[0] == nil {
			continue
		}
		for b := range k.back {
			over(&k.back[b], &k.loops, k.rows, k.filtersAt(b), dy, k.din[0][first*k.c*k.h*k.w:], memory, m)
		}
	}
}

// registersAtOnce is about how many registers of a channel are taken at a time: those of as many channels as a tile has rows stay in the first
// cache.
const registersAtOnce = 32

// byFilters adds the gradient by the filters of m images: for each element of the windows and each filter the sum over windows.
func (k *convolution[T]) byFilters(sums, x, dy []T, m int) {
	depth, wide, fg, plane := k.there.depth(), k.wide(), k.f/k.groups, k.gradients.plane
	registers := ceil(m*k.there.ph*k.there.pw, k.loops.Lanes)
	if k.rows == 1 {
		for i := range sums {
			f := i % wide
			e := i / wide
			dy := dy[(e/depth*fg+f)*plane:][:registers*k.loops.Lanes]
			sums[i] += T(products(dy, x[k.there.elements[e]:][:len(dy)], 0))
		}
		return
	}
	equal := ceil(registers, max(1, (registers+registersAtOnce/2)/registersAtOnce))
	for q := 0; q < registers; q += equal {
		n, at := min(equal, registers-q), q*k.loops.Lanes
		for g := range k.groups {
			for f := 0; f < fg; f += k.rows {
				for e := g * depth; e < (g+1)*depth; e += loops.Most {
					v := min(loops.Most, (g+1)*depth-e)
					k.loops.Dot(v, n, dy[(g*fg+f)*plane+at:], plane, x[at:], k.there.elements[e:], sums[e*wide+f:], wide)
				}
			}
		}
	}
}

// sum adds up the parts of the gradient by an element of the filters.
func (k *convolution[T]) sum(e int) {
	wide, size, fg, depth := k.wide(), k.partSize(), k.f/k.groups, k.there.depth()
	all := part(k.mem.all, e, wide)
	for p := 1; p < k.parts; p++ {
		addTo(all, all, part(k.mem.all[p*size:], e, wide))
	}
	g, at := e/depth, e%depth
	if at == k.depth() { // the bias
		copy(part(k.din[2], g, fg), all)
		return
	}
	to := part(k.din[1], g, fg*k.depth())
	for f, v := range all[:fg] {
		to[f*k.depth()+at] = v
	}
}
