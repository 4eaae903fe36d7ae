package docs_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/spacec-lang/spacec/train"
)

// TestGeneratedSettings keeps the table of config train's fields what training takes.
func TestGeneratedSettings(t *testing.T) {
	var b strings.Builder
	b.WriteString("| field | takes | default | |\n| --- | --- | --- | --- |\n")
	for _, f := range train.Fields() {
		name := f.Name
		if f.Of != "" {
			name = f.Of + "'s " + name
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", prose(name), f.Takes, f.Default, prose(f.Doc))
	}
	current(t, "training.md", between(t, readPage(t, "training.md"), "the fields", b.String()))
}
