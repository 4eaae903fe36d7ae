// Package cores shares work among the cores. A Team's helpers are goroutines that look for work for a moment after they had
// some, since one op follows the other within microseconds and waking a sleeping core takes longer than that; then they end.
package cores

import (
	"runtime"
	"sync/atomic"
)

// Task is work on n things of which each can be worked on without the others.
type Task interface {
	// Do works on the things [lo, hi). Worker tells those apart that work at the same time: it is from 0 to Size()-1.
	Do(worker, lo, hi int)
}

// Func is a Task. Making a Func that needs variables allocates: in what runs at each step, make it once.
type Func func(worker, lo, hi int)

func (f Func) Do(worker, lo, hi int) { f(worker, lo, hi) }

// Team is some cores working together. A nil Team is one core. One goroutine gives it work at a time, and tasks give it none.
type Team struct {
	size    int
	task    Task
	n       int // things
	grain   int // things in a part
	parts   int64
	left    atomic.Int64 // parts that nobody has taken; below 0, too
	open    atomic.Int64 // parts that aren't done
	trouble atomic.Pointer[any]
	alive   []atomic.Bool // which helpers look for work
	start   []func()
}

// New is a team of size cores, 0 being as many as Go may use; never more than that.
func New(size int) *Team {
	if most := runtime.GOMAXPROCS(0); size < 1 || size > most {
		size = most
	}
	t := &Team{size: size, alive: make([]atomic.Bool, size)}
	for w := range size {
		t.start = append(t.start, func() { t.help(w) })
	}
	return t
}

// Size is how many cores there are.
func (t *Team) Size() int {
	if t == nil {
		return 1
	}
	return t.size
}

// Do works on n things in parts of grain or fewer, and returns when all are done. Which core does which part differs from
// time to time: results are the same as long as they don't depend on the worker. It allocates nothing. A panic of the task
// is one of Do.
func (t *Team) Do(n, grain int, task Task) {
	grain = max(1, grain)
	if n <= 0 {
		return
	}
	if t.Size() == 1 || n <= grain {
		task.Do(0, 0, n)
		return
	}
	t.task, t.n, t.grain, t.parts = task, n, grain, int64((n+grain-1)/grain)
	t.open.Store(t.parts)
	t.left.Store(t.parts)
	for w := 1; w < t.size && int64(w) < t.parts; w++ {
		if t.alive[w].CompareAndSwap(false, true) {
			go t.start[w]()
		}
	}
	t.work(0)
	for i := 0; t.open.Load() > 0; i++ {
		rest(i)
	}
	t.task = nil
	if p := t.trouble.Swap(nil); p != nil {
		panic(*p)
	}
}

// work takes parts until none is left.
func (t *Team) work(worker int) {
	for {
		left := t.left.Add(-1)
		if left < 0 {
			return
		}
		t.part(worker, int(t.parts-1-left))
	}
}

func (t *Team) part(worker, i int) {
	defer t.open.Add(-1)
	defer func() {
		if p := recover(); p != nil {
			t.note(p)
		}
	}()
	t.task.Do(worker, i*t.grain, min(t.n, (i+1)*t.grain))
}

// note keeps the first trouble.
func (t *Team) note(p any) { t.trouble.CompareAndSwap(nil, &p) }

// patience is how often a helper looks for work before it ends: some tens of microseconds.
const patience = 1000

func (t *Team) help(worker int) {
	for {
		for i := 0; i < patience; i++ {
			if t.left.Load() > 0 {
				t.work(worker)
				i = 0
			}
			rest(i)
		}
		t.alive[worker].Store(false)
		// Work may have come since the last look, of someone who thought that this helper would see it.
		if t.left.Load() <= 0 || !t.alive[worker].CompareAndSwap(false, true) {
			return
		}
	}
}

// rest lets other goroutines run now and then.
func rest(i int) {
	if i%32 == 31 {
		runtime.Gosched()
	} else {
		pause()
	}
}
