package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"
)

// grace is how long an interrupted command has to end by itself, with whole lines written.
const grace = 100 * time.Millisecond

// execute runs the command of a command line, in the background: what solves or counts doesn't look at the context, and is
// left behind at an interrupt, where the program ends.
func (a *app) execute(ctx context.Context, root *cobra.Command) (*cobra.Command, error) {
	type result struct {
		cmd *cobra.Command
		err error
	}
	done := make(chan result, 1)
	go func() {
		cmd, err := root.ExecuteContextC(ctx)
		done <- result{cmd, err}
	}()
	select {
	case r := <-done:
		return r.cmd, r.err
	case <-ctx.Done():
	}
	select {
	case r := <-done:
		return r.cmd, r.err
	case <-time.After(grace):
	}
	free := make(chan struct{})
	go func() {
		a.writing.Lock() // for good: nothing begins to write any more
		close(free)
	}()
	select {
	case r := <-done:
		return r.cmd, r.err
	case <-free:
		return root, ctx.Err()
	}
}

// undisturbed does what an interrupt has to wait for.
func (a *app) undisturbed(files func() error) error {
	a.writing.Lock()
	defer a.writing.Unlock()
	return files()
}

// endsItself says that the command looks at the context from here on, and writes: an interrupt waits until it has ended.
func (a *app) endsItself() { a.writing.Lock() }
