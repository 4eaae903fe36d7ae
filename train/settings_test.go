package train

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/spacec-lang/spacec/compile/gorgonia"
	"github.com/spacec-lang/spacec/ir"
)

func TestParseSettings(t *testing.T) {
	with := func(change func(*Settings)) Settings {
		s := DefaultSettings()
		change(&s)
		return s
	}
	for _, c := range []struct {
		fields map[string]any
		want   Settings
	}{
		{nil, DefaultSettings()},
		{
			map[string]any{"optimizer": ir.Symbol{Name: "sgd", Args: map[string]any{"momentum": 0.9}}, "lr": 0.05, "batch": 32, "epochs": int64(3), "seed": 7},
			with(func(s *Settings) {
				s.Optimizer, s.Momentum, s.LR, s.Batch, s.Epochs, s.Seed = "sgd", 0.9, 0.05, 32, 3, 7
			}),
		},
		{
			map[string]any{"optimizer": "adamw", "schedule": "constant", "warmup": 1},
			with(func(s *Settings) {
				s.Optimizer, s.WeightDecay, s.Schedule = "adamw", 0.01, Schedule{Kind: "constant", Warmup: 1}
			}),
		},
		{
			map[string]any{"schedule": ir.Symbol{Name: "step", Args: map[string]any{"every": 2}}, "weight_decay": 1e-4, "optimizer": ir.Symbol{Name: "adam"}},
			with(func(s *Settings) { s.WeightDecay, s.Schedule = 1e-4, Schedule{Kind: "step", Every: 2, Factor: 0.1} }),
		},
	} {
		got, err := ParseSettings(c.fields)
		if err != nil {
			t.Errorf("%v: %v", c.fields, err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%v:\n%s", c.fields, diff)
		}
	}
}

func TestParseSettingsErrors(t *testing.T) {
	for _, c := range []struct {
		fields map[string]any
		want   string
	}{
		{map[string]any{"lr": 0}, "config train: lr is 0; it takes a real over 0"},
		{map[string]any{"lr": float32(0.1)}, "config train: lr is 0.1, a float32; it takes a real over 0"},
		{map[string]any{"batch": uint(8)}, "config train: batch is 8, a uint; it takes an integer from 1 to 65536"},
		{map[string]any{"lr": math.NaN()}, "config train: lr is NaN; it takes a real over 0"},
		{map[string]any{"lr": math.Inf(1)}, "config train: lr is +Inf; it takes a real over 0"},
		{map[string]any{"batch": 0}, "config train: batch is 0; it takes an integer from 1 to 65536"},
		{map[string]any{"batch": 1.5}, "config train: batch is 1.5; it takes an integer from 1 to 65536"},
		{map[string]any{"seed": -1}, "config train: seed is -1; it takes an integer from 0"},
		{map[string]any{"optimizer": 3}, "config train: optimizer is 3; it takes adam, adamw and sgd"},
		{map[string]any{"epoch": 3}, "config train: unknown name 'epoch': did you mean 'epochs'?"},
		{map[string]any{"optimizer": "sdg"}, "optimizer: unknown name 'sdg': did you mean 'sgd'?"},
		{map[string]any{"optimizer": ir.Symbol{Name: "sgd", Args: map[string]any{"momentum": 1.0}}}, "sgd: momentum is 1; it takes a real from 0 to below 1"},
		{map[string]any{"optimizer": ir.Symbol{Name: "sgd", Args: map[string]any{"beta1": 0.9}}}, "sgd: unknown name 'beta1'; known are momentum and weight_decay"},
		{map[string]any{"batch_size": 3}, "config train: unknown name 'batch_size': that is 'batch' here"},
		{map[string]any{"momentum": 0.9}, "config train: unknown name 'momentum': 'momentum' goes with its value, 'sgd(momentum: ...)'"},
		{map[string]any{"optimizer": ir.Symbol{Name: "adam", Args: map[string]any{"lr": 0.1}}}, "adam: unknown name 'lr': 'lr' is a field of the config itself"},
		{map[string]any{"optimizer": ir.Symbol{Name: "sgd", Args: map[string]any{"learning_rate": 0.1}}}, "sgd: unknown name 'learning_rate': 'lr' is a field of the config itself"},
		{
			map[string]any{"zebra": 3, "yak": 1},
			"config train: unknown name 'yak'; known are optimizer, schedule, lr, weight_decay, batch, epochs, warmup and seed",
		},
	} {
		_, err := ParseSettings(c.fields)
		if err == nil {
			t.Errorf("%v: no error", c.fields)
			continue
		}
		if diff := cmp.Diff(c.want, err.Error()); diff != "" {
			t.Errorf("%v:\n%s", c.fields, diff)
		}
	}
}

// Whatever the fields hold, what is accepted can be trained with.
func TestParseSettingsAcceptsOnlyUsable(t *testing.T) {
	value := rapid.OneOf(rapid.Float64().AsAny(), rapid.Int().AsAny(), rapid.IntRange(0, 9).AsAny(),
		rapid.SampledFrom([]string{"adam", "sgd", "step", "cosine", ""}).AsAny(), rapid.Bool().AsAny())
	names := rapid.SampledFrom([]string{"optimizer", "schedule", "lr", "weight_decay", "batch", "epochs", "warmup", "seed"})
	rapid.Check(t, func(t *rapid.T) {
		s, err := ParseSettings(rapid.MapOfN(names, value, 0, 4).Draw(t, "fields"))
		if err != nil {
			return
		}
		rate := s.Schedule.Rate(5, 20, 4)
		if !(s.LR > 0) || s.Batch < 1 || s.Epochs < 1 || !(s.WeightDecay >= 0) || !(rate >= 0 && rate <= 1) {
			t.Fatalf("accepted %+v, of rate %v", s, rate)
		}
		s.NewOptimizer().Step([]*gorgonia.Param{{Value: []float32{1}, Grad: []float32{1}}}, s.LR*rate, 1)
	})
}

// What other systems call a setting stands for one that there is.
func TestForeignSettings(t *testing.T) {
	for _, name := range []string{"batch_size", "learning_rate", "num_epochs", "l2", "scheduler", "warmup_epochs", "optim", "random_state"} {
		_, err := ParseSettings(map[string]any{name: 1})
		if err == nil || !strings.Contains(err.Error(), "' here") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What is documented is what is known, and the documented defaults are those.
func TestFieldsAreTheSettings(t *testing.T) {
	documented := map[string][]string{}
	for _, f := range Fields() {
		documented[f.Of] = append(documented[f.Of], f.Name)
	}
	for of, want := range documented {
		fields := map[string]any{"no such": 1}
		switch of {
		case "":
		case "step":
			fields = map[string]any{"schedule": ir.Symbol{Name: of, Args: fields}}
		default:
			fields = map[string]any{"optimizer": ir.Symbol{Name: of, Args: fields}}
			want = append(want, "weight_decay")
		}
		_, err := ParseSettings(fields)
		var unknown *UnknownSetting
		if !errors.As(err, &unknown) {
			t.Fatal(of, err)
		}
		known := slices.Sorted(slices.Values(unknown.Names))
		if diff := cmp.Diff(slices.Sorted(slices.Values(want)), known); diff != "" {
			t.Errorf("%q: %s", of, diff)
		}
	}
	adamw, err := ParseSettings(map[string]any{"optimizer": "adamw", "schedule": "step"})
	if err != nil {
		t.Fatal(err)
	}
	d := DefaultSettings()
	for name, value := range map[string]any{"optimizer": d.Optimizer, "momentum": d.Momentum, "beta1": d.Beta1, "beta2": d.Beta2, "lr": d.LR,
		"weight_decay": fmt.Sprintf("%v; adamw's %v", d.WeightDecay, adamw.WeightDecay), "schedule": d.Schedule.Kind,
		"every": adamw.Schedule.Every, "factor": adamw.Schedule.Factor, "warmup": d.Schedule.Warmup, "batch": d.Batch} {
		for _, f := range Fields() {
			if f.Name == name && f.Default != fmt.Sprint(value) {
				t.Errorf("the default of %s is %v; documented is %s", name, value, f.Default)
			}
		}
	}
}
