package samplers

import (
	"math"
	"slices"
)

// matrix is the features of some items that differ between them, column by column.
type matrix struct {
	at      []int32 // the column of a feature, and 1; 0 where it has none
	columns [][]float64

	scores, here []float64 // room for those of the rows of a split, and their values in a column
}

func newMatrix(x []*item) *matrix {
	m := &matrix{scores: make([]float64, len(x)), here: make([]float64, len(x))}
	for row, it := range x {
		for k, i := range it.features.index {
			if int(i) >= len(m.at) {
				m.at = append(m.at, make([]int32, int(i)+1-len(m.at))...)
			}
			if m.at[i] == 0 {
				m.columns = append(m.columns, make([]float64, len(x)))
				m.at[i] = int32(len(m.columns))
			}
			m.columns[m.at[i]-1][row] = it.features.value[k]
		}
	}
	kept := m.columns[:0]
	moved := make([]int32, len(m.columns)+1)
	for c, column := range m.columns {
		if slices.Min(column) < slices.Max(column) {
			kept = append(kept, column)
			moved[c+1] = int32(len(kept))
		}
	}
	m.columns = kept
	for i := range m.at {
		m.at[i] = moved[m.at[i]]
	}
	return m
}

// row writes an item's features to a row; those that have no column are left out.
func (m *matrix) row(it *item, row []float64) {
	clear(row)
	for k, i := range it.features.index {
		if int(i) < len(m.at) && m.at[i] > 0 {
			row[m.at[i]-1] = it.features.value[k]
		}
	}
}

// tree is a regression tree, grown as Geurts, Ernst & Wehenkel 2006 do ("Extremely randomized trees"): of some features, each
// cut at a place that is drawn between its least and greatest value, the one that leaves the least variance.
type tree []split

// split is a node of a tree; a leaf has left 0.
type split struct {
	column         int
	cut            float64
	left, right    int
	mean, variance float64 // of a leaf
}

// dice draw numbers in [0, 1), one after the other.
type dice uint64

func (d *dice) roll() float64 {
	*d++
	return float64(mixed(uint64(*d), 0)>>11) / (1 << 53)
}

func (d *dice) below(n int) int { return int(d.roll() * float64(n)) }

// growth is how trees are grown.
type growth struct {
	depth int // splits on the way to a leaf, at most
	least int // rows in a leaf
	cuts  int // that are tried at each split
}

// grow grows a tree of the rows of some numbers, a number once or more often.
func (m *matrix) grow(numbers []int, y []float64, how growth, d *dice) tree {
	var t tree
	var node func(numbers []int, depth int) int
	node = func(numbers []int, depth int) int {
		at := len(t)
		mean, variance := spread(numbers, y)
		t = append(t, split{mean: mean, variance: variance})
		if depth == 0 || len(numbers) < 2*how.least || variance < 1e-12 {
			return at
		}
		column, cut := m.split(numbers, y, how, d)
		if column < 0 {
			return at
		}
		low := make([]int, 0, len(numbers))
		var high []int
		for _, i := range numbers {
			if m.columns[column][i] < cut {
				low = append(low, i)
			} else {
				high = append(high, i)
			}
		}
		left := node(low, depth-1)
		right := node(high, depth-1)
		t[at].column, t[at].cut, t[at].left, t[at].right = column, cut, left, right
		return at
	}
	node(numbers, how.depth)
	return t
}

// split is the best of some cuts; column is -1 where none parts the rows.
func (m *matrix) split(numbers []int, y []float64, how growth, d *dice) (column int, cut float64) {
	column = -1
	if len(m.columns) == 0 {
		return column, 0
	}
	all, most := 0.0, math.Inf(-1)
	scores, here := m.scores[:len(numbers)], m.here[:len(numbers)]
	for k, i := range numbers {
		scores[k] = y[i]
		all += y[i]
	}
	for tried, drawn := 0, 0; tried < how.cuts && drawn < 3*how.cuts; drawn++ {
		c := d.below(len(m.columns))
		values := m.columns[c]
		lo, hi := math.Inf(1), math.Inf(-1)
		for k, i := range numbers {
			v := values[i]
			here[k] = v
			if v < lo {
				lo = v
			}
			if v > hi {
				hi = v
			}
		}
		if lo == hi {
			continue
		}
		tried++
		at := lo + (1-d.roll())*(hi-lo)
		n, low := 0, 0.0
		for k, v := range here {
			if v < at {
				n++
				low += scores[k]
			}
		}
		rest := len(numbers) - n
		if n < how.least || rest < how.least {
			continue
		}
		if gain := square(low)/float64(n) + square(all-low)/float64(rest); gain > most {
			most, column, cut = gain, c, at
		}
	}
	return column, cut
}

// spread is the mean and variance of some of the scores.
func spread(numbers []int, y []float64) (mean, variance float64) {
	n := float64(len(numbers))
	for _, i := range numbers {
		mean += y[i] / n
	}
	for _, i := range numbers {
		variance += square(y[i]-mean) / n
	}
	return mean, variance
}

// leaf is where a row of features falls.
func (t tree) leaf(row []float64) *split {
	at := &t[0]
	for at.left > 0 {
		if row[at.column] < at.cut {
			at = &t[at.left]
		} else {
			at = &t[at.right]
		}
	}
	return at
}

// leaf is where a row of the matrix falls.
func (m *matrix) leaf(t tree, row int) *split {
	at := &t[0]
	for at.left > 0 {
		if m.columns[at.column][row] < at.cut {
			at = &t[at.left]
		} else {
			at = &t[at.right]
		}
	}
	return at
}
