package ir_test

import (
	"fmt"
	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"os"
	"testing"
	"time"
)

func TestZZ(t *testing.T) {
	b, _ := os.ReadFile(os.Getenv("ZZ"))
	var report diag.Report
	sp := ir.Load(lang.NewSource("zz.space", string(b)), env, &report)
	for _, d := range report.Diagnostics() {
		l, c := 0, 0
		if d.At.Source != nil {
			l, c = d.At.Source.Position(d.At.Start)
		}
		fmt.Println(d.Code, l, c, d.Message, d.Label, d.Notes, d.At.Text())
	}
	if sp == nil {
		return
	}
	w := sp.Walk()
	start := time.Now()
	n := 0
	for time.Since(start) < 3*time.Second {
		w.Reset()
		w.Draw(1, uint64(n))
		p, err := w.Point()
		if err != nil {
			fmt.Println(err)
			break
		}
		n++
		if n <= 2 {
			s, err := p.Text()
			if len(s) > 3000 {
				s = s[:3000]
			}
			fmt.Println(s, err)
		}
	}
	fmt.Println(n, "points in", time.Since(start))
}
func TestExplore(t *testing.T) {
	for _, n := range []string{"digits"} {
		sp := example(t, n)
		start := time.Now()
		c, err := sp.Count()
		fmt.Println(c, err, time.Since(start))
		fmt.Println(sp.Stats())
	}
}
