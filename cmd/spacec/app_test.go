package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const onePoint = `space small
use std
input  image:  [c: 1, h: 8, w: 8]
output logits: [10]
net = flatten >> dense(10)
config train { lr: 0.01 }
`

// A command that looks at the context ends when it is interrupted, with the exit code of that.
func TestInterruptedBeforeItBegins(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	for _, args := range [][]string{{"sample", "-", "-n", "1000000000"}, {"train", "-"}} {
		var out, err bytes.Buffer
		a := &app{in: strings.NewReader(onePoint), out: &out, err: &err}
		if code := a.run(ctx, args); code != exitInterrupt || err.String() != "spacec: interrupted\n" {
			t.Errorf("%v exits with %d and says %q", args, code, &err)
		}
	}
}

func TestGroup(t *testing.T) {
	got := map[int64]string{}
	for _, n := range []int64{0, 999, 1000, 12345, 1234567, -999, -1234567} {
		got[n] = group(n)
	}
	want := map[int64]string{0: "0", 999: "999", 1000: "1,000", 12345: "12,345", 1234567: "1,234,567", -999: "-999", -1234567: "-1,234,567"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestQuoted(t *testing.T) {
	for word, want := range map[string]string{"runs/a-1": "runs/a-1", "my runs": "'my runs'", "it's": `'it'\''s'`, "$x": "'$x'"} {
		if got := quoted(word); got != want {
			t.Errorf("%q is quoted as %s, want %s", word, got, want)
		}
	}
}
