package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/spacec-lang/spacec/samplers"
	"github.com/spacec-lang/spacec/study"
	"github.com/spacec-lang/spacec/train"
)

func (a *app) train() *cobra.Command {
	flags := &trainFlags{}
	var w weightFiles
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "train POINT",
		Short: "Train a point, print its metrics and save its weights",
		Long: `Train trains the network of a file that holds one point, as sample and search write them, by the settings of its
config train. Without --data it trains on 1,797 handwritten digits of 8x8 pixels that this program carries, divided
60 : 20 : 20 by the seed into training, validation and test examples. The metrics are those of the last epoch.

` + dataDocs + `

The fields of config train, with their defaults; docs/training.md has more on them:
` + fieldDocs() + `
--save writes the weights after each epoch, in the safetensors format, with the running statistics, what the inputs went
through, and the network that they belong to; each time as a whole, so that an interrupt leaves those of the last
complete epoch. eval and predict use them. With --resume a training that was interrupted goes on after the last epoch that
is in that file, to the same numbers as if it had never stopped; where there is no file it starts. With more --epochs than
before a training goes on beyond its end, by the schedule of all of them. --load starts from the weights of a file, with
their normalisation, and with an optimizer and a schedule that start anew.

With --json there is one object:
  state          COMPLETE, or FAIL where the training gave no network; then the exit code is 1
  val_accuracy, val_loss, test_accuracy, test_loss, train_loss, epochs
                 accuracies from 0 to 1; only where state is COMPLETE
  reason         why there are none; only where state is FAIL
  params, macs   learnt numbers, and multiplications for one example
  seconds        how long it took
  data, normalisation
                 the data's name, and what was done to its inputs
  weights        where the weights are; only with --save`,
		Example: "  spacec train point.space --epochs 20 --save weights.safetensors --resume\n  spacec train point.space --seed 3 --json",
		Args:    oneFile("POINT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runTrain(cmd.Context(), args[0], flags, &w, asJSON)
		},
	}
	f := cmd.Flags()
	flags.add(f, 10)
	flags.addSeed(f, "what the first weights, the order of examples and the digits' division depend on")
	f.StringVar(&w.save, "save", "", "file to write the weights to, after each epoch")
	f.StringVar(&w.load, "load", "", "file of weights to start from")
	f.BoolVar(&w.resume, "resume", false, "go on after the last epoch in the file of --save, if it is there")
	f.BoolVar(&asJSON, "json", false, "write the metrics as a JSON object")
	return cmd
}

func (a *app) runTrain(ctx context.Context, file string, f *trainFlags, w *weightFiles, asJSON bool) error {
	if err := atLeast("--epochs", f.epochs, 1); err != nil {
		return err
	}
	if w.resume && (w.save == "" || w.load != "") {
		return usagef("--resume goes with --save, whose file it goes on from, and without --load")
	}
	if f.raw && w.load != "" {
		return usagef("--raw goes without --load: inputs go through what those of the weights went through")
	}
	b, err := a.point(file)
	if err != nil {
		return err
	}
	like, err := w.open(b)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	defer w.close()
	t, err := newTrainer(f, b, like)
	if err == nil {
		err = t.check(b)
	}
	var s train.Settings
	if err == nil {
		s, err = t.settings(b)
	}
	if err != nil {
		return a.refused(file, err)
	}
	a.endsItself()
	if err := cmp.Or(ctx.Err(), w.writable()); err != nil {
		return err
	}
	fmt.Fprintln(a.err, t.describe())
	bar := a.trainBar()
	var training *train.Training
	r, err := train.Run(ctx, b.Graph, t.data, s, train.Hooks{
		Start: func(t *train.Training) error {
			training = t
			err := w.into(t)
			if err == nil && w.saved > 0 {
				fmt.Fprintf(a.err, "%s: it goes on after epoch %d of %d\n", w.save, w.saved, s.Epochs)
			}
			return err
		},
		Step: bar.step,
		Epoch: func(e train.Epoch) error {
			bar.epoch(e, s.Epochs, t.classes())
			if w.save == "" {
				return nil
			}
			err := train.SaveWeights(w.save, training, t.about(b))
			if err == nil {
				w.saved = e.Epoch
			}
			return err
		},
	})
	bar.end()
	if w.save != "" && (err != nil || r.Failed != "") {
		fmt.Fprintln(a.err, w.left(s.Epochs))
	}
	if err != nil {
		return err
	}
	return a.writeTraining(t, r, w.save, asJSON)
}

func (a *app) writeTraining(t *trainer, r train.Result, weights string, asJSON bool) error {
	if asJSON {
		o := map[string]any{"state": samplers.Complete, "params": r.Params, "macs": r.MACs, "seconds": r.Seconds,
			"data": t.data.Train.Name, "normalisation": t.data.Train.Normalised.Text}
		if r.Failed != "" {
			o["state"], o["reason"] = samplers.Fail, r.Failed
		} else {
			for _, m := range t.metrics(r) {
				o[m.Name] = m.Value
			}
			if weights != "" {
				o["weights"] = weights
			}
		}
		if err := a.writeJSON(o); err != nil {
			return err
		}
	} else if r.Failed == "" {
		fmt.Fprint(a.out, metricLines(t.metrics(r)))
		fmt.Fprintf(a.out, "%-15s%s\n%-15s%s\n%-15s%.1f\n", "params", group(r.Params), "macs", group(r.MACs), "seconds", r.Seconds)
		if weights != "" {
			fmt.Fprintf(a.out, "%-15s%s\n", "weights", weights)
		}
	}
	if r.Failed != "" {
		return errors.New(r.Failed)
	}
	return nil
}

// fieldDocs lists the fields of config train.
func fieldDocs() string {
	var b strings.Builder
	for _, f := range train.Fields() {
		name := f.Name
		if f.Of != "" {
			name = "  " + f.Of + "'s " + f.Name
		}
		fmt.Fprintf(&b, "  %-18s%s (%s)\n", name, f.Takes, f.Default)
	}
	return b.String()
}

// metricLines are metrics for people, one a line; losses and accuracies with four digits.
func metricLines(metrics []study.Metric) string {
	var b strings.Builder
	for _, m := range metrics {
		text := fmt.Sprintf("%.4f", m.Value)
		if m.Name == "epochs" {
			text = fmt.Sprint(m.Value)
		}
		fmt.Fprintf(&b, "%-15s%s\n", m.Name, text)
	}
	return b.String()
}
