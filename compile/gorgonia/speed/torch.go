package main

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"golang.org/x/sys/cpu"
)

//go:embed steps.py
var program string

// torch is PyTorch in a process of its own, on a number of threads. It reads a JSON object a line and answers with one.
type torch struct {
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Reader
}

// startTorch also says which PyTorch it is.
func startTorch(python string, threads int) (*torch, string, error) {
	cmd := exec.Command(python, "-c", program)
	cmd.Env = append(os.Environ(), fmt.Sprint("OMP_NUM_THREADS=", threads), fmt.Sprint("OPENBLAS_NUM_THREADS=", threads))
	cmd.Env = append(cmd.Env, fastest()...)
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, "", err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	var errors strings.Builder
	cmd.Stderr = &errors
	if err := cmd.Start(); err != nil {
		return nil, "", err
	}
	t := &torch{cmd, in, bufio.NewReader(out)}
	var hello struct{ About string }
	if err := t.ask(map[string]any{"threads": threads}, &hello); err != nil {
		t.stop()
		lines := strings.Split(strings.TrimSpace(errors.String()), "\n")
		return nil, "", fmt.Errorf("%s: %s", python, lines[len(lines)-1])
	}
	return t, hello.About, nil
}

// fastest is the environment in which PyTorch's products are fastest: an OpenBLAS whose threads are OpenMP's, as PyTorch's own are, and
// the processor named to it, as an older OpenBLAS takes the loops of 2004 on a processor that it doesn't know.
func fastest() (env []string) {
	const dir = "/usr/lib/x86_64-linux-gnu/openblas-openmp"
	if _, err := os.Stat(dir); err == nil && os.Getenv("LD_LIBRARY_PATH") == "" {
		env = append(env, "LD_LIBRARY_PATH="+dir)
	}
	if os.Getenv("OPENBLAS_CORETYPE") == "" {
		switch {
		case cpu.X86.HasAVX512F && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL && cpu.X86.HasAVX512DQ:
			env = append(env, "OPENBLAS_CORETYPE=SkylakeX")
		case cpu.X86.HasAVX2 && cpu.X86.HasFMA:
			env = append(env, "OPENBLAS_CORETYPE=Haswell")
		}
	}
	return env
}

func (t *torch) ask(question, answer any) error {
	text, err := json.Marshal(question)
	if err != nil {
		return err
	}
	if _, err := t.in.Write(append(text, '\n')); err != nil {
		return err
	}
	line, err := t.out.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("it ended: %w", err)
	}
	return json.Unmarshal(line, answer)
}

func (t *torch) stop() {
	t.in.Close()
	_ = t.cmd.Wait()
}

func (t *torch) load(m *model, file string) error {
	var order []string
	for _, p := range m.net.Params() {
		order = append(order, p.Name)
	}
	var ok bool
	return t.ask(map[string]any{"model": m.name, "file": file, "order": order, "rate": rate}, &ok)
}

func (t *torch) steps(m *model, n int) (losses, seconds []float64, err error) {
	var a struct{ Losses, Seconds []float64 }
	err = t.ask(map[string]any{"model": m.name, "steps": n}, &a)
	return a.Losses, a.Seconds, err
}
