package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/spacec-lang/spacec/train"
)

func (a *app) predict() *cobra.Command {
	var weights, data string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "predict POINT --weights FILE",
		Short: "Predict with a point and saved weights",
		Long: `Predict writes what the network of a file that holds one point, with weights that train saved, says of each example: as
CSV with a header, the class and the probability of each class (p0, p1, ...), or the values (y0, y1, ...). A class that
the data of the training named is written by its name; they are numbered in the order of the alphabet. Where an example
has a label for each of several places, so has it a line. Inputs go through what those of the training went through.

--data names a file of inputs alone, in the order of its examples: an IDX or .npy file, or CSV, where a target after the
inputs is left out. It may name a folder, as for train; then its test part is predicted. Without it the examples are the
digits on which the training was tested.

With --json there is an object a line:
  example        its number in the data, from 0
  place          which of its places, from 0, where each has a label
  class, name, probabilities
                 the most probable class, its name where it has one, and the probability of each
  values         what it predicts, where the network has no classes`,
		Example: "  spacec predict point.space --weights weights.safetensors --data new.csv",
		Args:    oneFile("POINT"),
		RunE: func(cmd *cobra.Command, args []string) error {
			m, err := a.trained(args[0], weights)
			if err != nil {
				return err
			}
			defer m.Close()
			d, err := m.examples(data)
			if err != nil {
				return fmt.Errorf("%s: %w", args[0], err)
			}
			a.endsItself()
			out := bufio.NewWriter(a.out)
			err = train.Predict(cmd.Context(), m.Model, m.batch, d, m.writer(out, asJSON))
			if flushing := out.Flush(); err == nil { // the lines so far are whole
				err = flushing
			}
			return err
		},
	}
	f := cmd.Flags()
	weightsFlag(f, &weights)
	f.StringVar(&data, "data", "", "file or folder of examples, instead of the digits in this program")
	f.BoolVar(&asJSON, "json", false, "write a JSON object for each example")
	return cmd
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// examples are what is to be predicted.
func (m *trained) examples(data string) (*train.Dataset, error) {
	if !isFile(data) {
		if err := m.readFor(data); err != nil {
			return nil, err
		}
		return m.data.Test, nil
	}
	ports, err := train.PortsOf(m.built.Graph)
	if err != nil {
		return nil, err
	}
	return train.LoadInputs(data, ports, m.weights.Normalised)
}

// prediction is what predict's help says of --json.
type prediction struct {
	Example       int       `json:"example"`
	Place         *int      `json:"place,omitempty"`
	Class         *int      `json:"class,omitempty"`
	Name          string    `json:"name,omitempty"`
	Probabilities []float64 `json:"probabilities,omitempty"`
	Values        []float32 `json:"values,omitempty"`
}

// writer writes each example's output as a line, or as one for each place.
func (m *trained) writer(w io.Writer, asJSON bool) func(int, []float32) error {
	enc := json.NewEncoder(w)
	write := func(p prediction) error {
		if asJSON {
			return enc.Encode(p)
		}
		return p.write(w)
	}
	return func(example int, out []float32) error {
		if m.weights.Classes == 0 {
			return write(prediction{Example: example, Values: out})
		}
		places := len(out) / m.weights.Classes
		for i := range places {
			class, probabilities := train.Classify(out[i*m.weights.Classes:][:m.weights.Classes])
			p := prediction{Example: example, Class: &class, Probabilities: probabilities}
			if class < len(m.weights.Names) {
				p.Name = m.weights.Names[class]
			}
			if places > 1 {
				p.Place = &i
			}
			if err := write(p); err != nil {
				return err
			}
		}
		return nil
	}
}

// csvCell is a cell of CSV.
func csvCell(cell string) string {
	if strings.ContainsAny(cell, "\",\r\n") {
		return `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
	}
	return cell
}

// write writes the line, and before the first the header.
func (p prediction) write(w io.Writer) error {
	header, line := "example", strconv.Itoa(p.Example)
	if p.Place != nil {
		header, line = header+",place", line+","+strconv.Itoa(*p.Place)
	}
	if p.Class != nil {
		header, line = header+",class", line+","+cmp.Or(csvCell(p.Name), strconv.Itoa(*p.Class))
	}
	for i, x := range p.Probabilities {
		header, line = fmt.Sprintf("%s,p%d", header, i), line+","+strconv.FormatFloat(x, 'g', 6, 64)
	}
	for i, x := range p.Values {
		header, line = fmt.Sprintf("%s,y%d", header, i), line+","+strconv.FormatFloat(float64(x), 'g', -1, 32)
	}
	if p.Example == 0 && (p.Place == nil || *p.Place == 0) {
		line = header + "\n" + line
	}
	_, err := fmt.Fprintln(w, line)
	return err
}
