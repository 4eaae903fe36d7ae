package main

import (
	"bufio"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/samplers"
	"github.com/spacec-lang/spacec/study"
)

func (a *app) sample() *cobra.Command {
	var count int
	var seed uint64
	var sampler, index, measure string
	var uniform bool
	var as pointFormat
	var size int
	cmd := &cobra.Command{
		Use:   "sample FILE",
		Short: "Draw points from a space",
		Long: `Sample draws points and prints them as .space files of one point, with their decisions in a from clause. A
point depends on nothing but the space, the sampler, the seed and its number; more than one are parted by comments.

In a finite space --uniform makes every point as likely as any other, with --size every point of a size, in infinite
spaces too; --index K takes the point of that index (as enumerate lists them).

The random sampler draws from the prior: at each choice the written weights, renormalised over the options that can
still complete. With --measure conditional it draws from the written weights over all options as written, conditioned on
completing: as if walks that run into a shape that doesn't fit, a guard or a requirement were thrown away and
begun anew, but none is. It is refused where a recursive grammar meets more types than can be listed.

With --json there is one object a line for each point:
  number   of the point, from 0
  point    its decisions by name, {"block.times": 2, ...}
  config   the fields of each config, {"train": {"lr": 0.01, "optimizer": {"sgd": {"momentum": 0.9}}}}
  params, macs, layers
           of the network: learnt numbers, multiplications for one example, longest path of ops
  memory   {train, evaluate}: bytes that the tensors of one example take, as compile --json has them
  text     the point as a .space file
  graph    with --graph, where there is a net: ` + study.GraphSchema + `

In config a symbol with arguments is an object of its name, and what 'of' picked is a list.`,
		Example: "  spacec sample examples/digits.space > point.space\n  spacec sample examples/digits.space -n 100 --seed 7 --json",
		Args:    oneFile("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := atLeast("-n, --number", count, 0); err != nil {
				return err
			}
			if err := as.check(); err != nil {
				return err
			}
			if size >= 0 && !uniform {
				return usagef("--size goes with --uniform")
			}
			if index != "" && (uniform || cmd.Flags().Changed("number")) {
				return usagef("--index takes one point: neither --uniform nor --number goes with it")
			}
			if measure != "prior" && (uniform || index != "" || sampler != "random") {
				return usagef("--measure is of the random sampler: neither --sampler, --uniform nor --index goes with it")
			}
			space, err := a.load(args[0])
			if err != nil {
				return err
			}
			s, err := samplers.New(sampler, samplers.NewCatalogue(space), seed)
			if err != nil {
				return err
			}
			draw := s.Ask
			switch {
			case measure == "conditional":
				c, err := space.Conditional()
				if err != nil {
					return err
				}
				draw = func(number int) (*ir.Point, error) { return c.Draw(seed, uint64(number)) }
			case uniform && size >= 0:
				draw = func(number int) (*ir.Point, error) { return space.DrawSize(seed, uint64(number), size) }
			case uniform:
				draw = func(number int) (*ir.Point, error) { return space.DrawUniform(seed, uint64(number)) }
			case index != "":
				at, err := parseIndex("index", index)
				if err != nil {
					return err
				}
				draw = func(int) (*ir.Point, error) { return space.At(at, seed) }
			}
			out := bufio.NewWriter(a.out)
			defer out.Flush() // what there is, if it ends early
			for number := range count {
				if err := cmd.Context().Err(); err != nil {
					return err
				}
				p, err := draw(number)
				if err != nil {
					return err
				}
				name := ""
				if count > 1 {
					name = fmt.Sprint(number)
				}
				if err := a.writePoint(out, p, number, name, &as); err != nil {
					return fmt.Errorf("point %d: %w", number, err)
				}
			}
			if err := out.Flush(); err != nil {
				return err
			}
			if withheld := space.Stats().Withheld; withheld > 0 {
				fmt.Fprintf(a.err, "%s not offered on the way: whether any completes stayed undecided within the bounds\n", plural(withheld, "option"))
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.IntVarP(&count, "number", "n", 1, "how many points to draw")
	f.Uint64Var(&seed, "seed", 1, "what the draws depend on")
	samplerFlag(f, &sampler, "random")
	f.BoolVar(&uniform, "uniform", false, "draw every point of a finite space with the same probability")
	f.IntVar(&size, "size", -1, "with --uniform, draw from the points of this size: the number of ops as written")
	oneOfFlag(f, &measure, "measure", "prior", "measure", []string{"prior", "conditional"}, "prior or conditional: what the random sampler draws from")
	f.StringVar(&index, "index", "", "take the point of this index")
	as.flags(f)
	return cmd
}

// gap parts a point from the one before.
func gap(number int) string {
	if number == 0 {
		return ""
	}
	return "\n"
}
