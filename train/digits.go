package train

import (
	"bytes"
	_ "embed"
	"fmt"
)

//go:embed digits/digits.csv.gz
var digitsCSV []byte

// DigitsName is the name of the data set Digits.
const DigitsName = "digits"

// Digits are 1,797 handwritten digits, inputs [c: 1, h: 8, w: 8] and 10 classes: the test part of the
// UCI data set "Optical Recognition of Handwritten Digits" (Alpaydin & Kaynak 1998), as scikit-learn
// ships it; digits/ATTRIBUTION has the licence. Pixels are divided by their maximum, 16, so they run
// from 0 to 1. A split by Split mixes the writers, so accuracies come out higher than those published
// for unseen writers.
func Digits() (*Dataset, error) {
	rows, err := readCSV("digits.csv.gz", bytes.NewReader(digitsCSV), columns{inputs: 64, outputs: 10, labels: 1, classes: 10})
	if err != nil {
		return nil, fmt.Errorf("the embedded digits: %w", err)
	}
	rows.name = "the digits data set"
	rows.dims = []int{1, 8, 8}
	d := rows.dataset(DigitsName)
	d.normalise(&Normalisation{Text: "pixels divided by 16", Scale: []float64{16}})
	return d, d.check()
}
