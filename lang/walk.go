package lang

// Children calls f with each part of a node, in the order written.
func Children(n Node, f func(Node)) {
	each := func(es ...Expr) {
		for _, e := range es {
			if e != nil {
				f(e)
			}
		}
	}
	switch n := n.(type) {
	case *Call:
		for _, a := range n.Args {
			each(a.Value)
		}
	case *Access:
		each(n.X)
	case *Repeat:
		each(n.X, n.Count)
	case *Optional:
		each(n.X)
	case *Choice:
		for _, a := range n.Alts {
			each(a.Body, a.Guard)
		}
	case *Pipe:
		each(n.Stages...)
	case *Binary:
		each(n.X, n.Y)
	case *Unary:
		each(n.X)
	case *Range:
		each(n.Lo, n.Hi, n.Step, n.Factor, n.Points)
	case *Tuple:
		each(n.Elems...)
	case *Paren:
		each(n.X)
	case *Block:
		for _, s := range n.Stmts {
			f(s)
		}
		each(n.Result)
	case *NOf:
		each(n.N, n.X)
	case *Cond:
		each(n.If, n.Then, n.Else)
	case *Is:
		each(n.X)
	case *Assign:
		each(n.Value)
	case *Let:
		for _, b := range n.Bindings {
			for _, p := range b.Params {
				each(p.Default)
			}
			each(b.Body)
		}
	case *Require:
		each(n.Conds...)
	case *Field:
		each(n.Value)
	}
}

// Walk visits a node and its parts, outermost first, going into those for which f is true.
func Walk(n Node, f func(Node) bool) {
	if f(n) {
		Children(n, func(c Node) { Walk(c, f) })
	}
}
