package evaluators

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/spacec-lang/spacec/compile/gorgonia"
	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
	"github.com/spacec-lang/spacec/study"
)

// ProxyBatch is how many examples a zero-cost proxy looks at.
const ProxyBatch = 32

// Batch is what a proxy looks at: as many examples as ProxyBatch, and the loss that training would have.
type Batch struct {
	Inputs [][]float32
	Target gorgonia.Target
	Loss   gorgonia.Loss
}

// proxy is a number that is had from a network without training it.
type proxy struct {
	name, doc string
	score     func(p *probe) (float64, error)
}

// probe is a network that is looked at.
type probe struct {
	graph *op.Graph
	batch Batch
	seed  uint64
	cores int
}

// proxies are the zero-cost proxies. "Weights" are those of two axes or more, without biases and norms, as in Abdelfattah et al.
// 2021, "Zero-Cost Proxies for Lightweight NAS" (arXiv 2101.08134), whose measures these are.
func proxies() []proxy {
	return []proxy{
		{"params", "the learnt numbers", func(p *probe) (float64, error) {
			c, err := p.graph.Costs()
			return float64(c.Params), err
		}},
		{"grad_norm", "the sum over weights of the Euclidean norm of the loss's gradient (Abdelfattah et al. 2021)", (*probe).gradNorm},
		{"snip", "the sum of |w dL/dw| (Lee, Ajanthan & Torr 2019, arXiv 1810.02340)", (*probe).snip},
		{"synflow", "the sum of |w dR/dw|, R the sum of outputs for inputs of 1 and weights made positive, without norms\n" +
			"             and dropout (Tanaka et al. 2020, arXiv 2006.05467)", (*probe).synflow},
		{"naswot", "log |det K|, K the number of activations of a batch's examples that are on or off together, pair by pair\n" +
			"             (Mellor et al. 2021, arXiv 2006.04647)", (*probe).naswot},
	}
}

// ProxyDocs lists the proxies, a line or two each.
func ProxyDocs() string {
	text := ""
	for _, p := range proxies() {
		text += fmt.Sprintf("  %-11s%s\n", p.name, p.doc)
	}
	return text
}

// Proxy evaluates a point by a zero-cost proxy of its network, whose weights start by the seed; batch gives the examples for a network.
func Proxy(r Reward, seed uint64, batch func(g *op.Graph) (Batch, error)) (study.Evaluator, error) {
	list := proxies()
	at := slices.IndexFunc(list, func(p proxy) bool { return p.name == r.Name })
	if at < 0 {
		var names []string
		for _, p := range list {
			names = append(names, p.name)
		}
		return nil, diag.Unknown("proxy", r.Name, names)
	}
	return func(_ context.Context, t *study.Task) (study.Evaluation, error) {
		b, err := t.Build()
		if err != nil {
			return study.Evaluation{}, err
		}
		if b.Graph == nil || len(b.Graph.Outputs) == 0 {
			return study.Evaluation{}, errors.New("it has no net, so there is no network to look at")
		}
		p := &probe{graph: b.Graph, seed: seed, cores: t.Cores()}
		if p.batch, err = batch(b.Graph); err != nil {
			return study.Evaluation{}, err
		}
		x, err := list[at].score(p)
		if err != nil {
			return study.Failed("%v", err), nil
		}
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return study.Failed("%s is %v", r.Name, x), nil
		}
		if r.Name == "params" { // which every trial has
			return study.Value(r.Value(x)), nil
		}
		return study.Value(r.Value(x), Metric(r.Name, x)), nil
	}, nil
}

// gradients sums a function of each weight's values and gradients after one step.
func (p *probe) gradients(f func(w, g []float64) float64) (float64, error) {
	m, err := p.model(p.graph, p.batch.Loss)
	if err != nil {
		return 0, err
	}
	defer m.Close()
	if _, err := m.Step(p.batch.Inputs, p.batch.Target); err != nil {
		return 0, err
	}
	return overWeights(m, f), nil
}

func (p *probe) model(g *op.Graph, loss gorgonia.Loss) (*gorgonia.Model, error) {
	return gorgonia.Build(g, gorgonia.Options{Batch: ProxyBatch, Seed: p.seed, Loss: loss, Cores: p.cores})
}

