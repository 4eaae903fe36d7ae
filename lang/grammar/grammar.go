// Package grammar makes the grammars that editors colour .space files by: a TextMate grammar in a folder that is an extension of
// VS Code, and a syntax file for Vim. They are made from the words and operators that the parser uses and the names of
// the standard library, so that they can't fall behind; "go generate" writes them.
//
// Most words of the language mean something only in their place, and are names elsewhere. The grammars tell the
// places apart by what stands around a word on its line.
package grammar

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spacec-lang/spacec/lang"
)

//go:generate go run generate.go

// Files are the grammars: their contents by path, of a language whose standard library has ops and rules of the given
// names.
func Files(ops, rules []string) (map[string]string, error) {
	library := append(slices.Clone(ops), rules...)
	slices.Sort(library)
	library = slices.Compact(library)
	files := map[string]string{
		"vim/syntax/space.vim":   vim(library),
		"vim/ftdetect/space.vim": vimDetect,
	}
	for path, content := range map[string]any{
		"vscode/syntaxes/space.tmLanguage.json": textMate(library),
		"vscode/package.json":                   extension(),
		"vscode/language-configuration.json":    configuration(),
		"vscode/snippets.json":                  snippets(),
	} {
		text, err := encode(content)
		if err != nil {
			return nil, fmt.Errorf("make %s: %w", path, err)
		}
		files[path] = text
	}
	return files, nil
}

// openingWords start a declaration and mean it only there; the reserved ones mean it everywhere.
func openingWords() []string {
	return slices.DeleteFunc(lang.DeclarationWords(), func(w string) bool {
		return slices.Contains(lang.ReservedWords(), w)
	})
}

// operatorWords are the binary operators that are words, and "not".
func operatorWords() []string {
	words := []string{"not"}
	for _, op := range lang.Operators() {
		if op[0] >= 'a' && op[0] <= 'z' {
			words = append(words, op)
		}
	}
	return words
}

// branchWords are the words of conditions.
func branchWords() []string {
	return slices.DeleteFunc(lang.ExpressionWords(), func(w string) bool {
		return w == "of" || slices.Contains(operatorWords(), w)
	})
}

func anyOf(words []string) string { return strings.Join(words, "|") }
