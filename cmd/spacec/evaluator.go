package main

import (
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/spacec-lang/spacec/compile/gorgonia"
	"github.com/spacec-lang/spacec/evaluators"
	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/study"
	"github.com/spacec-lang/spacec/train"
)

// evaluatorFlags say how points are evaluated.
type evaluatorFlags struct {
	trainFlags
	spec, reward, direction, memory string
	report                          []string
	timeout                         time.Duration
	anyReport                       bool // what any evaluator measures may be reported
}

// evaluatorKinds are what an evaluator may begin with; anything else is a command.
var evaluatorKinds = []string{"train", "table", "cost", "proxy"}

func (e *evaluatorFlags) addEvaluator(f *pflag.FlagSet, epochs int) {
	f.StringVar(&e.spec, "evaluator", "", "how points are evaluated: train, table:FILE, cost:NAME, proxy:NAME or a command line; train where not given")
	f.StringVar(&e.reward, "reward", "", "what the search is for: the table's column, or the name in the command's results")
	f.StringSliceVar(&e.report, "report", nil, "columns of the table to report with each trial; the sampler never sees them")
	oneOfFlag(f, &e.direction, "direction", "", "direction", []string{"maximize", "minimize"},
		"maximize or minimize the reward; without it as the file's objective says, or else minimize a cost and maximize anything else")
	f.DurationVar(&e.timeout, "timeout", 0, "the longest that a command may run, as 90s or 2h; 0 is any time")
	f.StringVar(&e.memory, "memory", "", "the most memory that a command's processes may take, as 500MiB or 2GiB; on Linux only")
	e.add(f, epochs)
}

// evaluatorDocs is what the help of commands says of --evaluator.
const evaluatorDocs = `--evaluator says how a point is evaluated.
  train        trains its network by its config train, and takes the validation accuracy or minus the validation loss
  table:FILE   looks it up in CSV, gzipped or not: a choice is joined with the column of its name, or of the end of its name (cell.e01
               with e01), a cell being the name of the option's rule or op or its literal, and empty where there is no such choice.
               --reward names the column that the search is for. A point without a row is INFEASIBLE. In a table that export has
               written, choices have the columns params_NAME, and value is greatest for the best point, whatever the objective
  cost:NAME    takes what it costs: params, macs, layers or a cost of the file's own
  proxy:NAME   looks at the untrained network, with 32 examples of the data or, where they don't fit, made-up ones: params, grad_norm,
               snip, synflow or naswot
  'COMMAND'    anything else is a command line. $SPACEC_POINT names a file with the point, the JSON object of sample --json --graph.
               Into the file that $SPACEC_RESULT names it writes lines of JSON: {"value": 0.93, "loss": 0.2}. Any numbers are kept;
               value, or the objective's name or --reward, is what the search is for. Lines with "step" are values on the way.
               A line may have "state", one of COMPLETE, PRUNED, FAIL and INFEASIBLE, and "reason". With an exit code other than
               0 the trial is a FAIL, and the end of standard error its reason; 126 and 127 end the search. Its process group ends
               with it, at --timeout, beyond --memory, and at an interrupt`

// evaluator is how points are evaluated.
type evaluator struct {
	evaluate study.Evaluator
	reward   evaluators.Reward
	trainer  *trainer          // where points are trained
	table    *evaluators.Table // where they are looked up
}

// kind is what an evaluator is, and what of: a table's file, a cost's name.
func (e *evaluatorFlags) kind() (kind, of string, err error) {
	if e.spec == "" {
		return "train", "", nil
	}
	kind, of, hasColon := strings.Cut(e.spec, ":")
	if kind == "train" && !hasColon || kind != "train" && hasColon && slices.Contains(evaluatorKinds, kind) {
		if hasColon && of == "" {
			return "", "", usagef("--evaluator %s: says no more; it takes what is behind the colon", kind)
		}
		return kind, of, nil
	}
	near := diag.Nearest(kind, evaluatorKinds)
	if near == "" && slices.Contains(evaluatorKinds, kind) {
		near = kind
	}
	if _, err := exec.LookPath(kind); near != "" && err != nil {
		if near != "train" {
			near += ":"
		}
		return "", "", usagef("unknown evaluator '%s': did you mean '%s'?", e.spec, near)
	}
	return "command", e.spec, nil
}

// check reports flags that don't go with the evaluator.
func (e *evaluatorFlags) check(kind string) error {
	goesWith := map[string][]string{"reward": {"table", "command"}, "report": {"table"}, "timeout": {"command"}, "memory": {"command"},
		"epochs": {"train"}, "data": {"train", "proxy"}, "raw": {"train", "proxy"}, "direction": {"table", "command", "cost", "proxy"}}
	var err error
	e.set.Visit(func(f *pflag.Flag) {
		if kinds := goesWith[f.Name]; kinds != nil && !slices.Contains(kinds, kind) && !(f.Name == "report" && e.anyReport) {
			err = usagef("--%s goes with an evaluator of the kind %s, not with %s", f.Name, strings.Join(kinds, " or "), kind)
		}
	})
	if err == nil && e.timeout < 0 {
		err = usagef("--timeout is %s; it has to be 0 or more", e.timeout)
	}
	if err == nil && e.memory != "" && !evaluators.MemoryLimits {
		err = usagef("--memory works on Linux only")
	}
	return err
}

