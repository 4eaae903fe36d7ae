package ir

import (
	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// op lowers the application of an op.
func (l *lowerer) op(e lang.Expr, spec *op.Spec, args []lang.Arg, s *scope) node {
	n := &opNode{nodeInfo: l.info(e.Pos()), spec: spec, name: s.label(spec.Name), keep: s.unit.cell()}
	n.args, n.tmp = make([]node, len(spec.Params)), s.unit.take(len(spec.Params))
	here := s.here()
	here.labels = s.labels
	if l.applied(e, spec, args, s) {
		return &failNode{n.nodeInfo}
	}
	at := 0
	var rest []node // the values of a parameter of kind Ints
	var restTmp []int
	for j, a := range args {
		i := at
		if a.Name != nil {
			for i = 0; i < len(spec.Params) && spec.Params[i].Name != a.Name.Name; i++ {
			}
			if i == len(spec.Params) {
				l.noParam(e, spec, args, j)
				continue
			}
		} else if at >= len(spec.Params) {
			l.report.Errorf(diag.Arguments, a.Span, "%s takes %s", spec.Name, atMost(len(spec.Params))).
				Note("%s has %s", spec.Name, paramNames(spec))
			break
		}
		p := &spec.Params[i]
		if p.Kind == op.Ints && a.Name == nil {
			rest = append(rest, l.lower(a.Value, here, isValue))
			restTmp = append(restTmp, s.unit.cell())
			continue
		}
		at = i + 1
		if n.args[i] != nil {
			l.report.Errorf(diag.Arguments, a.Span, "the parameter '%s' of %s is given twice", p.Name, spec.Name)
			continue
		}
		at := here
		if p.Kind == op.Symbol { // a name that means nothing else is itself, as in a config
			at = here.inner()
			at.config = true
		}
		n.args[i] = l.labelled(p.Name, a.Value, at, isValue, nil)
	}
	if rest != nil {
		i := len(spec.Params) - 1
		pack := func(m *machine, parts []val) (val, error) {
			var ints []val
			for _, p := range parts {
				if v := m.sp.vals.at(p); v.kind == kindInts { // a named result
					ints = append(ints, v.parts...)
				} else {
					ints = append(ints, p)
				}
			}
			return m.sp.vals.intern(value{kind: kindInts, parts: ints}), nil
		}
		p := &pureNode{nodeInfo: l.info(e.Pos()), name: "ints", fn: pack, args: rest, tmp: restTmp, keep: s.unit.cell()}
		s.unit.release(append(p.tmp, p.keep)...)
		n.args[i] = p
	}
	fixed, all := make([]val, len(n.args)), true
	for i, a := range n.args {
		p := &spec.Params[i]
		switch a := a.(type) {
		case nil:
			if p.Default == nil && p.DefaultDoc == "" {
				l.report.Errorf(diag.Arguments, e.Pos(), "%s needs its parameter '%s'", spec.Name, p.Name).
					Note("%s has %s", spec.Name, paramNames(spec))
				return &failNode{n.nodeInfo}
			}
		case *constNode:
			fixed[i] = a.v
		case *pureNode:
			v, ok := l.sp.m.simpleConst(a)
			all = all && ok
			fixed[i] = v
		default:
			all = false
		}
	}
	s.unit.release(append(n.tmp, n.keep)...)
	if all {
		n.fixed = l.sp.m.tupleOf(fixed)
		if _, err := l.sp.opArgs(spec, fixed); err != nil && !l.checkArgs(spec, n.args) {
			return l.bad(diag.BadValue, e, "%v", err)
		}
	} else {
		l.checkArgs(spec, n.args)
	}
	return n
}

// checkArgs checks the arguments that are known now, each alone, and tells whether one is wrong.
func (l *lowerer) checkArgs(spec *op.Spec, args []node) (wrong bool) {
	for i, a := range args {
		var vals []val
		var spans []lang.Span
		for {
			if lab, ok := a.(*labelNode); ok {
				a = lab.body
				continue
			}
			break
		}
		switch a := a.(type) {
		case *constNode:
			vals, spans = append(vals, a.v), append(spans, a.span)
		case *choiceNode:
			for j, v := range a.all.vals {
				if v != absent {
					vals, spans = append(vals, v), append(spans, a.alts[j].body.pos().span)
				}
			}
		}
		for j, v := range vals {
			if err := op.CheckParam(spec, i, l.sp.goValue(v)); err != nil {
				d := l.report.Errorf(diag.BadValue, spans[j], "%v", err)
				if p := spec.Params[i]; p.DefaultDoc != "" && l.sp.vals.at(v).kind == kindString {
					d.Note("left out, %s is %s", p.Name, p.DefaultDoc)
				}
				wrong = true
			}
		}
	}
	return wrong
}

// simpleConst is the value of a computation of constants.
func (m *machine) simpleConst(n *pureNode) (val, bool) {
	for _, a := range n.args {
		if _, ok := a.(*constNode); !ok {
			return 0, false
		}
	}
	return m.simple(n)
}

func names(spec *op.Spec) (out []string) {
	for _, p := range spec.Params {
		out = append(out, p.Name)
	}
	return out
}

func paramNames(spec *op.Spec) string {
	if len(spec.Params) == 0 {
		return "no parameters"
	}
	text := "the parameters "
	for i, p := range spec.Params {
		if i > 0 {
			text += ", "
		}
		text += p.Name
	}
	return text
}
