package train

import (
	"bytes"
	_ "embed"
	"fmt"

	"github.com/spacec-lang/spacec/ir/op"
)

//go:embed digits/digits.csv.gz
var digitsCSV []byte

// Digits are 1,797 handwritten digits, inputs [c: 1, h: 8, w: 8] and 10 classes: the test part of the
// UCI data set "Optical Recognition of Handwritten Digits" (Alpaydin & Kaynak 1998), as scikit-learn
// ships it; digits/ATTRIBUTION has the licence. Pixels are divided by their maximum, 16, so they run
// from 0 to 1. A split by Split mixes the writers, so accuracies come out higher than those published
// for unseen writers.
func Digits() (*Dataset, error) {
	rows, err := readCSV("digits.csv.gz", bytes.NewReader(digitsCSV))
	if err != nil {
		return nil, fmt.Errorf("the embedded digits: %w", err)
	}
	d := rows.dataset("digits", 10)
	for i := range d.Inputs {
		d.Inputs[i] /= 16
	}
	d.Input = op.Shape{{Name: "c", Size: 1}, {Name: "h", Size: 8}, {Name: "w", Size: 8}}
	return d, d.check()
}
