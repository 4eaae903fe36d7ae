package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// commands are what scripts can do beside testscript's commands:
//
//	exits CODE ARGS...       spacec ARGS exits with the code
//	quick CODE ARGS...       ... within the time that bad input may take
//	interrupt FILE ARGS...   spacec ARGS, interrupted once the file has a line, exits with 130
//	fill FILE N TEXT         the file is the text, again and again, up to N bytes
//	nested FILE N            the file is a space with an expression in N parentheses
//	noise FILE N             the file is N random bytes
//	npy FILE TYPE SIZES N... the file is NumPy's array of a type, as '<i4', of sizes, as 30,4: the numbers again and again
//	json FILE FIELD...       every line of the file is a JSON object that has the fields: a.b is a field of a field, a=v
//	                         one of that value; with ! it has none of them
//	atmost FILE FIELD N      ... whose field is at most N
//	prefix FILE FILE         the first file is the start of the second
//	trials FILE FILE         the lines are the same trials, apart from times
//	metrics FILE FILE        the objects have the same metrics
//	agree FILE FILE FIELD... the objects have the same values of the fields
func commands() map[string]func(*testscript.TestScript, bool, []string) {
	return map[string]func(*testscript.TestScript, bool, []string){
		"exits":     func(ts *testscript.TestScript, _ bool, args []string) { exits(ts, args) },
		"quick":     quick,
		"interrupt": interrupt,
		"fill":      fill,
		"nested":    nested,
		"noise":     noise,
		"npy":       npy,
		"json":      checkJSON,
		"atmost":    atMost,
		"prefix":    prefix,
		"trials":    sameTrials,
		"metrics":   sameMetrics,
		"agree":     agree,
	}
}

// exits runs spacec and compares its exit code.
func exits(ts *testscript.TestScript, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec("spacec", args[1:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("it exits with %d, want %d", got, want)
	}
}

// patience is how long bad input may take: a second, and as much again for a machine that is busy with other tests.
const patience = 2 * time.Second

func quick(ts *testscript.TestScript, _ bool, args []string) {
	start := time.Now()
	exits(ts, args)
	if took := time.Since(start); took > patience {
		ts.Fatalf("it took %v", took)
	}
}

func interrupt(ts *testscript.TestScript, _ bool, args []string) {
	file := ts.MkAbs(args[0])
	path, err := exec.LookPath("spacec")
	ts.Check(err)
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(path, args[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = ts.MkAbs("."), &stdout, &stderr
	ts.Check(cmd.Start())
	exit := make(chan error, 1)
	go func() { exit <- cmd.Wait() }()
	ticks := time.NewTicker(10 * time.Millisecond)
	defer ticks.Stop()
	sent := false
	for {
		select {
		case <-exit:
			ts.Logf("[stdout]\n%s[stderr]\n%s", &stdout, &stderr)
			if code := cmd.ProcessState.ExitCode(); !sent || code != exitInterrupt {
				ts.Fatalf("it exits with %d (interrupted: %v), want %d after the interrupt", code, sent, exitInterrupt)
			}
			ts.Check(os.WriteFile(ts.MkAbs("interrupted.stdout"), stdout.Bytes(), 0o666))
			ts.Check(os.WriteFile(ts.MkAbs("interrupted.stderr"), stderr.Bytes(), 0o666))
			return
		case <-ticks.C:
			if b, err := os.ReadFile(file); !sent && err == nil && bytes.Contains(b, []byte{'\n'}) {
				sent = true
				ts.Check(cmd.Process.Signal(os.Interrupt))
			}
		}
	}
}

func fill(ts *testscript.TestScript, _ bool, args []string) {
	text := args[2]
	n := number(ts, args[1])
	write(ts, args[0], strings.Repeat(text, n/len(text)+1)[:n])
}

func nested(ts *testscript.TestScript, _ bool, args []string) {
	n := number(ts, args[1])
	write(ts, args[0], "space s\nuse std\ninput x: [10]\nnet = "+strings.Repeat("(", n)+"relu"+strings.Repeat(")", n)+"\n")
}

func noise(ts *testscript.TestScript, _ bool, args []string) {
	b := make([]byte, number(ts, args[1]))
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range b {
		b[i] = byte(rng.Uint32())
	}
	write(ts, args[0], string(b))
}

func npy(ts *testscript.TestScript, _ bool, args []string) {
	n := 1
	for _, size := range strings.Split(args[2], ",") {
		n *= number(ts, size)
	}
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s,), }\n", args[1], args[2])
	b := append([]byte("\x93NUMPY\x01\x00"), byte(len(header)), byte(len(header)>>8))
	b = append(b, header...)
	for i := range n {
		x, err := strconv.ParseFloat(args[3+i%(len(args)-3)], 64)
		ts.Check(err)
		var v any = float32(x)
		if strings.Contains(args[1], "i4") {
			v = int32(x)
		}
		b, err = binary.Append(b, binary.LittleEndian, v)
		ts.Check(err)
	}
	write(ts, args[0], string(b))
}

func number(ts *testscript.TestScript, text string) int {
	n, err := strconv.Atoi(text)
	ts.Check(err)
	return n
}

func write(ts *testscript.TestScript, name, text string) {
	ts.Check(os.WriteFile(ts.MkAbs(name), []byte(text), 0o666))
}