// rewardOf is what a search of a space is for.
func (e *evaluatorFlags) rewardOf(space string, objectives []ir.Objective, kind, of string) (evaluators.Reward, error) {
	r := evaluators.Reward{Name: e.reward, Minimize: kind == "cost"}
	inherent := kind == "cost" || kind == "proxy" // the file's objective is another
	if inherent {
		r.Name = of
	}
	for _, o := range objectives {
		if r.Name == "" && len(objectives) > 1 {
			return r, usagef("%s has %d objectives: --reward names the one that the search is for", space, len(objectives))
		}
		if r.Name == "" {
			r.Name = o.Name
		}
		if r.Name == o.Name || len(objectives) == 1 && !inherent {
			r.Minimize = !o.Maximize
		}
	}
	if e.direction != "" {
		r.Minimize = e.direction == "minimize"
	}
	return r, nil
}

// evaluatorOf is the evaluator that the flags ask for, checked with the space.
func evaluatorOf(space *ir.Space, e *evaluatorFlags) (*evaluator, error) {
	kind, of, err := e.kind()
	if err == nil {
		err = e.check(kind)
	}
	if err != nil {
		return nil, err
	}
	if kind == "train" {
		t, err := trainerOf(space, &e.trainFlags)
		if err == nil {
			err = t.objective(space)
		}
		if err != nil && e.spec == "" && t == nil {
			err = fmt.Errorf("%w; --evaluator evaluates points in other ways", err)
		}
		if err != nil {
			return nil, err
		}
		return &evaluator{evaluate: t.evaluate, trainer: t, reward: evaluators.Reward{Minimize: !t.classes()}}, nil
	}
	r, err := e.rewardOf(space.String(), space.Objectives, kind, of)
	if err != nil {
		return nil, err
	}
	v := &evaluator{reward: r}
	switch kind {
	case "table":
		if v.table, err = evaluators.ReadTable(of, space, r, e.report); err != nil {
			return nil, err
		}
		if v.table.Exported && r.Name == "value" && r.Minimize && e.direction == "" {
			return nil, usagef("the column 'value' of %s is minimized by the space's objective, but what export writes there is greatest for the best point: "+
				"give --direction maximize, or minimize where the table is Optuna's", of)
		}
		v.evaluate = v.table.Evaluate
	case "cost":
		v.evaluate, err = evaluators.Cost(space, r)
	case "proxy":
		v.evaluate, err = e.proxy(space, r)
	default:
		c := &evaluators.Command{Line: of, Reward: r, Timeout: e.timeout}
		if e.memory != "" {
			if c.Memory, err = parseBytes(e.memory); err != nil {
				return nil, err
			}
		}
		v.evaluate = c.Evaluate
	}
	return v, err
}

// proxy is the evaluator of a zero-cost proxy, with examples of the data.
func (e *evaluatorFlags) proxy(space *ir.Space, r evaluators.Reward) (study.Evaluator, error) {
	t, err := trainerOf(space, &e.trainFlags)
	var fits bool
	if fits = err == nil; !fits && (e.data != "" || t == nil) {
		return nil, err
	}
	return evaluators.Proxy(r, e.seed, func(g *op.Graph) (evaluators.Batch, error) {
		if fits {
			if err := t.data.Fits(g); err != nil {
				return evaluators.Batch{}, err
			}
			return batchOf(t.data.Train), nil
		}
		b := evaluators.Batch{Loss: gorgonia.MeanSquared}
		if s := g.OutPort[0].Shape; len(s) > 0 && s[len(s)-1].Size > 1 {
			b.Loss = gorgonia.CrossEntropy
		}
		b.Inputs, b.Target = gorgonia.MadeUp(g, gorgonia.Options{Batch: evaluators.ProxyBatch, Seed: e.seed, Loss: b.Loss})
		return b, nil
	})
}

// batchOf is as many examples as a proxy looks at, from all over a data set.
func batchOf(d *train.Dataset) evaluators.Batch {
	rows := make([]int, evaluators.ProxyBatch)
	for i := range rows {
		rows[i] = i * d.Len() / len(rows)
	}
	d = d.Select(rows)
	b := evaluators.Batch{Inputs: [][]float32{d.Inputs}, Target: gorgonia.Target{Labels: d.Labels, Values: d.Values}, Loss: gorgonia.MeanSquared}
	if d.Classes > 0 {
		b.Loss = gorgonia.CrossEntropy
	}
	return b
}

// parseBytes reads an amount of memory: a number of bytes, or one with a unit.
func parseBytes(text string) (int64, error) {
	units := []struct {
		name string
		of   float64
	}{{"TiB", 1 << 40}, {"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}, {"kB", 1e3},
		{"T", 1 << 40}, {"G", 1 << 30}, {"M", 1 << 20}, {"K", 1 << 10}, {"B", 1}, {"", 1}}
	for _, u := range units {
		digits, ok := strings.CutSuffix(text, u.name)
		if !ok {
			continue
		}
		if x, err := strconv.ParseFloat(strings.TrimSpace(digits), 64); err == nil && x*u.of >= 1 && x*u.of < 1<<60 {
			return int64(x * u.of), nil
		}
		break
	}
	return 0, usagef("--memory takes an amount as 500MiB or 2GiB, not '%s'", text)
}
