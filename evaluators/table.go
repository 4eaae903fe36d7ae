package evaluators

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/study"
)

// Table evaluates points by looking them up: a row of the table is a point and what is known of it.
type Table struct {
	Reward Reward
	// Exported tells that the table is one as export and Optuna write it.
	Exported bool
	file     string
	header   []string
	rows     [][]string
	lines    []int // where each row stands in the file
	reward   []float64
	report   []reported
	mu       sync.RWMutex
	joined   map[string]int              // the column of a choice, by its path; -1 where there is none
	used     map[int]bool                // the columns that some choice has
	index    map[string]map[string][]int // the rows by their cells in some columns, by these
}

// param is what the columns of choices begin with as export and Optuna write them.
const param = "params_"

// reported is a column that is reported of points.
type reported struct {
	name  string
	cells []float64
}

// ReadTable reads a table in CSV, gzipped or not, whose first line names the columns. A choice is joined with the column of
// its path or, where there is none, of the longest end of its path that is one: cell.e01 with e01. A cell is the name of the option's
// rule or op, or its literal, numbers being compared as numbers; it is empty where a point doesn't have the choice. In a table as export
// and Optuna write it a choice is joined with params_ and its path alone, as number, value and state are columns of another meaning.
func ReadTable(file string, space *ir.Space, r Reward, report []string) (*Table, error) {
	t := &Table{Reward: r, file: file, joined: map[string]int{}, used: map[int]bool{}, index: map[string]map[string][]int{}}
	if err := t.read(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var err error
	if t.reward, err = t.numbers("reward", r.Name); err != nil {
		return nil, err
	}
	for _, name := range report {
		cells, err := t.numbers("reported", name)
		if err != nil {
			return nil, err
		}
		t.report = append(t.report, reported{name, cells})
	}
	if d, ok := space.Walk().Next(); ok { // which every point has
		t.Exported = slices.Contains(t.header, param+d.Path())
	}
	if err := t.survey(space); err != nil {
		return nil, err
	}
	return t, t.unique()
}

func (t *Table) read() error {
	f, err := os.Open(t.file)
	if err != nil {
		return errors.Unwrap(err)
	}
	defer f.Close()
	var in io.Reader = bufio.NewReader(f)
	if magic, _ := in.(*bufio.Reader).Peek(2); string(magic) == "\x1f\x8b" {
		if in, err = gzip.NewReader(in); err != nil {
			return err
		}
	}
	r := csv.NewReader(in)
	if t.header, err = r.Read(); errors.Is(err, io.EOF) {
		return errors.New("the table is empty")
	} else if err != nil {
		return err
	}
	t.header[0] = strings.TrimPrefix(t.header[0], "\ufeff")
	for i := range t.header {
		if t.header[i] = strings.TrimSpace(t.header[i]); t.header[i] != "" && slices.Contains(t.header[:i], t.header[i]) {
			return fmt.Errorf("two columns are called '%s'", t.header[i])
		}
	}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		line, _ := r.FieldPos(0)
		for i := range row {
			row[i] = cell(row[i])
		}
		t.rows, t.lines = append(t.rows, row), append(t.lines, line)
	}
}

// cell is a cell's text as labels compare: a number in one way of writing it.
func cell(text string) string {
	text = strings.TrimSpace(text)
	if x, err := strconv.ParseFloat(text, 64); err == nil && !math.IsNaN(x) && !math.IsInf(x, 0) {
		return strconv.FormatFloat(x, 'g', -1, 64)
	}
	if text == "True" || text == "False" { // as Python writes them
		return strings.ToLower(text)
	}
	return text
}

// numbers is a column of numbers; NaN where a cell is empty.
func (t *Table) numbers(what, name string) ([]float64, error) {
	at := slices.Index(t.header, name)
	if at < 0 || name == "" {
		return nil, fmt.Errorf("%s: %w", t.file, diag.Unknown(what+" column", name, t.header))
	}
	list := make([]float64, len(t.rows))
	for i, row := range t.rows {
		switch x, err := strconv.ParseFloat(row[at], 64); {
		case row[at] == "" || err == nil && (math.IsNaN(x) || math.IsInf(x, 0)):
			list[i] = math.NaN()
		case err != nil:
			return nil, fmt.Errorf("%s:%d: the %s column '%s' holds '%s', which is no number", t.file, t.lines[i], what, name, row[at])
		default:
			list[i] = x
		}
	}
	return list, nil
}

