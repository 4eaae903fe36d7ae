package draw

import (
	"slices"
	"strings"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/format"
)

// railLimit is how wide a track gets before it goes on in a further row.
const railLimit = 900.0

// Railroad draws a file's rules, lets and configs as an SVG file, a track for each.
func Railroad(file *lang.File, title string) []byte {
	const margin = 24.0
	pic := &picture{}
	y := margin + 13
	right := width(title, fontSize)
	pic.text(boldText, margin, y, title)
	for _, fact := range facts(file) {
		for _, text := range wrap(fact, 110) {
			y += 17
			pic.text(smallText, margin, y, text)
			right = max(right, width(text, smallSize))
		}
	}
	for _, t := range tracks(file) {
		y += 40
		pic.rect(margin, y-13, 4, 18, 0, t.color, "none", "")
		pic.text(boldText, margin+12, y, t.head)
		right = max(right, 12+width(t.head, fontSize))
		for _, text := range t.doc {
			y += 16
			pic.text(smallText, margin+12, y, text)
			right = max(right, 12+width(text, smallSize))
		}
		y += 14 + t.rail.up
		x := margin + 16
		t.rail.draw(pic, x+14, y)
		if t.ends {
			pic.path("", "M", x, y, "h", 14.0)
			pic.path("", "M", x+14+t.rail.width, y, "h", 14.0)
			pic.rect(x-4, y-4, 8, 8, 4, "#ffffff", "#57606a", "")
			pic.rect(x+24+t.rail.width, y-4, 8, 8, 4, "#57606a", "#57606a", "")
		}
		right = max(right, t.rail.width+48)
		y += t.rail.down
	}
	return pic.write(title, right+2*margin, y+margin)
}

// track is a rule, a let or a config.
type track struct {
	head  string
	doc   []string
	color string
	ends  bool // a line enters and leaves
	rail  rail
}

// facts are the declarations that are lines of text: inputs and outputs, requirements, costs, objectives.
func facts(file *lang.File) []string {
	var out []string
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *lang.Port, *lang.Require, *lang.Objective, *lang.Cost:
			out = append(out, written(d))
		case *lang.TypeDecl:
			bare := *d
			bare.Doc = ""
			out = append(out, written(&bare))
		case *lang.OpDecl: // what arrives and leaves
			bare := *d
			bare.Doc, bare.Requires, bare.ParamCount, bare.Macs = "", nil, nil, nil
			out = append(out, written(&bare))
		}
	}
	return out
}

// written is the text of a declaration or an expression in canonical form, on one line and without comments.
func written(n lang.Node) string {
	text := ""
	switch n := n.(type) {
	case lang.Expr:
		text = format.Expr(n)
	case lang.Decl:
		text = format.Decl(n)
	}
	var lines []string
	for line := range strings.Lines(text) {
		lines = append(lines, strings.TrimSpace(line))
	}
	return strings.Join(lines, " ")
}

// head is a name with its parameters.
func head(word string, name lang.Ident, params []lang.Param) string {
	s := word + name.Name
	if len(params) == 0 {
		return s
	}
	var list []string
	for _, p := range params {
		text := p.Name.Name
		if p.Rule {
			text = "rule " + text
		}
		if p.Default != nil {
			text += " = " + written(p.Default)
		}
		list = append(list, text)
	}
	return s + "(" + strings.Join(list, ", ") + ")"
}

