package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

func (a *app) check() *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   "check FILE...",
		Short: "Check spaces and say what was proved of them",
		Long: `Check reads each file and proves, without drawing from it, that the space has points. Where it hasn't, or the
file is wrong, the diagnostics go to standard error, and the exit code is 1. A seed that is not in the space is an error.
Warnings tell of alternatives that no point takes, and of recursion whose draws, by its weights, need not end.

With --fix the fixes that diagnostics offer are made and named on standard error, and what is then left is reported; fixes
that are one way among others are left to you. A file is written back as a whole or not at all. Of standard input, the
fixed text goes to standard output.

With --sarif standard output has one SARIF 2.1.0 log of all files, for code review tools.

With --json there is one object for each file on standard output:
  file         as given
  ok           whether the file is a space that has points
  space, doc   its name and its documentation
  rules        how many rules it has, net among them
  configs      the names of its configs
  inputs, outputs
               by name, as types: {"image": "[c: 1, h: 8, w: 8]"}
  proved       what was proved, a sentence each
  diagnostics  {code, severity, message, at: {file, start, end}, label, others, notes, edits, unsure}; start and
               end are {offset, line, column}; docs/check.schema.json is the JSON Schema
  fixed        with --fix, the diagnostics whose edits were made
  text         with --fix, of standard input, the fixed text
  error        why the file can't be read; then there is nothing else but file and ok`,
		Example: "  spacec check examples/digits.space\n  spacec check --fix digits.space\n  spacec sample examples/digits.space | spacec check -",
		Args:    someFiles,
		RunE: func(_ *cobra.Command, args []string) error {
			if f.json && f.sarif {
				return usagef("--json and --sarif both write to standard output: take one of them")
			}
			failed := false
			var all []*checked
			for _, name := range args {
				c := a.checkFile(name, f.fix)
				failed = failed || !c.OK
				all = append(all, c)
				if err := a.writeCheck(c, f); err != nil {
					return err
				}
			}
			if f.sarif {
				if err := a.writeSARIF(all); err != nil {
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
	flags.BoolVar(&f.fix, "fix", false, "make the fixes that diagnostics offer")
	flags.BoolVar(&f.json, "json", false, "write one JSON object for each file")
	flags.BoolVar(&f.sarif, "sarif", false, "write one SARIF log of all files")
	return cmd
}

// checkFlags are the flags of check.
type checkFlags struct{ fix, json, sarif bool }

// checked is what check finds out about a file.
type checked struct {
	File        string            `json:"file"`
	OK          bool              `json:"ok"`
	Space       string            `json:"space,omitempty"`
	Doc         string            `json:"doc,omitempty"`
	Rules       int               `json:"rules"`
	Configs     []string          `json:"configs,omitempty"`
	Inputs      map[string]string `json:"inputs,omitempty"`
	Outputs     map[string]string `json:"outputs,omitempty"`
	Proved      []string          `json:"proved,omitempty"`
	Diagnostics diagnostics       `json:"diagnostics,omitempty"`
	Fixed       diagnostics       `json:"fixed,omitempty"`
	Text        *string           `json:"text,omitempty"`
	Error       string            `json:"error,omitempty"`

	report *diag.Report
	fixes  []*diag.Diagnostic
}

func (a *app) checkFile(name string, fix bool) *checked {
	c := &checked{File: name}
	src, err := a.read(name)
	if err != nil {
		c.Error = err.Error()
		return c
	}
	space, report := checkSource(src)
	if fix {
		if space, report, err = a.fix(c, src, space, report); err != nil {
			c.Error = err.Error()
			return c
		}
	}
	c.report = report
	if c.Diagnostics, err = asJSON(report.Diagnostics()); err == nil {
		c.Fixed, err = asJSON(c.fixes)
	}
	if err != nil {
		c.Error = err.Error()
		return c
	}
	if space != nil && !report.Failed() {
		c.OK = true
		c.describe(space)
	}
	return c
}

// checkSource says all that is wrong with a text. The space is nil where it is none.
func checkSource(src *lang.Source) (*ir.Space, *diag.Report) {
	space, report := parseSource(src)
	if space != nil {
		space.LocateSeeds(report)
		space.WarnRunaway(report)
	}
	return space, report
}

// diagnostics are the objects of a report.
type diagnostics []json.RawMessage

func asJSON(found []*diag.Diagnostic) (diagnostics, error) {
	var b bytes.Buffer
	if err := diag.WriteJSON(&b, found); err != nil {
		return nil, err
	}
	var list diagnostics
	for line := range bytes.Lines(b.Bytes()) {
		list = append(list, bytes.TrimSpace(line))
	}
	return list, nil
}

// describe notes what there is in a space and what loading it has proved.
func (c *checked) describe(space *ir.Space) {
	c.Space, c.Doc = space.Name, space.Doc
	c.Inputs, c.Outputs = map[string]string{}, map[string]string{}
	for _, p := range space.Inputs {
		c.Inputs[p.Name] = p.Shape.String()
	}
	for _, p := range space.Outputs {
		c.Outputs[p.Name] = p.Shape.String()
	}
	c.Proved = []string{"it has points, and every option that is offered can be completed"}
	for _, s := range space.Seeds() {
		c.Proved = append(c.Proved, "the seed '"+s.Name+"' is in the space")
	}
	for _, d := range space.File.Decls {
		switch d := d.(type) {
		case *lang.Rule:
			c.Rules++
		case *lang.Config:
			c.Configs = append(c.Configs, d.Name.Name)
		case *lang.Require:
			for _, cond := range d.Conds {
				c.Proved = append(c.Proved, "every point keeps "+cond.Pos().Text())
			}
		}
	}
}

func (a *app) writeCheck(c *checked, f checkFlags) error {
	for _, d := range c.fixes {
		fmt.Fprintln(a.err, d.Mended())
	}
	if c.report != nil {
		if err := a.render(c.report); err != nil {
			return err
		}
	} else {
		fmt.Fprintln(a.err, "spacec: "+c.Error)
	}
	switch {
	case f.sarif:
		return nil
	case f.json:
		return a.writeJSON(c)
	case c.Text != nil:
		_, err := fmt.Fprint(a.out, *c.Text)
		return err
	case !c.OK:
		return nil
	}
	name := "space"
	if c.Space != "" {
		name += " " + c.Space
	}
	fmt.Fprintf(a.out, "%s: %s, %s\n", c.File, name, plural(c.Rules, "rule"))
	_, err := fmt.Fprintf(a.out, "  proved: %s\n", strings.Join(c.Proved, "\n          "))
	return err
}

// plural is "1 rule" or "2 rules".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
