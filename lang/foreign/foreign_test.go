package foreign

import (
	"slices"
	"strings"
	"testing"

	"github.com/spacec-lang/spacec/stdlib"
)

// TestTables sees that what stands for another system's names is there, and that no name of the library is taken for another's.
func TestTables(t *testing.T) {
	rules, _ := stdlib.Source("std")
	known := func(name string) bool {
		return stdlib.Library().Lookup(name) != nil || strings.Contains(rules, "\nrule "+name)
	}
	var ours []string
	for _, spec := range stdlib.Library().Specs() {
		for _, p := range spec.Params {
			ours = append(ours, p.Name)
		}
	}
	for name, o := range ops {
		if !known(o.Here) || known(name) {
			t.Errorf("'%s' is %s here", name, o.Here)
		}
	}
	for name := range forms {
		if known(name) {
			t.Errorf("'%s' is in the library", name)
		}
	}
	for name, here := range params {
		if here != "" && !slices.Contains(ours, here) {
			t.Errorf("the parameter '%s' is %s here", name, here)
		}
	}
}
