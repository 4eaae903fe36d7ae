//go:build unix

package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestKilled kills searches at random moments, again and again, and has them go on: they make the trials of a search that ran
// through, and none that was recorded is lost. SPACEC_KILLS is how often, where a few dozen times aren't enough.
func TestKilled(t *testing.T) {
	path, err := exec.LookPath("spacec")
	if err != nil {
		t.Fatal(err)
	}
	kills := 40
	if text := os.Getenv("SPACEC_KILLS"); text != "" {
		if kills, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	writeTable(t, dir)
	command := func(study string, more ...string) *exec.Cmd {
		args := append([]string{"search", "t.space", "--evaluator", "table:t.csv", "--reward", "v", "--trials", "400", "--distinct", "any", "--sampler", "mcts", "--jobs", "3", "-o", study}, more...)
		cmd := exec.Command(path, args...)
		cmd.Dir = dir
		return cmd
	}
	start := time.Now()
	if out, err := command("whole").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	took := time.Since(start)
	want := numbered(t, filepath.Join(dir, "whole", "trials.jsonl"))
	if len(want) != 400 {
		t.Fatalf("there are %d trials", len(want))
	}
	rng := rand.New(rand.NewPCG(uint64(kills), 1))
	killed := 0
	for study := 0; killed < kills; study++ {
		name := fmt.Sprint("study", study)
		file := filepath.Join(dir, name, "trials.jsonl")
		var before []byte
		for {
			var out bytes.Buffer
			cmd := command(name, "--resume")
			cmd.Stdout, cmd.Stderr = &out, &out
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			timer := time.AfterFunc(time.Duration(rng.Float64()*float64(took)*0.8), func() { cmd.Process.Kill() })
			err := cmd.Wait()
			timer.Stop()
			now, _ := os.ReadFile(file)
			if !bytes.HasPrefix(now, before) {
				t.Fatalf("%s: lines that were there are lost or changed:\n%s\n%s", name, before, now)
			}
			before = now[:bytes.LastIndexByte(now, '\n')+1]
			if err == nil {
				break
			}
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != -1 {
				t.Fatalf("%s: %v: %s", name, err, &out)
			}
			killed++
			if rng.IntN(4) == 0 && len(now) > 0 { // as a machine that stops leaves it
				if err := os.WriteFile(file, append(now, `{"number":`...), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		}
		if diff := cmp.Diff(want, numbered(t, file)); diff != "" {
			t.Fatalf("%s has other trials (-whole +killed):\n%s", name, diff)
		}
		for _, f := range []string{"best.space"} {
			a, err := os.ReadFile(filepath.Join(dir, "whole", f))
			b, err2 := os.ReadFile(filepath.Join(dir, name, f))
			if err := errors.Join(err, err2); err != nil || !bytes.Equal(a, b) {
				t.Fatalf("%s: %s differs: %v", name, f, err)
			}
		}
	}
	t.Logf("%d kills", killed)
}

// writeTable writes a space of 512 points, and its table.
func writeTable(t *testing.T, dir string) {
	t.Helper()
	text := "a,b,c,v,test\n"
	for a := 1; a <= 8; a++ {
		for b := 1; b <= 8; b++ {
			for c := 1; c <= 8; c++ {
				v := 1 - float64((a-3)*(a-3)+(b-5)*(b-5)+a*c%7)/100
				text += fmt.Sprintf("%d,%d,%d,%v,%v\n", a, b, c, v, 1-v)
			}
		}
	}
	for name, text := range map[string]string{"t.csv": text, "t.space": "space t\nconfig x {\n  a: 1..8\n  b: 1..8\n  c: 1..8\n}\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// numbered are a study's trials in the order of their numbers, without their times.
func numbered(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for line := range strings.Lines(string(text)) {
		head, _, ok := strings.Cut(line, `,"started":`)
		if !ok {
			t.Fatalf("%s: %s", file, line)
		}
		list = append(list, head)
	}
	number := func(line string) int {
		var n int
		fmt.Sscanf(line, `{"number":%d`, &n)
		return n
	}
	slices.SortStableFunc(list, func(a, b string) int { return number(a) - number(b) })
	return list
}
