package study

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/samplers"
	"github.com/spacec-lang/spacec/stdlib"
)

func TestAStudyIsNeverOverwrittenUnasked(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "runs", "digits")
	for _, want := range []string{dir, dir + "-2", dir + "-3"} {
		s, err := CreateFree(dir, Settings{})
		if err != nil {
			t.Fatal(err)
		}
		if s.Dir() != want {
			t.Errorf("the folder is %s, want %s", s.Dir(), want)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{TrialsFile: "{}\n", AskedFile: "{}\n", BestFile: "edition 1\n", "notes.txt": "mine"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Create(dir, Settings{}, false); !errors.Is(err, ErrExists) {
		t.Errorf("got the error %v, want %v", err, ErrExists)
	}
	s, err := Create(dir, Settings{}, true)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got := map[string]string{}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		got[e.Name()] = string(b)
	}
	delete(got, StudyFile)
	delete(got, lockFile)
	if diff := cmp.Diff(map[string]string{TrialsFile: "", AskedFile: "", "notes.txt": "mine"}, got); diff != "" {
		t.Errorf("after force (-want +got):\n%s", diff)
	}
}

func TestAFolderThatCanNotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := CreateFree(filepath.Join(file, "study"), Settings{}); err == nil {
		t.Error("a folder inside a file is no error")
	}
}