func tracks(file *lang.File) []track {
	r := newRailer(file)
	var out []track
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *lang.Rule:
			word := "rule "
			if d.Bare {
				word = ""
			}
			t := track{head: head(word, d.Name, d.Params), color: ruleLook.stroke, ends: true, rail: r.within(d.Params).expr(d.Body, railLimit)}
			if d.Doc != "" {
				for text := range strings.Lines(d.Doc) {
					t.doc = append(t.doc, strings.TrimSpace(text))
				}
			}
			out = append(out, t)
		case *lang.Let:
			for _, b := range d.Bindings {
				out = append(out, track{head: head(letWord(d), b.Name, b.Params), color: letLook.stroke, ends: true,
					rail: r.within(b.Params).expr(b.Body, railLimit)})
			}
		case *lang.Seed:
			out = append(out, track{head: "seed " + d.Name.Name, color: opLook.stroke, ends: true, rail: r.expr(d.Body, railLimit)})
		case *lang.Config:
			out = append(out, track{head: "config " + d.Name.Name, color: "#7e22ce", rail: r.config(d)})
		}
	}
	return out
}

func letWord(l *lang.Let) string {
	if l.Share {
		return "share let "
	}
	return "let "
}

// railer makes rails of expressions. looks tells what the names are that are no ops.
type railer struct {
	looks  map[string]look
	values map[string]bool // names of values
}

func newRailer(file *lang.File) *railer {
	r := &railer{looks: map[string]look{}, values: map[string]bool{}}
	for range 2 { // values may be declared behind their use
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *lang.Rule:
				r.declare(d.Name.Name, ruleLook, d.Body)
			case *lang.Let:
				for _, b := range d.Bindings {
					r.declare(b.Name.Name, letLook, b.Body)
				}
			}
		}
	}
	return r
}

func (r *railer) declare(name string, l look, body lang.Expr) {
	r.looks[name] = l
	r.values[name] = r.value(body)
}

// within is a railer that knows further names.
func (r *railer) within(params []lang.Param) *railer {
	if len(params) == 0 {
		return r
	}
	inner := r.inner()
	for _, p := range params {
		inner.looks[p.Name.Name], inner.values[p.Name.Name] = paramLook, p.Default != nil && r.value(p.Default)
	}
	return inner
}

func (r *railer) inner() *railer {
	inner := &railer{map[string]look{}, map[string]bool{}}
	for name, l := range r.looks {
		inner.looks[name], inner.values[name] = l, r.values[name]
	}
	return inner
}

// value tells whether an expression is certainly a value and no module.
func (r *railer) value(e lang.Expr) bool {
	switch e := e.(type) {
	case *lang.Number, *lang.Bool, *lang.String, *lang.Access, *lang.Range, *lang.Unary, *lang.Is:
		return true
	case *lang.Name:
		return r.values[e.Name]
	case *lang.Call:
		return slices.Contains([]string{"ceil", "floor", "round", "min", "max"}, e.Fun.Name)
	case *lang.Paren:
		return r.value(e.X)
	case *lang.Binary:
		return !lang.JoinsModules(e.Op) || r.value(e.X) || r.value(e.Y)
	case *lang.Choice:
		return slices.ContainsFunc(e.Alts, func(a lang.Alt) bool { return r.value(a.Body) })
	case *lang.Cond:
		return r.value(e.Then)
	}
	return false
}

// expr is the rail of an expression, as wide as limit where that can be.
func (r *railer) expr(e lang.Expr, limit float64) rail {
	inner := limit - 2*branch
	switch e := e.(type) {
	case *lang.Name:
		return box(e.Name, r.look(e.Name))
	case *lang.Call:
		return r.call(e)
	case *lang.Range:
		return box(written(e), rangeLook)
	case *lang.Paren:
		return r.expr(e.X, limit)
	case *lang.Repeat:
		return loop(r.expr(e.X, limit-4*turn), "× "+written(e.Count))
	case *lang.Optional:
		return choice([]rail{r.expr(e.X, inner), through(20)})
	case *lang.Choice:
		var tracks []rail
		for _, a := range e.Alts {
			tracks = append(tracks, r.alternative(a, inner))
		}
		if len(tracks) == 1 {
			return tracks[0]
		}
		return choice(tracks)
	case *lang.Pipe:
		var items []rail
		for _, s := range e.Stages {
			items = append(items, r.expr(s, inner))
		}
		return sequence(items, limit)
	case *lang.Tuple:
		return bars(r.all(e.Elems, inner))
	case *lang.Binary:
		if lang.JoinsModules(e.Op) && !r.value(e) {
			join := box(e.Op, opLook)
			return inRow([]rail{bars(r.all(operands(e, e.Op), inner-join.width)), join})
		}
	case *lang.Block:
		return r.block(e, limit)
	case *lang.NOf:
		return frame(written(e.N)+" of", []line{{rail: r.expr(e.X, inner)}})
	case *lang.Cond:
		if r.value(e) {
			break
		}
		then := sequence([]rail{tag("if "+written(e.If), guardLook), r.expr(e.Then, inner)}, inner)
		if e.Else == nil {
			return then
		}
		return choice([]rail{then, sequence([]rail{tag("else", guardLook), r.expr(e.Else, inner)}, inner)})
	}
	return box(written(e), valueLook)
}

