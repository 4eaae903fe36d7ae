package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/spacec-lang/spacec/evaluators"
	"github.com/spacec-lang/spacec/samplers"
	"github.com/spacec-lang/spacec/study"
)

func (a *app) trials() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "trials DIR",
		Short: "List the trials of a study",
		Long: `Trials lists the trials of the study in a folder, which may be under way, by number: their states, values, what was measured,
how long they took, and their decisions. What was asked for and hasn't ended is RUNNING. A value that is minimized is shown as it was
measured; --json has what the search maximises, which is minus that.

With --json there is ` + study.Schema + `
of a trial that is RUNNING without params, macs, layers and config, which are 0 and empty, and without seconds.`,
		Example: "  spacec trials runs/digits-seed1\n  spacec trials runs/digits-seed1 --json",
		Args:    oneFile("DIR"),
		RunE: func(_ *cobra.Command, args []string) error {
			set, trials, err := study.Read(args[0])
			if err != nil {
				return err
			}
			if !asJSON {
				r, _ := keptReward(args[0], set, trials) // what can't be told is shown as it is kept
				return a.writeTrials(trials, r)
			}
			for _, t := range trials {
				if err := a.writeJSON(t); err != nil {
					return err
				}
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "write one JSON object a line for each trial")
	return cmd
}

func (a *app) writeTrials(trials []*study.Trial, r evaluators.Reward) error {
	names := metricNames(trials)
	cells, abouts := [][]string{append([]string{"state", "number", "value"}, append(names, "seconds")...)}, []string{""}
	for _, t := range trials {
		line := []string{string(t.State), fmt.Sprint(t.Number), ""}
		if t.State == samplers.Complete || t.State == samplers.Pruned {
			line[2] = figure(r.Raw(t.Value))
		}
		for _, name := range names {
			text := ""
			if x, ok := t.Metric(name); ok {
				text = figure(x)
			}
			line = append(line, text)
		}
		seconds, about := "", t.Reason
		if t.State.Ended() {
			seconds = fmt.Sprintf("%.1f", t.Seconds)
		}
		if about == "" {
			choices, err := t.Decisions()
			if err != nil {
				return err
			}
			for _, c := range choices {
				about += fmt.Sprintf(" %s=%v", c.Path, c.Value)
			}
		}
		cells, abouts = append(cells, append(line, seconds)), append(abouts, strings.Join(strings.Fields(about), " "))
	}
	var b strings.Builder
	writeCells(&b, 1, cells) // to memory: it can't fail
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	wide := 0
	for _, line := range lines {
		wide = max(wide, len(line))
	}
	for i, line := range lines {
		lines[i] = strings.TrimSpace(fmt.Sprintf("%-*s  %s", wide, line, abouts[i])) + "\n"
	}
	return a.write(strings.Join(lines, ""), nil)
}

// metricNames are the names of what trials measured, in the order of their first coming up.
func metricNames(trials []*study.Trial) []string {
	var names []string
	for _, t := range trials {
		for _, m := range t.Metrics {
			if !slices.Contains(names, m.Name) {
				names = append(names, m.Name)
			}
		}
	}
	return names
}

func (a *app) best() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "best DIR",
		Short: "Print the best trial of a study",
		Long: `Best prints the best trial of the study in a folder, the first of several, and where its point is. It
exits with 1 where no trial is complete. A value that is minimized is shown as it was measured; --json has minus that.

With --json there is the trial's object, as in ` + study.TrialsFile + `, which has ` + study.Schema,
		Example: "  spacec best runs/digits-seed1",
		Args:    oneFile("DIR"),
		RunE: func(_ *cobra.Command, args []string) error {
			set, trials, err := study.Read(args[0])
			if err != nil {
				return err
			}
			best := bestOf(trials)
			if best == nil {
				return fmt.Errorf("%s: none of the %s is complete", args[0], plural(len(trials), "trial"))
			}
			if asJSON {
				return a.writeJSON(best)
			}
			r, _ := keptReward(args[0], set, trials) // what can't be told is shown as it is kept
			text := fmt.Sprintf("trial %d\n%-15s%s\n", best.Number, "value", figure(r.Raw(best.Value)))
			for _, m := range best.Metrics {
				text += fmt.Sprintf("%-15s%s\n", m.Name+" ", figure(m.Value))
			}
			if best.Layers > 0 {
				text += fmt.Sprintf("%-15s%s\n", "params", group(best.Params))
			}
			return a.write(text+fmt.Sprintf("%-15s%s\n", "point", filepath.Join(args[0], study.BestFile)), nil)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "write the trial as a JSON object")
	return cmd
}

func bestOf(trials []*study.Trial) *study.Trial {
	var best *study.Trial
	for _, t := range trials {
		if t.State == samplers.Complete && (best == nil || t.Value > best.Value) {
			best = t
		}
	}
	return best
}

