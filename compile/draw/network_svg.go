package draw

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/spacec-lang/spacec/ir/op"
)

// maxPlaces is how much a drawing of a network may hold: its vertices, and each tensor in each layer that it passes.
const maxPlaces = 20_000

// titleLetters is how long a line of a box gets.
const titleLetters = 44

// hues are the colours of the families of ops; others are grey.
var hues = map[string]string{
	"convolution": "#dbeafe", "dense": "#e0e7ff", "normalisation": "#dcfce7", "activation": "#ffedd5",
	"pooling": "#f3e8ff", "joins": "#fef9c3", "sequence": "#fce7f3", "wiring": "#f1f5f9",
}

// stem is the line below a box beside which the shape stands of the tensor that leaves there.
type stem struct {
	at    float64 // from the middle of the vertex
	label string
	read  bool
}

// drawnVertex is a vertex with the sizes of its parts.
type drawnVertex struct {
	vertex
	lines         []string
	notes         []string
	box, height   float64
	stems         []stem
	width, bottom float64 // with its stems
}

const stemHeight = 22.0

func measure(v vertex, to [][]int) drawnVertex {
	d := drawnVertex{vertex: v, lines: wrap(v.title, titleLetters)}
	switch {
	case v.again:
		d.notes = append(d.notes, fmt.Sprintf("weights %d again", v.share))
	case v.params == 1:
		d.notes = append(d.notes, "1 parameter")
	case v.params > 0:
		d.notes = append(d.notes, group(v.params)+" parameters")
	}
	if v.share != 0 && !v.again {
		d.notes = append(d.notes, fmt.Sprintf("shared: weights %d", v.share))
	}
	for _, line := range d.lines {
		d.box = max(d.box, width(line, fontSize))
	}
	for _, line := range d.notes {
		d.box = max(d.box, width(line, smallSize))
	}
	d.box += 24
	d.height = 10 + 17*float64(len(d.lines)) + 14*float64(len(d.notes))
	d.width, d.bottom = d.box, d.height
	total := 0.0
	for port, s := range v.out {
		label := s.String()
		read := len(to[port]) > 0
		if !read {
			label += " (not read)"
		}
		w := width(label, smallSize) + 20
		d.stems = append(d.stems, stem{total + 8, label, read})
		total += w
	}
	if len(v.out) > 0 {
		d.bottom += stemHeight
	}
	if len(v.out) == 1 {
		d.stems[0].at = 0
		d.width = max(d.width, 2*total-16)
	} else if len(v.out) > 1 {
		for i := range d.stems {
			d.stems[i].at -= total / 2
		}
		d.box = max(d.box, total)
		d.width = d.box
	}
	return d
}

