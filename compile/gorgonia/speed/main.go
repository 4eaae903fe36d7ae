// Speed measures a training step - forward, backward and Adam, in float32 - side by side: stock Gorgonia, this backend, and PyTorch
// where Python has it. All start from equal weights and train on one batch, and show first that their losses are equal; then
// they take turns in rounds, so that what else the machine does meets all alike, and the medians are printed.
//
//	go run ./compile/gorgonia/speed
//
// PyTorch is the fastest that is installed: `apt install python3-torch libopenblas0-openmp` on Debian.
package main

import (
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
)

// shown is how many steps from equal weights have their losses compared, and mostApart how far, relative, they may be apart.
const (
	shown     = 5
	mostApart = 2e-3
)

// system trains models step by step.
type system interface {
	// load takes a model, with the weights and the batch of a safetensors file.
	load(m *model, file string) error
	// steps are the next n on the model: the loss of each, before its change of weights, and the seconds that it took.
	steps(m *model, n int) (losses, seconds []float64, err error)
}

type column struct {
	name string
	system
}

func main() {
	rounds := flag.Int("rounds", 9, "how many turns each gets on each model")
	only := flag.String("models", "", "which models, separated by commas")
	turn := flag.Float64("turn", 0.15, "seconds that a turn takes, at least")
	python := flag.String("python", "/usr/bin/python3", "a Python that has torch")
	quick := flag.Bool("ours", false, "measure this backend only")
	jobs := flag.Int("jobs", 0, "instead, train so many copies of each model at once, as search --jobs does, and one after the other")
	flag.Parse()
	models := names()
	if *jobs > 0 {
		models = append(models, "digits")
	}
	if *only != "" {
		models = strings.Split(*only, ",")
	}
	var err error
	if *jobs > 0 {
		err = atOnce(os.Stdout, models, *jobs, *rounds, *turn)
	} else {
		err = compare(os.Stdout, models, *python, *rounds, *turn, *quick)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "speed:", err)
		os.Exit(1)
	}
}

func compare(out io.Writer, only []string, python string, rounds int, turn float64, quick bool) error {
	fmt.Fprintf(out, "%s, %d cores used\n", processor(), runtime.GOMAXPROCS(0))
	columns := []column{{"stock", stock{}}, {"ours", ours{}}}
	if quick {
		columns = columns[1:]
	} else {
		for _, threads := range []int{2, 1} {
			t, about, err := startTorch(python, threads)
			if err != nil {
				fmt.Fprintf(out, "PyTorch is missing: %v\n", err)
				break
			}
			defer t.stop()
			fmt.Fprintln(out, about)
			columns = append(columns, column{fmt.Sprintf("PyTorch %d", threads), t})
		}
	}
	dir, err := os.MkdirTemp("", "speed")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	var table [][]float64
	for _, name := range only {
		m, err := load(name, 0)
		if err != nil {
			return err
		}
		medians, err := m.measure(out, columns, filepath.Join(dir, name), rounds, turn)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		table = append(table, medians)
	}
	return write(out, only, columns, table)
}

// measure compares the losses, takes the rounds, and gives the median seconds of a step for each column.
func (m *model) measure(out io.Writer, columns []column, file string, rounds int, turn float64) ([]float64, error) {
	if err := m.save(file); err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "\n%s: losses of the first %d steps\n", m.name, shown)
	all := make([][]float64, len(columns))
	least := make([]float64, len(columns))
	for i, c := range columns {
		if err := c.load(m, file); err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		losses, seconds, err := c.steps(m, shown)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		all[i], least[i] = losses, slices.Min(seconds)
	}
	mine := all[slices.IndexFunc(columns, isOurs)]
	for i, c := range columns {
		if apart(all[i], mine) > mostApart {
			return nil, fmt.Errorf("%s has the losses %v, not %v", c.name, all[i], mine)
		}
		fmt.Fprintf(out, "  %-10s%9.6f\n", c.name, all[i])
	}
	times := make([][]float64, len(columns))
	for range rounds {
		for i, c := range columns {
			runtime.GC() // what one left is not the next one's to clean
			_, seconds, err := c.steps(m, max(2, int(math.Ceil(turn/least[i]))))
			if err != nil {
				return nil, fmt.Errorf("%s: %w", c.name, err)
			}
			times[i] = append(times[i], seconds[1:]...) // the first finds the caches as another left them
		}
	}
	medians := make([]float64, len(columns))
	for i, t := range times {
		slices.Sort(t)
		medians[i] = t[len(t)/2]
	}
	return medians, nil
}

func isOurs(c column) bool { return c.system == ours{} }

// apart is the largest relative difference of losses.
func apart(a, b []float64) (most float64) {
	for i := range a {
		most = max(most, math.Abs(a[i]-b[i])/b[i])
	}
	return most
}

// write is the table: milliseconds a step, and ours as a multiple of the others.
func write(out io.Writer, only []string, columns []column, table [][]float64) error {
	fmt.Fprintln(out, "\nmilliseconds a step, medians")
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	mine := slices.IndexFunc(columns, isOurs)
	row := "model\t"
	for _, c := range columns {
		row += c.name + "\t"
	}
	for i, c := range columns {
		if i != mine {
			row += "ours / " + c.name + "\t"
		}
	}
	fmt.Fprintln(w, row)
	for k, medians := range table {
		row := only[k] + "\t"
		for _, t := range medians {
			row += fmt.Sprintf("%.2f\t", 1e3*t)
		}
		for i, t := range medians {
			if i != mine {
				row += fmt.Sprintf("%.2f\t", medians[mine]/t)
			}
		}
		fmt.Fprintln(w, row)
	}
	return w.Flush()
}

// processor is the machine's, where the system tells.
func processor() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}
