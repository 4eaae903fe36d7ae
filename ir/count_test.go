package ir_test

import (
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/ir"
)

// power is a^b, choose the binomial coefficient.
func power(a, b int64) *big.Int  { return new(big.Int).Exp(big.NewInt(a), big.NewInt(b), nil) }
func choose(n, k int64) *big.Int { return new(big.Int).Binomial(n, k) }
func times(list ...*big.Int) *big.Int {
	p := big.NewInt(1)
	for _, x := range list {
		p.Mul(p, x)
	}
	return p
}

// sumTo is the sum of f(0) .. f(n).
func sumTo(n int64, f func(k int64) *big.Int) *big.Int {
	s := new(big.Int)
	for k := range n + 1 {
		s.Add(s, f(k))
	}
	return s
}

// large are spaces of more than 10^18 points, with their number in closed form.
var large = []struct {
	name, text string
	count      func() *big.Int
}{
	{"independent", "net = (conv(8..64 step 8, 1 | 3 | 5) >> (relu | tanh | gelu)){12}", // 8 * 3 * 3 each
		func() *big.Int { return power(72, 12) }},
	{"shapes", "input y: [c: 3, h: 32, w: 32]\nnet = (conv(8..64 step 8, 1 | 3 | 5) | max_pool(2)){24}", // at most 5 pools
		func() *big.Int {
			return sumTo(5, func(k int64) *big.Int { return times(choose(24, k), power(24, 24-k)) })
		}},
	{"a bound", "require count(conv) <= 12\nnet = (conv(8..64 step 8) | relu | tanh){30}",
		func() *big.Int {
			return sumTo(12, func(k int64) *big.Int { return times(choose(30, k), power(8, k), power(2, 30-k)) })
		}},
	{"lets", "rule stage = { let b = conv(16..128 step 16, 1 | 3 | 5) >> any_order(relu, batch_norm) >> dropout(0.1..0.5 step 0.1)?; in >> b{1..8} }\nnet = stage{6}",
		func() *big.Int { return power(8*3*2*6*8, 6) }},
	{"a recipe", "net = relu\nconfig c { a: 1..64; b: 1..64; c: 1..64; d: 1..64; e: 1..64; f: 1..64; g: 1..64; h: 1..64; i: 1..64; j: 1..64; k: 1..a }",
		func() *big.Int { return times(power(64, 9), big.NewInt(64*65/2)) }},
}

func largeText(text string) string {
	if strings.HasPrefix(text, "input") {
		return strings.Replace(image, "input x: [c: 3, h: 8, w: 8]\n", "", 1) + text + "\n"
	}
	return image + text + "\n"
}

// TestCountLarge compares with closed forms.
func TestCountLarge(t *testing.T) {
	for _, test := range large {
		t.Run(test.name, func(t *testing.T) {
			n, err := load(t, largeText(test.text)).Count()
			want := test.count()
			if err != nil || n.Cmp(want) != 0 {
				t.Errorf("%v, %v; want %v", n, err, want)
			}
			if want.Cmp(power(10, 18)) < 0 {
				t.Errorf("%v is not above 10^18", want)
			}
		})
	}
}

// TestCountGivesUp: what it takes to tell whether options complete is counted, too: where each takes a search through many calls, or
// through many sums, a count doesn't go on for minutes.
func TestCountGivesUp(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes seconds")
	}
	for _, text := range []string{
		"let u = t\nnet = conv(16) >> u >> conv(32) >> u\nrule t = conv(16 | 32 | 64) >> relu [60%] | t >> t | (t ++ t) >> relu\nrequire params <= 200k\n",
	} {
		start := time.Now()
		n, err := load(t, image+text).Count()
		if !errors.Is(err, ir.ErrUncounted) {
			t.Errorf("%v, %v", n, err)
		}
		t.Log(time.Since(start))
	}
}

// TestCountBudgets compares counts of grammars under a budget with what their recurrences come to, and leads from indices to points
// and back.
func TestCountBudgets(t *testing.T) {
	// trees are what a rule of a binary grammar derives with so many ops: leaf(n) by itself, two of it one after the other for no
	// op, and joined for one.
	trees := func(most int, leaf func(n int) int64, joins bool) *big.Int {
		of, sum := make([]*big.Int, most+1), new(big.Int)
		for n := 1; n <= most; n++ {
			of[n] = big.NewInt(leaf(n))
			pairs := func(ops int) {
				for a := 1; a < ops; a++ {
					of[n].Add(of[n], new(big.Int).Mul(of[a], of[ops-a]))
				}
			}
			if pairs(n); joins {
				pairs(n - 1)
			}
			sum.Add(sum, of[n])
		}
		return sum
	}
	first := func(k int64) func(int) int64 {
		return func(n int) int64 {
			if n == 1 {
				return k
			}
			return 0
		}
	}
	for _, test := range []struct {
		text string
		want *big.Int
	}{
		{"net = b\nrule b = conv(16 | 32) | b >> b\nrequire ops <= 30\n", trees(30, first(2), false)},
		{"net = b\nrule b = conv(16, kernel: 1 | 3) | b >> b | b + b\nrequire ops <= 20\n", trees(20, first(2), true)},
		{"net = b >> relu\nrule b = conv(16 | 32) | b >> b | b ++ b\nrequire ops <= 17\n", trees(16, first(2), true)},                // ever more channels
		{"let u = b\nnet = u >> conv(4) >> u\nrule b = conv(in.c) | relu | b >> b\nrequire ops <= 25\n", trees(12, first(2), false)}, // each op twice
		{"net = b\nrule b = conv(16) | conv(in.c + 1) >> b\nrequire layers <= 12\n", big.NewInt(12)},
		{"net = b\nrule b = conv(3 | 4) | b ++ b\nrequire layers <= 4\n", big.NewInt(1446)}, // of at most n layers 2 + the square of those of n - 1
	} {
		sp := load(t, image+test.text)
		n, err := sp.Count()
		if err != nil || n.Cmp(test.want) != 0 {
			t.Errorf("%s\ncounted as %v, %v; want %v", test.text, n, err, test.want)
			continue
		}
		for k := range int64(7) {
			index := new(big.Int).Div(new(big.Int).Mul(n, big.NewInt(k)), big.NewInt(7))
			p, err := sp.At(index, 1)
			if err != nil {
				t.Fatal(err)
			}
			if back, err := p.Index(); err != nil || back.Cmp(index) != 0 {
				t.Errorf("%s\npoint %v has index %v, %v", test.text, index, back, err)
			}
			if _, err := p.Build(); err != nil {
				t.Errorf("%s\npoint %v: %v", test.text, index, err)
			}
		}
	}
}

