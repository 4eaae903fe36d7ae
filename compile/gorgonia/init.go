package gorgonia

import (
	"hash/fnv"
	"math"

	"github.com/spacec-lang/spacec/ir/op"
)

// key mixes a seed and a name into the start of a stream of random numbers.
func key(seed uint64, name string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(name))
	return mix(mix(seed) ^ h.Sum64())
}

// mix is the output function of SplitMix64 (Steele, Lea & Flood 2014, "Fast splittable pseudorandom number
// generators", figure 18): mix(key + i) for i = 1, 2, ... is a stream that can be entered anywhere.
func mix(z uint64) uint64 {
	z *= 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// unit is a number in (0, 1), never at its ends.
func unit(z uint64) float64 { return (float64(z>>12) + 0.5) / (1 << 52) }

// fill starts a weight: element i depends on the seed, the weight's name and i alone.
func fill[T real](w []T, init op.Init, seed uint64, name string) {
	k := key(seed, name)
	for i := range w {
		switch init.Scheme {
		case op.UniformInit:
			w[i] = T(init.Value * (2*unit(mix(k+uint64(i))) - 1))
		case op.NormalInit: // Box and Muller 1958
			r := math.Sqrt(-2 * math.Log(unit(mix(k+uint64(2*i)))))
			w[i] = T(init.Value * r * math.Cos(2*math.Pi*unit(mix(k+uint64(2*i+1)))))
		default:
			w[i] = T(init.Value)
		}
	}
}
