package draw

import (
	"fmt"
	"math"
	"slices"
)

// Spread is how a number is spread over draws.
type Spread struct {
	Name   string `json:"name"`
	Min    int64  `json:"min"`
	Q25    int64  `json:"q25"`
	Median int64  `json:"median"`
	Q75    int64  `json:"q75"`
	Max    int64  `json:"max"`
	// Log tells that the bins are equally wide in the logarithm.
	Log  bool  `json:"log"`
	Bins []Bin `json:"bins"`
}

// Bin counts the draws from Low to High, both among them.
type Bin struct {
	Low   int64 `json:"low"`
	High  int64 `json:"high"`
	Count int   `json:"count"`
}

// maxBins is how many bins there are at most, fewBins how many numbers get a bin each.
const (
	maxBins = 16
	fewBins = 24
)

// NewSpread sorts numbers, of which there is one at least and none below 0, into bins: a bin a number where the numbers
// are few, and otherwise bins that are equally wide, in the logarithm where the largest number is 20 times the lower quartile.
func NewSpread(name string, numbers []int64) Spread {
	sorted := slices.Sorted(slices.Values(numbers))
	at := func(q float64) int64 { return sorted[int(math.Round(q*float64(len(sorted)-1)))] }
	s := Spread{Name: name, Min: at(0), Q25: at(0.25), Median: at(0.5), Q75: at(0.75), Max: at(1)}
	s.Log = s.Min > 0 && s.Max/20 >= s.Q25 && !s.single()
	ratio, step := 1.0, int64(1)
	if s.Log {
		ratio = math.Pow((float64(s.Max)+1)/float64(s.Min), 1.0/maxBins)
	} else if !s.single() {
		step = (s.Max-s.Min)/maxBins + 1
	}
	for low := s.Min; ; {
		high := low + step - 1
		if s.Log {
			high = max(high, int64(math.Ceil(float64(s.Min)*math.Pow(ratio, float64(len(s.Bins)+1))))-1)
		}
		if s.Log && len(s.Bins) == maxBins-1 || high < low || high >= s.Max {
			high = s.Max
		}
		s.Bins = append(s.Bins, Bin{Low: low, High: high})
		if high == s.Max {
			break
		}
		low = high + 1
	}
	bin := 0
	for _, x := range sorted {
		for x > s.Bins[bin].High {
			bin++
		}
		s.Bins[bin].Count++
	}
	return s
}

// single tells whether each number has a bin of its own.
func (s Spread) single() bool { return s.Max-s.Min < fewBins }

func (s Spread) most() int {
	most := 1
	for _, b := range s.Bins {
		most = max(most, b.Count)
	}
	return most
}

// summary is the quartiles, in numbers as they are or short ones.
func (s Spread) summary(number func(int64) string) string {
	return fmt.Sprintf("min %s, quartiles %s %s %s, max %s", number(s.Min), number(s.Q25), number(s.Median), number(s.Q75), number(s.Max))
}

// SpreadText draws histograms as lines of text.
func SpreadText(title string, spreads []Spread, t Terminal) string {
	lines := []string{t.paint(bold, title)}
	for _, s := range spreads {
		lines = append(lines, "", t.paint(bold, s.Name)+": "+s.summary(group))
		var labels []string
		wide := 0
		for _, b := range s.Bins {
			label := group(b.Low)
			if b.High > b.Low {
				label += " … " + group(b.High)
			}
			labels = append(labels, label)
			wide = max(wide, len([]rune(label)))
		}
		for i, b := range s.Bins {
			line := "  " + pad(labels[i], -wide) + " │" + t.paint(blue, bar(float64(b.Count)/float64(s.most())*40))
			if b.Count > 0 {
				line += " " + group(int64(b.Count))
			}
			lines = append(lines, line)
		}
	}
	return t.lines(lines)
}

// bar is a bar of a length in letters, to an eighth of one.
func bar(length float64) string {
	eighths := int(math.Ceil(length * 8))
	full := []rune("████████████████████████████████████████")[:eighths/8]
	if rest := eighths % 8; rest > 0 {
		full = append(full, []rune("▏▎▍▌▋▊▉")[rest-1])
	}
	return string(full)
}

