//go:build unix

package main

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// vast is a space that nothing is known of for minutes.
const vast = `use std
input x: [c: 3, h: 8, w: 8]
require params == 123456, layers <= 30
net = t
rule t = conv(1..64) | t >> t | t + t | (conv(1..64, kernel: 1 | 3 | 5) >> t)
`

// TestInterruptedWhileItSolves interrupts commands that are busy with a space and don't look at the context.
func TestInterruptedWhileItSolves(t *testing.T) {
	path, err := exec.LookPath("spacec")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args   string
		signal os.Signal
	}{
		{"check -", os.Interrupt},
		{"check --fix -", syscall.SIGTERM},
		{"count -", syscall.SIGTERM},
		{"describe -", os.Interrupt},
		{"enumerate -", os.Interrupt},
		{"sample -", os.Interrupt},
		{"search -", os.Interrupt},
	} {
		t.Run(c.args, func(t *testing.T) {
			var out, trouble bytes.Buffer
			cmd := exec.Command(path, strings.Fields(c.args)...)
			cmd.Dir, cmd.Stdout, cmd.Stderr = t.TempDir(), &out, &trouble
			in, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			// No pipe holds so much: once it is written, the command is there and reads.
			if _, err := io.WriteString(in, vast+strings.Repeat("// nothing\n", 20_000)); err != nil {
				t.Fatal(err)
			}
			in.Close()
			if err := cmd.Process.Signal(c.signal); err != nil {
				t.Fatal(err)
			}
			err = cmd.Wait()
			if code := cmd.ProcessState.ExitCode(); code != exitInterrupt || trouble.String() != "spacec: interrupted\n" || out.Len() > 0 {
				t.Errorf("it ends with %v, and says %q and %q", err, &out, &trouble)
			}
			if left, _ := filepath.Glob(filepath.Join(cmd.Dir, "*")); left != nil {
				t.Errorf("it leaves %v", left)
			}
		})
	}
}
