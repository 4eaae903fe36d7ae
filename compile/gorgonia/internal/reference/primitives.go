package reference

import (
	"math"

	"github.com/spacec-lang/spacec/ir/op"
)

var _ op.Builder = (*Run)(nil)

func (r *Run) Fail(format string, args ...any)   { r.tracer.Fail(format, args...) }
func (r *Run) Export(name string, values ...int) {}

func (r *Run) Weight(name string, _ op.Init, dims ...int) op.Weight { return r.find(name, dims) }
func (r *Run) State(name string, _ float64, dims ...int) op.Weight  { return r.find(name, dims) }

func (r *Run) Linear(x op.Tensor, w, bias op.Weight) op.Tensor {
	return r.made(r.tracer.Linear(x, w, bias), func(n int, idx []int) float64 {
		l := len(idx) - 1
		sum := 0.0
		if bias != nil {
			sum = of(bias, idx[l])
		}
		for i := 0; i < w.Dims()[1]; i++ {
			sum += of(w, idx[l], i) * at(x, n, put(idx, l, i)...)
		}
		return sum
	})
}

// padded is an element of an image, or outside it the given number.
func padded(x op.Tensor, n, c, y, xx int, outside float64) float64 {
	s := x.Shape()
	if y < 0 || xx < 0 || y >= s[1].Size || xx >= s[2].Size {
		return outside
	}
	return at(x, n, c, y, xx)
}

func (r *Run) Conv(x op.Tensor, w, bias op.Weight, win op.Window, groups int) op.Tensor {
	d := w.Dims()
	return r.made(r.tracer.Conv(x, w, bias, win, groups), func(n int, idx []int) float64 {
		sum := 0.0
		if bias != nil {
			sum = of(bias, idx[0])
		}
		first := idx[0] / (d[0] / groups) * d[1]
		for c := 0; c < d[1]; c++ {
			for i := 0; i < win.KH; i++ {
				for j := 0; j < win.KW; j++ {
					sum += of(w, idx[0], c, i, j) *
						padded(x, n, first+c, idx[1]*win.SH-win.Top+i*win.DH, idx[2]*win.SW-win.Left+j*win.DW, 0)
				}
			}
		}
		return sum
	})
}

func (r *Run) MatMul(a, c op.Tensor, transposed bool, scale float64) op.Tensor {
	return r.made(r.tracer.MatMul(a, c, transposed, scale), func(n int, idx []int) float64 {
		l := len(idx) - 1
		sum := 0.0
		for q := 0; q < a.Shape()[l].Size; q++ {
			second := put(idx, l-1, q)
			if transposed {
				second = put(put(idx, l-1, idx[l]), l, q)
			}
			sum += at(a, n, put(idx, l, q)...) * at(c, n, second...)
		}
		return scale * sum
	})
}

func (r *Run) window(x op.Tensor, win op.Window, n int, idx []int) (inside []float64) {
	for i := 0; i < win.KH; i++ {
		for j := 0; j < win.KW; j++ {
			v := padded(x, n, idx[0], idx[1]*win.SH-win.Top+i*win.DH, idx[2]*win.SW-win.Left+j*win.DW, math.Inf(1))
			if !math.IsInf(v, 1) {
				inside = append(inside, v)
			}
		}
	}
	return inside
}

func (r *Run) MaxPool(x op.Tensor, win op.Window) op.Tensor {
	return r.made(r.tracer.MaxPool(x, win), func(n int, idx []int) float64 {
		most := math.Inf(-1)
		for _, v := range r.window(x, win, n, idx) {
			most = max(most, v)
		}
		return most
	})
}

func (r *Run) AvgPool(x op.Tensor, win op.Window) op.Tensor {
	return r.made(r.tracer.AvgPool(x, win), func(n int, idx []int) float64 {
		inside, sum := r.window(x, win, n, idx), 0.0
		for _, v := range inside {
			sum += v
		}
		return sum / float64(len(inside))
	})
}

