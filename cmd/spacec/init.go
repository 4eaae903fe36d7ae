package main

import (
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/spacec-lang/spacec/lang"
)

// starter is the file that init writes, but for the name of its space.
//
//go:embed starter.space
var starter string

func (a *app) init() *cobra.Command {
	var force, asJSON bool
	cmd := &cobra.Command{
		Use:   "init [FILE|DIR]",
		Short: "Write a commented space to start from",
		Long: `Init writes a small space of networks that read handwritten digits, whose comments tell what each line means. It checks,
samples and searches as it is: change it into your own. Without an argument the file is starter.space. A name that ends in
.space is the file, and gives the space its name; any other is a folder that starter.space goes to, made where it isn't
there. The file goes to standard output for -. A file that is there already is left alone, unless --force is given.

With --json there is one object:
  file   the file that was written
  space  the name of the space
  next   commands to go on with`,
		Example: "  spacec init\n  spacec init cells.space",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			file := "starter.space"
			if len(args) == 1 {
				file = args[0]
			}
			if file == "-" {
				_, err := fmt.Fprint(a.out, starter)
				return err
			}
			if filepath.Ext(file) != ".space" {
				file = filepath.Join(file, "starter.space")
			}
			space := spaceName(strings.TrimSuffix(filepath.Base(file), ".space"))
			text := strings.Replace(starter, "\nspace starter\n", "\nspace "+space+"\n", 1)
			if err := a.undisturbed(func() error { return createFile(file, text, force) }); err != nil {
				return err
			}
			var next []string
			for _, command := range []string{"check", "sample", "show", "search"} {
				next = append(next, strings.Join([]string{invocation(), command, quoted(file)}, " "))
			}
			if asJSON {
				return a.writeJSON(struct {
					File  string   `json:"file"`
					Space string   `json:"space"`
					Next  []string `json:"next"`
				}{file, space, next})
			}
			_, err := fmt.Fprintf(a.out, "written to %s\nread it, then go on with\n  %s\n", file, strings.Join(next, "\n  "))
			return err
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "replace a file that is there")
	cmd.Flags().BoolVar(&asJSON, "json", false, "write a JSON object")
	return cmd
}

// createFile writes a file, and makes its folder. One that is there is replaced only by force.
func createFile(name, text string, force bool) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	switch {
	case errors.Is(err, fs.ErrExist) && force:
		return replaceFile(name, []byte(text))
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%s: this file is there already; name another one, or replace it with --force", name)
	case err != nil:
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

var (
	notInName = regexp.MustCompile(`[^A-Za-z0-9_]+`)
	isName    = regexp.MustCompile(`^[A-Za-z_]`)
)

// spaceName is a name that the language takes, near to that of a file.
func spaceName(stem string) string {
	name := notInName.ReplaceAllString(stem, "_")
	if !isName.MatchString(name) || name == "in" || slices.Contains(lang.ReservedWords(), name) {
		name = "space_" + name
	}
	return name
}
