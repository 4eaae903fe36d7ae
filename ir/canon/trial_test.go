package canon_test

import (
	"math"
	"testing"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/ir/canon"
)

type values = map[string]any

func TestTrialIsWhatIsRun(t *testing.T) {
	form := canon.Form{Hash: [32]byte{1}}
	identity := func(f canon.Form, configs map[string]map[string]any, fidelity values) [32]byte {
		id, err := canon.Trial(f, configs, fidelity)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	train := func(fields values) map[string]map[string]any { return map[string]map[string]any{"train": fields} }
	first := identity(form, train(values{"lr": 1.0, "optimizer": ir.Symbol{Name: "sgd", Args: values{"momentum": 0.5}}}), values{"epochs": 8})
	if again := identity(form, train(values{"optimizer": ir.Symbol{Name: "sgd", Args: values{"momentum": 0.5}}, "lr": 1}), values{"epochs": 8.0}); again != first {
		t.Error("the same values make another trial")
	}
	if identity(form, nil, nil) != identity(form, map[string]map[string]any{"train": {}}, values{}) {
		t.Error("no values differ from none")
	}
	for name, other := range map[string][32]byte{
		"graph":    identity(canon.Form{Hash: [32]byte{2}}, train(values{"lr": 1.0, "optimizer": ir.Symbol{Name: "sgd", Args: values{"momentum": 0.5}}}), values{"epochs": 8}),
		"value":    identity(form, train(values{"lr": 2.0, "optimizer": ir.Symbol{Name: "sgd", Args: values{"momentum": 0.5}}}), values{"epochs": 8}),
		"argument": identity(form, train(values{"lr": 1.0, "optimizer": ir.Symbol{Name: "sgd", Args: values{"momentum": 0.6}}}), values{"epochs": 8}),
		"kind":     identity(form, train(values{"lr": "1", "optimizer": ir.Symbol{Name: "sgd", Args: values{"momentum": 0.5}}}), values{"epochs": 8}),
		"config":   identity(form, map[string]map[string]any{"tune": {"lr": 1.0, "optimizer": ir.Symbol{Name: "sgd", Args: values{"momentum": 0.5}}}}, values{"epochs": 8}),
		"fidelity": identity(form, train(values{"lr": 1.0, "optimizer": ir.Symbol{Name: "sgd", Args: values{"momentum": 0.5}}}), values{"epochs": 4}),
		"none":     identity(form, train(values{"lr": 1.0, "optimizer": ir.Symbol{Name: "sgd", Args: values{"momentum": 0.5}}}), nil),
	} {
		if other == first {
			t.Errorf("another %s makes the same trial", name)
		}
	}
	if _, err := canon.Trial(form, train(values{"lr": math.Inf(1)}), nil); err == nil {
		t.Error("an infinite number has an identity")
	}
}
