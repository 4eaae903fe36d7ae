package cores

// pause tells the processor that the goroutine waits, so that another one on the same core gets its turns.
func pause()
