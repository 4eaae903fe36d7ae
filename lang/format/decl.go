package format

import (
	"strconv"
	"strings"

	"github.com/spacec-lang/spacec/lang"
)

// decl prints a declaration; a port as wide as the ports around it, for them to line up.
func (p *printer) decl(d lang.Decl, ports ports) doc {
	switch d := d.(type) {
	case *lang.Edition:
		return text("edition " + strconv.Itoa(d.Version))
	case *lang.SpaceDecl:
		return concat(p.doc(d, d.Doc), text("space "+d.Name.Name))
	case *lang.Use:
		if d.File {
			return text("use " + strconv.Quote(d.Path))
		}
		return text("use " + d.Path)
	case *lang.Port:
		return concat(text(pad(portWord(d), ports.word)+" "+pad(d.Name.Name+":", ports.name)+" "), p.typ(d.Type))
	case *lang.Rule:
		word := "rule "
		if d.Bare {
			word = ""
		}
		return concat(p.doc(d, d.Doc), text(word), p.define(d.Name, d.Params, d.Body))
	case *lang.Let:
		return p.let(d)
	case *lang.Config:
		return concat(p.doc(d, d.Doc), p.config(d))
	case *lang.Require:
		return p.require(d)
	case *lang.Objective:
		if d.Maximize {
			return text("maximize " + d.Name.Name)
		}
		return text("minimize " + d.Name.Name)
	case *lang.TypeDecl:
		var names []string
		for _, n := range d.Params {
			names = append(names, n.Name)
		}
		if len(names) == 0 {
			return concat(p.doc(d, d.Doc), text("type "+d.Name.Name))
		}
		return concat(p.doc(d, d.Doc), text("type "+d.Name.Name+"("+strings.Join(names, ", ")+")"))
	case *lang.OpDecl:
		return concat(p.doc(d, d.Doc), p.op(d))
	case *lang.Cost:
		var items []item
		for _, e := range d.Entries {
			items = append(items, item{e, func() doc {
				return concat(text(e.Op.Name+": "), p.expr(e.Value, lang.PrecCond))
			}})
		}
		return p.braces("cost "+d.Name.Name+" ", d, items, false)
	case *lang.Seed:
		return concat(text("seed "), p.define(d.Name, nil, d.Body))
	case *lang.From:
		var items []item
		for _, x := range d.Decisions {
			items = append(items, item{x, func() doc { return text(x.Path + " = " + x.Value) }})
		}
		return p.braces("from "+d.Space.Name+" ", d, items, true)
	}
	return empty
}

// doc prints the doc comment of a node that was not parsed; of others it is among the comments.
func (p *printer) doc(n lang.Node, words string) doc {
	if _, _, ok := p.spanned(n); ok || words == "" {
		return empty
	}
	var docs []doc
	for _, l := range strings.Split(words, "\n") {
		docs = append(docs, text(strings.TrimRight("/// "+l, " ")), hard)
	}
	return concat(docs...)
}

// define prints "name(params) = body".
func (p *printer) define(name lang.Ident, params []lang.Param, body lang.Expr) doc {
	head := text(name.Name)
	if len(params) > 0 {
		head = concat(head, p.params(params))
	}
	return concat(head, text(" ="), p.body(body, p.brokeHead(name, params, "", body)))
}

// body prints what follows a "=" or ":", the space between them first. A choice is set out over several lines where it
// was, or has to be.
func (p *printer) body(e lang.Expr, broke bool) doc {
	c, ok := e.(*lang.Choice)
	if !ok || onlyBody(c) != nil {
		return concat(p.behind(e), text(" "), p.expr(e, lang.PrecChoice))
	}
	g := group(p.setOut(c, " "))
	g.forced = g.forced || len(c.Alts) > 1 && broke
	return g
}

func (p *printer) params(params []lang.Param) doc {
	var items []item
	for _, x := range params {
		items = append(items, item{x, func() doc {
			head := x.Name.Name
			if x.Rule {
				head = "rule " + head
			}
			if x.Kind != nil {
				head += ": " + x.Kind.Name
			}
			if x.Default == nil {
				return text(head)
			}
			return concat(text(head+" = "), p.expr(x.Default, lang.PrecChoice))
		}})
	}
	return p.bracketed(nil, "(", items, ")")
}

func (p *printer) let(l *lang.Let) doc {
	word := "let "
	if l.Share {
		word = "share let "
	}
	var items []item
	for _, b := range l.Bindings {
		items = append(items, item{b, func() doc { return p.define(b.Name, b.Params, b.Body) }})
	}
	return concat(text(word), p.commas(items))
}

