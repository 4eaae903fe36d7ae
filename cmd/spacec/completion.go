package main

import (
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// oneOf is the value of a flag that takes one of some names.
type oneOf struct {
	to    *string
	noun  string // what a name is of, in messages
	names []string
}

// oneOfFlag adds a flag that takes one of some names; def may be none of them, which stands for none.
func oneOfFlag(f *pflag.FlagSet, to *string, name, def, noun string, names []string, usage string) {
	*to = def
	f.Var(&oneOf{to, noun, names}, name, usage)
}

func (c *oneOf) String() string { return *c.to }
func (c *oneOf) Type() string   { return "string" }

func (c *oneOf) Set(name string) error {
	if !slices.Contains(c.names, name) {
		return unknown(c.noun, name, c.names)
	}
	*c.to = name
	return nil
}

// complete says what shells complete of a command: .space files and folders as its arguments, where the command doesn't say
// otherwise, the names that a flag takes, and the files of flags that take one.
func complete(cmd *cobra.Command) {
	if cmd.ValidArgsFunction == nil {
		cmd.ValidArgsFunction = spaceFiles(cmd.Args)
	}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		of := cobra.NoFileCompletions
		if c, ok := f.Value.(*oneOf); ok {
			of = cobra.FixedCompletions(c.names, cobra.ShellCompDirectiveNoFileComp)
		} else if pathFlag(f.Name) {
			return
		}
		// It fails for a flag that isn't there or has one.
		_ = cmd.RegisterFlagCompletionFunc(f.Name, of)
	})
}

// pathFlag tells whether a flag takes a file or a folder.
func pathFlag(name string) bool {
	return slices.Contains([]string{"data", "load", "output", "save", "weights"}, name)
}

// spaceFiles completes .space files, and folders on the way to them, while a command takes more arguments.
func spaceFiles(takes cobra.PositionalArgs) cobra.CompletionFunc {
	return func(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
		one := append(slices.Clone(args), "a.space")
		if takes(cmd, one) != nil && takes(cmd, append(one, "b.space")) != nil {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return []cobra.Completion{"space"}, cobra.ShellCompDirectiveFilterFileExt
	}
}
