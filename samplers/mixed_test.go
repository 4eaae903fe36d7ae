package samplers

import "testing"

// TestMixed: seeds, trials and draws, which are small numbers, don't meet in other pairs of them.
func TestMixed(t *testing.T) {
	met := map[uint64][2]uint64{}
	for h := range uint64(300) {
		for x := range uint64(1100) {
			if other, known := met[mixed(h, x)]; known {
				t.Fatalf("(%d, %d) is as %v", h, x, other)
			}
			met[mixed(h, x)] = [2]uint64{h, x}
		}
	}
}
