package train

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/spacec-lang/spacec/ir/op"
)

// splitSeed fixes how a part is divided, so that all trials of all studies see the same examples.
const splitSeed = 1

// layout are the files that a directory of data holds, each of which may be gzipped. A row without
// labels is a file of both.
var layout = [...]struct{ format, part, inputs, labels string }{
	{"idx", "train", "train-images-idx3-ubyte", "train-labels-idx1-ubyte"},
	{"idx", "test", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"},
	{"npy", "train", "x.npy", "y.npy"},
	{"npy", "train", "x_train.npy", "y_train.npy"},
	{"npy", "val", "x_val.npy", "y_val.npy"},
	{"npy", "test", "x_test.npy", "y_test.npy"},
	{"csv", "train", "data.csv", ""},
	{"csv", "train", "train.csv", ""},
	{"csv", "val", "val.csv", ""},
	{"csv", "test", "test.csv", ""},
}

const expected = `it needs, each gzipped or not, one of
  train-images-idx3-ubyte and train-labels-idx1-ubyte, with t10k-... for the test part (MNIST, Fashion-MNIST)
  x.npy and y.npy, or x_train.npy and y_train.npy with x_val.npy, y_val.npy, x_test.npy, y_test.npy
  data.csv, or train.csv with val.csv and test.csv: numbers, the label or value last`

// Load reads the data set of a directory: IDX files under MNIST's names, .npy or CSV.
//
// Parts that have files are as they are. Where there is a training part alone it is divided 60 : 20 : 20;
// where there is a test part but no validation part, a sixth of the training part validates. Both are
// stratified and always the same.
//
// Integer targets, and in CSV whole ones, are labels from 0; others are values to regress. Inputs of
// unsigned bytes are divided by 255. Columns of CSV are standardised by the mean and the deviation of
// the training part. Other inputs are taken as they are. Inputs of three axes are c, h, w; of two axes
// they are an image of one channel in IDX.
func Load(dir string) (*Splits, error) {
	name := filepath.Base(filepath.Clean(dir))
	parts := map[string]*raw{}
	format, first := "", ""
	for _, row := range layout {
		inputs, err := locate(dir, row.inputs)
		if err != nil {
			return nil, err
		}
		if inputs == "" {
			continue
		}
		if format != "" && format != row.format || parts[row.part] != nil {
			return nil, fmt.Errorf("%s: %s and %s belong to two data sets; keep one", dir, first, filepath.Base(inputs))
		}
		format, first = row.format, cmp.Or(first, filepath.Base(inputs))
		if parts[row.part], err = load(dir, format, inputs, row.labels); err != nil {
			return nil, err
		}
	}
	if parts["train"] == nil {
		return nil, fmt.Errorf("%s: no training data; %s", dir, expected)
	}
	if parts["val"] != nil && parts["test"] == nil {
		return nil, fmt.Errorf("%s: there is a validation part, %s, but no test part", dir, parts["val"].name)
	}
	s, err := assemble(name, format, parts)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return s, nil
}

// locate is the path of a file or of its gzipped form; "" where there is neither.
func locate(dir, name string) (string, error) {
	for _, n := range []string{name, name + ".gz", strings.Replace(name, "-idx", ".idx", 1)} {
		path := filepath.Join(dir, n)
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return "", err
		case !info.Mode().IsRegular():
			return "", fmt.Errorf("%s: it isn't a file", path)
		}
		return path, nil
	}
	if _, err := os.Stat(dir); err != nil {
		return "", err
	}
	return "", nil
}

