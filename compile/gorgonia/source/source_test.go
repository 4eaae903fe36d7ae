package source

import (
	"errors"
	"flag"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spacec-lang/spacec/compile/gorgonia"
	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
)

// written are networks whose files have something of their own.
var written = map[string]string{
	"shared": `input x: [6]
		net = { share let layer = dense(6) >> tanh; in >> layer >> layer >> relu >> layer }`,
	"shared in turns": `input x: [6]
		net = (block >> relu){3} >> dense(2)
		rule block = { share let layer = dense(6); in >> layer >> tanh >> layer }`,
	"shared by turns": `input x: [6]
		share let layer = dense(6)
		net = (layer >> tanh){4} >> dense(2)`,
	"loops in loops": `input x: [c: 4, h: 4, w: 4]
		net = ((conv(4) >> relu){3} >> batch_norm >> tanh){2} >> dense(3)`,
	"residuals": `input x: [c: 4, h: 4, w: 4]
		net = conv(4) >> unit{3} >> dense(3)
		rule unit = residual(conv(4) >> relu)`,
	"a carried wire that isn't last": `input x: [4]
		net = { a = in >> dense(4); b = a >> tanh; c = b >> dense(4); d = c >> tanh; e = d >> dense(4); f = e >> tanh; b + d + f }`,
	"what all turns read": `input x: [4]
		net = { a = in >> dense(4); b = (a + (in >> relu)) >> tanh >> dense(4); c = (b + (in >> relu)) >> tanh >> dense(4); c }`,
	"attention by hand": `input x: [s: 4, d: 6]
		net = { q, k, v = in >> linear(18) >> split(3, axis: 2); ((q @ (k >> permute(2, 1))) >> softmax) @ v }`,
	"two inputs": `input func: [4]
		input g: [4]
		net = { a, b = in; (a >> dense(3)) * (b >> dense(3)) }`,
	"dropouts":   "input x: [20]\nnet = (dropout(0.25) >> dense(20)){3} >> dropout(keep: 0.5)",
	"unfolding":  "input x: [c: 2, h: 4, w: 4]\nnet = unfold(2) >> linear(3) >> fold(3, 3)",
	"one op":     "input x: [3]\nnet = tanh",
	"no weights": "input x: [3]\nnet = tanh{6}",
	"axes":       "input x: [2, 3, 4]\nnet = (mean(2) ++ (permute(3, 1, 2) >> mean(1) >> reshape(2, 3) >> linear(4))) >> group_norm(2)",
}

// points are the texts of points by name: those above, draws of the examples, and the library's examples of each op.
func points(t *testing.T) map[string]string {
	all := map[string]string{}
	for name, text := range written {
		all[name] = "use std\n" + strings.ReplaceAll(text, "\n\t\t", "\n") + "\n"
	}
	for _, s := range stdlib.Library().Specs() {
		call, in, _ := strings.Cut(s.Example, " : ")
		text := "use std\n"
		for i, shape := range strings.Split(strings.Trim(in, "()"), "], ") {
			text += fmt.Sprintf("input x%d: %s]\n", i, strings.TrimSuffix(shape, "]"))
		}
		if s.Name == "clone" || s.Name == "split" || s.Name == "pad_equal" {
			call += " >> add"
		}
		all["op "+s.Name] = text + "net = " + call + "\n"
	}
	files, err := filepath.Glob("../../../examples/*.space")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		space := load(t, file, string(text))
		if len(space.Inputs) == 0 {
			continue
		}
		for trial, found := uint64(0), 0; found < 2 && trial < 100; trial++ {
			w := space.Walk()
			w.Draw(5, trial)
			p, err := w.Point()
			if err != nil {
				t.Fatal(err)
			}
			if c := p.Costs(); c[0].Value > 200e3 || c[1].Value > 20e6 {
				continue // more than a test should compute
			}
			if b, err := p.Build(); err != nil || gorgonia.Runnable(b.Graph) != nil {
				break // a space of something else than networks
			}
			found++
			if all[fmt.Sprint(space.Name, found)], err = p.Text(); err != nil {
				t.Fatal(err)
			}
		}
	}
	return all
}

