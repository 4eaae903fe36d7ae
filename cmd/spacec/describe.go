package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
)

func (a *app) describe() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "describe FILE",
		Short: "Say what is in a space and what its weights come to",
		Long: `Describe prints a space at a glance: how many points, decisions and configs there are, the least and the most that
its networks cost, and what its written weights come to, which is what the random sampler draws from.

Of a finite space these are exact sums over all points: mean sizes, and the entropy of the discrete decisions in bits.
Size is the number of ops, with skip and clone, which the cost ops leaves out: as written, where a let that is drawn
once and repeated counts once, and as built, where its copies count.

Of an infinite space they are estimates, and marked so: of the grammar without its types, where every tensor has the
input's shape, and requirements, and guards that look at wires or at the nesting, are passed over. The rate is the
spectral radius of the grammar's mean matrix: how many calls of a rule one call of it leads to in the mean. Up to 1 a
walk ends with probability one, and below 1 its mean size is finite. Where it isn't as derived, or as built, the
weight to change is named, with the value at which the rate is 1.

The completion is the probability that a walk by the written weights that doesn't look ahead runs into no shape, guard or
requirement, and ends: how often a sampler that draws first and checks after would succeed. Exact where the
types that recursive rules meet can be listed, and absent elsewhere. spacec's own walks always complete.

With --json there is one object:
  space, doc      its name and its documentation
  count           the number of points as a string of digits, "infinite" or "not counted"
  at_least, at_most
                  bounds where it is not counted, as count has them
  rules, choices  how many rules it has, net among them, and choices as written
  configs, seeds  their names
  costs           of a finite space, {name: {least, most, mean}} where they can be followed: built (the size as built),
                  params, macs, layers, and costs of the file's own
  prior           what the weights come to:
    exact         true of a finite space; false where types are passed over
    size, bits    mean size as written, null where it is infinite; entropy
    built         mean size as built, null where it is infinite, absent where it is not known
    decisions     of a finite space, how many a walk meets in the mean
    names         of a finite space, how many decisions there are by name; absent where they are too many to count
    ends          of an infinite one, the probability that a walk ends
  derived, built  of a space with a rule that calls itself, {rate, rule, critical: {option, file, line, column, unit,
                  written, value, finite}}: unit is "percent" or "weight", and finite "above" or "below" value
  completion      of a walk that doesn't look ahead; absent where it is not known`,
		Example: "  spacec describe examples/digits.space",
		Args:    oneFile("FILE"),
		RunE: func(_ *cobra.Command, args []string) error {
			space, err := a.load(args[0])
			if err != nil {
				return err
			}
			d, err := describe(space)
			if err != nil {
				return err
			}
			if asJSON {
				return a.writeJSON(d)
			}
			return d.write(a.out)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "write a JSON object")
	return cmd
}

// described is what --json writes.
type described struct {
	Space      string           `json:"space"`
	Doc        string           `json:"doc,omitempty"`
	Count      string           `json:"count"`
	AtLeast    string           `json:"at_least,omitempty"`
	AtMost     string           `json:"at_most,omitempty"`
	Rules      int              `json:"rules"`
	Choices    int              `json:"choices"`
	Configs    []string         `json:"configs,omitempty"`
	Seeds      []string         `json:"seeds,omitempty"`
	Costs      map[string]*cost `json:"costs,omitempty"`
	Prior      *prior           `json:"prior,omitempty"`
	Derived    *grown           `json:"derived,omitempty"`
	Built      *grown           `json:"built,omitempty"`
	Completion *float64         `json:"completion,omitempty"`

	costs []string // their names in order
	notes []string // why something is not known
}

type cost struct {
	Least float64 `json:"least"`
	Most  float64 `json:"most"`
	Mean  float64 `json:"mean"`
}

func (c *cost) span() string {
	if c.Least == c.Most {
		return short(c.Least)
	}
	return short(c.Least) + " to " + short(c.Most)
}

