package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/study"
	"github.com/spacec-lang/spacec/train"
)

// trainer trains what points stand for: their net, by the settings of their config train.
type trainer struct {
	data     *train.Splits
	division uint64 // the seed that divided the data, where it came in one part
	epochs   choice[int]
	seed     choice[uint64]
}

// choice is a setting that a flag gives, or else the file's config, or else the flag's default.
type choice[T any] struct {
	value T
	given bool // by the flag
}

// trainFlags are the flags of commands that train; what they give is read by newTrainer.
type trainFlags struct {
	set    *pflag.FlagSet
	epochs int
	seed   uint64
	data   string
	raw    bool
}

func (t *trainFlags) add(f *pflag.FlagSet, epochs int) {
	t.set = f
	f.IntVar(&t.epochs, "epochs", epochs, "passes over the training examples; config train's where not given here")
	f.StringVar(&t.data, "data", "", "folder of IDX, .npy or CSV files, or a CSV file, to train on instead of the digits in this program")
	f.BoolVar(&t.raw, "raw", false, "take the inputs of --data as they are, without normalisation")
}

func (t *trainFlags) addSeed(f *pflag.FlagSet, what string) { f.Uint64Var(&t.seed, "seed", 1, what) }

// dataDocs is what the help of commands says of their data.
const dataDocs = `--data names a CSV file of numbers, the label, a number or a name, or the values last, or a folder that holds, gzipped or not, one of
  train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte (MNIST's names)
  x.npy and y.npy, or x_train.npy and y_train.npy with x_test.npy and y_test.npy, and x_val.npy and y_val.npy
  data.csv, or train.csv with test.csv and val.csv
Where only a training part is there it is divided 60 : 20 : 20; where a test part is there, but none to validate, a sixth
of the training part validates. A network of one output number regresses; others classify, by labels from 0, where the
targets are integers or the last column of CSV; an output of [s, classes] takes s labels an example, -1 for none. Bytes
are divided by 255 and CSV's columns standardised over the training part; others are taken as they are, and so are all
with --raw.`

// newTrainer reads the data for a network. The digits are divided by the seed; a folder has parts of its own, or is
// divided in one way whatever the seed. It is taken like that of another training, as far as that is given.
func newTrainer(f *trainFlags, b *ir.Built, like train.About) (*trainer, error) {
	t := &trainer{epochs: choice[int]{f.epochs, f.set.Changed("epochs")}, seed: choice[uint64]{f.seed, f.set.Changed("seed")}}
	if f.raw && like.Normalised == nil {
		like.Normalised = train.AsTheyAre()
	}
	return t, t.read(f.data, b, like, f.seed)
}

// read reads the data: a folder's or, without one, the digits.
func (t *trainer) read(dir string, b *ir.Built, like train.About, seed uint64) error {
	if b.Graph == nil {
		return errors.New("it has no net, so there is no network to train")
	}
	if dir == "" {
		digits, err := train.Digits()
		if err != nil {
			return err
		}
		t.data, t.division = digits.Split(seed), seed
		return nil
	}
	ports, err := train.PortsOf(b.Graph)
	if err == nil {
		t.data, err = train.Load(dir, ports, like)
	}
	return err
}

// settings are a point's, completed by the flags.
func (t *trainer) settings(b *ir.Built) (train.Settings, error) {
	fields := b.Config("train").Map()
	if _, ok := fields["epochs"]; !ok || t.epochs.given {
		fields["epochs"] = t.epochs.value
	}
	_, own := fields["seed"]
	s, err := train.ParseSettings(fields)
	if !own || t.seed.given {
		s.Seed = t.seed.value
	}
	return s, err
}

// check reports what no training of a space's points could do with.
func (t *trainer) check(b *ir.Built) error {
	var unknown *train.UnknownSetting
	if _, err := t.settings(b); errors.As(err, &unknown) {
		return err
	}
	return t.data.Fits(b.Graph)
}

// about says what weights trained here are of.
func (t *trainer) about(b *ir.Built) train.About {
	d := t.data.Train
	return train.About{Network: train.Describe(b.Graph), Data: d.Name, Normalised: d.Normalised, Classes: d.Classes, Names: d.Names,
		Division: t.division}
}

// describe says what the data is, for people.
func (t *trainer) describe() string {
	d := t.data
	return fmt.Sprintf("data: %s, %s training, %s validation and %s test examples; inputs: %s", d.Train.Name,
		group(int64(d.Train.Len())), group(int64(d.Val.Len())), group(int64(d.Test.Len())), d.Train.Normalised.Text)
}

// evaluate is the study's Evaluator: the value is the validation accuracy or, for data without classes, minus the
// validation loss.
func (t *trainer) evaluate(ctx context.Context, task *study.Task) (study.Evaluation, error) {
	b, err := task.Build()
	if err != nil {
		return study.Evaluation{}, err
	}
	if err := t.check(b); err != nil {
		return study.Evaluation{}, err
	}
	s, err := t.settings(b)
	if err != nil {
		return study.Impossible("%v", err), nil
	}
	s.Cores = task.Cores()
	r, err := train.Run(ctx, b.Graph, t.data, s, train.Hooks{})
	switch {
	case ctx.Err() != nil && err != nil:
		return study.Evaluation{}, err
	case err != nil:
		return study.Failed("%v", err), nil
	case r.Failed != "":
		return study.Failed("%s", r.Failed), nil
	}
	return study.Value(t.value(r), t.metrics(r)...), nil
}

func (t *trainer) classes() bool { return t.data.Train.Classes > 0 }

func (t *trainer) value(r train.Result) float64 {
	if t.classes() {
		return r.ValAccuracy
	}
	return -r.ValLoss
}

// metrics are what was measured, in the order in which to show it; there are no accuracies where there are no classes.
func (t *trainer) metrics(r train.Result) []study.Metric {
	var m []study.Metric
	if t.classes() {
		m = append(m, study.Metric{Name: "val_accuracy", Value: r.ValAccuracy}, study.Metric{Name: "test_accuracy", Value: r.TestAccuracy})
	}
	return append(m, study.Metric{Name: "val_loss", Value: r.ValLoss}, study.Metric{Name: "test_loss", Value: r.TestLoss},
		study.Metric{Name: "train_loss", Value: r.TrainLoss}, study.Metric{Name: "epochs", Value: float64(r.Epochs)})
}

// objective reports a space whose points are to be searched for something that training doesn't measure.
func (t *trainer) objective(space *ir.Space) error {
	if len(space.Objectives) > 1 {
		return fmt.Errorf("%v has %d objectives; search takes one", space, len(space.Objectives))
	}
	targets, can := "values", ir.Objective{Name: "loss"}
	if t.classes() {
		targets, can = "classes", ir.Objective{Name: "accuracy", Maximize: true}
	}
	for _, o := range space.Objectives {
		if o != can {
			return fmt.Errorf("%v: '%s' is nothing to search for here: data set %s has %s, so write '%s'",
				space, o, t.data.Train.Name, targets, can)
		}
	}
	return nil
}
