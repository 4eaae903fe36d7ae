package study

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// The files of a study's folder.
const (
	TrialsFile = "trials.jsonl"
	BestFile   = "best.space"
)

// Store keeps a study in a folder: trials.jsonl, a line each, and best.space, the best point so far.
type Store struct {
	dir    string
	trials *os.File
}

// ErrExists is of a folder that holds a study already.
var ErrExists = errors.New("it holds a study already")

// Create makes the store of a new study in a folder, which is made where it is missing. Where it holds a
// study already that is an error that Is ErrExists, or, by force, the old study's files are replaced.
func Create(dir string, force bool) (*Store, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("the study's folder: %w", err)
	}
	path := filepath.Join(dir, TrialsFile)
	if force { // files of its own, as the old study may still be written to
		for _, old := range []string{path, filepath.Join(dir, BestFile)} {
			if err := os.Remove(old); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return nil, fmt.Errorf("the old study: %w", err)
			}
		}
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if errors.Is(err, fs.ErrExist) {
		return nil, fmt.Errorf("%s: %w", dir, ErrExists)
	}
	if err != nil {
		return nil, fmt.Errorf("the study's folder: %w", err)
	}
	return &Store{dir, f}, nil
}

// CreateFree makes the store of a new study in the first of dir, dir-2, dir-3, ... that holds none.
func CreateFree(dir string) (*Store, error) {
	for n := 1; ; n++ {
		name := dir
		if n > 1 {
			name = fmt.Sprintf("%s-%d", dir, n)
		}
		if s, err := Create(name, false); !errors.Is(err, ErrExists) {
			return s, err
		}
	}
}

// Dir is the folder.
func (s *Store) Dir() string { return s.dir }

// BestPath is where the best point is, once there is one.
func (s *Store) BestPath() string { return filepath.Join(s.dir, BestFile) }

// add writes a trial's line, in one piece, so that a reader never meets half of one.
func (s *Store) add(t *Trial) error {
	line, err := marshal(t)
	if err != nil {
		return fmt.Errorf("trial %d: %w", t.Number, err)
	}
	n, err := s.trials.Write(line)
	if err != nil {
		return errors.Join(err, s.takeBack(n))
	}
	return nil
}

// takeBack removes the last n bytes, of a line for which there was no room.
func (s *Store) takeBack(n int) error {
	if n == 0 {
		return nil
	}
	end, err := s.trials.Seek(int64(-n), io.SeekCurrent)
	if err != nil {
		return err
	}
	return s.trials.Truncate(end)
}

// keep makes a trial's point the best, replacing the file at once, so that a reader never meets half of it.
func (s *Store) keep(t *Trial) error {
	text, err := t.Point.Text()
	if err != nil {
		return fmt.Errorf("trial %d: %w", t.Number, err)
	}
	part := s.BestPath() + ".part"
	err = os.WriteFile(part, []byte(text), 0o666)
	if err == nil {
		err = os.Rename(part, s.BestPath())
	}
	if err != nil {
		os.Remove(part)
	}
	return err
}

// Close ends the study's files.
func (s *Store) Close() error { return s.trials.Close() }
