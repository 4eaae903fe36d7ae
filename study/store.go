package study

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// The files of a study's folder.
const (
	TrialsFile = "trials.jsonl" // a line for each trial that has ended
	AskedFile  = "asked.jsonl"  // a line for each trial that was asked for: what the sampler was told before, and what it proposed
	StudyFile  = "study.json"   // the Settings
	BestFile   = "best.space"   // the best point so far
	lockFile   = "lock"         // held by the program that writes
)

// Settings say what a study is of. They are kept with it, so that it can go on.
type Settings struct {
	Program string          `json:"program"` // its version
	Space   Sources         `json:"space"`
	Sampler string          `json:"sampler"`
	Seed    uint64          `json:"seed"`
	Trials  int             `json:"trials,omitempty"`
	Jobs    int             `json:"jobs,omitempty"`
	Flags   json.RawMessage `json:"flags,omitempty"` // how points are proposed and evaluated, for whoever does
}

// Sources are a space's file and the files that it uses, by the names that it uses them by.
type Sources struct {
	File string            `json:"file"` // its path
	Text string            `json:"text"`
	Uses map[string]string `json:"uses,omitempty"`
}

// Store keeps a study in a folder. One program writes to it at a time.
type Store struct {
	Settings Settings
	Ended    []*Trial // in the order in which they were kept when the store was opened; they have no Point
	Repaired []string // what was found half written when the store was opened, and what became of it

	dir    string
	asked  []asked
	trials file
	asks   file
	lock   *os.File
}

// asked is a line of asked.jsonl.
type asked struct {
	Number  int             `json:"number"`
	Told    []int           `json:"told,omitempty"` // trials that the sampler was told of since the one before, in order
	Point   json.RawMessage `json:"point"`
	Started time.Time       `json:"started"`
}

// Errors of folders.
var (
	ErrExists  = errors.New("it holds a study already")
	ErrNoStudy = errors.New("it holds no study")
	ErrInUse   = errors.New("another program is writing to it")
)

// Create makes the store of a new study in a folder, which is made where it is missing. Where it holds a
// study already that is an error that Is ErrExists, or, by force, the old study's files are replaced.
func Create(dir string, set Settings, force bool) (*Store, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("the study's folder: %w", err)
	}
	s := &Store{Settings: set, dir: dir}
	if force { // files of its own, as the old study may still be written to
		for _, old := range []string{StudyFile, TrialsFile, AskedFile, BestFile, lockFile} {
			if err := os.Remove(s.path(old)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, fmt.Errorf("the old study: %w", err)
			}
		}
	}
	err := s.create()
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// create makes the files. The settings come last: a folder without them was left before anything happened in it.
func (s *Store) create() error {
	if err := s.hold(0); err != nil {
		return err
	}
	if _, err := os.Stat(s.path(StudyFile)); err == nil {
		return fmt.Errorf("%s: %w", s.dir, ErrExists)
	}
	for _, f := range []struct {
		to   *file
		name string
	}{{&s.trials, TrialsFile}, {&s.asks, AskedFile}} {
		if info, err := os.Stat(s.path(f.name)); err == nil && info.Size() > 0 {
			return fmt.Errorf("%s: %w", s.dir, ErrExists)
		}
		opened, err := os.OpenFile(s.path(f.name), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
		if err != nil {
			return fmt.Errorf("the study's folder: %w", err)
		}
		f.to.File = opened
	}
	return s.SaveSettings()
}

// CreateFree makes the store of a new study in the first of dir, dir-2, dir-3, ... that holds none.
func CreateFree(dir string, set Settings) (*Store, error) {
	for n := 1; ; n++ {
		name := dir
		if n > 1 {
			name = fmt.Sprintf("%s-%d", dir, n)
		}
		if s, err := Create(name, set, false); !errors.Is(err, ErrExists) && !errors.Is(err, ErrInUse) {
			return s, err
		}
	}
}

// SaveSettings writes the settings, which may have changed.
func (s *Store) SaveSettings() error {
	text, err := json.MarshalIndent(s.Settings, "", "  ")
	if err != nil {
		return err
	}
	return s.replace(StudyFile, append(text, '\n'))
}

// Dir is the folder.
func (s *Store) Dir() string { return s.dir }

// BestPath is where the best point is, once there is one.
func (s *Store) BestPath() string { return s.path(BestFile) }

func (s *Store) path(name string) string { return filepath.Join(s.dir, name) }

// hold takes the folder's lock, for which it waits as long as given. It goes with the program, however that ends.
func (s *Store) hold(wait time.Duration) error {
	f, err := os.OpenFile(s.path(lockFile), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return fmt.Errorf("the study's folder: %w", err)
	}
	for end := time.Now().Add(wait); ; time.Sleep(5 * time.Millisecond) {
		held, err := tryLock(f)
		if held && err == nil {
			s.lock = f
			return nil
		}
		if err != nil || time.Now().After(end) {
			f.Close()
			if err == nil {
				err = ErrInUse
			}
			return fmt.Errorf("%s: %w", s.dir, err)
		}
	}
}

// add writes the line of a trial that has ended.
func (s *Store) add(t *Trial) error {
	line, err := marshal(t)
	if err != nil {
		return fmt.Errorf("trial %d: %w", t.Number, err)
	}
	return s.trials.append(line)
}

// addAsked writes the line of a trial that was asked for.
func (s *Store) addAsked(t *Trial, told []int) error {
	line, err := marshal(asked{t.Number, told, t.point, t.Started.UTC().Truncate(time.Millisecond)})
	if err != nil {
		return fmt.Errorf("trial %d: %w", t.Number, err)
	}
	return s.asks.append(line)
}

// keep makes a trial's point the best.
func (s *Store) keep(t *Trial) error {
	text, err := t.Point.Text()
	if err != nil {
		return fmt.Errorf("trial %d: %w", t.Number, err)
	}
	return s.replace(BestFile, []byte(text))
}

// replace replaces a file at once, so that a reader never meets half of it.
func (s *Store) replace(name string, content []byte) error {
	part := s.path(name) + ".part"
	err := os.WriteFile(part, content, 0o666)
	if err == nil {
		err = os.Rename(part, s.path(name))
	}
	if err != nil {
		os.Remove(part)
	}
	return err
}

// Close ends the study's files, and lets go of the folder.
func (s *Store) Close() error {
	var errs []error
	for _, f := range []*os.File{s.trials.File, s.asks.File, s.lock} {
		if f != nil {
			errs = append(errs, f.Close())
		}
	}
	s.trials.File, s.asks.File, s.lock = nil, nil, nil
	return errors.Join(errs...)
}

// file is one that lines are added to.
type file struct {
	*os.File
	synced time.Time
}

// append writes a line in one piece, so that a reader never meets half of one, and has the disk write what is more
// than a second old.
func (f *file) append(line []byte) error {
	n, err := f.Write(line)
	if err != nil {
		return errors.Join(err, f.takeBack(n))
	}
	if time.Since(f.synced) > time.Second {
		err = f.Sync()
		f.synced = time.Now()
	}
	return err
}

// takeBack removes the last n bytes, of a line for which there was no room.
func (f *file) takeBack(n int) error {
	if n == 0 {
		return nil
	}
	end, err := f.Seek(int64(-n), io.SeekEnd)
	if err != nil {
		return err
	}
	return f.Truncate(end)
}

// whole is the part of a file's text up to the end of its last whole line.
func whole(text []byte) []byte { return text[:bytes.LastIndexByte(text, '\n')+1] }
