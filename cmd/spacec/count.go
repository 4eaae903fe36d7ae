package main

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/spf13/cobra"

	"github.com/spacec-lang/spacec/ir"
)

func (a *app) count() *cobra.Command {
	var by string
	var most int
	var structures, asJSON bool
	cmd := &cobra.Command{
		Use:   "count FILE",
		Short: "Count the points of a space",
		Long: `Count prints the number of points, exact, alone on the first line: of derivations, continuous values left out.
Where a grammar is recursive without end it prints "infinite", and where requirements or recursion make the count
too long, "not counted"; never an estimate.

With --by size there is a line for each size on top of that: the number of ops as written, a let that is drawn once and
repeated counting once. An infinite space is counted so up to --most.

With --structures it prints the number of different networks that the points build instead: isomorphic graphs are one,
and what configs choose makes no difference. Each is built, so there may be a million of them at most.

With --json there is one object:
  space    its name
  count    the number as a string of digits, "infinite" or "not counted"
  exact    with --structures, false where some graphs were too hard to settle: then there may be fewer
  sizes    with --by size, [{"size": 1, "count": "3"}, ...], sizes without points left out
  more     with --by size, whether there are larger points`,
		Example: "  spacec count examples/digits.space\n  spacec count --by size --most 12 examples/digits.space",
		Args:    oneFile("FILE"),
		RunE: func(_ *cobra.Command, args []string) error {
			if by != "" && by != "size" {
				return unknown("measure", by, []string{"size"})
			}
			if err := atLeast("most", most, 0); err != nil {
				return err
			}
			if structures && by != "" {
				return usagef("--structures are not counted by %s", by)
			}
			space, err := a.load(args[0])
			if err != nil {
				return err
			}
			if structures {
				return a.runStructures(space, asJSON)
			}
			return a.runCount(space, by == "size", most, asJSON)
		},
	}
	f := cmd.Flags()
	f.StringVar(&by, "by", "", "count apart by size")
	f.IntVar(&most, "most", 20, "with --by size, the largest size")
	f.BoolVar(&structures, "structures", false, "count the different networks")
	f.BoolVar(&asJSON, "json", false, "write a JSON object")
	return cmd
}

// maxNetworks is how many networks --structures builds.
const maxNetworks = 1_000_000

func (a *app) runStructures(space *ir.Space, asJSON bool) error {
	n, exact, err := space.Structures(maxNetworks)
	count := fmt.Sprint(n)
	if errors.Is(err, ir.ErrMany) {
		count, err = ir.ErrUncounted.Error(), nil
	}
	if err != nil {
		return err
	}
	if asJSON {
		return a.writeJSON(struct {
			Space string `json:"space"`
			Count string `json:"count"`
			Exact bool   `json:"exact"`
		}{space.Name, count, exact})
	}
	fmt.Fprintln(a.out, count)
	if count == ir.ErrUncounted.Error() {
		fmt.Fprintf(a.out, "more than %d networks would have to be built\n", maxNetworks)
	} else if !exact {
		fmt.Fprintln(a.out, "at most: some graphs were too hard to settle")
	}
	return nil
}

// sized is the number of points of a size.
type sized struct {
	Size  int    `json:"size"`
	Count string `json:"count"`
}

func (a *app) runCount(space *ir.Space, bySize bool, most int, asJSON bool) error {
	n, err := space.Count()
	count := ""
	switch {
	case err == nil:
		count = n.String()
	case errors.Is(err, ir.ErrInfinite) || errors.Is(err, ir.ErrUncounted):
		count = err.Error()
	default:
		return err
	}
	var sizes []sized
	more := false
	if bySize {
		var list []*big.Int
		if list, more, err = space.CountBySize(most); err != nil {
			return fmt.Errorf("space %s can't be counted by size: %w", space.Name, err)
		}
		for size, k := range list {
			if k.Sign() > 0 {
				sizes = append(sizes, sized{size, k.String()})
			}
		}
	}
	if asJSON {
		return a.writeJSON(struct {
			Space string  `json:"space"`
			Count string  `json:"count"`
			Sizes []sized `json:"sizes,omitempty"`
			More  *bool   `json:"more,omitempty"`
		}{space.Name, count, sizes, only(bySize, more)})
	}
	fmt.Fprintln(a.out, count)
	for _, s := range sizes {
		fmt.Fprintf(a.out, "%6d  %s\n", s.Size, s.Count)
	}
	if more {
		fmt.Fprintf(a.out, "  more  (beyond --most %d)\n", most)
	}
	return nil
}

// only is a value's address where it is to be written.
func only[T any](write bool, v T) *T {
	if !write {
		return nil
	}
	return &v
}