func (r *railer) all(list []lang.Expr, limit float64) []rail {
	var out []rail
	for _, e := range list {
		out = append(out, r.expr(e, limit))
	}
	return out
}

// operands are the parts of a + b + c.
func operands(e lang.Expr, op string) []lang.Expr {
	if b, ok := e.(*lang.Binary); ok && b.Op == op {
		return append(operands(b.X, op), operands(b.Y, op)...)
	}
	return []lang.Expr{e}
}

func (r *railer) look(name string) look {
	if l, ok := r.looks[name]; ok {
		return l
	}
	if name == "in" {
		return wireLook
	}
	return opLook
}

// alternative is one track of a choice: its weight, its guard, and what it is.
func (r *railer) alternative(a lang.Alt, limit float64) rail {
	var items []rail
	if a.Weight != nil {
		items = append(items, tag(a.Weight.Span.Text(), weightLook))
	}
	if a.Guard != nil {
		items = append(items, tag("if "+written(a.Guard), guardLook))
	}
	return sequence(append(items, r.expr(a.Body, limit)), limit)
}

// block is the statements of a block in a frame, a row for each.
func (r *railer) block(b *lang.Block, limit float64) rail {
	inner := r.inner()
	limit -= 160 // for labels
	var rows []line
	for _, s := range b.Stmts {
		switch s := s.(type) {
		case *lang.Let:
			rows = append(rows, inner.let(s, limit)...)
		case *lang.Require:
			rows = append(rows, line{"require", tag(strings.TrimPrefix(written(s), "require "), guardLook)})
		case *lang.Assign:
			var names []string
			value := inner.expr(s.Value, limit)
			for _, n := range s.Names {
				names = append(names, n.Name)
				inner.looks[n.Name], inner.values[n.Name] = wireLook, false
			}
			rows = append(rows, line{strings.Join(names, ", ") + " =", value})
		}
	}
	return frame("", append(rows, line{"out =", inner.expr(b.Result, limit)}))
}

// let is a row for each name that a let declares.
func (r *railer) let(l *lang.Let, limit float64) []line {
	var rows []line
	for _, b := range l.Bindings {
		rows = append(rows, line{head(letWord(l), b.Name, b.Params) + " =", r.within(b.Params).expr(b.Body, limit)})
		r.declare(b.Name.Name, letLook, b.Body)
	}
	return rows
}

// config is the fields of a config, a row for each.
func (r *railer) config(c *lang.Config) rail {
	inner := r.inner()
	var rows []line
	for _, item := range c.Items {
		switch item := item.(type) {
		case *lang.Let:
			rows = append(rows, inner.let(item, railLimit)...)
		case *lang.Require:
			rows = append(rows, line{"require", tag(strings.TrimPrefix(written(item), "require "), guardLook)})
		case *lang.Field:
			rows = append(rows, line{item.Name.Name + ":", inner.expr(item.Value, railLimit)})
			inner.declare(item.Name.Name, paramLook, item.Value)
		}
	}
	if len(rows) == 0 {
		return through(20)
	}
	return frame("", rows)
}
