package evaluators

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spacec-lang/spacec/samplers"
	"github.com/spacec-lang/spacec/study"
)

// Command evaluates points by a command line of the system's shell, in a process group of its own.
type Command struct {
	Line    string
	Reward  Reward        // its Name may be empty
	Timeout time.Duration // 0 for none
	Memory  int64         // the most bytes that its processes may hold, 0 for no limit; on Linux only
}

// How an evaluating program is told of its point, and tells what came of it.
const (
	PointVariable  = "SPACEC_POINT"
	ResultVariable = "SPACEC_RESULT"
)

// grace is how long a process group has to end once it is asked to.
const grace = 2 * time.Second

const (
	maxReason = 1000     // bytes of the end of standard error that a reason keeps
	maxResult = 64 << 20 // bytes that results may have
)

// Evaluate runs the command for a point: an Evaluator. A command that the shell doesn't find is an error.
func (c *Command) Evaluate(ctx context.Context, t *study.Task) (study.Evaluation, error) {
	dir, err := os.MkdirTemp("", "spacec-trial")
	if err != nil {
		return study.Evaluation{}, err
	}
	defer os.RemoveAll(dir)
	point, result := filepath.Join(dir, "point.json"), filepath.Join(dir, "result.jsonl")
	var text bytes.Buffer
	if err := study.WritePoint(&text, t.Number, t.Point, true); err != nil {
		return study.Failed("%v", err), nil
	}
	if err := errors.Join(os.WriteFile(point, text.Bytes(), 0o600), os.WriteFile(result, nil, 0o600)); err != nil {
		return study.Evaluation{}, err
	}
	cmd := shell(c.Line)
	cmd.Env = append(os.Environ(), PointVariable+"="+point, ResultVariable+"="+result)
	ended, err := c.run(ctx, cmd)
	if err != nil {
		return study.Evaluation{}, err
	}
	if ctx.Err() != nil {
		return study.Evaluation{}, ctx.Err()
	}
	e := c.read(result)
	switch {
	case ended.stopped != "":
		return study.Evaluation{State: samplers.Fail, Reason: withTail(ended.stopped, ended.tail), Intermediate: e.Intermediate}, nil
	case ended.code == 126 || ended.code == 127:
		return study.Evaluation{}, fmt.Errorf("the evaluator can't be run: %s", withTail(fmt.Sprintf("exit code %d", ended.code), ended.tail))
	case e.State == samplers.Infeasible:
		return e, nil
	case ended.code != 0:
		return study.Evaluation{State: samplers.Fail, Reason: withTail(ended.how, ended.tail), Intermediate: e.Intermediate}, nil
	case e.State == samplers.Fail:
		e.Reason = withTail(e.Reason, ended.tail)
	}
	return e, nil
}

// ending is how a command ended.
type ending struct {
	code    int    // -1 for a signal
	how     string // in words
	stopped string // why it was ended from here
	tail    string // of its standard error
}

func withTail(text, tail string) string {
	if tail == "" {
		return text
	}
	return text + ": " + tail
}

// run runs a command to its end, and ends what it has left behind.
func (c *Command) run(ctx context.Context, cmd *exec.Cmd) (*ending, error) {
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	cmd.Stderr = w
	err = cmd.Start()
	w.Close()
	if err != nil {
		return nil, fmt.Errorf("the evaluator can't be run: %w", err)
	}
	tail := make(chan string, 1)
	go func() { tail <- lastOf(r) }()
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	e := &ending{}
	e.stopped, err = c.attend(ctx, cmd.Process.Pid, done)
	end(cmd.Process.Pid, true) // what it left in the background
	r.SetReadDeadline(time.Now().Add(grace))
	e.tail, e.code, e.how = <-tail, cmd.ProcessState.ExitCode(), cmd.ProcessState.String()
	e.how = strings.Replace(e.how, "exit status", "exit code", 1)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	return e, nil
}

// attend waits until a command has ended, which it does itself where the time or memory is used up or ctx ends.
func (c *Command) attend(ctx context.Context, pid int, done <-chan error) (stopped string, err error) {
	var late <-chan time.Time
	if c.Timeout > 0 {
		timer := time.NewTimer(c.Timeout)
		defer timer.Stop()
		late = timer.C
	}
	var check <-chan time.Time
	if c.Memory > 0 {
		ticks := time.NewTicker(50 * time.Millisecond)
		defer ticks.Stop()
		check = ticks.C
	}
	for stopped == "" {
		select {
		case err := <-done:
			return "", err
		case <-ctx.Done():
			stopped = "interrupted"
		case <-late:
			stopped = fmt.Sprintf("it ran longer than the limit of %s", c.Timeout)
		case <-check:
			if memoryOf(pid) > c.Memory {
				stopped = fmt.Sprintf("it took more memory than the limit of %d MiB", c.Memory>>20)
			}
		}
	}
	end(pid, false)
	select {
	case err = <-done:
	case <-time.After(grace):
		end(pid, true)
		err = <-done
	}
	return stopped, err
}

