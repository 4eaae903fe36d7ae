package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/train"
)

// weightFiles are the files of weights that a training starts from and writes; each may be "".
type weightFiles struct {
	load, save string
	resume     bool // go on with the training that save is of, if it is there
	from       *train.Weights
	saved      int // epochs whose weights are in save
}

// open opens the weights to start from, if any, and says what they are of.
func (w *weightFiles) open(b *ir.Built) (train.About, error) {
	path := w.load
	if _, err := os.Stat(w.save); w.resume && err == nil {
		path = w.save
	}
	if path == "" {
		return train.About{}, nil
	}
	var err error
	if w.from, err = openWeights(path, b); err != nil {
		return train.About{}, err
	}
	return w.from.About, nil
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
	if !replaceable(w.save) {
		return fmt.Errorf("%s: this file is there and holds no weights: name another for them, or remove it", w.save)
	}
	f, err := os.Create(w.save + ".part")
	if err != nil {
		return err
	}
	f.Close()
	return os.Remove(f.Name())
}

// replaceable tells whether weights may stand in place of a file: of none, of an empty one, or of other weights, which begin with the
// length of a header in JSON (safetensors).
func replaceable(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return os.IsNotExist(err)
	}
	defer f.Close()
	var head [9]byte
	n, _ := io.ReadFull(f, head[:])
	return n == 0 || n == len(head) && head[7] == 0 && head[8] == '{'
}

// into gives a training that has just begun its weights. The file is closed then, as save may take its place.
func (w *weightFiles) into(t *train.Training) (err error) {
	switch {
	case w.from == nil:
		return nil
	case w.resume:
		w.saved, err = w.from.Resume(t)
	default:
		err = w.from.Into(t.Model)
	}
	w.close()
	return err
}

// left says what a training that came to no end has left of weights.
func (w *weightFiles) left(epochs int) string {
	if w.saved == 0 {
		return fmt.Sprintf("%s: nothing was written, as no epoch was complete", w.save)
	}
	return fmt.Sprintf("%s: the weights after epoch %d of %d", w.save, w.saved, epochs)
}
