package samplers

import (
	"math"
	"slices"
)

// process is a Gaussian process over points (Rasmussen & Williams 2006, "Gaussian Processes for Machine Learning",
// chapters 2 and 5) with the additive kernel
//
//	k(x, y) = mean over kinds of exp(-w d(x, y))
//
// where d is the squared distance of the features of a kind in units of its mean over pairs of trials; or, where linear,
// with the sum of w times the products of features, which makes it Bayesian ridge regression. The weights and the noise
// are those of the greatest marginal likelihood, times a wide prior, found by a search along each in turn; mean and
// variance follow in closed form.
//
// The Cholesky factor of the covariances grows by a row with each trial. It is made anew where the weights are fitted again,
// after half as many more trials.
type process struct {
	linear bool
	hyper  hyper
	scale  [kinds]float64
	fitted int // trials when the weights were fitted

	x        []*item
	rows     [][]float64 // the Cholesky factor
	ones     []float64   // its inverse times a vector of ones
	weights  []float64   // its inverse times the scores less their mean
	mean     float64
	variance float64

	dense   []float64 // an item's features by index, between lay and lift
	columns []*column
}

// hyper are the parameters that are fitted.
type hyper struct {
	w     [kinds]float64
	noise float64
}

// column is an item that is no trial yet, with what is known of its covariances.
type column struct {
	item *item
	v    []float64 // the inverse of the Cholesky factor times its covariances with the trials
	left float64   // its variance, of 1, that the trials leave
}

func newProcess(linear bool) *process {
	p := &process{linear: linear, hyper: hyper{noise: 0.03}}
	for kind := range kinds {
		p.hyper.w[kind] = 1. / kinds
	}
	return p
}

// maxFitted is how many trials the weights are fitted to at most.
const maxFitted = 128

// fit learns from trials: what they scored, with mean about 0 and variance about 1. Trials that it knows from
// before, if they are the first, cost little.
func (p *process) fit(x []*item, y []float64) {
	same := 0
	for same < len(p.x) && same < len(x) && p.x[same] == x[same] {
		same++
	}
	if same < len(p.x) {
		p.truncate(same)
	}
	if len(x) >= p.fitted*3/2 || len(x) < p.fitted*3/4 {
		p.refit(x, y)
	}
	for _, it := range x[len(p.x):] {
		p.add(it)
	}
	p.score(y)
}

// truncate forgets the trials from the n-th on.
func (p *process) truncate(n int) {
	p.x, p.rows, p.ones = p.x[:n], p.rows[:n], p.ones[:n]
	for _, c := range p.columns {
		for _, v := range c.v[n:] {
			c.left += float64(v * v)
		}
		c.v = c.v[:n]
	}
}

// refit fits the weights, and forgets what was computed by the old ones.
func (p *process) refit(x []*item, y []float64) {
	p.fitted = len(x)
	p.truncate(0)
	if len(x) > maxFitted {
		x, y = x[len(x)-maxFitted:], y[len(y)-maxFitted:]
	}
	p.hyper = p.likeliest(x, y)
	for _, c := range p.columns {
		c.left = p.alone(c.item)
	}
}

// alone is the prior variance of an item.
func (p *process) alone(it *item) float64 {
	if !p.linear {
		return 1
	}
	var d [kinds]float64
	for kind := range kinds {
		if p.scale[kind] > 0 {
			d[kind] = it.features.square[kind] / p.scale[kind]
		}
	}
	return p.hyper.covariance(p, &d)
}

// add makes an item a trial.
func (p *process) add(it *item) {
	p.lay(it)
	defer p.lift(it)
	n := len(p.x)
	row := make([]float64, n+1)
	for i, other := range p.x {
		row[i] = (p.covariance(it, other) - dot(row[:i], p.rows[i][:i])) / p.rows[i][i]
	}
	row[n] = math.Sqrt(math.Max(p.alone(it)+p.hyper.noise-dot(row[:n], row[:n]), 1e-9))
	p.ones = append(p.ones, (1-dot(row[:n], p.ones))/row[n])
	p.x, p.rows = append(p.x, it), append(p.rows, row)
	for _, c := range p.columns {
		v := (p.covariance(it, c.item) - dot(row[:n], c.v)) / row[n]
		c.v = append(c.v, v)
		c.left -= float64(v * v)
	}
}

