package train

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/spacec-lang/spacec/ir/op"
)

// table is a CSV file of numbers: every column but the last is a feature.
type table struct {
	name     string
	header   []string // nil where the first line holds numbers
	width    int      // features a row
	features []float32
	last     []float64
}

// readCSV reads comma-separated numbers, gzipped or not, of one width. The first line is a header where
// none of its cells is a number. Errors name the line.
func readCSV(name string, r io.Reader) (*table, error) {
	content, err := plain(r, 16*maxValues)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	lines := csv.NewReader(content)
	lines.ReuseRecord = true
	lines.TrimLeadingSpace = true
	t := &table{name: name}
	for first := true; ; first = false {
		cells, err := lines.Read()
		if err == io.EOF {
			break
		}
		if err != nil { // a *csv.ParseError says the line
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		if first {
			t.width = len(cells) - 1
			if t.width < 1 {
				return nil, fmt.Errorf("%s: line 1 has one column; a row is its features and then its label or value", name)
			}
			if isHeader(cells) {
				t.header = append([]string(nil), cells...)
				continue
			}
		}
		for i, cell := range cells {
			x, err := strconv.ParseFloat(strings.TrimSpace(cell), 64)
			if err != nil || math.IsNaN(x) || math.Abs(x) > math.MaxFloat32 {
				line, column := lines.FieldPos(i)
				return nil, fmt.Errorf("%s:%d:%d: %q is no finite number; features and labels are numbers, labels from 0", name, line, column, clip(cell))
			}
			if i < t.width {
				t.features = append(t.features, float32(x))
			} else {
				t.last = append(t.last, x)
			}
		}
		if len(t.features) > maxValues {
			return nil, fmt.Errorf("%s: more than %d values, the most that is read", name, maxValues)
		}
	}
	if len(t.last) == 0 {
		return nil, fmt.Errorf("%s: it has no rows", name)
	}
	return t, nil
}

func isHeader(cells []string) bool {
	for _, cell := range cells {
		if _, err := strconv.ParseFloat(strings.TrimSpace(cell), 64); err == nil {
			return false
		}
	}
	return true
}

// clip shortens a text that a message quotes.
func clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "..."
	}
	return s
}

// dataset makes the last column the labels where all its numbers are whole and from 0 to 65,535, else
// the target values, of shape [1]. Inputs have one axis.
func (t *table) dataset(name string) (*Dataset, error) {
	d := &Dataset{Name: name, Input: op.Shape{{Size: t.width}}, Inputs: t.features}
	if labels, classes := wholeLabels(t.last); classes > 0 {
		d.Labels, d.Classes = labels, classes
	} else {
		d.Target = op.Shape{{Size: 1}}
		for _, x := range t.last {
			d.Values = append(d.Values, float32(x))
		}
	}
	return d, d.check()
}

// wholeLabels are the numbers as labels, and one more than the largest; 0 classes where they are none.
func wholeLabels(xs []float64) (labels []int, classes int) {
	labels = make([]int, len(xs))
	for i, x := range xs {
		if x != math.Trunc(x) || x < 0 || x >= maxClasses {
			return nil, 0
		}
		labels[i] = int(x)
		classes = max(classes, labels[i]+1)
	}
	return labels, classes
}
