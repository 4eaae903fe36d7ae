package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/spacec-lang/spacec/bench"
	"github.com/spacec-lang/spacec/compile/draw"
	"github.com/spacec-lang/spacec/evaluators"
	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/samplers"
)

// benchFlags are the flags of bench.
type benchFlags struct {
	evaluatorFlags
	samplers        []string
	trials, repeats int
	distinct        string
	output          string
	json            bool
}

func (a *app) bench() *cobra.Command {
	f := &benchFlags{}
	cmd := &cobra.Command{
		Use:   "bench SPACE",
		Short: "Compare samplers on a space",
		Long: `Bench has each sampler search the space again and again, and says what the best reward so far comes to over the repeats, by
the number of distinct evaluations: those of points that the search had not evaluated before. With --report it says so of another
column, for the point that is the best by its reward; a sampler is told rewards alone. A repeat has the same seed for all samplers,
so that they are compared in pairs, by the two-sided signed-rank test (Wilcoxon 1945).

Repeats run on all cores; the numbers depend on the seed, not on the cores. What is evaluated once is remembered for all. With -o it
draws the means with their 95% confidence intervals as an SVG file.

` + evaluatorDocs + `
Any number that an evaluator measures can be reported, as --report test_accuracy of train.

The samplers are
` + samplerDocs() + `
With --json there is one object a line for each sampler and number of evaluations (powers of two, round numbers, and --trials):
  sampler, trials
           which, and after how many distinct evaluations
  reward_mean, reward_std
           mean and sample deviation over the repeats of the best reward so far; null where there is none
  report_mean, report_std
           of the reported column of the points of these rewards
  regret_mean
           how far reward_mean is from the best reward of the space's points in the table; null for other evaluators
  evaluations_to_best_median
           the median of the evaluations until that best is found; null where most repeats don't find it, or what is best isn't known
  repeats  over how many the means are
  against  for each other sampler {sampler, difference, wins, losses, ties, p}: the mean difference of the rewards at this number,
           above 0 where this sampler is better, in how many repeats it is, and the p-value of the test`,
		Example: "  spacec bench examples/nasbench201.space --evaluator table:nasbench201.csv.gz --reward cifar10_val12 \\\n" +
			"      --report cifar10_test200 --samplers random,mcts --trials 100 --repeats 200 -o bench.svg\n" +
			"  spacec bench examples/digits.space --report test_accuracy --trials 32 --repeats 20",
		Args: oneFile("SPACE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.runBench(cmd.Context(), args[0], f)
		},
	}
	flags := cmd.Flags()
	flags.StringSliceVar(&f.samplers, "samplers", []string{"random", "auto"}, "samplers to compare")
	flags.IntVar(&f.trials, "trials", 100, "distinct evaluations of each search")
	flags.IntVar(&f.repeats, "repeats", 20, "searches of each sampler")
	f.addSeed(flags, "what the repeats' seeds depend on, and how points are trained")
	f.addEvaluator(flags, searchEpochs)
	distinctFlag(flags, &f.distinct)
	flags.StringVarP(&f.output, "output", "o", "", "SVG file to write; - is standard output")
	flags.BoolVar(&f.json, "json", false, "write one JSON object a line for each sampler and number of evaluations")
	return cmd
}

func (a *app) runBench(ctx context.Context, file string, f *benchFlags) error {
	f.anyReport = true
	for _, err := range []error{atLeast("--trials", f.trials, 1), atLeast("--repeats", f.repeats, 1), atLeast("--epochs", f.epochs, 1)} {
		if err != nil {
			return err
		}
	}
	for i, name := range f.samplers {
		if !slices.Contains(samplers.Names(), name) {
			return unknown("sampler", name, samplers.Names())
		}
		if slices.Contains(f.samplers[:i], name) {
			return usagef("--samplers has %s twice", name)
		}
	}
	switch {
	case len(f.samplers) == 0:
		return usagef("--samplers names none")
	case len(f.report) > 1:
		return usagef("bench reports one column; --report has %d", len(f.report))
	case f.json && f.output == "-":
		return usagef("--json and the picture of -o - both go to standard output")
	}
	space, err := a.load(file)
	if err != nil {
		return err
	}
	v, err := evaluatorOf(space, &f.evaluatorFlags)
	if err != nil {
		return a.evaluatorError(file, err)
	}
	c := &bench.Contest{Trials: f.trials, Repeats: f.repeats, Seed: f.seed, Evaluate: v.evaluate}
	if len(f.report) > 0 {
		c.Report = evaluators.Metric(f.report[0], 0).Name
	}
	catalogue := samplers.NewCatalogue(space)
	known := func() *samplers.Catalogue { return catalogue }
	if c.Shared = catalogue.Few(); !c.Shared { // what one sampler has met would have an effect on the rounding of another's model
		known = func() *samplers.Catalogue { return samplers.NewCatalogue(space) }
	}
	c.ID = identity(f.distinct, f.spec, catalogue)
	if c.ID == nil { // what may come twice counts once all the same
		c.ID = samplers.PointID
	}
	if v.table != nil {
		c.Best, c.HasBest = v.table.Best(space)
	} else {
		c.Evaluate = bench.Remember(v.evaluate, c.ID)
	}
	seeds, err := a.seeds(space)
	if err != nil {
		return err
	}
	for _, name := range f.samplers {
		c.Samplers = append(c.Samplers, bench.Sampler{Name: name, New: func(seed uint64) (samplers.Sampler, error) {
			own := known()
			return newSampler(name, own, seed, identity(f.distinct, f.spec, own), seeds)
		}})
	}
	a.endsItself()
	if a.terminal {
		bar := a.bar(len(c.Samplers)*c.Repeats, "searching")
		c.Progress = func() { bar.Add(1) }
		defer bar.Finish()
	}
	curves, err := c.Run(ctx)
	if err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("%s: %w", file, err)
	}
	if err != nil {
		return err
	}
	r := &benched{f, c, v, cmp.Or(space.Name, file), curves}
	switch f.output {
	case "":
	case "-":
		return a.write(string(r.picture()), nil)
	default:
		if err := writeWhole(f.output, r.picture()); err != nil {
			return err
		}
	}
	if f.json {
		for _, row := range r.rows() {
			if err := a.writeJSON(row); err != nil {
				return err
			}
		}
		return nil
	}
	return a.write(r.text(), nil)
}

