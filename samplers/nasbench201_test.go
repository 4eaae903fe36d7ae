package samplers

import (
	"compress/gzip"
	"encoding/csv"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/spacec-lang/spacec/ir"
)

// The samplers on the table of NAS-Bench-201 (Dong & Yang 2020): what is evaluated is looked up. Every evaluation is of a
// new network. The whole comparison takes an hour on one core:
//
//	go test ./samplers -run TestNASBench201 -v -repeats 200 -timeout 0
var (
	repeats = flag.Int("repeats", 0, "repeats on NAS-Bench-201; 0 for a short check of a few")
	budget  = flag.Int("budget", 300, "with -repeats: evaluations of random, evolution and local search")
	chosen  = flag.String("samplers", "random,evolution,local,mcts,auto", "with -repeats: the samplers")
	columns = flag.String("columns", "cifar10_val12,cifar100_val200_s0", "with -repeats: the rewards")
)

// table is the values of a column by the six choices of a point.
type table struct {
	space  *ir.Space
	shared *Catalogue
	values map[string]map[string]float64 // by column and choices
	best   map[string]float64
}

func nasbench201(tb testing.TB) *table {
	tb.Helper()
	const name = "../../shared/data/nasbench201/nasbench201.csv.gz"
	f, err := os.Open(name)
	if err != nil {
		tb.Skipf("the table of NAS-Bench-201 is not there: %v", err)
	}
	defer f.Close()
	unzipped, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	rows, err := csv.NewReader(unzipped).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	t := &table{space: example(tb, "nasbench201"), values: map[string]map[string]float64{}, best: map[string]float64{}}
	t.shared = NewCatalogue(t.space)
	for i, column := range rows[0] {
		if i < 7 {
			continue
		}
		t.values[column], t.best[column] = map[string]float64{}, math.Inf(-1)
		for _, row := range rows[1:] {
			x, err := strconv.ParseFloat(row[i], 64)
			if err != nil {
				tb.Fatal(err)
			}
			t.values[column][strings.Join(row[:6], ",")] = x
			t.best[column] = math.Max(t.best[column], x)
		}
	}
	return t
}

// value is a point's value in a column; the decisions stand in the order of the table's columns.
func (t *table) value(tb testing.TB, p *ir.Point, column string) float64 {
	var edges []string
	for i, c := range p.Choices() {
		if want := []string{"e01", "e02", "e12", "e03", "e13", "e23"}[i]; !strings.Contains(c.Path, want) {
			tb.Fatalf("decision %d is %s, want %s", i, c.Path, want)
		}
		edges = append(edges, c.Value.(string))
	}
	x, ok := t.values[column][strings.Join(edges, ",")]
	if !ok {
		tb.Fatalf("the table has no %v", edges)
	}
	return x
}

// run is the best value after each of a number of evaluations, and the best's test accuracy at the end.
func (t *table) run(tb testing.TB, kind string, seed uint64, column string, evaluations int) (curve, tested []float64) {
	tb.Helper()
	s, err := New(kind, t.shared, seed)
	if err != nil {
		tb.Fatal(err)
	}
	s = NewDistinct(s, t.shared)
	best, test := math.Inf(-1), 0.0
	for trial := range evaluations {
		p := ask(tb, s, trial)
		x := t.value(tb, p, column)
		if x > best {
			best, test = x, t.value(tb, p, column[:strings.Index(column, "_")]+"_test200")
		}
		curve, tested = append(curve, best), append(tested, test)
		if err := s.Tell(trial, Outcome{Complete, x}); err != nil {
			tb.Fatal(err)
		}
		if best == t.best[column] && evaluations > 64 {
			for len(curve) < evaluations { // nothing more to find
				curve, tested = append(curve, best), append(tested, test)
			}
			break
		}
	}
	return curve, tested
}

// found is after how many evaluations a curve is at its goal; one more than all where it isn't.
func found(curve []float64, goal float64) int {
	i := slices.Index(curve, goal)
	if i < 0 {
		return len(curve) + 1
	}
	return i + 1
}

func TestNASBench201(t *testing.T) {
	bench := nasbench201(t)
	if *repeats > 0 {
		for _, column := range strings.Split(*columns, ",") {
			at := map[string][]float64{}
			for _, kind := range strings.Split(*chosen, ",") {
				at[kind] = bench.compare(t, kind, column)
			}
			for kind, best := range at {
				if random := at["random"]; random != nil && kind != "random" {
					wins, losses, p := signTest(best, random)
					t.Logf("%-18s %-10s after 64 evaluations: better than random %d times, worse %d times, p = %.2g (sign test, two-sided)", column, kind, wins, losses, p)
				}
			}
		}
		return
	}
	if testing.Short() {
		t.Skip("builds some hundred networks")
	}
	const column, n = "cifar10_val12", 16
	var tree, random []float64
	for seed := range uint64(n) {
		at, _ := bench.run(t, "mcts", seed, column, 64)
		by, _ := bench.run(t, "random", seed, column, 64)
		tree, random = append(tree, at[63]), append(random, by[63])
	}
	if wins, losses, p := signTest(tree, random); wins < losses || p > 0.05 {
		t.Errorf("mcts is better than random %d times and worse %d times, p = %.2g", wins, losses, p)
	}
}

// compare writes what a sampler finds in a column, and returns the best after 64 evaluations of each repeat.
func (t *table) compare(tb testing.TB, kind, column string) (at64 []float64) {
	n := *budget
	start := time.Now()
	regret, tested := map[int]float64{}, map[int][]float64{}
	var to []int
	for seed := range uint64(*repeats) {
		curve, test := t.run(tb, kind, seed, column, n)
		to = append(to, found(curve, t.best[column]))
		at64 = append(at64, curve[min(64, n)-1])
		for _, at := range []int{32, 64, 100, 300} {
			if at <= n {
				regret[at] += (t.best[column] - curve[at-1]) / float64(*repeats)
				tested[at] = append(tested[at], test[at-1])
			}
		}
	}
	slices.Sort(to)
	line := ""
	for _, at := range []int{32, 64, 100, 300} {
		if at <= n {
			line += fmt.Sprintf("%8.3f", regret[at])
		}
	}
	mean, deviation := moments(tested[min(100, n)])
	tb.Logf("%-18s %-10s regret%s  to the best: median %d, quartiles %d %d  test %.2f ± %.2f  (%.0f s)", column, kind, line,
		to[len(to)/2], to[len(to)/4], to[len(to)*3/4], mean, deviation, time.Since(start).Seconds())
	return at64
}

// signTest counts how often the one is greater than the other, and how likely it is that they differ so much by chance.
func signTest(a, b []float64) (wins, losses int, p float64) {
	for i := range a {
		switch {
		case a[i] > b[i]:
			wins++
		case a[i] < b[i]:
			losses++
		}
	}
	if wins == losses {
		return wins, losses, 1
	}
	d := distuv.Binomial{N: float64(wins + losses), P: 0.5}
	return wins, losses, 2 * d.CDF(float64(min(wins, losses)))
}

func moments(x []float64) (mean, deviation float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		deviation += square(v-mean) / float64(len(x)-1)
	}
	return mean, math.Sqrt(deviation)
}
