package main

import (
	"fmt"
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// writeDiff writes differences for people.
func (a *app) writeDiff(d *differences, names []string) error {
	var b strings.Builder
	if d.Same {
		b.WriteString("nothing differs\n")
	} else {
		fmt.Fprintf(&b, "%s\n%s\n", a.side("- ", names[0]), a.side("+ ", names[1]))
	}
	if d.Network != "" && !d.Same {
		fmt.Fprintf(&b, "\nnetwork: %s\n", d.Network)
		rows := [][]string{{"", "A", "B", ""}}
		for _, c := range d.Costs {
			if *c.A != *c.B {
				rows = append(rows, []string{c.Name, group(*c.A), group(*c.B), signed(*c.B - *c.A)})
			}
		}
		for _, o := range d.Ops {
			var x, y int64
			if o.A != nil {
				x = *o.A
			}
			if o.B != nil {
				y = *o.B
			}
			rows = append(rows, []string{o.Name, group(x), group(y), signed(y - x)})
		}
		if len(rows) > 1 {
			b.WriteString(aligned(rows))
		}
	}
	a.pairs(&b, "decisions", d.Decisions)
	a.pairs(&b, "configs", d.Configs)
	for _, x := range d.Declarations {
		fmt.Fprintf(&b, "\n%s\n", x.Name)
		if x.A != nil {
			b.WriteString(a.side("- ", *x.A) + "\n")
		}
		if x.B != nil {
			b.WriteString(a.side("+ ", *x.B) + "\n")
		}
	}
	return a.write(b.String(), nil)
}

// pairs writes what differs by name: a line for what one side has, two for what both have.
func (a *app) pairs(b *strings.Builder, title string, list []difference[string]) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", title)
	for _, x := range list {
		if x.A != nil {
			b.WriteString(a.side("- ", x.Name+" = "+*x.A) + "\n")
		}
		if x.B != nil {
			b.WriteString(a.side("+ ", x.Name+" = "+*x.B) + "\n")
		}
	}
}

// side is a text of one side, each line behind the side's mark and in its colour.
func (a *app) side(mark, text string) string {
	text = mark + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n"+mark)
	if !a.outColor {
		return text
	}
	color := "\x1b[31m"
	if mark == "+ " {
		color = "\x1b[32m"
	}
	return color + strings.ReplaceAll(text, "\n", "\x1b[0m\n"+color) + "\x1b[0m"
}

func signed(n int64) string {
	if n > 0 {
		return "+" + group(n)
	}
	return group(n)
}

// aligned sets rows below one another, the first column from the left and the others from the right.
func aligned(rows [][]string) string {
	var b strings.Builder
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], displaywidth.String(cell))
		}
	}
	for _, row := range rows {
		line := "  "
		for i, cell := range row {
			room := strings.Repeat(" ", widths[i]-displaywidth.String(cell))
			if i == 0 {
				line += cell + room
			} else {
				line += "  " + room + cell
			}
		}
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}
