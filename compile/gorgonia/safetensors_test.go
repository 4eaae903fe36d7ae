package gorgonia

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const savedNet = "x: [c: 2, h: 4, w: 4]\na = conv(3) x\nb = batch_norm a\ny = dense(5) b"

func TestSavedWeightsGiveTheSamePredictions(t *testing.T) {
	g := graphOf(t, savedNet)
	for _, float64s := range []bool{false, true} {
		c := newTrial(t, g, 3, CrossEntropy, 1)
		from := c.build(t, float64s)
		c.step(t, from) // moves the running statistics
		var file bytes.Buffer
		if err := from.Save(&file, nil); err != nil {
			t.Fatal(err)
		}
		c.o.Seed, c.weights = 99, nil
		to := c.build(t, float64s)
		want, _ := from.Predict(singles(c.inputs))
		if got, _ := to.Predict(singles(c.inputs)); cmp.Equal(want, got) {
			t.Fatal("another seed predicts the same")
		}
		if err := to.Load(bytes.NewReader(file.Bytes())); err != nil {
			t.Fatal(err)
		}
		got, err := to.Predict(singles(c.inputs))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		if other := c.build(t, !float64s); other.Load(bytes.NewReader(file.Bytes())) != nil {
			t.Error("the other precision can't read it")
		}
	}
}

// The format's own example layout: a header of JSON whose length comes first, then the numbers.
func TestSaveWritesTheFormat(t *testing.T) {
	m, err := Build(graphOf(t, "x: [2]\ny = dense(1) x"), Options{Batch: 1})
	if err != nil {
		t.Fatal(err)
	}
	copy(m.Params()[0].Value, []float32{1, -2})
	copy(m.Params()[1].Value, []float32{0.5})
	var file bytes.Buffer
	if err := m.Save(&file, nil); err != nil {
		t.Fatal(err)
	}
	header := `{"dense1.bias":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"dense1.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[4,12]}}`
	header += strings.Repeat(" ", (8-len(header)%8)%8)
	want := append(binary.LittleEndian.AppendUint64(nil, uint64(len(header))), header...)
	want = append(want, 0, 0, 0, 0x3f, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0)
	if diff := cmp.Diff(want, file.Bytes()); diff != "" {
		t.Error(diff)
	}
}

func file(header, data string) string {
	return string(binary.LittleEndian.AppendUint64(nil, uint64(len(header)))) + header + data
}

func TestLoadSaysWhatIsWrong(t *testing.T) {
	m, err := Build(graphOf(t, "x: [2]\ny = dense(1, bias: false) x"), Options{Batch: 1})
	if err != nil {
		t.Fatal(err)
	}
	before := append([]float32(nil), m.Params()[0].Value...)
	for says, text := range map[string]string{
		"this is no safetensors file: it has less than eight bytes":      "abc",
		"its header would have 18446744073709551615 bytes":               "\xff\xff\xff\xff\xff\xff\xff\xff",
		"the file ends within its header":                                "\x10\x00\x00\x00\x00\x00\x00\x00{",
		"the header can't be read":                                       file("{", ""),
		"the header of a can't be read":                                  file(`{"a": 3}`, ""),
		"the file lacks dense1.weight":                                   file(`{"__metadata__": {"a": "b"}}`, ""),
		"dense1.weight has the sizes [2] in the file, and [1 2]":         file(`{"dense1.weight":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, "12345678"),
		"should be 2 numbers of F32 or F64; the file has 8 bytes of I32": file(`{"dense1.weight":{"dtype":"I32","shape":[1,2],"data_offsets":[0,8]}}`, "12345678"),
		"stand one after the other":                                      file(`{"dense1.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"optimizer.a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}`, "12345678"),
		"the file has 9 bytes of F32":                                    file(`{"dense1.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,9]}}`, "123456789"),
		"the tensors don't stand one after the other":                    file(`{"dense1.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[-8,0]}}`, ""),
		"the tensors take 8 bytes; the file has 7":                       file(`{"dense1.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}`, "1234567"),
		"the tensors take 8 bytes; the file has more":                    file(`{"dense1.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}`, "1234567890"),
		"the file holds other, which the model doesn't have": file(
			`{"dense1.weight":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"other":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}`, "123456789012"),
	} {
		err := m.Load(strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, not %s", text, err, says)
		}
	}
	if diff := cmp.Diff(before, m.Params()[0].Value); diff != "" {
		t.Errorf("a failed load changed the weights: %s", diff)
	}
}

func TestLoadOfDamagedFilesNeverPanics(t *testing.T) {
	m, err := Build(graphOf(t, savedNet), Options{Batch: 1})
	if err != nil {
		t.Fatal(err)
	}
	var whole bytes.Buffer
	if err := m.Save(&whole, nil); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(r *rapid.T) {
		b := append([]byte(nil), whole.Bytes()...)
		for range rapid.IntRange(1, 4).Draw(r, "edits") {
			b[rapid.IntRange(0, min(len(b)-1, 700)).Draw(r, "at")] = rapid.Byte().Draw(r, "byte")
		}
		_ = m.Load(bytes.NewReader(b[:rapid.IntRange(0, len(b)).Draw(r, "length")]))
	})
}

// Numbers of an optimiser stand beside the weights, and whoever doesn't ask for them passes them over.
func TestTensorsBesideTheModels(t *testing.T) {
	m, err := Build(graphOf(t, savedNet), Options{Batch: 1})
	if err != nil {
		t.Fatal(err)
	}
	beside := &Param{Name: OptimizerPrefix + "mean.dense1.bias", Shape: []int{5}, Value: []float32{1, 2, 3, 4, 5}}
	var with, without bytes.Buffer
	if err := errors.Join(m.Save(&with, nil, beside), m.Save(&without, nil)); err != nil {
		t.Fatal(err)
	}
	weights := slices.Clone(m.Params()[0].Value)
	clear(beside.Value)
	clear(m.Params()[0].Value)
	if err := m.Load(bytes.NewReader(without.Bytes()), beside); err == nil || err.Error() != "the file lacks optimizer.mean.dense1.bias" {
		t.Error(err)
	}
	if err := m.Load(bytes.NewReader(with.Bytes())); err != nil || !slices.Equal(weights, m.Params()[0].Value) {
		t.Error("the weights alone:", err)
	}
	if err := m.Load(bytes.NewReader(with.Bytes()), beside); err != nil || !slices.Equal(beside.Value, []float32{1, 2, 3, 4, 5}) {
		t.Error(err, beside.Value)
	}
}

func TestMetadataIsKeptBesideTheTensors(t *testing.T) {
	m, err := Build(graphOf(t, savedNet), Options{Batch: 1})
	if err != nil {
		t.Fatal(err)
	}
	about := map[string]string{"classes": "5", "text": "a \"b\"\nü"}
	var file bytes.Buffer
	if err := m.Save(&file, about); err != nil {
		t.Fatal(err)
	}
	got, err := Metadata(bytes.NewReader(file.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(about, got); diff != "" {
		t.Error(diff)
	}
	if err := m.Load(bytes.NewReader(file.Bytes())); err != nil {
		t.Error(err)
	}
}
