package samplers

import (
	"testing"

	"github.com/spacec-lang/spacec/ir"
)

// BenchmarkAsk is what a proposal costs with a thousand trials told, and telling of it: on the digits, whose points have some
// dozens of decisions, and on NAS-Bench-201, which has few enough points that models look at all of them.
func BenchmarkAsk(b *testing.B) {
	for _, name := range []string{"digits", "nasbench201"} {
		for _, kind := range Kinds() {
			if kind.Name == "enumerate" || kind.Name == "auto" {
				continue
			}
			b.Run(name+"/"+kind.Name, func(b *testing.B) { benchmarkAsk(b, name, kind) })
		}
	}
}

func benchmarkAsk(b *testing.B, name string, kind Kind) {
	space := example(b, name)
	s := kind.New(NewCatalogue(space), 1)
	trial := 0
	tell := func() {
		if err := s.Tell(trial, Outcome{Complete, ir.Uniform(2, uint64(trial), 3)}); err != nil {
			b.Fatal(err)
		}
		trial++
	}
	next := func() {
		ask(b, s, trial)
		tell()
	}
	t, teaches := s.(teacher)
	for range 1000 {
		if !teaches {
			next()
			continue
		}
		if err := t.Teach(trial, ask(b, NewRandom(space, 1), trial)); err != nil {
			b.Fatal(err)
		}
		tell()
	}
	next() // the first time, a model looks at all points
	next()
	b.ReportAllocs()
	for b.Loop() {
		next()
	}
}
