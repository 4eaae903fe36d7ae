package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/spacec-lang/spacec/evaluators"
	"github.com/spacec-lang/spacec/samplers"
	"github.com/spacec-lang/spacec/study"
)

// turn is how long ask and tell wait for another one that is at the folder.
const turn = time.Minute

// askFlags are the flags of ask.
type askFlags struct {
	set               *pflag.FlagSet
	space             string
	sampler, distinct string
	seed              uint64
	number            int
	json              bool
}

func (a *app) ask() *cobra.Command {
	f := &askFlags{}
	cmd := &cobra.Command{
		Use:   "ask DIR",
		Short: "Ask a study for a point to try",
		Long: `Ask prints the next point of the study in a folder, for a script that tries it and says with tell what came of it. The sampler
knows of all trials that were told. With --space the study begins where the folder holds none; given again it is checked that
the space is the same. Several scripts may ask and tell at once, and each may be killed at any moment: a point that was asked for
and isn't told stays RUNNING. search --resume goes on with such a study, too, and tries what is RUNNING.

The point is printed as a .space file, under a comment with its trial's number. The samplers are
` + samplerDocs() + `
With --json there is one object a line for each point, as of sample --json:
  number   of the trial, for tell
  point    its decisions by name, {"block.times": 2, ...}
  config   the fields of each config, {"train": {"lr": 0.01, "optimizer": {"sgd": {"momentum": 0.9}}}}
  params, macs, layers
           of the network: learnt numbers, multiplications for one example, longest path of ops
  memory   {train, evaluate}: bytes that the tensors of one example take
  text     the point as a .space file`,
		Example: "  spacec ask runs/mine --space my.space --sampler mcts --json\n  spacec tell runs/mine 0 0.93",
		Args:    oneFile("DIR"),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := atLeast("--number", f.number, 1); err != nil {
				return err
			}
			return a.runAsk(args[0], f)
		},
	}
	f.set = cmd.Flags()
	f.set.StringVar(&f.space, "space", "", "the space's file, with which the study begins")
	samplerFlag(f.set, &f.sampler, "auto")
	distinctFlag(f.set, &f.distinct)
	f.set.Uint64Var(&f.seed, "seed", 1, "what the draws depend on")
	f.set.IntVarP(&f.number, "number", "n", 1, "how many points to ask for")
	f.set.BoolVar(&f.json, "json", false, "write one JSON object a line for each point")
	return cmd
}

func (a *app) runAsk(dir string, f *askFlags) error {
	s := &searching{file: f.space}
	var now study.Sources
	var err error
	if f.space != "" {
		if s.space, now, err = a.loadSources(f.space); err != nil {
			return err
		}
	}
	s.store, err = study.Open(dir, turn)
	if errors.Is(err, study.ErrNoStudy) && f.space != "" {
		if n := len(s.space.Objectives); n > 1 {
			return manyObjectives(s.space.String(), n)
		}
		set := study.Settings{Program: programVersion(), Space: now, Sampler: f.sampler, Seed: f.seed}
		if set.Flags, err = json.Marshal(given(f.set)); err != nil {
			return err
		}
		if s.store, err = study.Create(dir, set, false); errors.Is(err, study.ErrExists) || errors.Is(err, study.ErrInUse) {
			s.store, err = study.Open(dir, turn) // another one was faster
		}
	}
	if errors.Is(err, study.ErrNoStudy) {
		return fmt.Errorf("%w; --space FILE begins one", err)
	}
	if err != nil {
		return err
	}
	defer s.store.Close()
	a.repaired(s.store)
	if err := a.sameSpace(s, dir, s.store.Settings.Space, now); err != nil {
		return err
	}
	k, err := keptFlags(dir, s.store.Settings)
	if err == nil {
		err = k.restore(f.set)
	}
	if err != nil {
		return err
	}
	seeds, err := a.seeds(s.space)
	if err != nil {
		return err
	}
	c := samplers.NewCatalogue(s.space)
	sampler, err := newSampler(f.sampler, c, f.seed, identity(f.distinct, k.Given["evaluator"], c), seeds)
	if err != nil {
		return err
	}
	if s.study, err = s.store.Study(sampler); err != nil {
		return err
	}
	return a.askFor(s.study, f)
}

