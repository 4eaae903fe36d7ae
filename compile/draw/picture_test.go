package draw_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/clipperhouse/displaywidth"
)

// area is a box or what a text covers.
type area struct {
	x, y, w, h float64
	what       string
}

func (a area) holds(b area) bool {
	const slack = 0.6
	return b.x >= a.x-slack && b.y >= a.y-slack && b.x+b.w <= a.x+a.w+slack && b.y+b.h <= a.y+a.h+slack
}

func (a area) meets(b area) bool {
	const slack = 0.2
	return a.x+a.w > b.x+slack && b.x+b.w > a.x+slack && a.y+a.h > b.y+slack && b.y+b.h > a.y+slack
}

// point is a point of a line.
type point struct{ x, y float64 }

// parsed is what stands in a picture.
type parsed struct {
	whole        area
	boxes, texts []area
	lines        [][]point
}

// parse reads a picture with a reader of its own: that of encoding/xml.
func parse(t fataler, svg []byte) parsed {
	t.Helper()
	var p parsed
	d := xml.NewDecoder(bytes.NewReader(svg))
	var at map[string]string
	text := false
	for {
		token, err := d.Token()
		if token == nil {
			if err.Error() != "EOF" {
				t.Fatal(err)
			}
			return p
		}
		switch token := token.(type) {
		case xml.StartElement:
			at = map[string]string{}
			for _, a := range token.Attr {
				at[a.Name.Local] = a.Value
			}
			f := func(name string) float64 {
				x, err := strconv.ParseFloat(at[name], 64)
				if err != nil {
					t.Fatalf("%s has a %s of %q", token.Name.Local, name, at[name])
				}
				return x
			}
			text = token.Name.Local == "text"
			switch token.Name.Local {
			case "svg":
				p.whole = area{0, 0, f("width"), f("height"), "the whole"}
			case "rect":
				if at["rx"] != "" {
					p.boxes = append(p.boxes, area{f("x"), f("y"), f("width"), f("height"), at["fill"]})
				}
			case "path":
				if at["class"] == "e" {
					p.lines = append(p.lines, flatten(t, at["d"]))
				}
			}
		case xml.CharData:
			if !text {
				continue
			}
			text = false
			size := 13.0
			if strings.Contains(at["class"], "s") {
				size = 11
			}
			x, _ := strconv.ParseFloat(at["x"], 64)
			y, _ := strconv.ParseFloat(at["y"], 64)
			a := area{x, y - size*0.75, float64(displaywidth.String(string(token))) * 0.602 * size, size * 0.95, string(token)}
			switch {
			case strings.Contains(at["class"], "m"):
				a.x -= a.w / 2
			case strings.Contains(at["class"], "r"):
				a.x -= a.w
			}
			p.texts = append(p.texts, a)
		}
	}
}

var command = regexp.MustCompile(`([MHVhqCl])([^MHVhqCl]*)`)

// flatten is points along a path.
func flatten(t fataler, d string) []point {
	var out []point
	at := point{}
	for _, m := range command.FindAllStringSubmatch(d, -1) {
		var n []float64
		for _, text := range strings.Fields(m[2]) {
			x, err := strconv.ParseFloat(text, 64)
			if err != nil {
				t.Fatalf("a path has %q", text)
			}
			n = append(n, x)
		}
		curve := func(end point, bend func(s float64) point) {
			const steps = 24
			for i := 1; i <= steps; i++ {
				out = append(out, bend(float64(i)/steps))
			}
			at = end
		}
		straight := func(end point) {
			from := at
			curve(end, func(s float64) point { return point{from.x + s*(end.x-from.x), from.y + s*(end.y-from.y)} })
		}
		switch m[1] {
		case "M":
			at = point{n[0], n[1]}
			out = append(out, at)
		case "H":
			straight(point{n[0], at.y})
		case "h":
			straight(point{at.x + n[0], at.y})
		case "V":
			straight(point{at.x, n[0]})
		case "q":
			a, b, c := at, point{at.x + n[0], at.y + n[1]}, point{at.x + n[2], at.y + n[3]}
			curve(c, func(s float64) point {
				r := 1 - s
				return point{r*r*a.x + 2*r*s*b.x + s*s*c.x, r*r*a.y + 2*r*s*b.y + s*s*c.y}
			})
		case "C":
			a, b, c, e := at, point{n[0], n[1]}, point{n[2], n[3]}, point{n[4], n[5]}
			curve(e, func(s float64) point {
				r := 1 - s
				return point{r*r*r*a.x + 3*r*r*s*b.x + 3*r*s*s*c.x + s*s*s*e.x, r*r*r*a.y + 3*r*r*s*b.y + 3*r*s*s*c.y + s*s*s*e.y}
			})
		}
	}
	return out
}

// faults are what is wrong with a picture: texts beyond their boxes or over one another, boxes that overlap, lines through texts.
func (p parsed) faults() []string {
	var out []string
	fault := func(format string, args ...any) {
		if len(out) < 10 {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	for i, a := range p.boxes {
		if !p.whole.holds(a) {
			fault("box %v is outside", a)
		}
		for _, b := range p.boxes[i+1:] {
			if a.meets(b) && !a.holds(b) && !b.holds(a) {
				fault("boxes %v and %v overlap", a, b)
			}
		}
	}
	for i, a := range p.texts {
		if !p.whole.holds(a) {
			fault("text %q is outside", a.what)
		}
		for _, b := range p.texts[i+1:] {
			if a.meets(b) {
				fault("texts %q and %q overlap", a.what, b.what)
			}
		}
		for _, b := range p.boxes {
			if a.meets(b) && !b.holds(a) && b.what != "#93c5fd" {
				fault("text %q is over the edge of a box", a.what)
			}
		}
	}
	for _, line := range p.lines {
		for _, at := range line {
			for _, a := range p.texts {
				if at.x > a.x+0.5 && at.x < a.x+a.w-0.5 && at.y > a.y+0.5 && at.y < a.y+a.h-0.5 {
					fault("a line goes through %q at %.1f, %.1f", a.what, at.x, at.y)
				}
			}
			if math.IsNaN(at.x) || math.IsNaN(at.y) || at.x < 0 || at.y < 0 || at.x > p.whole.w || at.y > p.whole.h {
				fault("a line leaves the picture at %v", at)
			}
		}
	}
	return out
}

// hidden are lines that run through a box, as they may only in a picture of nested boxes.
func (p parsed) hidden() []string {
	var out []string
	for _, line := range p.lines {
		for _, at := range line {
			for _, b := range p.boxes {
				if at.x > b.x+1 && at.x < b.x+b.w-1 && at.y > b.y+1 && at.y < b.y+b.h-1 {
					out = append(out, fmt.Sprintf("a line runs through a box at %.1f, %.1f", at.x, at.y))
				}
			}
		}
	}
	return out
}

func check(t testing.TB, svg []byte) parsed {
	t.Helper()
	p := parse(t, svg)
	for _, f := range p.faults() {
		t.Error(f)
	}
	return p
}

// fataler is a test or a rapid one.
type fataler interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
}
