package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spacec-lang/spacec/samplers"
	"github.com/spacec-lang/spacec/study"
)

// found is what a search came to.
type found struct {
	flags     *searchFlags
	space     string
	evaluator *evaluator
	summary   *study.Summary
	store     *study.Store
	took      time.Duration
}

// foundJSON is what search's help says of --json.
type foundJSON struct {
	Space        string                 `json:"space"`
	Seed         uint64                 `json:"seed"`
	Sampler      string                 `json:"sampler"`
	Trials       int                    `json:"trials"`
	Jobs         int                    `json:"jobs"`
	Evaluator    string                 `json:"evaluator"`
	Dir          string                 `json:"dir"`
	States       map[samplers.State]int `json:"states"`
	Exhausted    bool                   `json:"exhausted,omitempty"`
	Best         *study.Trial           `json:"best,omitempty"`
	TestAccuracy *float64               `json:"test_accuracy,omitempty"`
	Point        string                 `json:"point,omitempty"`
	Train        string                 `json:"train,omitempty"`
}

func (a *app) writeFound(r *found) error {
	if r.flags.forJSON {
		return a.writeJSON(r.json())
	}
	_, err := fmt.Fprint(a.out, r.text())
	return err
}

func (r *found) json() foundJSON {
	f := r.flags
	j := foundJSON{Space: r.space, Seed: f.seed, Sampler: f.sampler, Trials: f.trials, Jobs: f.jobs,
		Evaluator: cmp.Or(f.spec, "train"), Dir: r.store.Dir(), Exhausted: r.summary.Exhausted, States: map[samplers.State]int{}, Best: r.summary.Best}
	for _, t := range r.summary.Trials {
		j.States[t.State]++
	}
	if best := r.summary.Best; best != nil {
		if x, ok := best.Metric("test_accuracy"); ok {
			j.TestAccuracy = &x
		}
		if j.Point = r.store.BestPath(); r.evaluator.trainer != nil {
			j.Train = r.again()
		}
	}
	return j
}

func (r *found) text() string {
	var b strings.Builder
	var states []string
	for _, s := range []samplers.State{samplers.Complete, samplers.Pruned, samplers.Fail, samplers.Infeasible} {
		if n := r.summary.Count(s); n > 0 {
			states = append(states, fmt.Sprintf("%d %s", n, strings.ToLower(string(s))))
		}
	}
	took := r.took.Round(time.Second / 10).String()
	if r.took < time.Minute {
		took = fmt.Sprintf("%.1fs", r.took.Seconds())
	}
	fmt.Fprintf(&b, "%s in %s", plural(len(r.summary.Trials), "trial"), took)
	if len(states) > 0 {
		b.WriteString(": " + strings.Join(states, ", "))
	}
	if r.summary.Exhausted {
		b.WriteString("; the sampler has no further point")
	}
	b.WriteByte('\n')
	fmt.Fprintf(&b, "written to %s\n", filepath.Join(r.store.Dir(), study.TrialsFile))
	best := r.summary.Best
	if best == nil {
		return b.String()
	}
	fmt.Fprintf(&b, "\nbest: trial %d\n", best.Number)
	metrics := metricLines(best.Metrics)
	if r.evaluator.trainer == nil {
		metrics = r.evaluator.lines(best)
	}
	for line := range strings.Lines(metrics) {
		b.WriteString("  " + line)
	}
	if best.Layers > 0 {
		fmt.Fprintf(&b, "  %-15s%s\n", "params", group(best.Params))
	}
	fmt.Fprintf(&b, "  %-15s%s\n", "point", r.store.BestPath())
	if r.evaluator.trainer != nil {
		fmt.Fprintf(&b, "train it again:\n  %s\n", r.again())
	}
	return b.String()
}

// lines are the metrics of a trial, which have its value among them.
func (e *evaluator) lines(t *study.Trial) string {
	metrics := t.Metrics
	if _, ok := t.Metric(e.reward.Name); !ok {
		metrics = append([]study.Metric{{Name: cmp.Or(e.reward.Name, "value"), Value: e.reward.Raw(t.Value)}}, metrics...)
	}
	var b strings.Builder
	for _, m := range metrics {
		fmt.Fprintf(&b, "%-15s%s\n", m.Name+" ", figure(m.Value))
	}
	return b.String()
}

// again is the command line that trains the best point as the search did, to the same weights, and saves them.
func (r *found) again() string {
	f := r.flags
	words := []string{invocation(), "train", quoted(r.store.BestPath()), "--seed", fmt.Sprint(f.seed)}
	epochs, _ := r.summary.Best.Metric("epochs")
	words = append(words, "--epochs", fmt.Sprint(epochs))
	if f.data != "" {
		words = append(words, "--data", quoted(f.data))
	}
	if f.raw {
		words = append(words, "--raw")
	}
	words = append(words, "--save", quoted(filepath.Join(r.store.Dir(), "best.safetensors")))
	return strings.Join(words, " ")
}

// quoted is a word of a shell's command line.
func quoted(s string) string {
	if strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./+:@%,") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
