package gorgonia

import (
	"strings"
	"testing"
	"time"
)

const digitsNet = `x: [c: 1, h: 8, w: 8]
	a = conv(32) x
	b = batch_norm a
	c = relu b
	d = conv(64) c
	e = batch_norm d
	f = relu e
	g = max_pool(2) f
	h = conv(64) g
	i = relu h
	j = global_avg_pool i
	y = dense(10) j`

func benchmarkStep(b *testing.B, text string, batch int) {
	c := newTrial(b, graphOf(b, text), batch, CrossEntropy, 1)
	m := c.build(b, false)
	x := singles(c.inputs)
	cost, err := c.g.Costs()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	best := time.Hour // on a machine that others use, too, it says more than the mean
	for b.Loop() {
		start := time.Now()
		if _, err := m.Step(x, c.target); err != nil {
			b.Fatal(err)
		}
		best = min(best, time.Since(start))
	}
	b.ReportMetric(best.Seconds()*1e3, "best-ms")
	b.ReportMetric(6*float64(cost.MACs)*float64(batch)*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
}

// stepNets are the networks whose steps are measured, with a batch for each.
var stepNets = []struct {
	name, text string
	batch      int
}{
	{"digits", digitsNet, 64},
	{"mlp", "x: [784]\na = dense(512) x\nb = relu a\nc = dense(512) b\nd = relu c\ny = dense(10) d", 128},
	{"cnn32", `x: [c: 3, h: 32, w: 32]
		a = conv(16) x
		b = relu a
		c = max_pool(2) b
		d = conv(32) c
		e = relu d
		f = max_pool(2) e
		y = dense(10) f`, 64},
	{"resnet", `x: [c: 3, h: 32, w: 32]
		a = conv(32) x
		b = batch_norm a
		c = relu b
		d = conv(32) c
		e = batch_norm d
		f = relu e
		g = conv(32) f
		h = batch_norm g
		i = add h c
		j = relu i
		k = conv(64, stride: 2) j
		l = batch_norm k
		m = relu l
		n = conv(64) m
		o = batch_norm n
		p = conv(64, 1, stride: 2) j
		q = batch_norm p
		r = add o q
		s = relu r
		t = conv(64) s
		u = batch_norm t
		v = relu u
		w = conv(64) v
		xx = batch_norm w
		yy = add xx s
		z = relu yy
		pool = global_avg_pool z
		y = dense(10) pool`, 32},
	{"depthwise", "x: [c: 32, h: 16, w: 16]\na = conv(groups: 32) x\nb = relu a\nc = conv(32, 1) b\nd = global_avg_pool c\ny = dense(10) d", 32},
	{"transformer", `x: [s: 64, d: 128]
		a = attention(4) x
		b = add a x
		c = layer_norm b
		d = linear(512) c
		e = gelu d
		f = linear(128) e
		g = add f c
		h = layer_norm g
		i = mean(1) h
		y = dense(10) i`, 16},
	{"lstm", "x: [s: 32, d: 128]\na = lstm(128) x\nb = mean(1) a\ny = dense(10) b", 32},
	{"gru", "x: [s: 16, d: 32]\na = gru(48) x\nb = mean(1) a\ny = dense(10) b", 16},
}

func BenchmarkStep(b *testing.B) {
	for _, n := range stepNets {
		b.Run(n.name, func(b *testing.B) { benchmarkStep(b, n.text, n.batch) })
	}
}

func BenchmarkBuild(b *testing.B) {
	deep := "x: [c: 4, h: 4, w: 4]\na = relu x" + strings.Repeat("\nb = conv a\nc = batch_norm b\nd = relu c\na = add a d", 100) + "\ny = dense(10) a"
	for name, text := range map[string]string{"digits": digitsNet, "400 ops": deep} {
		g := graphOf(b, text)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				m, err := Build(g, Options{Batch: 64})
				if err != nil {
					b.Fatal(err)
				}
				m.Close()
			}
		})
	}
}
