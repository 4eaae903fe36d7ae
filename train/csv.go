package train

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spacec-lang/spacec/compile/gorgonia"
)

// columns are how the numbers of a line divide: the inputs, then the labels or the values.
type columns struct {
	inputs, outputs int  // of the network
	labels, classes int  // as Ports.labels
	bare            bool // whether lines of inputs alone are read too
}

// targets is how many of the columns of a line come after the inputs, or -1 for a line that doesn't fit.
func (c columns) targets(width int) int {
	if n := width - c.inputs; n == c.labels || n == c.outputs || n == 0 && c.bare {
		return n
	}
	return -1
}

func (c columns) String() string {
	text := fmt.Sprintf("%d inputs and then ", c.inputs)
	switch {
	case c.outputs == 1:
		text += "a value"
	case c.classes == 1:
		text += fmt.Sprintf("%d values", c.outputs)
	case c.labels == 1:
		text += fmt.Sprintf("a label or %d values", c.outputs)
	default:
		text += fmt.Sprintf("%d labels or %d values", c.labels, c.outputs)
	}
	if c.bare {
		text += ", or the inputs alone"
	}
	return text
}

// readCSV reads comma-separated numbers, gzipped or not, of one width. The targets are labels where there are as
// many as the network's output has places for. The first line is a header where none of its cells is a number. Errors name
// file, line and column.
func readCSV(name string, r io.Reader, c columns) (*raw, error) {
	content, err := plain(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if mark, _ := content.Peek(3); string(mark) == "\ufeff" {
		content.Discard(3) // a byte order mark, as spreadsheets write it
	}
	lines := csv.NewReader(content)
	lines.ReuseRecord = true
	lines.TrimLeadingSpace = true
	t, targets := &raw{name: name, targetName: name, dims: []int{c.inputs}}, 0
	fresh := true // no line of an example so far
	for first := true; ; first = false {
		cells, err := lines.Read()
		if err == io.EOF {
			break
		}
		if err != nil { // a *csv.ParseError says the line
			return nil, fmt.Errorf("%s: %w", name, short(err))
		}
		if first {
			if targets = c.targets(len(cells)); targets < 0 {
				return nil, fmt.Errorf("%s: its lines have %d cells, by commas; the space takes %s", name, len(cells), c)
			}
			if t.tdims = []int{targets}; targets == c.labels && c.classes > 1 {
				t.classes = c.classes
			}
			if isHeader(cells) {
				continue
			}
		}
		if fresh && t.classes > 0 {
			t.named = !isNumber(cells[c.inputs])
		}
		fresh = false
		for i, cell := range cells {
			if t.named && i >= c.inputs {
				label := strings.TrimSpace(cell)
				if line, column := lines.FieldPos(i); label == "" && targets == 1 {
					return nil, fmt.Errorf("%s:%d:%d: the label is missing", name, line, column)
				}
				t.names = append(t.names, label)
				continue
			}
			x, err := strconv.ParseFloat(strings.TrimSpace(cell), 64)
			line, column := lines.FieldPos(i)
			if err != nil || !(math.Abs(x) <= math.MaxFloat32) {
				return nil, fmt.Errorf("%s:%d:%d: %q is no finite number; inputs and values are numbers, and labels are where the first is", name, line, column, clip(cell))
			}
			switch {
			case i < c.inputs:
				t.inputs = append(t.inputs, float32(x))
			case t.classes > 0 && notLabel(float32(x), t.classes, targets):
				return nil, fmt.Errorf("%s:%d:%d: %s is no label; labels are whole and run from 0 to %d, by the output of the space",
					name, line, column, clip(cell), t.classes-1)
			default:
				t.targets = append(t.targets, float32(x))
			}
		}
		if t.examples++; len(t.inputs) > maxValues {
			return nil, fmt.Errorf("%s: more than %d values, the most that is read", name, maxValues)
		}
	}
	if t.examples == 0 {
		return nil, fmt.Errorf("%s: it has no lines of numbers", name)
	}
	return t, nil
}

func isHeader(cells []string) bool {
	return !slices.ContainsFunc(cells, isNumber)
}

func isNumber(cell string) bool {
	_, err := strconv.ParseFloat(strings.TrimSpace(cell), 64)
	return err == nil
}

// notLabel tells whether a number is no label of so many classes; one of several that an example has may be left out.
func notLabel(x float32, classes, labels int) bool {
	return float64(x) != math.Trunc(float64(x)) || x < 0 && (x != gorgonia.NoLabel || labels == 1) || float64(x) >= float64(classes)
}

// clip shortens a text that a message quotes.
func clip(s string) string {
	if len(s) > 60 {
		return s[:60] + "..."
	}
	return s
}
