package ir_test

import (
	"fmt"
	"math/big"
	"testing"

	"github.com/spacec-lang/spacec/ir"
)

// TestCountByNesting compares with counts worked out by hand. Binary trees of at most d levels are a(d) = 1 + a(d-1)^2
// (OEIS A003095: 1, 2, 5, 26, 677, 458330).
func TestCountByNesting(t *testing.T) {
	for _, test := range []struct {
		name, text string
		most       int
		want       []int64
		more       bool
	}{
		{"no rule", "net = relu | tanh", 5, []int64{2}, false},
		{"a rule, on one side", "rule a = relu | tanh\nnet = a | gelu", 5, []int64{1, 2}, false},
		{"rules in rules", "rule a = b | relu\nrule b = c{2} | tanh\nrule c = relu | tanh\nnet = a >> a", 5,
			[]int64{0, 1, 4 - 1, 36 - 4}, false}, // 1, 2 and 6 draws of a, twice
		{"beyond most", "rule a = b | relu\nrule b = relu | tanh\nnet = a", 1, []int64{0, 1}, true},
		{"trees", "rule t = relu | t >> t\nnet = t", 6, []int64{0, 1, 2 - 1, 5 - 2, 26 - 5, 677 - 26, 458330 - 677}, true},
		{"a line", "rule t = relu | (relu | tanh) >> t\nnet = t", 4, []int64{0, 1, 2, 4, 8}, true},
		{"a rule on the way", "rule t = relu | two\nrule two = t >> t\nnet = t", 5, []int64{0, 1, 0, 1, 0, 3}, true},
		{"types", "rule t = relu | max_pool(2) >> t\nnet = t", 9, []int64{0, 1, 1, 1, 1}, false},
		{"a requirement", "require layers <= 3\nrule t = relu | tanh >> t\nnet = t", 9, []int64{0, 1, 1, 1}, false},
		{"guards on nesting", "rule t = relu | t >> t if nesting < 3\nnet = t", 9, []int64{0, 1, 1, 3}, false},
		{"infinite, with guards on nesting", "rule t = relu | (tanh if nesting == 2 | gelu) >> t\nnet = t", 3, []int64{0, 1, 1, 2}, true},
		{"a let", "rule t = relu | t >> t\nlet a = t\nnet = a >> a", 3, []int64{0, 1, 1, 3}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, more, err := load(t, image+test.text+"\n").CountByNesting(test.most)
			if err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(got) != fmt.Sprint(test.want) || more != test.more {
				t.Errorf("%v, more: %v; want %v, %v", got, more, test.want, test.more)
			}
		})
	}
}

// TestCountByNestingEnds: counts that square from one to the next end at 10,000 digits.
func TestCountByNestingEnds(t *testing.T) {
	got, more, err := load(t, image+"rule t = relu | t >> t\nnet = t\n").CountByNesting(1000)
	if err != nil || !more || len(got) > 20 || got[len(got)-1].BitLen() < 30_000 {
		t.Errorf("%d counts, more: %v, %v", len(got), more, err)
	}
}

// TestCountBounds: a space with too many sums of its costs to count has bounds, and what they bound is known of a
// smaller one of the same make.
func TestCountBounds(t *testing.T) {
	const text = "let a = 1..40 step 3\nrequire params <= %d, macs >= %d\nnet = conv(1..97 step 7, kernel: 1 | 3){%d}\n"
	small := load(t, image+fmt.Sprintf(text, 4_000, 100_000, 2))
	n, err := small.Count()
	if err != nil {
		t.Fatal(err)
	}
	least, most := small.CountBounds()
	if least.Cmp(n) != 0 || most.Cmp(big.NewInt(28*28)) != 0 {
		t.Errorf("%v is bounded by %v and %v", n, least, most)
	}
	if testing.Short() {
		t.Skip("a large count")
	}
	large := load(t, image+fmt.Sprintf(text, 40_000, 2_000_000, 5))
	if n, err := large.Count(); err != ir.ErrUncounted {
		t.Fatalf("counted: %v, %v", n, err)
	}
	least, most = large.CountBounds()
	if want := new(big.Int).Exp(big.NewInt(28), big.NewInt(5), nil); most.Cmp(want) != 0 || least.Sign() <= 0 || least.Cmp(most) >= 0 {
		t.Errorf("bounds %v and %v, want something below %v and that", least, most, want)
	}
}