// A line is what Schema says, its members in that order.
func TestTheLineOfATrial(t *testing.T) {
	space := small(t)
	p, err := space.Replay(map[string]string{"units": "24", "net": "tanh", "train.optimizer": "sgd",
		"train.optimizer.momentum": "0.5", "train.lr": "0.01"})
	if err != nil {
		t.Fatal(err)
	}
	tr := &Trial{Number: 3, Point: p, Started: time.Date(2025, 5, 4, 3, 2, 1, 0, time.UTC), Seconds: 1.23456,
		Evaluation: Evaluation{State: samplers.Complete, Value: 0.75, Metrics: []Metric{{"val_accuracy", 0.75}, {"test_accuracy", 0.5}}}}
	b, err := p.Build()
	if err != nil {
		t.Fatal(err)
	}
	if err := tr.measure(b); err != nil {
		t.Fatal(err)
	}
	got, err := marshal(tr)
	if err != nil {
		t.Fatal(err)
	}
	var back Trial
	if err := json.Unmarshal(got, &back); err != nil {
		t.Fatal(err)
	}
	if again, err := marshal(&back); err != nil || !bytes.Equal(again, got) {
		t.Errorf("read and written again it is %s, %v", again, err)
	}
	want := `{"number":3,"state":"COMPLETE","value":0.75,"val_accuracy":0.75,"test_accuracy":0.5,"params":1810,"macs":1776,"layers":4,` +
		`"point":{"units":24,"net":"tanh","train.optimizer":"sgd","train.optimizer.momentum":0.5,"train.lr":0.01},` +
		`"config":{"train":{"optimizer":{"sgd":{"momentum":0.5}},"lr":0.01}},"started":"2025-05-04T03:02:01Z","seconds":1.235}`
	if diff := cmp.Diff(want+"\n", string(got)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// A metric of any name is read back, under another where a line has that for something else; what the line has stays.
func TestMetricsOfTakenNames(t *testing.T) {
	names := []string{"number", "state", "value", "intermediate", "reason", "params", "macs", "layers", "point", "config", "started", "seconds"}
	metrics, want := []Metric{{"x", -1}}, []Metric{{"x", -1}}
	for i, name := range names {
		metrics, want = append(metrics, Metric{name, float64(i)}), append(want, Metric{"reported_" + name, float64(i)})
	}
	store := create(t)
	s, err := store.Study(samplers.NewRandom(small(t), 1))
	if err != nil {
		t.Fatal(err)
	}
	evaluate := func(context.Context, *Task) (Evaluation, error) { return Value(0.5, metrics...), nil }
	if _, err := s.Run(t.Context(), Options{Trials: 1, Jobs: 1, Evaluate: evaluate}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Ask(); err != nil {
		t.Fatal(err)
	}
	if err := s.Tell(1, Value(0.5, metrics...)); err != nil {
		t.Fatal(err)
	}
	_, trials, err := Read(store.Dir())
	if err != nil {
		t.Fatal(err)
	}
	for number, tr := range trials {
		for _, of := range []*Trial{tr, s.Trials()[number]} {
			if diff := cmp.Diff(want, of.Metrics); diff != "" || of.Number != number || of.Value != 0.5 || of.Params == 5 {
				t.Errorf("trial %d is %+v (-want +got):\n%s", number, of.Evaluation, diff)
			}
		}
	}
	if metrics[1].Name != "number" {
		t.Errorf("the evaluator's own metric is called %s now", metrics[1].Name)
	}
}

func TestConfigsAsJSON(t *testing.T) {
	c := ir.ConfigValues{Name: "c", Fields: []ir.Field{{Name: "z", Value: 1e-7}, {Name: "r", Value: 2.0}, {Name: "e", Value: 1e21}, {Name: "a", Value: true},
		{Name: "s", Value: ir.Symbol{Name: "f", Args: map[string]any{"y": ir.Symbol{Name: "g"}, "x": "<&>"}}}, {Name: "n", Value: []int{1, 2}},
		{Name: "l", Value: []any{"x", ir.Symbol{Name: "f", Args: map[string]any{"k": 1, "r": -1.0}}}}}}
	got, err := marshal(fields(c))
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"z":1e-7,"r":2.0,"e":1e+21,"a":true,"s":{"f":{"x":"<&>","y":{"g":{}}}},"n":[1,2],"l":["x",{"f":{"k":1,"r":-1.0}}]}` + "\n"; string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestGraphAsJSON(t *testing.T) {
	var report diag.Report
	space := ir.Load(lang.NewSource("a.space", `use std
input a: [4]
input b: [4]
output y: [4]
net = { p, q = in; share let d = dense(4, bias: false); (p >> d, q >> d) >> add }
`), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &report)
	p, err := space.Only()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := WritePoint(&b, 0, p, true); err != nil {
		t.Fatal(err)
	}
	want := `"graph":{"inputs":{"a":0,"b":1},"ops":[` +
		`{"op":"dense","args":{"units":4,"bias":false},"in":[0],"out":[2],"types":["[4]"],"share":1},` +
		`{"op":"dense","args":{"units":4,"bias":false},"in":[1],"out":[3],"types":["[4]"],"share":1},` +
		`{"op":"add","args":{},"in":[2,3],"out":[4],"types":["[4]"]}],"outputs":{"y":4}}}` + "\n"
	if _, got, _ := strings.Cut(b.String(), `"text":`); !strings.HasSuffix(got, want) {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A study that is replaced while it runs leaves no lines in the other's file.
func TestReplacedWhileItRuns(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a file that is open can't be removed here")
	}
	old := create(t)
	s, err := Create(old.Dir(), Settings{}, true)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, to := range []*Store{s, old, s} {
		if _, err := to.trials.WriteString("{}\n"); err != nil {
			t.Fatal(err)
		}
	}
	if b, err := os.ReadFile(filepath.Join(s.Dir(), TrialsFile)); err != nil || string(b) != "{}\n{}\n" {
		t.Errorf("the trials are %q, %v", b, err)
	}
}

// A disk that is full ends the study at its first trial, and nothing is left of what had no room.
func TestADiskThatIsFull(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("there is no /dev/full to write to")
	}
	s := create(t)
	s.trials.Close()
	s.trials.File = full
	shown := 0
	space := small(t)
	sum, err := runOn(t.Context(), t, s, samplers.NewRandom(space, 1), Options{Trials: 20, Jobs: 3, Evaluate: rate,
		Progress: func(*Trial, *Trial) { shown++ }})
	if !errors.Is(err, syscall.ENOSPC) || shown != 0 || len(sum.Trials) != 0 {
		t.Errorf("%d trials are shown and %d kept, with the error %v", shown, len(sum.Trials), err)
	}
	if _, err := os.Stat(s.BestPath()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the best point of a study of no trials: %v", err)
	}
}

// A line, or a point, that can't be written as a whole isn't there.
func TestNothingHalfWritten(t *testing.T) {
	s := create(t)
	if _, err := s.trials.WriteString("{}\n{\"num"); err != nil {
		t.Fatal(err)
	}
	if err := s.trials.takeBack(5); err != nil {
		t.Fatal(err)
	}
	if _, err := s.trials.WriteString("{}\n"); err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(filepath.Join(s.Dir(), TrialsFile)); err != nil || string(b) != "{}\n{}\n" {
		t.Errorf("the trials are %q, %v", b, err)
	}
	w := small(t).Walk()
	w.Draw(1, 0)
	p, err := w.Point()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(s.BestPath(), "taken"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := s.keep(&Trial{Point: p}); err == nil {
		t.Error("a folder was replaced by a point")
	}
	if _, err := os.Stat(s.BestPath() + ".part"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the point that wasn't kept: %v", err)
	}
}
