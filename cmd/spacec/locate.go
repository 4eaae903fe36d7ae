package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"github.com/spf13/cobra"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/study"
)

func (a *app) locate() *cobra.Command {
	var seed string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "locate SPACE [ARCH]",
		Short: "Find an architecture in a space",
		Long: `Locate parses an architecture, a file without a choice, under a space as a grammar: it prints the decisions of the
most probable derivation, how many derivations there are, their total probability, and the index of the point where the
space's points are counted. Where the architecture isn't in the space it says at which op it leaves it and what is
nearest, and exits with 1. How the architecture is written makes no difference.

With --seed NAME the architecture is a seed that the space's file declares.

With --json there is one object:
  inside       whether the architecture is in the space; the rest is of one that is, or of one that isn't
  point        the decisions by name
  free         names of the decisions that nothing in the architecture decides; point has the most probable answer
  index        of the point, as enumerate lists them, as a string of digits; absent where the points are not counted
  derivations  how many points build the architecture, as a string of digits, or "infinite"
  exact        whether that is all; where it isn't there may be more, and more probable ones
  withheld     names of the decisions whose answer a draw would not offer: it would not know that it completes
  probability, log_probability
               of the point by the written weights, and its natural logarithm
  total, log_total
               of all derivations together
  outside      where it leaves the space, as a diagnostic of check: {code, severity, message, at, label, others, notes}
  offers       what the space has there
  nearest      the nearest alternative
  mends        whether it is known that with it the architecture is in the space`,
		Example: "  spacec locate examples/digits.space runs/digits-seed1/best.space\n  spacec locate my.space --seed resnet --json",
		Args: func(cmd *cobra.Command, args []string) error {
			want := 2
			if cmd.Flags().Changed("seed") {
				want = 1
			}
			if len(args) != want {
				return fmt.Errorf("locate takes a SPACE and an ARCH, or a SPACE and --seed; there are %s", plural(len(args), "file"))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			space, err := a.load(args[0])
			if err != nil {
				return err
			}
			var arch *ir.Space
			if cmd.Flags().Changed("seed") {
				arch, err = findSeed(space, seed)
			} else {
				arch, err = a.load(args[1])
			}
			if err != nil {
				return err
			}
			l, err := space.Locate(arch)
			var outside *ir.Outside
			switch {
			case errors.As(err, &outside) && outside.At.Source != nil:
				return a.writeOutside(outside, asJSON)
			case err != nil:
				return err
			case asJSON:
				return a.writeJSON(locatedJSON(l))
			}
			return a.writeLocation(l)
		},
	}
	cmd.Flags().StringVar(&seed, "seed", "", "find this seed of the space")
	cmd.Flags().BoolVar(&asJSON, "json", false, "write a JSON object")
	return cmd
}

func findSeed(space *ir.Space, name string) (*ir.Space, error) {
	var names []string
	for _, s := range space.Seeds() {
		if s.Name == name {
			return s.Arch, nil
		}
		names = append(names, s.Name)
	}
	if len(names) == 0 {
		return nil, usagef("unknown seed '%s': the space declares none", name)
	}
	return nil, unknown("seed", name, names)
}

func (a *app) writeOutside(outside *ir.Outside, forJSON bool) error {
	var report diag.Report
	outside.Report(&report)
	if err := a.render(&report); err != nil {
		return err
	}
	if forJSON {
		lines, err := asJSON(report.Diagnostics())
		if err != nil {
			return err
		}
		err = a.writeJSON(struct {
			Inside  bool            `json:"inside"`
			Outside json.RawMessage `json:"outside"`
			Offers  []string        `json:"offers,omitempty"`
			Nearest string          `json:"nearest,omitempty"`
			Mends   bool            `json:"mends"`
		}{false, lines[0], outside.Offers, outside.Nearest, outside.Mends})
		if err != nil {
			return err
		}
	}
	return errReported
}

// located is what --json says of an architecture that is in the space.
type located struct {
	Inside         bool           `json:"inside"`
	Point          map[string]any `json:"point"`
	Free           []string       `json:"free,omitempty"`
	Withheld       []string       `json:"withheld,omitempty"`
	Index          string         `json:"index,omitempty"`
	Derivations    string         `json:"derivations"`
	Exact          bool           `json:"exact"`
	Probability    float64        `json:"probability"`
	LogProbability float64        `json:"log_probability"`
	Total          float64        `json:"total"`
	LogTotal       float64        `json:"log_total"`
}

func locatedJSON(l *ir.Location) *located {
	j := &located{Inside: true, Point: map[string]any{}, Free: l.Free, Withheld: l.Withheld, Derivations: "infinite", Exact: l.Exact && l.TotalExact,
		Probability: math.Exp(l.LogProbability), LogProbability: l.LogProbability, Total: math.Exp(l.LogTotal), LogTotal: l.LogTotal}
	for _, c := range l.Point.Choices() {
		j.Point[c.Path] = study.AsJSON(c.Value)
	}
	if l.Derivations != nil {
		j.Derivations = l.Derivations.String()
	}
	if index, err := l.Point.Index(); err == nil {
		j.Index = index.String()
	}
	return j
}

func (a *app) writeLocation(l *ir.Location) error {
	free := map[string]string{}
	for _, path := range l.Free {
		free[path] = "  (free: the architecture does not decide it)"
	}
	for _, c := range l.Point.Choices() {
		fmt.Fprintf(a.out, "  %s = %v%s\n", c.Path, c.Value, free[c.Path])
	}
	if n := len(l.Withheld); n > 0 {
		fmt.Fprintf(a.out, "withheld     %s that a draw would not offer: it would not know that they complete\n", plural(n, "answer"))
	}
	count, total := "infinitely many", ir.Probability(l.LogTotal)
	if l.Derivations != nil {
		if count = l.Derivations.String(); !l.Exact {
			count = "at least " + count
		}
	}
	if !l.TotalExact {
		total = "at least " + total
	}
	fmt.Fprintf(a.out, "derivations  %s\nprobability  %s\n", count, total)
	if index, err := l.Point.Index(); err == nil {
		fmt.Fprintf(a.out, "index        %s\n", index)
	}
	return nil
}
