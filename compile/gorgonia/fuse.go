package gorgonia

import (
	"slices"

	"github.com/spacec-lang/spacec/ir/op"
)

// Windows of an image, a linear map of each, and the image of what it makes are a convolution, whose kernel lays no window
// out. The ops stay three to whatever looks at the graph; the weights are the map's, by its names and in its shape, whose
// numbers stand as those of filters do.

// fusion is an unfold, a linear and a fold of a graph that are built as one convolution, by their numbers.
type fusion struct {
	unfold, linear, fold int
	win                  op.Window
	rows                 op.Shape // the windows
}

// fusions are those of a graph by each of their ops. What lies between the three is read by nothing else.
func fusions(g *op.Graph) map[int]*fusion {
	reader := map[op.Wire]int{}
	read := func(w op.Wire, by int) {
		if _, twice := reader[w]; twice {
			by = -1
		}
		reader[w] = by
	}
	for i := range g.Nodes {
		for _, w := range g.Nodes[i].In {
			read(w, i)
		}
	}
	for _, w := range g.Outputs {
		read(w, -1)
	}
	next := func(i int, name string) int {
		by, ok := reader[g.Nodes[i].Out[0]]
		if !ok || by < 0 || g.Nodes[by].Args.Spec.Name != name {
			return -1
		}
		return by
	}
	shapes := make([]op.Shape, g.Wires)
	for i, p := range g.Inputs {
		shapes[i] = p.Shape
	}
	all := map[int]*fusion{}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		for k, w := range n.Out {
			shapes[w] = n.Shapes[k]
		}
		if n.Args.Spec.Name != "unfold" {
			continue
		}
		f := &fusion{unfold: i, rows: n.Shapes[0]}
		if f.linear = next(i, "linear"); f.linear < 0 || g.Nodes[f.linear].Args.IntOr("axis", 2) != 2 {
			continue
		}
		if f.fold = next(f.linear, "fold"); f.fold < 0 {
			continue
		}
		image := &op.Tracer{}
		look := &windows{Tracer: image}
		if _, err := op.Run(look, n.Args, []op.Tensor{view{shape: shapes[n.In[0]]}}); err != nil {
			continue
		}
		f.win = look.win
		if grid := g.Nodes[f.fold].Args.Ints("grid"); !slices.Equal(grid, look.grid) {
			continue // another image
		}
		all[f.unfold], all[f.linear], all[f.fold] = f, f, f
	}
	return all
}

// windows notes the windows that an unfold makes.
type windows struct {
	*op.Tracer
	win  op.Window
	grid []int
}

func (w *windows) Unfold(x op.Tensor, win op.Window) op.Tensor {
	w.win = win
	return w.Tracer.Unfold(x, win)
}

func (w *windows) Export(name string, values ...int) { w.grid = values }

// convolving is the builder of a fusion's linear, whose map it makes a convolution of the image.
type convolving[T real] struct {
	*builder[T]
	image *wire[T]
	to    op.Shape
	win   op.Window
}

func (b *convolving[T]) Linear(rows op.Tensor, w, bias op.Weight) op.Tensor {
	b.shapes.Linear(rows, w, bias)
	return b.convolve(b.image, view{shape: b.to}, w, bias, b.win, 1)
}

// convolve lowers a fusion.
func (l *lowering[T]) convolve(f *fusion, g *op.Graph, names []string, wires []*wire[T]) error {
	n, fold := &g.Nodes[f.linear], &g.Nodes[f.fold]
	b := l.builder(n, names[f.linear])
	c := &convolving[T]{b, wires[g.Nodes[f.unfold].In[0]], fold.Shapes[0], f.win}
	return l.apply(b, c, []op.Tensor{view{shape: f.rows}}, fold.Out, wires)
}

// convolvingSizer does the same for sizes.
type convolvingSizer struct {
	*sizer
	image op.Tensor
	to    op.Shape
}

func (s *convolvingSizer) Linear(rows op.Tensor, w, bias op.Weight) op.Tensor {
	s.Tracer.Linear(rows, w, bias)
	return s.of(view{shape: s.to}, list(s.image), w, bias)
}
