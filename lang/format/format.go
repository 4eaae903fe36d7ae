// Package format gives syntax trees their one text: a space where one belongs, a line where one must break or where the author
// broke it between things that may stand on lines of their own, what stands in columns in columns, the comments where they
// were. What the parser makes of the text is the tree again, and the text of that is the same text.
//
// Trees that no parser made are printed as well, with the parentheses that they need.
package format

import "github.com/spacec-lang/spacec/lang"

// Source is the text of a file that was parsed without errors, or of one that was made without spans and comments.
func Source(file *lang.File) []byte {
	p := &printer{src: file.Source, comments: file.Comments}
	var items []item
	for i, d := range file.Decls {
		ports := portsAround(file, i)
		items = append(items, item{d, func() doc { return p.decl(d, ports) }})
	}
	end := 0
	if p.src != nil {
		end = len(p.src.Text) + 1
	}
	d := p.lines(items, end)
	if len(d.parts) == 0 {
		return nil
	}
	return []byte(layout(concat(d, hard), maxWidth))
}

// Decl is the text of one declaration, without comments and without a line end behind it.
func Decl(d lang.Decl) string {
	p := &printer{}
	return layout(p.decl(d, ports{}), maxWidth)
}

// Expr is the text of an expression, on one line and without comments.
func Expr(e lang.Expr) string {
	if e == nil {
		return ""
	}
	p := &printer{}
	return layout(group(p.bare(e, lang.PrecChoice)), 0)
}

// Type is the text of a type, on one line and without comments.
func Type(t lang.Type) string {
	p := &printer{}
	return layout(group(p.typ(t)), 0)
}

// ports is how wide the words and names of ports on lines one after another are.
type ports struct{ word, name int }

// portsAround measures the ports that stand together with a declaration, if that is one.
func portsAround(file *lang.File, i int) ports {
	var all ports
	measure := func(i int) bool {
		if i < 0 || i >= len(file.Decls) {
			return false
		}
		port, ok := file.Decls[i].(*lang.Port)
		if ok {
			all.word = max(all.word, len("input"))
			if port.Output {
				all.word = len("output")
			}
			all.name = max(all.name, len(port.Name.Name)+1)
		}
		return ok
	}
	if !measure(i) {
		return all
	}
	for j := i - 1; measure(j); j-- {
	}
	for j := i + 1; measure(j); j++ {
	}
	return all
}