func (a *app) export() *cobra.Command {
	var asCSV, asJSON bool
	var output string
	cmd := &cobra.Command{
		Use:   "export DIR",
		Short: "Write the trials of a study as a table",
		Long: `Export writes the trials of the study in a folder as CSV, with the columns of Optuna's trials_dataframe: number, value,
datetime_start, datetime_complete (UTC), duration, a column params_NAME for each decision, user_attrs_NAME for what was measured, for
params, macs, layers and the reason, and state, which is INFEASIBLE, too, besides Optuna's own. value is what the search
maximises: minus the objective where that is minimized. A cell is empty where a trial has no such thing. The file is a table for
--evaluator table:FILE, too; of --reward value the direction is then maximize.

With --json there is one object a line for each trial instead, of the same columns; those that a trial doesn't have are left out.`,
		Example: "  spacec export --csv runs/digits-seed1 > trials.csv",
		Args:    oneFile("DIR"),
		RunE: func(_ *cobra.Command, args []string) error {
			if asCSV && asJSON {
				return usagef("--csv and --json are two ways to write; give one")
			}
			_, trials, err := study.Read(args[0])
			if err != nil {
				return err
			}
			text, err := exported(trials, asJSON)
			if err != nil || output == "" {
				return a.write(text, err)
			}
			return a.undisturbed(func() error { return writeWhole(output, []byte(text)) })
		},
	}
	f := cmd.Flags()
	f.BoolVar(&asCSV, "csv", false, "write CSV, as it does without a flag")
	f.StringVarP(&output, "output", "o", "", "file to write, instead of standard output")
	f.BoolVar(&asJSON, "json", false, "write one JSON object a line for each trial")
	return cmd
}

// pandasTime is a time as pandas writes it.
const pandasTime = "2006-01-02 15:04:05.000000"

// exported is a study as a table, or as a line of JSON a trial.
func exported(trials []*study.Trial, forJSON bool) (string, error) {
	var rows []map[string]any
	params, attrs := map[string]bool{}, metricNames(trials)
	for i, name := range attrs {
		attrs[i] = "user_attrs_" + name
	}
	for _, t := range trials {
		row := map[string]any{"number": t.Number, "state": string(t.State), "datetime_start": t.Started.UTC().Format(pandasTime)}
		if t.State == samplers.Complete || t.State == samplers.Pruned {
			row["value"] = t.Value
		}
		choices, err := t.Decisions()
		if err != nil {
			return "", fmt.Errorf("trial %d: %w", t.Number, err)
		}
		for _, c := range choices {
			params["params_"+c.Path], row["params_"+c.Path] = true, c.Value
		}
		for _, m := range t.Metrics {
			row["user_attrs_"+m.Name] = m.Value
		}
		if t.State.Ended() {
			took := time.Duration(t.Seconds * float64(time.Second))
			row["datetime_complete"], row["duration"] = t.Started.UTC().Add(took).Format(pandasTime), pandasDuration(took)
			row["user_attrs_params"], row["user_attrs_macs"], row["user_attrs_layers"] = t.Params, t.MACs, t.Layers
		}
		if t.Reason != "" {
			row["user_attrs_reason"] = t.Reason
		}
		rows = append(rows, row)
	}
	columns := []string{"number", "value", "datetime_start", "datetime_complete", "duration"}
	columns = append(append(columns, slices.Sorted(maps.Keys(params))...), attrs...)
	columns = append(columns, "user_attrs_params", "user_attrs_macs", "user_attrs_layers", "user_attrs_reason", "state")
	var b strings.Builder
	if forJSON {
		for _, row := range rows {
			for name := range params {
				if v, ok := row[name]; ok {
					row[name] = study.AsJSON(v)
				}
			}
			line, err := json.Marshal(row) // its members sorted by name
			if err != nil {
				return "", err
			}
			fmt.Fprintf(&b, "%s\n", line)
		}
		return b.String(), nil
	}
	w := csv.NewWriter(&b)
	w.Write(columns)
	for _, row := range rows {
		line := make([]string, len(columns))
		for i, c := range columns {
			line[i] = pandasCell(row[c])
		}
		w.Write(line)
	}
	w.Flush()
	return b.String(), w.Error()
}

func pandasCell(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case bool:
		return map[bool]string{true: "True", false: "False"}[v]
	case float64:
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return fmt.Sprint(v)
}

// pandasDuration is a time as pandas writes it: 0 days 00:00:01.250000.
func pandasDuration(d time.Duration) string {
	return fmt.Sprintf("%d days %02d:%02d:%02d.%06d", d/(24*time.Hour), d/time.Hour%24, d/time.Minute%60, d/time.Second%60, d/time.Microsecond%1_000_000)
}
