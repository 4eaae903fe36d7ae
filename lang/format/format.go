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
	columns := portColumns(file.Decls)
	for i, d := range file.Decls {
		items = append(items, item{d, func() doc { return p.decl(d, columns[i]) }})
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

// ports is how wide the words and names of ports are that stand one after another.
type ports struct{ word, name int }

// portColumns gives each port how wide it and the ports around it are.
func portColumns(decls []lang.Decl) []ports {
	columns := make([]ports, len(decls))
	for start := 0; start < len(decls); start++ {
		var widest ports
		end := start
		for ; end < len(decls); end++ {
			port, ok := decls[end].(*lang.Port)
			if !ok {
				break
			}
			widest.word = max(widest.word, len(portWord(port)))
			widest.name = max(widest.name, len(port.Name.Name)+1)
		}
		for i := start; i < end; i++ {
			columns[i] = widest
		}
		start = max(start, end-1)
	}
	return columns
}

func portWord(p *lang.Port) string {
	if p.Output {
		return "output"
	}
	return "input"
}
