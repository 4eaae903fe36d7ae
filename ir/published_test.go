package ir_test

import (
	"math/big"
	"testing"
)

// TestPublishedSizes holds examples to the sizes that their papers state, or that follow from what these say, worked out apart from the files.
func TestPublishedSizes(t *testing.T) {
	blocks := int64(18 * 2 * 3 * (18 * 3) * (1 + 2)) // units, their order and number, the last convolution, drop-out
	stacks := new(big.Int)
	for _, n := range []int64{1, 2, 4, 8} {
		stacks.Add(stacks, power(blocks, n))
	}
	pooled := new(big.Int).Add(big.NewInt(1), times(big.NewInt(2), stacks))
	for name, want := range map[string]*big.Int{
		"resnet":         times(stacks, pooled),                                                              // 1.5e68
		"mnasnet":        power(432, 5),                                                                      // about 10^13: "S = 432, B = 5"
		"proxylessnas":   times(power(6, 6), power(7, 15)),                                                   // 21 blocks, 15 of which may be left out
		"fbnetv3":        times(big.NewInt(2*2*2*4*4*4*5*5*5), power(24, 5), big.NewInt(2*21*15*41*21*21*2)), // networks and recipes
		"nasnet":         power(720*720*137858491849*32, 2),                                                  // (2 * 3 * 4 * 5 * 6)^2 states, 13^10 operations, 2^5 joins, twice
		"mixedprecision": big.NewInt(withinBitops(500_000_000)),
	} {
		n, err := example(t, name).Count()
		if err != nil || n.Cmp(want) != 0 {
			t.Errorf("%s has %v points (%v), want %v", name, n, err, want)
		}
	}
}

// withinBitops is how many ways there are to give the layers of ResNet-20 bits, and its stages widths, within a budget: by
// the number of ways to come to each sum, layer by layer.
func withinBitops(budget int64) int64 {
	total := int64(0)
	for widths := range 8 {
		ways := map[int64]int64{16*27*32*32*64 + last(widths)*10*64: 1}
		layer := func(macs int64) {
			next := map[int64]int64{}
			for sum, n := range ways {
				for _, bits := range []int64{2, 4, 8} {
					if s := sum + macs*bits*bits; s <= budget {
						next[s] += n
					}
				}
			}
			ways = next
		}
		c := int64(16)
		for stage := range 3 {
			f, side := width(widths, stage), int64(32)>>stage
			layer(9 * c * f * side * side)
			layer(c * f * side * side) // the way around the first block
			for range 5 {
				layer(9 * f * f * side * side)
			}
			c = f
		}
		for _, n := range ways {
			total += n
		}
	}
	return total
}

func width(widths, stage int) int64 { return []int64{16, 32, 64}[stage] * int64(4-widths>>stage&1) / 4 }
func last(widths int) int64         { return width(widths, 2) }
