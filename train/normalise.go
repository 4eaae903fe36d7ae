package train

import (
	"fmt"
	"math"
)

// Normalisation is what was done to inputs: (x - Mean) / Scale, each one number for all of an example's, or one
// for each; without numbers, nothing. A network's weights belong with that of the data they were trained on.
type Normalisation struct {
	Text  string    `json:"text"` // for people
	Mean  []float64 `json:"mean,omitempty"`
	Scale []float64 `json:"scale,omitempty"`
}

// AsTheyAre takes inputs as files hold them.
func AsTheyAre() *Normalisation { return &Normalisation{Text: "taken as they are"} }

func bytesDivided() *Normalisation {
	return &Normalisation{Text: "bytes divided by 255", Scale: []float64{255}}
}

// standardising is each input less its mean over d, divided by its deviation there. An input that is constant
// there is only shifted.
func standardising(d *Dataset) *Normalisation {
	width := int(d.Input.Elements())
	n := &Normalisation{Text: "each less its mean over the training part, divided by its deviation there",
		Mean: make([]float64, width), Scale: make([]float64, width)}
	for i := range width {
		mean, square, count := 0.0, 0.0, 0.0
		for j := i; j < len(d.Inputs); j += width {
			x := float64(d.Inputs[j])
			count++
			delta := x - mean // Welford 1962
			mean += delta / count
			square += delta * (x - mean)
		}
		n.Mean[i], n.Scale[i] = mean, math.Sqrt(square/count)
		if n.Scale[i] == 0 {
			n.Scale[i] = 1
		}
	}
	return n
}

// check reports a normalisation that can't be one of examples of so many numbers.
func (n *Normalisation) check(width int) error {
	for _, list := range [][]float64{n.Mean, n.Scale} {
		if len(list) > 1 && len(list) != width {
			return fmt.Errorf("the normalisation is of %d inputs; there are %d", len(list), width)
		}
		for _, x := range list {
			if !finite(x) {
				return fmt.Errorf("the normalisation holds %v", x)
			}
		}
	}
	for _, x := range n.Scale {
		if x == 0 {
			return fmt.Errorf("the normalisation divides by 0")
		}
	}
	return nil
}

// normalise changes the inputs, which must be as their files hold them.
func (d *Dataset) normalise(n *Normalisation) {
	width := int(d.Input.Elements())
	at := func(list []float64, i int, absent float64) float64 {
		switch len(list) {
		case 0:
			return absent
		case 1:
			return list[0]
		}
		return list[i%width]
	}
	if len(n.Mean)+len(n.Scale) > 0 {
		for i, x := range d.Inputs {
			d.Inputs[i] = float32((float64(x) - at(n.Mean, i, 0)) / at(n.Scale, i, 1))
		}
	}
	d.Normalised = n
}
