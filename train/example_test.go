package train_test

import (
	"context"
	"fmt"
	"log"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/stdlib"
	"github.com/spacec-lang/spacec/train"
)

// A point's graph is trained on a data set by the settings of its config.
func ExampleRun() {
	const text = `use std
input image: [c: 1, h: 8, w: 8]
net = dense(32) >> relu >> dense(10)
config train { optimizer: sgd(momentum: 0.9); lr: 0.1; batch: 32 }
`
	space := ir.Load(lang.NewSource("mlp.space", text), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &diag.Report{})
	point, err := space.Only()
	if err != nil {
		log.Fatal(err)
	}
	built, err := point.Build()
	if err != nil {
		log.Fatal(err)
	}
	settings, err := train.ParseSettings(built.Config("train").Map())
	if err != nil {
		log.Fatal(err)
	}
	settings.Epochs, settings.Seed = 10, 1
	digits, err := train.Digits()
	if err != nil {
		log.Fatal(err)
	}
	result, err := train.Run(context.Background(), built.Graph, digits.Split(1), settings, train.Hooks{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("params", result.Params, "- right on nine of ten:", result.TestAccuracy > 0.9)
	// Output: params 2410 - right on nine of ten: true
}
