package draw_test

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spacec-lang/spacec/compile/draw"
	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/stdlib"
)

var update = flag.Bool("update", false, "write the golden files anew")

// network is conv >> relu with a way around, split in two, one shared dense on each part.
func network(t *testing.T) *op.Graph {
	image := op.Shape{{Name: "c", Size: 4}, {Name: "h", Size: 8}, {Name: "w", Size: 8}}
	half := op.Shape{{Name: "c", Size: 2}, {Name: "h", Size: 8}, {Name: "w", Size: 8}}
	ten := op.Shape{{Size: 10}}
	node := func(path, name string, in, out []op.Wire, s op.Shape, share int, args ...any) op.Node {
		a, err := op.Bind(stdlib.Library().Lookup(name), args, nil)
		if err != nil {
			t.Fatal(err)
		}
		n := op.Node{Args: a, In: in, Out: out, Path: path, Share: share}
		for range out {
			n.Shapes = append(n.Shapes, s)
		}
		return n
	}
	return &op.Graph{
		Inputs: []op.Port{{Name: `an "image"`, Shape: image}},
		Nodes: []op.Node{
			node("net.conv", "conv", []op.Wire{0}, []op.Wire{1}, image, 0, 4, 5),
			node("net.relu", "relu", []op.Wire{1}, []op.Wire{2}, image, 0),
			node("net.add", "add", []op.Wire{2, 0}, []op.Wire{3}, image, 0),
			node("net.split", "split", []op.Wire{3}, []op.Wire{4, 5}, half, 0, 2),
			node("net.dense[1]", "dense", []op.Wire{4}, []op.Wire{6}, ten, 1, 10),
			node("net.dense[2]", "dense", []op.Wire{5}, []op.Wire{7}, ten, 1, 10),
			node("net.mul", "mul", []op.Wire{6, 7}, []op.Wire{8}, ten, 0),
		},
		Outputs: []op.Wire{8}, OutPort: []op.Port{{Name: "logits", Shape: ten}}, Wires: 9,
	}
}

func TestDotMatchesTheGoldenFile(t *testing.T) {
	var b bytes.Buffer
	if err := draw.Dot(&b, network(t)); err != nil {
		t.Fatal(err)
	}
	const golden = "testdata/network.dot"
	if *update {
		if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Error(diff)
	}
}

type full struct{}

var errFull = errors.New("the disk is full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestErrorsOfWriterAndGraph(t *testing.T) {
	if err := draw.Dot(full{}, network(t)); !errors.Is(err, errFull) {
		t.Errorf("the error is %v", err)
	}
	g := network(t)
	g.Nodes[1].In[0] = 99
	if err := draw.Dot(&bytes.Buffer{}, g); err == nil || !strings.Contains(err.Error(), "net.relu: wire 99") {
		t.Errorf("the error is %v", err)
	}
}
