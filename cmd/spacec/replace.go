package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// writeWhole writes a file that a command makes, as a whole or not at all.
func writeWhole(name string, content []byte) error {
	info, err := os.Stat(name)
	switch {
	case err == nil && info.Mode().IsRegular():
		return replaceFile(name, content)
	case err == nil: // a device or a pipe
		return os.WriteFile(name, content, 0o666)
	}
	if err := os.WriteFile(name, content, 0o666); err != nil {
		os.Remove(name)
		return err
	}
	return nil
}

// replaceFile gives a file another content, as a whole or not at all, and keeps its mode. Of a symbolic link it is the
// file behind it that changes.
func (a *app) replaceFile(name string, content []byte) error {
	return a.undisturbed(func() error { return replaceFile(name, content) })
}

// replaceFile is that without regard to interrupts.
func replaceFile(name string, content []byte) (err error) {
	path, err := filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("%s: this is no regular file, so it can't be written back", name)
	}
	if info.Mode().Perm()&0o200 == 0 { // a rename would ask the directory only
		return fmt.Errorf("%s: this file may not be written", name)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("%s can't be written back: %w", name, err)
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
			err = fmt.Errorf("%s can't be written back: %w", name, err)
		}
	}()
	if _, err = f.Write(content); err != nil {
		return err
	}
	if err = f.Chmod(info.Mode().Perm()); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
