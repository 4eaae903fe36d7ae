package draw_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/spacec-lang/spacec/compile/draw"
	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/stdlib"
)

// randomGraph is a graph of ops that each read what was made before, often the last: tensors, and halves of them.
func randomGraph(t *rapid.T) *op.Graph {
	shape := op.Shape{{Name: "c", Size: 4}, {Name: "h", Size: 8}, {Name: "w", Size: 8}}
	half := op.Shape{{Name: "c", Size: 2}, {Name: "h", Size: 8}, {Name: "w", Size: 8}}
	shapes := []op.Shape{}
	g := &op.Graph{}
	for i := range rapid.IntRange(1, 2).Draw(t, "inputs") {
		g.Inputs = append(g.Inputs, op.Port{Name: fmt.Sprint("x", i), Shape: shape})
		shapes = append(shapes, shape)
		g.Wires++
	}
	read := map[op.Wire]bool{}
	for i := range rapid.IntRange(1, 24).Draw(t, "ops") {
		name := rapid.SampledFrom([]string{"relu", "conv", "skip", "clone", "add", "add", "split"}).Draw(t, "op")
		ins, outs, args := 1, 1, []any(nil)
		first := rapid.IntRange(max(0, g.Wires-6), g.Wires-1).Draw(t, "wire")
		out := shapes[first]
		if name == "split" && !out.Same(shape) {
			name = "relu"
		}
		switch name {
		case "split":
			outs, args, out = 2, []any{2}, half
		case "add":
			ins = rapid.IntRange(2, 4).Draw(t, "ins")
		case "clone":
			outs = rapid.IntRange(2, 3).Draw(t, "outs")
			args = []any{outs}
		}
		n := op.Node{Path: fmt.Sprint("n", i)}
		if name == "conv" && rapid.Bool().Draw(t, "shared") {
			n.Share = 1
		}
		var err error
		if n.Args, err = op.Bind(stdlib.Library().Lookup(name), args, nil); err != nil {
			t.Fatal(err)
		}
		for k := range ins {
			w := op.Wire(first)
			if k > 0 {
				w = rapid.SampledFrom(alike(shapes, shapes[first])).Draw(t, "further wire")
			}
			n.In = append(n.In, w)
			read[w] = true
		}
		for range outs {
			n.Out = append(n.Out, op.Wire(g.Wires))
			n.Shapes, shapes = append(n.Shapes, out), append(shapes, out)
			g.Wires++
		}
		g.Nodes = append(g.Nodes, n)
	}
	for w := range op.Wire(g.Wires) {
		if !read[w] && (w == op.Wire(g.Wires-1) || rapid.Bool().Draw(t, "output")) {
			g.OutPort = append(g.OutPort, op.Port{Name: fmt.Sprint("y", len(g.Outputs)), Shape: shapes[w]})
			g.Outputs = append(g.Outputs, w)
		}
	}
	return g
}

// alike are the wires of a shape.
func alike(shapes []op.Shape, want op.Shape) (wires []op.Wire) {
	for w, s := range shapes {
		if s.Same(want) {
			wires = append(wires, op.Wire(w))
		}
	}
	return wires
}

// wanted are the links that a drawing of a graph has to show, "relu 3 -> add 5" by the order of what is drawn: what skip and clone
// pass on comes from where it was made.
func wanted(g *op.Graph) []string {
	names := map[op.Wire]string{}
	var links []string
	number := 0
	name := func(s string) string { number++; return fmt.Sprintf("%s %d", s, number-1) }
	for i, p := range g.Inputs {
		names[op.Wire(i)] = name(p.Name)
	}
	for _, n := range g.Nodes {
		if n.Args.Spec.Name == "skip" || n.Args.Spec.Name == "clone" {
			for _, w := range n.Out {
				names[w] = names[n.In[0]]
			}
			continue
		}
		own := name(n.Args.Spec.Name)
		for _, w := range n.In {
			links = append(links, names[w]+" -> "+own)
		}
		for _, w := range n.Out {
			names[w] = own
		}
	}
	for i, p := range g.OutPort {
		links = append(links, names[g.Outputs[i]]+" -> "+name(p.Name))
	}
	slices.Sort(links)
	return links
}

