package main

import (
	"bufio"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/spacec-lang/spacec/samplers"
	"github.com/spacec-lang/spacec/study"
)

func (a *app) sample() *cobra.Command {
	var count int
	var seed uint64
	var sampler string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "sample FILE",
		Short: "Draw points from a space",
		Long: `Sample draws points and prints them as .space files of one point, with their decisions in a from clause. A
point depends on nothing but the space, the sampler, the seed and its number; more than one are parted by comments.

With --json there is one object a line for each point:
  number   of the point, from 0
  point    its decisions by name, {"block.times": 2, ...}
  config   the fields of each config, {"train": {"lr": 0.01, "optimizer": {"sgd": {"momentum": 0.9}}}}
  params, macs, layers
           of the network: learnt numbers, multiplications for one example, longest path of ops
  text     the point as a .space file`,
		Example: "  spacec sample examples/digits.space > point.space\n  spacec sample examples/digits.space -n 100 --seed 7 --json",
		Args:    oneFile("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := atLeast("number", count, 0); err != nil {
				return err
			}
			if err := knownSampler(sampler); err != nil {
				return err
			}
			space, err := a.load(args[0])
			if err != nil {
				return err
			}
			s, err := samplers.New(sampler, space, seed)
			if err != nil {
				return err
			}
			out := bufio.NewWriter(a.out)
			for number := range count {
				if err := cmd.Context().Err(); err != nil {
					return err
				}
				p, err := s.Ask(number)
				if err != nil {
					return err
				}
				if asJSON {
					err = study.WritePoint(out, number, p)
				} else {
					var text string
					if text, err = p.Text(); err == nil && count > 1 {
						fmt.Fprintf(out, "%s// point %d\n", gap(number), number)
					}
					out.WriteString(text)
				}
				if err != nil {
					return fmt.Errorf("point %d: %w", number, err)
				}
			}
			return out.Flush()
		},
	}
	f := cmd.Flags()
	f.IntVarP(&count, "number", "n", 1, "how many points to draw")
	f.Uint64Var(&seed, "seed", 1, "what the draws depend on")
	samplerFlag(f, &sampler, "random")
	f.BoolVar(&asJSON, "json", false, "write one JSON object a line for each point")
	return cmd
}

// gap parts a point from the one before.
func gap(number int) string {
	if number == 0 {
		return ""
	}
	return "\n"
}

// knownSampler is a usage error where there is no sampler of the name.
func knownSampler(name string) error {
	for _, n := range samplers.Names() {
		if n == name {
			return nil
		}
	}
	return unknown("sampler", name, samplers.Names())
}
