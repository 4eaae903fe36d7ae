package main

import (
	"errors"
	"fmt"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/spf13/cobra"

	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/lang/format"
	"github.com/spacec-lang/spacec/parser"
)

// fmtFlags are the flags of fmt.
type fmtFlags struct{ write, diff, check, json bool }

func (a *app) fmt() *cobra.Command {
	var f fmtFlags
	cmd := &cobra.Command{
		Use:   "fmt FILE...",
		Short: "Write files in the one canonical form",
		Long: `Fmt prints each file in its canonical form: a space where one belongs, columns where things stand below each other,
every comment where it was. What a file means never changes, and the form of a file in canonical form is the file.

Files that can't be parsed are left alone: what is wrong with them goes to standard error, and the exit code is 1. Names
and shapes are not looked at; check does that.

  -w       write each file that changes back, as a whole or not at all, and print nothing
  -d       print what would change, as a unified diff
  --check  print the names of the files that would change, and exit with 1 where there is one

With --json there is one object for each file:
  file         as given
  ok           whether it could be read, parsed and, with -w, written
  changed      whether its canonical form is another text
  text         the canonical form; not with -w, -d or --check
  diff         with -d, the unified diff, where it changes
  diagnostics  what is wrong with the file, as check describes it
  error        why it can't be read or written`,
		Example: "  spacec fmt -w examples/*.space\n  spacec fmt -d digits.space\n  spacec sample digits.space | spacec fmt -",
		Args:    someFiles,
		RunE: func(_ *cobra.Command, args []string) error {
			if f.write && f.check {
				return usagef("--check writes nothing: -w doesn't go with it")
			}
			failed := false
			for _, name := range args {
				if name == "-" && f.write {
					return usagef("standard input can't be written back: -w doesn't go with -")
				}
			}
			for _, name := range args {
				done := a.formatFile(name, f)
				failed = failed || !done.OK || f.check && done.Changed
				if err := a.writeFormatted(done, f); err != nil {
					return err
				}
			}
			if failed {
				return errReported
			}
			return nil
		},
	}
	flags := cmd.Flags()
	flags.BoolVarP(&f.write, "write", "w", false, "write the files back instead of printing them")
	flags.BoolVarP(&f.diff, "diff", "d", false, "print a unified diff")
	flags.BoolVar(&f.check, "check", false, "print the names of files that would change, and exit with 1 if there are any")
	flags.BoolVar(&f.json, "json", false, "write one JSON object for each file")
	return cmd
}

// someFiles is the Args of a command that takes files.
func someFiles(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return errors.New(cmd.Name() + " takes one FILE or more; there are none")
	}
	return nil
}

// formatted is what fmt says of a file.
type formatted struct {
	File        string      `json:"file"`
	OK          bool        `json:"ok"`
	Changed     bool        `json:"changed"`
	Text        string      `json:"text,omitempty"`
	Diff        string      `json:"diff,omitempty"`
	Diagnostics diagnostics `json:"diagnostics,omitempty"`
	Error       string      `json:"error,omitempty"`

	report diag.Report
}

func (a *app) formatFile(name string, f fmtFlags) *formatted {
	done := &formatted{File: name}
	src, err := a.read(name)
	if err != nil {
		done.Error = err.Error()
		return done
	}
	file := parser.ParseFile(src, &done.report)
	if done.report.Failed() {
		done.Diagnostics, err = asJSON(done.report.Diagnostics())
		if err != nil {
			done.Error = err.Error()
		}
		return done
	}
	text := format.Source(file)
	done.Text, done.Changed = string(text), string(text) != src.Text
	if f.diff && done.Changed {
		done.Diff = string(diff.Diff(src.Name+".orig", []byte(src.Text), src.Name, text))
	}
	if f.write && done.Changed {
		if err := a.replaceFile(name, text); err != nil {
			done.Error = err.Error()
			return done
		}
	}
	done.OK = true
	return done
}

func (a *app) writeFormatted(done *formatted, f fmtFlags) error {
	if done.Error != "" {
		fmt.Fprintln(a.err, "spacec: "+done.Error)
	}
	if err := a.render(&done.report); err != nil {
		return err
	}
	if f.write || f.diff || f.check {
		done.Text = ""
	}
	switch {
	case f.json:
		return a.writeJSON(done)
	case !done.OK:
		return nil
	case f.check && done.Changed && !f.diff:
		_, err := fmt.Fprintln(a.out, done.File)
		return err
	}
	_, err := fmt.Fprint(a.out, done.Diff, done.Text)
	return err
}
