package ir_test

import (
	"errors"
	"testing"

	"github.com/spacec-lang/spacec/ir"
)

func TestStructures(t *testing.T) {
	for _, test := range []struct {
		text string
		want int
	}{
		{"net = relu | relu >> skip | tanh", 2},
		{"net = (relu | skip) >> (relu | skip)", 3},
		{"net = (relu + tanh) | (tanh + relu)", 1},
		{"net = conv(3) + (conv(3) | skip)", 2},
		{"net = relu | tanh\nconfig a { b: 1..9 }", 2},
		{"net = (relu | zero) + (tanh | zero)", 4},
		{"net = (relu | tanh){1..3}", 2 + 4 + 8},
	} {
		space := load(t, "edition 1\nspace t\nuse std\ninput x: [c: 3, h: 8, w: 8]\n"+test.text+"\n")
		if got, exact, err := space.Structures(1000); got != test.want || !exact || err != nil {
			t.Errorf("%s: %d structures, exact: %v, %v; want %d", test.text, got, exact, err, test.want)
		}
		if _, _, err := space.Structures(1); test.want > 1 && !errors.Is(err, ir.ErrMany) {
			t.Errorf("%s within a limit of 1: %v", test.text, err)
		}
	}
	infinite := load(t, image+"net = t\nrule t = relu | twice(t)\nrule twice(x) = x >> x\n")
	if _, _, err := infinite.Structures(1000); !errors.Is(err, ir.ErrInfinite) {
		t.Errorf("of infinitely many points: %v", err)
	}
}
