package samplers

import "math"

// matrix is the features of some items as rows of one length.
type matrix struct {
	at   [kinds][]int32 // the column of a feature, and 1; 0 where no item had it
	rows [][]float64
	size int
}

func newMatrix(x []*item) *matrix {
	m := &matrix{}
	for _, it := range x {
		for kind, f := range it.features {
			for _, i := range f.index {
				if int(i) >= len(m.at[kind]) {
					m.at[kind] = append(m.at[kind], make([]int32, int(i)+1-len(m.at[kind]))...)
				}
				if m.at[kind][i] == 0 {
					m.size++
					m.at[kind][i] = int32(m.size)
				}
			}
		}
	}
	for _, it := range x {
		m.rows = append(m.rows, m.row(it, make([]float64, m.size)))
	}
	return m
}

// row writes an item's features to a row; those that the matrix hasn't are left out.
func (m *matrix) row(it *item, row []float64) []float64 {
	clear(row)
	for kind, f := range it.features {
		for k, i := range f.index {
			if int(i) < len(m.at[kind]) && m.at[kind][i] > 0 {
				row[m.at[kind][i]-1] = f.value[k]
			}
		}
	}
	return row
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

// grow grows a tree of the rows of some numbers, a number once or more often, so many splits deep at most, with so many
// rows in a leaf at least.
func (m *matrix) grow(numbers []int, y []float64, depth, least int, d *dice) tree {
	var t tree
	var node func(numbers []int, depth int) int
	node = func(numbers []int, depth int) int {
		at := len(t)
		mean, variance := spread(numbers, y)
		t = append(t, split{mean: mean, variance: variance})
		if depth == 0 || len(numbers) < 2*least || variance < 1e-12 {
			return at
		}
		column, cut := m.split(numbers, y, least, d)
		if column < 0 {
			return at
		}
		var low, high []int
		for _, i := range numbers {
			if m.rows[i][column] < cut {
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
	node(numbers, depth)
	return t
}

// split is the best of some cuts; column is -1 where none parts the rows.
func (m *matrix) split(numbers []int, y []float64, least int, d *dice) (column int, cut float64) {
	column = -1
	most := math.Inf(-1)
	for tried, drawn := 0, 0; tried < max(8, m.size/3) && drawn < 4*m.size; drawn++ {
		c := d.below(m.size)
		lo, hi := math.Inf(1), math.Inf(-1)
		for _, i := range numbers {
			lo, hi = min(lo, m.rows[i][c]), max(hi, m.rows[i][c])
		}
		if lo == hi {
			continue
		}
		tried++
		at := lo + (1-d.roll())*(hi-lo)
		n, low, all := 0, 0.0, 0.0
		for _, i := range numbers {
			all += y[i]
			if m.rows[i][c] < at {
				n++
				low += y[i]
			}
		}
		rest := len(numbers) - n
		if n < least || rest < least {
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

// leaf is where a row falls.
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
