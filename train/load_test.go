package train

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/spacec-lang/spacec/ir/op"
)

// idx is an IDX file of unsigned bytes.
func idx(dims []int, values ...byte) string {
	b := []byte{0, 0, 8, byte(len(dims))}
	for _, d := range dims {
		b = binary.BigEndian.AppendUint32(b, uint32(d))
	}
	return string(append(b, values...))
}

// npy is a .npy file of version 1 as NumPy writes it: the header padded to a multiple of 64 bytes.
func npy(descr, shape string, values any) string {
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }", descr, shape)
	header += strings.Repeat(" ", 63-(len(header)+10)%64) + "\n"
	b := []byte("\x93NUMPY\x01\x00")
	b = binary.LittleEndian.AppendUint16(b, uint16(len(header)))
	b = append(b, header...)
	var order binary.ByteOrder = binary.LittleEndian
	if descr[0] == '>' {
		order = binary.BigEndian
	}
	b, err := binary.Append(b, order, values)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write([]byte(text))
	w.Close()
	return b.String()
}

func write(t testing.TB, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// bytesOf are n bytes, each its index, and labels 0 1 0 1 ...
func bytesOf(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i)
	}
	return b
}

func alternating(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i % 2)
	}
	return b
}

// net is a network's ports: "[c: 1, h: 2, w: 3] [2]" without the names.
func net(sizes ...[]int) Ports {
	return Ports{op.Port{Name: "image", Shape: shapeOf(sizes[0])}, op.Port{Name: "logits", Shape: shapeOf(sizes[1])}}
}

func TestLoadIDX(t *testing.T) {
	dir := write(t, map[string]string{
		"train-images-idx3-ubyte.gz": gzipped(idx([]int{12, 2, 3}, bytesOf(72)...)),
		"train-labels-idx1-ubyte":    idx([]int{12}, alternating(12)...),
		"t10k-images.idx3-ubyte":     idx([]int{2, 2, 3}, 0, 51, 102, 153, 204, 255, 0, 0, 0, 0, 0, 0),
		"t10k-labels-idx1-ubyte.gz":  gzipped(idx([]int{2}, 1, 0)),
	})
	s, err := Load(dir, net([]int{1, 2, 3}, []int{2}), About{})
	if err != nil {
		t.Fatal(err)
	}
	want := &Dataset{
		Name: filepath.Base(dir), From: filepath.Join(dir, "t10k-images.idx3-ubyte"), Normalised: bytesDivided(), Input: op.Shape{{Name: "c", Size: 1}, {Name: "h", Size: 2}, {Name: "w", Size: 3}},
		Classes: 2, Labels: []int{1, 0}, Inputs: []float32{0, .2, .4, .6, .8, 1, 0, 0, 0, 0, 0, 0},
	}
	if diff := cmp.Diff(want, s.Test, cmpopts.EquateApprox(0, 1e-7)); diff != "" {
		t.Error(diff)
	}
	if s.Train.Len() != 10 || s.Val.Len() != 2 {
		t.Errorf("12 examples became %d and %d; a sixth validates", s.Train.Len(), s.Val.Len())
	}
	// An image of 6 bytes that starts at an odd multiple of 6 has label 1.
	for i, label := range s.Train.Labels {
		if got := int(math.Round(float64(s.Train.Inputs[i*6]*255))) / 6 % 2; got != label {
			t.Errorf("image %d has label %d, not %d", i, label, got)
		}
	}
}

// Fashion-MNIST (Xiao, Rasul & Vollgraf 2017) as Debian ships it: 6,000 images a class to train on and 1,000 to test, whose
// pixels have the published mean and deviation.
func TestLoadFashionMNIST(t *testing.T) {
	const dir = "/usr/share/datasets/fashion-mnist"
	if _, err := os.Stat(dir); err != nil || testing.Short() {
		t.Skip("the package dataset-fashion-mnist isn't installed, or the tests are to be short")
	}
	s, err := Load(dir, net([]int{1, 28, 28}, []int{10}), About{})
	if err != nil {
		t.Fatal(err)
	}
	classes := func(d *Dataset) (n [10]int) {
		for _, y := range d.Labels {
			n[y]++
		}
		return n
	}
	for d, of := range map[*Dataset]int{s.Train: 5000, s.Val: 1000, s.Test: 1000} {
		if n := classes(d); n != [10]int{of, of, of, of, of, of, of, of, of, of} {
			t.Errorf("the classes have %v images, not %d", n, of)
		}
	}
	mean, square, n := 0.0, 0.0, 0.0
	for _, d := range []*Dataset{s.Train, s.Val} {
		for _, x := range d.Inputs {
			mean, square, n = mean+float64(x), square+float64(x)*float64(x), n+1
		}
	}
	mean /= n
	if sd := math.Sqrt(square/n - mean*mean); math.Abs(mean-0.2860) > 5e-5 || math.Abs(sd-0.3530) > 5e-5 {
		t.Errorf("the mean is %.4f, the deviation %.4f", mean, sd)
	}
}

