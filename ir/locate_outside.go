package ir

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// Outside is why an architecture is not in a space: the place where it leaves it, in the derivations that come
// furthest.
type Outside struct {
	At      lang.Span // of the architecture
	Message string
	// Offers is what the space has there: ops with the arguments that they may have, "conv(8 | 16, kernel: 3)",
	// or values of a field.
	Offers []string
	// Nearest is the change of the architecture that is nearest, a sentence; where Mends it is known that with
	// it the architecture is in the space.
	Nearest string
	Mends   bool
	// Undecided tells that a limit of the search was met: it may be in the space after all.
	Undecided bool
	others    []diag.Label
}

func (o *Outside) Error() string {
	text := o.Message
	if o.At.Source != nil {
		line, col := o.At.Source.Position(o.At.Start)
		text = fmt.Sprintf("%s:%d:%d: %s", o.At.Source.Name, line, col, text)
	}
	if o.Nearest != "" {
		text += "; " + o.hint()
	}
	return text
}

func (o *Outside) hint() string {
	if o.Mends {
		return o.Nearest + " it is in the space"
	}
	return "the nearest that the space has: " + o.Nearest
}

// Report says it as a diagnostic.
func (o *Outside) Report(report *diag.Report) {
	d := report.Errorf(diag.BadDecision, o.At, "%s", o.Message)
	if len(o.Offers) > 0 {
		d.Label = "the space has " + oneOf(o.Offers) + " here"
	}
	if o.Nearest != "" {
		d.Note("%s", o.hint())
	}
	d.Others = append(d.Others, o.others...)
}

// oneOf is "a, b or c", of many the first.
func oneOf(list []string) string {
	const most = 8
	if len(list) > most {
		return fmt.Sprintf("%s or %d others", strings.Join(list[:most], ", "), len(list)-most)
	}
	if len(list) == 1 {
		return list[0]
	}
	return strings.Join(list[:len(list)-1], ", ") + " or " + list[len(list)-1]
}

var emptyGraph = &op.Graph{}

// netOf is where a file's net is written; false where it has none.
func netOf(file *lang.File) (lang.Span, bool) {
	for _, d := range file.Decls {
		if r, ok := d.(*lang.Rule); ok && r.Name.Name == "net" {
			return r.Name.Span, true
		}
	}
	return lang.Span{Source: file.Source}, false
}

// comparable tells whether an architecture has the space's inputs, and configs with its fields.
func (sp *Space) comparable(b *Built, arch *Space) error {
	at, has := netOf(arch.File)
	own, wants := netOf(sp.File)
	switch {
	case has && !wants:
		return &Outside{At: at, Message: "the space has no net"}
	case wants && !has:
		return &Outside{At: at, Message: "the architecture has no net", others: []diag.Label{{Span: own, Text: "the space has one"}}}
	case !wants:
	case len(b.Graph.Inputs) != len(sp.Inputs):
		return &Outside{At: at, Message: fmt.Sprintf("the architecture has %d inputs, and the space %d", len(b.Graph.Inputs), len(sp.Inputs))}
	default:
		for i, p := range b.Graph.Inputs {
			if !p.Shape.Same(sp.Inputs[i].Shape) {
				return &Outside{At: portOf(arch.File, false, i), Message: fmt.Sprintf("the input '%s' is %s, and the space's is %s", p.Name, p.Shape, sp.Inputs[i].Shape)}
			}
		}
		if n := len(sp.Outputs); n > 0 && len(b.Graph.OutPort) != n {
			return &Outside{At: at, Message: fmt.Sprintf("the architecture has %d outputs, and the space %d", len(b.Graph.OutPort), n)}
		}
		for i, p := range sp.Outputs {
			if got := b.Graph.OutPort[i]; !got.Shape.Same(p.Shape) {
				return &Outside{At: portOf(arch.File, true, i), Message: fmt.Sprintf("the output is %s, and the space's is %s", got.Shape, p.Shape)}
			}
		}
	}
	fields := map[string][]string{}
	var configs []string
	for _, d := range sp.File.Decls {
		if c, ok := d.(*lang.Config); ok {
			configs = append(configs, c.Name.Name)
			for _, f := range c.Fields() {
				fields[c.Name.Name] = append(fields[c.Name.Name], f.Name.Name)
			}
		}
	}
	for _, d := range arch.File.Decls {
		c, ok := d.(*lang.Config)
		if !ok {
			continue
		}
		if !slices.Contains(configs, c.Name.Name) {
			return &Outside{At: c.Name.Span, Message: fmt.Sprintf("the space has no config '%s'", c.Name.Name), Offers: configs}
		}
		want := fields[c.Name.Name]
		var have []string
		for _, f := range c.Fields() {
			have = append(have, f.Name.Name)
			if !slices.Contains(want, f.Name.Name) {
				return &Outside{At: f.Name.Span, Message: fmt.Sprintf("the space's config '%s' has no field '%s'", c.Name.Name, f.Name.Name), Offers: want}
			}
		}
		for _, name := range want {
			if !slices.Contains(have, name) {
				return &Outside{At: c.Name.Span, Message: fmt.Sprintf("the config '%s' lacks the space's field '%s': give all fields, or leave the config out", c.Name.Name, name)}
			}
		}
	}
	return nil
}