func overWeights(m *gorgonia.Model, f func(w, g []float64) float64) float64 {
	sum := 0.0
	for _, w := range m.Params() {
		switch {
		case len(w.Shape) < 2:
		case w.Value != nil:
			sum += f(wide(w.Value), wide(w.Grad))
		default:
			sum += f(w.Value64, w.Grad64)
		}
	}
	return sum
}

func wide(x []float32) []float64 {
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = float64(v)
	}
	return y
}

func (p *probe) gradNorm() (float64, error) {
	return p.gradients(func(_, g []float64) float64 {
		square := 0.0
		for _, x := range g {
			square += x * x
		}
		return math.Sqrt(square)
	})
}

func (p *probe) snip() (float64, error) { return p.gradients(saliency) }

func saliency(w, g []float64) float64 {
	sum := 0.0
	for i, x := range w {
		sum += math.Abs(x * g[i])
	}
	return sum
}

// synflow is computed in float64, since what flows grows with each layer.
func (p *probe) synflow() (float64, error) {
	g, err := without(p.graph, "batch_norm", "layer_norm", "group_norm", "dropout")
	if err != nil {
		return 0, err
	}
	m, err := gorgonia.Build(g, gorgonia.Options{Batch: 1, Seed: p.seed, Float64: true, Loss: gorgonia.Sum, Cores: p.cores})
	if err != nil {
		return 0, err
	}
	defer m.Close()
	for _, w := range m.Params() {
		for i, x := range w.Value64 {
			w.Value64[i] = math.Abs(x)
		}
	}
	var inputs [][]float32
	for _, in := range g.Inputs {
		x := make([]float32, in.Shape.Elements())
		for i := range x {
			x[i] = 1
		}
		inputs = append(inputs, x)
	}
	if _, err := m.Step(inputs, gorgonia.Target{}); err != nil {
		return 0, err
	}
	return overWeights(m, saliency), nil
}

// without is a graph in which some ops do nothing.
func without(g *op.Graph, names ...string) (*op.Graph, error) {
	skip, err := op.Bind(stdlib.Library().Lookup("skip"), nil, nil)
	if err != nil {
		return nil, err
	}
	changed := *g
	changed.Nodes = slices.Clone(g.Nodes)
	for i := range changed.Nodes {
		if n := &changed.Nodes[i]; slices.Contains(names, n.Args.Spec.Name) {
			n.Args, n.Share = skip, 0
		}
	}
	return &changed, nil
}

// activations are the ops that switch at 0.
var activations = []string{"relu", "leaky_relu", "gelu", "silu", "tanh", "sigmoid"}

func (p *probe) naswot() (float64, error) {
	g, err := without(p.graph, "dropout")
	if err != nil {
		return 0, err
	}
	g.Outputs, g.OutPort = nil, nil
	for i, n := range g.Nodes {
		if slices.Contains(activations, n.Args.Spec.Name) {
			g.Outputs = append(g.Outputs, n.In[0])
			g.OutPort = append(g.OutPort, op.Port{Name: fmt.Sprint("activation", i), Shape: n.Shapes[0]})
		}
	}
	if len(g.Outputs) == 0 {
		return 0, fmt.Errorf("there is no activation to look at, of %v", activations)
	}
	m, err := p.model(g, gorgonia.None)
	if err != nil {
		return 0, err
	}
	defer m.Close()
	before, err := m.Forward(p.batch.Inputs)
	if err != nil {
		return 0, err
	}
	codes, length := make([][]uint64, ProxyBatch), 0
	for _, x := range before {
		each := len(x) / ProxyBatch
		length += each
		for e := range codes {
			codes[e] = append(codes[e], code(x[e*each:(e+1)*each])...)
		}
	}
	k := mat.NewSymDense(ProxyBatch, nil)
	for i := range codes {
		for j := i; j < ProxyBatch; j++ {
			same := length
			for w, bitsI := range codes[i] {
				same -= bits.OnesCount64(bitsI ^ codes[j][w])
			}
			k.SetSym(i, j, float64(same))
		}
	}
	score, _ := mat.LogDet(k)
	return score, nil
}

// code is which numbers are above 0, a bit each.
func code(x []float32) []uint64 {
	words := make([]uint64, (len(x)+63)/64)
	for i, v := range x {
		if v > 0 {
			words[i/64] |= 1 << (i % 64)
		}
	}
	return words
}
