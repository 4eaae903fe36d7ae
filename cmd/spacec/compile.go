package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/spacec-lang/spacec/compile/draw"
	"github.com/spacec-lang/spacec/compile/gorgonia"
	"github.com/spacec-lang/spacec/ir/canon"
	"github.com/spacec-lang/spacec/ir/op"
)

// target is what a point can be compiled to.
type target struct {
	name, doc string
	write     func(w io.Writer, g *op.Graph, f tableFlags) error
}

func targets() []target {
	return []target{
		{"gorgonia", "a graph that trains: a table of its nodes or, with -o DIR, its source in Go", writeGorgonia},
		{"dot", "a drawing for Graphviz", writeDot},
	}
}

// tableFlags are how gorgonia's table is written.
type tableFlags struct{ asJSON, live bool }

func (a *app) compile() *cobra.Command {
	var name, output string
	var table tableFlags
	var files goFiles
	cmd := &cobra.Command{
		Use:   "compile POINT...",
		Short: "Compile a point to a network",
		Long: `Compile builds the network of a file that holds one point: one that sample or search wrote, or any space without a
choice. The targets are
` + targetDocs() + `
Costs count everything that is written. With --live the table has one more line: what is left when dead parts vanish,
which are what reaches no output, skips, zeros and what only they feed, and computations done twice.

With -o DIR, gorgonia writes each point to a file of Go in that folder, point.go for point.space, and prints its name. The
file has one function, Point, with a line for each op. It imports this module's compile/gorgonia/nn and nothing else, and
belongs to your module, where 'go get github.com/spacec-lang/spacec' brings that in. The function's graph builds to the
same model as the point: the same first weights by the seed, and the same numbers. A file that is there and differs is
left alone, unless --force is given.

With --json, gorgonia's table is one object:
  nodes    for each op {path, op, output, params, macs}: where it was written, the op with its arguments, the shapes
           that leave it, its learnt numbers and its multiplications for one example
  params, macs, layers
           of the whole: weights that several nodes share count once; layers is the longest path of ops
  memory   {train, evaluate}: bytes that the tensors of one example take in float32, without the weights. Training keeps
           the inputs and all that the ops make; evaluate is the most at one time, where a tensor goes when nothing needs
           it any more
  live     with --live, {ops, params, macs, layers} of what is left`,
		Example: `  spacec compile point.space
  spacec compile point.space --target dot -o point.dot
  spacec compile a.space b.space -o nets --package nets`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("compile takes a POINT; there is none")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			t := findTarget(name)
			goes := t.name == "gorgonia" && output != ""
			switch {
			case table != (tableFlags{}) && (t.name != "gorgonia" || goes):
				return usagef("--json and --live go with the table of --target gorgonia; all else is written as it is")
			case !goes && (files.pkg != "" || files.force):
				return usagef("--package and --force go with --target gorgonia and -o DIR")
			case goes:
				files.dir = output
				return a.writeGo(files, args)
			case len(args) > 1:
				return usagef("%d points are compiled at once to Go alone: give -o DIR", len(args))
			}
			b, err := a.point(args[0])
			if err != nil {
				return err
			}
			var text bytes.Buffer // nothing is written of a point that can't be compiled
			if err := t.write(&text, b.Graph, table); err != nil {
				return a.refused(args[0], err)
			}
			if output != "" {
				return a.undisturbed(func() error { return writeWhole(output, text.Bytes()) })
			}
			_, err = text.WriteTo(a.out)
			return err
		},
	}
	f := cmd.Flags()
	oneOfFlag(f, &name, "target", "gorgonia", "target", targetNames(), "what to compile to")
	f.StringVarP(&output, "output", "o", "", "the folder that gorgonia writes Go files to, or the file that other targets write to")
	f.StringVar(&files.pkg, "package", "", "the package of the Go files; by default that of the folder's Go files, or the folder's name")
	f.BoolVar(&files.force, "force", false, "replace Go files that differ")
	f.BoolVar(&table.live, "live", false, "add what is left when dead parts vanish")
	f.BoolVar(&table.asJSON, "json", false, "write the table as a JSON object")
	return cmd
}

func targetDocs() string {
	text := ""
	for _, t := range targets() {
		text += fmt.Sprintf("  %-9s %s\n", t.name, t.doc)
	}
	return text
}

func targetNames() []string {
	var names []string
	for _, t := range targets() {
		names = append(names, t.name)
	}
	return names
}

// findTarget is the target of a name that there is.
func findTarget(name string) target {
	return targets()[slices.Index(targetNames(), name)]
}

func writeDot(w io.Writer, g *op.Graph, _ tableFlags) error { return draw.Dot(w, g) }

// writeGorgonia builds the graph with everything that training needs, and writes what is in it.
func writeGorgonia(w io.Writer, g *op.Graph, f tableFlags) error {
	loss := gorgonia.CrossEntropy
	if len(g.Outputs) != 1 {
		loss = gorgonia.None
	}
	m, err := gorgonia.Build(g, gorgonia.Options{Batch: 1, Loss: loss})
	if err != nil {
		return err
	}
	m.Close()
	t, err := tabulate(g)
	if err != nil {
		return err
	}
	if f.live {
		form, err := canon.Hash(g)
		if err != nil {
			return err
		}
		live := liveOf(form)
		t.Live = &live
	}
	if f.asJSON {
		return t.writeJSON(w)
	}
	return t.write(w)
}
