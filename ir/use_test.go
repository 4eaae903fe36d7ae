package ir_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
)

// files is a folder of spaces, by path.
type files map[string]string

// load loads the file main.space, and gives what the report says, place by place.
func (f files) load() (*ir.Space, []string) {
	dir := fstest.MapFS{}
	for name, text := range f {
		dir[name] = &fstest.MapFile{Data: []byte(text)}
	}
	read := func(path string) (string, error) {
		b, err := fs.ReadFile(dir, path)
		return string(b), err
	}
	var report diag.Report
	sp := ir.Load(lang.NewSource("main.space", f["main.space"]), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source, File: read}, &report)
	var said []string
	place := func(at lang.Span) string {
		line, col := at.Source.Position(at.Start)
		return fmt.Sprintf("%s:%d:%d", at.Source.Name, line, col)
	}
	for _, d := range report.Diagnostics() {
		text := fmt.Sprintf("%s %s %s", place(d.At), d.Code, d.Message)
		for _, o := range d.Others {
			text += "; " + place(o.Span) + " " + o.Text
		}
		said = append(said, text)
	}
	return sp, said
}

const twoNets = "use std\ninput x: [c: 3, h: 8, w: 8]\n"

// A used file brings its names, from whichever folder, and each file is read once.
func TestUse(t *testing.T) {
	for name, test := range map[string]struct {
		files files
		count int
	}{
		"a rule, a let and a cost": {files{
			"main.space":   twoNets + "use \"blocks.space\"\nnet = block >> block\nrequire size == 16",
			"blocks.space": "use std\nlet width = 8 | 16\nrule block = conv(width) >> (relu | tanh)\ncost size { conv: filters }",
		}, 4},
		"paths are relative to the file that uses them, and a file is read once": {files{
			"main.space":     twoNets + "use \"a/b.space\"\nuse \"./a/../c.space\"\nnet = b >> c",
			"a/b.space":      "use \"deep/d.space\"\nuse \"../c.space\"\nrule b = d >> c",
			"a/deep/d.space": "use std\nrule d = relu | tanh",
			"c.space":        "use std\nrule c = relu | tanh | gelu",
		}, 18},
		"types and ops, which a printed point declares": {files{
			"main.space":  "use \"gates.space\"\ninput x: q(2)\noutput y: q(2)\nnet = gate{1..2}",
			"gates.space": "use \"types.space\"\nop h(i: int) : q(n) -> q(n)\n  requires i < n\nrule gate = h(0..3) | x\nop x() : q(n) -> q(n)",
			"types.space": "type q(n)\ntype unused(n)",
		}, 12},
		"a condition on a used file's lets holds, and its space is passed over": {files{
			"main.space": twoNets + "use \"other.space\"\nnet = conv(a) >> conv(b)",
			"other.space": "edition 1\nspace other\nuse std\ninput y: [7]\noutput z: [9]\nnet = dense(4)\nconfig c { n: 1 | 2 }\n" +
				"let a = 1..3, b = 1..3\nrequire a < b\nrequire params <= 1, count(conv) == 7\nmaximize accuracy",
		}, 3},
		"a used file knows its own names and those that it uses, not those of who uses it": {files{
			"main.space": twoNets + "use \"act.space\"\nnet = act >> relu\nrule relu = tanh | gelu | silu",
			"act.space":  "use std\nrule act = relu | tanh",
		}, 6},
		"a rule of the standard library is not changed by a name of the file": {files{
			"main.space": twoNets + "net = conv_norm_act(8) >> relu\nrule relu = tanh | gelu",
		}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			sp, said := test.files.load()
			if len(said) > 0 {
				t.Fatal(said)
			}
			if n, err := sp.Count(); err != nil || n.Int64() != int64(test.count) {
				t.Errorf("%v points (%v), want %d", n, err, test.count)
			}
			rereads(t, sp, 20)
		})
	}
}

// rereads draws points, and reads their texts by themselves, without the files, and under the space.
func rereads(t *testing.T, sp *ir.Space, draws uint64) {
	t.Helper()
	for trial := range draws {
		w := sp.Walk()
		w.Draw(1, trial)
		p, err := w.Point()
		if err != nil {
			t.Fatal(err)
		}
		text, err := p.Text()
		if err != nil {
			t.Fatal(err)
		}
		alone, said := files{"main.space": text}.load()
		if len(said) > 0 {
			t.Fatalf("the text of a point has %v:\n%s", said, text)
		}
		only, err := alone.Only()
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if diff := cmp.Diff(steps(t, p), steps(t, only)); diff != "" {
			t.Errorf("the text of a point, read by itself, is another (-want +got):\n%s", diff)
		}
		again, err := sp.Read(alone.File)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if same, err := again.Text(); err != nil || same != text {
			t.Errorf("the text of a point, read under its space, is another (%v):\n%s", err, cmp.Diff(text, same))
		}
	}
}

