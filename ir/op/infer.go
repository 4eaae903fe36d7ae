package op

import (
	"fmt"
	"math/big"
)

// Result is what an op does to shapes, and what it costs.
type Result struct {
	Out         []Shape
	Params      int64 // learnt numbers
	MACs        int64 // multiplications with addition, for one example
	Activations int64 // elements of the tensors that it makes, for one example
	Exports     []Export
}

// Infer reads the shapes and the cost of an op where tensors of the given shapes arrive. What can't be is
// an error whose sentence says why. It doesn't panic, keeps nothing of what it is given, and may run in
// parallel.
func Infer(args Args, in []Shape) (Result, error) {
	t := Tracer{}
	tensors := make([]Tensor, len(in))
	for i := range in {
		tensors[i] = in[i]
	}
	made, err := Run(&t, args, tensors)
	if err != nil {
		return Result{}, err
	}
	out := make([]Shape, len(made))
	for i := range made {
		out[i] = made[i].Shape()
	}
	return Result{out, t.Params, t.MACs, t.Activations, t.Exports}, nil
}

// Run builds an op with any builder: it checks what arrives, and turns the op's failure into an error.
func Run(b Builder, args Args, in []Tensor) (out []Tensor, err error) {
	s := args.Spec
	if s == nil || s.Apply == nil || len(args.Values) != len(s.Params) {
		return nil, fmt.Errorf("an op without a definition or with arguments that aren't its own")
	}
	defer func() {
		switch p := recover().(type) {
		case nil:
		case *failure:
			out, err = nil, p
		default:
			out, err = nil, fmt.Errorf("%s failed: %v", s.Name, p)
		}
	}()
	if t, ok := b.(*Tracer); ok {
		t.Op = s.Name
	}
	if len(in) != s.Arity && (s.Arity >= 0 || len(in) < 2) {
		return nil, &arity{s, len(in)}
	}
	for _, x := range in {
		if _, _, nominal := x.Shape().Nominal(); nominal && !s.Opaque && !s.Wiring {
			b.Fail("%s takes tensors; %s arrives", s.Name, x.Shape())
		}
		if !x.Shape().valid() {
			b.Fail("%s can't take %s: an axis must have 1 or more elements and a tensor at most 2^31", s.Name, x.Shape())
		}
	}
	return s.Apply(b, args, in), nil
}

// Refuses tells at once that Run would fail, where that can be told.
func Refuses(args Args, in []Tensor) bool {
	s := args.Spec
	return len(in) != s.Arity && (s.Arity >= 0 || len(in) < 2) || s.Fits != nil && !s.Fits(args, in)
}

func (f *failure) Error() string { return fmt.Sprintf(f.format, f.args...) }

// arity is the error of a wrong number of tensors.
type arity struct {
	spec *Spec
	got  int
}

func (a *arity) Error() string {
	want := count(a.spec.Arity, "tensor")
	if a.spec.Arity < 0 {
		want = "a tuple of two or more tensors"
	}
	return fmt.Sprintf("%s takes %s; %s", a.spec.Name, want, arrives(a.got))
}

func arrives(n int) string {
	if n == 1 {
		return "1 tensor arrives"
	}
	return fmt.Sprintf("%d tensors arrive", n)
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// product prints the product of sizes, however large.
type product struct{ sizes []int }

func (p product) String() string {
	n := big.NewInt(1)
	for _, d := range p.sizes {
		n.Mul(n, big.NewInt(int64(d)))
	}
	return n.String()
}
