// Package evaluators tries points in ways that need no training here: by a command in any language, in a table, by what a
// point costs, and by zero-cost proxies of an untrained network. A point enters, as a study.Task; a study.Evaluation leaves.
package evaluators

import (
	"context"
	"slices"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/study"
)

// Reward is the number that a search is for.
type Reward struct {
	Name     string
	Minimize bool // the least is the best
}

// Value is the reward as what the search maximises.
func (r Reward) Value(x float64) float64 {
	if r.Minimize {
		return 0 - x // and not -0
	}
	return x
}

// Raw is the reward of a value that the search maximises.
func (r Reward) Raw(value float64) float64 { return r.Value(value) }

// Metric is a measured number, under a name that a line of trials.jsonl has no other use for.
func Metric(name string, x float64) study.Metric { return study.NewMetric(name, x) }

// Cost evaluates a point by one of its costs: params, macs, layers or one that the file declares. Nothing is trained.
func Cost(space *ir.Space, r Reward) (study.Evaluator, error) {
	b, err := space.Example()
	if err != nil {
		return nil, err
	}
	costs, err := costsOf(b)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, c := range costs {
		names = append(names, c.Name)
	}
	if !slices.Contains(names, r.Name) {
		return nil, diag.Unknown("cost", r.Name, names)
	}
	return func(_ context.Context, t *study.Task) (study.Evaluation, error) {
		b, err := t.Build()
		if err != nil {
			return study.Evaluation{}, err
		}
		costs, err := costsOf(b)
		if err != nil {
			return study.Failed("%v", err), nil
		}
		i := slices.IndexFunc(costs, func(c ir.Cost) bool { return c.Name == r.Name })
		x := costs[i].Value
		if r.Name == "params" || r.Name == "macs" || r.Name == "layers" { // every trial has them anyway
			return study.Value(r.Value(x)), nil
		}
		return study.Value(r.Value(x), Metric(r.Name, x)), nil
	}, nil
}

// costsOf are a point's costs, layers among them where there is a network.
func costsOf(b *ir.Built) ([]ir.Cost, error) {
	costs := slices.Clone(b.Costs())
	if b.Graph == nil {
		return costs, nil
	}
	c, err := b.Graph.Costs()
	if !slices.ContainsFunc(costs, func(c ir.Cost) bool { return c.Name == "layers" }) {
		costs = append(costs, ir.Cost{Name: "layers", Value: float64(c.Layers)})
	}
	return costs, err
}
