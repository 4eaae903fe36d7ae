package study

import (
	"github.com/spacec-lang/spacec/ir/op"
)

// GraphSchema says what the graph of a point holds.
const GraphSchema = `{"inputs": {"image": 0}, "ops": [...], "outputs": {"logits": 7}}, the numbers being wires.
           An op is {"op": "conv", "args": {"filters": 8, "kernel": 3, ...}, "in": [0], "out": [1],
           "types": ["[c: 8, h: 8, w: 8]"]} and stands behind those that it takes from; those of one "share": n have
           the same weights`

// graph is a graph as GraphSchema says.
func graph(g *op.Graph) object {
	var inputs, outputs object
	for i, p := range g.Inputs {
		inputs = append(inputs, member{p.Name, i})
	}
	for i, p := range g.OutPort {
		outputs = append(outputs, member{p.Name, g.Outputs[i]})
	}
	ops := []object{}
	for _, n := range g.Nodes {
		args := object{}
		for i, p := range n.Args.Spec.Params {
			if v := n.Args.Values[i]; v != nil {
				args = append(args, member{p.Name, AsJSON(v)})
			}
		}
		types := make([]string, len(n.Shapes))
		for i, s := range n.Shapes {
			types[i] = s.String()
		}
		o := object{{"op", n.Args.Spec.Name}, {"args", args}, {"in", n.In}, {"out", n.Out}, {"types", types}}
		if n.Share != 0 {
			o = append(o, member{"share", n.Share})
		}
		ops = append(ops, o)
	}
	return object{{"inputs", inputs}, {"ops", ops}, {"outputs", outputs}}
}