// TestNamedLabels: names are numbered in the order of the alphabet over all parts, or as a training numbered them.
func TestNamedLabels(t *testing.T) {
	dir := write(t, map[string]string{"train.csv": "size,animal\n1,dog\n3,cat\n", "val.csv": "2,ant\n", "test.csv": "5, dog\n"})
	labels := func(like About) any {
		s, err := Load(dir, net([]int{1}, []int{4}), like)
		if err != nil {
			return err.Error()
		}
		return []any{s.Train.Names, s.Train.Labels, s.Val.Labels, s.Test.Labels}
	}
	if diff := cmp.Diff([]any{[]string{"ant", "cat", "dog"}, []int{2, 1}, []int{0}, []int{2}}, labels(About{})); diff != "" {
		t.Error(diff)
	}
	known := []string{"ant", "bee", "cat", "dog"}
	if diff := cmp.Diff([]any{known, []int{3, 2}, []int{0}, []int{3}}, labels(About{Names: known})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(dir+`: the weights know no class "ant"; they know bee, cat, dog`, labels(About{Names: known[1:]})); diff != "" {
		t.Error(diff)
	}
	// Of several labels one may be none.
	tags := Ports{op.Port{Shape: op.Shape{{Size: 1}}}, op.Port{Shape: op.Shape{{Size: 2}, {Size: 2}}}}
	s, err := Load(write(t, map[string]string{"train.csv": "1,noun,verb\n3,,verb\n", "val.csv": "2,verb,-1\n", "test.csv": "5,verb,noun\n"}), tags, About{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]int{{0, 1, -1, 1}, {1, -1}, {1, 0}}, [][]int{s.Train.Labels, s.Val.Labels, s.Test.Labels}); diff != "" {
		t.Error(diff)
	}
}

func TestLoadNPY(t *testing.T) {
	three := map[string]string{
		"x_train.npy": npy("<f4", "(2, 3)", []float32{1, -2, 3, 4, 5, 6}), "y_train.npy": npy("<i8", "(2,)", []int64{0, 2}),
		"x_val.npy": npy("<f8", "(1, 3)", []float64{7, 8, 9}), "y_val.npy": npy("|u1", "(1,)", []uint8{1}),
		"x_test.npy": npy(">i2", "(1, 3)", []int16{-1, 258, 3}), "y_test.npy.gz": gzipped(npy("<i4", "(1, 1)", []int32{2})),
	}
	s, err := Load(write(t, three), net([]int{3}, []int{3}), About{})
	if err != nil {
		t.Fatal(err)
	}
	in := op.Shape{{Size: 3}}
	want := &Splits{
		&Dataset{Input: in, Classes: 3, Inputs: []float32{1, -2, 3, 4, 5, 6}, Labels: []int{0, 2}},
		&Dataset{Input: in, Classes: 3, Inputs: []float32{7, 8, 9}, Labels: []int{1}},
		&Dataset{Input: in, Classes: 3, Inputs: []float32{-1, 258, 3}, Labels: []int{2}},
	}
	if diff := cmp.Diff(want, s, cmpopts.IgnoreFields(Dataset{}, "Name", "From", "Normalised")); diff != "" {
		t.Error(diff)
	}

	// One file of reals as targets is regression, divided 60 : 20 : 20.
	s, err = Load(write(t, map[string]string{
		"x.npy": npy("|u1", "(10, 3, 1, 2)", bytesOf(60)), "y.npy": npy("<f4", "(10, 2)", make([]float32, 20)),
	}), net([]int{3, 1, 2}, []int{2}), About{})
	if err != nil {
		t.Fatal(err)
	}
	if got := []int{s.Train.Len(), s.Val.Len(), s.Test.Len(), s.Train.Classes}; !cmp.Equal(got, []int{6, 2, 2, 0}) {
		t.Error(got)
	}
	if got := s.Train.Input.String() + " " + s.Train.Target.String(); got != "[c: 3, h: 1, w: 2] [2]" {
		t.Error(got)
	}
	if got := s.Train.Inputs[1]*255 - s.Train.Inputs[0]*255; math.Abs(float64(got)-1) > 1e-5 {
		t.Errorf("bytes aren't divided by 255: %v", got)
	}
}

func TestLoadCSV(t *testing.T) {
	s, err := Load(write(t, map[string]string{
		"train.csv": "width,height,class\n1, 7,0\n3, 7,1\n",
		"val.csv":   "2,8,1\n",
		"test.csv":  "5,6,0\n",
	}), net([]int{2}, []int{2}), About{})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(write(t, map[string]string{"wine.csv": "a,b,class\n1,7,0\n3,7,1\n1,8,0\n3,8,1\n2,7,0\n2,8,1\n4,7,0\n4,8,1\n1,9,0\n3,9,1\n"}), "wine.csv")
	one, err := Load(file, net([]int{2}, []int{2}), About{})
	if err != nil {
		t.Fatal(err)
	}
	if got := []int{one.Train.Len(), one.Val.Len(), one.Test.Len()}; one.Train.Name != "wine" || !cmp.Equal(got, []int{6, 2, 2}) {
		t.Errorf("the file %s is divided %v", one.Train.Name, got)
	}
	// The training part has means 2 and 7, deviations 1 and none.
	in := op.Shape{{Size: 2}}
	want := &Splits{
		&Dataset{Input: in, Classes: 2, Inputs: []float32{-1, 0, 1, 0}, Labels: []int{0, 1}},
		&Dataset{Input: in, Classes: 2, Inputs: []float32{0, 1}, Labels: []int{1}},
		&Dataset{Input: in, Classes: 2, Inputs: []float32{3, -1}, Labels: []int{0}},
	}
	if diff := cmp.Diff(want, s, cmpopts.IgnoreFields(Dataset{}, "Name", "From", "Normalised")); diff != "" {
		t.Error(diff)
	}

	// A network of one output regresses, whatever the targets look like.
	dir := write(t, map[string]string{"train.csv": "\ufeff1,0\r\n2,1\r\n", "val.csv": "1,2.5\n", "test.csv": "1,1\n"})
	s, err = Load(dir, net([]int{1}, []int{1}), About{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]float32{0, 1, 2.5, 1}, append(append(s.Train.Values, s.Val.Values...), s.Test.Values...)); diff != "" || s.Train.Classes != 0 {
		t.Error(diff)
	}

	// Another data set's normalisation takes the place of its own; and a line may have several values.
	other := &Normalisation{Mean: []float64{1}, Scale: []float64{0.5}}
	s, err = Load(write(t, map[string]string{"train.csv": "1,7,8\n", "val.csv": "2,5,6\n", "test.csv": "3,2.5,0\n"}), net([]int{1}, []int{2}), About{Normalised: other})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]float32{0, 2, 4, 7, 8}, append(append(append(s.Train.Inputs, s.Val.Inputs...), s.Test.Inputs...), s.Train.Values...)); diff != "" {
		t.Error(diff)
	}
}