func (p *printer) require(r *lang.Require) doc {
	var items []item
	for _, c := range r.Conds {
		items = append(items, item{c, func() doc { return p.bare(c, lang.PrecCond) }})
	}
	return concat(text("require "), p.commas(items))
}

func (p *printer) config(c *lang.Config) doc {
	width := 0
	for _, x := range c.Items {
		if f, ok := x.(*lang.Field); ok {
			width = max(width, len(f.Name.Name)+1)
		}
	}
	var items []item
	for _, x := range c.Items {
		items = append(items, item{x, func() doc {
			switch x := x.(type) {
			case *lang.Field:
				return concat(p.doc(x, x.Doc), text(pad(x.Name.Name+":", width)), p.body(x.Value, p.broke(x.Name, x.Value)))
			case *lang.Let:
				return p.let(x)
			case *lang.Require:
				return p.require(x)
			}
			return empty
		}})
	}
	return p.braces("config "+c.Name.Name+" ", c, items, true)
}

func (p *printer) op(o *lang.OpDecl) doc {
	docs := []doc{text("op " + o.Name.Name)}
	if len(o.Params) > 0 {
		docs = append(docs, p.params(o.Params))
	} else {
		docs = append(docs, text("()"))
	}
	if len(o.In) > 0 {
		broke := new(bool)
		docs = append(docs, p.behind(o.In[0]), gap(p.brokeHead(o.Name, o.Params, ":", o.In[0]), broke),
			follow(broke, p.before(o.In[0]), text(": "), p.types(o.In), text(" -> "), p.types(o.Out)))
	}
	return concat(append(docs, p.clauses(o))...)
}

func (p *printer) clauses(o *lang.OpDecl) doc {
	var docs []doc
	clause := func(word string, values []lang.Expr) {
		if len(values) == 0 || values[0] == nil {
			return
		}
		var items []item
		for i, v := range values {
			items = append(items, item{v, func() doc {
				if i == 0 {
					return p.afterWord(v, lang.PrecCond)
				}
				return p.bare(v, lang.PrecCond)
			}})
		}
		docs = append(docs, p.behind(values[0]), hard, p.before(values[0]), text(pad(word, len("requires"))+" "), p.commas(items))
	}
	clause("requires", o.Requires)
	clause("params", []lang.Expr{o.ParamCount})
	clause("macs", []lang.Expr{o.Macs})
	return nest(docs...)
}

func (p *printer) types(types []lang.Type) doc {
	if len(types) == 1 {
		return p.typ(types[0])
	}
	var items []item
	for _, t := range types {
		items = append(items, item{t, func() doc { return p.typ(t) }})
	}
	return p.bracketed(nil, "(", items, ")")
}

func (p *printer) typ(t lang.Type) doc {
	switch t := t.(type) {
	case *lang.TensorType:
		var axes []item
		for _, a := range t.Axes {
			axes = append(axes, item{a, func() doc {
				if a.Name == nil {
					return p.bare(a.Size, lang.PrecCond)
				}
				return concat(text(a.Name.Name+": "), p.expr(a.Size, lang.PrecCond))
			}})
		}
		return p.bracketed(t, "[", axes, "]")
	case *lang.NominalType:
		if len(t.Args) == 0 {
			return text(t.Name.Name)
		}
		var args []item
		for _, a := range t.Args {
			args = append(args, item{a, func() doc { return p.bare(a, lang.PrecCond) }})
		}
		return p.bracketed(t, t.Name.Name+"(", args, ")")
	}
	return empty
}

// block prints a block.
func (p *printer) block(b *lang.Block) doc {
	var items []item
	for _, s := range b.Stmts {
		items = append(items, item{s, func() doc {
			switch s := s.(type) {
			case *lang.Let:
				return p.let(s)
			case *lang.Require:
				return p.require(s)
			case *lang.Assign:
				var names []string
				for _, n := range s.Names {
					names = append(names, n.Name)
				}
				return concat(text(strings.Join(names, ", ")+" ="), p.body(s.Value, p.broke(s.Names[len(s.Names)-1], s.Value)))
			}
			return empty
		}})
	}
	items = append(items, item{b.Result, func() doc {
		if len(b.Stmts) > 0 && precedence(leftmost(b.Result)) == lang.PrecMinus {
			return p.parens(b.Result, nil) // or it would go on from the line above
		}
		return p.bare(b.Result, lang.PrecChoice)
	}})
	return p.braces("", b, items, false)
}

func pad(s string, width int) string {
	return s + strings.Repeat(" ", max(0, width-len(s)))
}