// column is the column of a choice; -1 where there is none.
func (t *Table) column(path string) int {
	t.mu.RLock()
	at, known := t.joined[path]
	t.mu.RUnlock()
	if known {
		return at
	}
	if at = slices.Index(t.header, param+path); !t.Exported {
		for end, more := path, true; at < 0 && more; _, end, more = strings.Cut(end, ".") {
			at = slices.Index(t.header, end)
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.joined[path] = at
	if at >= 0 {
		t.used[at] = true
	}
	return at
}

// survey reports decisions that the table can't be joined on, found by drawing points.
func (t *Table) survey(space *ir.Space) error {
	w := space.Walk()
	missing := map[string]bool{}
	for trial := range uint64(200) {
		w.Reset()
		for d, ok := w.Next(); ok; d, ok = w.Next() {
			path, u := d.Path(), ir.Uniform(0, trial, d.Key())
			if t.column(path) < 0 {
				missing[path] = true
			}
			if d.Continuous() {
				return fmt.Errorf("%s: the decision '%s' is a continuous range, and a table has single values: give the range points, as in 'log points 8'", t.file, path)
			}
			w.Choose(d.Pick(u))
		}
		p, err := w.Point()
		if err != nil {
			return err
		}
		if _, _, err := t.key(p); err != nil && len(missing) == 0 {
			return err
		}
	}
	if len(missing) == 0 {
		return nil
	}
	names := slices.Sorted(maps.Keys(missing))
	text := "'" + strings.Join(names[:min(len(names), 8)], "', '") + "'"
	if len(names) > 8 {
		text += fmt.Sprintf(" and %d more", len(names)-8)
	}
	near := diag.Nearest(names[0], t.header)
	if near == "" {
		near = diag.Nearest(names[0][strings.LastIndexByte(names[0], '.')+1:], t.header)
	}
	if near != "" {
		return fmt.Errorf("%s has no column for %s; nearest to '%s' is '%s'", t.file, text, names[0], near)
	}
	return fmt.Errorf("%s has no column for %s; its columns are %s", t.file, text, strings.Join(t.header, ", "))
}

// unique reports rows that are of the same point.
func (t *Table) unique() error {
	at := slices.Sorted(maps.Keys(t.used))
	first := map[string]int{}
	for i, row := range t.rows {
		k := keyOf(row, at)
		if other, twice := first[k]; twice {
			return fmt.Errorf("%s: lines %d and %d are of the same point, %s", t.file, t.lines[other], t.lines[i], t.describe(row, at))
		}
		first[k] = i
	}
	return nil
}

func keyOf(row []string, columns []int) string {
	var b strings.Builder
	for _, c := range columns {
		b.WriteString(row[c])
		b.WriteByte(0)
	}
	return b.String()
}

func (t *Table) describe(row []string, columns []int) string {
	var parts []string
	for _, c := range columns {
		parts = append(parts, t.header[c]+"="+row[c])
	}
	return strings.Join(parts, ", ")
}

// key is a point's columns, in order, and its cells, as a row that has these alone.
func (t *Table) key(p *ir.Point) (columns []int, row []string, err error) {
	row = make([]string, len(t.header))
	paths := map[int]string{}
	for i, list := range [][]ir.Choice{p.Choices(), p.Settled()} {
		for _, c := range list {
			at := t.column(c.Path)
			if at < 0 && i == 0 {
				return nil, nil, fmt.Errorf("%s has no column for the decision '%s'", t.file, c.Path)
			}
			if at < 0 || i > 0 && t.Exported { // where columns are of decisions alone
				continue
			}
			text := cell(fmt.Sprint(c.Value))
			if other, twice := paths[at]; twice && row[at] != text {
				return nil, nil, fmt.Errorf("%s: '%s' and '%s' are both joined with the column '%s': give each a column of its full name",
					t.file, other, c.Path, t.header[at])
			}
			paths[at], row[at] = c.Path, text
		}
	}
	columns = slices.Sorted(maps.Keys(paths))
	return columns, row, nil
}

// Row is the row of a point, or -1 and why there is none.
func (t *Table) Row(p *ir.Point) (row int, reason string, err error) {
	columns, want, err := t.key(p)
	if err != nil {
		return -1, "", err
	}
	rows := t.find(columns, keyOf(want, columns))
	if len(rows) > 1 { // that of the point has nothing in the columns of choices that the point doesn't have
		all := slices.Sorted(maps.Keys(t.usedColumns()))
		rows = slices.DeleteFunc(slices.Clone(rows), func(i int) bool { return keyOf(t.rows[i], all) != keyOf(want, all) })
	}
	switch len(rows) {
	case 0:
		return -1, "the table has no row of " + t.describe(want, columns), nil
	case 1:
		return rows[0], "", nil
	}
	return -1, "", fmt.Errorf("%s: lines %d and %d are both of %s", t.file, t.lines[rows[0]], t.lines[rows[1]], t.describe(want, columns))
}

func (t *Table) usedColumns() map[int]bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return maps.Clone(t.used)
}

// find is the rows of a key over some columns.
func (t *Table) find(columns []int, key string) []int {
	name := fmt.Sprint(columns)
	t.mu.RLock()
	index := t.index[name]
	t.mu.RUnlock()
	if index == nil {
		index = map[string][]int{}
		for i, row := range t.rows {
			k := keyOf(row, columns)
			index[k] = append(index[k], i)
		}
		t.mu.Lock()
		t.index[name] = index
		t.mu.Unlock()
	}
	return index[key]
}

// Evaluate looks a point up: an Evaluator. A point without a row is infeasible.
func (t *Table) Evaluate(_ context.Context, task *study.Task) (study.Evaluation, error) {
	row, reason, err := t.Row(task.Point)
	if err != nil {
		return study.Evaluation{}, err
	}
	if row < 0 {
		return study.Impossible("%s", reason), nil
	}
	return t.At(row), nil
}

// At is the evaluation of a row.
func (t *Table) At(row int) study.Evaluation {
	if math.IsNaN(t.reward[row]) {
		return study.Failed("line %d of the table has no %s", t.lines[row], t.Reward.Name)
	}
	e := study.Value(t.Reward.Value(t.reward[row]), Metric(t.Reward.Name, t.reward[row]))
	for _, r := range t.report {
		if x := r.cells[row]; !math.IsNaN(x) && r.name != t.Reward.Name {
			e.Metrics = append(e.Metrics, Metric(r.name, x))
		}
	}
	return e
}

// Best is the best value of the table's points that are in a space; there may be none.
func (t *Table) Best(space *ir.Space) (value float64, ok bool) {
	order := make([]int, 0, len(t.rows))
	for i, x := range t.reward {
		if !math.IsNaN(x) {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(t.Reward.Value(t.reward[j]), t.Reward.Value(t.reward[i])) })
	w := space.Walk()
	for _, i := range order {
		if t.holds(w, i) {
			return t.Reward.Value(t.reward[i]), true
		}
	}
	return 0, false
}

// holds walks to a row's point, and tells whether there is one.
func (t *Table) holds(w *ir.Walk, row int) bool {
	w.Reset()
	for d, ok := w.Next(); ok; d, ok = w.Next() {
		at := t.column(d.Path())
		if at < 0 {
			return false
		}
		option := 0
		for option < d.Len() && cell(fmt.Sprint(d.Value(option))) != t.rows[row][at] {
			option++
		}
		if option == d.Len() {
			return false
		}
		w.Choose(option)
	}
	p, err := w.Point()
	if err != nil {
		return false
	}
	found, _, err := t.Row(p)
	return err == nil && found == row
}
