package main

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/spacec-lang/spacec/docs"
)

func (a *app) explain() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "explain [CODE|OP]...",
		Short: "Explain an error, a warning or an op",
		Long: `Explain says what a code such as E201 means and what to do, with an example that gives it, or what an op or a
rule of the standard library takes and leaves: the text of docs/errors.md and docs/ops. Without a name it lists the codes.

With --json there is one object a line for each:
  name   the code or the op
  title  in a few words
  text   the explanation, in Markdown; absent in the list of codes`,
		Example: "  spacec explain E201\n  spacec explain conv\n  spacec explain",
		Args:    cobra.ArbitraryArgs,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
			codes, errCodes := docs.Codes()
			ops, errOps := docs.Ops()
			if errCodes != nil || errOps != nil {
				return nil, cobra.ShellCompDirectiveError
			}
			var names []cobra.Completion
			for _, e := range append(codes, ops...) {
				names = append(names, cobra.CompletionWithDesc(e.Name, e.Title))
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			codes, err := docs.Codes()
			if err != nil {
				return err
			}
			ops, err := docs.Ops()
			if err != nil {
				return err
			}
			var found []docs.Entry
			for _, name := range args {
				e, err := findEntry(name, codes, ops)
				if err != nil {
					return err
				}
				found = append(found, e)
			}
			if len(args) == 0 {
				for _, e := range codes {
					found = append(found, docs.Entry{Name: e.Name, Title: e.Title})
				}
			}
			return a.writeEntries(found, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "write one JSON object for each")
	return cmd
}

// findEntry finds an op, or a code, whose letter may be another or left out.
func findEntry(name string, codes, ops []docs.Entry) (docs.Entry, error) {
	digits := strings.TrimLeft(name, "EeWw")
	isCode := digits != "" && strings.Trim(digits, "0123456789") == ""
	var names []string
	for _, e := range append(codes, ops...) {
		if e.Name == name || isCode && e.Name[1:] == digits {
			return e, nil
		}
		names = append(names, e.Name)
	}
	if isCode {
		return docs.Entry{}, usagef("there is no code '%s': 'spacec explain' lists the codes", name)
	}
	return docs.Entry{}, unknown("code or op", name, names)
}

func (a *app) writeEntries(list []docs.Entry, asJSON bool) error {
	for i, e := range list {
		if asJSON {
			if err := a.writeJSON(struct {
				Name  string `json:"name"`
				Title string `json:"title"`
				Text  string `json:"text,omitempty"`
			}{e.Name, e.Title, e.Text}); err != nil {
				return err
			}
			continue
		}
		if i > 0 && e.Text != "" {
			fmt.Fprintln(a.out)
		}
		if e.Text == "" {
			fmt.Fprintf(a.out, "%s  %s\n", e.Name, e.Title)
		} else {
			fmt.Fprintf(a.out, "%s: %s\n\n%s", e.Name, e.Title, a.plainText(e.Text))
		}
	}
	return nil
}

var (
	mdComment = regexp.MustCompile(`(?m)^<!--.*-->\n`)
	mdLink    = regexp.MustCompile(`\[([^\]\n]+)\]\([^)\n]+\)`)
	mdRule    = regexp.MustCompile(`^[|\- ]+$`)
)

// plainText is Markdown as a terminal shows it: what is fenced is indented, tables are columns, .space text has its colours.
func (a *app) plainText(markdown string) string {
	var b bytes.Buffer
	columns := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.StripEscape)
	fenced, painted := false, false
	for line := range strings.Lines(mdComment.ReplaceAllString(markdown, "")) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "```"):
			fenced = !fenced
			painted = a.outColor && strings.HasPrefix(line, "```space")
			continue
		case fenced && line != "" && painted:
			line = "    " + a.paint(line)
		case fenced && line != "":
			line = "    " + line
		case fenced:
		case strings.HasPrefix(line, "| "):
			if mdRule.MatchString(line) {
				continue
			}
			line = "  " + strings.ReplaceAll(strings.Trim(line, "| "), " | ", "\t")
			line = strings.ReplaceAll(line, `\`, "")
		default:
			line = strings.ReplaceAll(mdLink.ReplaceAllString(line, "$1"), `\`, "")
		}
		fmt.Fprintln(columns, line)
	}
	columns.Flush() // a buffer takes everything
	return b.String()
}
