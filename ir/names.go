package ir

import (
	"strings"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// scopes are the names that are taken, by what they name: "the type". Rules, lets and ops share the scope "".
type scopes map[string]map[string]lang.Span

// once takes a name; one that is taken is reported with both places.
func (l *lowerer) once(s scopes, what string, n lang.Ident) {
	first, taken := s[what][n.Name]
	if !taken {
		if s[what] == nil {
			s[what] = map[string]lang.Span{}
		}
		s[what][n.Name] = n.Span
		return
	}
	d := l.report.Errorf(diag.Defined, n.Span, "%s is defined twice", naming(what, n.Name)).With(first, "first here")
	if first.Source != n.Span.Source {
		d.Note("a file and the files that it uses share their names; rename one of the two")
	}
}

// naming is what a name names, with the name where there is one: "the type 'image'".
func naming(what, name string) string {
	if name != "" {
		name = " '" + name + "'"
	}
	return strings.TrimSpace(what + name)
}

// distinctParams reports parameters of one name.
func (l *lowerer) distinctParams(params []lang.Param) {
	s := scopes{}
	for _, p := range params {
		l.once(s, "the parameter", p.Name)
	}
}

// names collects the names that a file declares. Of a file that another one uses, what it says of a space of its own
// names nothing.
func (l *lowerer) names(f *lang.File, main bool, s scopes) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *lang.Rule:
			if !main && d.Name.Name == "net" {
				continue
			}
			l.once(s, "", d.Name)
			l.distinctParams(d.Params)
			l.rules[d.Name.Name] = d
			l.used[d] = !main
		case *lang.Let:
			for _, b := range d.Bindings {
				l.once(s, "", b.Name)
				l.distinctParams(b.Params)
				l.nodes++
				g := &binding{name: b.Name.Name, span: b.Name.Span, once: b.Body, params: b.Params,
					let: &let{name: b.Name.Name, share: d.Share, id: l.nodes}}
				if l.globals[b.Name.Name] == nil {
					l.order = append(l.order, b.Name.Name)
				}
				l.globals[b.Name.Name] = g
				l.used[g] = !main
			}
		case *lang.OpDecl:
			l.once(s, "", d.Name)
			l.distinctParams(d.Params)
		case *lang.TypeDecl:
			l.once(s, "the type", d.Name)
			params := scopes{}
			for _, p := range d.Params {
				l.once(params, "the parameter", p)
			}
			l.types[d.Name.Name] = d
			l.sp.types = append(l.sp.types, d)
		}
		if main {
			l.headings(d, s)
		}
	}
}

// headings collects what a file says of its own space.
func (l *lowerer) headings(d lang.Decl, s scopes) {
	switch d := d.(type) {
	case *lang.Edition:
		l.once(s, "the edition", lang.Ident{At: d.At})
	case *lang.SpaceDecl:
		l.once(s, "the space's name", lang.Ident{At: d.Name.At})
		l.sp.Name, l.sp.Doc = d.Name.Name, d.Doc
	case *lang.Port:
		what := "the input"
		if d.Output {
			what = "the output"
		}
		l.once(s, what, d.Name)
	case *lang.Config:
		l.once(s, "the config", d.Name)
	}
}
