package ir_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// TestEverySum asks a space for every sum, as an equality, a lower bound and a range: it has a point exactly where one of
// the parameters' formula has it, and what is drawn keeps the bound.
func TestEverySum(t *testing.T) {
	const text = image + "net = conv(1..5, kernel: 1 | 3) >> conv(2 | 7)\nrequire "
	sums := map[int]bool{}
	most := 0
	for a := 1; a <= 5; a++ {
		for _, k := range []int{1, 3} {
			for _, b := range []int{2, 7} {
				n := (3*k*k+1)*a + (9*a+1)*b
				sums[n] = true
				most = max(most, n)
			}
		}
	}
	some := func(from, to int) bool {
		for n := from; n <= to; n++ {
			if sums[n] {
				return true
			}
		}
		return false
	}
	for n := 0; n <= most+2; n += 1 + n/60 {
		for condition, has := range map[string]bool{
			fmt.Sprintf("params == %d", n):                    sums[n],
			fmt.Sprintf("params >= %d", n):                    n <= most,
			fmt.Sprintf("params >= %d, params <= %d", n, n+5): some(n, n+5),
		} {
			sp := ir.Load(lang.NewSource("t.space", text+condition+"\n"), env, &diag.Report{})
			if (sp != nil) != has {
				t.Fatalf("require %s: has a point: %v, want %v", condition, sp != nil, has)
			}
			if sp == nil {
				continue
			}
			w := sp.Walk()
			w.Draw(uint64(n), 0)
			p, err := w.Point()
			if err != nil {
				t.Fatalf("require %s: %v", condition, err)
			}
			if got := int(p.Costs()[0].Value); !sums[got] || got < n {
				t.Errorf("require %s: a point of %d", condition, got)
			}
		}
	}
}

// TestUnsettledSums: requirements that the search gives up on are said to be undecided, all of them.
func TestUnsettledSums(t *testing.T) {
	const text = `use std
input x: [c: 3, h: 16, w: 16]
net = block{8} >> global_avg_pool >> dense(10)
rule block = conv(9..128 step 7, 1 | 3 | 5) >> relu
require params == 1234567, macs == 98765432
`
	report := &diag.Report{}
	ir.Load(lang.NewSource("t.space", text), env, report)
	var got []string
	for _, d := range report.Diagnostics() {
		got = append(got, string(d.Code)+" "+d.Message+": "+d.At.Text()+" "+d.Others[0].Text+": "+d.Others[0].Span.Text())
	}
	want := []string{"E501 whether some point keeps all of these stays undecided; none was found: params == 1234567 together with this: macs == 98765432"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