type prior struct {
	Exact     bool     `json:"exact"`
	Size      *float64 `json:"size"`
	Bits      *float64 `json:"bits"`
	Built     *float64 `json:"built,omitempty"`
	Decisions *float64 `json:"decisions,omitempty"`
	Names     *int     `json:"names,omitempty"`
	Ends      *float64 `json:"ends,omitempty"`
}

type grown struct {
	Rate     float64   `json:"rate"`
	Rule     string    `json:"rule"`
	Critical *critical `json:"critical,omitempty"`

	of *ir.Growth
}

type critical struct {
	Option  string  `json:"option"`
	File    string  `json:"file"`
	Line    int     `json:"line"`
	Column  int     `json:"column"`
	Unit    string  `json:"unit"`
	Written float64 `json:"written"`
	Value   float64 `json:"value"`
	Finite  string  `json:"finite"`
}

func describe(space *ir.Space) (*described, error) {
	d := &described{Space: space.Name, Doc: space.Doc, Choices: space.Choices()}
	for _, decl := range space.File.Decls {
		switch decl := decl.(type) {
		case *lang.Rule:
			d.Rules++
		case *lang.Config:
			d.Configs = append(d.Configs, decl.Name.Name)
		}
	}
	for _, s := range space.Seeds() {
		d.Seeds = append(d.Seeds, s.Name)
	}
	count, err := countSpace(space)
	if err != nil {
		return nil, err
	}
	d.Count, d.AtLeast, d.AtMost = count.Count, count.AtLeast, count.AtMost
	var survey *ir.Survey
	if count.counted() {
		survey = space.Survey()
	}
	if survey != nil {
		d.surveyed(survey)
	} else {
		d.growth(space)
	}
	if c, err := space.Conditional(); err == nil {
		x := min(1, c.Completion())
		d.Completion = &x
	}
	return d, nil
}

func (d *described) surveyed(s *ir.Survey) {
	d.Prior = &prior{Exact: true, Size: &s.Size, Bits: &s.Bits, Decisions: &s.Decisions, Names: only(s.Names > 0 || s.Decisions == 0, s.Names)}
	for _, c := range s.Costs {
		if d.Costs == nil {
			d.Costs = map[string]*cost{}
		}
		d.Costs[c.Name] = &cost{c.Least, c.Most, c.Mean}
		d.costs = append(d.costs, c.Name)
		if c.Name == "built" {
			d.Prior.Built = &d.Costs[c.Name].Mean
		}
	}
}

// growth is what is known of the grammar alone.
func (d *described) growth(space *ir.Space) {
	derived, err := space.Growth(false)
	if err != nil {
		d.notes = append(d.notes, "the weights: "+err.Error())
		return
	}
	d.Prior = &prior{Size: finite(derived.Size), Bits: finite(derived.Bits), Ends: &derived.Ends}
	d.Derived = grownJSON(derived)
	built, err := space.Growth(true)
	if err != nil {
		d.notes = append(d.notes, "as built: "+err.Error())
		return
	}
	d.Prior.Built = finite(built.Size)
	d.Built = grownJSON(built)
}

// finite is a number's address, and nil where it is infinite.
func finite(x float64) *float64 { return only(!math.IsInf(x, 0), x) }

func grownJSON(g *ir.Growth) *grown {
	if g.Rate == 0 {
		return nil
	}
	j := &grown{Rate: g.Rate, Rule: g.Rule, of: g}
	if c := g.Critical; c != nil {
		line, column := c.At.Source.Position(c.At.Start)
		j.Critical = &critical{c.Option, c.At.Source.Name, line, column, "weight", c.Weight, c.Critical, c.Side()}
		if c.Percent {
			j.Critical.Unit = "percent"
		}
	}
	return j
}

