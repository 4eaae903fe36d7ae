package grammar

import (
	"bytes"
	"encoding/json"

	"github.com/spacec-lang/spacec/lang"
)

// rule is a rule of a TextMate grammar.
type rule struct {
	Name     string          `json:"name,omitempty"`
	Match    string          `json:"match,omitempty"`
	Captures map[string]rule `json:"captures,omitempty"`
	Begin    string          `json:"begin,omitempty"`
	End      string          `json:"end,omitempty"`
	Patterns []rule          `json:"patterns,omitempty"`
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

const (
	name    = `[A-Za-z_][A-Za-z0-9_]*`
	operand = `[\w"(*-]` // what an operand can start with
)

// textMate is the grammar that VS Code and others use. The first rule that matches at a place wins.
func textMate(library []string) textMateGrammar {
	scoped := func(scope string) rule { return rule{Name: scope + ".space"} }
	match := func(scope, regex string) rule { return rule{Name: scope + ".space", Match: regex} }
	return textMateGrammar{
		Schema:    "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
		Comment:   generated,
		Name:      "Search space",
		ScopeName: "source.space",
		FileTypes: []string{"space"},
		Patterns: []rule{
			match("comment.line.documentation", `///.*$`),
			match("comment.line.double-slash", `//.*$`),
			{Name: "string.quoted.double.space", Begin: `"`, End: `"|$`,
				Patterns: []rule{match("constant.character.escape", `\\.`)}},
			{Match: `(?:^|;)\s*(` + anyOf(openingWords()) + `)\s+(` + name + `)`,
				Captures: map[string]rule{"1": scoped("keyword.declaration"), "2": scoped("entity.name.function")}},
			{Match: `(?:^|;)\s*(use|edition)(?=\s+["0-9])`, Captures: map[string]rule{"1": scoped("keyword.declaration")}},
			{Match: `^(` + name + `)\s*(=)(?!=)`,
				Captures: map[string]rule{"1": scoped("entity.name.function"), "2": scoped("keyword.operator.assignment")}},
			{Match: `^\s*(` + anyOf(lang.ClauseWords()) + `)(?=\s+` + operand + `)`,
				Captures: map[string]rule{"1": scoped("keyword.other.clause")}},
			{Match: `(?<=[(,])\s*(rule)(?=\s+\w)`, Captures: map[string]rule{"1": scoped("storage.modifier")}},
			{Match: `\b(` + anyOf(lang.StatementWords()) + `)\b`, Captures: map[string]rule{"1": scoped("keyword.declaration")}},
			match("keyword.control", `\b(?:`+anyOf(branchWords())+`)\b`),
			match("keyword.operator.word", `\b(?:`+anyOf(operatorWords())+`)\b`),
			match("keyword.operator.word", `(?<=[\w)] )of(?=\s+[\w(])`),
			match("keyword.other.range", `(?<=[\w)] )(?:`+anyOf(lang.RangeWords())+`)\b(?!\s*[(=:.])`),
			match("constant.language", `\b(?:true|false)\b`),
			match("variable.language", `\bin\b`),
			{Match: `(\[)\s*(?:(each)|([0-9.]+)\s*(%)?)\s*(\])`, Captures: map[string]rule{"2": scoped("keyword.other.weight"),
				"3": scoped("constant.numeric"), "4": scoped("keyword.other.weight")}},
			{Match: `\b(` + name + `)\s*(:)`, Captures: map[string]rule{"1": scoped("variable.parameter")}},
			match("constant.numeric", `\b[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?[kMG]?\b`),
			match("support.function", `\b(?:`+anyOf(library)+`)\b(?!\s*=[^=])`),
			match("entity.name.function.call", `\b`+name+`(?=\()`),
			match("keyword.operator.sequence", `>>|->`),
			match("keyword.operator.choice", `\||\?`),
			match("keyword.operator.range", `\.\.`),
			match("keyword.operator.comparison", `==|!=|<=|>=|<|>`),
			match("keyword.operator.arithmetic", `\+\+|[-+*/%@]`),
			match("keyword.operator.assignment", `=`),
			match("variable.other", `\b`+name+`\b`),
		},
	}
}

// extension is the manifest of the VS Code extension.
func extension() map[string]any {
	return map[string]any{
		"name":        "space",
		"displayName": "Search spaces (.space)",
		"description": "Colours for .space files, the search spaces of spacec. " + generated,
		"version":     "0.1.0",
		"publisher":   "spacec",
		"engines":     map[string]string{"vscode": "^1.70.0"},
		"categories":  []string{"Programming Languages"},
		"contributes": map[string]any{
			"languages": []any{map[string]any{"id": "space", "aliases": []string{"Search space", "space"},
				"extensions": []string{".space"}, "configuration": "./language-configuration.json"}},
			"grammars": []any{map[string]any{"language": "space", "scopeName": "source.space",
				"path": "./syntaxes/space.tmLanguage.json"}},
		},
	}
}

// configuration tells VS Code about brackets and comments.
func configuration() map[string]any {
	return map[string]any{
		"comments":         map[string]any{"lineComment": "//"},
		"brackets":         [][]string{{"{", "}"}, {"[", "]"}, {"(", ")"}},
		"autoClosingPairs": [][]string{{"{", "}"}, {"[", "]"}, {"(", ")"}, {"\"", "\""}},
		"surroundingPairs": [][]string{{"{", "}"}, {"[", "]"}, {"(", ")"}, {"\"", "\""}},
		"onEnterRules": []any{map[string]any{"beforeText": `^\s*///`, "action": map[string]string{"indent": "none",
			"appendText": "/// "}}},
	}
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
