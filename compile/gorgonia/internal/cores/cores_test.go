package cores

import (
	"runtime"
	"sync/atomic"
	"testing"
	"time"
)

// many has as many cores as size, even where the machine has fewer.
func many(t testing.TB, size int) *Team {
	before := runtime.GOMAXPROCS(max(size, runtime.GOMAXPROCS(0)))
	t.Cleanup(func() { runtime.GOMAXPROCS(before) })
	return New(size)
}

func TestEachThingIsWorkedOnOnce(t *testing.T) {
	for _, size := range []int{1, 2, 5} {
		team := many(t, size)
		for _, n := range []int{0, 1, 2, 7, 1000} {
			for _, grain := range []int{0, 1, 3, 2000} {
				done := make([]int32, n)
				team.Do(n, grain, Func(func(worker, lo, hi int) {
					if worker < 0 || worker >= size || size > 1 && hi-lo > max(1, grain) {
						t.Errorf("worker %d of %d is given [%d, %d) where a part has %d", worker, size, lo, hi, grain)
					}
					for i := lo; i < hi; i++ {
						atomic.AddInt32(&done[i], 1)
					}
				}))
				for i, times := range done {
					if times != 1 {
						t.Fatalf("of %d, %d was done %d times", n, i, times)
					}
				}
			}
		}
	}
}

func TestANilTeamIsOneCore(t *testing.T) {
	var team *Team
	calls := 0
	team.Do(10, 2, Func(func(worker, lo, hi int) { calls += hi - lo }))
	if team.Size() != 1 || calls != 10 {
		t.Errorf("a nil team has %d cores and did %d of 10", team.Size(), calls)
	}
}

// What one wrote in a task, all others see in the next; the race detector would tell.
func TestTasksFollowEachOther(t *testing.T) {
	team := many(t, 4)
	x, y := make([]int, 64), make([]int, 64)
	for round := range 500 {
		team.Do(64, 1, Func(func(_, lo, _ int) { x[lo] = y[63-lo] + 1 }))
		team.Do(64, 1, Func(func(_, lo, _ int) { y[lo] = x[63-lo] }))
		if y[round%64] != round+1 {
			t.Fatalf("round %d made %d", round, y[round%64])
		}
	}
}

func TestAPanicIsTheCallers(t *testing.T) {
	team := many(t, 3)
	for range 50 {
		func() {
			defer func() {
				if p := recover(); p != "seven" {
					t.Errorf("the panic is %v", p)
				}
			}()
			team.Do(20, 1, Func(func(_, lo, _ int) {
				if lo == 7 {
					panic("seven")
				}
			}))
		}()
	}
	sum := int32(0)
	team.Do(20, 1, Func(func(_, lo, _ int) { atomic.AddInt32(&sum, int32(lo)) }))
	if sum != 190 {
		t.Errorf("after panics a task made %d", sum)
	}
}

func TestHelpersEnd(t *testing.T) {
	before := runtime.NumGoroutine()
	team := many(t, 4)
	team.Do(100, 1, Func(func(int, int, int) {}))
	for end := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d goroutines stay", runtime.NumGoroutine()-before)
		}
	}
}

type nothing struct{}

func (nothing) Do(int, int, int) {}

func TestDoAllocatesNothing(t *testing.T) {
	team := many(t, 2)
	if n := testing.AllocsPerRun(1000, func() { team.Do(8, 1, nothing{}) }); n > 0 {
		t.Errorf("a task takes %v allocations", n)
	}
}

func BenchmarkDo(b *testing.B) {
	team := New(0)
	for b.Loop() {
		team.Do(8, 1, nothing{})
	}
}

// BenchmarkApart gives work after breaks in which the helpers end.
func BenchmarkApart(b *testing.B) {
	team := New(0)
	var worked time.Duration
	for b.Loop() {
		for start := time.Now(); time.Since(start) < 200*time.Microsecond; {
		}
		start := time.Now()
		team.Do(8, 1, nothing{})
		worked += time.Since(start)
	}
	b.ReportMetric(float64(worked.Nanoseconds())/float64(b.N), "ns/task")
}
