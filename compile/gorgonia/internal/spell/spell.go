// Package spell turns the names of the language into names of Go: those of package nn and of the files that are
// written for it.
package spell

import (
	"go/token"
	"strings"
	"unicode"
)

// words are those that Go doesn't spell with a capital alone.
var words = map[string]string{
	"relu": "ReLU", "gelu": "GELU", "silu": "SiLU", "lstm": "LSTM", "gru": "GRU", "conv1d": "Conv1D", "matmul": "MatMul",
}

// Exported is a name as Go exports it: LeakyReLU of leaky_relu.
func Exported(name string) string {
	var b strings.Builder
	for _, part := range strings.FieldsFunc(name, separates) {
		if w, ok := words[part]; ok {
			b.WriteString(w)
			continue
		}
		r := []rune(part)
		b.WriteString(string(unicode.ToUpper(r[0])) + string(r[1:]))
	}
	name = b.String()
	if name == "" || !token.IsExported(name) {
		return "N" + name
	}
	return name
}

// Local is a name as Go spells a variable: leakyReLU of leaky_relu. Keywords get an underscore.
func Local(name string) string {
	parts := strings.FieldsFunc(name, separates)
	if len(parts) == 0 {
		return "n"
	}
	r := []rune(parts[0])
	local := string(unicode.ToLower(r[0])) + string(r[1:])
	if !unicode.IsLetter(r[0]) {
		local = "n" + local
	}
	for _, p := range parts[1:] {
		local += Exported(p)
	}
	if token.IsKeyword(local) {
		local += "_"
	}
	return local
}

// separates tells what parts the words of a name: all that a Go name can't hold, and the underscore.
func separates(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