// write is for people.
func (d *described) write(w io.Writer) error {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-14s%s\n", name, fmt.Sprintf(format, args...))
	}
	line("space", "%s", d.Space)
	for text := range strings.Lines(d.Doc) { // its first paragraph
		if text = strings.TrimSpace(text); text == "" {
			break
		}
		line("", "%s", text)
	}
	count := d.Count
	switch {
	case (&counted{Count: count}).counted():
		count = groupDigits(count)
	case d.AtMost != "":
		count += fmt.Sprintf(", %s to %s", groupDigits(d.AtLeast), groupDigits(d.AtMost))
	case d.AtLeast != "":
		count += ", at least " + groupDigits(d.AtLeast)
	}
	line("points", "%s", count)
	line("written", "%s, %s", plural(d.Rules, "rule"), plural(d.Choices, "choice"))
	if len(d.Configs) > 0 {
		line("configs", "%s", strings.Join(d.Configs, ", "))
	}
	if len(d.Seeds) > 0 {
		line("seeds", "%s", strings.Join(d.Seeds, ", "))
	}
	for _, name := range d.costs {
		if c := d.Costs[name]; name != "built" {
			text := c.span()
			if c.Least < c.Most {
				text += fmt.Sprintf(", %s in the mean", short(c.Mean))
			}
			line(name, "%s", text)
		}
	}
	if p := d.Prior; p != nil {
		p.write(line, d)
	}
	for _, g := range []struct {
		name string
		g    *grown
	}{{"as derived", d.Derived}, {"as built", d.Built}} {
		if g.g != nil {
			g.g.write(line, g.name)
		}
	}
	if d.Completion != nil {
		line("completion", "%s, of walks by the written weights that don't look ahead", short(*d.Completion))
	}
	for _, n := range d.notes {
		line("not known", "%s", n)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (p *prior) write(line func(name, format string, args ...any), d *described) {
	size := func(x *float64) string {
		if x == nil {
			return "infinite"
		}
		return short(*x)
	}
	built := ""
	if p.Built != nil {
		built = fmt.Sprintf(", %s as built", short(*p.Built))
	} else if d.Built != nil {
		built = ", infinite as built"
	}
	if c := d.Costs["built"]; c != nil {
		built += " (" + c.span() + ")"
	}
	if p.Exact {
		names := ""
		if p.Names != nil {
			names = fmt.Sprintf("%d by name, ", *p.Names)
		}
		line("decisions", "%s%s met by a walk in the mean", names, short(*p.Decisions))
		line("size", "%s as written%s, in the mean", short(*p.Size), built)
		line("entropy", "%s bits", short(*p.Bits))
		return
	}
	line("estimates", "of the grammar without its types, guards on wires or nesting, and requirements:")
	line("  size", "%s as written%s, in the mean", size(p.Size), built)
	if p.Bits != nil {
		line("  entropy", "%s bits", short(*p.Bits))
	}
	if d.Derived != nil {
		line("  ends", "with probability %s", short(*p.Ends))
	}
}

func (g *grown) write(line func(name, format string, args ...any), name string) {
	growth := "finite in the mean"
	switch {
	case g.of.RunsAway():
		growth = "it runs away: infinite in the mean"
	case !g.of.Finite():
		growth = "on the edge: infinite in the mean"
	}
	line("  "+name, "rate %s per call of '%s': %s", short(g.Rate), g.Rule, growth)
	if c := g.Critical; c != nil {
		unit := ""
		if c.Unit == "percent" {
			unit = "%"
		}
		line("", "finite with '%s' %s [%s%s]; it is [%s%s], at %s:%d:%d", c.Option, c.Finite, short(c.Value), unit, short(c.Written), unit,
			c.File, c.Line, c.Column)
	}
}

// short is a number to four digits, whole where it is large.
func short(x float64) string {
	switch {
	case x == math.Trunc(x) && math.Abs(x) < 1e15, math.Abs(x) >= 1e3 && math.Abs(x) < 1e15:
		return group(int64(math.Round(x)))
	}
	return fmt.Sprintf("%.4g", x)
}

// groupDigits is a whole number of any length with its digits in threes.
func groupDigits(digits string) string {
	var parts []string
	for len(digits) > 3 {
		parts = append(parts, digits[len(digits)-3:])
		digits = digits[:len(digits)-3]
	}
	parts = append(parts, digits)
	slices.Reverse(parts)
	return strings.Join(parts, ",")
}
