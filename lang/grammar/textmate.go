package grammar

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// rule is a rule of a TextMate grammar.
type rule struct {
	Name     string          `json:"name,omitempty"`
	Match    string          `json:"match,omitempty"`
	Captures map[string]rule `json:"captures,omitempty"`
}

type textMateGrammar struct {
	Schema    string   `json:"$schema"`
	Comment   string   `json:"comment"`
	Name      string   `json:"name"`
	ScopeName string   `json:"scopeName"`
	FileTypes []string `json:"fileTypes"`
	Patterns  []rule   `json:"patterns"`
}

const generated = "Generated from the tables of the compiler by go generate ./lang/grammar; do not edit."

// textMate is the grammar that VS Code and others use.
func textMate(library []string) textMateGrammar {
	scoped := func(c Class) rule { return rule{Name: looks[c].scope + ".space"} }
	g := textMateGrammar{
		Schema:    "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
		Comment:   generated,
		Name:      "Search space",
		ScopeName: "source.space",
		FileTypes: []string{"space"},
	}
	for _, p := range patterns(library) {
		if len(p.classes) == 1 {
			r := scoped(p.classes[0])
			r.Match = p.regex
			g.Patterns = append(g.Patterns, r)
			continue
		}
		r := rule{Match: p.regex, Captures: map[string]rule{}}
		for i, c := range p.classes {
			if c != "" {
				r.Captures[fmt.Sprint(i+1)] = scoped(c)
			}
		}
		g.Patterns = append(g.Patterns, r)
	}
	return g
}

// encode gives JSON as people read it.
func encode(v any) (string, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return "", err
	}
	return b.String(), nil
}
