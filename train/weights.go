package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spacec-lang/spacec/compile/gorgonia"
	"github.com/spacec-lang/spacec/ir/op"
)

// About is what a file of weights says of itself: which network they are of, and the data they were trained on,
// so that neither can be taken for another.
type About struct {
	Network    string         // as Describe gives it
	Data       string         // the data set's name
	Normalised *Normalisation // what its inputs went through
	Classes    int            // 0 where it has values
	Names      []string       // of the classes, where the data names them
	Division   uint64         // the seed by which it was divided into parts, where it came in one
	Progress   *Progress      // of the training; nil where the file doesn't say
}

// Describe is a network in text, an op a line with its arguments, the wires it reads and those it makes. Networks
// of one description have the same weights.
func Describe(g *op.Graph) string {
	var b strings.Builder
	for i, p := range g.Inputs {
		fmt.Fprintf(&b, "input %v -> %d\n", p.Shape.Sizes(), i)
	}
	for _, n := range g.Nodes {
		fmt.Fprintf(&b, "%s %v -> %v", n.Args, n.In, n.Out)
		if n.Share != 0 {
			fmt.Fprintf(&b, " share %d", n.Share)
		}
		b.WriteByte('\n')
	}
	fmt.Fprintf(&b, "output %v\n", g.Outputs)
	return b.String()
}

const weightsFormat = "spacec weights 1"

func (a *About) metadata() (map[string]string, error) {
	norm, err := json.Marshal(a.Normalised)
	if err != nil {
		return nil, err
	}
	names, err := json.Marshal(a.Names)
	if err != nil {
		return nil, err
	}
	progress, err := json.Marshal(a.Progress)
	return map[string]string{
		"format": weightsFormat, "network": a.Network, "data": a.Data, "normalisation": string(norm),
		"classes": strconv.Itoa(a.Classes), "names": string(names), "division": strconv.FormatUint(a.Division, 10), "training": string(progress),
	}, err
}

func aboutOf(m map[string]string) (a About, err error) {
	if m["format"] != weightsFormat {
		return a, errors.New("it has the weights of no network that spacec trained: its metadata lacks format: " + weightsFormat)
	}
	a = About{Network: m["network"], Data: m["data"], Normalised: &Normalisation{}}
	if a.Classes, err = strconv.Atoi(m["classes"]); err != nil {
		return a, fmt.Errorf("its metadata has classes %q", clip(m["classes"]))
	}
	if a.Division, err = strconv.ParseUint(m["division"], 10, 64); err != nil {
		return a, fmt.Errorf("its metadata has division %q", clip(m["division"]))
	}
	if err = json.Unmarshal([]byte(m["normalisation"]), a.Normalised); err != nil {
		return a, fmt.Errorf("the normalisation in its metadata can't be read: %w", err)
	}
	if text := m["names"]; text != "" {
		if err = json.Unmarshal([]byte(text), &a.Names); err != nil || len(a.Names) > a.Classes || !slices.IsSorted(a.Names) {
			return a, fmt.Errorf("the names of %d classes in its metadata can't be read: %s", a.Classes, clip(text))
		}
	}
	if text := m["training"]; text != "" {
		if err = json.Unmarshal([]byte(text), &a.Progress); err != nil {
			return a, fmt.Errorf("the training in its metadata can't be read: %w", err)
		}
		if p := a.Progress; p != nil && (p.Last.Epoch < 1 || p.Steps < 1) {
			return a, fmt.Errorf("the training in its metadata has %d epochs of %d steps", p.Last.Epoch, p.Steps)
		}
	}
	return a, nil
}

// SaveWeights writes a training's weights, and what it takes to resume it, in the safetensors format, replacing the file at
// once: a reader never meets half of it, and an interrupt leaves what was there before.
func SaveWeights(path string, t *Training, a About) error {
	a.Progress = t.progress()
	metadata, err := a.metadata()
	if err != nil {
		return err
	}
	f, err := os.Create(path + ".part")
	if err != nil {
		return err
	}
	err = t.Model.Save(f, metadata, t.loop.optimizer.State(t.Model.Params())...)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		os.Remove(f.Name())
		return fmt.Errorf("weights: %w", err)
	}
	return nil
}

// Weights are a file of weights that is open.
type Weights struct {
	About
	path string
	file *os.File
}

// OpenWeights reads what a file says of itself.
func OpenWeights(path string) (*Weights, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: there is no such file", path)
	}
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, fmt.Errorf("%s: this is a directory, not a file of weights", path)
	}
	metadata, err := gorgonia.Metadata(f)
	w := &Weights{path: path, file: f}
	if err == nil {
		w.About, err = aboutOf(metadata)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return w, nil
}

// Fit reports a network whose weights these aren't.
func (w *Weights) Fit(g *op.Graph) error {
	ours, theirs := strings.Split(Describe(g), "\n"), strings.Split(w.Network, "\n")
	for i, line := range ours {
		if i < len(theirs) && theirs[i] == line {
			continue
		}
		there := ""
		if i < len(theirs) {
			there = theirs[i]
		}
		return fmt.Errorf("%s has the weights of another network: %s here is %s there", w.path, shownOp(line), shownOp(there))
	}
	if ports, err := PortsOf(g); err != nil {
		return err
	} else if err := w.Normalised.check(int(ports.Input.Shape.Elements())); err != nil {
		return fmt.Errorf("%s: %w", w.path, err)
	}
	return nil
}

func shownOp(line string) string {
	if line == "" {
		return "nothing"
	}
	return "'" + clip(line) + "'"
}

// Into gives the weights to a model of their network.
func (w *Weights) Into(m *gorgonia.Model) error { return w.into(m, nil) }

func (w *Weights) into(m *gorgonia.Model, beside []*gorgonia.Param) error {
	if _, err := w.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := m.Load(w.file, beside...); err != nil {
		return fmt.Errorf("%s: %w", w.path, err)
	}
	return nil
}

// Close lets go of the file.
func (w *Weights) Close() error { return w.file.Close() }
