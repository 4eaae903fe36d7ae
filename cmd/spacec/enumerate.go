package main

import (
	"bufio"
	"fmt"
	"math/big"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/study"
)

func (a *app) enumerate() *cobra.Command {
	var from string
	var count int
	var seed uint64
	var as pointFormat
	cmd := &cobra.Command{
		Use:   "enumerate FILE",
		Short: "List the points of a finite space in order",
		Long: `Enumerate lists points by their index, in order and without gaps, as sample prints them. The order is that of the
decisions, the first decision first, its options as written. Continuous values are outside the index: they are drawn
by (seed, index).

With --json there is one object a line, as sample --json writes it, with --graph too; its number is the point's place in this list, and
the first one's index is --from.`,
		Example: "  spacec enumerate examples/digits.space --from 1000000 -n 3",
		Args:    oneFile("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := atLeast("-n, --number", count, 0); err != nil {
				return err
			}
			if err := as.check(); err != nil {
				return err
			}
			index, err := parseIndex("from", from)
			if err != nil {
				return err
			}
			space, err := a.load(args[0])
			if err != nil {
				return err
			}
			total, err := space.Count()
			if err != nil {
				return fmt.Errorf("the points of %v can't be listed: %w", space, err)
			}
			out := bufio.NewWriter(a.out)
			for number := 0; number < count && index.Cmp(total) < 0; number++ {
				if err := cmd.Context().Err(); err != nil {
					return err
				}
				p, err := space.At(index, seed)
				if err != nil {
					return err
				}
				if err := a.writePoint(out, p, number, index.String(), &as); err != nil {
					return fmt.Errorf("point %s: %w", index, err)
				}
				index.Add(index, big.NewInt(1))
			}
			return out.Flush()
		},
	}
	f := cmd.Flags()
	f.StringVar(&from, "from", "0", "index of the first point")
	f.IntVarP(&count, "number", "n", 10, "how many points to list")
	f.Uint64Var(&seed, "seed", 1, "what continuous values depend on")
	as.flags(f)
	return cmd
}

// pointFormat is how points are written.
type pointFormat struct{ json, graph bool }

func (p *pointFormat) flags(f *pflag.FlagSet) {
	f.BoolVar(&p.json, "json", false, "write one JSON object a line for each point")
	f.BoolVar(&p.graph, "graph", false, "with --json, add the ops of the network and the wires between them")
}

func (p *pointFormat) check() error {
	if p.graph && !p.json {
		return usagef("--graph goes with --json")
	}
	return nil
}

// writePoint writes one point of a list, as text under a comment with its name or as a JSON object.
func (a *app) writePoint(out *bufio.Writer, p *ir.Point, number int, name string, as *pointFormat) error {
	if as.json {
		return study.WritePoint(out, number, p, as.graph)
	}
	text, err := p.Text()
	if err != nil {
		return err
	}
	if name != "" {
		text = fmt.Sprintf("%s// point %s\n%s", gap(number), name, text)
	}
	if a.outColor {
		text = a.paint(text)
	}
	out.WriteString(text)
	return nil
}

// parseIndex reads an index of any length.
func parseIndex(flag, text string) (*big.Int, error) {
	n, ok := new(big.Int).SetString(text, 10)
	if !ok || n.Sign() < 0 || len(text) > 20_000 {
		return nil, usagef("--%s takes a whole number from 0, not '%s'", flag, text)
	}
	return n, nil
}
