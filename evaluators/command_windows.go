package evaluators

import (
	"os/exec"
	"strconv"
	"syscall"
)

// shell is a command line, to be run.
func shell(line string) *exec.Cmd {
	cmd := exec.Command("cmd")
	cmd.SysProcAttr = &syscall.SysProcAttr{CmdLine: "/C " + line, CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
	return cmd
}

// end ends a command and what it started; there is no asking.
func end(pid int, _ bool) {
	exec.Command("taskkill", "/T", "/F", "/PID", strconv.Itoa(pid)).Run() // there may be no process left
}
