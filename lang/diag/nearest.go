package diag

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// longestName bounds what is compared: nobody misspells longer names by accident only.
const longestName = 64

// Nearest is the name among others that a misspelt one is most likely meant to be, the first of several; "" where none is
// near. Near is a third of the letters changed, added, left out or swapped with a neighbour, at least one: the
// distance of Damerau (1964), where no letter is changed twice. Nearer than any is a name of the same letters, small or capital,
// with other underscores.
func Nearest(name string, among []string) string {
	if utf8.RuneCountInString(name) > longestName {
		return ""
	}
	for _, other := range among {
		if other != name && strings.EqualFold(strings.ReplaceAll(other, "_", ""), strings.ReplaceAll(name, "_", "")) {
			return other
		}
	}
	a := []rune(name)
	best, least := "", max(1, len(a)/3)+1
	for _, other := range among {
		if len(other) > 4*longestName || other == name {
			continue
		}
		b := []rune(other)
		if d := len(a) - len(b); d >= least || -d >= least {
			continue
		}
		if d := distance(a, b); d < least && d < max(len(a), len(b)) {
			best, least = other, d
		}
	}
	return best
}

// Unknown is the error of a name that isn't among those that there are, with the near one, or all.
func Unknown(what, name string, among []string) error {
	near := Nearest(name, among)
	switch {
	case near != "":
		return fmt.Errorf("unknown %s '%s': did you mean '%s'?", what, name, near)
	case len(among) == 0:
		return fmt.Errorf("unknown %s '%s': there is none", what, name)
	}
	return fmt.Errorf("unknown %s '%s': there are %s", what, name, strings.Join(among, ", "))
}

// distance is the number of letters changed, added, left out or swapped with a neighbour between a and b.
func distance(a, b []rune) int {
	// Three rows of the table: for the prefixes of a that are two, one and no letters shorter than the one at hand.
	older, old, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		older, old, row = old, row, older
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(old[j]+1, row[j-1]+1, old[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], older[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
