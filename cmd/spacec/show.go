package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/spacec-lang/spacec/compile/draw"
	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/parser"
)

// showFlags are what show was asked for.
type showFlags struct {
	what, output string
	seed         uint64
	count        int
	ascii, json  bool
}

func (a *app) show() *cobra.Command {
	var f showFlags
	cmd := &cobra.Command{
		Use:   "show FILE",
		Short: "Draw a space, a network or how costs are spread",
		Long: `Show draws what a file holds: of a point its network, of a space its rules. On standard output that is text; with
-o FILE.svg it is a picture that any browser shows, and -o - writes the picture to standard output. --what asks for
another drawing:
  railroad  the rules: in text a tree, as a picture a railroad diagram, a track for each rule, let and config. Choices are
            parallel tracks with weights, repetitions loops, guards gates. It needs correct syntax, no more
  network   the ops with the shapes between them, skip and clone left out; of a space, the point that --seed draws
  costs     how parameters, multiplications, layers and ops are spread over --number draws of the prior, as histograms

The text keeps to ASCII where the locale isn't UTF-8, or with --ascii. The same file and seed give the same bytes.

With --json there is one object instead. Of a network it is the one of compile --json, of costs
  space, draws, seed
           what was drawn
  costs    for each {name, min, q25, median, q75, max, log, bins}: bins are {low, high, count}, both ends inclusive,
           equally wide in the logarithm where log is true`,
		Example: "  spacec show point.space\n  spacec show examples/digits.space -o digits.svg\n" +
			"  spacec show examples/digits.space --what costs",
		Args: oneFile("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := atLeast("-n, --number", f.count, 1); err != nil {
				return err
			}
			if f.json && (f.what == "railroad" || f.output != "") {
				return usagef("--json goes with a network or with costs, without -o")
			}
			return a.runShow(cmd.Context(), args[0], &f)
		},
	}
	flags := cmd.Flags()
	oneOfFlag(flags, &f.what, "what", "", "drawing", []string{"railroad", "network", "costs"},
		"railroad, network or costs; by default what the file holds")
	flags.StringVarP(&f.output, "output", "o", "", "SVG file to write, instead of text; - is standard output")
	flags.Uint64Var(&f.seed, "seed", 1, "what draws depend on")
	flags.IntVarP(&f.count, "number", "n", 1000, "with --what costs, how many points to draw")
	flags.BoolVar(&f.ascii, "ascii", false, "keep to ASCII in text")
	flags.BoolVar(&f.json, "json", false, "write a JSON object")
	return cmd
}

func (a *app) runShow(ctx context.Context, name string, f *showFlags) error {
	term := draw.Terminal{ASCII: f.ascii || !unicodeLocale(), Color: a.outColor}
	if f.what == "railroad" {
		src, err := a.read(name)
		if err != nil {
			return err
		}
		report := &diag.Report{}
		file := parser.ParseFile(src, report)
		if err := a.render(report); err != nil {
			return err
		}
		if report.Failed() {
			return errReported
		}
		return a.showSpace(file, f, term)
	}
	space, err := a.load(name)
	if err != nil {
		return err
	}
	if f.what == "costs" {
		return a.showCosts(ctx, space, name, f, term)
	}
	rules := f.what == "" && !f.json // what is shown of a file that holds no network
	p, err := space.Only()
	if err != nil {
		if rules {
			return a.showSpace(space.File, f, term)
		}
		w := space.Walk()
		w.Draw(f.seed, 0)
		if p, err = w.Point(); err != nil {
			return err
		}
	}
	b, err := p.Build()
	if err != nil {
		return err
	}
	if !hasNet(b) {
		if rules {
			return a.showSpace(space.File, f, term)
		}
		return fmt.Errorf("%s: it has no net, so there is no network to draw", name)
	}
	if f.json {
		t, err := tabulate(b.Graph)
		if err != nil {
			return err
		}
		return t.writeJSON(a.out)
	}
	if f.output == "" {
		text, err := draw.NetworkText(b.Graph, shownName(space.File), term)
		return a.write(text, err)
	}
	svg, err := draw.Network(b.Graph, shownName(space.File))
	return a.picture(f.output, svg, err)
}

