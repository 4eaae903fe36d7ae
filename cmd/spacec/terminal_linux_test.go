package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// onTerminal runs spacec with standard output and error on a terminal and gives what arrives there.
func onTerminal(t *testing.T, env []string, args ...string) string {
	t.Helper()
	master, slave := terminal(t)
	path, err := exec.LookPath("spacec")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = t.TempDir(), slave, slave
	cmd.Env = append([]string{"TERM=xterm", "PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, env...)
	rate := "0.01..0.1"
	if args[0] == "train" {
		rate = "0.01" // a point
	}
	cmd.Stdin = strings.NewReader("space s\nuse std\ninput image: [c: 1, h: 8, w: 8]\noutput y: [10]\n" +
		"net = flatten >> dense(10)\nconfig train { lr: " + rate + " }\nrule idle = relu\n")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	slave.Close()
	var seen bytes.Buffer
	io.Copy(&seen, master) // its end is an error, since nobody has the terminal open any more
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, &seen)
	}
	return seen.String()
}

// terminal is a pseudo-terminal: what is written to the slave is read from the master.
func terminal(t *testing.T) (master, slave *os.File) {
	t.Helper()
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Skipf("there are no pseudo-terminals here: %v", err)
	}
	master = os.NewFile(uintptr(fd), "/dev/ptmx")
	t.Cleanup(func() { master.Close() })
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("there are no pseudo-terminals here: %v", err)
	}
	return master, slave
}

func TestColourOnATerminalOnly(t *testing.T) {
	for _, c := range []struct {
		env  []string
		want bool
	}{{nil, true}, {[]string{"NO_COLOR=1"}, false}, {[]string{"TERM=dumb"}, false}, {[]string{"NO_COLOR="}, true}} {
		got := onTerminal(t, c.env, "check", "-")
		if !strings.Contains(got, "W207") || strings.Contains(got, "\x1b[1;33m") != c.want {
			t.Errorf("with %q, got %q, want colour: %v", c.env, got, c.want)
		}
	}
}

// TestPaintOnATerminalOnly looks for the colours of the language in a diagnostic's line and in a point.
func TestPaintOnATerminalOnly(t *testing.T) {
	const rule, net = "\x1b[35mrule\x1b[0m \x1b[1midle\x1b[0m = \x1b[34mrelu\x1b[0m", "\x1b[1mnet\x1b[0m = \x1b[34mflatten\x1b[0m >> "
	got := onTerminal(t, nil, "sample", "-")
	for _, want := range []string{rule, net} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
	if got := onTerminal(t, nil, "explain", "E201"); !strings.Contains(got, "    \x1b[1mnet\x1b[0m = \x1b[34mcov\x1b[0m(") {
		t.Errorf("the example is %q", got)
	}
	if got := onTerminal(t, []string{"NO_COLOR=1"}, "sample", "-"); strings.Contains(got, "\x1b") || !strings.Contains(got, "net = flatten") {
		t.Errorf("with NO_COLOR, got %q", got)
	}
}

func TestProgressBarOnATerminal(t *testing.T) {
	for _, env := range [][]string{nil, {"NO_COLOR=1"}} {
		got := onTerminal(t, env, "search", "-", "--trials", "4", "--epochs", "1")
		for _, want := range []string{"best val_accuracy 0.", "(trial ", "/4"} {
			if !strings.Contains(got, want) {
				t.Errorf("with %q there is no %q in %q", env, want, got)
			}
		}
		if strings.Contains(got, "of 4 trials") {
			t.Errorf("with %q the lines for files are in %q", env, got)
		}
		if env != nil && strings.Contains(got, "\x1b[1;") {
			t.Errorf("with %q there is colour in %q", env, got)
		}
	}
}

// The bar of a training has its loss, the last accuracy, and the time that is left.
func TestTrainingBarOnATerminal(t *testing.T) {
	got := onTerminal(t, nil, "train", "-", "--epochs", "3")
	bar := regexp.MustCompile(`epoch 3/3, loss \d\.\d{4}, val_accuracy 0\.\d{4} [^\r]*\d+% \|.*\[\d+s:\d+s\]`)
	if !bar.MatchString(got) {
		t.Errorf("no bar as %s in %q", bar, got)
	}
}