// column is what is known of an item that is no trial.
func (p *process) column(it *item) *column {
	p.lay(it)
	defer p.lift(it)
	c := &column{it, make([]float64, len(p.x), len(p.x)+16), p.alone(it)}
	for i, x := range p.x {
		v := (p.covariance(it, x) - dot(c.v[:i], p.rows[i][:i])) / p.rows[i][i]
		c.v[i] = v
		c.left -= float64(v * v)
	}
	return c
}

// score sets what the trials scored. The mean and the variance of the process are the likeliest.
func (p *process) score(y []float64) {
	n := len(p.x)
	z := make([]float64, n)
	for i := range z {
		z[i] = (y[i] - dot(p.rows[i][:i], z[:i])) / p.rows[i][i]
	}
	p.mean = dot(p.ones, z) / dot(p.ones, p.ones)
	for i := range z {
		z[i] -= float64(p.mean * p.ones[i])
	}
	p.weights, p.variance = z, dot(z, z)/float64(n)
}

// at is the mean and standard deviation at a column.
func (p *process) at(c *column) (mean, deviation float64) {
	return p.mean + dot(c.v, p.weights), math.Sqrt(math.Max(c.left, 1e-9) * p.variance)
}

// predict keeps the columns of the points, until they are gone.
func (p *process) predict(x []*item) (mean, deviation []float64) {
	p.columns = slices.DeleteFunc(p.columns, func(c *column) bool {
		if c.item.gone {
			c.item.column = nil
		}
		return c.item.gone
	})
	mean, deviation = make([]float64, len(x)), make([]float64, len(x))
	for i, it := range x {
		if it.column == nil {
			it.column = p.column(it)
			p.columns = append(p.columns, it.column)
		}
		mean[i], deviation[i] = p.at(it.column)
	}
	return mean, deviation
}

// lay writes an item's features out, so that its products with others take a step for each of theirs.
func (p *process) lay(it *item) {
	f := it.features
	for i, at := range f.index {
		if int(at) >= len(p.dense) {
			p.dense = append(p.dense, make([]float64, int(at)+256-len(p.dense))...)
		}
		p.dense[at] = f.value[i]
	}
}

// lift takes them away again.
func (p *process) lift(it *item) {
	for _, at := range it.features.index {
		p.dense[at] = 0
	}
}

// covariance is that of the item laid and another.
func (p *process) covariance(laid, other *item) float64 {
	var d [kinds]float64
	p.apart(laid.features, other.features, &d)
	return p.hyper.covariance(p, &d)
}

// apart is, of the features laid and others, the squared distance by kind, or where linear the product, in units of scale.
func (p *process) apart(laid, other *features, d *[kinds]float64) {
	start, dense := 0, p.dense
	for kind, end := range other.ends {
		if p.scale[kind] == 0 {
			start = end
			continue
		}
		product := 0.0
		values := other.value[start:end]
		for i, at := range other.index[start:end] {
			if int(at) < len(dense) {
				product += float64(dense[at] * values[i])
			}
		}
		start = end
		if !p.linear {
			product = math.Max(0, laid.square[kind]+other.square[kind]-2*product)
		}
		d[kind] = product / p.scale[kind]
	}
}

func (h *hyper) covariance(p *process, d *[kinds]float64) float64 {
	sum, n := 0.0, 0.0
	for kind := range kinds {
		switch {
		case p.scale[kind] == 0:
		case p.linear:
			sum += float64(h.w[kind] * d[kind])
			n = 1
		default:
			sum += math.Exp(-float64(h.w[kind] * d[kind]))
			n++
		}
	}
	return sum / max(n, 1)
}