func (r *Run) Mean(x op.Tensor, axes ...int) op.Tensor {
	return r.made(r.tracer.Mean(x, axes...), func(n int, idx []int) float64 {
		sum, count := 0.0, 0
		place := make([]int, len(x.Shape()))
		r.each(x.Shape(), place, 0, func() {
			rest := idx
			for a, v := range place {
				gone := false
				for _, g := range axes {
					gone = gone || g == a
				}
				if !gone {
					if v != rest[0] {
						return
					}
					rest = rest[1:]
				}
			}
			sum += at(x, n, place...)
			count++
		})
		return sum / float64(count)
	})
}

func (r *Run) Add(xs ...op.Tensor) op.Tensor {
	return r.made(r.tracer.Add(xs...), func(n int, idx []int) float64 {
		sum := 0.0
		for _, x := range xs {
			sum += at(x, n, idx...)
		}
		return sum
	})
}

func (r *Run) Mul(xs ...op.Tensor) op.Tensor {
	return r.made(r.tracer.Mul(xs...), func(n int, idx []int) float64 {
		p := 1.0
		for _, x := range xs {
			p *= at(x, n, idx...)
		}
		return p
	})
}

func (r *Run) AddWeight(x op.Tensor, w op.Weight) op.Tensor {
	return r.made(x, func(n int, idx []int) float64 { return at(x, n, idx...) + of(w, idx...) })
}

func (r *Run) MulChannels(x, s op.Tensor) op.Tensor {
	return r.made(x, func(n int, idx []int) float64 { return at(x, n, idx...) * at(s, n, idx[0]) })
}

func (r *Run) AddSinusoid(x op.Tensor) op.Tensor {
	d := float64(x.Shape()[1].Size)
	return r.made(x, func(n int, idx []int) float64 {
		p, c := float64(idx[0]), idx[1]
		if c%2 == 0 {
			return at(x, n, idx...) + math.Sin(p/math.Pow(10000, float64(c)/d))
		}
		return at(x, n, idx...) + math.Cos(p/math.Pow(10000, float64(c-1)/d))
	})
}

func (r *Run) pointwise(x op.Tensor, f func(float64) float64) op.Tensor {
	return r.made(x, func(n int, idx []int) float64 { return f(at(x, n, idx...)) })
}

func (r *Run) Scale(x op.Tensor, by float64) op.Tensor {
	return r.pointwise(x, func(v float64) float64 { return by * v })
}

func (r *Run) ReLU(x op.Tensor) op.Tensor { return r.LeakyReLU(x, 0) }

func (r *Run) LeakyReLU(x op.Tensor, slope float64) op.Tensor {
	return r.pointwise(x, func(v float64) float64 {
		if v > 0 {
			return v
		}
		return slope * v
	})
}

func (r *Run) Tanh(x op.Tensor) op.Tensor {
	return r.pointwise(x, func(v float64) float64 { return 1 - 2/(math.Exp(2*v)+1) })
}

func sigmoid(v float64) float64 { return (1 + math.Tanh(v/2)) / 2 }

func (r *Run) Sigmoid(x op.Tensor) op.Tensor { return r.pointwise(x, sigmoid) }

func (r *Run) GELU(x op.Tensor) op.Tensor {
	return r.pointwise(x, func(v float64) float64 { return v * (1 + math.Erf(v/math.Sqrt(2))) / 2 })
}

func (r *Run) SiLU(x op.Tensor) op.Tensor {
	return r.pointwise(x, func(v float64) float64 { return v * sigmoid(v) })
}

func (r *Run) Softmax(x op.Tensor, axis int) op.Tensor {
	return r.made(x, func(n int, idx []int) float64 {
		sum := 0.0
		for i := 0; i < x.Shape()[axis].Size; i++ {
			sum += math.Exp(at(x, n, put(idx, axis, i)...))
		}
		if sum == 0 { // minus infinities alone
			return 0
		}
		return math.Exp(at(x, n, idx...)) / sum
	})
}

func (r *Run) CausalMask(x op.Tensor) op.Tensor {
	return r.made(x, func(n int, idx []int) float64 {
		if l := len(idx); idx[l-1] > idx[l-2] {
			return math.Inf(-1)
		}
		return at(x, n, idx...)
	})
}

