//go:build unix

package evaluators

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/samplers"
	"github.com/spacec-lang/spacec/stdlib"
	"github.com/spacec-lang/spacec/study"
)

func load(tb testing.TB, text string) *ir.Space {
	tb.Helper()
	var report diag.Report
	space := ir.Load(lang.NewSource("s.space", text), ir.Env{Ops: stdlib.Library(), Module: stdlib.Source}, &report)
	for _, d := range report.Diagnostics() {
		tb.Fatalf("%s: %s", d.Code, d.Message)
	}
	return space
}

// task is the trial of a point with given answers.
func task(tb testing.TB, space *ir.Space, answers map[string]string) *study.Task {
	tb.Helper()
	p, err := space.Replay(answers)
	if err != nil {
		tb.Fatal(err)
	}
	return &study.Task{Number: 7, Point: p}
}

const knobs = "config c {\n  lr: 0.1 | 0.2\n  kind: red | blue\n}\n"

// What a command writes and how it ends is what becomes of the trial.
func TestCommand(t *testing.T) {
	space := load(t, knobs)
	point := task(t, space, map[string]string{"c.lr": "0.2", "c.kind": "blue"})
	steps := []study.Intermediate{{Step: 1, Value: 0.25}, {Step: 2, Value: 0.5}}
	for line, want := range map[string]study.Evaluation{
		`echo '{"value": 0.5, "loss": 2, "params": 3}' > $SPACEC_RESULT`: study.Value(0.5, study.Metric{Name: "loss", Value: 2},
			study.Metric{Name: "reported_params", Value: 3}),
		`grep -o '"number":7' $SPACEC_POINT >/dev/null && sed 's/.*"c.lr":\([0-9.]*\).*/{"value": \1}/' $SPACEC_POINT > $SPACEC_RESULT`: study.Value(0.2),
		`for i in 1 2; do echo "{\"step\": $i, \"value\": 0.$((i * 25))}"; done > $SPACEC_RESULT`: {State: samplers.Complete, Value: 0.5,
			Intermediate: steps},
		`for i in 1 2; do echo "{\"step\": $i, \"value\": 0.$((i * 25))}"; done > $SPACEC_RESULT; echo '{"value": 1}' >> $SPACEC_RESULT`: {
			State: samplers.Complete, Value: 1, Intermediate: steps},
		`echo '{"step": 1, "value": 0.25}' > $SPACEC_RESULT; echo '{"state": "pruned", "value": 0.25}' >> $SPACEC_RESULT`: {State: samplers.Pruned,
			Value: 0.25, Intermediate: steps[:1]},
		`echo '{"state": "INFEASIBLE", "reason": "too deep"}' > $SPACEC_RESULT; exit 1`: study.Impossible("too deep"),
		`echo '{"state": "FAIL"}' > $SPACEC_RESULT`:                                     study.Failed("the evaluator says so"),
		`echo nothing here >&2`: study.Failed("it wrote no result to the file that $SPACEC_RESULT names: nothing here"),
		`echo '{"value": 1}' > $SPACEC_RESULT; echo no memory >&2; exit 3`: study.Failed("exit code 3: no memory"),
		`kill -9 $$`:                                                             study.Failed("signal: killed"),
		`echo '{"value": NaN}' > $SPACEC_RESULT`:                                 study.Failed(`line 1 of the results: this is no JSON object: {"value": NaN}`),
		`echo '{"value": 1, "lr": "big"}' > $SPACEC_RESULT`:                      study.Failed(`line 1 of the results: 'lr' is no number: {"value": 1, "lr": "big"}`),
		`echo '{"loss": 1}' > $SPACEC_RESULT`:                                    study.Failed(`line 1 of the results: there is no 'value': {"loss": 1}`),
		`echo '{"state": "done", "value": 1}' > $SPACEC_RESULT`:                  study.Failed(`line 1 of the results: the state 'DONE' is none of COMPLETE, PRUNED, FAIL and INFEASIBLE`),
		`rm $SPACEC_RESULT`:                                                      study.Failed("there are no results: open"),
		`awk 'BEGIN { for (i = 0; i < 9999; i++) print "line", i }' >&2; exit 1`: study.Failed("exit code 1: ..."),
	} {
		c := Command{Line: line}
		got, err := c.Evaluate(t.Context(), point)
		if err != nil {
			t.Errorf("%s: %v", line, err)
		}
		if strings.HasSuffix(want.Reason, "...") || strings.HasSuffix(want.Reason, "open") {
			if len(got.Reason) > maxReason+100 || !strings.HasPrefix(got.Reason, want.Reason) {
				t.Errorf("%s: the reason is %q", line, got.Reason)
			}
			want.Reason = got.Reason
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", line, diff)
		}
	}
}

