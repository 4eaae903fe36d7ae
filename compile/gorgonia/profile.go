package gorgonia

import "time"

// OpTime is what an op took in one training step.
type OpTime struct {
	Path              string // of the node; "loss", or "sums of gradients" for what meets at shared wires
	Forward, Backward time.Duration
}

// Profile takes a training step as Step does, and measures each op. The ops stand in the order of the
// graph.
func (m *Model) Profile(inputs [][]float32, target Target) (times []OpTime, loss float64, err error) {
	if m.engine == nil {
		return nil, 0, errClosed
	}
	index := map[string]int{}
	loss, err = m.engine.stepTimed(inputs, target, func(path string, forward bool, d time.Duration) {
		i, ok := index[path]
		if !ok {
			i = len(times)
			index[path] = i
			times = append(times, OpTime{Path: path})
		}
		if forward {
			times[i].Forward += d
		} else {
			times[i].Backward += d
		}
	})
	return times, loss, err
}
