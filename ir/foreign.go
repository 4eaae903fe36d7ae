package ir

import (
	"fmt"
	"strings"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/lang/foreign"
)

// foreign reports a name that means nothing here and something in another system; false where it is none.
func (l *lowerer) foreign(e lang.Expr, name string, at lang.Span) bool {
	call, _ := e.(*lang.Call)
	if f, ok := foreign.FindForm(name); ok && call != nil {
		l.foreignForm(call, f)
		return true
	}
	if w, ok := foreign.FindWord(name); ok {
		says := fmt.Sprintf("'%s' is no value here", name)
		if w.Here != "" {
			says = fmt.Sprintf("'%s' is written '%s' here", name, w.Here)
		}
		d := l.report.Errorf(diag.UnknownName, at, "%s", says)
		if w.Here != "" {
			d.Edit(at, w.Here)
			d.Unsure = w.Says != ""
		}
		if w.Says != "" {
			d.Note("%s", w.Says)
		}
		return true
	}
	o, ok := foreign.FindOp(name)
	if !ok || l.lib.Lookup(o.Here) == nil && l.std[o.Here] == nil {
		return false
	}
	d := l.report.Errorf(diag.UnknownName, at, "'%s' is %s here", name, o.Here).Edit(at, o.Here)
	if call == nil || o.Drops == 0 || len(call.Args) == 0 || call.Args[0].Name != nil {
		return true
	}
	d.Note("what arrives says its sizes: they are no arguments")
	switch spec := l.lib.Lookup(o.Here); {
	case len(call.Args) > o.Drops && spec != nil && len(spec.Params) > 0:
		d.Edit(lang.Span{Source: at.Source, Start: call.Args[0].Span.Start, End: call.Args[o.Drops].Span.Start}, "")
	case spec != nil && len(spec.Params) == 0:
		d.Edit(lang.Span{Source: at.Source, Start: at.End, End: call.Span.End}, "")
	}
	return true
}

// foreignForm reports a call that is a form of the language here, such as Or(a, b) for a | b.
func (l *lowerer) foreignForm(e *lang.Call, f foreign.Form) {
	d := l.report.Errorf(diag.UnknownName, e.Fun.Span, "'%s' is written '%s' here", e.Fun.Name, f.Like)
	text, flags := f.Text, ""
	var args []string
	for _, a := range bounds(e.Args, f) {
		switch {
		case a.Name == nil:
			args = append(args, operand(a.Value))
		case a.Name.Name == "log":
			if a.Value.Pos().Text() != "False" && a.Value.Pos().Text() != "false" {
				flags += " log"
			}
		case a.Name.Name == "step" || a.Name.Name == "q":
			flags += " step " + operand(a.Value)
		}
	}
	switch {
	case len(args) == 0:
		return
	case f.Join != "" && len(args) == 1:
		text = strings.TrimSuffix(strings.TrimPrefix(args[0], "("), ")") // it may hold the alternatives already
		if args[0] == e.Args[0].Value.Pos().Text() {
			text = args[0]
		}
	case f.Join != "":
		text = strings.Join(args, f.Join)
	default:
		if strings.Count(f.Text, "$") > len(args) || strings.Contains(f.Text, fmt.Sprint("$", len(args)+1)) {
			return
		}
		for i, a := range args {
			text = strings.ReplaceAll(text, fmt.Sprintf("{$%d}", i+1), "{"+e.Args[i].Value.Pos().Text()+"}")
			text = strings.ReplaceAll(text, fmt.Sprint("$", i+1), a)
		}
		if strings.HasPrefix(f.Text, "$2") && !strings.Contains(f.Text, "..") { // suggest_categorical
			text = strings.TrimSuffix(strings.TrimPrefix(text, "("), ")")
		}
		text += flags
	}
	if !stands(e.Pos()) && strings.ContainsAny(text, "|>. ") && !simpleText(text) {
		text = "(" + text + ")"
	}
	d.Edit(e.Pos(), text)
}

// bounds are the arguments of a form: of ConfigSpace's Float("lr", (1e-4, 0.1)) those in the tuple.
func bounds(args []lang.Arg, f foreign.Form) []lang.Arg {
	if len(args) < 2 || !f.Config || f.Join != "" || strings.HasPrefix(f.Text, "$2") {
		return args
	}
	_, isName := args[0].Value.(*lang.String)
	t, isTuple := args[1].Value.(*lang.Tuple)
	if !isName || !isTuple {
		return args
	}
	var out []lang.Arg
	for _, x := range t.Elems {
		out = append(out, lang.Arg{Value: x})
	}
	return append(out, args[2:]...)
}

// operand is the text of an expression, in parentheses where an operator beside it could tear it apart.
func operand(e lang.Expr) string {
	text := e.Pos().Text()
	switch e.(type) {
	case *lang.Name, *lang.Call, *lang.Number, *lang.Bool, *lang.String, *lang.Paren, *lang.Block, *lang.Repeat, *lang.Optional, *lang.Access:
		return text
	}
	return "(" + text + ")"
}

// simpleText tells whether a text is one call, repetition or number.
func simpleText(text string) bool {
	depth := 0
	for i, c := range text {
		switch c {
		case '(', '{':
			depth++
		case ')', '}':
			depth--
		case ' ', '|', '>':
			if depth == 0 {
				return false
			}
		case '.':
			if depth == 0 && strings.HasPrefix(text[i:], "..") {
				return false
			}
		}
	}
	return true
}

// stands tells whether an expression is the whole of an argument, a field or a definition.
func stands(at lang.Span) bool {
	text := at.Source.Text
	before := strings.TrimRight(text[:at.Start], " \t\n")
	after := strings.TrimLeft(text[at.End:], " \t")
	return before != "" && strings.IndexByte("(,:=", before[len(before)-1]) >= 0 &&
		(after == "" || strings.IndexByte("),;}\n", after[0]) >= 0) && !strings.HasSuffix(before, "==")
}

// foreignSymbol reports a name in a config that another system gives a meaning: a call that is a range or a choice there, or a
// boolean. Others are symbols.
func (l *lowerer) foreignSymbol(e lang.Expr, name string) bool {
	if call, ok := e.(*lang.Call); ok {
		f, ok := foreign.FindForm(name)
		if ok = ok && f.Config; ok {
			l.foreignForm(call, f)
		}
		return ok
	}
	w, ok := foreign.FindWord(name)
	return ok && w.Config() && l.foreign(e, name, e.Pos())
}
