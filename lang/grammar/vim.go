package grammar

import (
	"maps"
	"slices"
	"strings"

	"github.com/spacec-lang/spacec/lang"
)

const vimDetect = `" ` + generated + `
au BufRead,BufNewFile *.space setfiletype space
`

// vim is the syntax file for Vim and Neovim. Of several matches at one place the last wins, and a keyword before any match.
func vim(library []string) string {
	var b strings.Builder
	line := func(parts ...string) { b.WriteString(strings.Join(parts, " ") + "\n") }
	match := func(group, regex string) { line("syn match", group, "/"+strings.ReplaceAll(regex, "/", `\/`)+"/") }
	words := func(list []string) string { return `\%(` + strings.Join(list, `\|`) + `\)` }
	line(`"`, generated)
	line(`" Language: .space, the search spaces of spacec`)
	line(`if exists("b:current_syntax")`)
	line("  finish")
	line("endif")
	line("")
	match("spaceCall", `\<\h\w*\ze(`)
	match("spaceLibrary", `\<`+words(library)+`\>`)
	match("spaceParameter", `\<\h\w*\ze\s*:`)
	match("spaceDeclared", `^\h\w*\ze\s*=\%(=\)\@!`)
	match("spaceNumber", `\<\d\+\%(\.\d\+\)\?\%([eE][+-]\?\d\+\)\?[kMG]\?\>`)
	match("spaceOperator", `>>\|->\|\.\.\|[|?+*/%@<>=!-]`)
	match("spaceRangeWord", `\%([[:alnum:]_)] \)\@<=`+words(lang.RangeWords())+`\>\%(\s*[(=:.]\)\@!`)
	match("spaceWord", `\%([[:alnum:]_)] \)\@<=of\ze\s\+[[:alnum:]_(]`)
	match("spaceWeight", `\%(\[\s*\)\@<=each\ze\s*\]`)
	match("spaceWeight", `\%(\[\s*[0-9.]\+\s*\)\@<=%\ze\s*\]`)
	match("spaceClause", `^\s*\zs`+words(lang.ClauseWords())+`\ze\s\+[[:alnum:]_"(-]`)
	match("spaceModifier", `[(,]\s*\zsrule\ze\s\+\h`)
	match("spaceDeclaration", `\%(^\|;\)\s*\zs`+words(openingWords())+`\ze\s\+[[:alnum:]_"]`)
	match("spaceDeclared", `\%(\%(^\|;\)\s*`+words(openingWords())+`\s\+\)\@<=\h\w*`)
	line("syn keyword spaceDeclaration", strings.Join(lang.StatementWords(), " "))
	line("syn keyword spaceConditional", strings.Join(branchWords(), " "))
	line("syn keyword spaceWord", strings.Join(operatorWords(), " "))
	line("syn keyword spaceBoolean true false")
	line("syn keyword spaceSelf in")
	line(`syn region spaceString start=/"/ skip=/\\./ end=/"/ end=/$/ oneline`)
	line(`syn match spaceComment /\/\/.*$/ contains=@Spell`)
	line(`syn match spaceDoc /\/\/\/.*$/ contains=@Spell`)
	line("")
	for _, c := range slices.Sorted(maps.Keys(looks)) {
		if group := looks[c].vim; group != "" {
			line("hi def link", "space"+string(c), group)
		}
	}
	line("")
	line("setlocal commentstring=//\\ %s")
	line(`let b:current_syntax = "space"`)
	return b.String()
}
