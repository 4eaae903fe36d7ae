package ir_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// TestNamedResults counts, by hand, where the grid of an unfold can be read.
func TestNamedResults(t *testing.T) {
	for _, test := range []struct {
		name, net string
		points    int
	}{
		{"where the op that was drawn has it", "{ u = in >> (unfold(2) | flatten); u >> (fold(u.grid) | skip) }", 3},
		{"of a rule", "{ u = in >> cut; u >> fold(u.grid) }\nrule cut = unfold(2) | unfold(1) | flatten", 2},
		{"of a let", "{ let cut = unfold(2) | flatten; u = in >> cut; v = in >> cut; (u >> fold(u.grid)) + (v >> fold(v.grid)) }", 1},
		{"given to a rule", "{ u = in >> (unfold(2) | flatten); u >> back(u.grid) }\nrule back(grid) = fold(grid) | skip", 3},
		{"not after a skip", "{ u = in >> unfold(2) >> (skip | relu); u >> (fold(u.grid) | skip) }", 2},
		{"not under another name", "{ u = in >> unfold(2); v = u; v >> (fold(v.grid) | skip) }", 1},
		{"not out of a tuple", "{ u = in >> unfold(2); v, w = (u, u); (v, w) >> add >> (fold(v.grid) | fold(u.grid)) }", 1},
		{"in a recursion", "{ u = in >> unfold(2); u >> back(u.grid, 2) }\nrule back(grid, n) = fold(grid) | relu >> back(grid, n - 1) if n > 0", 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			sp := load(t, image+"net = "+test.net)
			n := enumerate(t, sp, 100, func(p *ir.Point) {
				if _, err := p.Build(); err != nil {
					t.Error(err)
				}
				text, err := p.Text()
				if err != nil {
					t.Fatal(err)
				}
				var report diag.Report
				if ir.Load(lang.NewSource("point.space", text), env, &report) == nil {
					t.Errorf("the point's text is no space:\n%s", text)
				}
			})
			if n != test.points {
				t.Errorf("%d points; %d by hand", n, test.points)
			}
			if count, err := sp.Count(); !errors.Is(err, ir.ErrInfinite) && (err != nil || int(count.Int64()) != test.points) {
				t.Errorf("counted %v, %v", count, err)
			}
		})
	}
}

// TestNamedResultIsPrinted reads a grid back as the numbers that it was.
func TestNamedResultIsPrinted(t *testing.T) {
	sp := load(t, image+"net = { u = in >> unfold(2); u >> fold(u.grid) }")
	text, err := draw(t, sp, 0, 0).Text()
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text, "fold(7, 7)") {
		t.Errorf("no fold(7, 7) in\n%s", text)
	}
}
