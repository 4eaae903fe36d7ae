// Command spacec checks search spaces written in the .space language, draws points from them, compiles and
// trains points, and searches for the best.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"

	"golang.org/x/term"
)

func main() { os.Exit(start()) }

func start() int {
	collectLate()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second interrupt ends the program at once
	terminal := func(f *os.File) bool { return term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb" }
	color := os.Getenv("NO_COLOR") == ""
	a := &app{in: os.Stdin, out: os.Stdout, err: os.Stderr, terminal: terminal(os.Stderr),
		color: color && terminal(os.Stderr), outColor: color && terminal(os.Stdout)}
	return a.run(ctx, os.Args[1:])
}

// collectLate has the first collection of garbage wait for a heap of 64 MB, 16 times what Go waits for: most commands end
// before that, in half the time. From then on it goes as ever.
func collectLate() {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(1600)
	runtime.AddCleanup(new([64]byte), func(int) { debug.SetGCPercent(100) }, 0) // the first collection takes it
}