// load reads one part.
func load(dir, format, inputs, labels string) (*raw, error) {
	if format == "csv" {
		f, err := os.Open(inputs)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return readCSV(inputs, f)
	}
	labelPath, err := locate(dir, labels)
	if err != nil {
		return nil, err
	}
	if labelPath == "" {
		return nil, fmt.Errorf("%s: there are inputs, %s, but no %s", dir, filepath.Base(inputs), labels)
	}
	x, err := loadArray(format, inputs)
	if err != nil {
		return nil, err
	}
	y, err := loadArray(format, labelPath)
	if err != nil {
		return nil, err
	}
	if x.dims[0] != y.dims[0] {
		return nil, fmt.Errorf("%s has %d examples, %s %d", inputs, x.dims[0], labelPath, y.dims[0])
	}
	if len(x.dims) < 2 {
		return nil, fmt.Errorf("%s has one axis; it needs examples and at least one more", inputs)
	}
	r := &raw{name: inputs, dims: x.dims[1:], inputs: x.values, tdims: y.dims[1:], targets: y.values, labels: y.kind.class != 'f'}
	if format == "idx" && len(r.dims) == 2 {
		r.dims = []int{1, r.dims[0], r.dims[1]}
	}
	if x.kind == (kind{'u', 1}) {
		for i := range r.inputs {
			r.inputs[i] /= 255
		}
	}
	if i := notLabel(r.targets); r.labels && (i >= 0 || len(r.targets) != x.dims[0]) {
		if i < 0 {
			return nil, fmt.Errorf("%s has %v integers an example; a label is one, and values to regress are reals", labelPath, r.tdims)
		}
		return nil, fmt.Errorf("%s: example %d has label %v; labels run from 0 to %d, and values to regress are reals", labelPath, i, r.targets[i], maxClasses-1)
	}
	return r, nil
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

// assemble makes splits of the parts, dividing what has to be divided.
func assemble(name, format string, parts map[string]*raw) (*Splits, error) {
	labels, classes := true, 0
	for _, r := range parts {
		labels = labels && r.labels
	}
	for _, r := range parts {
		if !labels && r.labels && format != "csv" {
			return nil, fmt.Errorf("%s has labels where another part has values", r.name)
		}
		for _, y := range r.targets {
			if labels {
				classes = max(classes, int(y)+1)
			}
		}
	}
	if labels && classes == 1 {
		return nil, fmt.Errorf("all labels are 0: there is nothing to tell apart")
	}
	sets := map[string]*Dataset{}
	for part, r := range parts {
		sets[part] = r.dataset(name, classes)
	}
	s := &Splits{sets["train"], sets["val"], sets["test"]}
	switch {
	case s.Test == nil:
		s = s.Train.Split(splitSeed)
	case s.Val == nil:
		p := s.Train.Parts(splitSeed, 5, 1)
		s.Train, s.Val = p[0], p[1]
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	if format == "csv" {
		s.standardise()
	}
	return s, nil
}

// dataset gives the numbers their roles; with no classes, targets are values.
func (r *raw) dataset(name string, classes int) *Dataset {
	d := &Dataset{Name: name, Input: shapeOf(r.dims), Inputs: r.inputs, Classes: classes}
	if classes == 0 {
		d.Target, d.Values = shapeOf(r.tdims), r.targets
		return d
	}
	d.Labels = make([]int, len(r.targets))
	for i, y := range r.targets {
		d.Labels[i] = int(y)
	}
	return d
}

// shapeOf names three axes c, h, w and leaves others nameless; a single number has the shape [1].
func shapeOf(dims []int) op.Shape {
	if len(dims) == 0 {
		return op.Shape{{Size: 1}}
	}
	s := make(op.Shape, len(dims))
	for i, d := range dims {
		s[i].Size = d
		if len(dims) == 3 {
			s[i].Name = "chw"[i : i+1]
		}
	}
	return s
}

// standardise shifts and scales each input to mean 0 and deviation 1 over the training part. An input
// that is constant there is only shifted.
func (s *Splits) standardise() {
	width := int(s.Train.Input.Elements())
	for i := range width {
		mean, square, n := 0.0, 0.0, 0.0
		for j := i; j < len(s.Train.Inputs); j += width {
			x := float64(s.Train.Inputs[j])
			n++
			delta := x - mean // Welford 1962
			mean += delta / n
			square += delta * (x - mean)
		}
		scale := math.Sqrt(square / n)
		if scale == 0 {
			scale = 1
		}
		for _, d := range []*Dataset{s.Train, s.Val, s.Test} {
			for j := i; j < len(d.Inputs); j += width {
				d.Inputs[j] = float32((float64(d.Inputs[j]) - mean) / scale)
			}
		}
	}
}
