package gorgonia

import (
	"fmt"
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
	c.o.Float64 = false
	m, err := Build(c.g, c.o) // with weights that make no numbers too small for the processor's quick ways
	if err != nil {
		b.Fatal(err)
	}
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
	{"resnet", resnet(), 32},
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

// resnet is of the shape of He et al. 2016 (arXiv 1512.03385, section 4.2), with two blocks a stage.
func resnet() string {
	text, x, n := "x: [c: 3, h: 32, w: 32]", "x", 0
	op := func(format string, args ...any) string {
		n++
		text += fmt.Sprintf("\n\tv%d = ", n) + fmt.Sprintf(format, args...)
		return fmt.Sprint("v", n)
	}
	conv := func(x string, filters, size, stride int) string {
		return op("batch_norm %s", op("conv(%d, %d, stride: %d) %s", filters, size, stride, x))
	}
	x = op("relu %s", conv(x, 16, 3, 1))
	for _, block := range [][2]int{{16, 1}, {16, 1}, {32, 2}, {32, 1}, {64, 2}, {64, 1}} {
		y, way := conv(op("relu %s", conv(x, block[0], 3, block[1])), block[0], 3, 1), x
		if block[1] > 1 {
			way = conv(x, block[0], 1, block[1])
		}
		x = op("relu %s", op("add %s %s", y, way))
	}
	return text + fmt.Sprintf("\n\tp = global_avg_pool %s\n\ty = dense(10) p", x)
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
