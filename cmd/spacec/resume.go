package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/samplers"
	"github.com/spacec-lang/spacec/study"
)

// searching is a search that begins or goes on.
type searching struct {
	file      string // what was searched, for messages
	space     *ir.Space
	evaluator *evaluator
	store     *study.Store
	study     *study.Study
}

// begin begins the study that the command line asks for, or goes on with one.
func (a *app) begin(args []string, f *searchFlags) (*searching, error) {
	file := ""
	for _, arg := range args {
		if info, err := os.Stat(arg); err == nil && info.IsDir() && f.resume {
			if f.dir != "" {
				return nil, usagef("the study's folder is given twice: %s and %s", f.dir, arg)
			}
			f.dir = arg
			continue
		}
		if file != "" {
			return nil, usagef("there is no folder %s to go on with", arg)
		}
		file = arg
	}
	s := &searching{file: file}
	var now study.Sources
	var err error
	if file != "" {
		if s.space, now, err = a.loadSources(file); err != nil {
			return nil, err
		}
	}
	if f.resume {
		if f.dir == "" {
			f.dir = defaultDir(s.space, f.seed)
		}
		switch err := a.goOn(s, f, now); {
		case err == nil || file == "" || !errors.Is(err, study.ErrNoStudy):
			return s, err
		}
	}
	return s, a.start(s, f, now)
}

// start begins a study. What no trial could do with is said before a folder is made.
func (a *app) start(s *searching, f *searchFlags, now study.Sources) error {
	sampler, err := a.prepare(s, f)
	if err != nil {
		return err
	}
	set := study.Settings{Program: programVersion(), Space: now, Sampler: f.sampler, Seed: f.seed, Trials: f.trials, Jobs: f.jobs}
	if set.Flags, err = json.Marshal(given(f.set)); err != nil {
		return err
	}
	a.endsItself()
	if f.dir == "" {
		s.store, err = study.CreateFree(defaultDir(s.space, f.seed), set)
	} else if s.store, err = study.Create(f.dir, set, f.force); errors.Is(err, study.ErrExists) {
		err = fmt.Errorf("%w; name another folder with -o, go on with --resume, or replace the study with --force", err)
	}
	if err == nil {
		s.study, err = s.store.Study(sampler)
	}
	return err
}

func defaultDir(space *ir.Space, seed uint64) string {
	name := space.Name
	if name == "" {
		name = "space"
	}
	return filepath.Join("runs", fmt.Sprintf("%s-seed%d", name, seed))
}

// prepare makes the evaluator and the sampler.
func (a *app) prepare(s *searching, f *searchFlags) (samplers.Sampler, error) {
	var err error
	if s.evaluator, err = evaluatorOf(s.space, &f.evaluatorFlags); err != nil {
		return nil, a.evaluatorError(s.file, err)
	}
	seeds, err := a.seeds(s.space)
	if err != nil {
		return nil, err
	}
	c := samplers.NewCatalogue(s.space)
	return newSampler(f.sampler, c, f.seed, identity(f.distinct, f.spec, c), seeds)
}

// evaluatorError says of which file an error in its evaluator is; a wrong command line is of none.
func (a *app) evaluatorError(file string, err error) error {
	var usage usageError
	if errors.As(err, &usage) {
		return err
	}
	return a.refused(file, err)
}

// goOn goes on with the study that a folder holds, by the settings that it keeps.
func (a *app) goOn(s *searching, f *searchFlags, now study.Sources) (err error) {
	store, err := study.Open(f.dir, 0)
	if err != nil {
		return err
	}
	s.store = store
	defer func() {
		if err != nil {
			store.Close()
		}
	}()
	kept := store.Settings
	if err := a.sameSpace(s, f.dir, kept.Space, now); err != nil {
		return err
	}
	flags, err := keptFlags(f.dir, kept)
	if err == nil {
		err = flags.restore(f.set)
	}
	if err != nil {
		return err
	}
	if !f.set.Changed("trials") && kept.Trials > 0 {
		f.trials = kept.Trials
	}
	if !f.set.Changed("jobs") && kept.Jobs > 0 {
		f.jobs = kept.Jobs
	}
	sampler, err := a.prepare(s, f)
	if err != nil {
		return err
	}
	a.endsItself()
	if s.study, err = store.Study(sampler); err != nil {
		return err
	}
	set := &store.Settings
	set.Trials, set.Jobs = f.trials, f.jobs
	if set.Flags, err = json.Marshal(given(f.set)); err != nil { // of a study of ask and tell there are more now
		return err
	}
	return store.SaveSettings()
}

// sameSpace checks the space of a study that goes on, against the file that is given now, or the one that it began with where
// that is still there.
func (a *app) sameSpace(s *searching, dir string, kept, now study.Sources) error {
	if s.file == "" {
		s.file = kept.File
		var err error
		if _, now, err = a.loadSources(kept.File); errors.Is(err, fs.ErrNotExist) {
			now, err = kept, nil
		}
		if err != nil {
			return err
		}
	}
	if err := a.unchanged(dir, kept, now); err != nil {
		return err
	}
	var err error
	s.space, err = a.loadKept(kept)
	return err
}

// kept are the flags that say how a study goes: those given, and the defaults of the others.
type kept struct {
	Given    map[string]string `json:"given"`
	Defaults map[string]string `json:"defaults"`
}

// changeable are the flags that are no part of what a study is.
var changeable = map[string]bool{"trials": true, "jobs": true, "output": true, "resume": true, "force": true, "json": true, "help": true,
	"space": true, "number": true}

// given are the flags to keep.
func given(flags *pflag.FlagSet) kept {
	k := kept{map[string]string{}, map[string]string{}}
	flags.VisitAll(func(x *pflag.Flag) {
		switch {
		case changeable[x.Name]:
		case x.Changed:
			k.Given[x.Name] = flagText(x)
		default:
			k.Defaults[x.Name] = flagText(x)
		}
	})
	return k
}

// flagText is a flag's value as it can be given.
func flagText(x *pflag.Flag) string {
	if list, ok := x.Value.(pflag.SliceValue); ok {
		return strings.Join(list.GetSlice(), ",")
	}
	return x.Value.String()
}

// keptFlags are those that a study keeps.
func keptFlags(dir string, set study.Settings) (kept, error) {
	k := kept{}
	if set.Flags == nil { // a study that a program of somebody's own made
		k.Given = map[string]string{"sampler": set.Sampler, "seed": fmt.Sprint(set.Seed)}
		return k, nil
	}
	err := json.Unmarshal(set.Flags, &k)
	if err != nil {
		err = fmt.Errorf("%s: %s: flags: %w", dir, study.StudyFile, err)
	}
	return k, err
}

// restore sets the flags that a study began with. Those that are given now have to be the same.
func (k kept) restore(flags *pflag.FlagSet) error {
	var err error
	flags.VisitAll(func(x *pflag.Flag) {
		if changeable[x.Name] || err != nil {
			return
		}
		was, given := k.Given[x.Name]
		def, known := k.Defaults[x.Name]
		switch {
		case !given && !known: // the study has nothing to say of it
		case x.Changed && given && flagText(x) != was, x.Changed && !given && flagText(x) != def:
			if !given {
				was = def
			}
			err = usagef("--%s is '%s', and the study began with '%s'; only --trials and --jobs may change", x.Name, flagText(x), was)
		case given && !x.Changed:
			err = flags.Set(x.Name, was)
		case x.Changed && !given:
			x.Changed = false // or it would take the place of the file's own
		case !given && def != flagText(x): // a default that has changed since
			err = x.Value.Set(def)
		}
	})
	return err
}
