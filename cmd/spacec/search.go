package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/samplers"
	"github.com/spacec-lang/spacec/study"
)

// search's defaults: a quick start of the digits ends within three minutes on two cores.
const (
	searchTrials = 24
	searchJobs   = 2
	searchEpochs = 6
)

// searchFlags are the flags of search.
type searchFlags struct {
	trainFlags
	trials, jobs   int
	sampler        string
	dir            string
	force, forJSON bool
}

func (a *app) search() *cobra.Command {
	flags := &searchFlags{}
	cmd := &cobra.Command{
		Use:   "search FILE",
		Short: "Search a space for the best point",
		Long: `Search draws points from a space, trains each as train does, and reports the one of the highest validation accuracy;
of several, the first. Its test accuracy played no part in the search. The first trials are the seeds that the file declares;
no network is tried twice with the same configs. Weights aren't kept: the command that it prints trains the best point again, to the same, and saves them.

It writes a folder, which it names: ` + study.TrialsFile + ` as trials end, and ` + study.BestFile + `, the best point so far. Interrupted, it keeps
what it has and exits with 130. The same seed, jobs, trials and epochs give the same trials on the same machine,
however long each takes.

The samplers are
` + samplerDocs() + `
` + study.TrialsFile + ` has ` + study.Schema + `

With --json there is one object on standard output at the end:
  space, seed, sampler, trials, jobs
           what was searched, and how
  dir      the folder
  states   how many trials ended in each state, {"COMPLETE": 23, "FAIL": 1}
  best     the best trial, as in ` + study.TrialsFile + `; absent where none is complete, as are the rest
  test_accuracy
           its test accuracy, from 0 to 1
  point    the path of ` + study.BestFile + `
  train    the command that trains it again, and saves its weights`,
		Example: "  spacec search examples/digits.space\n  spacec search examples/digits.space --trials 100 --jobs 4 --sampler random -o runs/random",
		Args:    oneFile("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runSearch(cmd.Context(), args[0], flags)
		},
	}
	f := cmd.Flags()
	f.IntVar(&flags.trials, "trials", searchTrials, "how many points to try")
	f.IntVarP(&flags.jobs, "jobs", "j", searchJobs, "how many to train at once")
	samplerFlag(f, &flags.sampler, "auto")
	flags.addSeed(f, "what the draws, the first weights, the order of examples and the digits' division depend on")
	flags.add(f, searchEpochs)
	f.StringVarP(&flags.dir, "output", "o", "", "folder to write; without it, runs/SPACE-seedSEED, with a number where that holds a study")
	f.BoolVar(&flags.force, "force", false, "replace the study that the folder holds")
	f.BoolVar(&flags.forJSON, "json", false, "write what was found as a JSON object")
	return cmd
}

func samplerFlag(f *pflag.FlagSet, to *string, def string) {
	oneOfFlag(f, to, "sampler", def, "sampler", samplers.Names(), "what proposes points: "+strings.Join(samplers.Names(), ", "))
}

func samplerDocs() string {
	text := ""
	for _, k := range samplers.Kinds() {
		text += fmt.Sprintf("  %-10s %s\n", k.Name, k.Doc)
	}
	return text
}

func (a *app) runSearch(ctx context.Context, file string, f *searchFlags) error {
	for _, err := range []error{atLeast("--trials", f.trials, 1), atLeast("--jobs", f.jobs, 1), atLeast("--epochs", f.epochs, 1)} {
		if err != nil {
			return err
		}
	}
	if f.force && f.dir == "" {
		return usagef("--force goes with -o, which names the folder")
	}
	space, err := a.load(file)
	if err != nil {
		return err
	}
	t, err := trainerOf(space, &f.trainFlags)
	if err != nil { // before a folder is made
		return a.refused(file, err)
	}
	if err := t.objective(space); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	sampler, err := a.seeded(f.sampler, space, f.seed)
	if err != nil {
		return err
	}
	a.endsItself()
	store, err := f.store(space.Name)
	if err != nil {
		return err
	}
	defer store.Close()
	watch := a.watch(f.trials)
	start := time.Now()
	sum, err := study.Run(ctx, store, study.Options{Trials: f.trials, Jobs: f.jobs, Sampler: sampler, Evaluate: t.evaluate, Progress: watch.trial})
	watch.end()
	if closing := store.Close(); err == nil {
		err = closing
	}
	r := &found{flags: f, space: space.Name, trainer: t, summary: sum, store: store, took: time.Since(start)}
	if err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("%s: %w", file, err)
	}
	if writing := a.writeFound(r); writing != nil {
		return writing
	}
	if err == nil && sum.Best == nil {
		return fmt.Errorf("none of the %d trials gave a value; the first: %s", len(sum.Trials), sum.Trials[0].Reason)
	}
	return err
}

// seeded is the sampler of a name, after the file's seeds.
func (a *app) seeded(name string, space *ir.Space, seed uint64) (samplers.Sampler, error) {
	var report diag.Report
	var points []*ir.Point
	for _, l := range space.LocateSeeds(&report) {
		if l != nil {
			points = append(points, l.Point)
		}
	}
	if err := a.render(&report); err != nil {
		return nil, err
	}
	if report.Failed() {
		return nil, errReported
	}
	catalogue := samplers.NewCatalogue(space)
	s, err := samplers.New(name, catalogue, seed)
	if err != nil {
		return nil, err
	}
	return samplers.NewSeeded(samplers.NewDistinct(s, catalogue), points), nil
}

// trainerOf is a trainer for a space, checked with one point, as all are alike in what training needs of them.
func trainerOf(space *ir.Space, f *trainFlags) (*trainer, error) {
	w := space.Walk()
	w.Draw(0, 0)
	p, err := w.Point()
	if err != nil {
		return nil, err
	}
	b, err := p.Build()
	if err != nil {
		return nil, err
	}
	t, err := newTrainer(f, b, nil)
	if err != nil {
		return nil, err
	}
	return t, t.check(b)
}

func (f *searchFlags) store(space string) (*study.Store, error) {
	if f.dir == "" {
		if space == "" {
			space = "space"
		}
		return study.CreateFree(filepath.Join("runs", fmt.Sprintf("%s-seed%d", space, f.seed)))
	}
	s, err := study.Create(f.dir, f.force)
	if errors.Is(err, study.ErrExists) {
		return nil, fmt.Errorf("%w; name another folder with -o, or replace the study with --force", err)
	}
	return s, err
}