// lastOf reads to the end, and keeps the last lines.
func lastOf(r io.Reader) string {
	var kept []byte
	buf := make([]byte, 4096)
	for {
		n, err := r.Read(buf)
		kept = append(kept, buf[:n]...)
		if over := len(kept) - 2*maxReason; over > 0 {
			kept = kept[over:]
		}
		if err != nil {
			break
		}
	}
	text := strings.TrimSpace(strings.ToValidUTF8(string(kept), "\uFFFD"))
	if over := len(text) - maxReason; over > 0 {
		text = "..." + strings.ToValidUTF8(text[over:], "")
	}
	return text
}

// read reads results: lines of JSON objects of numbers. One with a step is a value on the way; the last of the others, or else the
// last of these, is the result. It may say its state, and a reason.
func (c *Command) read(path string) study.Evaluation {
	f, err := os.Open(path)
	if err != nil {
		return study.Failed("there are no results: %v", err)
	}
	defer f.Close()
	lines := bufio.NewScanner(io.LimitReader(f, maxResult))
	lines.Buffer(nil, maxResult)
	var final *study.Evaluation
	var steps []study.Intermediate
	for number := 1; lines.Scan(); number++ {
		if len(bytes.TrimSpace(lines.Bytes())) == 0 {
			continue
		}
		e, step, err := c.line(lines.Bytes())
		switch {
		case err != nil:
			return study.Failed("line %d of the results: %v", number, err)
		case step != nil:
			steps = append(steps, study.Intermediate{Step: *step, Value: e.Value})
		default:
			final = &e
		}
	}
	if err := lines.Err(); err != nil {
		return study.Failed("the results: %v", err)
	}
	if final == nil && steps != nil {
		last := study.Value(steps[len(steps)-1].Value)
		final = &last
	}
	if final == nil {
		return study.Failed("it wrote no result to the file that $%s names", ResultVariable)
	}
	final.Intermediate = steps
	return *final
}

// line reads one result.
func (c *Command) line(text []byte) (e study.Evaluation, step *float64, err error) {
	var members map[string]any
	if err := json.Unmarshal(text, &members); err != nil {
		return e, nil, fmt.Errorf("this is no JSON object: %.100s", text)
	}
	e.State = samplers.Complete
	valued := false
	for _, name := range slices.Sorted(maps.Keys(members)) {
		x, isNumber := members[name].(float64)
		s, isText := members[name].(string)
		switch {
		case name == "state" && isText:
			e.State = samplers.State(strings.ToUpper(s))
		case name == "reason" && isText:
			e.Reason = s
		case !isNumber:
			return e, nil, fmt.Errorf("'%s' is no number: %.100s", name, text)
		case name == "step":
			step = &x
		case name == c.Reward.Name:
			e.Value, valued = c.Reward.Value(x), true
			e.Metrics = append(e.Metrics, Metric(name, x))
		case name == "value" && !valued:
			e.Value, valued = c.Reward.Value(x), true
		default:
			e.Metrics = append(e.Metrics, Metric(name, x))
		}
	}
	switch {
	case !slices.Contains([]samplers.State{samplers.Complete, samplers.Pruned, samplers.Fail, samplers.Infeasible}, e.State):
		return e, nil, fmt.Errorf("the state '%s' is none of COMPLETE, PRUNED, FAIL and INFEASIBLE", e.State)
	case e.State == samplers.Fail || e.State == samplers.Infeasible:
		if e.Reason == "" {
			e.Reason = "the evaluator says so"
		}
		return study.Evaluation{State: e.State, Reason: e.Reason}, nil, nil
	case !valued && c.Reward.Name != "":
		return e, nil, fmt.Errorf("there is neither 'value' nor '%s': %.100s", c.Reward.Name, text)
	case !valued:
		return e, nil, fmt.Errorf("there is no 'value': %.100s", text)
	}
	e.Reason = ""
	return e, step, nil
}