func dot(a, b []float64) float64 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float64
	i := 0
	for ; i+4 <= len(a); i += 4 {
		s0 += float64(a[i] * b[i])
		s1 += float64(a[i+1] * b[i+1])
		s2 += float64(a[i+2] * b[i+2])
		s3 += float64(a[i+3] * b[i+3])
	}
	for ; i < len(a); i++ {
		s0 += float64(a[i] * b[i])
	}
	return s0 + s1 + (s2 + s3)
}

// likeliest are the parameters under which the scores are likeliest.
func (p *process) likeliest(x []*item, y []float64) hyper {
	apart := p.pairs(x)
	h := p.hyper
	best := p.likelihood(&h, apart, y)
	try := func(to *float64, least, most float64) {
		for _, factor := range []float64{4, 1. / 4, 2, 1. / 2} {
			for {
				old := *to
				if *to *= factor; *to >= least && *to <= most {
					if l := p.likelihood(&h, apart, y); l > best+1e-6 {
						best = l
						continue
					}
				}
				*to = old
				break
			}
		}
	}
	for range 2 {
		before := h
		for kind := range kinds {
			if p.scale[kind] > 0 {
				try(&h.w[kind], 1./1024, 64)
			}
		}
		if try(&h.noise, 1e-4, 1); h == before {
			break
		}
	}
	return h
}

// pairs are the squared distances of items, or products, in units of their mean.
func (p *process) pairs(x []*item) [][][kinds]float64 {
	for kind := range kinds {
		p.scale[kind] = 1
	}
	var sum [kinds]float64
	apart := make([][][kinds]float64, len(x))
	for i, it := range x {
		p.lay(it)
		apart[i] = make([][kinds]float64, i+1)
		for j := 0; j <= i; j++ {
			p.apart(it.features, x[j].features, &apart[i][j])
			for kind := range kinds {
				if p.linear == (i == j) {
					sum[kind] += apart[i][j][kind]
				}
			}
		}
		p.lift(it)
	}
	n := float64(len(x))
	if !p.linear {
		n = n * (n - 1) / 2
	}
	for kind := range kinds {
		p.scale[kind] = sum[kind] / n
		for i := range apart {
			for j := range apart[i] {
				if p.scale[kind] > 0 {
					apart[i][j][kind] /= p.scale[kind]
				}
			}
		}
	}
	return apart
}

// likelihood is the logarithm of the marginal likelihood of scores, mean and variance the likeliest, and of the prior: of
// weights log-normal about 0.35, of the noise about 0.03.
func (p *process) likelihood(h *hyper, apart [][][kinds]float64, y []float64) float64 {
	n := len(y)
	rows, z, ones := make([][]float64, n), make([]float64, n), make([]float64, n)
	determinant := 0.0
	for i := range n {
		row := make([]float64, i+1)
		for j := range i {
			row[j] = (h.covariance(p, &apart[i][j]) - dot(row[:j], rows[j][:j])) / rows[j][j]
		}
		left := h.covariance(p, &apart[i][i]) + h.noise - dot(row[:i], row[:i])
		if left < 1e-10 {
			return math.Inf(-1)
		}
		row[i] = math.Sqrt(left)
		rows[i] = row
		determinant += math.Log(row[i])
		z[i] = (y[i] - dot(row[:i], z[:i])) / row[i]
		ones[i] = (1 - dot(row[:i], ones[:i])) / row[i]
	}
	oz, oo := dot(ones, z), dot(ones, ones)
	variance := (dot(z, z) - oz*oz/oo) / float64(n)
	l := -float64(n)/2*math.Log(math.Max(variance, 1e-12)) - determinant
	for kind := range kinds {
		l -= square((math.Log2(h.w[kind])+1.5)/2.5) / 2
	}
	return l - square(math.Log(h.noise/0.03)/1.5)/2
}

func square(x float64) float64 { return x * x }