// portOf is where the i-th input or output is written; where it isn't, the net.
func portOf(file *lang.File, output bool, i int) lang.Span {
	for _, d := range file.Decls {
		if p, ok := d.(*lang.Port); ok && p.Output == output {
			if i == 0 {
				return p.Span
			}
			i--
		}
	}
	at, _ := netOf(file)
	return at
}

// outside is where the runs that came furthest failed.
func (l *locator) outside(b *Built, arch *Space, cut bool) error {
	net, _ := netOf(arch.File)
	if cut {
		return &Outside{At: net, Undecided: true, Message: fmt.Sprintf("the architecture was not found within the limit of %d steps; it may still be in the space", maxParse)}
	}
	place, list := l.leaves.place(l)
	o := &Outside{At: net, Offers: l.summary(list)}
	switch {
	case len(list) == 0:
		o.Message = "the architecture is not in the space"
	case list[0].field != nil:
		f := list[0].field
		o.At, o.Message = fieldOf(arch.File, f.config, f.name), fmt.Sprintf("the architecture leaves the space at the field '%s' of '%s'", f.name, f.config)
		return o
	case place >= 0:
		n := l.target.nodes[place].node
		o.At = n.Span
		o.Message = fmt.Sprintf("the architecture leaves the space at '%s'", n.Args)
		switch best := list[0]; {
		case best.end:
		case l.is(place, &best):
			o.Message += ", whose weights the space does not share so"
			o.Offers = nil
		case best.args.String() == n.Args.String():
			o.Message += ", which the space applies to something else"
			o.Offers = nil
		}
	case place == atOutputs:
		o.Message, o.Offers = "the architecture has all that the space has, and leaves another wire as its output", nil
	default:
		o.Message = "the architecture ends where the space goes on"
		if k := len(l.target.nodes); k > 0 {
			o.At = l.target.nodes[k-1].node.Span
		}
	}
	l.mend(o, b, place, list)
	return o
}

// fieldOf is where a field of a config is written.
func fieldOf(file *lang.File, config, field string) lang.Span {
	for _, d := range file.Decls {
		c, ok := d.(*lang.Config)
		if !ok || c.Name.Name != config {
			continue
		}
		if f := c.Field(field); f != nil {
			return f.Value.Pos()
		}
	}
	return lang.Span{Source: file.Source}
}

// unoffered is the error of an architecture with derivations of which the space offers none.
func (sp *Space) unoffered(f *forest, p *parse, w *weighed, arch *Space) error {
	at, _ := netOf(arch.File)
	var spent costs
	e, t := &p.root.start, sp.begin()
	if !sp.recursive {
		item := f.items[itemKey{p.root, parseExit{}}]
		for spent.add(&t.cost); e.to != nil && t.next != nil; spent.add(&t.cost) {
			s := e.to
			for i := range s.edges {
				if next := &s.edges[i]; next.to == nil || item.spots[next.to] != nil {
					e = next
				}
			}
			if e.option < 0 {
				t = &transition{next: t.next}
				continue
			}
			if t = sp.follow(t.next, int(e.option)); t.failed {
				return &Outside{At: at, Message: "the space has this architecture but for a requirement: " + t.why.String(),
					others: []diag.Label{{Span: t.why.span, Text: "required here"}}}
			}
		}
		for i := range sp.bounds {
			if b := &sp.bounds[i]; spent[b.dim] < b.lo || spent[b.dim] > b.hi {
				return sp.beyond(b, spent[b.dim], at)
			}
		}
	}
	o := &Outside{At: at, Undecided: true, Message: "the space has this architecture, but does not offer it: whether requirements hold was not decided within the limits"}
	if w.withheld != nil {
		o.others = append(o.others, diag.Label{Span: w.withheld.ask.pos().span, Text: "an option of this choice is withheld"})
	}
	return o
}

func formatCost(x float64) string { return strings.TrimSuffix(fmt.Sprintf("%.6f", x), ".000000") }
