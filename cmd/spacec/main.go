// Command spacec checks search spaces written in the .space language, draws points from them, compiles and
// trains points, and searches for the best.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/term"
)

func main() { os.Exit(start()) }

func start() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second interrupt ends the program at once
	terminal := func(f *os.File) bool { return term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb" }
	color := os.Getenv("NO_COLOR") == ""
	a := &app{in: os.Stdin, out: os.Stdout, err: os.Stderr, terminal: terminal(os.Stderr),
		color: color && terminal(os.Stderr), outColor: color && terminal(os.Stdout)}
	return a.run(ctx, os.Args[1:])
}
