package ir

import (
	"fmt"
	"math"
	"slices"

	"github.com/spacec-lang/spacec/lang/diag"
)

// A draw of a recursive grammar may have no end. By the written weights draws end with probability one, and have a mean size,
// where a call leads to fewer than one other in the mean (describe_means.go). Requirements bound what is built; but what costs
// nothing of what is required goes on when that is used up, so that it is its growth that counts.

// WarnRunaway reports a recursive grammar whose draws need not end, or have no mean size. It is a warning, since types, and
// guards on what arrives, are left out of it. Guards on the nesting end what they guard.
func (sp *Space) WarnRunaway(report *diag.Report) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	if !sp.recursive || sp.nests {
		return
	}
	required := sp.usedUp()
	g, err := sp.growth(false, required)
	if err != nil || g.Finite() || !sp.vast && !sp.infinite() {
		return // an error is that no derivation is free, or that there is too much to look at
	}
	text := fmt.Sprintf("draws with '%s' have no mean size", g.Rule)
	if g.RunsAway() {
		text = fmt.Sprintf("a draw with '%s' need not end", g.Rule)
		if required == nil {
			text += fmt.Sprintf(": it does with a probability of %.2g", g.Ends)
		}
	}
	d := report.Warnf(diag.Runaway, g.At, "%s", text)
	d.Label = "a call leads to one other in the mean"
	if g.RunsAway() {
		d.Label = fmt.Sprintf("a call leads to %.3g others in the mean", g.Rate)
	}
	if required != nil {
		d.Label = "of what costs nothing that is bounded, " + d.Label
	}
	if c := g.Critical; c != nil {
		unit := ""
		if c.Percent {
			unit = "%"
		}
		d.With(c.At, "with '%s' %s [%.3g%s] they are finite in the mean; it is [%.3g%s]", c.Option, c.Side(), c.Critical, unit, c.Weight, unit)
	}
	bound := "ops"
	if slices.ContainsFunc(required, func(l limit) bool { return l.dim == costOps }) {
		bound = "count(skip)"
	}
	d.Note("or bound what goes on, as with 'require %s <= 200'; types and guards on what arrives are left out of this estimate", bound)
}

// usedUp are the limits of what is required once that is used up; nil where nothing is required to be at most anything.
func (sp *Space) usedUp() (list []limit) {
	for _, l := range sp.limits() {
		if l.hi != math.MaxInt64 {
			list = append(list, limit{l.dim, math.MinInt64, 0})
		}
	}
	if sp.layersHi != math.MaxInt64 {
		list = append(list, limit{costLayers, math.MinInt64, 0})
	}
	return list
}
