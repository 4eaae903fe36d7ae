package train

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/spacec-lang/spacec/compile/gorgonia"
	"github.com/spacec-lang/spacec/ir/op"
)

// Dataset is examples of one input tensor each, held in memory. Many trials may read one at a time;
// nothing here writes to it.
type Dataset struct {
	Name    string
	From    string    // the file of the inputs
	Input   op.Shape  // of one example
	Inputs  []float32 // Len() x Input, row-major
	Classes int       // over 0 for classification, with Labels; 0 for regression, with Values
	Names   []string  // of the classes, where the data names them
	Target  op.Shape  // of one example's labels or values; without axes it has one
	Labels  []int     // Len() x Target, row-major, each in 0..Classes-1; gorgonia.NoLabel for a place of several that has none
	Values  []float32 // Len() x Target, row-major

	Normalised *Normalisation // what was done to Inputs
}

// Splits are the three parts of a data set: weights are fitted on Train, settings are chosen by Val,
// and Test is only reported.
type Splits struct{ Train, Val, Test *Dataset }

// All is the parts together, the training part first.
func (s *Splits) All() *Dataset {
	all := *s.Train
	all.Inputs = slices.Concat(s.Train.Inputs, s.Val.Inputs, s.Test.Inputs)
	all.Labels = slices.Concat(s.Train.Labels, s.Val.Labels, s.Test.Labels)
	all.Values = slices.Concat(s.Train.Values, s.Val.Values, s.Test.Values)
	return &all
}

// Len is the number of examples.
func (d *Dataset) Len() int {
	return (len(d.Labels) + len(d.Values)) / max(d.targets(), 1)
}

// targets is how many labels or values an example has.
func (d *Dataset) targets() int { return int(d.Target.Elements()) }

// check reports a data set whose lengths, labels or shapes contradict each other.
func (d *Dataset) check() error {
	n, width := d.Len(), int(d.Input.Elements())
	switch {
	case n == 0:
		return fmt.Errorf("data set %s: it has no examples", d.Name)
	case width <= 0:
		return fmt.Errorf("data set %s: its input shape %s is empty", d.Name, d.Input)
	case len(d.Inputs) != n*width:
		return fmt.Errorf("data set %s: %d targets of inputs %s need %d input values; it has %d",
			d.Name, n, d.Input, n*width, len(d.Inputs))
	case len(d.Labels)+len(d.Values) != n*d.targets():
		return fmt.Errorf("data set %s: %d targets are no multiple of %s", d.Name, len(d.Labels)+len(d.Values), d.Target)
	}
	for i, label := range d.Labels {
		if (label < 0 || label >= d.Classes) && (label != gorgonia.NoLabel || d.targets() == 1) {
			return fmt.Errorf("data set %s: example %d has label %d; labels run from 0 to %d", d.Name, i/d.targets(), label, d.Classes-1)
		}
	}
	return nil
}

// Select is a copy of the given examples, in that order.
func (d *Dataset) Select(rows []int) *Dataset {
	width, n, out := int(d.Input.Elements()), d.targets(), *d
	out.Inputs = make([]float32, 0, len(rows)*width)
	out.Labels, out.Values = nil, nil
	for _, r := range rows {
		out.Inputs = append(out.Inputs, d.Inputs[r*width:(r+1)*width]...)
		if d.Classes > 0 {
			out.Labels = append(out.Labels, d.Labels[r*n:(r+1)*n]...)
			continue
		}
		out.Values = append(out.Values, d.Values[r*n:(r+1)*n]...)
	}
	return &out
}

// Parts divides the examples into as many parts as there are shares, the sizes in proportion to the
// shares, the same for the same seed. Where an example has one label classes are stratified: each is divided in
// these proportions by itself, rounded to the nearest example. Within a part the examples keep the order of the data set.
// A share below 0 is taken as 0; where no share is above, every part is empty.
func (d *Dataset) Parts(seed uint64, shares ...int) []*Dataset {
	groups := make([][]int, max(d.Classes, 1))
	for i := range d.Len() {
		class := 0
		if d.Classes > 0 && d.targets() == 1 {
			class = d.Labels[i]
		}
		groups[class] = append(groups[class], i)
	}
	total := 0
	for _, s := range shares {
		total += max(s, 0)
	}
	total = max(total, 1)
	rows := make([][]int, len(shares))
	rng := rand.New(rand.NewPCG(seed, 0))
	for _, g := range groups {
		rng.Shuffle(len(g), func(i, j int) { g[i], g[j] = g[j], g[i] })
		start, sum := 0, 0
		for part, s := range shares {
			sum += max(s, 0)
			end := (2*len(g)*sum + total) / (2 * total) // rounded to nearest
			rows[part] = append(rows[part], g[start:end]...)
			start = end
		}
	}
	parts := make([]*Dataset, len(shares))
	for i, r := range rows {
		slices.Sort(r)
		parts[i] = d.Select(r)
	}
	return parts
}

