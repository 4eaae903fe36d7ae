package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

//go:generate go test . -run ^TestPages -update

var update = flag.Bool("update", false, "write what the commands of the pages print instead of comparing it")

// TestPages runs the sessions of the documentation, in order, each page in a folder of its own that holds
// the examples. A block "space FILE" or "python FILE" is that file, from there on; each line "$ spacec ..." or "$ python3 ..." of a
// block "console" is run, and what stands below it compared with what it prints; "..." stands for lines left out. A block
// under the comment "<!-- not run: why -->" is passed over; under "<!-- with OLD as NEW -->" it is run with that change in
// the last file. A file under "<!-- with "OLD" as N times "NEW" -->" has that change, for what can't be shown.
func TestPages(t *testing.T) {
	pages := []string{"../../README.md", "../../docs/tutorial.md", "../../docs/errors.md"}
	for _, folder := range []string{"from", "howto"} {
		found, err := filepath.Glob("../../docs/" + folder + "/*.md")
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, found...)
	}
	for _, page := range pages {
		t.Run(filepath.Base(page), func(t *testing.T) { runPage(t, page) })
	}
}

var (
	block   = regexp.MustCompile("(?ms)^```((?:space|python) [\\w./-]+|console)\n(.*?)^```$")
	skipped = regexp.MustCompile(`<!-- not run: [^\n]+ -->\n\s*$`)
	altered = regexp.MustCompile(`<!-- with ([^\n]+) as ([^\n]+) -->\n\s*$`)
	unshown = regexp.MustCompile(`<!-- with ("[^\n]+") as (\d+) times ("[^\n]+") -->\n`)
	timing  = regexp.MustCompile(`\d+\.\ds\b`) // how long something took
)

// runPage runs the blocks of one page.
func runPage(t *testing.T, page string) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	path, err := filepath.Abs(page)
	if err != nil {
		t.Fatal(err)
	}
	examples, err := filepath.Abs("../../examples")
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(t.TempDir())
	if err := os.CopyFS("examples", os.DirFS(examples)); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	var last struct{ name, text string }
	end := 0
	for _, at := range block.FindAllSubmatchIndex(text, -1) {
		before := text[end:at[0]]
		out.Write(text[end:at[4]])
		end = at[4]
		info, body := string(text[at[2]:at[3]]), string(text[at[4]:at[5]])
		if skipped.Match(text[:at[0]]) {
			continue
		}
		if _, name, isFile := strings.Cut(info, " "); isFile {
			last.name, last.text = name, unshownIn(t, before, body)
			writeFile(t, name, last.text)
			continue
		}
		if with := altered.FindSubmatch(text[:at[0]]); with != nil {
			writeFile(t, last.name, strings.ReplaceAll(last.text, string(with[1]), string(with[2])))
		}
		line := 1 + bytes.Count(text[:at[4]], []byte("\n"))
		now := runSession(t, body)
		if !*update && !sameLines(body, now) {
			t.Errorf("%s:%d: the commands print something else; run go generate ./cmd/spacec (-page +printed):\n%s",
				filepath.Base(page), line, cmp.Diff(body, now))
		}
		if !sameLines(body, now) {
			out.WriteString(now)
			end = at[5]
		}
	}
	out.Write(text[end:])
	if *update && !bytes.Equal(out.Bytes(), text) {
		if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// unshownIn makes the changes of a file that the comments before it ask for.
func unshownIn(t *testing.T, before []byte, body string) string {
	t.Helper()
	for _, m := range unshown.FindAllSubmatch(before, -1) {
		times, err := strconv.Atoi(string(m[2]))
		old, errOld := strconv.Unquote(string(m[1]))
		replacement, errNew := strconv.Unquote(string(m[3]))
		if err := errors.Join(err, errOld, errNew); err != nil {
			t.Fatalf("%s: %v", m[0], err)
		}
		body = strings.Replace(body, old, strings.Repeat(replacement, times), 1)
	}
	return body
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// runSession runs each command of a session and is the session with what they print now, on both outputs.
func runSession(t *testing.T, session string) string {
	t.Helper()
	var b strings.Builder
	for line := range strings.Lines(session) {
		command, ok := strings.CutPrefix(line, "$ ")
		if !ok {
			continue
		}
		b.WriteString(line)
		command, _, _ = strings.Cut(strings.TrimSpace(command), "  #")
		command, file, redirected := strings.Cut(command, " > ")
		var input, printed bytes.Buffer
		stages := strings.Split(command, " | ")
		for i, stage := range stages {
			words := strings.Fields(stage)
			var out, trouble bytes.Buffer
			if len(words) > 0 && words[0] == "python3" {
				c := exec.Command("python3", words[1:]...)
				if c.Err != nil {
					t.Skip("the rest of the page needs python3: ", c.Err)
				}
				c.Stdin, c.Stdout, c.Stderr = &input, &printed, &printed
				if err := c.Run(); err != nil {
					t.Errorf("%s: %v", stage, err)
				}
				continue
			}
			if len(words) == 0 || words[0] != "spacec" {
				t.Fatalf("%q is no command of spacec", stage)
			}
			a := &app{in: bytes.NewReader(input.Bytes()), out: &out, err: &trouble}
			if i == len(stages)-1 && !redirected {
				a.out, a.err = &printed, &printed
			}
			a.run(context.Background(), words[1:])
			printed.Write(trouble.Bytes())
			input = out
		}
		if redirected {
			writeFile(t, file, input.String())
		}
		b.Write(printed.Bytes())
	}
	return b.String()
}

// sameLines compares a session as written with one as run: a line "..." stands for any lines, and times may differ.
func sameLines(written, run string) bool {
	w, r := strings.Split(timing.ReplaceAllString(written, "?s"), "\n"), strings.Split(timing.ReplaceAllString(run, "?s"), "\n")
	for i, line := range w {
		if line == "..." {
			rest := w[i+1:]
			for k := range r {
				if sameLines(strings.Join(rest, "\n"), strings.Join(r[k:], "\n")) {
					return true
				}
			}
			return false
		}
		if i >= len(r) || line != r[i] {
			return false
		}
	}
	return slices.Equal(w, r)
}
