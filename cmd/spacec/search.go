package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/samplers"
	"github.com/spacec-lang/spacec/study"
	"github.com/spacec-lang/spacec/train"
)

// search's defaults: a quick start of the digits ends within three minutes on two cores.
const (
	searchTrials = 24
	searchJobs   = 2
	searchEpochs = 6
)

// searchFlags are the flags of search.
type searchFlags struct {
	evaluatorFlags
	trials, jobs           int
	sampler, distinct      string
	dir                    string
	resume, force, forJSON bool
}

func (a *app) search() *cobra.Command {
	flags := &searchFlags{}
	cmd := &cobra.Command{
		Use:   "search FILE",
		Short: "Search a space for the best point",
		Long: `Search draws points from a space, evaluates each, and reports the best; of several, the first. Without --evaluator it trains
each as train does, and the best is the one of the highest validation accuracy: its test accuracy played no part in the search.
The first trials are the seeds that the file declares; no network is tried twice with the same configs. Weights aren't kept: the
command that it prints trains the best point again, to the same, and saves them.

--jobs many trials go on at once, and those that train divide the cores: with 2 jobs on 8 cores each has 4. A small network gains
little from a second core, so that two of them at once train more than one after the other.

It writes a folder, which it names: ` + study.TrialsFile + ` as trials end, ` + study.BestFile + `, the best point so far, and what it needs to go on:
` + study.StudyFile + ` and ` + study.AskedFile + `. Interrupted, it keeps what it has and exits with 130. The same seed, jobs, trials and epochs give
the same trials on the same machine, however long each takes.

--resume goes on with a study that was interrupted, killed or has fewer trials than --trials now asks for: "search --resume DIR", or
the command line that began it with --resume, which begins it where there is none. It makes the trials that an uninterrupted search
would have made, from the settings that the folder keeps; only --trials and --jobs may change. A last line that is torn is
removed, and said. A space that has changed is refused, with what differs; comments and layout may change.

` + evaluatorDocs + `

The samplers are
` + samplerDocs() + `
` + study.TrialsFile + ` has ` + study.Schema + `

With --json there is one object on standard output at the end:
  space, seed, sampler, trials, jobs, evaluator
           what was searched, and how
  dir      the folder
  states   how many trials ended in each state, {"COMPLETE": 23, "FAIL": 1}
  exhausted
           true where the sampler had no further point before there were as many trials as asked for
  best     the best trial, as in ` + study.TrialsFile + `; absent where none is complete, as are the rest
  test_accuracy
           its test accuracy, from 0 to 1; only where it was trained
  point    the path of ` + study.BestFile + `
  train    the command that trains it again, and saves its weights; only where it was trained`,
		Example: "  spacec search examples/digits.space\n  spacec search examples/digits.space --trials 100 --jobs 4 --sampler random -o runs/random\n" +
			"  spacec search --resume runs/random\n  spacec search my.space --evaluator 'python3 train.py' --timeout 1h\n" +
			"  spacec search my.space --evaluator table:results.csv.gz --reward val_acc --report test_acc",
		Args: func(cmd *cobra.Command, args []string) error {
			if most := 1 + count(flags.resume); len(args) == 0 || len(args) > most {
				return fmt.Errorf("search takes one FILE, and --resume a FILE, the folder of a study or both; there are %d", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runSearch(cmd.Context(), args, flags)
		},
	}
	f := cmd.Flags()
	f.IntVar(&flags.trials, "trials", searchTrials, "how many points to try")
	f.IntVarP(&flags.jobs, "jobs", "j", searchJobs, "how many to evaluate at once; those that train divide the cores among them")
	samplerFlag(f, &flags.sampler, "auto")
	distinctFlag(f, &flags.distinct)
	flags.addSeed(f, "what the draws, the first weights, the order of examples and the digits' division depend on")
	flags.addEvaluator(f, searchEpochs)
	f.StringVarP(&flags.dir, "output", "o", "", "folder to write; without it, runs/SPACE-seedSEED, with a number where that holds a study")
	f.BoolVar(&flags.resume, "resume", false, "go on with the study that the folder holds")
	f.BoolVar(&flags.force, "force", false, "replace the study that the folder holds")
	f.BoolVar(&flags.forJSON, "json", false, "write what was found as a JSON object")
	return cmd
}

// count is 1 for what is so.
func count(so bool) int {
	if so {
		return 1
	}
	return 0
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

func (a *app) runSearch(ctx context.Context, args []string, f *searchFlags) error {
	for _, err := range []error{atLeast("--trials", f.trials, 1), atLeast("--jobs", f.jobs, 1), atLeast("--epochs", f.epochs, 1)} {
		if err != nil {
			return err
		}
	}
	switch {
	case f.force && f.resume:
		return usagef("--force replaces a study and --resume goes on with it")
	case f.force && f.dir == "":
		return usagef("--force goes with -o, which names the folder")
	}
	s, err := a.begin(args, f)
	if err != nil {
		return err
	}
	defer s.store.Close()
	a.repaired(s.store)
	watch := a.watch(f.trials, s.evaluator)
	watch.ended, watch.best = s.study.Ended(), s.study.Best()
	start := time.Now()
	sum, err := s.study.Run(ctx, study.Options{Trials: f.trials, Jobs: f.jobs, Evaluate: s.evaluator.evaluate, Progress: watch.trial})
	watch.end()
	if closing := s.store.Close(); err == nil {
		err = closing
	}
	r := &found{flags: f, space: s.space.Name, evaluator: s.evaluator, summary: sum, store: s.store, took: time.Since(start)}
	interrupted := errors.Is(err, context.Canceled)
	if err != nil && !interrupted {
		return fmt.Errorf("%s: %w", s.file, err)
	}
	if writing := a.writeFound(r); writing != nil {
		return writing
	}
	if interrupted {
		fmt.Fprintf(a.err, "go on with: %s search --resume %s\n", invocation(), quoted(s.store.Dir()))
	}
	if err == nil && sum.Best == nil && len(sum.Trials) > 0 {
		return fmt.Errorf("none of the %d trials gave a value; the first: %s", len(sum.Trials), sum.Trials[0].Reason)
	}
	return err
}

// repaired says what was found half written in a study's folder.
func (a *app) repaired(s *study.Store) {
	for _, text := range s.Repaired {
		fmt.Fprintln(a.err, text)
	}
}

// seeds are the points that the file declares as seeds.
func (a *app) seeds(space *ir.Space) ([]*ir.Point, error) {
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
	return points, nil
}

// newSampler is the sampler of a name, after seeds. It proposes nothing twice, points being told apart by their identity, if one is given.
func newSampler(name string, c *samplers.Catalogue, seed uint64, id func(*ir.Point) samplers.ID, seeds []*ir.Point) (samplers.Sampler, error) {
	s, err := samplers.New(name, c, seed)
	if err != nil {
		return nil, err
	}
	if id != nil {
		s = samplers.NewDistinctBy(s, c.Space(), id)
	}
	return samplers.NewSeeded(s, c.Space(), seeds)
}

// trainerOf is a trainer for a space, checked with one point, as all are alike in what training needs of them.
func trainerOf(space *ir.Space, f *trainFlags) (*trainer, error) {
	b, err := space.Example()
	if err != nil {
		return nil, err
	}
	t, err := newTrainer(f, b, train.About{})
	if err != nil {
		return nil, err
	}
	return t, t.check(b)
}
