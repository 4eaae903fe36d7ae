package gorgonia

import (
	"fmt"
	"testing"

	"github.com/spacec-lang/spacec/ir/op"
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