// Network draws a graph as an SVG file: a box for each op, shapes on the lines between them. Ops that only pass a tensor on are
// left out, as their lines say it all.
func Network(g *op.Graph, title string) ([]byte, error) {
	list, cost, err := network(g)
	if err != nil {
		return nil, err
	}
	vertices := make([]drawnVertex, len(list))
	widths := make([]float64, len(list))
	span := 0
	depth := make([]int, len(list))
	for i, ports := range readers(list) {
		vertices[i] = measure(list[i], ports)
		widths[i] = vertices[i].width
		for _, s := range list[i].in {
			depth[i] = max(depth[i], depth[s.vertex]+1)
		}
		for _, s := range list[i].in {
			span += depth[i] - depth[s.vertex]
		}
	}
	if span+len(list) > maxPlaces {
		return nil, fmt.Errorf("this network of %s ops is too large for a drawing", group(int64(len(list))))
	}
	places, layers := layout(list, widths, 26)

	const margin = 24.0
	head := []string{title, totals(cost)}
	top := margin + 44
	right := max(width(head[0], fontSize), width(head[1], smallSize))
	for _, p := range places {
		right = max(right, p.x+p.width/2)
	}
	// The layers from top to bottom: y of each, its height, and where lines arrive.
	ys, heights := make([]float64, len(layers)), make([]float64, len(layers))
	arrivals := make([][]float64, len(places))
	y := top
	for i, layer := range layers {
		reach := 0.0
		for _, p := range layer {
			if v := places[p].vertex; v >= 0 {
				heights[i] = max(heights[i], vertices[v].bottom)
			}
			arrivals[p] = arrive(places, vertices, p)
			for k, l := range places[p].up {
				reach = max(reach, math.Abs(leaves(places, vertices, l)-arrivals[p][k]))
			}
		}
		if i > 0 {
			y += 20 + min(70, reach*0.15)
		}
		ys[i] = y
		y += heights[i]
	}
	pic := &picture{}
	pic.text(boldText, margin, margin+13, head[0])
	pic.text(smallText, margin, margin+30, head[1])
	for i, p := range places {
		x, y := p.x+margin, ys[p.layer]
		if p.vertex < 0 {
			pic.path("", "M", x, y, "V", y+heights[p.layer])
		}
		for k, l := range p.up {
			above := places[l.place].layer
			x1, y1 := leaves(places, vertices, l)+margin, ys[above]+heights[above]
			x2 := arrivals[i][k] + margin
			pic.path("", "M", x1, y1, "C", x1, (y1+y)/2, x2, (y1+y)/2, x2, y)
			if p.vertex >= 0 {
				pic.arrow(x2, y)
			}
		}
	}
	for _, p := range places[:len(list)] {
		vertices[p.vertex].draw(pic, p.x+margin, ys[p.layer], heights[p.layer])
	}
	return pic.write(title, right+2*margin, y+margin), nil
}

// leaves is where the line of a link to something below leaves what is above.
func leaves(places []place, vertices []drawnVertex, l link) float64 {
	p := places[l.place]
	if p.vertex < 0 {
		return p.x
	}
	return p.x + vertices[p.vertex].stems[l.port].at
}

// arrive is where the lines from above arrive at a place: side by side, in the order of where they come from.
func arrive(places []place, vertices []drawnVertex, at int) []float64 {
	p := places[at]
	x := make([]float64, len(p.up))
	if p.vertex < 0 {
		for i := range x {
			x[i] = p.x
		}
		return x
	}
	by := make([]int, len(p.up))
	for i := range by {
		by[i] = i
	}
	slices.SortStableFunc(by, func(a, b int) int {
		return cmp.Compare(leaves(places, vertices, p.up[a]), leaves(places, vertices, p.up[b]))
	})
	step := min(18, (vertices[p.vertex].box-16)/float64(max(1, len(by)-1)))
	for i, k := range by {
		x[k] = p.x + (float64(i)-float64(len(by)-1)/2)*step
	}
	return x
}

// draw draws the box of a vertex around x below y, and its stems down to where the layer ends.
func (v *drawnVertex) draw(pic *picture, x, y, height float64) {
	fill, stroke, round, attr := "#f1f5f9", "#57606a", 5.0, ""
	if hue, ok := hues[v.family]; ok {
		fill = hue
	}
	if v.family == "" {
		fill, round = "#ffffff", v.height/2
	}
	if v.share != 0 {
		stroke, attr = "#1d4ed8", ` stroke-width="2" stroke-dasharray="5 3"`
	}
	pic.rect(x-v.box/2, y, v.box, v.height, round, fill, stroke, attr)
	at := y + 18
	for _, line := range v.lines {
		pic.text(plainText+" m", x, at, line)
		at += 17
	}
	at -= 2
	for _, line := range v.notes {
		pic.text(smallText+" m", x, at, line)
		at += 14
	}
	for _, s := range v.stems {
		if s.read {
			pic.path("", "M", x+s.at, y+v.height, "V", y+height)
		}
		pic.text(smallText, x+s.at+6, y+v.height+14, s.label)
	}
}

// totals says what a network costs.
func totals(c op.Cost) string {
	return fmt.Sprintf("%s, %s, %s MACs", count(int64(c.Layers), "layer"), count(c.Params, "parameter"), group(c.MACs))
}

// count is "1 layer" or "2 layers".
func count(n int64, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return group(n) + " " + noun
}
