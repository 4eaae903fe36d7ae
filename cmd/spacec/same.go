package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/spacec-lang/spacec/ir/canon"
)

func (a *app) same() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "same POINT POINT",
		Short: "Tell whether two points build the same network",
		Long: `Same compares what two points build by a canonical form: it is the same exactly for graphs that are isomorphic, when
skips, sums of sums, zeros, what reaches no output and computations done twice are out of the way. How the points are
written makes no difference, nor do their configs.

It prints "same", "different", or "possibly different" where a graph is too hard to settle; and exits with 0, 1 and 1.

With --json there is one object:
  same     true or false
  exact    whether that is settled
  hashes   of the two, equal where they are the same
  live     for each {ops, params, macs, layers}: what is left when dead parts vanish`,
		Example: "  spacec same a.space b.space",
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) != 2 {
				return fmt.Errorf("same takes two POINTs, not %d", len(args))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			var forms [2]canon.Form
			var left [2]liveCosts
			for i, name := range args {
				b, err := a.point(name)
				if err != nil {
					return err
				}
				if forms[i], err = canon.Hash(b.Graph); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
				left[i] = liveOf(forms[i])
			}
			same := forms[0].Hash == forms[1].Hash
			exact := same || forms[0].Exact && forms[1].Exact
			switch {
			case asJSON:
				if err := a.writeJSON(struct {
					Same   bool         `json:"same"`
					Exact  bool         `json:"exact"`
					Hashes [2]string    `json:"hashes"`
					Live   [2]liveCosts `json:"live"`
				}{same, exact, [2]string{forms[0].String(), forms[1].String()}, left}); err != nil {
					return err
				}
			case same:
				fmt.Fprintln(a.out, "same")
			case exact:
				fmt.Fprintln(a.out, "different")
			default:
				fmt.Fprintln(a.out, "possibly different")
			}
			if !same {
				return errReported
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "write a JSON object")
	return cmd
}