// BenchmarkCountLarge loads and counts spaces of more than 10^18 points, the whole work of spacec count without the
// process, and reports what of it is counting.
func BenchmarkCountLarge(b *testing.B) {
	for _, test := range large {
		b.Run(test.name, func(b *testing.B) {
			counting, n := time.Duration(0), 0
			for b.Loop() {
				sp := load(b, largeText(test.text))
				start := time.Now()
				if _, err := sp.Count(); err != nil {
					b.Fatal(err)
				}
				counting += time.Since(start)
				n++
			}
			b.ReportMetric(float64(counting.Microseconds())/1e3/float64(n), "counting-ms")
		})
	}
}

// TestAtContinuous: continuous values are no part of the index. They are drawn keyed by (seed, index, decision), so
// that another seed changes them alone, and a point is the same in whatever order points are asked for.
func TestAtContinuous(t *testing.T) {
	sp := load(t, image+`net = conv(8 | 16) >> (relu | dropout(0.1..0.5))
config c { lr: 1e-4..1e-1 log; batch: 32 | 64; decay: 0.0..1.0 }
`)
	total, err := sp.Count()
	if err != nil || total.Int64() != 8 {
		t.Fatalf("%v points, %v", total, err)
	}
	seen := map[string]bool{}
	for i := range int64(8) {
		i = 7 - i
		for _, seed := range []uint64{1, 2} {
			p, err := sp.At(big.NewInt(i), seed)
			if err != nil {
				t.Fatal(err)
			}
			if k, err := p.Index(); err != nil || k.Int64() != i {
				t.Errorf("the point of index %d has index %v (%v)", i, k, err)
			}
			var want []ir.Choice
			answers := p.Choices()
			w := sp.Walk()
			for d, ok := w.Next(); ok; d, ok = w.Next() {
				c := ir.Choice{Path: d.Path()}
				if d.Continuous() {
					x := d.PickReal(ir.Uniform(seed, uint64(i), d.Key()))
					c.Value = x
					w.ChooseReal(x)
					seen[fmt.Sprint(d.Path(), x)] = true
				} else {
					k := 0
					for d.Value(k) != answers[len(want)].Value {
						k++
					}
					c.Value = d.Value(k)
					w.Choose(k)
				}
				want = append(want, c)
			}
			if diff := cmp.Diff(want, answers); diff != "" {
				t.Errorf("index %d, seed %d (-want +got):\n%s", i, seed, diff)
			}
		}
	}
	if len(seen) != 2*(8+8+4) { // two seeds, each point's lr and decay, and the rate of half of them
		t.Errorf("%d different values", len(seen))
	}
}

// TestCostsOfNASBench201 compares what the solver adds up with the published params and mflops of all 15,625 cells, to
// the digits given. The table counts the ten biases of the dense layer as multiplications, and its numbers were rounded
// twice, to four decimals and to six digits. It isn't part of the repository.
func TestCostsOfNASBench201(t *testing.T) {
	path := os.Getenv("SPACEC_NASBENCH201")
	if path == "" {
		path = filepath.Join("..", "..", "shared", "data", "nasbench201", "nasbench201.csv.gz")
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
	type costs struct{ params, mflops string }
	table := map[string]costs{}
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	edges := []string{"e01", "e02", "e12", "e03", "e13", "e23"}
	for _, r := range rows[1:] {
		key := ""
		for _, e := range edges {
			key += r[at[e]] + " "
		}
		table[key] = costs{r[at["params"]], r[at["mflops"]]}
	}
	text, err := os.ReadFile("../examples/nasbench201.space")
	if err != nil {
		t.Fatal(err)
	}
	sp := load(t, string(text)+"\nrequire params <= 1G, macs <= 1000G\n") // true of all: so that costs are followed
	n := enumerate(t, sp, 20_000, func(p *ir.Point) {
		answers := map[string]string{}
		for _, c := range p.Choices() {
			answers[c.Path] = fmt.Sprint(c.Value)
		}
		key := ""
		for _, e := range edges {
			key += answers["cell."+e] + " "
		}
		row, ok := table[key]
		params, macs := p.Spent()
		_, decimals, _ := strings.Cut(row.mflops, ".")
		mflops, err := strconv.ParseFloat(row.mflops, 64)
		if !ok || row.params != fmt.Sprint(params) || err != nil ||
			math.Abs(float64(macs+10)/1e6-mflops) > 0.6*math.Pow10(-len(decimals)) {
			t.Errorf("%s: %d params, %d macs; the table has %+v", key, params, macs, row)
		}
	})
	if n != 15_625 || len(table) != n {
		t.Errorf("%d points, %d rows", n, len(table))
	}
}
