package samplers

import "errors"

// ErrExhausted is of a sampler that proposes no point twice, asked for more points than the space has.
var ErrExhausted = errors.New("every point of the space was proposed already")
