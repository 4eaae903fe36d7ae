package gorgonia

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/stdlib"
	"pgregory.net/rapid"
)

// fits tells whether a call can take an image of the size.
func fits(t *testing.T, call string, c, h, w int) bool {
	_, err := op.Infer(argsOf(t, call), []op.Shape{{{Size: c}, {Size: h}, {Size: w}}})
	return err == nil
}

// Windows of every geometry: what the table of ops leaves out.
func TestWindowsOfEveryGeometry(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := func(name string, least, most int) int { return rapid.IntRange(least, most).Draw(r, name) }
		groups, h, w := n("groups", 1, 3), n("h", 1, 7), n("w", 1, 7)
		c := groups * n("channels", 1, 2)
		kernel, stride := n("kernel", 1, 4), n("stride", 1, 3)
		call := ""
		switch n("op", 0, 3) {
		case 0:
			call = fmt.Sprintf("max_pool(%d, %d, %d)", kernel, stride, n("padding", 0, kernel/2))
		case 1:
			call = fmt.Sprintf("avg_pool(%d, %d, %d)", kernel, stride, n("padding", 0, kernel/2))
		case 2:
			call = fmt.Sprintf("unfold(%d, stride: %d, padding: %d)", kernel, stride, n("padding", 0, 2))
		default:
			call = fmt.Sprintf("conv(%d, %d, stride: %d, dilation: %d, groups: %d", groups*n("filters", 1, 3), kernel, stride, n("dilation", 1, 3), groups)
			if n("same", 0, 1) == 0 {
				call += fmt.Sprintf(", padding: %d", n("padding", 0, 3))
			}
			call += ")"
		}
		if !fits(t, call, c, h, w) {
			return
		}
		net := fmt.Sprintf("x: [c: %d, h: %d, w: %d]\na = pos_enc x\nb = %s a\ny = dense(2) b", c, h, w, call)
		t.Run(call, func(t *testing.T) {
			check(t, graphOf(t, net), n("batch", 1, 3), MeanSquared, rapid.Uint64().Draw(r, "seed"))
			if t.Failed() {
				r.Fatalf("failed on\n%s", net)
			}
		})
	})
}

// raw are ops that hand their numbers to a primitive, for geometries that no op of the library has.
var raw = func() map[string]*op.Spec {
	specs := map[string]*op.Spec{}
	add := func(name string, arity int, apply func(b op.Builder, n []int, in []op.Tensor) op.Tensor) {
		specs[name] = &op.Spec{Name: name, Arity: arity, Params: []op.Param{{Name: "n", Kind: op.Ints}},
			Apply: func(b op.Builder, a op.Args, in []op.Tensor) []op.Tensor {
				return []op.Tensor{apply(b, a.Ints("n"), in)}
			}}
	}
	window := func(n []int) op.Window { // of ten numbers
		return op.Window{KH: n[0], KW: n[1], SH: n[2], SW: n[3], DH: n[4], DW: n[5], Top: n[6], Bottom: n[7], Left: n[8], Right: n[9]}
	}
	add("raw_conv", 1, func(b op.Builder, n []int, in []op.Tensor) op.Tensor { // filters, groups, the window
		win := window(n[2:])
		w := b.Weight("weight", op.Normal(0.5), n[0], in[0].Shape()[0].Size/n[1], win.KH, win.KW)
		return b.Conv(in[0], w, b.Weight("bias", op.Normal(0.5), n[0]), win, n[1])
	})
	add("raw_max_pool", 1, func(b op.Builder, n []int, in []op.Tensor) op.Tensor { return b.MaxPool(in[0], window(n)) })
	add("raw_avg_pool", 1, func(b op.Builder, n []int, in []op.Tensor) op.Tensor { return b.AvgPool(in[0], window(n)) })
	add("raw_unfold", 1, func(b op.Builder, n []int, in []op.Tensor) op.Tensor { return b.Unfold(in[0], window(n)) })
	add("raw_mean", 1, func(b op.Builder, n []int, in []op.Tensor) op.Tensor { return b.Mean(in[0], n...) })
	add("raw_concat", 1, func(b op.Builder, n []int, in []op.Tensor) op.Tensor { return b.Concat(n[0], in[0]) })
	add("raw_slice", 1, func(b op.Builder, n []int, in []op.Tensor) op.Tensor { return b.Slice(in[0], n[0], n[1], n[2]) })
	add("raw_matmul", 2, func(b op.Builder, n []int, in []op.Tensor) op.Tensor {
		return b.MatMul(in[0], in[1], n[0] == 1, float64(n[1])/2)
	})
	return specs
}()

