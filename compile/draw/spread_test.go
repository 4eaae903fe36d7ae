package draw_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/spacec-lang/spacec/compile/draw"
)

// TestSpreadCounts compares bins with a count over all numbers, and the quartiles with their definition.
func TestSpreadCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.SampledFrom([]int64{0, 1, 10, 24, 25, 1000, 1 << 40, math.MaxInt64}).Draw(t, "most")
		least := rapid.SampledFrom([]int64{0, most / 2, most}).Draw(t, "least")
		numbers := rapid.SliceOfN(rapid.Int64Range(least, most), 1, 200).Draw(t, "numbers")
		s := draw.NewSpread("n", numbers)
		sum := 0
		for i, b := range s.Bins {
			n := 0
			for _, x := range numbers {
				if x >= b.Low && x <= b.High {
					n++
				}
			}
			if n != b.Count {
				t.Errorf("bin %v has %d numbers", b, n)
			}
			if b.High < b.Low || i > 0 && b.Low != s.Bins[i-1].High+1 {
				t.Errorf("bins %v", s.Bins)
			}
			sum += n
		}
		if sum != len(numbers) || len(s.Bins) > 24 {
			t.Errorf("%d of %d numbers in %d bins", sum, len(numbers), len(s.Bins))
		}
		below := func(q int64) int {
			n := 0
			for _, x := range numbers {
				if x <= q {
					n++
				}
			}
			return n
		}
		if 2*below(s.Median) < len(numbers) || s.Min != slices.Min(numbers) || s.Max != slices.Max(numbers) || s.Q25 > s.Median || s.Median > s.Q75 {
			t.Errorf("%+v of %v", s, numbers)
		}
		p := parse(t, draw.Spreads("spread", []draw.Spread{s, s, s}))
		for _, f := range p.faults() {
			if !strings.Contains(f, "a line goes through") { // the quartiles' lines do, above the bars
				t.Error(f)
			}
		}
		if text := draw.SpreadText("spread", []draw.Spread{s}, draw.Terminal{ASCII: true}); len(strings.Split(text, "\n")) != 4+len(s.Bins) {
			t.Errorf("%s", text)
		}
	})
}
