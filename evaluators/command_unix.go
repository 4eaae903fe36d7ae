//go:build unix

package evaluators

import (
	"os/exec"
	"syscall"
)

// shell is a command line, to be run in a process group of its own.
func shell(line string) *exec.Cmd {
	cmd := exec.Command("sh", "-c", line)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd
}

// end asks the process group of a command to end, or ends it.
func end(pid int, now bool) {
	signal := syscall.SIGTERM
	if now {
		signal = syscall.SIGKILL
	}
	syscall.Kill(-pid, signal) // there may be no process left
}
