package train

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spacec-lang/spacec/compile/gorgonia"
	"github.com/spacec-lang/spacec/ir/op"
)

// splitSeed fixes how a part is divided, so that all trials of all studies see the same examples.
const splitSeed = 1

type files struct{ format, part, inputs, labels string }

// layout are the files that a directory of data holds, each of which may be gzipped. A row without
// labels is a file of both.
var layout = []files{
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

// Load reads the data set of a directory for a network: IDX files under MNIST's names, .npy or CSV; or of one CSV file.
//
// Parts that have files are as they are. Where there is a training part alone it is divided 60 : 20 : 20;
// where there is a test part but no validation part, a sixth of the training part validates. Both are
// stratified and always the same.
//
// A network of one output number regresses. Elsewhere integer targets are labels, from 0 to below the size of the
// output's last axis: one for an example or, where the output has more axes, one for each place before the last, where -1
// is none. So are targets of CSV where there are as many. Other targets are values, of the output's shape.
//
// Inputs of unsigned bytes are divided by 255; columns of CSV are standardised by the mean and the deviation of
// the training part; others are taken as they are. Inputs of three axes are c, h, w; of two axes they are an image of one
// channel in IDX.
//
// What another training says of its data goes before: the normalisation, and the names of the classes.
func Load(dir string, net Ports, like About) (*Splits, error) {
	name, folder, rows := filepath.Base(filepath.Clean(dir)), dir, layout
	if info, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: there is no such file or folder", dir)
	} else if err == nil && !info.IsDir() {
		if !strings.HasSuffix(strings.TrimSuffix(name, ".gz"), ".csv") {
			return nil, fmt.Errorf("%s: this is no folder of data, and no CSV file; %s", dir, expected)
		}
		folder, rows = filepath.Dir(dir), []files{{"csv", "train", name, ""}}
		name, _, _ = strings.Cut(name, ".csv")
	}
	parts := map[string]*raw{}
	format, first := "", ""
	for _, row := range rows {
		inputs, err := locate(folder, row.inputs)
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
		if parts[row.part], err = load(folder, format, inputs, row.labels, net); err != nil {
			return nil, err
		}
	}
	if parts["train"] == nil {
		return nil, fmt.Errorf("%s: no training data; %s", dir, expected)
	}
	if parts["val"] != nil && parts["test"] == nil {
		return nil, fmt.Errorf("%s: there is a validation part, %s, but no test part", dir, parts["val"].name)
	}
	s, err := assemble(name, format, parts, like)
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

// assemble makes splits of the parts, dividing what has to be divided.
func assemble(name, format string, parts map[string]*raw, like About) (*Splits, error) {
	most := float32(0) // of the labels
	first := parts["train"]
	names, err := number(parts, like.Names)
	if err != nil {
		return nil, err
	}
	for _, r := range parts {
		if r.classes != first.classes {
			return nil, fmt.Errorf("%s has labels where another part has values", cmp.Or(r.targetName, r.name))
		}
		if r.bytes != first.bytes {
			return nil, fmt.Errorf("%s and %s differ: one holds unsigned bytes, the other doesn't", first.name, r.name)
		}
		most = max(most, slices.Max(r.targets))
	}
	if first.classes > 0 && most == 0 {
		return nil, fmt.Errorf("all labels are 0: there is nothing to tell apart")
	}
	sets := map[string]*Dataset{}
	for part, r := range parts {
		sets[part] = r.dataset(name)
		sets[part].Names = names
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
	norm := like.Normalised
	switch {
	case norm != nil:
	case format == "csv":
		norm = standardising(s.Train)
	case first.bytes:
		norm = bytesDivided()
	default:
		norm = AsTheyAre()
	}
	for _, d := range []*Dataset{s.Train, s.Val, s.Test} {
		d.normalise(norm)
	}
	return s, nil
}

// number makes labels of names: in the order of the alphabet over all parts, or as they are numbered already.
func number(parts map[string]*raw, names []string) ([]string, error) {
	known := names != nil
	first := parts["train"]
	none := func(name string) bool { return name == "" || name == strconv.Itoa(gorgonia.NoLabel) }
	for _, r := range parts {
		if r.named != first.named {
			return nil, fmt.Errorf("%s and %s differ: one has names for labels, the other numbers", first.name, r.name)
		}
		if !known {
			names = append(names, r.names...)
		}
	}
	several := len(first.tdims) > 0 && first.tdims[0] > 1
	if known && !first.named {
		return nil, fmt.Errorf("the labels are numbers; the weights know classes by the names %s", listed(names))
	}
	if !known {
		slices.Sort(names)
		names = slices.Compact(names)
		if several {
			names = slices.DeleteFunc(names, none)
		}
	}
	if len(names) > first.classes {
		return nil, fmt.Errorf("there are %d names of classes, %s, and the output of the space tells %d apart", len(names), listed(names), first.classes)
	}
	for _, r := range parts {
		for _, name := range r.names {
			i, ok := slices.BinarySearch(names, name)
			switch {
			case !ok && several && none(name):
				i = gorgonia.NoLabel
			case !ok:
				return nil, fmt.Errorf("the weights know no class %q; they know %s", clip(name), listed(names))
			}
			r.targets = append(r.targets, float32(i))
		}
	}
	return names, nil
}

// listed are the first of some names, for a message.
func listed(names []string) string {
	if len(names) > 6 {
		return strings.Join(names[:6], ", ") + ", ..."
	}
	return strings.Join(names, ", ")
}

// dataset gives the numbers their roles.
func (r *raw) dataset(name string) *Dataset {
	d := &Dataset{Name: name, From: r.name, Input: shapeOf(r.dims), Inputs: r.inputs, Classes: r.classes}
	if d.Target = shapeOf(r.tdims); d.Classes == 0 {
		d.Values = r.targets
		return d
	}
	if d.targets() == 1 {
		d.Target = nil
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
