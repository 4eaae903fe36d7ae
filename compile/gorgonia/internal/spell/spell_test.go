package spell

import "testing"

func TestNames(t *testing.T) {
	for name, want := range map[string][2]string{
		"conv":           {"Conv", "conv"},
		"leaky_relu":     {"LeakyReLU", "leakyReLU"},
		"relu":           {"ReLU", "relu"},
		"conv1d":         {"Conv1D", "conv1d"},
		"range":          {"Range", "range_"},
		"my-net.v2":      {"MyNetV2", "myNetV2"},
		"2020 best":      {"N2020Best", "n2020Best"},
		"Best":           {"Best", "best"},
		"---":            {"N", "n"},
		"":               {"N", "n"},
		"_hidden":        {"Hidden", "hidden"},
		"数字":             {"N数字", "数字"},
		"größe_x":        {"GrößeX", "größeX"},
		"scale_channels": {"ScaleChannels", "scaleChannels"},
	} {
		if got := [2]string{Exported(name), Local(name)}; got != want {
			t.Errorf("%q is spelt %q, not %q", name, got, want)
		}
	}
}
