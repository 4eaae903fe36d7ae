package ir

import (
	"errors"
	"fmt"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// Seed is an architecture that a file names for a search to start from: "seed NAME = EXPR". The expression stands
// where the net stands: it sees the file's rules and lets, and leaves no choice.
type Seed struct {
	Name string
	At   lang.Span // of its name
	Arch *Space    // a space with one point
}

// Seeds are the file's, in the order written.
func (sp *Space) Seeds() []Seed { return sp.seeds }

// lowerSeeds makes an architecture of each seed: the file, with the seed as its net and nothing to draw or to keep
// besides.
func (sp *Space) lowerSeeds(env Env, report *diag.Report) {
	var shared []lang.Decl
	for _, d := range sp.File.Decls {
		switch d := d.(type) {
		case *lang.Rule:
			if d.Name.Name != "net" {
				shared = append(shared, d)
			}
		case *lang.Config, *lang.Require, *lang.Seed, *lang.From, *lang.Objective:
		default:
			shared = append(shared, d)
		}
	}
	first := map[string]lang.Span{}
	for _, d := range sp.File.Decls {
		s, ok := d.(*lang.Seed)
		if !ok {
			continue
		}
		if at, twice := first[s.Name.Name]; twice {
			report.Errorf(diag.Defined, s.Name.Span, "the seed '%s' is defined twice", s.Name.Name).With(at, "first here")
			continue
		}
		first[s.Name.Name] = s.Name.Span
		net := &lang.Rule{At: s.At, Bare: true, Name: lang.Ident{At: s.Name.At, Name: "net"}, Body: s.Body}
		file := &lang.File{Source: sp.File.Source, Decls: append(shared[:len(shared):len(shared)], net)}
		own := &diag.Report{}
		arch := Lower(file, env, own)
		report.AddErrors(own)
		if arch == nil {
			continue
		}
		if d, ok := arch.Walk().Next(); ok {
			report.Errorf(diag.NotAPoint, d.c.ask.pos().span, "the seed '%s' leaves a choice: '%s'", s.Name.Name, d.Path()).
				With(s.Name.Span, "a seed is one architecture")
			continue
		}
		sp.seeds = append(sp.seeds, Seed{s.Name.Name, s.Name.Span, arch})
	}
}

// LocateSeeds locates the file's seeds, in order: nil stands for those that are not in the space, which are
// reported, at the place where they leave it.
func (sp *Space) LocateSeeds(report *diag.Report) []*Location {
	var all []*Location
	for _, s := range sp.seeds {
		l, err := sp.Locate(s.Arch)
		all = append(all, l)
		var outside *Outside
		switch {
		case err == nil:
		case !errors.As(err, &outside):
			report.Errorf(diag.BadDecision, s.At, "the seed '%s' can't be located: %v", s.Name, err)
		case outside.Undecided:
			report.Warnf(diag.Withheld, s.At, "whether the seed '%s' is in the space is undecided: %s", s.Name, outside.Message)
		default:
			outside.Message = fmt.Sprintf("the seed '%s' is not in the space: %s", s.Name, outside.Message)
			outside.others = append(outside.others, diag.Label{Span: s.At, Text: "this seed"})
			outside.Report(report)
		}
	}
	return all
}
