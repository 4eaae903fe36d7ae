package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/lang/grammar"
)

// app is what the commands share: results go to out, everything else to err.
type app struct {
	in       io.Reader
	out, err io.Writer
	terminal bool // err is one
	color    bool // err understands colours, and they are wanted
	outColor bool // out does
	painter  *grammar.Painter
	writing  sync.Mutex // held while files are written
	inRead   bool       // in has been read: there is no more of it
}

// Exit codes besides 0.
const (
	exitInput     = 1   // the input is bad, or something failed
	exitUsage     = 2   // the command line is wrong
	exitInterrupt = 130 // as shells report an interrupt
)

// errReported is of a command that has said on err already what is wrong.
var errReported = errors.New("reported")

// usageError is a wrong command line.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// troubleError is what went wrong in a command whose exit code 1 says something else.
type troubleError struct{ error }

func (e troubleError) Unwrap() error { return e.error }

// run runs a command line and returns the exit code.
func (a *app) run(ctx context.Context, args []string) int {
	root := a.root()
	root.SetArgs(positional(args))
	cmd, err := a.execute(ctx, root)
	var usage usageError
	var trouble troubleError
	failed := exitInput
	if errors.As(err, &trouble) {
		failed = exitUsage
	}
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errReported):
		return failed
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		fmt.Fprintln(a.err, "spacec: interrupted")
		return exitInterrupt
	case errors.As(err, &usage):
		fmt.Fprintf(a.err, "spacec: %v\nsee '%s --help'\n", err, cmd.CommandPath())
		return exitUsage
	}
	fmt.Fprintf(a.err, "spacec: %v\n", err)
	return failed
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "spacec",
		Short: "Check, sample, compile and search architecture spaces",
		Long: `spacec reads .space files, which describe spaces of architectures and settings.

A FILE argument of - is standard input. Results go to standard output, all else to standard error.
Exit codes: 0 done, 1 bad input or a failure, 2 wrong usage, 130 interrupted; of diff 0 nothing differs, 1 something does,
2 bad input or wrong usage.
Colour is used on terminals only, and never where NO_COLOR is set.`,
		Example:       "  spacec check examples/digits.space\n  spacec search examples/digits.space",
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noCommand,
		RunE:          helpOnly,
	}
	root.Version = versionLine()
	root.SetVersionTemplate("{{.Version}}")
	root.Flags().Bool("version", false, "print the version")
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(
		a.init(),
		a.check(),
		a.fmt(),
		a.explain(),
		a.count(),
		a.sample(),
		a.enumerate(),
		a.same(),
		a.diff(),
		a.locate(),
		a.describe(),
		a.show(),
		a.compile(),
		a.profile(),
		a.train(),
		a.eval(),
		a.predict(),
		a.search(),
		a.trials(),
		a.best(),
		a.export(),
		a.ask(),
		a.tell(),
		a.bench(),
		a.version(),
	)
	root.InitDefaultCompletionCmd()
	all := root.Commands()
	for _, c := range all {
		if c.HasSubCommands() { // completion
			c.Args, c.RunE = noCommand, helpOnly
			all = append(all, c.Commands()...)
		}
	}
	for _, c := range all {
		c.Flags().SortFlags = false
		complete(c)
		args := c.Args
		c.Args = func(cmd *cobra.Command, list []string) error {
			if err := args(cmd, list); err != nil {
				return usageError{err}
			}
			return nil
		}
	}
	return root
}

// noCommand is the Args of a command that other commands stand below: an argument is the name of none of them.
func noCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	return unknown("command", args[0], names)
}

func helpOnly(cmd *cobra.Command, _ []string) error { return cmd.Help() }

// unknown is the error of a name that isn't there, with the near one, or those that there are if they are few.
func unknown(what, name string, among []string) error {
	if len(among) <= 5 || diag.Nearest(name, among) != "" {
		return usagef("%v", diag.Unknown(what, name, among))
	}
	return usagef("unknown %s '%s'", what, name)
}

// flagError says in the user's words what pflag found.
func flagError(cmd *cobra.Command, err error) error {
	var missing *pflag.NotExistError
	var invalid *pflag.InvalidValueError
	var bare *pflag.ValueRequiredError
	var usage usageError
	switch {
	case errors.As(err, &usage):
		return usage
	case errors.As(err, &missing) && missing.GetSpecifiedShortnames() == "":
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
		return unknown("flag", "--"+missing.GetSpecifiedName(), names)
	case errors.As(err, &missing):
		return unknownShort(cmd, missing.GetSpecifiedShortnames())
	case errors.As(err, &invalid):
		if long := invalid.GetFlag().Shorthand + invalid.GetValue(); cmd.Flags().Lookup(long) != nil { // "-json" is -j son
			return usagef("a long flag has two dashes: did you mean '--%s'?", long)
		}
		takes := map[string]string{"int": "a whole number", "uint64": "a whole number from 0"}[invalid.GetFlag().Value.Type()]
		if takes != "" {
			return usagef("%s takes %s, not '%s'", dashed(invalid.GetFlag()), takes, invalid.GetValue())
		}
	case errors.As(err, &bare):
		return usagef("%s needs a value", dashed(bare.GetFlag()))
	}
	return usageError{err}
}

// dashed is a flag as the help shows it.
func dashed(f *pflag.Flag) string {
	if f.Shorthand != "" {
		return "-" + f.Shorthand + ", --" + f.Name
	}
	return "--" + f.Name
}

// unknownShort is the error of a short flag that isn't there: "seed" of -seed, "N" of -N.
func unknownShort(cmd *cobra.Command, word string) error {
	word, _, _ = strings.Cut(word, "=")
	var longs, begin []string
	short := ""
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		longs = append(longs, f.Name)
		if strings.HasPrefix(f.Name, word) {
			begin = append(begin, f.Name)
		}
		if f.Shorthand != "" && strings.EqualFold(f.Shorthand, word) {
			short = f.Shorthand
		}
	})
	if near := diag.Nearest(word, longs); len(begin) == 0 && near != "" {
		begin = []string{near}
	}
	switch {
	case short != "":
		return usagef("unknown flag '-%s': did you mean '-%s'?", word, short)
	case slices.Contains(longs, word):
		return usagef("a long flag has two dashes: did you mean '--%s'?", word)
	case len(begin) == 1:
		return usagef("unknown flag '-%s': did you mean '--%s'?", word, begin[0])
	}
	return usagef("unknown flag '-%s'", word)
}

// atLeast is the error of a flag, dashes and all, below its least value.
func atLeast(flag string, value, least int) error {
	if value < least {
		return usagef("%s is %d; it has to be %d or more", flag, value, least)
	}
	return nil
}

// oneFile is the Args of a command that takes one file.
func oneFile(what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == 1 {
			return nil
		}
		return fmt.Errorf("%s takes one %s, not %d", cmd.Name(), what, len(args))
	}
}

// writeJSON writes a value as one line.
func (a *app) writeJSON(v any) error {
	enc := json.NewEncoder(a.out)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// invocation is how this program was called, for commands that a user may copy.
func invocation() string {
	path, err := os.Executable()
	if err == nil && strings.Contains(filepath.ToSlash(path), "/go-build") {
		return "go run ./cmd/spacec"
	}
	return "spacec"
}