func load(t *testing.T, name, text string) *ir.Space {
	t.Helper()
	var report diag.Report
	space := ir.Load(lang.NewSource(name, text), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &report)
	if space == nil {
		var b strings.Builder
		_ = report.Render(&b, false)
		t.Fatal(b.String())
	}
	return space
}

func graph(t *testing.T, name, text string) *op.Graph {
	t.Helper()
	p, err := load(t, name, text).Only()
	if err != nil {
		t.Fatal(err)
	}
	b, err := p.Build()
	if err != nil {
		t.Fatal(err)
	}
	return b.Graph
}

// The files build in a module of their own, which has nothing of ours but the module itself, and compute what the points
// do, bit for bit.
func TestSourceComputesWhatThePointDoes(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds a program")
	}
	root, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write := func(name string, text []byte) {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	list := "package nets\n\nimport \"github.com/spacec-lang/spacec/compile/gorgonia/nn\"\n\nvar All = map[string]func() *nn.Graph{\n"
	for name, text := range points(t) {
		file := File{Package: "nets", Func: Name(name), Text: text}
		source, err := Write(graph(t, name, text), file)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ImportsOnly)
		if err != nil || len(f.Imports) != 1 {
			t.Errorf("%s imports %d packages: %v", name, len(f.Imports), err)
		}
		write("nets/"+strings.ToLower(file.Func)+"_net.go", source)
		write(name+".space", []byte(text))
		list += fmt.Sprintf("%q: %s,\n", name+".space", file.Func)
	}
	write("nets/list.go", []byte(list+"}\n"))
	for from, to := range map[string]string{"testdata/main.go.txt": "main.go", root + "/go.sum": "go.sum"} {
		text, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		write(to, text)
	}
	write("go.mod", []byte("module example.com/user\n\ngo 1.26.0\n\nrequire github.com/spacec-lang/spacec v0.0.0\n\nreplace github.com/spacec-lang/spacec => "+root+"\n"))
	cmd := exec.Command("go", "run", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "are the same") {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

var update = flag.Bool("update", false, "write the golden files anew")

func TestReadable(t *testing.T) {
	texts := points(t)
	for _, name := range []string{"residuals", "shared", "attention by hand", "loops in loops"} {
		text := texts[name]
		got, err := Write(graph(t, name, text), File{Package: "nets", Func: Name(name), Text: text})
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", strings.ReplaceAll(name, " ", "_")+".golden")
		if *update {
			if err := os.WriteFile(path, got, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestWhatCannotBeWritten(t *testing.T) {
	g := graph(t, "a.space", "use std\ninput x: [3]\nnet = tanh >> relu\n")
	n := &g.Nodes[1]
	n.Path, n.Args = "rotate", op.Args{Spec: &op.Spec{Name: "rotate", Arity: 1, Apply: func(b op.Builder, _ op.Args, in []op.Tensor) []op.Tensor {
		return b.Opaque(in, []op.Shape{in[0].Shape()}, 0, 0)
	}}}
	_, err := Write(g, File{Package: "nets", Func: "A"})
	var at *gorgonia.OpError
	if !errors.As(err, &at) || at.Path != "rotate" || at.Span.Text() != "relu" {
		t.Errorf("the error is %#v", err)
	}
}

// Whatever a point's text holds, it stays in the comment.
func TestTextStaysInItsComment(t *testing.T) {
	text := "use std\n// */ func init() { panic(1) }\r\ninput x: [3]\nnet = tanh\n//\x0b\n"
	got, err := Write(graph(t, "a", text), File{Package: "nets", Func: "A", Text: text})
	if err != nil {
		t.Fatal(err)
	}
	f, err := parser.ParseFile(token.NewFileSet(), "a.go", got, 0)
	if err != nil || len(f.Decls) != 2 {
		t.Errorf("%d declarations, %v, in\n%s", len(f.Decls), err, got)
	}
}
