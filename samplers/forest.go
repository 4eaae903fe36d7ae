package samplers

import "math"

// forest is a random forest (Breiman 2001) as SMAC has it (Hutter, Hoos & Leyton-Brown 2011): each tree is grown on as many
// trials, drawn with replacement; the variance at a point is that of the trees' means, and the mean of their leaves'.
type forest struct {
	matrix *matrix
	trees  []tree
}

const forestTrees = 40

func (f *forest) fit(x []*item, y []float64) {
	f.matrix, f.trees = newMatrix(x), f.trees[:0]
	how, d := growth{depth: 20, least: 2, cuts: 48}, dice(mixed(uint64(len(x)), 0xf03e57))
	for range forestTrees {
		f.trees = append(f.trees, f.matrix.grow(resampled(len(x), &d), y, how, &d))
	}
}

// resampled are n numbers below n, drawn with replacement.
func resampled(n int, d *dice) []int {
	numbers := make([]int, n)
	for i := range numbers {
		numbers[i] = d.below(n)
	}
	return numbers
}

func (f *forest) predict(x []*item) (mean, deviation []float64) {
	mean, deviation = make([]float64, len(x)), make([]float64, len(x))
	row := make([]float64, len(f.matrix.columns))
	n := float64(len(f.trees))
	for i, it := range x {
		f.matrix.row(it, row)
		sum, squares := 0.0, 0.0
		for _, t := range f.trees {
			leaf := t.leaf(row)
			sum += leaf.mean
			squares += square(leaf.mean) + leaf.variance
		}
		mean[i] = sum / n
		deviation[i] = math.Sqrt(math.Max(1e-6, squares/n-square(mean[i])))
	}
	return mean, deviation
}
