package main

import (
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/ir/canon"
	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/format"
)

func (a *app) diff() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "diff A B",
		Short: "Say what differs between two points or two spaces",
		Long: `Diff compares two points: whether they build the same network, as same tells; by what the networks cost and
which ops they have differ; and the decisions, by name, where both were drawn from one space, or else the fields of their
configs. Of two spaces, or a space and a point, it compares the declarations by name, in canonical form and without comments.

A line starts with - for what only A has and with + for what only B has. The exit codes are those of diff: 0 nothing differs,
1 something does, 2 a file is bad or the command line is wrong. Points of different decisions may build the same network:
then the exit code is 1 all the same.

With --json there is one object; a and b are the values on either side, and what only one side has has only one:
  same          whether nothing differs
  network       of points with nets, "same", "different" or "possibly different" where a graph is too hard to settle
  costs         params, macs, layers and ops of the networks, for each {name, a, b}, equal ones too
  ops           how often the networks have an op, by its text: {name, a, b}
  decisions     of points: {name, a, b}
  configs       of points that weren't drawn from one space: {name, a, b} of the fields
  declarations  of spaces: {name, a, b}`,
		Example: "  spacec diff a.space b.space",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return fmt.Errorf("diff takes two FILEs, not %d", len(args))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			d, err := a.compare(args)
			if err != nil {
				return troubleError{err}
			}
			if asJSON {
				err = a.writeJSON(d)
			} else {
				err = a.writeDiff(d, args)
			}
			if err != nil {
				return troubleError{err}
			}
			if !d.Same {
				return errReported
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "write a JSON object")
	return cmd
}

// differences are what differs between two files.
type differences struct {
	Same         bool                 `json:"same"`
	Network      string               `json:"network,omitempty"`
	Costs        []difference[int64]  `json:"costs,omitempty"`
	Ops          []difference[int64]  `json:"ops,omitempty"`
	Decisions    []difference[string] `json:"decisions,omitempty"`
	Configs      []difference[string] `json:"configs,omitempty"`
	Declarations []difference[string] `json:"declarations,omitempty"`
}

// difference is a name's values on both sides, nil where it has none.
type difference[T comparable] struct {
	Name string `json:"name"`
	A    *T     `json:"a,omitempty"`
	B    *T     `json:"b,omitempty"`
}

// entry is a name and its value on one side.
type entry[T comparable] struct {
	name  string
	value T
}

// match finds what differs between two lists of entries, in the order of a, each followed by what only b has there.
func match[T comparable](a, b []entry[T]) []difference[T] {
	other := map[string]*T{}
	for i := range b {
		other[b[i].name] = &b[i].value
	}
	own := map[string]bool{}
	for _, e := range a {
		own[e.name] = true
	}
	var out []difference[T]
	next := 0
	onlyB := func(upTo string) {
		for ; next < len(b) && b[next].name != upTo; next++ {
			if !own[b[next].name] {
				out = append(out, difference[T]{b[next].name, nil, &b[next].value})
			}
		}
	}
	for i := range a {
		e := &a[i]
		v := other[e.name]
		if v != nil && slices.ContainsFunc(b[next:], func(x entry[T]) bool { return x.name == e.name }) {
			onlyB(e.name)
		}
		if v == nil || *v != e.value {
			out = append(out, difference[T]{e.name, &e.value, v})
		}
	}
	onlyB("")
	return out
}

func (a *app) compare(names []string) (*differences, error) {
	var spaces [2]*ir.Space
	var points [2]*ir.Built
	for i, name := range names {
		var err error
		if spaces[i], err = a.load(name); err != nil {
			return nil, err
		}
		p, err := spaces[i].Only()
		if err != nil {
			continue // a choice is left: it is a space
		}
		if points[i], err = p.Build(); err != nil {
			return nil, err
		}
	}
	d := &differences{}
	if points[0] == nil || points[1] == nil {
		d.Declarations = match(declarations(spaces[0].File), declarations(spaces[1].File))
		d.Same = len(d.Declarations) == 0
		return d, nil
	}
	nameA, decisionsA := decisions(spaces[0].File)
	nameB, decisionsB := decisions(spaces[1].File)
	if nameA != "" && nameA == nameB {
		d.Decisions = match(decisionsA, decisionsB)
	} else {
		d.Configs = match(fields(points[0]), fields(points[1]))
	}
	if hasNet(points[0]) || hasNet(points[1]) {
		if err := d.networks(points); err != nil {
			return nil, err
		}
	}
	d.Same = (d.Network == "" || d.Network == "same") && len(d.Decisions)+len(d.Configs)+len(d.Ops) == 0
	return d, nil
}

