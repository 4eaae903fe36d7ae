package train

import "math"

// Schedule is how the learning rate moves during training.
type Schedule struct {
	Kind   string  `json:"kind"`   // "constant", "step" or "cosine"
	Every  int     `json:"every"`  // step: epochs between two changes
	Factor float64 `json:"factor"` // step: what each change multiplies by
	Warmup float64 `json:"warmup"` // epochs over which the rate rises linearly; 0 for none
}

// Rate is what the learning rate is multiplied by at a step, counted from 0, of a training of the given
// number of steps, perEpoch of them an epoch. Warm-up is linear and ends at 1 (Goyal et al. 2017); the
// cosine falls to 0 over the steps that are left after it, without restarts (Loshchilov & Hutter 2017).
func (s Schedule) Rate(step, steps, perEpoch int) float64 {
	warm := s.Warmup * float64(perEpoch)
	if t := float64(step) + 1; t < warm {
		return t / warm
	}
	switch s.Kind {
	case "step":
		return math.Pow(s.Factor, float64(step/(s.Every*perEpoch)))
	case "cosine":
		left := max(float64(steps)-warm, 1)
		return (1 + math.Cos(math.Pi*(float64(step)-min(warm, float64(step)))/left)) / 2
	}
	return 1
}
