package ir_test

import (
	"strings"
	"testing"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// seeds loads a space and locates its seeds; the report is of both.
func seeds(text string) (*ir.Space, []*ir.Location, *diag.Report) {
	report := &diag.Report{}
	sp := ir.Load(lang.NewSource("test.space", image+text), env, report)
	if sp == nil {
		return nil, nil, report
	}
	return sp, sp.LocateSeeds(report), report
}

const seeded = `
let width = 8 | 16
rule block = conv(width, kernel: 1 | 3) >> act >> max_pool(2)?
rule act = relu | tanh
net = block{1..3}
config c { lr: 0.0..1.0; batch: 32 [1] | 64 [3] }
`

// TestSeeds: what a seed builds is found, and the point that is found builds it.
func TestSeeds(t *testing.T) {
	sp, found, report := seeds(seeded + `
seed one = conv(8) >> tanh
seed own = wide >> max_pool(2) >> wide
rule wide = conv(16, kernel: 1) >> relu
`)
	for _, d := range report.Diagnostics() {
		if d.Severity == diag.Error {
			t.Fatalf("%s: %s: %s", d.Code, d.Message, d.At.Text())
		}
	}
	if len(found) != 2 || sp.Seeds()[1].Name != "own" {
		t.Fatalf("%d seeds: %v", len(found), sp.Seeds())
	}
	for i, want := range []struct{ net, config string }{
		{"(conv(8, kernel: 3) >> tanh)", "64"}, {"(conv(16, kernel: 1) >> relu >> max_pool(2)) >> (conv(16, kernel: 1) >> relu)", "64"}} {
		text, err := found[i].Point.Text()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(text, "net = "+want.net+"\n") || !strings.Contains(text, "batch: "+want.config+"\n") ||
			!strings.Contains(text, "lr: 0.5\n") {
			t.Errorf("seed %d is found as\n%s", i, text)
		}
	}
}

// TestBadSeeds: each is reported where it is wrong.
func TestBadSeeds(t *testing.T) {
	for _, test := range []struct{ name, seed, code, at, note string }{
		{"outside", "conv(8) >> gelu", "E602", "gelu", "with 'tanh' in its place it is in the space"},
		{"another value", "conv(12) >> relu", "E602", "conv(12)", "with 'conv(16)' in its place it is in the space"},
		{"a let twice", "conv(8) >> relu >> conv(16) >> relu", "E602", "conv(16)", "with 'conv(8)' in its place it is in the space"},
		{"too long", "conv(8) >> relu >> relu", "E602", "relu", "with 'max_pool' in its place it is in the space"},
		{"a choice", "conv(8) >> (relu | tanh)", "E601", "relu | tanh", ""},
		{"a let with a choice", "conv(width) >> relu", "E601", "8 | 16", ""},
		{"an unknown op", "conv(8) >> rleu", "E201", "rleu", ""},
		{"a shape", "max_pool(16)", "E501", "max_pool(16)", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, _, report := seeds(seeded + "seed s = " + test.seed + "\n")
			var list []*diag.Diagnostic
			for _, d := range report.Diagnostics() {
				if d.Severity == diag.Error {
					list = append(list, d)
				}
			}
			if len(list) != 1 || string(list[0].Code) != test.code || list[0].At.Text() != test.at {
				for _, d := range list {
					t.Errorf("%s: %s at %q", d.Code, d.Message, d.At.Text())
				}
				t.Fatalf("want %s at %q", test.code, test.at)
			}
			if notes := strings.Join(list[0].Notes, "\n"); test.note != "" && notes != test.note {
				t.Errorf("the note is %q", notes)
			}
		})
	}
	if _, _, report := seeds(seeded + "seed s = conv(8) >> relu\nseed s = conv(8) >> tanh\n"); !report.Failed() {
		t.Error("two seeds of one name are not reported")
	}
}