func (r *Run) PadMask(x, mask op.Tensor) op.Tensor {
	return r.made(x, func(n int, idx []int) float64 {
		if at(mask, n, idx[len(idx)-1]) == 0 {
			return math.Inf(-1)
		}
		return at(x, n, idx...)
	})
}

func (r *Run) Zero(x op.Tensor) op.Tensor { return r.pointwise(x, func(float64) float64 { return 0 }) }

func (r *Run) Dropout(x op.Tensor, _ float64) op.Tensor {
	r.masks++
	i, nth := -1, r.masks
	return r.pointwise(x, func(v float64) float64 {
		i++
		if !r.Training {
			return v
		}
		return v * r.Mask(r.path, nth, i)
	})
}

// moments are the mean and the biased variance of the values that f visits.
func moments(f func(visit func(float64))) (mean, variance, count float64) {
	f(func(v float64) { mean, count = mean+v, count+1 })
	mean /= count
	f(func(v float64) { variance += (v - mean) * (v - mean) })
	return mean, variance / count, count
}

func (r *Run) BatchNorm(x op.Tensor, gamma, beta, mean, variance op.Weight, momentum, eps float64) op.Tensor {
	s := x.Shape()
	m, v := append([]float64(nil), mean.(*weight).data...), append([]float64(nil), variance.(*weight).data...)
	if r.Training {
		newMean, newVariance := make([]float64, len(m)), make([]float64, len(v))
		for c := range m {
			var count float64
			m[c], v[c], count = moments(func(visit func(float64)) {
				idx := make([]int, len(s))
				for n := 0; n < r.Batch; n++ {
					r.each(s, idx, 0, func() {
						if idx[0] == c {
							visit(at(x, n, idx...))
						}
					})
				}
			})
			newMean[c] = (1-momentum)*of(mean, c) + momentum*m[c]
			newVariance[c] = (1-momentum)*of(variance, c) + momentum*v[c]*count/max(1, count-1)
		}
		r.States[mean.(*weight).name], r.States[variance.(*weight).name] = newMean, newVariance
	}
	return r.made(x, func(n int, idx []int) float64 {
		c := idx[0]
		return (at(x, n, idx...)-m[c])/math.Sqrt(v[c]+eps)*of(gamma, c) + of(beta, c)
	})
}

func (r *Run) LayerNorm(x op.Tensor, gamma, beta op.Weight, eps float64) op.Tensor {
	return r.made(x, func(n int, idx []int) float64 {
		l := len(idx) - 1
		mean, variance, _ := moments(func(visit func(float64)) {
			for i := 0; i < x.Shape()[l].Size; i++ {
				visit(at(x, n, put(idx, l, i)...))
			}
		})
		return (at(x, n, idx...)-mean)/math.Sqrt(variance+eps)*of(gamma, idx[l]) + of(beta, idx[l])
	})
}

func (r *Run) GroupNorm(x op.Tensor, groups int, gamma, beta op.Weight, eps float64) op.Tensor {
	each := x.Shape()[0].Size / groups
	return r.made(x, func(n int, idx []int) float64 {
		c := idx[0]
		mean, variance, _ := moments(func(visit func(float64)) {
			place := make([]int, len(idx))
			r.each(x.Shape(), place, 0, func() {
				if place[0]/each == c/each {
					visit(at(x, n, place...))
				}
			})
		})
		return (at(x, n, idx...)-mean)/math.Sqrt(variance+eps)*of(gamma, c) + of(beta, c)
	})
}

func (r *Run) Concat(axis int, xs ...op.Tensor) op.Tensor {
	return r.made(r.tracer.Concat(axis, xs...), func(n int, idx []int) float64 {
		i := idx[axis]
		for _, x := range xs {
			if i < x.Shape()[axis].Size {
				return at(x, n, put(idx, axis, i)...)
			}
			i -= x.Shape()[axis].Size
		}
		panic("beyond the last")
	})
}

