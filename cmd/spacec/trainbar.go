package main

import (
	"fmt"
	"time"

	"github.com/schollz/progressbar/v3"

	"github.com/spacec-lang/spacec/train"
)

// trainBar shows how a training goes: a line for each epoch and, on a terminal, a bar with the loss, the last
// accuracy and the time left.
type trainBar struct {
	app      *app
	bar      *progressbar.ProgressBar // nil off a terminal, and until the first step
	before   int                      // steps of a training that was resumed
	accuracy string
	shown    time.Time
}

func (a *app) trainBar() *trainBar { return &trainBar{app: a} }

func (b *trainBar) step(s train.Step) {
	if !b.app.terminal || time.Since(b.shown) < 100*time.Millisecond && s.Step < s.Steps {
		return
	}
	b.shown = time.Now()
	if b.bar == nil {
		b.before = s.Step - 1
		b.bar = progressbar.NewOptions(s.Steps-b.before, progressbar.OptionSetWriter(b.app.err), progressbar.OptionSetWidth(24),
			progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish())
	}
	b.bar.Describe(fmt.Sprintf("epoch %d/%d, loss %.4f%s", s.Epoch, s.Epochs, s.Loss, b.accuracy))
	b.bar.Set(s.Step - b.before) // an error here shows no bar, and stops nothing
}

// epoch writes the epoch's line.
func (b *trainBar) epoch(e train.Epoch, of int, classes bool) {
	if b.bar != nil {
		b.bar.Clear()
	}
	text := fmt.Sprintf("epoch %d/%d: train_loss %.4f, val_loss %.4f", e.Epoch, of, e.TrainLoss, e.ValLoss)
	if classes {
		b.accuracy = fmt.Sprintf(", val_accuracy %.4f", e.ValAccuracy)
		text += b.accuracy
	}
	fmt.Fprintln(b.app.err, text)
}

// end takes the bar away.
func (b *trainBar) end() {
	if b.bar != nil {
		b.bar.Clear()
	}
}
