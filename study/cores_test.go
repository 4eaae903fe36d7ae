package study

import (
	"runtime"
	"testing"
)

func TestCoresAreDividedAmongJobs(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(8))
	for jobs, want := range map[int]int{0: 8, 1: 8, 2: 4, 3: 2, 8: 1, 20: 1} {
		if got := (&Task{Jobs: jobs}).Cores(); got != want {
			t.Errorf("of 8 cores each of %d jobs has %d, not %d", jobs, got, want)
		}
	}
}