// shown are the links that the text form shows, read as a person would: lanes followed down the lines.
func shown(text string) []string {
	var links []string
	owner := map[int]string{}
	number := 0
	lines := strings.Split(text, "\n")
	for _, line := range lines[3 : len(lines)-1] {
		runes := []rune(line)
		at := slices.IndexFunc(runes, func(r rune) bool { return strings.ContainsRune("●○├", r) })
		own := owner[at]
		if runes[at] != '├' {
			var rest string
			for _, word := range strings.Fields(string(runes[at+1:])) {
				if strings.Trim(word, "│─┼┬┴╮╯") != "" {
					rest, _, _ = strings.Cut(word, "(")
					break
				}
			}
			before := owner[at]
			own = fmt.Sprintf("%s %d", rest, number)
			number++
			if before != "" {
				links = append(links, before+" -> "+own)
			}
			owner[at] = own
		}
		for c, r := range runes {
			switch {
			case r == '┬' || r == '╮':
				owner[c] = own
			case r == '┴' || r == '╯':
				links = append(links, owner[c]+" -> "+own)
				delete(owner, c)
			}
		}
		if strings.HasPrefix(own, "y") || strings.Contains(line, "(not read)") {
			delete(owner, at)
		}
	}
	slices.Sort(links)
	return links
}

// TestNetworkTextIsReadBack draws random graphs as text and reads the links off.
func TestNetworkTextIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := randomGraph(t)
		text, err := draw.NetworkText(g, "random", draw.Terminal{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(wanted(g), shown(text)); diff != "" {
			t.Fatalf("%s\n%s", diff, text)
		}
		plain, err := draw.NetworkText(g, "random", draw.Terminal{ASCII: true})
		if err != nil {
			t.Fatal(err)
		}
		if i := strings.IndexFunc(plain, func(r rune) bool { return r > 126 }); i >= 0 {
			t.Fatalf("not ASCII: %q", plain[i:])
		}
	})
}

// TestNetworkIsClean draws random graphs and looks for texts and lines in each other's way, lines through boxes, and whether
// there is an arrow for each link.
func TestNetworkIsClean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := randomGraph(t)
		svg, err := draw.Network(g, "random")
		if err != nil {
			t.Fatal(err)
		}
		p := parse(t, svg)
		for _, f := range append(p.faults(), p.hidden()...) {
			t.Error(f)
		}
		if got, want := bytes.Count(svg, []byte(`l-3.5-7h7z`)), len(wanted(g)); got != want {
			t.Errorf("%d arrows for %d links", got, want)
		}
		again, err := draw.Network(g, "random")
		if err != nil || !bytes.Equal(svg, again) {
			t.Errorf("the second drawing is another (%v)", err)
		}
	})
}

// TestNetworkOfTuples draws several tensors from one op, shared weights and a name with marks of XML.
func TestNetworkOfTuples(t *testing.T) {
	svg, err := draw.Network(network(t), `<a & "b">`)
	if err != nil {
		t.Fatal(err)
	}
	p := check(t, svg)
	for _, want := range []string{"split(2)", "[c: 2, h: 8, w: 8]", "shared: weights 1", "weights 1 again", `<a & "b">`, `an "image"`} {
		if !slices.ContainsFunc(p.texts, func(a area) bool { return a.what == want }) {
			t.Errorf("it lacks %q", want)
		}
	}
}

func TestNetworkTooLarge(t *testing.T) {
	g := &op.Graph{Inputs: []op.Port{{Name: "x", Shape: op.Shape{{Size: 4}}}}, Wires: 1}
	add := func(name string, in ...op.Wire) {
		a, err := op.Bind(stdlib.Library().Lookup(name), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		g.Nodes = append(g.Nodes, op.Node{Args: a, In: in, Out: []op.Wire{op.Wire(g.Wires)}, Shapes: []op.Shape{{{Size: 4}}}, Path: fmt.Sprint(g.Wires)})
		g.Wires++
	}
	for range 200 { // all of which are read at the very end
		add("relu", op.Wire(g.Wires-1))
	}
	for w := range op.Wire(200) {
		add("add", w, op.Wire(g.Wires-1))
	}
	g.Outputs, g.OutPort = []op.Wire{op.Wire(g.Wires - 1)}, []op.Port{{Name: "y", Shape: op.Shape{{Size: 4}}}}
	if _, err := draw.Network(g, "dense"); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("the error is %v", err)
	}
	if _, err := draw.NetworkText(g, "dense", draw.Terminal{}); err != nil {
		t.Error(err)
	}
}
