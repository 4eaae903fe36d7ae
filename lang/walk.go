package lang

// Walk visits a node and, where visit says so, all that it consists of, in the order written. Parts that are
// values in the tree (parameters, bindings, alternatives, ...) are visited as values, names that are not
// expressions not at all.
func Walk(n Node, visit func(Node) bool) {
	if !visit(n) {
		return
	}
	w := walker(visit)
	switch n := n.(type) {
	case *Port:
		Walk(n.Type, visit)
	case *Rule:
		walkAll(w, n.Params)
		w.expr(n.Body)
	case *Let:
		walkAll(w, n.Bindings)
	case *Config:
		walkAll(w, n.Items)
	case *Require:
		walkAll(w, n.Conds)
	case *OpDecl:
		walkAll(w, n.Params)
		walkAll(w, n.In)
		walkAll(w, n.Out)
		walkAll(w, n.Requires)
		w.expr(n.ParamCount)
		w.expr(n.Macs)
	case *Cost:
		walkAll(w, n.Entries)
	case *Seed:
		w.expr(n.Body)
	case *From:
		walkAll(w, n.Decisions)
	case Param:
		w.expr(n.Default)
	case Binding:
		walkAll(w, n.Params)
		w.expr(n.Body)
	case *Field:
		w.expr(n.Value)
	case CostEntry:
		w.expr(n.Value)
	case *TensorType:
		walkAll(w, n.Axes)
	case *NominalType:
		walkAll(w, n.Args)
	case Axis:
		w.expr(n.Size)
	case *Assign:
		w.expr(n.Value)
	case Expr:
		w.parts(n)
	case Arg:
		w.expr(n.Value)
	case Alt:
		w.expr(n.Body)
		if n.Weight != nil {
			Walk(n.Weight, visit)
		}
		w.expr(n.Guard)
	}
}

type walker func(Node) bool

// expr visits an expression, if there is one.
func (w walker) expr(e Expr) {
	if e != nil {
		Walk(e, w)
	}
}

func walkAll[N Node](w walker, nodes []N) {
	for _, n := range nodes {
		Walk(n, w)
	}
}

// parts visits what an expression consists of.
func (w walker) parts(e Expr) {
	switch e := e.(type) {
	case *Call:
		walkAll(w, e.Args)
	case *Access:
		w.expr(e.X)
	case *Repeat:
		w.expr(e.X)
		w.expr(e.Count)
	case *Optional:
		w.expr(e.X)
	case *Choice:
		walkAll(w, e.Alts)
	case *Pipe:
		walkAll(w, e.Stages)
	case *Binary:
		w.expr(e.X)
		w.expr(e.Y)
	case *Unary:
		w.expr(e.X)
	case *Range:
		for _, part := range []Expr{e.Lo, e.Hi, e.Step, e.Factor, e.Points} {
			w.expr(part)
		}
	case *Tuple:
		walkAll(w, e.Elems)
	case *Paren:
		w.expr(e.X)
	case *Block:
		walkAll(w, e.Stmts)
		w.expr(e.Result)
	case *NOf:
		w.expr(e.N)
		w.expr(e.X)
	case *Cond:
		w.expr(e.If)
		w.expr(e.Then)
		w.expr(e.Else)
	case *Is:
		w.expr(e.X)
	}
}
