package canon_test

import (
	"os"
	"testing"
	"time"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/ir/canon"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
)

func example(t testing.TB, name string) *ir.Space {
	t.Helper()
	text, err := os.ReadFile("../../examples/" + name + ".space")
	if err != nil {
		t.Fatal(err)
	}
	var report diag.Report
	sp := ir.Load(lang.NewSource(name+".space", string(text)), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &report)
	for _, d := range report.Diagnostics() {
		t.Errorf("%s: %s: %q", d.Code, d.Message, d.At.Text())
	}
	if sp == nil {
		t.FailNow()
	}
	return sp
}

func enumerate(t testing.TB, sp *ir.Space, visit func(*ir.Point)) int {
	t.Helper()
	w := sp.Walk()
	var stack []int
	for n := 0; ; {
		w.Reset()
		var sizes []int
		for d, ok := w.Next(); ok; d, ok = w.Next() {
			k := len(sizes)
			sizes = append(sizes, d.Len())
			if k == len(stack) {
				stack = append(stack, 0)
			}
			w.Choose(stack[k])
		}
		p, err := w.Point()
		if err != nil {
			t.Fatalf("a walk ended without a point: %v", err)
		}
		visit(p)
		n++
		for len(stack) > 0 && stack[len(stack)-1] == sizes[len(stack)-1]-1 {
			stack = stack[:len(stack)-1]
		}
		if len(stack) == 0 {
			return n
		}
		stack[len(stack)-1]++
	}
}

func TestX(t *testing.T) {
	for _, name := range []string{"nasbench201", "nasbenchmacro", "tfref"} {
		var a, b, c time.Duration
		nodes := 0
		h := canon.NewHasher(canon.Budget)
		sp := example(t, name)
		st := map[[32]byte]int{}
		n := enumerate(t, sp, func(p *ir.Point) {
			t0 := time.Now()
			bl, err := p.Build()
			if err != nil {
				t.Fatal(err)
			}
			t1 := time.Now()
			bl.Graph.Costs()
			t2 := time.Now()
			f, err := h.Hash(bl.Graph)
			if err != nil || !f.Exact {
				t.Fatal(err)
			}
			st[f.Hash]++
			t3 := time.Now()
			a += t1.Sub(t0)
			b += t2.Sub(t1)
			c += t3.Sub(t2)
			nodes += len(bl.Graph.Nodes)
		})
		t.Log(name, n, a, b, c, nodes/n, len(st))
	}
}
