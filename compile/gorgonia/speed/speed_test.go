package main

import (
	"math"
	"strings"
	"testing"
)

// TestStockAgrees trains each model for two steps in stock Gorgonia and here: what is timed is one computation.
func TestStockAgrees(t *testing.T) {
	for _, name := range names() {
		t.Run(name, func(t *testing.T) {
			if testing.Short() && name == "resnet" {
				t.Skip("stock Gorgonia takes a second a step")
			}
			m, err := load(name, 0)
			if err != nil {
				t.Fatal(err)
			}
			if err := (stock{}).load(m, ""); err != nil {
				t.Fatal(err)
			}
			want, _, err := stock{}.steps(m, 2)
			if err != nil {
				t.Fatal(err)
			}
			got, _, err := ours{}.steps(m, 2)
			if err != nil {
				t.Fatal(err)
			}
			if d := apart(got, want); !(d <= 2e-4) || got[0] == got[1] || math.IsNaN(d) {
				t.Errorf("the losses are %v, and %v in stock Gorgonia", got, want)
			}
		})
	}
}

func TestWithoutPyTorch(t *testing.T) {
	var out strings.Builder
	if err := compare(&out, []string{"mlp"}, "no-python", 1, 0, false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"PyTorch is missing", "mlp: losses of the first 5 steps", "ours / stock"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("it doesn't say %q:\n%s", want, &out)
		}
	}
	if err := compare(&out, []string{"nope"}, "no-python", 1, 0, true); err == nil || !strings.Contains(err.Error(), "there are [mlp cnn") {
		t.Errorf("the error is %v", err)
	}
}

func TestAtOnce(t *testing.T) {
	var out strings.Builder
	if err := atOnce(&out, []string{"digits"}, 2, 1, 0); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "2 networks at once") || !strings.Contains(out.String(), "steps a second one at a time") {
		t.Errorf("it says\n%s", &out)
	}
}
