package draw

import (
	"fmt"
	"html"
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// The letters are of one width, so that what a text takes is known without the font that will show it.
const (
	fontSize  = 13.0
	smallSize = 11.0
	advance   = 0.602 // of a letter, in sizes of the font: DejaVu Sans Mono and Menlo; others are narrower
)

// width is what a text takes.
func width(text string, size float64) float64 {
	return float64(displaywidth.String(text)) * advance * size
}

// picture is an SVG in the making.
type picture struct{ b strings.Builder }

// The classes of text: how it looks, and its size.
const (
	plainText = "t"
	boldText  = "t b"
	smallText = "s"
	boldSmall = "s b"
)

const style = `text{font-family:"DejaVu Sans Mono",Menlo,Consolas,monospace;fill:#1f2328}.t{font-size:13px}.s{font-size:11px;fill:#57606a}.b{font-weight:bold;fill:#1f2328}.e{fill:none;stroke:#57606a;stroke-width:1.4}.m{text-anchor:middle}.r{text-anchor:end}`

// write gives the whole file. The ground is drawn, for viewers whose own is dark.
func (p *picture) write(title string, w, h float64) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" role="img" width="%s" height="%s" viewBox="0 0 %s %s">`+"\n",
		num(w), num(h), num(w), num(h))
	fmt.Fprintf(&b, "<title>%s</title>\n<style>%s</style>\n", html.EscapeString(printable(title)), style)
	fmt.Fprintf(&b, `<rect width="%s" height="%s" fill="#ffffff"/>`+"\n", num(w), num(h))
	b.WriteString(p.b.String())
	b.WriteString("</svg>\n")
	return []byte(b.String())
}

// num is a coordinate with two digits at most, so that files are small and the same everywhere.
func num(x float64) string {
	s := strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.2f", x), "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

// text writes one line; y is its base line. The class may end in " m" for a text around x or " r" for one that ends there.
func (p *picture) text(class string, x, y float64, text string) {
	fmt.Fprintf(&p.b, `<text class="%s" x="%s" y="%s" xml:space="preserve">%s</text>`+"\n", class, num(x), num(y), html.EscapeString(printable(text)))
}

// rect draws a box with round corners. attr are further attributes.
func (p *picture) rect(x, y, w, h, round float64, fill, stroke, attr string) {
	fmt.Fprintf(&p.b, `<rect x="%s" y="%s" width="%s" height="%s" rx="%s" fill="%s" stroke="%s"%s/>`+"\n",
		num(x), num(y), num(w), num(h), num(round), fill, stroke, attr)
}

// path draws a line as SVG describes it: commands and numbers in turn.
func (p *picture) path(attr string, parts ...any) {
	p.b.WriteString(`<path class="e" d="`)
	for i, part := range parts {
		if x, ok := part.(float64); ok {
			if _, number := parts[i-1].(float64); number {
				p.b.WriteByte(' ')
			}
			p.b.WriteString(num(x))
		} else {
			fmt.Fprint(&p.b, part)
		}
	}
	p.b.WriteString(`"` + attr + "/>\n")
}

// arrow draws the head of an arrow that points down at x, y.
func (p *picture) arrow(x, y float64) {
	fmt.Fprintf(&p.b, `<path d="M%s %sl-3.5-7h7z" fill="#57606a"/>`+"\n", num(x), num(y))
}

// printable is a text without what XML can't hold.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0xFFFE || r == 0xFFFF {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "\uFFFD"))
}

// wrap breaks a text into lines of at most n letters, behind commas and spaces where that is possible.
func wrap(text string, n int) []string {
	var lines []string
	runes := []rune(text)
	for len(runes) > n {
		cut := n
		for cut > n/2 && runes[cut-1] != ' ' {
			cut--
		}
		if runes[cut-1] != ' ' {
			cut = n
		}
		lines = append(lines, strings.TrimRight(string(runes[:cut]), " "))
		runes = runes[cut:]
	}
	return append(lines, string(runes))
}
