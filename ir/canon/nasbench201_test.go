package canon_test

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/ir/canon"
)

// cellOf reads a point of examples/nasbench201.space.
func cellOf(t testing.TB, p *ir.Point) cell {
	c := cell{-1, -1, -1, -1, -1, -1}
	for _, choice := range p.Choices() {
		for e, ends := range edges {
			if choice.Path != fmt.Sprintf("cell.e%d%d", ends[0], ends[1]) {
				continue
			}
			for k, name := range ops {
				if choice.Value == name {
					c[e] = k
				}
			}
		}
	}
	for _, k := range c {
		if k < 0 {
			t.Fatalf("the point's decisions are %v", p.Choices())
		}
	}
	return c
}

func (c cell) count(op string) int {
	n := 0
	for _, k := range c {
		if ops[k] == op {
			n++
		}
	}
	return n
}

// points calls visit, on two cores, with every n-th point of the space.
func points(t *testing.T, n int, visit func(p *ir.Point, b *ir.Built) error) int {
	t.Helper()
	sp := example(t, "nasbench201")
	work := make(chan *ir.Point)
	var wait sync.WaitGroup
	for range 2 {
		wait.Go(func() {
			for p := range work {
				b, err := p.Build()
				if err == nil {
					err = visit(p, b)
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	i := 0
	all := enumerate(t, sp, func(p *ir.Point) {
		if i%n == 0 {
			work <- p
		}
		i++
	})
	close(work)
	wait.Wait()
	return all
}

// TestNASBench201Costs compares params and macs of the space's networks with the published formulas.
func TestNASBench201Costs(t *testing.T) {
	n := points(t, 97, func(p *ir.Point, b *ir.Built) error {
		c := cellOf(t, p)
		cost, err := b.Graph.Costs()
		if want := 73306 + 28000*c.count("nor_conv_1x1") + 243040*c.count("nor_conv_3x3"); err != nil || cost.Params != int64(want) {
			return fmt.Errorf("%v: %d params, not %d (%v)", c, cost.Params, want, err)
		}
		// The publication counts the ten biases of the dense layer as well.
		if want := 7783050 + 3932160*(c.count("nor_conv_1x1")+9*c.count("nor_conv_3x3")); cost.MACs+10 != int64(want) {
			return fmt.Errorf("%v: %d macs, not %d", c, cost.MACs+10, want)
		}
		return nil
	})
	if n != 15625 {
		t.Errorf("%d points, not 15,625", n)
	}
}

// table is NAS-Bench-201's, by cell: rows of its columns by name. It isn't part of the repository; a test
// that needs it is skipped where it is neither beside it nor where SPACEC_NASBENCH201 says.
func table(t *testing.T) map[cell]map[string]string {
	t.Helper()
	path := os.Getenv("SPACEC_NASBENCH201")
	if path == "" {
		path = filepath.Join("..", "..", "..", "shared", "data", "nasbench201", "nasbench201.csv.gz")
	}
	f, err := os.Open(path)
	if err != nil {
		t.Skipf("the table of NAS-Bench-201 is not here; SPACEC_NASBENCH201 may name it: %v", err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(z).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	all := map[cell]map[string]string{}
	for _, r := range rows[1:] {
		row := map[string]string{}
		for i, name := range rows[0] {
			row[name] = r[i]
		}
		var c cell
		for e, ends := range edges {
			c[e] = -1
			for k, name := range ops {
				if row[fmt.Sprintf("e%d%d", ends[0], ends[1])] == name {
					c[e] = k
				}
			}
		}
		all[c] = row
	}
	if len(all) != 15625 {
		t.Fatalf("%d cells in the table", len(all))
	}
	return all
}

// TestNASBench201Table compares params and macs of the networks with the table's, to the digits given: of
// every 64th point, and with SPACEC_ALL=1 of all, half a minute's work.
func TestNASBench201Table(t *testing.T) {
	rows := table(t)
	n := 64
	if os.Getenv("SPACEC_ALL") != "" {
		n = 1
	}
	points(t, n, func(p *ir.Point, b *ir.Built) error {
		c := cellOf(t, p)
		cost, err := b.Graph.Costs()
		if err != nil {
			return err
		}
		row := rows[c]
		if row["params"] != strconv.FormatInt(cost.Params, 10) {
			return fmt.Errorf("%v: %d params, not %s", c, cost.Params, row["params"])
		}
		if x := float64(cost.MACs+10) / 1e6; !given(x, row["mflops"]) {
			return fmt.Errorf("%v: %v million macs, not %s", c, x, row["mflops"])
		}
		return nil
	})
}

// given tells whether x is the number that a text gives, to the text's last digit. The table has rounded
// twice, to four decimals and to six digits, which may be half a digit and a tenth of one away.
func given(x float64, text string) bool {
	_, decimals, _ := strings.Cut(text, ".")
	y, err := strconv.ParseFloat(text, 64)
	return err == nil && math.Abs(x-y) <= 0.6*math.Pow10(-len(decimals))
}

// paperClass is the string by which NAS-Bench-201's authors call cells equal, in their notation, which
// matters: 0 is the input, # is nothing, (node)@op an edge. A node is what its edges bring, sorted as text
// and joined by +. An edge with skip_connect brings its node's text as it is, one with none, or from a node
// that is exactly nothing, brings nothing. So sums aren't flat, nothing stays in them, and a node that is
// used twice is written twice.
func (c cell) paperClass() string {
	node := [4]string{"0"}
	for to := 1; to < 4; to++ {
		var terms []string
		for e, ends := range edges {
			if ends[1] != to {
				continue
			}
			switch from := node[ends[0]]; {
			case ops[c[e]] == "none" || from == "#":
				terms = append(terms, "#")
			case ops[c[e]] == "skip_connect":
				terms = append(terms, from)
			default:
				terms = append(terms, "("+from+")@"+ops[c[e]])
			}
		}
		sort.Strings(terms)
		node[to] = strings.Join(terms, "+")
	}
	return node[3]
}

// TestPaperClasses: the paper's rule gives its 6,466 classes; ours merges more where theirs misses that
// networks are equal, and less where theirs merges ones that aren't.
func TestPaperClasses(t *testing.T) {
	of, _ := byHand()
	merged, split := map[string]map[int]bool{}, map[int]map[string]bool{}
	for i, c := range cells() {
		s := c.paperClass()
		if merged[s] == nil {
			merged[s] = map[int]bool{}
		}
		if split[of[i]] == nil {
			split[of[i]] = map[string]bool{}
		}
		merged[s][of[i]] = true
		split[of[i]][s] = true
	}
	if len(merged) != 6466 {
		t.Errorf("%d classes, not the paper's 6,466", len(merged))
	}
	wrong, missed := 0, 0
	for _, s := range merged {
		if len(s) > 1 {
			wrong++
		}
	}
	for _, s := range split {
		if len(s) > 1 {
			missed++
		}
	}
	if wrong != 523 || missed != 759 {
		t.Errorf("%d of the paper's classes hold several structures, not 523; %d structures are in several classes, not 759", wrong, missed)
	}
}

// TestPaperClassesOfTheTable: that rule's classes are the table's, one to one.
func TestPaperClassesOfTheTable(t *testing.T) {
	number, text := map[string]string{}, map[string]string{}
	for c, row := range table(t) {
		s, class := c.paperClass(), row["class"]
		if n, ok := number[s]; ok && n != class {
			t.Fatalf("%v is in class %s, another cell %s in %s", c, class, s, n)
		}
		if other, ok := text[class]; ok && other != s {
			t.Fatalf("class %s is %s and %s", class, other, s)
		}
		number[s], text[class] = class, s
	}
	if len(number) != 6466 || len(text) != 6466 {
		t.Errorf("%d strings, %d classes", len(number), len(text))
	}
}

// TestCellsAreNetworks: two networks are the same exactly when their cells are, on a sample, or with
// SPACEC_ALL=1 on all.
func TestCellsAreNetworks(t *testing.T) {
	of, _ := byHand()
	number := map[cell]int{}
	for i, c := range cells() {
		number[c] = of[i]
	}
	var mu sync.Mutex
	cellOfHash, hashOfCell := map[[32]byte]int{}, map[int][32]byte{}
	visit := func(p *ir.Point, b *ir.Built) error {
		f, err := canon.Hash(b.Graph)
		if err != nil || !f.Exact {
			return fmt.Errorf("exact: %v, %v", f.Exact, err)
		}
		mu.Lock()
		defer mu.Unlock()
		n := number[cellOf(t, p)]
		if m, ok := cellOfHash[f.Hash]; ok && m != n {
			return fmt.Errorf("%v: another cell makes the same network", p.Choices())
		}
		if h, ok := hashOfCell[n]; ok && h != f.Hash {
			return fmt.Errorf("%v: the same cell makes another network", p.Choices())
		}
		cellOfHash[f.Hash], hashOfCell[n] = n, f.Hash
		return nil
	}
	n := 61
	if os.Getenv("SPACEC_ALL") != "" {
		n = 1
	}
	points(t, n, visit)
	if len(hashOfCell) < 100 || n == 1 && len(hashOfCell) != structures {
		t.Errorf("%d structures in the sample", len(hashOfCell))
	}
}
