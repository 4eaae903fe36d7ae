package main

import (
	"fmt"
	"os"

	"github.com/spacec-lang/spacec/compile/gorgonia"
	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/train"
)

// weightFiles are the files of weights that a training starts from and writes; each may be "".
type weightFiles struct {
	load, save string
	from       *train.Weights
	saved      int // epochs whose weights are in save
}

// open opens the weights to start from, if any, and gives their normalisation.
func (w *weightFiles) open(b *ir.Built) (*train.Normalisation, error) {
	if w.load == "" {
		return nil, nil
	}
	var err error
	if w.from, err = openWeights(w.load, b); err != nil {
		return nil, err
	}
	return w.from.Normalised, nil
}

// openWeights opens the weights of a point's network.
func openWeights(path string, b *ir.Built) (*train.Weights, error) {
	w, err := train.OpenWeights(path)
	if err != nil {
		return nil, err
	}
	if err := w.Fit(b.Graph); err != nil {
		w.Close()
		return nil, err
	}
	return w, nil
}

func (w *weightFiles) close() {
	if w.from != nil {
		w.from.Close()
	}
}

// writable reports before a training that its weights couldn't be written after it.
func (w *weightFiles) writable() error {
	if w.save == "" {
		return nil
	}
	if info, err := os.Stat(w.save); err == nil && !info.Mode().IsRegular() {
		return fmt.Errorf("%s: this is no file, so weights can't be written to it", w.save)
	}
	f, err := os.Create(w.save + ".part")
	if err != nil {
		return err
	}
	f.Close()
	return os.Remove(f.Name())
}

func (w *weightFiles) into(m *gorgonia.Model) error {
	if w.from == nil {
		return nil
	}
	return w.from.Into(m)
}

// left says what a training that came to no end has left of weights.
func (w *weightFiles) left(epochs int) string {
	if w.saved == 0 {
		return fmt.Sprintf("%s: nothing was written, as no epoch was complete", w.save)
	}
	return fmt.Sprintf("%s: the weights after epoch %d of %d", w.save, w.saved, epochs)
}