func (r *Run) Slice(x op.Tensor, axis, from, to int) op.Tensor {
	return r.made(r.tracer.Slice(x, axis, from, to), func(n int, idx []int) float64 {
		return at(x, n, put(idx, axis, idx[axis]+from)...)
	})
}

func (r *Run) Permute(x op.Tensor, order ...int) op.Tensor {
	return r.made(r.tracer.Permute(x, order...), func(n int, idx []int) float64 {
		place := make([]int, len(idx))
		for i, a := range order {
			place[a] = idx[i]
		}
		return at(x, n, place...)
	})
}

func (r *Run) Reshape(x op.Tensor, to op.Shape) op.Tensor { return &tensor{to, x.(*tensor).data} }

func (r *Run) Unfold(x op.Tensor, win op.Window) op.Tensor {
	_, w := win.Out(x.Shape()[1].Size, x.Shape()[2].Size)
	return r.made(r.tracer.Unfold(x, win), func(n int, idx []int) float64 {
		row, col := idx[0]/w, idx[0]%w
		c, i, j := idx[1]/(win.KH*win.KW), idx[1]/win.KW%win.KH, idx[1]%win.KW
		return padded(x, n, c, row*win.SH-win.Top+i*win.DH, col*win.SW-win.Left+j*win.DW, 0)
	})
}

func (r *Run) Embed(x op.Tensor, table op.Weight) op.Tensor {
	return r.made(r.tracer.Embed(x, table), func(n int, idx []int) float64 {
		l := len(idx) - 1
		return of(table, int(at(x, n, idx[:l]...)), idx[l])
	})
}

// gate is row of w x + bias at step t.
func gate(x op.Tensor, n, t int, w op.Weight, row int) float64 {
	sum := 0.0
	for i := 0; i < w.Dims()[1]; i++ {
		sum += of(w, row, i) * at(x, n, t, i)
	}
	return sum
}

func (r *Run) LSTM(x op.Tensor, wx, wh, bias op.Weight) op.Tensor {
	width := wh.Dims()[1]
	h := r.made(r.tracer.LSTM(x, wx, wh, bias), func(int, []int) float64 { return 0 }).(*tensor)
	for n := 0; n < r.Batch; n++ {
		c := make([]float64, width)
		for t := 0; t < x.Shape()[0].Size; t++ {
			for j := range c {
				var a [4]float64
				for g := range a {
					a[g] = gate(x, n, t, wx, g*width+j) + of(bias, g*width+j)
					if t > 0 {
						a[g] += gate(h, n, t-1, wh, g*width+j)
					}
				}
				c[j] = sigmoid(a[1])*c[j] + sigmoid(a[0])*math.Tanh(a[2])
				h.data[(n*x.Shape()[0].Size+t)*width+j] = sigmoid(a[3]) * math.Tanh(c[j])
			}
		}
	}
	return h
}

func (r *Run) GRU(x op.Tensor, wx, wh, bx, bh op.Weight) op.Tensor {
	width := wh.Dims()[1]
	h := r.made(r.tracer.GRU(x, wx, wh, bx, bh), func(int, []int) float64 { return 0 }).(*tensor)
	for n := 0; n < r.Batch; n++ {
		for t := 0; t < x.Shape()[0].Size; t++ {
			for j := 0; j < width; j++ {
				var a, q [3]float64
				before := 0.0
				for g := range a {
					a[g], q[g] = gate(x, n, t, wx, g*width+j)+of(bx, g*width+j), of(bh, g*width+j)
					if t > 0 {
						q[g] += gate(h, n, t-1, wh, g*width+j)
						before = at(h, n, t-1, j)
					}
				}
				reset, z := sigmoid(a[0]+q[0]), sigmoid(a[1]+q[1])
				h.data[(n*x.Shape()[0].Size+t)*width+j] = (1-z)*math.Tanh(a[2]+reset*q[2]) + z*before
			}
		}
	}
	return h
}

func (r *Run) Opaque(in []op.Tensor, _ []op.Shape, _, _ int64) []op.Tensor {
	panic("an op without a definition")
}