// A label for each place of a sequence, in each format that has them.
func TestLoadLabelsOfPlaces(t *testing.T) {
	tags := net([]int{2}, []int{2, 3})
	want := &Dataset{Input: op.Shape{{Size: 2}}, Inputs: []float32{1, 2, 3, 4}, Classes: 3, Target: op.Shape{{Size: 2}}, Labels: []int{0, 2, -1, 1}}
	files := map[string]string{}
	for _, part := range []string{"train", "val", "test"} {
		files["x_"+part+".npy"], files["y_"+part+".npy"] = npy("<f4", "(2, 2)", []float32{1, 2, 3, 4}), npy("<i8", "(2, 2)", []int64{0, 2, -1, 1})
	}
	arrays, err := Load(write(t, files), tags, About{})
	if err != nil {
		t.Fatal(err)
	}
	lines := "1,2,0,2\n3,4,-1,1\n"
	table, err := Load(write(t, map[string]string{"train.csv": lines, "val.csv": lines, "test.csv": lines}), tags, About{Normalised: AsTheyAre()})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*Splits{arrays, table} {
		if diff := cmp.Diff(want, s.Val, cmpopts.IgnoreFields(Dataset{}, "Name", "From", "Normalised")); diff != "" {
			t.Error(diff)
		}
	}
	for says, y := range map[string]string{
		"example 1 has label 3; output logits is [2, 3], so labels run from 0 to 2":                                        npy("<i8", "(2, 2)", []int64{0, 0, 3, 0}),
		"holds [1] of integers of 64 bits an example, but output logits is [2, 3]: an example has labels of [2], integers": npy("<i8", "(2,)", []int64{0, 1}),
	} {
		_, err := Load(write(t, map[string]string{"x.npy": files["x_val.npy"], "y.npy": y}), tags, About{})
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, not %s", err, says)
		}
	}
}

