package canon_test

import (
	"fmt"
	"sort"
	"strings"
	"sync"
	"testing"

	"github.com/spacec-lang/spacec/ir/canon"
)

// A count of NAS-Bench-201's structures that uses nothing of package canon: cells are simplified as sums
// of terms, by hand, and compared in pairs by trying every renaming of their convolutions.

// term is x (unit and pool nil), the output of a unit, or the pooling of a sum.
type term struct {
	unit *unit
	pool total
}

// total is a sum: how often each term stands in it, the terms by their text.
type total map[string]*counted

type counted struct {
	term
	times int
}

// unit is one relu, convolution, normalisation with weights of its own.
type unit struct {
	id int
	k  int // the op on its edge
	in total
}

// text writes a sum with the units' names by name; unfolded to the input, every use with what it uses.
func (s total) text(name func(*unit) string) string {
	var parts []string
	for _, c := range s {
		p := "x"
		switch {
		case c.unit != nil && len(c.unit.in) == 0:
			p = "constant" + name(c.unit) // relu and convolution of nothing are nothing; the shift remains
		case c.unit != nil:
			p = fmt.Sprintf("unit%d%s(%s)", c.unit.k, name(c.unit), c.unit.in.text(name))
		case c.pool != nil:
			p = "pool(" + c.pool.text(name) + ")"
		}
		parts = append(parts, fmt.Sprint(c.times, p))
	}
	sort.Strings(parts)
	return strings.Join(parts, "+")
}

func byID(u *unit) string { return fmt.Sprint("#", u.id) }

// units collects the units that a sum needs.
func (s total) units(into map[*unit]bool) {
	for _, c := range s {
		if c.unit != nil {
			into[c.unit] = true
			c.unit.in.units(into)
		}
		c.pool.units(into)
	}
}

func (s total) plus(t total) total {
	sum := total{}
	for _, u := range []total{s, t} {
		for k, c := range u {
			if sum[k] == nil {
				sum[k] = &counted{c.term, 0}
			}
			sum[k].times += c.times
		}
	}
	return sum
}

func one(t term) total {
	s := total{"": {t, 1}}
	return total{s.text(byID): s[""]}
}

// simplified is the cell's output.
func (c cell) simplified() total {
	node := [4]total{one(term{}), {}, {}, {}}
	for _, e := range [6]int{0, 1, 2, 3, 4, 5} {
		x := node[edges[e][0]]
		switch ops[c[e]] {
		case "none":
			x = nil
		case "nor_conv_1x1", "nor_conv_3x3":
			x = one(term{unit: &unit{e, c[e], x}})
		case "avg_pool_3x3":
			if len(x) > 0 {
				x = one(term{pool: x})
			}
		}
		node[edges[e][1]] = node[edges[e][1]].plus(x)
	}
	return node[3]
}

// isomorphic tries every renaming of a's units to b's.
func isomorphic(a, b total) bool {
	left, right := map[*unit]bool{}, map[*unit]bool{}
	a.units(left)
	b.units(right)
	if len(left) != len(right) {
		return false
	}
	var from, to []*unit
	for u := range left {
		from = append(from, u)
	}
	for u := range right {
		to = append(to, u)
	}
	want := b.text(byID)
	names := map[*unit]string{}
	var try func(i int) bool
	try = func(i int) bool {
		if i == len(from) {
			return a.text(func(u *unit) string { return names[u] }) == want
		}
		for j := i; j < len(to); j++ {
			to[i], to[j] = to[j], to[i]
			names[from[i]] = byID(to[i])
			if try(i + 1) {
				return true
			}
			to[i], to[j] = to[j], to[i]
		}
		return false
	}
	return try(0)
}

// byHand gives every cell the number of its structure.
var byHand = sync.OnceValues(bruteForce)

func bruteForce() (of []int, count int) {
	type class struct {
		of     total
		number int
	}
	alike := map[string][]class{}
next:
	for _, c := range cells() {
		s := c.simplified()
		key := s.text(func(*unit) string { return "" })
		for _, d := range alike[key] {
			if isomorphic(s, d.of) {
				of = append(of, d.number)
				continue next
			}
		}
		alike[key] = append(alike[key], class{s, count})
		of = append(of, count)
		count++
	}
	return of, count
}

// structures is how many different networks the 15,625 cells of NAS-Bench-201 are.
const structures = 5485

// TestCellsAreAsManyAsCountedByHand compares the hashes with the brute-force count, cell by cell.
func TestCellsAreAsManyAsCountedByHand(t *testing.T) {
	of, n := byHand()
	if n != structures {
		t.Errorf("%d structures counted by hand, not %d", n, structures)
	}
	o := newCellOps(t)
	h := canon.NewHasher(canon.Budget)
	hashes := map[int][32]byte{}
	numbers := map[[32]byte]int{}
	for i, c := range cells() {
		f, err := h.Hash(o.graph(t, c))
		if err != nil || !f.Exact {
			t.Fatalf("cell %v: %v, exact: %v", c, err, f.Exact)
		}
		if first, ok := hashes[of[i]]; ok && first != f.Hash {
			t.Fatalf("cell %v has another hash than an isomorphic one", c)
		}
		if number, ok := numbers[f.Hash]; ok && number != of[i] {
			t.Fatalf("cell %v has the hash of one that isn't isomorphic", c)
		}
		hashes[of[i]], numbers[f.Hash] = f.Hash, of[i]
	}
}
