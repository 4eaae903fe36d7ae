package draw

import (
	"math"
	"strconv"
)

// Panel is a plot of lines over one axis.
type Panel struct {
	Title  string // what the numbers are
	Across string // what the axis counts
	Lines  []Curve
}

// Curve is a line, with a band around it. A NaN is a gap.
type Curve struct {
	Name         string
	X            []float64 // ascending, above 0
	Y, Low, High []float64
}

// lineHues are the colours of lines, by their places: those of Okabe & Ito 2008, which people who see colours otherwise can tell apart.
var lineHues = [...]string{"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#999933"}

// dashes tell lines beyond as many as there are lineHues apart.
var dashes = [...]string{"", "6 3", "2 3"}

// Curves draws plots side by side as an SVG file, the axis across being logarithmic, with one key of names for all.
func Curves(title, note string, panels []Panel) []byte {
	const (
		margin, gap = 24.0, 48.0
		wide, high  = 420.0, 280.0
		head        = 76.0
	)
	pic := &picture{}
	pic.text(boldText, margin, margin+13, title)
	pic.text(smallText, margin, margin+31, note)
	for i, p := range panels {
		p.draw(pic, margin+float64(i)*(wide+gap), margin+head, wide, high)
	}
	y := margin + head + high + 72
	total := float64(len(panels))*(wide+gap) - gap
	x := margin
	if len(panels) > 0 {
		for i, l := range panels[0].Lines {
			need := 40 + width(l.Name, fontSize)
			if x > margin && x+need > margin+total {
				x, y = margin, y+20
			}
			pic.path(stroke(i, 2.2), "M", x, y-4, "H", x+26)
			pic.text(plainText, x+32, y, l.Name)
			x += need + 18
		}
	}
	return pic.write(title, max(total, width(title, fontSize), width(note, smallSize))+2*margin, y+margin)
}

func stroke(line int, wide float64) string {
	style := ` style="stroke:` + lineHues[line%len(lineHues)] + `;stroke-width:` + num(wide)
	if d := dashes[line/len(lineHues)%len(dashes)]; d != "" {
		style += ";stroke-dasharray:" + d
	}
	return style + `"`
}

// draw draws one plot in its place.
func (p Panel) draw(pic *picture, x, y, wide, high float64) {
	pic.text(boldText, x, y-10, p.Title)
	lowX, highX, lowY, highY := p.bounds()
	vertical := decimals(lowY, highY, 6)
	labels := make([]string, len(vertical))
	left := x
	for i, v := range vertical {
		labels[i] = strconv.FormatFloat(v, 'g', 6, 64)
		left = max(left, x+width(labels[i], smallSize)+8)
	}
	right, bottom := x+wide, y+high
	atX := func(v float64) float64 { return left + (right-left)*math.Log(v/lowX)/math.Log(highX/lowX) }
	atY := func(v float64) float64 { return bottom - high*(v-lowY)/(highY-lowY) }
	for i, v := range vertical {
		pic.path(` style="stroke:#d8dee4;stroke-width:1"`, "M", left, atY(v), "H", right)
		pic.text(smallText+" r", left-5, atY(v)+4, labels[i])
	}
	end := math.Inf(-1)
	for decade := math.Pow(10, math.Floor(math.Log10(lowX))); decade <= highX; decade *= 10 {
		for _, k := range []float64{1, 2, 5} {
			v := k * decade
			label := group(int64(v))
			half := width(label, smallSize) / 2
			if v < lowX || v > highX || atX(v)-half < end+6 {
				continue
			}
			end = atX(v) + half
			pic.path("", "M", atX(v), bottom, "V", bottom+4)
			pic.text(smallText+" m", atX(v), bottom+17, label)
		}
	}
	pic.path("", "M", left, bottom, "H", right)
	pic.text(smallText+" m", (left+right)/2, bottom+36, p.Across)
	for i, l := range p.Lines {
		l.band(pic, i, lowX, atX, atY)
	}
	for i, l := range p.Lines {
		l.line(pic, i, lowX, atX, atY)
	}
}

// bounds are what a plot shows: of the axis across its last five doublings at the most, so that what is compared isn't pressed into a corner.
func (p Panel) bounds() (lowX, highX, lowY, highY float64) {
	lowX, highX, lowY, highY = 1, 2, math.Inf(1), math.Inf(-1)
	for _, l := range p.Lines {
		if n := len(l.X); n > 0 {
			highX = max(highX, l.X[n-1])
		}
	}
	lowX = max(1, highX/32)
	for _, l := range p.Lines {
		for i, x := range l.X {
			for _, v := range []float64{l.Y[i], l.Low[i], l.High[i]} {
				if x >= lowX && !math.IsNaN(v) {
					lowY, highY = min(lowY, v), max(highY, v)
				}
			}
		}
	}
	switch {
	case lowY > highY:
		return lowX, highX, 0, 1
	case lowY == highY:
		pad := max(math.Abs(lowY)*0.01, 1e-9)
		return lowX, highX, lowY - pad, highY + pad
	}
	pad := (highY - lowY) * 0.04
	return lowX, highX, lowY - pad, highY + pad
}

// band fills what is between low and high.
func (l Curve) band(pic *picture, line int, lowX float64, atX, atY func(float64) float64) {
	parts := []any{}
	var back []any
	for i, x := range l.X {
		if x < lowX || math.IsNaN(l.Low[i]) || math.IsNaN(l.High[i]) {
			continue
		}
		letter := "L"
		if len(parts) == 0 {
			letter = "M"
		}
		parts = append(parts, letter, atX(x), atY(l.High[i]))
		back = append([]any{"L", atX(x), atY(l.Low[i])}, back...)
	}
	if len(parts) > 3 {
		pic.path(` style="stroke:none;fill:`+lineHues[line%len(lineHues)]+`;fill-opacity:0.15"`, append(append(parts, back...), "Z")...)
	}
}

func (l Curve) line(pic *picture, line int, lowX float64, atX, atY func(float64) float64) {
	parts := []any{}
	for i, x := range l.X {
		if x < lowX || math.IsNaN(l.Y[i]) {
			continue
		}
		letter := "L"
		if len(parts) == 0 {
			letter = "M"
		}
		parts = append(parts, letter, atX(x), atY(l.Y[i]))
	}
	if len(parts) > 0 {
		pic.path(stroke(line, 1.8), parts...)
	}
}

// decimals are round numbers from low to high, about n of them.
func decimals(low, high float64, n int) []float64 {
	raw := (high - low) / float64(n)
	step := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, k := range []float64{1, 2, 5, 10} {
		if k*step >= raw {
			step *= k
			break
		}
	}
	var out []float64
	for i := math.Ceil(low / step); i*step <= high; i++ {
		out = append(out, i*step)
	}
	return out
}
