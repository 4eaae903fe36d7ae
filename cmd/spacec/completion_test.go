package main

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"

	"github.com/spacec-lang/spacec/samplers"
)

// completions are what shells are told of a command line whose last word is to be completed: names, then ":4" for no files,
// ":8" for files of these endings, ":0" for any.
func completions(t *testing.T, words ...string) []string {
	t.Helper()
	var out, trouble bytes.Buffer
	a := &app{in: strings.NewReader(""), out: &out, err: &trouble}
	if code := a.run(context.Background(), append([]string{"__completeNoDesc"}, words...)); code != 0 {
		t.Fatalf("%q exits with %d: %s", words, code, &trouble)
	}
	begun := words[len(words)-1]
	return slices.DeleteFunc(strings.Fields(out.String()), func(name string) bool { // as shells do
		return name[0] != ':' && name != "space" && !strings.HasPrefix(name, begun[strings.LastIndexByte(begun, '=')+1:])
	})
}

func TestCompletion(t *testing.T) {
	files, none, anyFile := []string{"space", ":8"}, []string{":4"}, []string{":0"}
	for line, want := range map[string][]string{
		"cou":                           {"count", ":4"},
		"check ":                        files,
		"check a.space ":                files,
		"count ":                        files,
		"count a.space ":                none,
		"init ":                         files,
		"same ":                         files,
		"same a.space ":                 files,
		"same a.space b.space ":         none,
		"locate a.space ":               files,
		"version ":                      none,
		"explain E50":                   {"E501", "E503", "E505", "E506", ":4"},
		"explain glob":                  {"global_avg_pool", "global_max_pool", ":4"},
		"explain E201 resid":            {"residual", "residual_padded", ":4"},
		"sample --sampler ":             append(samplers.Names(), ":4"),
		"search --sampler=m":            {"mcts", ":4"},
		"sample --measure ":             {"prior", "conditional", ":4"},
		"compile --target ":             {"gorgonia", "dot", ":4"},
		"count --by ":                   {"size", "nesting", ":4"},
		"show --what ":                  {"railroad", "network", "costs", ":4"},
		"sample --seed ":                none,
		"sample --index ":               none,
		"eval p.space --weights ":       anyFile,
		"train p.space --save ":         anyFile,
		"search a.space -o ":            anyFile,
		"search a.space --sampler mcts": {"mcts", ":4"},
		"completion ":                   {"bash", "fish", "powershell", "zsh", ":4"},
	} {
		if diff := cmp.Diff(want, completions(t, strings.Split(line, " ")...)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", line, diff)
		}
	}
}

// Every flag is completed on purpose: by its names, as a file, or not at all.
func TestFlagsComplete(t *testing.T) {
	var a app
	for _, c := range a.root().Commands() {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if _, found := c.GetFlagCompletionFunc(f.Name); found == pathFlag(f.Name) {
				t.Errorf("--%s of %s is completed: %v, and takes a path: %v", f.Name, c.Name(), found, !found)
			}
		})
	}
}
