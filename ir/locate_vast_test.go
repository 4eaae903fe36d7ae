package ir_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/ir/canon"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// form is the canonical form of what a point builds, and how many numbers it learns.
func form(t testing.TB, p *ir.Point) (canon.Form, float64) {
	t.Helper()
	b, err := p.Build()
	if err != nil {
		t.Fatal(err)
	}
	f, err := canon.Hash(b.Graph)
	if err != nil {
		t.Fatal(err)
	}
	return f, b.Costs()[0].Value
}

func readNetwork(path string) (string, error) {
	text, err := os.ReadFile(filepath.Join("../examples/einspace", filepath.Base(path)))
	return string(text), err
}

// seedNetwork is a network of examples/einspace.
func seedNetwork(t testing.TB, name string) *ir.Space {
	t.Helper()
	text, err := readNetwork(name + ".space")
	if err != nil {
		t.Fatal(err)
	}
	var report diag.Report
	files := env
	files.File = readNetwork
	sp := ir.Load(lang.NewSource(name+".space", text), files, &report)
	if sp == nil {
		t.Fatal(report.Diagnostics()[0].Message)
	}
	return sp
}

// TestEinspaceSeeds locates the seed networks of einspace's authors: the point that is found builds the same network, and is
// found again by its answers. Those that use what the grammar doesn't have are refused there. The numbers of parameters are
// those published of these networks, with what differs, or added up from the paper's layers.
func TestEinspaceSeeds(t *testing.T) {
	const biases18 = 4*64 + 5*(128+256+512) + 2*64
	for _, test := range []struct {
		name, outside string
		params        float64
	}{
		// 11,689,512 for ImageNet: a stem of kernel 7 there, 1000 classes, no biases, no second convolution in the stem
		{"resnet18_no_maxpool", "", 11_689_512 - 3*64*(49-9) - 513*990 + 9*64*64 + biases18},
		{"resnet18", "max_pool(3, stride: 2, padding: 1)", 0},
		{"resnet10", "max_pool(3, stride: 2, padding: 1)", 0},
		{"resnet34_no_maxpool", "unfold(kernel, stride: stride)", 0},
		// 2,748,890 without biases
		{"wideresnet16_4", "", 2_748_890 + 16 + 5*(64+128+256)},
		{"vit", "", 49*512 + 64*512 + 4*(12*513*64+257*512+4*512+2*513*512) + 5130},
		{"mlp_mixer", "", 49*512 + 64*512 + 8*(2*512+65*256+257*64+513*256+257*512) + 5130},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			sp, a := example(t, "einspace"), seedNetwork(t, test.name)
			loc, err := sp.Locate(a)
			if test.outside != "" {
				var out *ir.Outside
				if !errors.As(err, &out) || out.Undecided || out.At.Text() != test.outside {
					t.Fatalf("it is not refused at %s: %v", test.outside, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			only, err := a.Only()
			if err != nil {
				t.Fatal(err)
			}
			want, params := form(t, only)
			got, _ := form(t, loc.Point)
			if diff := cmp.Diff(want.Hash, got.Hash); diff != "" || params != test.params {
				t.Errorf("another network is found, or one of %v params, not %v:\n%s", params, test.params, diff)
			}
			answers := map[string]string{}
			for _, c := range loc.Point.Choices() {
				answers[c.Path] = fmt.Sprint(c.Value)
			}
			again, err := example(t, "einspace").Replay(answers)
			if err != nil {
				t.Fatal(err)
			}
			if again.Key() != loc.Point.Key() {
				t.Error("its answers lead to another point")
			}
			w := sp.Walk()
			w.Along(loc.Point)
			for i := 0; ; i++ {
				d, ok := w.Next()
				if !ok {
					break
				}
				c, j := loc.Point.Choices()[i], 0
				for j < d.Len()-1 && d.Value(j) != c.Value {
					j++
				}
				if d.Path() != c.Path || d.Value(j) != c.Value {
					t.Fatalf("on the way along it, %s = %v is not offered", c.Path, c.Value)
				}
				w.Choose(j)
			}
			if along, err := w.Point(); err != nil || along.Key() != loc.Point.Key() {
				t.Errorf("the way along it ends elsewhere: %v", err)
			}
		})
	}
}

// TestEinspaceStarts: a search of einspace may start from the networks, as seeds of the file.
func TestEinspaceStarts(t *testing.T) {
	text, err := os.ReadFile("../examples/einspace.space")
	if err != nil {
		t.Fatal(err)
	}
	var report diag.Report
	files := env
	files.File = readNetwork
	sp := ir.Load(lang.NewSource("einspace.space", string(text)+`
use "einspace/blocks.space"
seed vit = patches >> encoder_layer{4} >> sequence_head
seed wide = convolution(3, 16) >> norm_act >> wide(64, 1) >> wide(128, 2) >> wide(256, 2) >> image_head
`), files, &report)
	if sp == nil {
		t.Fatal(report.Diagnostics()[0].Message)
	}
	for i, l := range sp.LocateSeeds(&report) {
		if l == nil {
			t.Errorf("seed %d is not found", i)
		}
	}
	for _, d := range report.Diagnostics() {
		t.Errorf("%s: %s", d.Code, d.Message)
	}
}

// TestLocateVast locates drawn points of spaces whose types can't be listed, as architectures: what is found builds the same.
func TestLocateVast(t *testing.T) {
	for _, test := range []struct {
		name, text string
		points     uint64
	}{
		{"einspace", "", 40},
		{"types that grow", "net = t\nrule t = relu | conv(in.c + 1) >> t | conv(in.c * 2) >> t | flatten >> reshape(in.elements, 1, 1) >> t", 20},
		{"pairs that must fit", "require ops <= 60\nnet = t\nrule t = skip [60%] | conv(in.c + 1) | t >> t | (t + t) | (t ++ t) | (t @ t)", 20},
		{"each within each", "require ops <= 60\nnet = t\nrule t = skip [50%] | conv(in.c + 1) | clone(2) >> each(t) >> add | t >> t | clone(3) >> each(t) >> concat(1)", 30},
		{"levels", "require ops <= 60\nnet = t\nrule t = conv(in.c + 1) | t >> t if nesting < 7 | clone(2) >> each(t) >> add if nesting < 4", 20},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var sp *ir.Space
			if test.text == "" {
				sp = example(t, test.name)
			} else {
				sp = load(t, image+test.text+"\n")
				sp.TakeAsVast()
			}
			found := 0
			for i := range test.points {
				p := draw(t, sp, 7, i)
				if len(p.Choices()) > 60 {
					continue
				}
				loc := locate(t, sp, arch(t, p))
				want, _ := form(t, p)
				if got, _ := form(t, loc.Point); got.Hash != want.Hash {
					t.Errorf("point %d is found as another network", i)
				}
				found++
			}
			if found < int(test.points)/2 {
				t.Errorf("%d points were small enough", found)
			}
		})
	}
}
