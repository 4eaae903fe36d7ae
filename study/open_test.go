package study

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/samplers"
	"github.com/spacec-lang/spacec/stdlib"
)

// settled are a study's trials by number, without times.
func settled(tb testing.TB, s *Store) []map[string]any {
	tb.Helper()
	list := lines(tb, s)
	for _, m := range list {
		delete(m, "started")
		delete(m, "seconds")
	}
	slices.SortFunc(list, func(a, b map[string]any) int { return int(a["number"].(float64) - b["number"].(float64)) })
	return list
}

// However the two files are cut off, as a machine that stops may leave them, the study goes on to the trials of one that ran through.
func TestGoesOnFromAnyCut(t *testing.T) {
	space := small(t)
	o := Options{Trials: 25, Jobs: 3, Evaluate: rate}
	whole := create(t)
	if _, err := runOn(t.Context(), t, whole, samplers.NewMCTS(space, 5), o); err != nil {
		t.Fatal(err)
	}
	want := settled(t, whole)
	texts := map[string][]byte{}
	for _, name := range []string{TrialsFile, AskedFile, StudyFile} {
		text, err := os.ReadFile(whole.path(name))
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = text
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for i := range 40 {
		dir := t.TempDir()
		for name, text := range texts {
			if name != StudyFile {
				text = slices.Clone(text[:rng.IntN(len(text)+1)])
				if rng.IntN(4) == 0 {
					text = append(text, bytes.Repeat([]byte{0}, rng.IntN(20))...)
				}
			}
			if err := os.WriteFile(filepath.Join(dir, name), text, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		s, err := Open(dir, 0)
		if err != nil {
			t.Fatal(err)
		}
		kept := settled(t, s)
		if _, err := runOn(t.Context(), t, s, samplers.NewMCTS(space, 5), o); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		got := settled(t, s)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("cut %d, of which %d trials were left, goes on to others:\n%s", i, len(kept), diff)
		}
	}
}

// Somebody asks and tells by turns, each time from the folder alone, and gets what one who never let go of the study gets.
func TestAskAndTellFromTheFolder(t *testing.T) {
	space := small(t)
	value := func(number int) Evaluation { return Value(float64(number * 7 % 11)) }
	steps := []int{0, 0, -1, 0, 0, -3, -2, 0, -5, 0, -4, 0, 0, -6} // 0 asks, -n tells trial n-1
	steady := New(samplers.NewMCTS(space, 5))
	dir := filepath.Join(t.TempDir(), "study")
	s, err := Create(dir, Settings{}, false)
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range steps {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if s, err = Open(dir, 0); err != nil {
			t.Fatal(err)
		}
		if step < 0 {
			st, err := s.Study(s.Recorded(space))
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(st.Tell(-step-1, value(-step)), steady.Tell(-step-1, value(-step))); err != nil {
				t.Fatal(err)
			}
			continue
		}
		st, err := s.Study(samplers.NewMCTS(space, 5))
		if err != nil {
			t.Fatal(err)
		}
		got, err := st.Ask()
		want, err2 := steady.Ask()
		if err := errors.Join(err, err2); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.Point.Choices(), got.Point.Choices()); diff != "" || got.Number != want.Number {
			t.Errorf("trial %d:\n%s", want.Number, diff)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, trials, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	running := 0
	for i, w := range steady.Trials() {
		if w.State != trials[i].State || w.Value != trials[i].Value {
			t.Errorf("trial %d is %s %v, want %s %v", i, trials[i].State, trials[i].Value, w.State, w.Value)
		}
		if w.State == samplers.Running {
			running++
		}
	}
	if running != 2 || len(trials) != 8 {
		t.Errorf("%d of %d trials run", running, len(trials))
	}
}

// What was asked for is found again in the folder, whatever the options are called.
func TestRecordedIsWhatWasAsked(t *testing.T) {
	var report diag.Report
	space := ir.Load(lang.NewSource("t.space", `edition 1
config c {
  x: 1 | "1" | one | "one" | true | "true" | 1.0 | f(k: "a b" | 2) | f
  seed: 9007199254740992..9007199254740993
  lr: 0.0..2.0
}
`), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &report)
	s := create(t)
	asked, err := s.Study(samplers.NewEnumerate(space, 1))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for range 20 {
		trial, err := asked.Ask()
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, pointText(t, trial))
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(s.Dir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	told, err := again.Study(again.Recorded(space))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, trial := range told.Trials() {
		got = append(got, pointText(t, trial))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func pointText(t *testing.T, trial *Trial) string {
	t.Helper()
	text, err := trial.Point.Text()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// A sampler of another seed, or another program's, proposes other points: then the study doesn't go on.
func TestAnotherSampler(t *testing.T) {
	space := small(t)
	s := create(t)
	if _, err := runOn(t.Context(), t, s, samplers.NewMCTS(space, 5), Options{Trials: 5, Jobs: 1, Evaluate: rate}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(s.Dir(), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if _, err := Open(s.Dir(), 0); !errors.Is(err, ErrInUse) {
		t.Errorf("opened twice: %v", err)
	}
	if _, err := again.Study(samplers.NewMCTS(space, 6)); !errors.Is(err, ErrOtherProgram) {
		t.Errorf("with another seed: %v", err)
	}
	if _, err := Open(t.TempDir(), 0); !errors.Is(err, ErrNoStudy) {
		t.Errorf("an empty folder: %v", err)
	}
}

// limited has so many points and no more.
type limited struct {
	samplers.Sampler
	points int
}

func (l limited) Ask(trial int) (*ir.Point, error) {
	if trial >= l.points {
		return nil, samplers.ErrExhausted
	}
	return l.Sampler.Ask(trial)
}

func TestASamplerWithoutFurtherPoints(t *testing.T) {
	space := small(t)
	s := create(t)
	sum, err := runOn(t.Context(), t, s, limited{samplers.NewRandom(space, 1), 7}, Options{Trials: 20, Jobs: 3, Evaluate: rate})
	if err != nil || len(sum.Trials) != 7 || !sum.Exhausted || sum.Best == nil {
		t.Errorf("%d trials, exhausted %v: %v", len(sum.Trials), sum.Exhausted, err)
	}
}
