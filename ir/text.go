package ir

import (
	"fmt"
	"strings"

	"github.com/spacec-lang/spacec/lang"
)

// text is how what was made is written. chosen tells whether a choice decided it.
type text struct {
	s      string
	prec   int8 // 3 an operand, 2 a sum, 1 a pipe
	chosen bool
	wire   bool // starts from a wire: stands in a block only
}

// within is the text as an operand of something that binds as tightly as prec.
func (t text) within(prec int8) string {
	if t.wire && prec > 1 {
		return "(" + t.s + ")"
	}
	if t.prec < prec {
		return "(" + t.s + ")"
	}
	return t.s
}

// module is the text where a module has to stand.
func (t text) module() text {
	if t.wire {
		return text{"{ " + t.s + " }", 3, t.chosen, false}
	}
	return t
}

// withinPipe is a stage's text.
func (t text) withinPipe() string {
	if t.prec == 2 || t.prec == 0 {
		return "(" + t.s + ")"
	}
	return t.s
}

// joinMark stands between operands until the seq around knows the operator.
const joinMark = "\x00"

// Text is the point as a .space file with one point: no choice is left in it, and its decisions stand in
// a from clause, so that reading it under the space gives the same point again.
func (p *Point) Text() (string, error) {
	b, err := p.Build()
	if err != nil {
		return "", err
	}
	return b.Text(), nil
}

// String is what messages call the space.
func (sp *Space) String() string {
	if sp.Name == "" {
		return "the space"
	}
	return "space " + sp.Name
}

// Text is that of the point.
func (b *Built) Text() string {
	p, sp := b.point, b.point.space
	var w strings.Builder
	fmt.Fprintf(&w, "edition %d\n", lang.CurrentEdition)
	name := "space" // what a from clause says of a space without a name
	if sp.Name != "" {
		name = sp.Name
		fmt.Fprintf(&w, "space %s\n", name)
	}
	if sp.usesStd {
		w.WriteString("\nuse std\n")
	}
	if b.Graph != nil {
		w.WriteString(sp.declarations(b.Graph))
	}
	if len(sp.Inputs) > 0 {
		w.WriteByte('\n')
		for _, in := range sp.Inputs {
			fmt.Fprintf(&w, "input %s: %s\n", in.Name, in.Shape)
		}
		for _, out := range sp.Outputs {
			fmt.Fprintf(&w, "output %s: %s\n", out.Name, out.Shape)
		}
	}
	for i, let := range b.lets {
		if i == 0 {
			w.WriteByte('\n')
		}
		fmt.Fprintf(&w, "%s\n", let)
	}
	if b.Graph != nil {
		fmt.Fprintf(&w, "\nnet = %s\n", b.text)
	}
	for _, c := range b.Configs {
		fmt.Fprintf(&w, "\nconfig %s {\n", c.Name)
		for _, f := range c.Fields {
			fmt.Fprintf(&w, "  %s: %s\n", f.Name, b.fields[c.Name+"."+f.Name])
		}
		w.WriteString("}\n")
	}
	for i, o := range sp.Objectives {
		if i == 0 {
			w.WriteByte('\n')
		}
		if o.Maximize {
			fmt.Fprintf(&w, "maximize %s\n", o.Name)
		} else {
			fmt.Fprintf(&w, "minimize %s\n", o.Name)
		}
	}
	fmt.Fprintf(&w, "\nfrom %s {\n", name)
	sp.mu.Lock()
	defer sp.mu.Unlock()
	for i := range p.taken {
		if t := &p.taken[i]; !t.forced {
			fmt.Fprintf(&w, "  %s = %s\n", t.path, p.answer(t))
		}
	}
	w.WriteString("}\n")
	return w.String()
}
