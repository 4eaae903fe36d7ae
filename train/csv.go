package train

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// readCSV reads comma-separated numbers, gzipped or not, of one width: features and, in the last column,
// the target. The first line is a header where none of its cells is a number. Errors name file, line and
// column.
func readCSV(name string, r io.Reader) (*raw, error) {
	content, err := plain(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	lines := csv.NewReader(content)
	lines.ReuseRecord = true
	lines.TrimLeadingSpace = true
	t, width := &raw{name: name}, 0
	for first := true; ; first = false {
		cells, err := lines.Read()
		if err == io.EOF {
			break
		}
		if err != nil { // a *csv.ParseError says the line
			return nil, fmt.Errorf("%s: %w", name, short(err))
		}
		if first {
			if width = len(cells) - 1; width < 1 {
				return nil, fmt.Errorf("%s: line 1 has one column; a row is its features and then its label or value", name)
			}
			if isHeader(cells) {
				continue
			}
		}
		for i, cell := range cells {
			x, err := strconv.ParseFloat(strings.TrimSpace(cell), 64)
			if err != nil || !(math.Abs(x) <= math.MaxFloat32) {
				line, column := lines.FieldPos(i)
				return nil, fmt.Errorf("%s:%d:%d: %q is no finite number; features, labels (from 0) and values are numbers", name, line, column, clip(cell))
			}
			if i < width {
				t.inputs = append(t.inputs, float32(x))
			} else {
				t.targets = append(t.targets, float32(x))
			}
		}
		if len(t.inputs) > maxValues {
			return nil, fmt.Errorf("%s: more than %d values, the most that is read", name, maxValues)
		}
	}
	if len(t.targets) == 0 {
		return nil, fmt.Errorf("%s: it has no rows", name)
	}
	t.dims, t.labels = []int{width}, notLabel(t.targets) < 0
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

// notLabel is the first index of a number that isn't a label, or -1.
func notLabel(xs []float32) int {
	for i, x := range xs {
		if float64(x) != math.Trunc(float64(x)) || x < 0 || x >= maxClasses {
			return i
		}
	}
	return -1
}

// clip shortens a text that a message quotes.
func clip(s string) string {
	if len(s) > 60 {
		return s[:60] + "..."
	}
	return s
}
