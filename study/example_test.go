package study_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/samplers"
	"github.com/spacec-lang/spacec/study"
)

// A study tries points with an evaluator of your own; the folder holds its trials.
func ExampleRun() {
	const text = "config knobs {\n  a: 1..16\n  b: 1..16\n}\n"
	space := ir.Load(lang.NewSource("knobs.space", text), ir.Env{}, &diag.Report{})
	dir, err := os.MkdirTemp("", "study")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	store, err := study.Create(dir, true)
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close()
	summary, err := study.Run(context.Background(), store, study.Options{
		Trials: 200, Jobs: 2, Sampler: samplers.NewRandom(space, 1),
		Evaluate: func(_ context.Context, b *ir.Built) (study.Evaluation, error) {
			knobs := b.Config("knobs").Map()
			product := knobs["a"].(int) * (17 - knobs["b"].(int))
			return study.Evaluation{State: samplers.Complete, Value: float64(product)}, nil
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(summary.Count(samplers.Complete), "complete, best", summary.Best.Value, "at", summary.Best.Number)
	// Output:
	// 200 complete, best 256 at 50
}
