package main

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/testscript"
)

// objects are the lines of a file, each a JSON object; there is one at least.
func objects(ts *testscript.TestScript, file string) []map[string]any {
	var list []map[string]any
	for line := range strings.Lines(ts.ReadFile(file)) {
		var o map[string]any
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			ts.Fatalf("%s: %v: %s", file, err, line)
		}
		list = append(list, o)
	}
	if len(list) == 0 {
		ts.Fatalf("%s is empty", file)
	}
	return list
}

func lookup(object map[string]any, path string) (any, bool) {
	if v, ok := object[path]; ok {
		return v, true
	}
	first, rest, _ := strings.Cut(path, ".")
	inner, ok := object[first].(map[string]any)
	if !ok || rest == "" {
		return nil, false
	}
	return lookup(inner, rest)
}

func checkJSON(ts *testscript.TestScript, neg bool, args []string) {
	for i, o := range objects(ts, args[0]) {
		for _, field := range args[1:] {
			path, want, compare := strings.Cut(field, "=")
			got, ok := lookup(o, path)
			switch {
			case ok == neg:
				ts.Fatalf("object %d: has %s: %v, want %v: %v", i, path, ok, !neg, o)
			case compare && fmt.Sprint(got) != want:
				ts.Fatalf("object %d: %s is %v, want %s", i, path, got, want)
			}
		}
	}
}

func atMost(ts *testscript.TestScript, _ bool, args []string) {
	limit := number(ts, args[2])
	for i, o := range objects(ts, args[0]) {
		if x, ok := o[args[1]].(float64); !ok || x > float64(limit) {
			ts.Fatalf("object %d: %s is %v, want %d or less", i, args[1], o[args[1]], limit)
		}
	}
}

func prefix(ts *testscript.TestScript, _ bool, args []string) {
	a, b := ts.ReadFile(args[0]), ts.ReadFile(args[1])
	if a == "" || !strings.HasPrefix(b, a) {
		ts.Fatalf("%s is no start of %s:\n%s\n%s", args[0], args[1], a, b)
	}
}

// sameTrials compares bytes: what comes before a trial's times, which end the line.
func sameTrials(ts *testscript.TestScript, _ bool, args []string) {
	var texts [2][]string
	for i := range texts {
		for line := range strings.Lines(ts.ReadFile(args[i])) {
			text, _, ok := strings.Cut(line, `,"started":`)
			if !ok {
				ts.Fatalf("%s has a line without a time: %s", args[i], line)
			}
			texts[i] = append(texts[i], text)
		}
	}
	if diff := cmp.Diff(texts[0], texts[1]); diff != "" || len(texts[0]) == 0 {
		ts.Fatalf("%s and %s differ, or are empty:\n%s", args[0], args[1], diff)
	}
}

// sameMetrics compares the metrics of a training, or of the best trial of a search.
func sameMetrics(ts *testscript.TestScript, neg bool, args []string) {
	var metrics [2]map[string]any
	for i := range metrics {
		o := objects(ts, args[i])[0]
		if best, ok := o["best"].(map[string]any); ok {
			o = best
		}
		metrics[i] = map[string]any{}
		for _, name := range []string{"val_accuracy", "val_loss", "test_accuracy", "test_loss", "train_loss", "epochs", "params", "macs"} {
			v, ok := o[name]
			if !ok {
				ts.Fatalf("%s has no %s", args[i], name)
			}
			metrics[i][name] = v
		}
	}
	if diff := cmp.Diff(metrics[0], metrics[1]); (diff == "") == neg {
		ts.Fatalf("the metrics are the same: %v, want %v:\n%s", diff == "", !neg, diff)
	}
}

// agree compares numbers to the last digit.
func agree(ts *testscript.TestScript, _ bool, args []string) {
	a, b := objects(ts, args[0])[0], objects(ts, args[1])[0]
	for _, field := range args[2:] {
		x, ok := a[field]
		if y := b[field]; !ok || x != y {
			ts.Fatalf("%s is %v in %s, and %v in %s", field, x, args[0], y, args[1])
		}
	}
}