// askFor asks for points and prints them. What was asked for is printed, whatever comes.
func (a *app) askFor(s *study.Study, f *askFlags) error {
	return a.undisturbed(func() error {
		for i := range f.number {
			t, err := s.Ask()
			if err != nil {
				return err
			}
			if f.json {
				err = study.WritePoint(a.out, t.Number, t.Point, false)
			} else {
				var text string
				text, err = t.Point.Text()
				if text = fmt.Sprintf("%s// trial %d\n%s", gap(i), t.Number, text); a.outColor {
					text = a.paint(text)
				}
				err = a.write(text, err)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func (a *app) tell() *cobra.Command {
	var state, reason string
	var metrics map[string]string
	var asJSON bool
	states := []string{"complete", "pruned", "fail", "infeasible"}
	cmd := &cobra.Command{
		Use:   "tell DIR NUMBER [VALUE]",
		Short: "Tell a study what came of a trial",
		Long: `Tell says what came of a trial that ask gave: its value, which is to be the greatest, or the least where the space's file
minimizes its objective, or the search that the study began with its reward; or with --state fail or infeasible that there is
none. It is kept as search keeps its trials.

With --json it prints the trial as it is kept. ` + study.TrialsFile + ` has ` + study.Schema,
		Example: "  spacec tell runs/mine 0 0.93 --metric test_accuracy=0.91 --metric loss=0.2\n  spacec tell runs/mine 1 --state fail --reason 'out of memory'",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 2 || len(args) > 3 {
				return fmt.Errorf("tell takes a DIR, a NUMBER and a VALUE; there are %s", plural(len(args), "argument"))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			number, err := strconv.Atoi(args[1])
			if err != nil || number < 0 {
				return usagef("a trial's number is a whole one from 0, not '%s'", args[1])
			}
			e := study.Evaluation{State: samplers.State(strings.ToUpper(state)), Reason: reason}
			valued := e.State == samplers.Complete || e.State == samplers.Pruned
			switch {
			case valued != (len(args) == 3):
				return usagef("a trial that is %s takes %s VALUE", e.State, map[bool]string{true: "a", false: "no"}[valued])
			case valued && reason != "":
				return usagef("--reason says why there is no value; it goes with --state fail or infeasible")
			case !valued && reason == "":
				e.Reason = "it was told so"
			}
			if valued {
				if e.Value, err = parseNumber(args[2]); err != nil {
					return err
				}
			}
			for _, name := range slices.Sorted(maps.Keys(metrics)) {
				x, err := parseNumber(metrics[name])
				if err != nil {
					return err
				}
				e.Metrics = append(e.Metrics, evaluators.Metric(name, x))
			}
			return a.runTell(args[0], number, e, asJSON)
		},
	}
	f := cmd.Flags()
	oneOfFlag(f, &state, "state", "complete", "state", states, "how the trial ended: "+strings.Join(states, ", "))
	f.StringVar(&reason, "reason", "", "why there is no value")
	f.StringToStringVar(&metrics, "metric", nil, "what else was measured, as NAME=NUMBER")
	f.BoolVar(&asJSON, "json", false, "write the trial as a JSON object")
	return cmd
}

func (a *app) runTell(dir string, number int, e study.Evaluation, asJSON bool) error {
	store, err := study.Open(dir, turn)
	if err != nil {
		return err
	}
	defer store.Close()
	a.repaired(store)
	space, err := a.loadKept(store.Settings.Space)
	if err != nil {
		return err
	}
	reward, err := keptReward(dir, store.Settings, store.Ended)
	if err == nil {
		err = rewarded(&e, reward)
	}
	if err != nil {
		return err
	}
	s, err := store.Study(store.Recorded(space))
	if err == nil {
		err = a.undisturbed(func() error { return s.Tell(number, e) })
	}
	if err != nil {
		return fmt.Errorf("%s: %w", dir, err)
	}
	if asJSON {
		return a.writeJSON(s.Trials()[number])
	}
	return nil
}

// rewarded makes the value of an evaluation what the search maximises, and keeps what was told as a metric where that is another.
func rewarded(e *study.Evaluation, r evaluators.Reward) error {
	if e.State == samplers.Fail || e.State == samplers.Infeasible {
		return nil
	}
	told := evaluators.Metric(r.Name, e.Value)
	for _, m := range e.Metrics {
		if r.Name != "" && m.Name == told.Name {
			return usagef("'%s' is what VALUE is of: tell it as VALUE alone, without --metric", r.Name)
		}
	}
	if r.Minimize && r.Name != "" {
		e.Metrics = append([]study.Metric{told}, e.Metrics...)
	}
	e.Value = r.Value(e.Value)
	return nil
}

// parseNumber reads a finite number.
func parseNumber(text string) (float64, error) {
	x, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return 0, usagef("'%s' is no number that compares; tell --state fail of a trial that has none", strings.TrimSpace(text))
	}
	return x, nil
}

// positional keeps the negative values of tell from being taken for flags.
func positional(args []string) []string {
	if len(args) == 0 || args[0] != "tell" {
		return args
	}
	out := append([]string{}, args...)
	for i, arg := range out {
		if _, err := strconv.ParseFloat(arg, 64); err == nil && strings.HasPrefix(arg, "-") {
			out[i] = " " + arg
		}
	}
	return out
}