// A file of inputs alone, in each format; CSV with or without targets.
func TestLoadInputs(t *testing.T) {
	dir := write(t, map[string]string{
		"a":       gzipped(idx([]int{2, 1, 2}, 10, 20, 30, 40)),
		"b":       npy(">f4", "(2, 2)", []float32{10, 20, 30, 40}),
		"c.csv":   "x,y\n10,20\n30,40\n",
		"d.csv":   "10,20,1\n30,40,0\n",
		"bad.csv": "10,20,1,1,1,1,1\n",
		"bad.npy": npy("<f4", "(1, 3)", []float32{1, 2, 3}),
	})
	for _, name := range []string{"a", "b", "c.csv", "d.csv"} {
		d, err := LoadInputs(filepath.Join(dir, name), net([]int{2}, []int{3}), &Normalisation{Scale: []float64{10}})
		if err != nil {
			t.Error(err)
			continue
		}
		if diff := cmp.Diff([]float32{1, 2, 3, 4}, d.Inputs); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for name, want := range map[string]string{
		"bad.csv": "bad.csv: its lines have 7 cells, by commas; the space takes 2 inputs and then a label or 3 values, or the inputs alone",
		"bad.npy": "input image is [2], but",
		"absent":  "no such file",
	} {
		if _, err := LoadInputs(filepath.Join(dir, name), net([]int{2}, []int{3}), AsTheyAre()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLoadErrors(t *testing.T) {
	images, labels := idx([]int{4, 1, 2}, bytesOf(8)...), idx([]int{4}, 0, 1, 0, 1)
	mnist := func(images, labels string) map[string]string {
		return map[string]string{"train-images-idx3-ubyte": images, "train-labels-idx1-ubyte": labels}
	}
	x := npy("<f4", "(2, 1)", []float32{1, 2})
	arrays := func(x, y string) map[string]string { return map[string]string{"x.npy": x, "y.npy": y} }
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string // with the directory taken off
	}{
		{"nothing", nil, ": no training data; it needs"},
		{"no labels", map[string]string{"train-images-idx3-ubyte": images}, ": there are inputs, train-images-idx3-ubyte, but no train-labels-idx1-ubyte"},
		{"truncated", mnist(images[:len(images)-1], labels), "/train-images-idx3-ubyte: after 0 of 8 values: it ends too early, as a truncated file does"},
		{"truncated header", mnist(images[:9], labels), "/train-images-idx3-ubyte: it ends too early, as a truncated file does"},
		{"truncated gzip", mnist(gzipped(images)[:20], labels), "/train-images-idx3-ubyte: it ends too early"},
		{"longer", mnist(images+"x", labels), "/train-images-idx3-ubyte: it goes on after the 8 values that its header promises"},
		{"huge header", mnist(idx([]int{1 << 31, 1 << 31}), labels), "/train-images-idx3-ubyte: its header promises [2147483648 2147483648] values; the most that are read are 268435456"},
		{"empty axis", mnist(idx([]int{0, 2}), labels), "/train-images-idx3-ubyte: its header promises an axis of 0 elements"},
		{"not IDX", mnist("hello, world", labels), "/train-images-idx3-ubyte: it starts with the bytes 68656c6c, no IDX file"},
		{"other count", mnist(images, idx([]int{3}, 0, 1, 0)), "/train-images-idx3-ubyte has 4 examples, DIR/train-labels-idx1-ubyte 3"},
		{"one class", mnist(images, idx([]int{4}, 0, 0, 0, 0)), ": all labels are 0: there is nothing to tell apart"},
		{"one axis", mnist(labels, labels), "/train-images-idx3-ubyte has one axis"},
		{"two sets", map[string]string{"x.npy": x, "y.npy": npy("|u1", "(2,)", []uint8{0, 1}), "data.csv": "1,2\n"}, ": x.npy and data.csv belong to two data sets; keep one"},
		{"not NPY", arrays("hello, worlds", x), "/x.npy: it starts with the bytes 68656c6c6f2c2077, no .npy file"},
		{"complex", arrays(strings.Replace(x, "<f4", "<c8", 1), x), "/x.npy: its numbers are neither integers nor float32 or float64"},
		{"half", arrays(npy("<f2", "(2, 1)", []uint16{1, 2}), x), "/x.npy: its numbers are neither integers nor float32 or float64"},
		{"column-major", arrays(strings.Replace(x, "False", "True ", 1), x), "/x.npy: it is in column-major order; write it by numpy.ascontiguousarray"},
		{"scalar", arrays(npy("<f4", "()", []float32{1}), x), "/x.npy: it has no axis of examples"},
		{"NaN", arrays(npy("<f4", "(2, 1)", []float32{1, float32(math.NaN())}), x), "/x.npy: value 1 is not a finite float32"},
		{"too large for float32", arrays(npy("<f8", "(2, 1)", []float64{1, 1e300}), x), "/x.npy: value 1 is not a finite float32"},
		{"negative label", arrays(x, npy("<i4", "(2,)", []int32{0, -1})), "/y.npy: example 1 has label -1; output logits is [2], so labels run from 0 to 1"},
		{"labels of two", arrays(x, npy("<i4", "(2, 2)", []int32{0, 1, 0, 1})), "/y.npy holds [2] of integers of 32 bits an example, but output logits is [2]: an example has one label"},
		{"label too large", mnist(images, idx([]int{4}, 0, 1, 2, 0)), "/train-labels-idx1-ubyte: example 2 has label 2; output logits is [2], so labels run from 0 to 1"},
		{"real labels", arrays(x, npy("<f4", "(2,)", []float32{0, 1})), "/y.npy holds a real for each example, but output logits is [2]: labels are integers"},
		{"other sizes", arrays(npy("<f4", "(4, 3)", make([]float32, 12)), npy("<i4", "(4,)", []int32{0, 1, 0, 1})), "input image is [1], but DIR/x.npy holds inputs of [3]: declare the input so"},
		{"boolean", arrays(strings.Replace(x, "<f4", "|b1", 1), x), "/x.npy: its numbers are neither integers nor float32"},
		{"empty file", arrays("", x), "/x.npy: it ends too early"},
		{"empty CSV file", map[string]string{"data.csv": ""}, "/data.csv: it has no lines of numbers"},
		{"label in CSV", map[string]string{"data.csv": "1,1\n\n3,2\n"}, "/data.csv:3:3: 2 is no label; labels are whole and run from 0 to 1"},
		{"semicolons", map[string]string{"data.csv": "1;2\n"}, "/data.csv: its lines have 1 cells, by commas; the space takes 1 inputs and then a label or 2 values"},
		{"checksum", mnist(gzipped(images)[:len(gzipped(images))-8]+"xxxxyyyy", labels), "/train-images-idx3-ubyte: gzip: invalid checksum"},
		{"bytes and reals", map[string]string{"x_train.npy": x, "y_train.npy": npy("<i4", "(2,)", []int32{0, 1}), "x_test.npy": npy("|u1", "(2, 1)", []uint8{1, 2}), "y_test.npy": npy("<i4", "(2,)", []int32{0, 1})}, ": DIR/x_train.npy and DIR/x_test.npy differ: one holds unsigned bytes"},
		{"too few to divide", arrays(x, npy("<i4", "(2,)", []int32{0, 1})), ": validation part: data set DIR: it has no examples"},
		{"text in CSV", map[string]string{"data.csv": "a,b\n1,1\n3, cat\n"}, `/data.csv:3:4: "cat" is no finite number; inputs and values are numbers, and labels are where the first is`},
		{"no label in CSV", map[string]string{"data.csv": "1,cat\n3, \n"}, `/data.csv:2:4: the label is missing`},
		{"more names than classes", map[string]string{"data.csv": "1,cat\n3,dog\n5,7\n"}, `: there are 3 names of classes, 7, cat, dog, and the output of the space tells 2 apart`},
		{"names and numbers", map[string]string{"train.csv": "1,cat\n3,dog\n", "test.csv": "1,0\n"}, `: DIR/train.csv and DIR/test.csv differ: one has names for labels, the other numbers`},
		{"infinite in CSV", map[string]string{"data.csv": "1,1\n3,Inf\n"}, `/data.csv:2:3: "Inf" is no finite number`},
		{"ragged CSV", map[string]string{"data.csv": "1,1\n3,4,5\n"}, "/data.csv: record on line 2: wrong number of fields"},
		{"narrow CSV", map[string]string{"data.csv": "1\n"}, "/data.csv: its lines have 1 cells"},
		{"empty CSV", map[string]string{"data.csv": "a,b\n"}, "/data.csv: it has no lines of numbers"},
		{"no test", map[string]string{"train.csv": "1,0\n", "val.csv": "1,1\n"}, ": there is a validation part, DIR/val.csv, but no test part"},
		{"other width", map[string]string{"train.csv": "1,0\n", "val.csv": "1,1\n", "test.csv": "1,2,1,5\n"}, "/test.csv: its lines have 4 cells, by commas; the space takes 1 inputs"},
	} {
		dir, ports := write(t, c.files), net([]int{1, 1, 2}, []int{2})
		for name := range c.files {
			if !strings.Contains(name, "ubyte") {
				ports = net([]int{1}, []int{2})
			}
		}
		_, err := Load(dir, ports, About{})
		if err == nil {
			t.Errorf("%s: no error", c.name)
			continue
		}
		got := strings.ReplaceAll(strings.TrimPrefix(err.Error(), dir), dir, "DIR")
		if got = strings.ReplaceAll(got, "data set "+filepath.Base(dir), "data set DIR"); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
	if _, err := Load(filepath.Join(t.TempDir(), "absent"), net([]int{1}, []int{1}), About{}); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Error(err)
	}
}

// A small file that decompresses without end is given up at the limit.
func TestBoundedReading(t *testing.T) {
	b := &bounded{r: strings.NewReader(strings.Repeat("x", 100)), left: 50}
	if n, err := b.Read(make([]byte, 40)); n != 40 || err != nil {
		t.Error(n, err)
	}
	if _, err := b.Read(make([]byte, 40)); err == nil {
		t.Error("80 of 50 bytes were read")
	}
}

// However a file is damaged, there is a data set or an error, and memory follows the file.
func TestDamagedFiles(t *testing.T) {
	valid := []string{
		idx([]int{4, 1, 2}, bytesOf(8)...), gzipped(idx([]int{4, 1, 2}, bytesOf(8)...)),
		npy("<f4", "(4, 2)", make([]float32, 8)), npy("<i8", "(4,)", []int64{0, 1, 2, 3}), "a,b\n1,2\n3,4\n",
	}
	rapid.Check(t, func(t *rapid.T) {
		b := []byte(rapid.SampledFrom(valid).Draw(t, "file"))
		for range rapid.IntRange(1, 4).Draw(t, "damages") {
			b[rapid.IntRange(0, len(b)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
		}
		b = b[:rapid.IntRange(0, len(b)).Draw(t, "length")]
		if r, err := plain(bytes.NewReader(b)); err == nil {
			readIDX(r)
		}
		if r, err := plain(bytes.NewReader(b)); err == nil {
			if a, err := readNPY(r); err == nil && len(a.values) > 64 {
				t.Fatalf("%d values from %d bytes", len(a.values), len(b))
			}
		}
		if r, err := readCSV("f", bytes.NewReader(b), columns{inputs: 1, outputs: 7, labels: 1, classes: 7, bare: true}); err == nil {
			for _, y := range r.targets {
				if r.classes > 0 && notLabel(y, 7, 1) {
					t.Fatal("labels that aren't")
				}
			}
		}
	})
}
