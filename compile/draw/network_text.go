package draw

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spacec-lang/spacec/ir/op"
)

// lane is a column of the text form in which a tensor runs down to one that reads it.
type lane struct {
	reader int // -1 where the column is free
}

// NetworkText draws a graph as lines of text: an op a line, in an order in which each comes behind what it reads, with
// the tensors as lanes to the left and shapes, parameters and multiplications to the right.
func NetworkText(g *op.Graph, title string, t Terminal) (string, error) {
	list, cost, err := network(g)
	if err != nil {
		return "", err
	}
	var rows []row
	var lanes []lane
	to := readers(list)
	for i, v := range list {
		at, merge := arriving(&lanes, i)
		before := slices.Clone(lanes)
		for _, c := range merge {
			lanes[c].reader = -1
		}
		lanes[at].reader = -1
		fork := leaving(&lanes, at, to[i])
		if len(to[i]) > 0 && len(slices.Concat(to[i]...)) == 0 {
			v.title += "  (not read)"
		}
		own := row{vertex: &v}
		switch {
		case len(merge) > 0:
			own.gutter = strip(before, at, merge, node(v), '┴', '╯')
			rows = append(rows, own)
			if len(fork) > 0 {
				rows = append(rows, row{gutter: strip(lanes, at, fork, '├', '┬', '╮')})
			}
		case len(fork) > 0:
			own.gutter = strip(lanes, at, fork, node(v), '┬', '╮')
			rows = append(rows, own)
		default:
			own.gutter = strip(before, at, nil, node(v), 0, 0)
			rows = append(rows, own)
		}
	}
	lines := []string{t.paint(bold, title) + ": " + totals(cost), ""}
	return t.lines(append(lines, columns(rows, t)...)), nil
}

func node(v vertex) rune {
	if v.family == "" {
		return '○'
	}
	return '●'
}

// arriving is the column that a vertex stands in, the first of the lanes that lead to it or else a free one, and the columns of
// its further lanes.
func arriving(lanes *[]lane, vertex int) (at int, merge []int) {
	at = -1
	for c, l := range *lanes {
		if l.reader == vertex {
			if at < 0 {
				at = c
			} else {
				merge = append(merge, c)
			}
		}
	}
	if at < 0 {
		at = free(lanes, 0)
		(*lanes)[at].reader = vertex
	}
	return at, merge
}

// free is the first free column from one on.
func free(lanes *[]lane, from int) int {
	for c := from; c < len(*lanes); c++ {
		if (*lanes)[c].reader < 0 {
			return c
		}
	}
	for len(*lanes) <= from {
		*lanes = append(*lanes, lane{-1})
	}
	if (*lanes)[len(*lanes)-1].reader >= 0 {
		*lanes = append(*lanes, lane{-1})
	}
	return len(*lanes) - 1
}

// leaving starts a lane for each reader of what a vertex in a column makes: the next reader in the column itself, the
// others in free columns to the right, which it returns.
func leaving(lanes *[]lane, at int, ports [][]int) (fork []int) {
	to := slices.Sorted(slices.Values(slices.Concat(ports...)))
	for i, reader := range to {
		c := at
		if i > 0 {
			c = free(lanes, at+1)
			fork = append(fork, c)
		}
		(*lanes)[c].reader = reader
	}
	return fork
}

// strip is the lanes of one line: a mark in a column, from which a line runs to the columns of ends.
func strip(lanes []lane, at int, ends []int, mark, inner, last rune) string {
	var b strings.Builder
	reach := at
	for _, c := range ends {
		reach = max(reach, c)
	}
	for c := range max(len(lanes), reach+1) {
		used := c < len(lanes) && lanes[c].reader >= 0
		switch {
		case c == at:
			b.WriteRune(mark)
		case c == reach:
			b.WriteRune(last)
		case slices.Contains(ends, c):
			b.WriteRune(inner)
		case c > at && c < reach && used:
			b.WriteRune('┼')
		case c > at && c < reach:
			b.WriteRune('─')
		case used:
			b.WriteRune('│')
		default:
			b.WriteByte(' ')
		}
		if c >= at && c < reach {
			b.WriteRune('─')
		} else {
			b.WriteByte(' ')
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// row is a line of the text form.
type row struct {
	gutter string
	vertex *vertex // nil where the line only has lanes
}

// columns sets rows below one another.
func columns(rows []row, t Terminal) []string {
	cells := [][5]string{{"", "op", "output", "params", "MACs"}}
	for _, r := range rows {
		c := [5]string{r.gutter}
		if v := r.vertex; v != nil {
			c[1] = v.title
			if v.share != 0 {
				c[1] += fmt.Sprintf("  (weights %d)", v.share)
			}
			c[2] = outputs(v.out)
			switch {
			case v.again:
				c[3] = "again"
			case v.params > 0:
				c[3] = group(v.params)
			}
			if v.macs > 0 {
				c[4] = group(v.macs)
			}
		}
		cells = append(cells, c)
	}
	var widths [5]int
	for _, c := range cells {
		for i := range c {
			widths[i] = max(widths[i], utf8.RuneCountInString(c[i]))
		}
	}
	var lines []string
	for i, c := range cells {
		line := pad(c[0], widths[0]) + "  "
		if c[1] != "" {
			line += pad(c[1], widths[1]) + "  " + pad(c[2], widths[2]) + "  " + pad(c[3], -widths[3]) + "  " + pad(c[4], -widths[4])
		}
		line = strings.TrimRight(line, " ")
		if i == 0 {
			line = t.paint(faint, line)
		} else if n := len(c[0]); n > 0 {
			line = t.paint(blue, line[:n]) + line[n:]
		}
		lines = append(lines, line)
	}
	return lines
}

// outputs are the shapes that a vertex makes.
func outputs(shapes []op.Shape) string {
	var texts []string
	for _, s := range shapes {
		texts = append(texts, s.String())
	}
	if n := len(texts); n > 1 && len(slices.Compact(slices.Clone(texts))) == 1 {
		return fmt.Sprintf("%d × %s", n, texts[0])
	}
	return strings.Join(texts, ", ")
}
