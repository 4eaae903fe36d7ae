// Package docs carries the pages that the program shows itself.
package docs

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed errors.md ops/*.md
var pages embed.FS

// Entry is what the pages say of one thing: a code of a diagnostic, or an op.
type Entry struct {
	Name, Title string
	Text        string // in Markdown, without the heading
}

// Codes are the codes of diagnostics, in order.
func Codes() ([]Entry, error) {
	page, err := pages.ReadFile("errors.md")
	if err != nil {
		return nil, fmt.Errorf("page of errors: %w", err)
	}
	var list []Entry
	for _, section := range strings.Split(string(page), "\n## ")[1:] {
		list = append(list, entry(section))
	}
	return list, nil
}

// Ops are the ops and the rules of the standard library.
func Ops() ([]Entry, error) {
	files, err := pages.ReadDir("ops")
	if err != nil {
		return nil, fmt.Errorf("pages of ops: %w", err)
	}
	var list []Entry
	for _, f := range files {
		page, err := pages.ReadFile("ops/" + f.Name())
		if err != nil {
			return nil, fmt.Errorf("pages of ops: %w", err)
		}
		heading := "\n# "
		if f.Name() == "README.md" {
			heading = "\n### " // of a rule
		}
		for _, text := range strings.Split(string(page), heading)[1:] {
			list = append(list, entry(text))
		}
	}
	return list, nil
}

// entry is a section: its heading, a sentence, and the rest.
func entry(section string) Entry {
	name, text, _ := strings.Cut(section, "\n")
	title, text, _ := strings.Cut(strings.TrimSpace(text), ".\n")
	return Entry{name, title, strings.TrimSpace(text)}
}
