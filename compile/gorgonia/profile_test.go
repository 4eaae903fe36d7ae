package gorgonia

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestProfileMeasuresEachOpOfAStep(t *testing.T) {
	g := graphOf(t, "x: [40]\na = dense(300) x\nb = relu a\nc = add a b\ny = dense(5) c")
	c := newTrial(t, g, 8, CrossEntropy, 1)
	want := c.step(t, c.build(t, false))
	times, loss, err := c.build(t, false).Profile(singles(c.inputs), c.target)
	if err != nil || loss != want {
		t.Errorf("the loss is %v, not %v; the error %v", loss, want, err)
	}
	var paths []string
	for _, o := range times {
		paths = append(paths, o.Path)
		if o.Forward < 0 || o.Backward < 0 || o.Forward+o.Backward == 0 {
			t.Errorf("%s took %v and %v", o.Path, o.Forward, o.Backward)
		}
	}
	if diff := cmp.Diff([]string{"dense1", "relu1", "add1", "dense2", "loss", "sums of gradients"}, paths); diff != "" {
		t.Error(diff)
	}
}

func TestMedian(t *testing.T) {
	for want, of := range map[time.Duration][]time.Duration{0: nil, 7: {7}, 3: {9, 1, 3}, 5: {8, 2, 6, 4}} {
		if got := Median(of); got != want {
			t.Errorf("the median of %v is %v, want %v", of, got, want)
		}
	}
}