// Spreads draws histograms as an SVG file, two in a row, with the quartiles marked.
func Spreads(title string, spreads []Spread) []byte {
	const (
		margin, gap = 24.0, 40.0
		wide, high  = 380.0, 180.0
		head, below = 44.0, 40.0
	)
	pic := &picture{}
	pic.text(boldText, margin, margin+13, title)
	for i, s := range spreads {
		x := margin + float64(i%2)*(wide+gap)
		y := margin + 44 + float64(i/2)*(head+high+below)
		s.draw(pic, x, y, wide, high)
	}
	rows := float64((len(spreads) + 1) / 2)
	across := float64(min(2, len(spreads)))
	return pic.write(title, max(across*wide+(across-1)*gap, width(title, fontSize))+2*margin, margin*2+26+rows*(head+high+below))
}

// draw draws one histogram: its head, the bars between an axis of counts and one of numbers.
func (s Spread) draw(pic *picture, x, y, wide, high float64) {
	pic.text(boldText, x, y, s.Name)
	pic.text(smallText, x, y+16, s.summary(func(n int64) string { return short(float64(n)) }))
	left, top := x+width("00,000", smallSize)+6, y+28
	right, bottom := x+wide, y+28+high
	most := float64(s.most())
	for _, tick := range ticks(0, most, 4) {
		ty := bottom - tick/most*high
		pic.path(` style="stroke:#d8dee4;stroke-width:1"`, "M", left, ty, "H", right)
		pic.text(smallText+" r", left-5, ty+4, group(int64(tick)))
	}
	low, span := float64(s.Min), float64(s.Max-s.Min)+1
	place := func(above float64) float64 { // where a number stands that is above the least by so much
		if s.Log {
			return left + (right-left)*math.Log((low+above)/low)/math.Log((low+span)/low)
		}
		return left + (right-left)*above/span
	}
	for _, b := range s.Bins {
		from, to := place(float64(b.Low-s.Min)), place(float64(b.High-s.Min)+1)
		h := float64(b.Count) / most * high
		if b.Count > 0 {
			h = max(h, 1)
			pic.rect(from+0.5, bottom-h, max(0.5, to-from-1), h, 0, "#93c5fd", "none", "")
		}
	}
	middle := func(n int64) float64 { // of the number's own bar, where each has one
		if s.single() {
			return place(float64(n-s.Min) + 0.5)
		}
		return place(float64(n - s.Min))
	}
	for i, q := range []int64{s.Q25, s.Median, s.Q75} {
		dash := ";stroke-dasharray:3 3"
		if i == 1 {
			dash = ""
		}
		pic.path(` style="stroke:#b91c1c;stroke-width:1.4`+dash+`"`, "M", middle(q), top, "V", bottom)
	}
	pic.path("", "M", left, bottom, "H", right)
	end := math.Inf(-1) // of the label before
	for _, tick := range s.marks() {
		label := short(tick)
		tx := middle(int64(tick))
		half := width(label, smallSize) / 2
		if tx < left-0.5 || tx > right+0.5 || tx-half < end+8 || tx+half > right+14 {
			continue
		}
		end = tx + half
		pic.path("", "M", tx, bottom, "V", bottom+4)
		pic.text(smallText+" m", tx, bottom+17, label)
	}
}

// marks are the numbers below the axis.
func (s Spread) marks() []float64 {
	if !s.Log {
		return ticks(float64(s.Min), float64(s.Max), 6)
	}
	var out []float64
	for p := math.Pow(10, math.Floor(math.Log10(float64(s.Min)))); p <= float64(s.Max); p *= 10 {
		for _, k := range []float64{1, 2, 5} {
			if s.Max/s.Min < 2000 || k == 1 {
				out = append(out, k*p)
			}
		}
	}
	return out
}

// ticks are round whole numbers from low to high, about n of them; they are far enough apart for a float64 to tell them
// from each other.
func ticks(low, high float64, n int) []float64 {
	raw := max((high-low)/float64(n), 1, high/1e15)
	step := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, k := range []float64{1, 2, 5, 10} {
		if k*step >= raw {
			step *= k
			break
		}
	}
	var out []float64
	for x := math.Ceil(low/step) * step; x <= high; x += step {
		out = append(out, x)
	}
	return out
}

// short is a number with its thousands as k, M, G, T, P or E.
func short(x float64) string {
	for _, unit := range []struct {
		of   float64
		name string
	}{{1e18, "E"}, {1e15, "P"}, {1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if x >= unit.of {
			return fmt.Sprintf("%.4g%s", x/unit.of, unit.name)
		}
	}
	return fmt.Sprintf("%.4g", x)
}
