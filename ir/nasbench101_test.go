package ir_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// nasbench101 is the example with one cell, and with other changes, each of which has to be one.
func nasbench101(t *testing.T, changes ...string) string {
	t.Helper()
	text, err := os.ReadFile("../examples/nasbench101.space")
	if err != nil {
		t.Fatal(err)
	}
	changed := string(text)
	changes = append([]string{"cell(128){3} >> max_pool(2) >> cell(256){3} >> max_pool(2) >> cell(512){3}", "cell(128)"}, changes...)
	for i := 0; i < len(changes); i += 2 {
		if !strings.Contains(changed, changes[i]) {
			t.Fatalf("the example has no %q", changes[i])
		}
		changed = strings.ReplaceAll(changed, changes[i], changes[i+1])
	}
	return changed
}

// graphs calls f with every acyclic graph of v vertices in order that has nine edges at most, and no vertex that is on no way from the first to
// the last: graph[j] is the set of vertices from which edges lead to j.
func graphs(v int, f func(graph []uint)) {
	pairs := v * (v - 1) / 2
	for bits := range 1 << pairs {
		graph, leaves, edges, e := make([]uint, v), uint(0), 0, 0
		for j := 1; j < v; j++ {
			for i := range j {
				if bits>>e&1 == 1 {
					graph[j] |= 1 << i
					leaves |= 1 << i
					edges++
				}
				e++
			}
		}
		if edges <= 9 && leaves == 1<<(v-1)-1 && !slices.Contains(graph[1:], 0) {
			f(graph)
		}
	}
}

// TestNASBench101 compares with all matrices of up to seven vertices: a point is a graph in order, with an operation for each vertex but two.
func TestNASBench101(t *testing.T) {
	want := int64(0)
	for v, labels := 2, int64(1); v <= 7; v, labels = v+1, labels*3 {
		graphs(v, func([]uint) { want += labels })
	}
	n, err := load(t, nasbench101(t)).Count()
	if err != nil || n.Int64() != want {
		t.Errorf("%v points (%v), want %d", n, err, want)
	}
}

// TestNASBench101Unique counts the cells of up to five vertices that are different in any order: as networks, and as the smallest of
// their relabellings. The output adds what arrives, as the order in which it stands side by side makes a difference to a network.
func TestNASBench101Unique(t *testing.T) {
	want := 0
	for v := 2; v <= 5; v++ {
		unique := map[string]bool{}
		graphs(v, func(graph []uint) {
			for labels := range pow3(v - 2) {
				least := ""
				orders(v, func(order []int) {
					text := relabelled(graph, labels, order)
					if least == "" || text < least {
						least = text
					}
				})
				unique[least] = true
			}
		})
		want += len(unique)
	}
	text := nasbench101(t, "n = 0..5", "n = 0..3", "width = floor(c / max(outputs, 1))", "width = c", "outputs * width", "width",
		"side_by_side", "sum", "rule sum = skip if in.arity == 1 | concat(1) if in.arity > 1\n", "")
	n, exact, err := load(t, text).Structures(10_000)
	if err != nil || !exact || int(n) != want || want != 1+6+84+2441 {
		t.Errorf("%d networks (%v, %v), want %d", n, exact, err, want)
	}
}

func pow3(n int) int {
	p := 1
	for range n {
		p *= 3
	}
	return p
}

// orders calls f with every order of v vertices in which the first and the last stay.
func orders(v int, f func(order []int)) {
	order := make([]int, v)
	for i := range order {
		order[i] = i
	}
	var from func(i int)
	from = func(i int) {
		if i >= v-1 {
			f(order)
			return
		}
		for j := i; j < v-1; j++ {
			order[i], order[j] = order[j], order[i]
			from(i + 1)
			order[i], order[j] = order[j], order[i]
		}
	}
	from(1)
}

// relabelled is a graph whose vertex at place i is order[i].
func relabelled(graph []uint, labels int, order []int) string {
	var b strings.Builder
	for i, v := range order {
		if i > 0 && i < len(order)-1 {
			fmt.Fprint(&b, labels/pow3(v-1)%3)
		}
		for j := range order {
			fmt.Fprint(&b, graph[v]>>order[j]&1)
		}
	}
	return b.String()
}