func specOf(name string) *op.Spec {
	if s := raw[name]; s != nil {
		return s
	}
	return stdlib.Library().Lookup(name)
}

// Primitives with windows of different height and width, padding of four kinds, any axes, slices and products.
func TestPrimitivesOfEveryGeometry(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		n := func(name string, least, most int) int { return rapid.IntRange(least, most).Draw(r, name) }
		sizes := rapid.SliceOfN(rapid.IntRange(1, 4), 1, 5).Draw(r, "sizes")
		net := ""
		switch kind := n("primitive", 0, 8); kind {
		case 0, 1, 2, 3:
			groups, h, w := n("groups", 1, 3), n("h", 1, 6), n("w", 1, 6)
			c, kh, kw := groups*n("channels", 1, 2), n("kh", 1, 3), n("kw", 1, 3)
			most, dilation := [2]int{2, 2}, 2 // of the padding: a pool's windows must hold something of the image
			if kind == 1 || kind == 2 {
				most, dilation = [2]int{kh / 2, kw / 2}, 1
			}
			call := fmt.Sprintf("(%d, %d, %d, %d, %d, %d, %d, %d, %d, %d)", kh, kw, n("sh", 1, 3), n("sw", 1, 3), n("dh", 1, dilation), n("dw", 1, dilation),
				n("top", 0, most[0]), n("bottom", 0, most[0]), n("left", 0, most[1]), n("right", 0, most[1]))
			call = []string{"raw_conv", "raw_max_pool", "raw_avg_pool", "raw_unfold"}[kind] + call
			if kind == 0 {
				call = strings.Replace(call, "(", fmt.Sprintf("(%d, %d, ", groups*n("filters", 1, 2), groups), 1)
			}
			if !fits(t, call, c, h, w) {
				return
			}
			net = fmt.Sprintf("x: [c: %d, h: %d, w: %d]\na = pos_enc x\nb = %s a\ny = dense(2) b", c, h, w, call)
		case 4:
			axes := rapid.SliceOfNDistinct(rapid.IntRange(0, len(sizes)-1), 1, len(sizes), rapid.ID).Draw(r, "axes")
			net = fmt.Sprintf("x: %s\na = pos_enc x\nb = raw_mean(%s) a\ny = dense(2) b", brackets(sizes), inner(axes, 0))
		case 5:
			axis := n("axis", 0, len(sizes)-1)
			from := n("from", 0, sizes[axis]-1)
			net = fmt.Sprintf("x: %s\na = pos_enc x\nb = raw_slice(%d, %d, %d) a\nc = tanh b\ny = dense(2) c", brackets(sizes), axis, from, n("to", from+1, sizes[axis]))
		case 6:
			order := rapid.Permutation([]int{0, 1, 2, 3, 4}[:len(sizes)]).Draw(r, "order")
			net = fmt.Sprintf("x: %s\na = pos_enc x\nb = permute(%s) a\nc = pos_enc b\nd = mul b c\ny = dense(2) d", brackets(sizes), inner(order, 1))
		case 7:
			axis := n("axis", 1, len(sizes))
			net = fmt.Sprintf("x: %s\na = pos_enc x\nb = softmax(%d) a\nc = concat(%d) b a b\ny = dense(2) c", brackets(sizes), axis, axis)
		default:
			p, q, s, transposed := n("p", 1, 4), n("q", 1, 4), n("r", 1, 4), n("transposed", 0, 1)
			second := []int{q, s}
			if transposed == 1 {
				second = []int{s, q}
			}
			outer := sizes[:min(2, len(sizes))]
			net = fmt.Sprintf("x: %s\nz: %s\na = pos_enc x\nb = pos_enc z\nc = raw_matmul(%d, %d) a b\ny = dense(2) c",
				brackets(append(slices.Clone(outer), p, q)), brackets(append(slices.Clone(outer), second...)), transposed, n("scale", 1, 4))
		}
		g := graphOf(t, net)
		t.Run("", func(t *testing.T) {
			check(t, g, n("batch", 1, 3), MeanSquared, rapid.Uint64().Draw(r, "seed"))
			if t.Failed() {
				r.Fatalf("failed on\n%s", net)
			}
		})
	})
}

func brackets(sizes []int) string { return "[" + inner(sizes, 0) + "]" }

// inner is a list with something added to each.
func inner(list []int, plus int) string {
	var items []string
	for _, n := range list {
		items = append(items, fmt.Sprint(n+plus))
	}
	return strings.Join(items, ", ")
}
