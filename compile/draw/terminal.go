package draw

import (
	"strings"

	"github.com/clipperhouse/displaywidth"
)

// Terminal is what the terminal understands that the text forms are made for.
type Terminal struct {
	ASCII bool // and nothing beyond it
	Color bool
}

// ascii replaces what the text forms use beyond ASCII.
var ascii = strings.NewReplacer("●", "*", "○", "o", "│", "|", "─", "-", "┼", "+", "├", "|", "└", "`", "╮", ".", "┬", ".", "╯", "'",
	"┴", "'", "█", "#", "▉", "#", "▊", "#", "▋", "#", "▌", "#", "▍", "#", "▎", "#", "▏", "#", "…", "...", "×", "x", "→", "->")

// The colours, as the numbers of ANSI sequences.
const (
	faint = "2"
	bold  = "1"
	blue  = "34"
)

func (t Terminal) paint(color, text string) string {
	if !t.Color || text == "" {
		return text
	}
	return "\x1b[" + color + "m" + text + "\x1b[0m"
}

// lines is the text of lines as the terminal takes it.
func (t Terminal) lines(lines []string) string {
	var b strings.Builder
	for _, line := range lines {
		b.WriteString(strings.TrimRight(line, " "))
		b.WriteByte('\n')
	}
	if t.ASCII {
		return ascii.Replace(b.String())
	}
	return b.String()
}

// pad makes a text n columns wide, from the left or, for n below zero, from the right.
func pad(text string, n int) string {
	room := strings.Repeat(" ", max(0, max(n, -n)-displaywidth.String(text)))
	if n < 0 {
		return room + text
	}
	return text + room
}
