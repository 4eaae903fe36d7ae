package train

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spacec-lang/spacec/ir/op"
)

// load reads one part.
func load(dir, format, inputs, labels string, net Ports) (*raw, error) {
	if format == "csv" {
		f, err := os.Open(inputs)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return readCSV(inputs, f, net.columns())
	}
	labelPath, err := locate(dir, labels)
	if err != nil {
		return nil, err
	}
	if labelPath == "" {
		return nil, fmt.Errorf("%s: there are inputs, %s, but no %s", dir, filepath.Base(inputs), labels)
	}
	r, err := loadInputs(format, inputs, net.Input)
	if err != nil {
		return nil, err
	}
	y, err := loadArray(format, labelPath)
	if err != nil {
		return nil, err
	}
	if r.examples != y.dims[0] {
		return nil, fmt.Errorf("%s has %d examples, %s %d", inputs, r.examples, labelPath, y.dims[0])
	}
	r.targetName, r.tdims, r.targets = labelPath, y.dims[1:], y.values
	return r, r.role(y.kind, net)
}

func (p Ports) columns() columns {
	places, classes := p.labels()
	return columns{inputs: int(p.Input.Shape.Elements()), labels: int(places.Elements()), classes: classes, outputs: int(p.Output.Shape.Elements())}
}

// loadInputs reads a part without targets for an input.
func loadInputs(format, path string, in op.Port) (*raw, error) {
	x, err := loadArray(format, path)
	if err != nil {
		return nil, err
	}
	if len(x.dims) < 2 {
		return nil, fmt.Errorf("%s has one axis; it needs examples and at least one more", path)
	}
	r := &raw{name: path, examples: x.dims[0], dims: x.dims[1:], inputs: x.values, bytes: x.kind == kind{'u', 1}}
	if format == "idx" && len(r.dims) == 2 {
		r.dims = []int{1, r.dims[0], r.dims[1]}
	}
	return r, fitsInput(in, path, shapeOf(r.dims))
}

// role decides whether targets of a kind are labels or values, by the network's output.
func (r *raw) role(k kind, net Ports) error {
	out := net.Output
	places, classes := net.labels()
	one := len(r.targets) == r.examples
	switch {
	case out.Shape.Elements() == 1 && one:
		return nil
	case k.class == 'f' && sameSizes(out.Shape, shapeOf(r.tdims)):
		return nil
	case k.class == 'f' && one:
		return fmt.Errorf("%s holds a real for each example, but output %s is %s: labels are integers, and one value is an output of [1]",
			r.targetName, out.Name, out.Shape)
	case k.class == 'f' || classes == 1 || !sameSizes(places, shapeOf(r.tdims)):
		labels := "one label, an integer, or "
		switch {
		case classes == 1:
			labels = ""
		case len(sizes(places)) > 0:
			labels = fmt.Sprintf("labels of %s, integers, or ", places)
		}
		return fmt.Errorf("%s holds %s of %s an example, but output %s is %s: an example has %sreals of the output's sizes",
			r.targetName, shapeOf(r.tdims), k, out.Name, out.Shape, labels)
	}
	r.classes = classes
	for i, y := range r.targets {
		if notLabel(y, classes, len(r.targets)/r.examples) {
			return fmt.Errorf("%s: example %d has label %v; output %s is %s, so labels run from 0 to %d", r.targetName, i*r.examples/len(r.targets), y,
				out.Name, out.Shape, classes-1)
		}
	}
	return nil
}

func loadArray(format, path string) (*array, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r, err := plain(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	read := map[string]func(*bufio.Reader) (*array, error){"idx": readIDX, "npy": readNPY}[format]
	a, err := read(r)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return a, nil
}

// LoadInputs reads the examples of one file without targets: IDX, .npy, or CSV, told apart by how they start. Of
// lines of CSV that have a target too, it is left out. Their normalisation is that of the network's training.
func LoadInputs(path string, net Ports, norm *Normalisation) (*Dataset, error) {
	r, err := sniff(path, net)
	if err != nil {
		return nil, err
	}
	d := &Dataset{Name: filepath.Base(path), From: path, Input: shapeOf(r.dims), Inputs: r.inputs}
	d.normalise(norm)
	return d, nil
}

func sniff(path string, net Ports) (*raw, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	content, err := plain(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	switch magic, _ := content.Peek(6); {
	case bytes.HasPrefix(magic, []byte("\x93NUMPY")):
		return loadInputs("npy", path, net.Input)
	case bytes.HasPrefix(magic, []byte{0, 0}):
		return loadInputs("idx", path, net.Input)
	}
	c := net.columns()
	c.bare = true
	return readCSV(path, content, c)
}
