package bench

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Mean is the mean of numbers and their sample standard deviation. NaNs are left out; of too few numbers the mean, or the
// deviation, is NaN.
func Mean(numbers []float64) (mean, deviation float64) {
	numbers = slices.DeleteFunc(slices.Clone(numbers), math.IsNaN)
	if len(numbers) == 0 {
		return math.NaN(), math.NaN()
	}
	if len(numbers) == 1 {
		return numbers[0], math.NaN()
	}
	return stat.MeanStdDev(numbers, nil)
}

// At are the values of curves after a number of evaluations.
func At(curves []Curve, trials int) (values, reports []float64) {
	for _, c := range curves {
		values, reports = append(values, c.Value[trials-1]), append(reports, c.Report[trials-1])
	}
	return values, reports
}

// MedianToBest is the median number of evaluations until the best was found, where more than half of the searches found it.
func MedianToBest(curves []Curve) (median float64, ok bool) {
	var counts []int
	for _, c := range curves {
		if c.ToBest == 0 {
			counts = append(counts, math.MaxInt)
		} else {
			counts = append(counts, c.ToBest)
		}
	}
	slices.Sort(counts)
	low, high := counts[(len(counts)-1)/2], counts[len(counts)/2]
	if high == math.MaxInt {
		return 0, false
	}
	return (float64(low) + float64(high)) / 2, true
}

// Paired is how one sampler did against another over repeats of the same seeds.
type Paired struct {
	Difference         float64 // mean, of the one less the other; NaN where no repeat has both
	Wins, Losses, Ties int
	P                  float64 // of the two-sided signed-rank test
}

// Compare compares two samplers' values, paired by repeat; pairs with a NaN are left out.
func Compare(one, other []float64) Paired {
	var differences []float64
	var p Paired
	for i := range one {
		d := one[i] - other[i]
		switch {
		case math.IsNaN(d):
			continue
		case d > 0:
			p.Wins++
		case d < 0:
			p.Losses++
		default:
			p.Ties++
		}
		differences = append(differences, d)
	}
	p.Difference, _ = Mean(differences)
	p.P = SignedRank(differences)
	return p
}

// exactly is up to how many differences the signed-rank test's distribution is summed up.
const exactly = 60

// SignedRank is the p-value of the two-sided signed-rank test (Wilcoxon 1945, "Individual comparisons by ranking methods") that
// differences lie around 0. Zeros are left out, equal ones share their mean rank. With up to 60 differences it is exact, given the
// ties; beyond, by the normal approximation with corrections for ties and for continuity.
func SignedRank(differences []float64) float64 {
	d := slices.DeleteFunc(slices.Clone(differences), func(x float64) bool { return x == 0 })
	if len(d) == 0 {
		return 1
	}
	slices.SortFunc(d, func(a, b float64) int {
		switch a, b = math.Abs(a), math.Abs(b); {
		case a < b:
			return -1
		case a > b:
			return 1
		}
		return 0
	})
	ranks := make([]int, len(d)) // twice the rank, a whole number for shared ones too
	plus, total, square := 0, 0, 0.0
	for i := 0; i < len(d); {
		j := i
		for j < len(d) && math.Abs(d[j]) == math.Abs(d[i]) {
			j++
		}
		for k := i; k < j; k++ {
			ranks[k] = i + 1 + j
			total += ranks[k]
			square += float64(ranks[k]) * float64(ranks[k])
			if d[k] > 0 {
				plus += ranks[k]
			}
		}
		i = j
	}
	if len(d) > exactly { // the variance of the sum of ranks is the sum of their squares over 4
		z := (math.Abs(float64(plus)-float64(total)/2) - 1) / math.Sqrt(square/4)
		return math.Min(1, 2*distuv.UnitNormal.Survival(math.Max(z, 0)))
	}
	chance := make([]float64, total+1) // of a sum of the positive ranks
	chance[0] = 1
	for _, r := range ranks {
		for s := total; s >= 0; s-- {
			chance[s] /= 2
			if s >= r {
				chance[s] += chance[s-r] / 2
			}
		}
	}
	below, above := 0.0, 0.0
	for s, p := range chance {
		if s <= plus {
			below += p
		}
		if s >= plus {
			above += p
		}
	}
	return math.Min(1, 2*math.Min(below, above))
}

// Checkpoints are the numbers of evaluations up to most at which to report: powers of two, round numbers, and most.
func Checkpoints(most int) []int {
	list := []int{most}
	for n := 1; n < most; n *= 2 {
		list = append(list, n)
	}
	for n := 10; n < most; n *= 10 {
		for _, k := range []int{1, 2, 3, 5} {
			if n*k < most {
				list = append(list, n*k)
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
