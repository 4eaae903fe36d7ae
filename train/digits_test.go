package train

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/ir/op"
)

func digits(t *testing.T) *Dataset {
	t.Helper()
	d, err := Digits()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestDigits(t *testing.T) {
	d := digits(t)
	counts := make([]int, d.Classes)
	for _, label := range d.Labels {
		counts[label]++
	}
	// The counts by class that the data set's own description gives for its test part.
	if diff := cmp.Diff([]int{178, 182, 177, 183, 181, 182, 181, 179, 174, 180}, counts); diff != "" {
		t.Error(diff)
	}
	// The first two rows of the first image, a zero.
	first := []float32{0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0}
	for i := range first {
		first[i] /= 16
	}
	if diff := cmp.Diff(first, d.Inputs[:16]); diff != "" {
		t.Error(diff)
	}
	want := op.Shape{{Name: "c", Size: 1}, {Name: "h", Size: 8}, {Name: "w", Size: 8}}
	if diff := cmp.Diff(want, d.Input); diff != "" {
		t.Error(diff)
	}
	for i, x := range d.Inputs {
		if x < 0 || x > 1 {
			t.Fatalf("pixel %d is %v, outside 0..1", i, x)
		}
	}
}
