package parser

import (
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// declaration parses and converts one declaration; nil where it can't be parsed.
func (p *parser) declaration(c *chunk) lang.Decl {
	d := parseChunk(p, declarationParser(), c, declarations)
	if d == nil {
		return nil
	}
	first, last := c.tokens[0], c.tokens[len(c.tokens)-1]
	at := lang.At{Span: p.span(first).To(p.span(last))}
	doc := p.doc(first)
	switch {
	case d.Edition != nil:
		return p.edition(at, d.Edition)
	case d.Space != nil:
		return &lang.SpaceDecl{At: at, Doc: doc, Name: p.ident(d.Space.Name)}
	case d.Use != nil:
		return p.use(at, d.Use)
	case d.Port != nil:
		return &lang.Port{At: at, Output: d.Port.Word.Value == "output", Name: p.declared(d.Port.Name),
			Type: p.typ(d.Port.Type)}
	case d.Rule != nil:
		return &lang.Rule{At: at, Doc: doc, Name: p.declared(d.Rule.Name), Params: p.params(d.Rule.Params),
			Body: p.choice(d.Rule.Body)}
	case d.Bare != nil:
		return &lang.Rule{At: at, Doc: doc, Bare: true, Name: p.declared(d.Bare.Name), Body: p.choice(d.Bare.Body)}
	case d.Let != nil:
		return p.let(d.Let)
	case d.Config != nil:
		return &lang.Config{At: at, Doc: doc, Name: p.declared(d.Config.Name), Items: p.items(p.body(d.Config.Items))}
	case d.Require != nil:
		return p.require(d.Require)
	case d.Objective != nil:
		return &lang.Objective{At: at, Maximize: d.Objective.Word.Value == "maximize", Name: p.ident(d.Objective.Name)}
	case d.Type != nil:
		t := &lang.TypeDecl{At: at, Doc: doc, Name: p.declared(d.Type.Name)}
		for _, param := range d.Type.Params {
			t.Params = append(t.Params, p.declared(param.Name))
		}
		return t
	case d.Op != nil:
		return p.op(at, doc, d.Op)
	case d.Cost != nil:
		return &lang.Cost{At: at, Name: p.declared(d.Cost.Name), Entries: p.entries(p.body(d.Cost.Entries))}
	case d.Seed != nil:
		return &lang.Seed{At: at, Name: p.declared(d.Seed.Name), Body: p.choice(d.Seed.Body)}
	}
	return &lang.From{At: at, Space: p.ident(d.From.Space), Decisions: p.decisions(p.body(d.From.Decisions))}
}

// doc is the doc comment on the lines right above a token that starts its line.
func (p *parser) doc(t lexer.Token) string {
	if t.Pos.Column != 1 {
		return ""
	}
	var lines []string
	for n := t.Pos.Line - 1; ; n-- {
		line, ok := p.docs[n]
		if !ok {
			break
		}
		lines = append(lines, line)
	}
	for i, j := 0, len(lines)-1; i < j; i, j = i+1, j-1 {
		lines[i], lines[j] = lines[j], lines[i]
	}
	return strings.Join(lines, "\n")
}

func (p *parser) edition(at lang.At, x *edition) lang.Decl {
	n := p.number(x.Version)
	if !n.Int || n.I != lang.CurrentEdition {
		p.report.Errorf(diag.BadEdition, n.Span, "there is no edition %s", shorten(n.Text)).
			Note("this version of spacec knows edition %d", lang.CurrentEdition)
	}
	return &lang.Edition{At: at, Version: int(n.I)}
}

func (p *parser) use(at lang.At, x *use) lang.Decl {
	if x.Path.Type == typeString {
		return &lang.Use{At: at, Path: p.unquote(x.Path), File: true}
	}
	return &lang.Use{At: at, Path: x.Path.Value}
}

func (p *parser) params(list []*param) []lang.Param {
	var params []lang.Param
	for _, x := range list {
		first := x.Name
		if x.Rule.Value != "" {
			first = x.Rule
		}
		param := lang.Param{At: lang.At{Span: p.span(first).To(p.span(x.Name))}, Rule: x.Rule.Value != "", Name: p.declared(x.Name)}
		if x.Kind.Value != "" {
			kind := p.ident(x.Kind)
			param.Kind = &kind
			param.Span = param.Span.To(kind.Span)
		}
		if x.Default != nil {
			param.Default = p.choice(x.Default)
			param.Span = param.Span.To(param.Default.Pos())
		}
		params = append(params, param)
	}
	return params
}

func (p *parser) let(x *let) *lang.Let {
	l := &lang.Let{At: p.at(x.Word), Share: x.Share.Value != ""}
	if l.Share {
		l.At = p.at(x.Share)
	}
	for _, b := range x.Bindings {
		name := p.declared(b.Name)
		body := p.choice(b.Body)
		l.Bindings = append(l.Bindings, lang.Binding{At: lang.At{Span: name.Span.To(body.Pos())}, Name: name,
			Params: p.params(b.Params), Body: body})
		l.Span = l.Span.To(body.Pos())
	}
	return l
}

func (p *parser) require(x *require) *lang.Require {
	r := &lang.Require{At: p.at(x.Word), Conds: p.infixes(x.Conds)}
	for i, c := range r.Conds {
		n, ok := c.(*lang.Number)
		if !ok {
			continue
		}
		d := p.report.Errorf(diag.Syntax, n.Span, "a requirement is a condition, not a number")
		if i > 0 && len(n.Text) == 3 && r.Conds[i-1].Pos().End == n.Span.Start-1 { // 200,000
			comma := lang.Span{Source: p.src, Start: n.Span.Start - 1, End: n.Span.Start}
			d.Note("the digits of a number stand together: 200000 or 200k").Edit(comma, "")
		}
	}
	r.Span = r.Span.To(r.Conds[len(r.Conds)-1].Pos())
	return r
}

func (p *parser) infixes(list []*infix) []lang.Expr {
	var exprs []lang.Expr
	for _, x := range list {
		exprs = append(exprs, p.infix(x))
	}
	return exprs
}

func (p *parser) items(l *list) []lang.ConfigItem {
	var out []lang.ConfigItem
	for _, c := range l.chunks {
		x := parseChunk(p, itemParser(), c, items)
		switch {
		case x == nil:
		case x.Let != nil:
			out = append(out, p.let(x.Let))
		case x.Require != nil:
			out = append(out, p.require(x.Require))
		default:
			name, value := p.declared(x.Field.Name), p.choice(x.Field.Value)
			out = append(out, &lang.Field{At: lang.At{Span: name.Span.To(value.Pos())}, Doc: p.doc(c.tokens[0]), Name: name,
				Value: value})
		}
	}
	return out
}

func (p *parser) entries(l *list) []lang.CostEntry {
	var out []lang.CostEntry
	for _, c := range l.chunks {
		if x := parseChunk(p, entryParser(), c, entries); x != nil {
			op, value := p.ident(x.Op), p.infix(x.Value)
			out = append(out, lang.CostEntry{At: lang.At{Span: op.Span.To(value.Pos())}, Op: op, Value: value})
		}
	}
	return out
}

func (p *parser) decisions(l *list) []lang.FromDecision {
	var out []lang.FromDecision
	for _, c := range l.chunks {
		if x := parseChunk(p, decisionParser(), c, decisions); x != nil {
			out = append(out, lang.FromDecision{At: lang.At{Span: p.spanTo(x.Path[0], x.Value)}, Path: written(x.Path),
				Value: written(x.Value)})
		}
	}
	return out
}

// written is the text of tokens without what stands between them.
func written(tokens []lexer.Token) string {
	var b strings.Builder
	for _, t := range tokens {
		b.WriteString(t.Value)
	}
	return b.String()
}

func (p *parser) typ(x *typeExpr) lang.Type {
	if x.Nominal != nil {
		n := x.Nominal
		return &lang.NominalType{At: lang.At{Span: p.spanTo(n.Name, n.Close)}, Name: p.ident(n.Name), Args: p.infixes(n.Args)}
	}
	t := &lang.TensorType{At: lang.At{Span: p.span(x.Tensor.Open).To(p.span(x.Tensor.Close))}}
	for _, a := range x.Tensor.Axes {
		if a.Named == nil {
			size := p.infix(a.Size)
			t.Axes = append(t.Axes, lang.Axis{At: lang.At{Span: size.Pos()}, Size: size})
			continue
		}
		name, size := p.declared(a.Named.Name), p.infix(a.Named.Size)
		t.Axes = append(t.Axes, lang.Axis{At: lang.At{Span: name.Span.To(size.Pos())}, Name: &name, Size: size})
	}
	return t
}

func (p *parser) types(x *typeTuple) []lang.Type {
	if x.Type != nil {
		return []lang.Type{p.typ(x.Type)}
	}
	var out []lang.Type
	for _, t := range x.Types {
		out = append(out, p.typ(t))
	}
	return out
}

func (p *parser) op(at lang.At, doc string, x *opDecl) lang.Decl {
	op := &lang.OpDecl{At: at, Doc: doc, Name: p.declared(x.Name), Params: p.params(x.Params)}
	if x.Signature != nil {
		op.In, op.Out = p.types(x.Signature.In), p.types(x.Signature.Out)
	}
	for _, c := range x.Clauses {
		word, twice := c.Word, false
		switch {
		case c.Requires.Value != "":
			word, twice = c.Requires, op.Requires != nil
			op.Requires = append(op.Requires, p.infixes(c.Conds)...)
		case word.Value == "params":
			twice = op.ParamCount != nil
			op.ParamCount = p.infix(c.Value)
		default:
			twice = op.Macs != nil
			op.Macs = p.infix(c.Value)
		}
		if twice {
			p.report.Errorf(diag.Syntax, p.span(word), "the op has a clause '%s' already", word.Value)
		}
	}
	return op
}