// benched is what a comparison came to.
type benched struct {
	flags     *benchFlags
	contest   *bench.Contest
	evaluator *evaluator
	space     string
	curves    [][]bench.Curve
}

// benchRow is what bench's help says of --json.
type benchRow struct {
	Sampler    string      `json:"sampler"`
	Trials     int         `json:"trials"`
	RewardMean nullable    `json:"reward_mean"`
	RewardStd  nullable    `json:"reward_std"`
	ReportMean nullable    `json:"report_mean"`
	ReportStd  nullable    `json:"report_std"`
	RegretMean nullable    `json:"regret_mean"`
	ToBest     nullable    `json:"evaluations_to_best_median"`
	Repeats    int         `json:"repeats"`
	Against    []benchPair `json:"against"`
}

type benchPair struct {
	Sampler    string   `json:"sampler"`
	Difference nullable `json:"difference"`
	Wins       int      `json:"wins"`
	Losses     int      `json:"losses"`
	Ties       int      `json:"ties"`
	P          float64  `json:"p"`
}

// nullable is a number that is null in JSON where it is NaN.
type nullable float64

func (x nullable) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(x)) {
		return []byte("null"), nil
	}
	return fmt.Appendf(nil, "%v", float64(x)), nil
}

func (r *benched) rows() []benchRow {
	var rows []benchRow
	for i, s := range r.contest.Samplers {
		for _, trials := range bench.Checkpoints(r.contest.Trials) {
			rows = append(rows, r.row(i, s.Name, trials))
		}
	}
	return rows
}

func (r *benched) row(i int, name string, trials int) benchRow {
	values, reports := bench.At(r.curves[i], trials)
	row := benchRow{Sampler: name, Trials: trials, RegretMean: nullable(math.NaN()), ToBest: nullable(math.NaN()),
		Against: []benchPair{}}
	value, deviation := bench.Mean(values)
	row.RewardMean, row.RewardStd = nullable(r.evaluator.reward.Raw(value)), nullable(deviation)
	report, deviation := bench.Mean(reports)
	row.ReportMean, row.ReportStd = nullable(report), nullable(deviation)
	row.Repeats = r.contest.Repeats
	for _, v := range values {
		row.Repeats -= count(math.IsNaN(v))
	}
	if r.contest.HasBest {
		row.RegretMean = nullable(r.contest.Best - value)
		if median, ok := bench.MedianToBest(r.curves[i]); ok {
			row.ToBest = nullable(median)
		}
	}
	for j, other := range r.contest.Samplers {
		if j == i {
			continue
		}
		theirs, _ := bench.At(r.curves[j], trials)
		p := bench.Compare(values, theirs)
		row.Against = append(row.Against, benchPair{other.Name, nullable(p.Difference), p.Wins, p.Losses, p.Ties, p.P})
	}
	return row
}

// rewardName is what rewards are called.
func (r *benched) rewardName() string {
	switch t := r.evaluator.trainer; {
	case t != nil && t.classes():
		return "val_accuracy"
	case t != nil:
		return "val_loss"
	}
	return cmp.Or(r.evaluator.reward.Name, "value")
}

