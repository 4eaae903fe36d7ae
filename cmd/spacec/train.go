package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/spacec-lang/spacec/samplers"
	"github.com/spacec-lang/spacec/study"
	"github.com/spacec-lang/spacec/train"
)

func (a *app) train() *cobra.Command {
	var flags trainFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "train POINT",
		Short: "Train a point and print its metrics",
		Long: `Train trains the network of a file that holds one point, as sample and search write them, by the settings of its
config train. Without --data it trains on 1,797 handwritten digits of 8x8 pixels that this program carries, divided
60 : 20 : 20 by the seed into training, validation and test examples. The metrics are those of the last epoch.

With --json there is one object:
  state          COMPLETE, or FAIL where the training gave no network; then the exit code is 1
  val_accuracy, val_loss, test_accuracy, test_loss, train_loss, epochs
                 accuracies from 0 to 1; only where state is COMPLETE
  reason         why there are none; only where state is FAIL
  params, macs   learnt numbers, and multiplications for one example
  seconds        how long it took`,
		Example: "  spacec train point.space --epochs 20\n  spacec train point.space --seed 3 --json",
		Args:    oneFile("POINT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			t, err := newTrainer(&flags)
			if err != nil {
				return err
			}
			b, err := a.point(args[0])
			if err != nil {
				return err
			}
			if err := t.check(b); err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			s, err := t.settings(b)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			r, err := t.run(cmd.Context(), b, s, func(e train.Epoch) { a.epoch(t, e, s.Epochs) })
			if err != nil {
				return err
			}
			return a.writeTraining(t, r, asJSON)
		},
	}
	f := cmd.Flags()
	flags.add(f, 10)
	flags.addSeed(f, "what the first weights, the order of examples and the digits' division depend on")
	f.BoolVar(&asJSON, "json", false, "write the metrics as a JSON object")
	return cmd
}

// epoch writes a line on how the training goes.
func (a *app) epoch(t *trainer, e train.Epoch, of int) {
	text := fmt.Sprintf("epoch %d/%d: train_loss %.4f, val_loss %.4f", e.Epoch, of, e.TrainLoss, e.ValLoss)
	if t.classes() {
		text += fmt.Sprintf(", val_accuracy %.4f", e.ValAccuracy)
	}
	fmt.Fprintln(a.err, text)
}

func (a *app) writeTraining(t *trainer, r train.Result, asJSON bool) error {
	if asJSON {
		o := map[string]any{"state": samplers.Complete, "params": r.Params, "macs": r.MACs, "seconds": r.Seconds}
		if r.Failed != "" {
			o["state"], o["reason"] = samplers.Fail, r.Failed
		} else {
			for _, m := range t.metrics(r) {
				o[m.Name] = m.Value
			}
		}
		if err := a.writeJSON(o); err != nil {
			return err
		}
	} else if r.Failed == "" {
		fmt.Fprint(a.out, metricLines(t.metrics(r)))
		fmt.Fprintf(a.out, "%-15s%s\n%-15s%s\n%-15s%.1f\n", "params", group(r.Params), "macs", group(r.MACs), "seconds", r.Seconds)
	}
	if r.Failed != "" {
		return errors.New(r.Failed)
	}
	return nil
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
