// Command spacec checks search spaces written in the .space language, draws points from them, compiles and
// trains points, and searches for the best.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
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

// heapRoom is how large the heap may grow before garbage is collected, however little of it is in use.
const heapRoom = 128 << 20

// collectLate has collections of garbage wait for a heap of that size: most commands end before, in half the time, and those
// that draw and build many points aren't held up at every few. A heap that is larger goes as ever.
func collectLate() {
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(100 * heapRoom / (4 << 20)) // Go takes a heap to be 4 MB at least
	var collected func(int)
	collected = func(int) {
		live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(live)
		debug.SetGCPercent(max(100, int(100*heapRoom/max(live[0].Value.Uint64(), 1))-100))
		runtime.AddCleanup(new([64]byte), collected, 0) // the next collection takes it
	}
	runtime.AddCleanup(new([64]byte), collected, 0)
}