func TestCommandsReward(t *testing.T) {
	point := task(t, load(t, knobs), map[string]string{"c.lr": "0.2", "c.kind": "blue"})
	c := Command{Line: `echo '{"latency": 12.5}' > $SPACEC_RESULT`, Reward: Reward{"latency", true}}
	got, err := c.Evaluate(t.Context(), point)
	if diff := cmp.Diff(study.Value(-12.5, study.Metric{Name: "latency", Value: 12.5}), got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	c.Line = `no-such-program-is-here`
	if _, err := c.Evaluate(t.Context(), point); err == nil || !strings.Contains(err.Error(), "not found") {
		t.Errorf("a command that isn't there is %v", err)
	}
}

// A command that is out of time, out of memory or interrupted is ended with all that it started.
func TestTheWholeProcessGroupEnds(t *testing.T) {
	point := task(t, load(t, knobs), map[string]string{"c.lr": "0.2", "c.kind": "blue"})
	for name, c := range map[string]Command{
		"it ran longer than the limit of 300ms: started": {Timeout: 300 * time.Millisecond},
		"it took more memory than the limit of 30 MiB":   {Memory: 30 << 20},
		"interrupted": {},
		"behind":      {},
	} {
		t.Run(name, func(t *testing.T) {
			if c.Memory > 0 && !MemoryLimits {
				t.Skip("memory isn't limited here")
			}
			pids := filepath.Join(t.TempDir(), "pids")
			c.Line = `sleep 100 & echo $! >> ` + pids + `; (trap "" TERM; sleep 100) & echo $! >> ` + pids + `; echo started >&2; `
			switch {
			case c.Memory > 0:
				c.Line += `awk 'BEGIN { s = "x"; for (i = 0; i < 27; i++) s = s s; while (1) n++ }'`
			case name == "behind": // what is left in the background when the command has ended
				c.Line += `echo '{"value": 1}' > $SPACEC_RESULT`
			default:
				c.Line += `wait`
			}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if name == "interrupted" {
				time.AfterFunc(300*time.Millisecond, cancel)
			}
			got, err := c.Evaluate(ctx, point)
			switch {
			case name == "interrupted" && !errors.Is(err, context.Canceled), name != "interrupted" && err != nil:
				t.Errorf("the error is %v", err)
			case name == "behind" && got.State != samplers.Complete:
				t.Errorf("it ends as %v", got)
			case c.Timeout+time.Duration(c.Memory) > 0 && (got.State != samplers.Fail || !strings.HasPrefix(got.Reason, name)):
				t.Errorf("it ends as %v", got)
			}
			text, err := os.ReadFile(pids)
			if err != nil || strings.Count(string(text), "\n") != 2 {
				t.Fatalf("%q %v", text, err)
			}
			for word := range strings.FieldsSeq(string(text)) {
				pid, err := strconv.Atoi(word)
				if err != nil {
					t.Fatal(err)
				}
				for end := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
					if gone(pid) {
						break
					}
					if time.Now().After(end) {
						t.Fatalf("process %d still runs", pid)
					}
				}
			}
		})
	}
}

// gone tells whether a process has ended; what nobody waits for is left as a zombie in some containers.
func gone(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return true
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && strings.Contains(string(stat), ") Z ")
}
