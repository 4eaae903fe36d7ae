package train

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// resumed is a training that saves its weights after each epoch, and may start from them.
func resumed(t *testing.T, path string, data *Splits, s Settings, from bool, stop int) (Result, []float32, error) {
	t.Helper()
	g := chain(t, data.Train.Input, data.Train.target(), call{"flatten", nil}, call{"dense", []any{12}}, call{"batch_norm", nil},
		call{"relu", nil}, call{"dropout", []any{0.3}}, call{"dense", []any{10}})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var training *Training
	r, err := Run(ctx, g, data, s, Hooks{
		Start: func(begun *Training) error {
			training = begun
			if !from {
				return nil
			}
			w, err := OpenWeights(path)
			if err != nil {
				return err
			}
			defer w.Close()
			_, err = w.Resume(begun)
			return err
		},
		Epoch: func(e Epoch) error {
			if e.Epoch == stop {
				cancel()
			}
			return SaveWeights(path, training, About{Network: Describe(g), Data: data.Train.Name, Normalised: data.Train.Normalised, Classes: 10})
		},
	})
	r.Seconds = 0
	var weights []float32
	for _, p := range append(training.Model.Params(), training.Model.State()...) {
		weights = append(weights, p.Value...)
	}
	return r, weights, err
}

// However often a training is stopped, it comes to the same numbers, bit for bit.
func TestResumedTrainingsGiveTheSameNumbers(t *testing.T) {
	data := digits(t).Split(splitSeed)
	data.Train = data.Train.Select(ordered(200))
	for name, change := range map[string]func(*Settings){
		"adam, cosine after a warm-up": func(s *Settings) { s.Schedule = Schedule{Kind: "cosine", Warmup: 1.5} },
		"adamw":                        func(s *Settings) { s.Optimizer, s.WeightDecay = "adamw", 0.1 },
		"sgd, by steps": func(s *Settings) {
			s.Optimizer, s.Momentum, s.WeightDecay, s.Schedule = "sgd", 0.9, 0.01, Schedule{Kind: "step", Every: 2, Factor: 0.5}
		},
	} {
		s := settings(func(s *Settings) { s.LR, s.Batch, s.Epochs, s.Seed = 0.01, 32, 5, 7 })
		change(&s)
		path := filepath.Join(t.TempDir(), "w.st")
		want, weights, err := resumed(t, path, data, s, false, 0)
		if err != nil {
			t.Fatal(err)
		}
		for i, stop := range []int{2, 3, 0, 0} { // the last has nothing left to do
			r, w, err := resumed(t, path, data, s, i > 0, stop)
			if stop > 0 {
				if !errors.Is(err, context.Canceled) || r.Epochs != stop {
					t.Fatalf("%s: %v, %+v", name, err, r)
				}
				continue
			}
			if diff := cmp.Diff(want, r); err != nil || diff != "" || !cmp.Equal(weights, w) {
				t.Errorf("%s, run %d: %v, %s", name, i, err, diff)
			}
		}
	}
}

// A training that ended goes on as one of more epochs would have, where the rate is that of no end.
func TestResumedTrainingGoesOnBeyondItsEnd(t *testing.T) {
	data := digits(t).Split(splitSeed)
	data.Train = data.Train.Select(ordered(100))
	s := settings(func(s *Settings) { s.Epochs = 4 })
	path := filepath.Join(t.TempDir(), "w.st")
	want, weights, _ := resumed(t, path, data, s, false, 0)
	s.Epochs = 2
	if _, _, err := resumed(t, path, data, s, false, 0); err != nil {
		t.Fatal(err)
	}
	s.Epochs = 4
	r, w, err := resumed(t, path, data, s, true, 0)
	if diff := cmp.Diff(want, r, cmpopts.IgnoreFields(Result{}, "Seconds")); err != nil || diff != "" || !cmp.Equal(weights, w) {
		t.Errorf("%v, %s", err, diff)
	}
	other := digits(t).Split(splitSeed) // more examples of that name
	for says, f := range map[string]func() error{
		"w.st is of a training by other settings, lr 0.1 instead of 0.2; --load starts anew": func() error {
			s := s
			s.LR = 0.2
			_, _, err := resumed(t, path, data, s, true, 0)
			return err
		},
		"w.st is of a training on other data, digits":                               func() error { _, _, err := resumed(t, path, other, s, true, 0); return err },
		"w.st is of a training that has come to epoch 4; it can't go on to epoch 3": func() error { s := s; s.Epochs = 3; _, _, err := resumed(t, path, data, s, true, 0); return err },
	} {
		if err := f(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, not %s", err, says)
		}
	}
}
