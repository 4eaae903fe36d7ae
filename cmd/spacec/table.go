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
	t.Params, t.MACs, t.Layers = cost.Params, cost.MACs, cost.Layers
	return t, err
}

func (t *table) writeJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(t)
}

// write is the table for people: text to the left, numbers to the right.
func (t *table) write(w io.Writer) error {
	cells := [][5]string{{"node", "op", "output", "params", "macs"}}
	for _, n := range t.Nodes {
		cells = append(cells, [5]string{n.Path, n.Op, strings.Join(n.Output, ", "), group(n.Params), group(n.MACs)})
	}
	cells = append(cells, [5]string{"total", plural(t.Layers, "layer"), "", group(t.Params), group(t.MACs)})
	if l := t.Live; l != nil {
		cells = append(cells, [5]string{"live", plural(l.Layers, "layer"), plural(l.Ops, "op"), group(l.Params), group(l.MACs)})
	}
	var widths [5]int
	for _, line := range cells {
		for i, c := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(c))
		}
	}
	for _, line := range cells {
		if _, err := fmt.Fprintf(w, "%-*s  %-*s  %-*s  %*s  %*s\n", widths[0], line[0], widths[1], line[1], widths[2], line[2],
			widths[3], line[3], widths[4], line[4]); err != nil {
			return err
		}
	}
	return nil
}

// group is a number with its digits in threes: 12,345.
func group(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
