package main

import (
	"cmp"
	"fmt"
	"math"
	"strconv"

	"github.com/schollz/progressbar/v3"

	"github.com/spacec-lang/spacec/study"
)

// watch shows how a search goes: a bar on a terminal, and elsewhere a line for each new best and each tenth of the way.
type watch struct {
	app   *app
	of    int
	ended int
	bar   *progressbar.ProgressBar // nil off a terminal
	best  *study.Trial
	by    *evaluator
}

func (a *app) watch(trials int, by *evaluator) *watch {
	w := &watch{app: a, of: trials, by: by}
	if a.terminal {
		w.bar = a.bar(trials, "searching")
		w.bar.RenderBlank() // an error here shows no bar, and stops nothing
	}
	return w
}

// bar is a bar for so many steps of what is being done, with the time left.
func (a *app) bar(steps int, doing string) *progressbar.ProgressBar {
	return progressbar.NewOptions(steps, progressbar.OptionSetWriter(a.err), progressbar.OptionSetDescription(doing),
		progressbar.OptionShowCount(), progressbar.OptionSetWidth(24), progressbar.OptionClearOnFinish())
}

// trial is called after each trial.
func (w *watch) trial(t, best *study.Trial) {
	w.ended++
	isNew := best != w.best
	w.best = best
	if w.bar != nil {
		if isNew {
			w.bar.Describe("best " + w.by.score(best))
		}
		w.bar.Add(1)
		return
	}
	if !isNew && w.ended*10/w.of == (w.ended-1)*10/w.of {
		return
	}
	text := "no trial is complete yet"
	if best != nil {
		text = "best " + w.by.score(best)
	}
	fmt.Fprintf(w.app.err, "%d of %d trials: %s\n", w.ended, w.of, text)
}

// score is a trial's value as it was measured.
func (e *evaluator) score(t *study.Trial) string {
	if e.trainer == nil {
		return fmt.Sprintf("%s %s (trial %d)", cmp.Or(e.reward.Name, "value"), figure(e.reward.Raw(t.Value)), t.Number)
	}
	for _, name := range []string{"val_accuracy", "val_loss"} {
		if x, ok := t.Metric(name); ok {
			return fmt.Sprintf("%s %.4f (trial %d)", name, x, t.Number)
		}
	}
	return fmt.Sprintf("%.4f (trial %d)", t.Value, t.Number)
}

// figure is a measured number for people: whole ones with their digits in threes, others with six digits.
func figure(x float64) string {
	if x == math.Trunc(x) && math.Abs(x) < 1e15 {
		return group(int64(x))
	}
	return strconv.FormatFloat(x, 'g', 6, 64)
}

// end takes the bar away.
func (w *watch) end() {
	if w.bar != nil {
		w.bar.Finish()
	}
}
