package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/spacec-lang/spacec/ir/canon"
	"github.com/spacec-lang/spacec/ir/op"
)

// table is what is known of a network without training it.
type table struct {
	Nodes  []row      `json:"nodes"`
	Params int64      `json:"params"`
	MACs   int64      `json:"macs"`
	Layers int        `json:"layers"`
	Memory op.Memory  `json:"memory"`
	Live   *liveCosts `json:"live,omitempty"`
}

// liveCosts are those of what is left of a network when dead parts vanish.
type liveCosts struct {
	Ops    int   `json:"ops"`
	Params int64 `json:"params"`
	MACs   int64 `json:"macs"`
	Layers int   `json:"layers"`
}

func liveOf(f canon.Form) liveCosts {
	return liveCosts{f.Ops, f.Live.Params, f.Live.MACs, f.Live.Layers}
}

type row struct {
	Path   string   `json:"path"`
	Op     string   `json:"op"`
	Output []string `json:"output"`
	Params int64    `json:"params"`
	MACs   int64    `json:"macs"`
}

func tabulate(g *op.Graph) (*table, error) {
	shapes := map[op.Wire]op.Shape{}
	for i, p := range g.Inputs {
		shapes[op.Wire(i)] = p.Shape
	}
	t := &table{}
	for _, n := range g.Nodes {
		var in []op.Shape
		for _, w := range n.In {
			in = append(in, shapes[w])
		}
		r, err := op.Infer(n.Args, in)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", n.Path, err)
		}
		line := row{Path: n.Path, Op: n.Args.String(), Params: r.Params, MACs: r.MACs}
		for i, w := range n.Out {
			shapes[w] = n.Shapes[i]
			line.Output = append(line.Output, n.Shapes[i].String())
		}
		t.Nodes = append(t.Nodes, line)
	}
	cost, err := g.Costs()
	t.Params, t.MACs, t.Layers, t.Memory = cost.Params, cost.MACs, cost.Layers, g.Memory(cost)
	return t, err
}

func (t *table) writeJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(t)
}

// write is the table for people: text to the left, numbers to the right.
func (t *table) write(w io.Writer) error {
	cells := [][]string{{"node", "op", "output", "params", "macs"}}
	for _, n := range t.Nodes {
		cells = append(cells, []string{n.Path, n.Op, strings.Join(n.Output, ", "), group(n.Params), group(n.MACs)})
	}
	cells = append(cells, []string{"total", plural(t.Layers, "layer"), "", group(t.Params), group(t.MACs)})
	if l := t.Live; l != nil {
		cells = append(cells, []string{"live", plural(l.Layers, "layer"), plural(l.Ops, "op"), group(l.Params), group(l.MACs)})
	}
	if err := writeCells(w, 3, cells); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "memory of one example: %s to train, %s to evaluate\n", bytesOf(t.Memory.Train), bytesOf(t.Memory.Evaluate))
	return err
}

// writeCells writes lines of cells, the first left columns to the left and the others to the right.
func writeCells(w io.Writer, left int, cells [][]string) error {
	widths := make([]int, len(cells[0]))
	for _, line := range cells {
		for i, c := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(c))
		}
	}
	for _, line := range cells {
		text := ""
		for i, c := range line {
			space := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(c))
			if i < left {
				text += c + space + "  "
			} else {
				text += space + c + "  "
			}
		}
		if _, err := fmt.Fprintln(w, strings.TrimRight(text, " ")); err != nil {
			return err
		}
	}
	return nil
}

// bytesOf is an amount of memory for people.
func bytesOf(n int64) string {
	x, units := float64(n), []string{"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"}
	for x >= 1024 && len(units) > 1 {
		x, units = x/1024, units[1:]
	}
	if units[0] == "bytes" {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%.1f %s", x, units[0])
}

// group is a number with its digits in threes: 12,345.
func group(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
