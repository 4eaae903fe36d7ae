package gorgonia

import (
	"encoding/binary"
	"fmt"
	"hash"

	"github.com/chewxy/hm"
	"github.com/spacec-lang/spacec/lang"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// real is the precisions that a model computes in.
type real interface{ float32 | float64 }

// kernel is the arithmetic of a primitive. It may keep what forward found for backward.
type kernel[T real] interface {
	// forward writes all of out.
	forward(in [][]T, out []T) error
	// backward writes all of each din that isn't nil: the gradient by that input, given that by the output.
	backward(in [][]T, out, dout []T, din [][]T)
}

// operation is a node's op in the Gorgonia graph: a primitive, or the gradient of one.
type operation[T real] struct {
	low   *lowering[T]
	id    uint32 // unlike that of any other in the graph, so that Gorgonia never merges two
	name  string
	at    *place
	shape tensor.Shape
	out   []T
	value G.Value // out, as Gorgonia sees it
	run   func(in [][]T) error

	kernel   kernel[T] // nil for a gradient
	needs    []bool    // to which inputs a gradient has to go
	children G.Nodes
}

// place is where a node was written, for errors.
type place struct {
	path string
	span lang.Span
}

func (o *operation[T]) Arity() int { return len(o.children) }

// Type is made anew for each call: Gorgonia recycles what it is given.
func (o *operation[T]) Type() hm.Type {
	types := make([]hm.Type, 0, len(o.children)+1)
	for _, n := range o.children {
		types = append(types, n.Type())
	}
	return hm.NewFnType(append(types, typeOf[T](o.shape))...)
}

func typeOf[T real](s tensor.Shape) hm.Type {
	if len(s) == 0 {
		return dtype[T]()
	}
	return G.TensorType{Dims: len(s), Of: dtype[T]()}
}

func dtype[T real]() tensor.Dtype {
	var zero T
	if _, ok := any(zero).(float32); ok {
		return tensor.Float32
	}
	return tensor.Float64
}

func (o *operation[T]) InferShape(...G.DimSizer) (tensor.Shape, error) { return o.shape, nil }

// Do is for Gorgonia's machines; our executor calls run.
func (o *operation[T]) Do(values ...G.Value) (G.Value, error) {
	in := make([][]T, len(values))
	for i, v := range values {
		switch d := v.Data().(type) {
		case []T:
			in[i] = d
		case T:
			in[i] = []T{d}
		default:
			return nil, fmt.Errorf("%s: %T arrives", o, d)
		}
	}
	if err := o.safely(in); err != nil {
		return nil, err
	}
	return o.result(), nil
}

// result is out as a value; a scalar is copied, since Gorgonia keeps scalars in values of their own.
func (o *operation[T]) result() G.Value {
	if o.value != nil {
		return o.value
	}
	switch v := any(o.out[0]).(type) {
	case float32:
		return G.NewF32(v)
	case float64:
		return G.NewF64(v)
	}
	return nil
}

// safely runs the op and turns a panic into an error.
func (o *operation[T]) safely(in [][]T) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = o.fail(fmt.Errorf("%s failed: %v", o.name, p))
		}
	}()
	if err := o.run(in); err != nil {
		return o.fail(err)
	}
	return nil
}

func (o *operation[T]) fail(err error) error {
	return &OpError{Path: o.at.path, Span: o.at.span, Err: err}
}

func (o *operation[T]) ReturnsPtr() bool     { return false }
func (o *operation[T]) CallsExtern() bool    { return false }
func (o *operation[T]) OverwritesInput() int { return -1 }
func (o *operation[T]) Hashcode() uint32     { return o.id }
func (o *operation[T]) String() string       { return o.name + " of " + o.at.path }

func (o *operation[T]) WriteHash(h hash.Hash) {
	var b [4]byte
	binary.LittleEndian.PutUint32(b[:], o.id)
	h.Write(b[:])
}

// DiffWRT tells Gorgonia which gradients lead to a weight. A gradient itself isn't differentiated.
func (o *operation[T]) DiffWRT(inputs int) []bool {
	if o.kernel == nil {
		return make([]bool, inputs)
	}
	return o.needs
}

// SymDiff makes the gradients' nodes. A kernel finds all its gradients in one go, so the first node does
// that, and the others depend on it and have nothing left to do.
func (o *operation[T]) SymDiff(inputs G.Nodes, output, grad *G.Node) (G.Nodes, error) {
	if p, ok := o.kernel.(passes[T]); ok && p.passes() {
		return o.pass(inputs, grad), nil
	}
	din := make([][]T, len(inputs))
	grads := make(G.Nodes, len(inputs))
	var first *G.Node
	for i, x := range inputs {
		if !o.needs[i] {
			continue
		}
		d := &operation[T]{low: o.low, name: "gradient of " + o.name, at: o.at, shape: x.Shape()}
		d.allocate()
		din[i] = d.out
		children, n := G.Nodes{first}, len(inputs)
		if first == nil {
			children = append(append(G.Nodes{}, inputs...), output, grad)
			d.run = func(in [][]T) error {
				o.kernel.backward(in[:n], in[n], in[n+1], din)
				return nil
			}
		} else {
			d.run = func([][]T) error { return nil }
		}
		node, err := d.apply(children)
		if err != nil {
			return nil, err
		}
		if first == nil {
			first = node
		}
		grads[i] = node
	}
	o.low.meet(inputs, grads)
	return grads, nil
}

// passes is a kernel whose gradient by each input is the gradient by the output.
type passes[T real] interface{ passes() bool }

func (o *operation[T]) pass(inputs G.Nodes, grad *G.Node) G.Nodes {
	grads := make(G.Nodes, len(inputs))
	for i := range inputs {
		if o.needs[i] {
			grads[i] = grad
		}
	}
	o.low.meet(inputs, grads)
	return grads
}

// allocate makes the op's buffer and the value over it.
func (o *operation[T]) allocate() {
	o.out = o.low.buffer(o.shape.TotalSize())
	if len(o.shape) > 0 {
		o.value = dense(o.shape, o.out)
	}
}

func dense[T real](shape tensor.Shape, data []T) *tensor.Dense {
	return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(data))
}

// apply adds the op to the graph.
func (o *operation[T]) apply(children G.Nodes) (*G.Node, error) {
	o.low.ids++
	o.id, o.children = o.low.ids, children
	n, err := G.ApplyOp(o, children...)
	if err != nil {
		return nil, o.fail(err)
	}
	if n.Op() != G.Op(o) {
		return nil, o.fail(fmt.Errorf("the graph took %s for %s", o, n.Op()))
	}
	return n, nil
}
