package gorgonia

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFusions: unfold, linear and fold are one convolution where nothing else reads what lies between, on the grid that the unfold
// left. The weights are called and shaped as those of the map, and the memory is as predicted. That the numbers and the
// gradients are those of three ops the tests of joins tell, which compare with the reference and with finite differences.
func TestFusions(t *testing.T) {
	for name, want := range map[string][]string{
		"unfold and map": {"convolution"}, "patches": {"convolution", "convolution", "convolution"},
		"windows twice": {"unfold", "linear", "unfold", "linear"}, "shared windows": {"convolution", "unfold", "linear"},
	} {
		t.Run(name, func(t *testing.T) {
			g := graphOf(t, joinNets[name])
			m, err := Build(g, Options{Batch: 3, Loss: MeanSquared})
			if err != nil {
				t.Fatal(err)
			}
			defer m.Close()
			var made []string
			for _, n := range m.Graph().AllNodes() {
				if o, ok := n.Op().(*operation[float32]); ok && o.kernel != nil && (o.name == "unfold" || o.name == "convolution" || o.name == "linear" && o.at.path != "y" && len(o.shape) == 3) {
					made = append(made, o.name)
				}
			}
			if diff := cmp.Diff(want, made); diff != "" {
				t.Errorf("it is built of others (-want +got):\n%s", diff)
			}
			for _, p := range m.Params() {
				if p.Name == "c.weight" && len(p.Shape) != 2 {
					t.Errorf("%s is of shape %v", p.Name, p.Shape)
				}
			}
			if memory, err := MemoryOf(g, Options{Batch: 3, Loss: MeanSquared}); err != nil || memory.Total() != m.Memory() {
				t.Errorf("%d bytes are predicted, and %d taken: %v", memory.Total(), m.Memory(), err)
			}
		})
	}
}