// networks compares what two points build; one without a net has an empty one.
func (d *differences) networks(points [2]*ir.Built) error {
	var forms [2]canon.Form
	var costs, ops [2][]entry[int64]
	for i, b := range points {
		g := b.Graph
		if !hasNet(b) {
			g = &op.Graph{}
		}
		var err error
		if forms[i], err = canon.Hash(g); err != nil {
			return err
		}
		c, err := g.Costs()
		if err != nil {
			return err
		}
		at := map[string]int{}
		total := int64(0)
		for _, n := range g.Nodes {
			if n.Args.Spec.Wiring {
				continue
			}
			total++
			name := n.Args.String()
			if _, ok := at[name]; !ok {
				at[name] = len(ops[i])
				ops[i] = append(ops[i], entry[int64]{name, 0})
			}
			ops[i][at[name]].value++
		}
		costs[i] = []entry[int64]{{"params", c.Params}, {"macs", c.MACs}, {"layers", int64(c.Layers)}, {"ops", total}}
	}
	for k := range costs[0] {
		d.Costs = append(d.Costs, difference[int64]{costs[0][k].name, &costs[0][k].value, &costs[1][k].value})
	}
	d.Ops = match(ops[0], ops[1])
	switch {
	case hasNet(points[0]) == hasNet(points[1]) && forms[0].Hash == forms[1].Hash:
		d.Network = "same"
	case !forms[0].Exact || !forms[1].Exact:
		d.Network = "possibly different"
	default:
		d.Network = "different"
	}
	return nil
}

// decisions are those of a file's from clause, and the space that it names.
func decisions(file *lang.File) (space string, list []entry[string]) {
	for _, d := range file.Decls {
		if from, ok := d.(*lang.From); ok {
			for _, c := range from.Decisions {
				list = append(list, entry[string]{c.Path, c.Value})
			}
			return from.Space.Name, list
		}
	}
	return "", nil
}

// fields are those of a point's configs.
func fields(b *ir.Built) (list []entry[string]) {
	for _, c := range b.Configs {
		for _, f := range c.Fields {
			list = append(list, entry[string]{c.Name + "." + f.Name, fmt.Sprint(f.Value)})
		}
	}
	return list
}

// declarations are a file's declarations in canonical form, by what they declare; of those without a name all of a kind.
func declarations(file *lang.File) (list []entry[string]) {
	at := map[string]int{}
	for _, decl := range file.Decls {
		name := ""
		switch d := decl.(type) {
		case *lang.Edition, *lang.From:
			continue
		case *lang.SpaceDecl:
			name = "space"
			bare := *d
			bare.Doc = ""
			decl = &bare
		case *lang.Use:
			name = "use " + d.Path
		case *lang.Port:
			name = d.Name.Name
		case *lang.Rule:
			name = "rule " + d.Name.Name
			bare := *d
			bare.Doc = ""
			decl = &bare
		case *lang.Let:
			name = "let " + d.Bindings[0].Name.Name
		case *lang.Config:
			name = "config " + d.Name.Name
			bare := *d
			bare.Doc = ""
			decl = &bare
		case *lang.Cost:
			name = "cost " + d.Name.Name
		case *lang.Seed:
			name = "seed " + d.Name.Name
		case *lang.OpDecl:
			name = "op " + d.Name.Name
		case *lang.TypeDecl:
			name = "type " + d.Name.Name
		case *lang.Require:
			name = "require"
		case *lang.Objective:
			name = "objective"
		}
		text := format.Decl(decl)
		if i, ok := at[name]; ok {
			list[i].value += "\n" + text
			continue
		}
		at[name] = len(list)
		list = append(list, entry[string]{name, text})
	}
	return list
}