// Split divides a data set 60 : 20 : 20, stratified, the same for the same seed.
func (d *Dataset) Split(seed uint64) *Splits {
	p := d.Parts(seed, 60, 20, 20)
	return &Splits{Train: p[0], Val: p[1], Test: p[2]}
}

// check reports splits that lack a part, or contradict each other.
func (s *Splits) check() error {
	if s == nil {
		return errors.New("there is no data")
	}
	parts := []string{"training", "validation", "test"}
	for i, d := range []*Dataset{s.Train, s.Val, s.Test} {
		if d == nil {
			return fmt.Errorf("%s part: it is missing", parts[i])
		}
		if err := d.check(); err != nil {
			return fmt.Errorf("%s part: %w", parts[i], err)
		}
		if !slices.Equal(d.Input, s.Train.Input) || d.Classes != s.Train.Classes || !slices.Equal(d.target(), s.Train.target()) {
			return fmt.Errorf("%s part: inputs are %s and targets %s, but the training part has %s and %s",
				parts[i], d.Input, d.target(), s.Train.Input, s.Train.target())
		}
	}
	return nil
}

// target is the shape that a network's output must have.
func (d *Dataset) target() op.Shape {
	if d.Classes > 0 {
		return append(slices.Clone(d.Target), op.Axis{Size: d.Classes})
	}
	return d.Target
}

// Ports are what a network with one input and one output takes and gives.
type Ports struct{ Input, Output op.Port }

// labels is what the output can tell apart: a label for each of the places before its last axis, of as many classes as that
// has numbers. With a single class there are only values.
func (p Ports) labels() (places op.Shape, classes int) {
	last := len(p.Output.Shape) - 1
	if last < 0 {
		return nil, 1
	}
	return p.Output.Shape[:last], p.Output.Shape[last].Size
}

// PortsOf are a graph's; an error where it has several, or where nothing can run it (gorgonia.Runnable).
func PortsOf(g *op.Graph) (Ports, error) {
	if g == nil {
		return Ports{}, errors.New("there is no network: the point is of a space without a net")
	}
	if err := gorgonia.Runnable(g); err != nil {
		return Ports{}, err
	}
	if len(g.Inputs) != 1 || len(g.OutPort) != 1 || len(g.Outputs) != 1 {
		return Ports{}, fmt.Errorf("the space has %d inputs and %d outputs; data sets have one of each", len(g.Inputs), len(g.OutPort))
	}
	return Ports{g.Inputs[0], g.OutPort[0]}, nil
}

// Fits reports a graph that the data can't be fed to. The graph needs one input and one output. Shapes
// are compared by their sizes, axes of size 1 left out, since names are the space's own; a shape of one
// axis fits any shape of as many elements, flattened row-major. Logits are on the output's last axis.
func (s *Splits) Fits(g *op.Graph) error {
	p, err := PortsOf(g)
	if err != nil {
		return err
	}
	d := s.Train
	if err := fitsInput(p.Input, d.From, d.Input); err != nil {
		return err
	}
	if out := p.Output.Shape; !sameSizes(out, d.target()) || d.Classes > 1 && out[len(out)-1].Size != d.Classes {
		what := "target values"
		if d.Classes > 0 {
			what = fmt.Sprintf("%d classes, one logit each", d.Classes)
			if d.targets() > 1 {
				what = fmt.Sprintf("labels of %s in %s", d.Target, what)
			}
		}
		return fmt.Errorf("output %s is %s, but data set %s has %s: declare the output as %s", p.Output.Name, out, d.Name, what, d.target())
	}
	return nil
}

// fitsInput reports inputs from a file that aren't what the port takes.
func fitsInput(p op.Port, from string, holds op.Shape) error {
	if sameSizes(p.Shape, holds) {
		return nil
	}
	return fmt.Errorf("input %s is %s, but %s holds inputs of %s: declare the input so", p.Name, p.Shape, from, holds)
}

func sameSizes(a, b op.Shape) bool {
	x, y := sizes(a), sizes(b)
	return slices.Equal(x, y) || (len(x) == 1 || len(y) == 1) && a.Elements() == b.Elements()
}

// sizes are a shape's sizes other than 1.
func sizes(s op.Shape) []int {
	var list []int
	for _, a := range s {
		if a.Size != 1 {
			list = append(list, a.Size)
		}
	}
	return list
}