// hasNet tells whether a point builds a network: all that do have an output.
func hasNet(b *ir.Built) bool { return b.Graph != nil && len(b.Graph.Outputs) > 0 }

// shownName is the name of what a file holds: its space's, or the file's own.
func shownName(file *lang.File) string {
	for _, d := range file.Decls {
		if s, ok := d.(*lang.SpaceDecl); ok {
			return s.Name.Name
		}
	}
	return strings.TrimSuffix(filepath.Base(file.Source.Name), ".space")
}

func (a *app) showSpace(file *lang.File, f *showFlags, term draw.Terminal) error {
	if f.output == "" {
		return a.write(draw.Tree(file, shownName(file), term), nil)
	}
	return a.picture(f.output, draw.Railroad(file, shownName(file)), nil)
}

// showCosts draws points and shows how their costs are spread.
func (a *app) showCosts(ctx context.Context, space *ir.Space, name string, f *showFlags, term draw.Terminal) error {
	var bar *progressbar.ProgressBar
	if a.terminal {
		bar = a.bar(f.count, "drawing")
		defer bar.Finish()
	}
	names := []string{"params", "MACs", "layers", "ops"}
	numbers := make([][]int64, len(names))
	w := space.Walk()
	for trial := range f.count {
		if err := ctx.Err(); err != nil {
			return err
		}
		w.Reset()
		w.Draw(f.seed, uint64(trial))
		p, err := w.Point()
		if err != nil {
			return err
		}
		b, err := p.Build()
		if err != nil {
			return err
		}
		if !hasNet(b) {
			return fmt.Errorf("%s: it has no net, so its points cost nothing", name)
		}
		c, err := b.Graph.Costs()
		if err != nil {
			return err
		}
		ops := int64(0)
		for _, n := range b.Graph.Nodes {
			if !n.Args.Spec.Wiring {
				ops++
			}
		}
		for i, x := range []int64{c.Params, c.MACs, int64(c.Layers), ops} {
			numbers[i] = append(numbers[i], x)
		}
		if bar != nil {
			bar.Add(1)
		}
	}
	var spreads []draw.Spread
	for i, n := range names {
		spreads = append(spreads, draw.NewSpread(n, numbers[i]))
	}
	title := fmt.Sprintf("%s: %s of the prior, seed %d", shownName(space.File), plural(f.count, "draw"), f.seed)
	switch {
	case f.json:
		return a.writeJSON(struct {
			Space string        `json:"space"`
			Draws int           `json:"draws"`
			Seed  uint64        `json:"seed"`
			Costs []draw.Spread `json:"costs"`
		}{space.Name, f.count, f.seed, spreads})
	case f.output == "":
		return a.write(draw.SpreadText(title, spreads, term), nil)
	}
	return a.picture(f.output, draw.Spreads(title, spreads), nil)
}

// write writes a text, if there was no error in making it.
func (a *app) write(text string, err error) error {
	if err == nil {
		_, err = fmt.Fprint(a.out, text)
	}
	return err
}

// picture writes a picture to a file, or to standard output for "-".
func (a *app) picture(name string, svg []byte, err error) error {
	if err != nil || name == "-" {
		return a.write(string(svg), err)
	}
	return a.undisturbed(func() error { return writeWhole(name, svg) })
}

// unicodeLocale tells whether the locale allows for more than ASCII, as it does where none is set.
func unicodeLocale() bool {
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if v := strings.ToLower(os.Getenv(name)); v != "" {
			return strings.Contains(v, "utf-8") || strings.Contains(v, "utf8")
		}
	}
	return true
}