// steps are the ops of a point's graph, with what arrives and what leaves, and the values of its configs.
func steps(t *testing.T, p *ir.Point) (all []string) {
	t.Helper()
	b, err := p.Build()
	if err != nil {
		t.Fatal(err)
	}
	if b.Graph != nil {
		for _, n := range b.Graph.Nodes {
			all = append(all, fmt.Sprint(n.Args.String(), n.In, n.Out, n.Shapes))
		}
	}
	for _, c := range b.Configs {
		all = append(all, fmt.Sprint(c))
	}
	return all
}

// What is wrong with files is said where it stands, with the other places that explain it.
func TestUseErrors(t *testing.T) {
	deep := files{"main.space": "use \"0.space\"\nconfig c { n: 1 | 2 }"}
	for i := range 40 {
		deep[fmt.Sprint(i, ".space")] = fmt.Sprintf("use \"%d.space\"\n", i+1)
	}
	many := files{"main.space": "config c { n: 1 | 2 }\n"}
	for i := range 300 {
		many[fmt.Sprint(i, ".space")] = "rule r" + fmt.Sprint(i) + " = 1\n"
		many["main.space"] += fmt.Sprintf("use \"%d.space\"\n", i)
	}
	large := files{"main.space": "config c { n: 1 | 2 }\n"}
	for i := range 8 {
		large[fmt.Sprint(i, ".space")] = "rule r" + fmt.Sprint(i) + " = 1\n" + strings.Repeat("// x\n", 200_000)
		large["main.space"] += fmt.Sprintf("use \"%d.space\"\n", i)
	}
	for name, test := range map[string]struct {
		files files
		want  []string
	}{
		"not there": {files{"main.space": "use \"sub/b.space\"\nconfig c { n: 1 | 2 }", "sub/b.space": "use \"c.space\"\nrule r = 1"},
			[]string{"sub/b.space:1:1 E204 there is no file 'c.space'"}},
		"no module": {files{"main.space": "use st\nconfig c { n: 1 | 2 }"}, []string{"main.space:1:1 E204 there is no module 'st'"}},
		"no name":   {files{"main.space": "use \"\"\nconfig c { n: 1 | 2 }"}, []string{"main.space:1:1 E204 this names no file"}},
		"a folder":  {files{"main.space": "use \"sub\"\nconfig c { n: 1 | 2 }", "sub/b.space": "rule r = 1"}, []string{"main.space:1:1 E204 'sub' can't be used: read sub: invalid argument"}},
		"itself":    {files{"main.space": "use \"./main.space\"\nconfig c { n: 1 | 2 }"}, []string{"main.space:1:1 E204 this file uses itself"}},
		"a circle": {files{"main.space": "use \"a.space\"\nconfig c { n: 1 | 2 }", "a.space": "rule a = 1\nuse \"b.space\"", "b.space": "use \"a.space\""},
			[]string{"b.space:1:1 E204 files use each other in a circle; a.space:2:1 a.space uses b.space"}},
		"a name in two files": {files{"main.space": "use \"a.space\"\nuse \"b.space\"\nconfig c { n: r }", "a.space": "rule r = 1 | 2", "b.space": "let r = 3"},
			[]string{"b.space:1:5 E202 'r' is defined twice; a.space:1:6 first here"}},
		"a type in two files": {files{"main.space": "use \"a.space\"\ntype q\nconfig c { n: 1 | 2 }", "a.space": "type q"},
			[]string{"main.space:2:6 E202 the type 'q' is defined twice; a.space:1:6 first here"}},
		"a syntax error in a used file": {files{"main.space": "use \"a.space\"\nconfig c { n: r }", "a.space": "rule r = 1 |\nrule s = "},
			[]string{"a.space:1:13 E104 ", "a.space:2:9 E104 "}},
		"an unknown name in a used file": {files{"main.space": twoNets + "use \"a.space\"\nnet = r", "a.space": "use std\nrule r = conv(2) >> rulu"},
			[]string{"a.space:2:21 E201 unknown name 'rulu'"}},
		"a later edition in a used file": {files{"main.space": "use \"a.space\"\nconfig c { n: r }", "a.space": "edition 2\nrule r = 1 | 2"},
			[]string{"a.space:1:9 E109 there is no edition '2'"}},
		"an empty file": {files{"main.space": "use \"a.space\"\nconfig c { n: 1 | 2 }", "a.space": ""}, []string{"a.space:1:1 E107 "}},
		"deep":          {deep, []string{"31.space:1:1 E506 files use files beyond the limit of 32 levels"}},
		"many":          {many, []string{"main.space:258:1 E506 more than 256 files are used"}},
		"large":         {large, []string{"main.space:6:1 E506 a file and all that it uses are over the limit of 4194304 bytes"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, said := test.files.load()
			if len(said) != len(test.want) {
				t.Fatalf("got %q, want %q", said, test.want)
			}
			for i := range said {
				if !strings.HasPrefix(said[i], test.want[i]) {
					t.Errorf("got %q, want %q", said[i], test.want[i])
				}
			}
		})
	}
}
