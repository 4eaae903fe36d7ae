package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/spacec-lang/spacec/compile/gorgonia"
	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/study"
	"github.com/spacec-lang/spacec/train"
)

func (a *app) eval() *cobra.Command {
	var weights, data string
	var all, asJSON bool
	cmd := &cobra.Command{
		Use:   "eval POINT --weights FILE",
		Short: "Measure a point with saved weights",
		Long: `Eval measures the network of a file that holds one point, with weights that train saved. On the data of the training
it prints what train printed, to the last digit. Inputs go through what those of the training went through. Without
--data it measures on the digits that this program carries, divided as the training divided them.

With --json there is one object:
  val_accuracy, test_accuracy, val_loss, test_loss
                 accuracies from 0 to 1, absent where the data has no classes; with --all, accuracy and loss
  examples       how many examples were measured
  data, normalisation
                 the data's name, and what was done to its inputs`,
		Example: "  spacec eval point.space --weights weights.safetensors\n  spacec eval point.space --weights weights.safetensors --data new --all",
		Args:    oneFile("POINT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			m, err := a.trained(args[0], weights)
			if err != nil {
				return err
			}
			defer m.Close()
			if err := m.readFor(data); err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			o, err := m.measure(cmd.Context(), all)
			if err != nil {
				return err
			}
			return a.writeMeasured(m, o, asJSON)
		},
	}
	f := cmd.Flags()
	weightsFlag(f, &weights)
	f.StringVar(&data, "data", "", "folder of data or CSV file, as for train, instead of the digits in this program")
	f.BoolVar(&all, "all", false, "measure all examples together, as of data that the training didn't see")
	f.BoolVar(&asJSON, "json", false, "write the metrics as a JSON object")
	return cmd
}

func weightsFlag(f *pflag.FlagSet, to *string) {
	f.StringVar(to, "weights", "", "file of weights that train saved")
}

// trained is a point's network with its weights and data.
type trained struct {
	*trainer
	*gorgonia.Model
	weights *train.Weights
	built   *ir.Built
	batch   int
}

// trained reads a point and its weights.
func (a *app) trained(file, weights string) (*trained, error) {
	if weights == "" {
		return nil, usagef("--weights names the file of weights; train --save writes one")
	}
	b, err := a.point(file)
	if err != nil {
		return nil, err
	}
	w, err := openWeights(weights, b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	defer w.Close()
	t := &trainer{epochs: choice[int]{value: 1}}
	s, err := t.settings(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	m, err := gorgonia.Build(b.Graph, gorgonia.Options{Batch: s.Batch, Loss: gorgonia.None})
	if err != nil {
		return nil, err
	}
	return &trained{t, m, w, b, s.Batch}, w.Into(m)
}

// readFor reads data for the weights.
func (m *trained) readFor(data string) error {
	w := m.weights
	if data == "" && w.Data != train.DigitsName {
		return fmt.Errorf("the weights are of a training on %s: name it with --data", w.Data)
	}
	if err := m.read(data, m.built, w.About, w.Division); err != nil {
		return err
	}
	if c := m.data.Train.Classes; c != w.Classes {
		return fmt.Errorf("the weights tell %d classes apart, and %s has %d; 0 are values", w.Classes, m.data.Train.Name, c)
	}
	return m.data.Fits(m.built.Graph)
}

// measured is what eval found.
type measured struct {
	metrics  []study.Metric
	examples int
}

func (m *trained) measure(ctx context.Context, all bool) (measured, error) {
	parts := []struct {
		prefix string
		data   *train.Dataset
	}{{"val_", m.data.Val}, {"test_", m.data.Test}}
	if all {
		parts = parts[:1]
		parts[0].prefix, parts[0].data = "", m.data.All()
	}
	var o measured
	var losses []study.Metric
	for _, p := range parts {
		s, err := train.Evaluate(ctx, m.Model, m.batch, p.data)
		if err != nil {
			return o, err
		}
		if m.classes() {
			o.metrics = append(o.metrics, study.Metric{Name: p.prefix + "accuracy", Value: s.Accuracy})
		}
		losses = append(losses, study.Metric{Name: p.prefix + "loss", Value: s.Loss})
		o.examples += p.data.Len()
	}
	o.metrics = append(o.metrics, losses...)
	return o, nil
}

func (a *app) writeMeasured(m *trained, o measured, asJSON bool) error {
	d := m.data.Train
	if !asJSON {
		_, err := fmt.Fprintf(a.out, "%s%-15s%s\n%-15s%s\n%-15s%s\n", metricLines(o.metrics), "examples", group(int64(o.examples)),
			"data", d.Name, "inputs", d.Normalised.Text)
		return err
	}
	object := map[string]any{"examples": o.examples, "data": d.Name, "normalisation": d.Normalised.Text}
	for _, x := range o.metrics {
		object[x.Name] = x.Value
	}
	return a.writeJSON(object)
}
