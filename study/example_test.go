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

const knobs = "config knobs {\n  a: 1..16\n  b: 1..16\n}\n"

// Ask for a point, evaluate it in any way, and tell what came of it.
func ExampleStudy() {
	space := ir.Load(lang.NewSource("knobs.space", knobs), ir.Env{}, &diag.Report{})
	s := study.New(samplers.NewMCTS(space, 1))
	for range 100 {
		t, err := s.Ask()
		if err != nil {
			log.Fatal(err)
		}
		choices := t.Point.Choices()
		product := choices[0].Value.(int) * (17 - choices[1].Value.(int))
		if err := s.Tell(t.Number, study.Value(float64(product))); err != nil {
			log.Fatal(err)
		}
	}
	fmt.Println("best", s.Best().Value, "of", s.Best().Point.Choices())
	// Output:
	// best 256 of [{knobs.a 16} {knobs.b 1}]
}

// Run evaluates with workers; the folder holds the trials, and a study that was cut off goes on with Open.
func ExampleStudy_Run() {
	space := ir.Load(lang.NewSource("knobs.space", knobs), ir.Env{}, &diag.Report{})
	dir, err := os.MkdirTemp("", "study")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	store, err := study.Create(dir, study.Settings{Sampler: "random", Seed: 1}, true)
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close()
	s, err := store.Study(samplers.NewRandom(space, 1))
	if err != nil {
		log.Fatal(err)
	}
	summary, err := s.Run(context.Background(), study.Options{
		Trials: 200, Jobs: 2,
		Evaluate: func(_ context.Context, t *study.Task) (study.Evaluation, error) {
			b, err := t.Build()
			if err != nil {
				return study.Evaluation{}, err
			}
			knobs := b.Config("knobs").Map()
			return study.Value(float64(knobs["a"].(int) * (17 - knobs["b"].(int)))), nil
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(summary.Count(samplers.Complete), "complete, best", summary.Best.Value, "at", summary.Best.Number)
	// Output:
	// 200 complete, best 256 at 50
}
