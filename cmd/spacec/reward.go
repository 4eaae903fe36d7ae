package main

import (
	"fmt"

	"github.com/spacec-lang/spacec/evaluators"
	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/parser"
	"github.com/spacec-lang/spacec/study"
)

// keptReward is what the values of a study's trials are of, by its file and the flags that it began with.
func keptReward(dir string, set study.Settings, trials []*study.Trial) (evaluators.Reward, error) {
	k, err := keptFlags(dir, set)
	if err != nil {
		return evaluators.Reward{}, err
	}
	name := "the space"
	var objectives []ir.Objective
	for _, d := range parser.ParseFile(lang.NewSource(set.Space.File, set.Space.Text), &diag.Report{}).Decls {
		switch d := d.(type) {
		case *lang.SpaceDecl:
			name = "space " + d.Name.Name
		case *lang.Objective:
			objectives = append(objectives, ir.Objective{Name: d.Name.Name, Maximize: d.Maximize})
		}
	}
	e := &evaluatorFlags{spec: k.Given["evaluator"], reward: k.Given["reward"], direction: k.Given["direction"]}
	kind, of, err := e.kind()
	if err != nil {
		return evaluators.Reward{}, err
	}
	if kind == "train" && len(objectives) > 1 {
		return evaluators.Reward{}, manyObjectives(name, len(objectives))
	}
	r, err := e.rewardOf(name, objectives, kind, of)
	if kind == "train" && len(objectives) == 0 { // training minimises the loss of values
		for _, t := range trials {
			_, loss := t.Metric("val_loss")
			_, accuracy := t.Metric("val_accuracy")
			r.Minimize = r.Minimize || loss && !accuracy
		}
	}
	return r, err
}

// manyObjectives is the error of a study to be asked and told whose space has several objectives.
func manyObjectives(space string, n int) error {
	return fmt.Errorf("%s has %d objectives, and tell takes the value of one: begin a study whose file has one", space, n)
}
