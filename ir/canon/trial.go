package canon

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
)

// Trial is the identity of a trial: what its point builds, the values of its configs by config and field,
// and what it was run at (epochs, a share of the data). Two trials with one identity are the same
// experiment, whatever they are called. Numbers that are equal are the same, whole or not. The error is of
// a value that can't be written, as an infinite number.
func Trial(f Form, configs map[string]map[string]any, fidelity map[string]any) ([sha256.Size]byte, error) {
	said := struct {
		Graph    []byte
		Configs  map[string]map[string]any
		Fidelity map[string]any `json:",omitempty"`
	}{f.Hash[:], map[string]map[string]any{}, fidelity}
	for name, fields := range configs {
		if len(fields) > 0 {
			said.Configs[name] = fields
		}
	}
	b, err := json.Marshal(said) // in the order of the keys
	if err != nil {
		return colour{}, fmt.Errorf("the values of a trial have no identity: %w", err)
	}
	return digest("trial", b), nil
}
