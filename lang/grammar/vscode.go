package grammar

// extension is the manifest of the VS Code extension.
func extension() map[string]any {
	return map[string]any{
		"name":        "space",
		"displayName": "Search spaces (.space)",
		"description": "Colours, brackets, folding and snippets for .space files, the search spaces of spacec. " + generated,
		"version":     "0.2.0",
		"publisher":   "spacec",
		"engines":     map[string]string{"vscode": "^1.70.0"},
		"categories":  []string{"Programming Languages"},
		"contributes": map[string]any{
			"languages": []any{map[string]any{"id": "space", "aliases": []string{"Search space", "space"},
				"extensions": []string{".space"}, "configuration": "./language-configuration.json"}},
			"snippets": []any{map[string]any{"language": "space", "path": "./snippets.json"}},
			"grammars": []any{map[string]any{"language": "space", "scopeName": "source.space",
				"path": "./syntaxes/space.tmLanguage.json"}},
		},
	}
}

// configuration tells VS Code about brackets, comments, indentation and folding: by indentation, and between comments of region and
// endregion.
func configuration() map[string]any {
	return map[string]any{
		"comments":         map[string]any{"lineComment": "//"},
		"brackets":         [][]string{{"{", "}"}, {"[", "]"}, {"(", ")"}},
		"autoClosingPairs": [][]string{{"{", "}"}, {"[", "]"}, {"(", ")"}, {"\"", "\""}},
		"surroundingPairs": [][]string{{"{", "}"}, {"[", "]"}, {"(", ")"}, {"\"", "\""}},
		"onEnterRules": []any{map[string]any{"beforeText": `^\s*///`, "action": map[string]string{"indent": "none",
			"appendText": "/// "}}},
		"wordPattern": name,
		"indentationRules": map[string]any{
			"increaseIndentPattern": `^((?!//).)*(\{[^}"]*|\([^)"]*|\[[^\]"]*|=)\s*$`,
			"decreaseIndentPattern": `^\s*[})\]]`,
		},
		"folding": map[string]any{"markers": map[string]string{"start": `^\s*//\s*#?region\b`, "end": `^\s*//\s*#?endregion\b`}},
	}
}

// snippet is a piece of text to begin with; ${1:x} is a place to fill in.
type snippet struct {
	Prefix      string   `json:"prefix"`
	Description string   `json:"description"`
	Body        []string `json:"body"`
}

func snippets() map[string]snippet {
	return map[string]snippet{
		"space": {"space", "A space of networks", []string{
			"edition 1", "/// ${1:What the space is.}", "space ${2:name}", "", "use std", "",
			"input ${3:image}: [${4:c: 3, h: 32, w: 32}]", "output ${5:logits}: [${6:10}]", "",
			"net = ${7:block}{${8:1..4}} >> global_avg_pool >> dense(${6:10})", "",
			"rule ${7:block} = ${9:conv(8 | 16) >> relu}", "", "maximize accuracy", "$0"}},
		"settings": {"settings", "A space of settings, without a network", []string{
			"edition 1", "space ${1:name}", "", "config ${2:train} {", "\t${3:lr}: ${4:1e-4..1e-1 log}", "\t$0", "}"}},
		"rule":   {"rule", "A rule: drawn afresh at each use", []string{"rule ${1:name} =", "\t| ${2:relu}", "\t| ${3:tanh}", "$0"}},
		"let":    {"let", "A let: drawn once", []string{"let ${1:name} = ${2:relu} | ${3:tanh}", "$0"}},
		"block":  {"block", "A block that names wires", []string{"{", "\t${1:h} = in >> ${2:conv(8)}", "\t${1:h} + ${3:in}", "}$0"}},
		"config": {"config", "Settings that are drawn with the network", []string{"config ${1:train} {", "\toptimizer: ${2:sgd(momentum: 0.0..0.95) | adam}", "\tlr: ${3:1e-4..1e-1 log}", "\tbatch: ${4:32 | 64}", "}", "$0"}},
		"range":  {"range", "A range of numbers", []string{"${1:8}..${2:64} step ${3:8}$0"}},
		"choice": {"choice", "A choice with weights", []string{"(${1:relu} [${2:2}] | ${3:tanh})$0"}},
		"require": {"require", "What every point keeps", []string{
			"require params <= ${1:200k}, layers <= ${2:40}", "$0"}},
		"cost": {"cost", "A cost of the file's own", []string{"cost ${1:bitops} { ${2:conv}: ${3:macs * bits * bits} }", "$0"}},
	}
}