func (r *benched) text() string {
	var b strings.Builder
	c := r.contest
	fmt.Fprintf(&b, "space %s, %s: %s, %s each, seed %d\n", r.space, cmp.Or(r.flags.spec, "train"), plural(c.Repeats, "repeat"),
		plural(c.Trials, "distinct evaluation"), c.Seed)
	byTrials := map[int][]benchRow{}
	for _, row := range r.rows() {
		byTrials[row.Trials] = append(byTrials[row.Trials], row)
	}
	best := ""
	if c.HasBest {
		best = fmt.Sprintf(" (the best is %.6g)", r.evaluator.reward.Raw(c.Best))
	}
	r.matrix(&b, "reward "+r.rewardName()+" of the best so far, by evaluations"+best, byTrials, func(x benchRow) (nullable, nullable) { return x.RewardMean, x.RewardStd })
	if c.Report != "" {
		r.matrix(&b, "report "+r.flags.report[0]+" of that point", byTrials, func(x benchRow) (nullable, nullable) { return x.ReportMean, x.ReportStd })
	}
	last := byTrials[c.Trials]
	if c.HasBest {
		b.WriteString("\nevaluations until the best is found, median\n")
		for _, row := range last {
			fmt.Fprintf(&b, "  %-12s%s\n", row.Sampler, orDash(row.ToBest, "%.6g"))
		}
	}
	if len(last) > 1 {
		fmt.Fprintf(&b, "\npaired at %s: difference of the rewards, repeats won : lost : tied, p of the signed-rank test\n", plural(c.Trials, "evaluation"))
		for i, row := range last {
			for _, p := range row.Against {
				if slices.IndexFunc(last, func(x benchRow) bool { return x.Sampler == p.Sampler }) < i {
					fmt.Fprintf(&b, "  %-12sagainst %-12s%s  %d : %d : %d  p = %.2g\n", row.Sampler, p.Sampler, orDash(p.Difference, "%+.4g"), p.Wins, p.Losses, p.Ties, p.P)
				}
			}
		}
	}
	return b.String()
}

func orDash(x nullable, format string) string {
	if math.IsNaN(float64(x)) {
		return "-"
	}
	return fmt.Sprintf(format, float64(x))
}

// matrix writes means and deviations: a line for each number of evaluations, a column for each sampler.
func (r *benched) matrix(b *strings.Builder, title string, byTrials map[int][]benchRow, of func(benchRow) (mean, deviation nullable)) {
	head := []string{""}
	for _, s := range r.contest.Samplers {
		head = append(head, s.Name)
	}
	cells := [][]string{head}
	for _, trials := range bench.Checkpoints(r.contest.Trials) {
		line := []string{group(int64(trials))}
		for _, row := range byTrials[trials] {
			mean, deviation := of(row)
			text := orDash(mean, "%.5g")
			if text != "-" {
				text += " ± " + orDash(deviation, "%.3g")
			}
			line = append(line, text)
		}
		cells = append(cells, line)
	}
	fmt.Fprintf(b, "\n%s\n", title)
	writeCells(b, 0, cells) // to memory: it can't fail
}

// picture draws the means, with their 95% confidence intervals.
func (r *benched) picture() []byte {
	c := r.contest
	panels := []draw.Panel{{Title: r.rewardName(), Across: "distinct evaluations"}}
	if c.Report != "" {
		panels = append(panels, draw.Panel{Title: r.flags.report[0] + " of that point", Across: "distinct evaluations"})
	}
	for i, s := range c.Samplers {
		lines := [2]draw.Curve{{Name: s.Name}, {Name: s.Name}}
		for trials := 1; trials <= c.Trials; trials++ {
			values, reports := bench.At(r.curves[i], trials)
			for k, list := range [2][]float64{values, reports} {
				mean, deviation := bench.Mean(list)
				if k == 0 {
					mean = r.evaluator.reward.Raw(mean)
				}
				half := 1.96 * deviation / math.Sqrt(float64(c.Repeats))
				l := &lines[k]
				l.X, l.Y, l.Low, l.High = append(l.X, float64(trials)), append(l.Y, mean), append(l.Low, mean-half), append(l.High, mean+half)
			}
		}
		for k := range panels {
			panels[k].Lines = append(panels[k].Lines, lines[k])
		}
	}
	note := fmt.Sprintf("best so far: mean of %s, with its 95%% confidence interval", plural(c.Repeats, "repeat"))
	return draw.Curves(r.space, note, panels)
}

// distinctFlag says which points count as the same.
func distinctFlag(f *pflag.FlagSet, to *string) {
	oneOfFlag(f, to, "distinct", "", "way to tell points apart", []string{"networks", "points", "any"},
		"what is never tried twice: networks (with the same configs), points (the same decisions) or any; points for a table, else networks")
}

// identity is how points are told apart; nil where any may be tried again. Rows of a table differ, whatever they build.
func identity(distinct, spec string, c *samplers.Catalogue) func(*ir.Point) samplers.ID {
	switch {
	case distinct == "any":
		return nil
	case distinct == "points" || distinct == "" && strings.HasPrefix(spec, "table:"):
		return samplers.PointID
	}
	return c.ID
}
