package samplers_test

import (
	"fmt"
	"log"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/samplers"
)

// A sampler proposes points and is told what came of them: here, that wide is good, and deep.
func ExampleNewMCTS() {
	const text = "config net {\n  width: 8..64 step 8\n  depth: 1..8\n}\n"
	space := ir.Load(lang.NewSource("net.space", text), ir.Env{}, &diag.Report{})
	s := samplers.NewMCTS(space, 1)
	best, found := -1, ""
	for trial := range 40 {
		point, err := s.Ask(trial)
		if err != nil {
			log.Fatal(err)
		}
		choices := point.Choices()
		value := choices[0].Value.(int) * choices[1].Value.(int)
		if value > best {
			best, found = value, fmt.Sprint(choices)
		}
		if err := s.Tell(trial, samplers.Outcome{State: samplers.Complete, Value: float64(value)}); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println(best, found)
	// Output:
	// 512 [{net.width 64} {net.depth 8}]
}
