package study

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"time"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/samplers"
)

// Open opens the store of a study that is to go on, waiting so long for another program that writes to it. What a program that
// was killed, or a machine that stopped, left half written is removed, and said in Repaired: a last line that is torn, and asks
// after a trial that is lost.
func Open(dir string, wait time.Duration) (*Store, error) {
	set, err := readSettings(dir)
	if err != nil {
		return nil, err
	}
	s := &Store{Settings: set, dir: dir}
	if err := s.open(wait); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Store) open(wait time.Duration) error {
	if err := s.hold(wait); err != nil {
		return err
	}
	var err error
	if s.trials.File, err = s.mend(TrialsFile); err != nil {
		return err
	}
	if s.asks.File, err = s.mend(AskedFile); err != nil {
		return err
	}
	if s.Ended, err = readTrials(s.path(TrialsFile)); err != nil {
		return err
	}
	return s.readAsked()
}

// Read reads a study, which may be under way, without anything being written: its settings, and its trials by number. Those asked for
// that haven't ended are Running. No trial has a Point.
func Read(dir string) (Settings, []*Trial, error) {
	set, err := readSettings(dir)
	if err != nil {
		return set, nil, err
	}
	s := &Store{dir: dir}
	if s.Ended, err = readTrials(s.path(TrialsFile)); err != nil {
		return set, nil, err
	}
	text, err := os.ReadFile(s.path(AskedFile))
	if err != nil {
		return set, nil, err
	}
	if _, err := s.parseAsked(whole(text)); err != nil {
		return set, nil, err
	}
	trials := map[int]*Trial{}
	for _, a := range s.asked {
		trials[a.Number] = &Trial{Number: a.Number, Evaluation: Evaluation{State: samplers.Running}, Started: a.Started, point: a.Point,
			config: json.RawMessage("{}")}
	}
	for _, t := range s.Ended {
		trials[t.Number] = t
	}
	var list []*Trial
	for _, number := range slices.Sorted(maps.Keys(trials)) {
		list = append(list, trials[number])
	}
	return set, list, nil
}

// mend opens a file of lines, and removes the last where it is torn.
func (s *Store) mend(name string) (*os.File, error) {
	text, err := os.ReadFile(s.path(name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	good := whole(text)
	if last := good[bytes.LastIndexByte(bytes.TrimSuffix(good, []byte{'\n'}), '\n')+1:]; len(last) > 0 && !json.Valid(last) {
		good = good[:len(good)-len(last)] // a machine that stopped can leave zeros, too
	}
	f, err := os.OpenFile(s.path(name), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil || len(good) == len(text) {
		return f, err
	}
	s.Repaired = append(s.Repaired, fmt.Sprintf("%s: the last line was torn; %d bytes of it are removed", s.path(name), len(text)-len(good)))
	return f, f.Truncate(int64(len(good)))
}

// readAsked reads asked.jsonl, up to an ask that follows on a trial which isn't there.
func (s *Store) readAsked() error {
	text, err := os.ReadFile(s.path(AskedFile))
	if err != nil {
		return err
	}
	good, err := s.parseAsked(text)
	if err != nil || good == len(text) {
		return err
	}
	s.Repaired = append(s.Repaired, fmt.Sprintf("%s: a trial that the asks from trial %d on follow is lost; they are removed", s.path(AskedFile), len(s.asked)))
	return s.asks.Truncate(int64(good))
}

// parseAsked reads lines of asked.jsonl, and returns how many bytes it has read.
func (s *Store) parseAsked(text []byte) (int, error) {
	ended := map[int]bool{}
	for _, t := range s.Ended {
		ended[t.Number] = true
	}
	good := 0
	for line := range bytes.Lines(text) {
		var a asked
		if err := json.Unmarshal(line, &a); err != nil {
			return good, fmt.Errorf("%s:%d: %w", s.path(AskedFile), len(s.asked)+1, err)
		}
		if a.Number != len(s.asked) {
			return good, fmt.Errorf("%s:%d: this is trial %d, where %d comes next", s.path(AskedFile), len(s.asked)+1, a.Number, len(s.asked))
		}
		if slices.ContainsFunc(a.Told, func(number int) bool { return !ended[number] }) {
			break
		}
		good += len(line)
		s.asked = append(s.asked, a)
	}
	return good, nil
}

// Recorded is a sampler that proposes once more what a folder says was asked for, and nothing else: with it a study can be told
// without its own sampler, which may take long to ask.
func (s *Store) Recorded(space *ir.Space) samplers.Sampler { return &recorded{space, s.asked} }

type recorded struct {
	space *ir.Space
	asked []asked
}

func (r *recorded) Ask(trial int) (*ir.Point, error) {
	if trial >= len(r.asked) {
		return nil, fmt.Errorf("trial %d was never asked for", trial)
	}
	choices, err := (&Trial{point: r.asked[trial].Point}).Decisions()
	if err != nil {
		return nil, err
	}
	return r.space.Again(choices)
}

func (r *recorded) Tell(int, samplers.Outcome) error { return nil }

func readSettings(dir string) (Settings, error) {
	var set Settings
	text, err := os.ReadFile(dir + string(os.PathSeparator) + StudyFile)
	if errors.Is(err, fs.ErrNotExist) {
		return set, fmt.Errorf("%s: %w", dir, ErrNoStudy)
	}
	if err == nil {
		err = json.Unmarshal(text, &set)
	}
	if err != nil {
		return set, fmt.Errorf("%s: %s: %w", dir, StudyFile, err)
	}
	return set, nil
}

// readTrials reads the whole lines of trials.jsonl.
func readTrials(path string) ([]*Trial, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var list []*Trial
	for line := range bytes.Lines(whole(text)) {
		t := &Trial{}
		if err := json.Unmarshal(line, t); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, len(list)+1, err)
		}
		list = append(list, t)
	}
	return list, nil
}
