package samplers

import "math"

// boosting is gradient boosting of squares (Friedman 2001): each tree is grown on what the ones before leave. There are some such
// series, each on trials drawn with replacement; their spread is the deviation, as of BANANAS' ensemble (White, Neiswanger
// & Savani 2021).
type boosting struct {
	matrix *matrix
	series [][]tree
}

const (
	boostSeries = 5
	boostTrees  = 40
	boostRate   = 0.15
)

func (b *boosting) fit(x []*item, y []float64) {
	b.matrix, b.series = newMatrix(x), b.series[:0]
	how, d := growth{depth: 3, least: 2, cuts: 24}, dice(mixed(uint64(len(x)), 0xb005))
	left := make([]float64, len(y))
	for range boostSeries {
		copy(left, y)
		numbers := resampled(len(x), &d)
		var trees []tree
		for range boostTrees {
			t := b.matrix.grow(numbers, left, how, &d)
			for i := range left {
				left[i] -= boostRate * b.matrix.leaf(t, i).mean
			}
			trees = append(trees, t)
		}
		b.series = append(b.series, trees)
	}
}

func (b *boosting) predict(x []*item) (mean, deviation []float64) {
	mean, deviation = make([]float64, len(x)), make([]float64, len(x))
	row := make([]float64, len(b.matrix.columns))
	for i, it := range x {
		b.matrix.row(it, row)
		sum, squares := 0.0, 0.0
		for _, trees := range b.series {
			y := 0.0
			for _, t := range trees {
				y += boostRate * t.leaf(row).mean
			}
			sum += y
			squares += square(y)
		}
		mean[i] = sum / boostSeries
		deviation[i] = math.Sqrt(math.Max(1e-4, squares/boostSeries-square(mean[i])))
	}
	return mean, deviation
}
