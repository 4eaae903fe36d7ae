package draw

import (
	"strings"

	"github.com/spacec-lang/spacec/lang"
)

// branches are the parts of a tree below a line.
type branches struct {
	text string
	sub  []branches
}

// Tree draws a file's rules, lets and configs as lines of text: what stands one behind the other and what can be chosen below it.
func Tree(file *lang.File, title string, t Terminal) string {
	lines := []string{t.paint(bold, title)}
	for _, fact := range facts(file) {
		lines = append(lines, t.paint(faint, "  "+fact))
	}
	r := newRailer(file)
	add := func(head string, b branches) {
		lines = append(lines, "", t.paint(bold, head))
		if b.text == "" {
			lines = b.below(lines, "", t)
			return
		}
		lines = (branches{sub: []branches{b}}).below(lines, "", t)
	}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *lang.Rule:
			word := "rule "
			if d.Bare {
				word = ""
			}
			add(head(word, d.Name, d.Params), r.tree(d.Body))
		case *lang.Let:
			for _, b := range d.Bindings {
				add(head(letWord(d), b.Name, b.Params), r.tree(b.Body))
			}
		case *lang.Seed:
			add("seed "+d.Name.Name, r.tree(d.Body))
		case *lang.Config:
			var b branches
			for _, item := range d.Items {
				switch item := item.(type) {
				case *lang.Let:
					b.sub = append(b.sub, r.lets(item)...)
				case *lang.Require:
					b.sub = append(b.sub, branches{text: written(item)})
				case *lang.Field:
					b.sub = append(b.sub, labelled(item.Name.Name+": ", r.tree(item.Value)))
				}
			}
			add("config "+d.Name.Name, b)
		}
	}
	return t.lines(lines)
}

// below appends the lines of the parts.
func (b branches) below(lines []string, indent string, t Terminal) []string {
	for i, s := range b.sub {
		mark, next := "├─ ", "│  "
		if i == len(b.sub)-1 {
			mark, next = "└─ ", "   "
		}
		lines = append(lines, t.paint(blue, indent+mark)+s.text)
		lines = s.below(lines, indent+next, t)
	}
	return lines
}

// labelled puts a label before a tree; what has no line of its own gets one.
func labelled(label string, b branches) branches {
	b.text = label + b.text
	return b
}

// simple tells whether an expression holds no choice and no block, so that its text says it all.
func simple(e lang.Expr) bool {
	plain := true
	lang.Walk(e, func(n lang.Node) bool {
		switch n.(type) {
		case *lang.Choice, *lang.Block, *lang.NOf, *lang.Cond:
			plain = false
		}
		return plain
	})
	return plain
}

// tree is the tree of an expression. Where a line of its own would say nothing, the text is empty: the parts say it all.
func (r *railer) tree(e lang.Expr) branches {
	if simple(e) {
		return branches{text: written(e)}
	}
	switch e := e.(type) {
	case *lang.Paren:
		return r.tree(e.X)
	case *lang.Choice:
		b := branches{text: "one of"}
		for _, a := range e.Alts {
			label := ""
			if a.Weight != nil {
				label = a.Weight.Span.Text() + " "
			}
			if a.Guard != nil {
				label += "if " + written(a.Guard) + ": "
			}
			b.sub = append(b.sub, labelled(label, r.tree(a.Body)))
		}
		if len(b.sub) == 1 {
			return b.sub[0]
		}
		short := true
		var texts []string
		for _, s := range b.sub {
			short = short && len(s.sub) == 0 && len(s.text) < 16
			texts = append(texts, s.text)
		}
		if text := strings.Join(texts, " | "); short && len(text) < 60 {
			return branches{text: text}
		}
		return b
	case *lang.Pipe:
		return r.parts("in sequence", e.Stages)
	case *lang.Tuple:
		return r.parts("in parallel", e.Elems)
	case *lang.Binary:
		if lang.JoinsModules(e.Op) && !r.value(e) {
			return r.parts("in parallel, then "+e.Op, operands(e, e.Op))
		}
	case *lang.Repeat:
		return repeated("× "+written(e.Count), r.tree(e.X))
	case *lang.Optional:
		return repeated("optional", r.tree(e.X))
	case *lang.NOf:
		b := r.tree(e.X)
		b.text = strings.TrimSpace(written(e.N) + " of " + strings.TrimPrefix(b.text, "one of"))
		return b
	case *lang.Call:
		b := branches{text: e.Fun.Name}
		for _, a := range e.Args {
			label := ""
			if a.Name != nil {
				label = a.Name.Name + ": "
			}
			b.sub = append(b.sub, labelled(label, r.tree(a.Value)))
		}
		return b
	case *lang.Cond:
		b := branches{text: "if " + written(e.If), sub: []branches{labelled("then ", r.tree(e.Then))}}
		if e.Else != nil {
			b.sub = append(b.sub, labelled("else ", r.tree(e.Else)))
		}
		return b
	case *lang.Block:
		b := branches{text: "block"}
		for _, s := range e.Stmts {
			switch s := s.(type) {
			case *lang.Let:
				b.sub = append(b.sub, r.lets(s)...)
			case *lang.Assign:
				var names []string
				for _, n := range s.Names {
					names = append(names, n.Name)
				}
				b.sub = append(b.sub, labelled(strings.Join(names, ", ")+" = ", r.tree(s.Value)))
			default:
				b.sub = append(b.sub, branches{text: written(s)})
			}
		}
		b.sub = append(b.sub, labelled("out = ", r.tree(e.Result)))
		return b
	}
	return branches{text: written(e)}
}

func (r *railer) lets(l *lang.Let) []branches {
	var out []branches
	for _, b := range l.Bindings {
		out = append(out, labelled(head(letWord(l), b.Name, b.Params)+" = ", r.tree(b.Body)))
	}
	return out
}

func (r *railer) parts(text string, list []lang.Expr) branches {
	b := branches{text: text}
	for _, e := range list {
		b.sub = append(b.sub, r.tree(e))
	}
	return b
}

// repeated notes behind a tree how often it stands.
func repeated(text string, b branches) branches {
	return branches{text: strings.TrimSpace(b.text + ", " + text), sub: b.sub}
}
