package draw_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spacec-lang/spacec/compile/draw"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/parser"
	"github.com/spacec-lang/spacec/stdlib"
)

// everything has each construct of the language once.
const everything = `edition 1
space everything
use std
input image: [c: 3, h: 32, w: 32]
/// A doc comment, of
/// two lines.
net = (a [3] if in.c >= 64 and in.h > 3 | b [20%] | tower(relu | tanh, n: 1..4 | 8..16 step 8) [each]) >> (a? >> b){1 | 3}
  >> conv(filters: 8..64 step 8, kernel: 1 | 3 [2] | 5 if in.h > 5, bias: true) >> 2 of (a | b | c) >> "<&>"
  >> (conv(1111111111111111, 2222222222222222, 333333333333333, 44444444) | conv(1) >> conv(2) >> conv(3) >> conv(4)
  >> conv(5) >> conv(6) >> conv(7) >> conv(8) >> conv(9) >> conv(10) >> conv(11) >> conv(12))
rule a = if x then relu else tanh
rule b = (relu, skip + (tanh | gelu) + a) // a comment
rule c = (a * b) @ (a ++ b)
rule size = 8..64 log points 4
rule tower(rule body, n = 1..3) = {
  let w = 8 | 16, v(s) = w * s
  share let u = conv(w) | skip
  require w < 3, in.c == 2
  p, q = in >> split(2)
  h = (p | q) >> u >> body
  h + (q >> each(relu | tanh))
}
let x = 1 | 2
config train {
  let g = auto | scale
  optimizer: sgd(momentum: 0.0..0.95) | adam
  lr: 1e-4..1e-1 log
  require lr < 1
}
require params <= 200k
maximize accuracy
`

// files are spaces to draw: the one above, the standard library, and the examples.
func files(t *testing.T) map[string]*lang.File {
	t.Helper()
	texts := map[string]string{"everything": everything}
	texts["std"], _ = stdlib.Source("std")
	paths, err := filepath.Glob("../../examples/*.space")
	if err != nil || len(paths) == 0 {
		t.Fatal("no examples", err)
	}
	for _, path := range paths {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(path)] = string(b)
	}
	out := map[string]*lang.File{}
	for name, text := range texts {
		var report diag.Report
		out[name] = parser.ParseFile(lang.NewSource(name, text), &report)
		for _, d := range report.Diagnostics() {
			if d.Code != diag.BadValue {
				t.Errorf("%s: %s", name, d.Message)
			}
		}
	}
	return out
}

// TestRailroadIsClean draws spaces and looks for texts and lines in each other's way, and for every name and number of the file.
func TestRailroadIsClean(t *testing.T) {
	for name, file := range files(t) {
		t.Run(name, func(t *testing.T) {
			svg := draw.Railroad(file, name)
			p := check(t, svg)
			if !bytes.Equal(svg, draw.Railroad(file, name)) {
				t.Error("the second drawing is another")
			}
			var all strings.Builder
			for _, a := range p.texts {
				all.WriteString(a.what + "\n")
			}
			complete(t, file, all.String())
		})
	}
}

func TestTreeIsComplete(t *testing.T) {
	for name, file := range files(t) {
		t.Run(name, func(t *testing.T) { complete(t, file, draw.Tree(file, name, draw.Terminal{})) })
	}
}

// complete looks for what the expressions of a file consist of in a text.
func complete(t *testing.T, file *lang.File, text string) {
	t.Helper()
	want := func(s string) {
		if !strings.Contains(text, s) {
			t.Errorf("it lacks %q", s)
		}
	}
	for _, d := range file.Decls {
		lang.Walk(d, func(n lang.Node) bool {
			switch n := n.(type) {
			case *lang.OpDecl: // what it requires and costs isn't drawn
				want(n.Name.Name)
				return false
			case *lang.Name:
				want(n.Name)
			case *lang.Number:
				want(n.Text)
			case *lang.Call:
				want(n.Fun.Name)
			case *lang.Rule:
				want(n.Name.Name)
			case lang.Binding:
				want(n.Name.Name)
			case lang.Arg:
				if n.Name != nil {
					want(n.Name.Name + ":")
				}
			case *lang.Weight:
				want(n.Span.Text())
			case *lang.Field:
				want(n.Name.Name + ":")
			}
			return true
		})
	}
}

// FuzzRailroad draws what can be parsed, and looks whether the picture is well formed and whole.
func FuzzRailroad(f *testing.F) {
	f.Add(everything)
	f.Add("net = " + strings.Repeat("(", 150) + "a | b" + strings.Repeat(" >> c | d)", 150) + "\n")
	f.Add("rule a(x = 1..2) = { h = in >> (b, c){n}; 2 of (h | in) >> \"\\u0007\" }\nconfig c {}\n")
	f.Fuzz(func(t *testing.T, text string) {
		var report diag.Report
		file := parser.ParseFile(lang.NewSource("fuzz", text), &report)
		if report.Failed() {
			return
		}
		p := parse(t, draw.Railroad(file, "fuzz"))
		for _, a := range append(p.boxes, p.texts...) {
			if !p.whole.holds(a) {
				t.Errorf("%v is outside of %v", a, p.whole)
			}
		}
		draw.Tree(file, "fuzz", draw.Terminal{ASCII: true})
	})
}
