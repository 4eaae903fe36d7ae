package main

import (
	"errors"
	"fmt"
	"math"

	"github.com/spf13/cobra"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang/diag"
)

func (a *app) locate() *cobra.Command {
	return &cobra.Command{
		Use:   "locate SPACE ARCH",
		Short: "Find an architecture in a space",
		Long: `Locate parses an architecture, a file without a choice, under a space as a grammar: it prints the decisions of the
most probable derivation, how many derivations there are and their total probability. Where the architecture isn't in
the space it says at which op it leaves it, and exits with 1. How the architecture is written makes no difference.`,
		Example: "  spacec locate examples/digits.space runs/digits-seed1/best.space",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return fmt.Errorf("locate takes a SPACE and an ARCH; there are %d files", len(args))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			space, err := a.load(args[0])
			if err != nil {
				return err
			}
			arch, err := a.load(args[1])
			if err != nil {
				return err
			}
			l, err := space.Locate(arch)
			var outside *ir.Outside
			if errors.As(err, &outside) && outside.At.Source != nil {
				var report diag.Report
				outside.Report(&report)
				if err := a.render(&report); err != nil {
					return err
				}
				return errReported
			}
			if err != nil {
				return err
			}
			for _, c := range l.Point.Choices() {
				fmt.Fprintf(a.out, "  %s = %v\n", c.Path, c.Value)
			}
			count := "infinitely many"
			if l.Derivations != nil {
				if count = l.Derivations.String(); !l.Exact {
					count = "at least " + count
				}
			}
			fmt.Fprintf(a.out, "derivations  %s\nprobability  %.6g\n", count, math.Exp(l.LogTotal))
			return nil
		},
	}
}
