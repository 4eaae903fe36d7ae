package main

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"sync"
	"time"
)

// atOnce compares the training of several networks at once, each on its share of the cores, with that of one after the other on all.
func atOnce(out io.Writer, only []string, jobs, rounds int, turn float64) error {
	fmt.Fprintf(out, "%s, %d cores used: %d networks at once, each on %d\n\n", processor(), runtime.GOMAXPROCS(0), jobs, share(jobs))
	for _, name := range only {
		alone, err := load(name, 0)
		if err != nil {
			return err
		}
		copies := make([]*model, jobs)
		for i := range copies {
			if copies[i], err = load(name, share(jobs)); err != nil {
				return err
			}
		}
		_, seconds, err := ours{}.steps(alone, shown)
		if err != nil {
			return err
		}
		n := int(turn/slices.Min(seconds)) + 1
		var rates [2][]float64 // steps a second
		for range rounds {
			for i, models := range [][]*model{{alone}, copies} {
				start := time.Now()
				var group sync.WaitGroup
				for _, m := range models {
					group.Go(func() { _, _, _ = ours{}.steps(m, n) }) // which worked alone
				}
				group.Wait()
				rates[i] = append(rates[i], float64(n*len(models))/time.Since(start).Seconds())
			}
		}
		slices.Sort(rates[0])
		slices.Sort(rates[1])
		a, b := rates[0][rounds/2], rates[1][rounds/2]
		fmt.Fprintf(out, "%-12s%8.1f steps a second one at a time, %8.1f at once: %.2f times\n", name, a, b, b/a)
	}
	return nil
}

// share is the cores of each of several trainings, as search divides them.
func share(jobs int) int { return max(1, runtime.GOMAXPROCS(0)/jobs) }
