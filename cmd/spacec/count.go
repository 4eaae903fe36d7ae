package main

import (
	"errors"
	"fmt"
	"io"
	"math/big"
	"strings"

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
too long, "not counted"; never an estimate. Below "not counted" stand bounds: at least so many points were found, and
without its requirements the space would have so many, which is at most.

With --by size there is a line for each size on top of that: the number of ops as written, a let that is drawn once and
repeated counting once. With --by nesting there is one for each nesting: the most rule calls that are around anything.
An infinite space is counted so up to --most, and no count has more than 10,000 digits.

With --structures it prints the number of different networks that the points build instead: isomorphic graphs are one,
and what configs choose makes no difference. Each is built, so there may be a million of them at most.

With --json there is one object:
  space    its name
  count    the number as a string of digits, "infinite" or "not counted"
  at_least, at_most
           bounds where it is "not counted", as strings of digits; at_most is absent where there is none
  exact    with --structures, false where some graphs were too hard to settle: then there may be fewer
  sizes    with --by size, [{"size": 1, "count": "3"}, ...], sizes without points left out
  nestings with --by nesting, [{"nesting": 1, "count": "3"}, ...], likewise
  more     with --by, whether there may be points beyond`,
		Example: "  spacec count examples/digits.space\n  spacec count --by size --most 12 examples/digits.space",
		Args:    oneFile("FILE"),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := atLeast("--most", most, 0); err != nil {
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
			return a.runCount(space, by, most, asJSON)
		},
	}
	f := cmd.Flags()
	oneOfFlag(f, &by, "by", "", "measure", []string{"size", "nesting"}, "count apart by size or nesting")
	f.IntVar(&most, "most", 20, "with --by, the largest size or nesting")
	f.BoolVar(&structures, "structures", false, "count the different networks")
	f.BoolVar(&asJSON, "json", false, "write a JSON object")
	return cmd
}

// maxNetworks is how many networks --structures builds.
const maxNetworks = 1_000_000

func (a *app) runStructures(space *ir.Space, asJSON bool) error {
	n, exact, err := space.Structures(maxNetworks)
	c := counted{Space: space.Name, Count: fmt.Sprint(n)}
	switch {
	case errors.Is(err, ir.ErrMany):
		c.Count = ir.ErrUncounted.Error()
		if exact {
			c.AtLeast = fmt.Sprint(n)
		}
		if points, err := space.Count(); err == nil {
			c.AtMost = points.String()
		}
	case errors.Is(err, ir.ErrInfinite):
		return fmt.Errorf("%v has infinitely many points: their networks can't all be built", space)
	case err != nil:
		return err
	}
	if asJSON {
		return a.writeJSON(struct {
			counted
			Exact bool `json:"exact"`
		}{c, exact && err == nil})
	}
	c.write(a.out)
	if err != nil {
		fmt.Fprintf(a.out, "more than %d networks would have to be built\n", maxNetworks)
	} else if !exact {
		fmt.Fprintln(a.out, "at most: some graphs were too hard to settle")
	}
	return nil
}

// counted is what --json writes of a count.
type counted struct {
	Space    string    `json:"space"`
	Count    string    `json:"count"`
	AtLeast  string    `json:"at_least,omitempty"`
	AtMost   string    `json:"at_most,omitempty"`
	Sizes    []sized   `json:"sizes,omitempty"`
	Nestings []nesting `json:"nestings,omitempty"`
	More     *bool     `json:"more,omitempty"`
}

// sized is the number of points of a size.
type sized struct {
	Size  int    `json:"size"`
	Count string `json:"count"`
}

// nesting is the number of points of a nesting.
type nesting struct {
	Nesting int    `json:"nesting"`
	Count   string `json:"count"`
}

func (a *app) runCount(space *ir.Space, by string, most int, asJSON bool) error {
	c, err := countSpace(space)
	if err != nil {
		return err
	}
	var list []*big.Int
	var more bool
	switch by {
	case "size":
		list, more, err = space.CountBySize(most)
	case "nesting":
		list, more, err = space.CountByNesting(most)
	}
	if err != nil {
		return fmt.Errorf("%v can't be counted by %s: %w", space, by, err)
	}
	var lines strings.Builder
	for n, k := range list {
		if k.Sign() == 0 {
			continue
		}
		fmt.Fprintf(&lines, "%6d  %s\n", n, k)
		if by == "size" {
			c.Sizes = append(c.Sizes, sized{n, k.String()})
		} else {
			c.Nestings = append(c.Nestings, nesting{n, k.String()})
		}
	}
	if asJSON {
		c.More = only(by != "", more)
		return a.writeJSON(c)
	}
	c.write(a.out)
	fmt.Fprint(a.out, &lines)
	if more {
		fmt.Fprintf(a.out, "  more  (beyond %s %d)\n", by, len(list)-1)
	}
	return nil
}

// countSpace counts a space, or says between what its count lies.
func countSpace(space *ir.Space) (*counted, error) {
	c := &counted{Space: space.Name}
	n, err := space.Count()
	switch {
	case err == nil:
		c.Count = n.String()
	case errors.Is(err, ir.ErrInfinite):
		c.Count = err.Error()
	case errors.Is(err, ir.ErrUncounted):
		c.Count = err.Error()
		least, most := space.CountBounds()
		c.AtLeast = least.String()
		if most != nil {
			c.AtMost = most.String()
		}
	default:
		return nil, err
	}
	return c, nil
}

// counted tells whether there is a number.
func (c *counted) counted() bool { return strings.Trim(c.Count, "0123456789") == "" }

func (c *counted) write(w io.Writer) {
	fmt.Fprintln(w, c.Count)
	if c.AtLeast != "" {
		fmt.Fprintf(w, "at least %s\n", c.AtLeast)
	}
	if c.AtMost != "" {
		fmt.Fprintf(w, "at most %s\n", c.AtMost)
	}
}

// only is a value's address where it is to be written.
func only[T any](write bool, v T) *T {
	if !write {
		return nil
	}
	return &v
}
