package evaluators

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// MemoryLimits tells whether a Command's memory can be limited here.
const MemoryLimits = true

// memoryOf is how many bytes the processes of a group hold: what several share counts once in all.
func memoryOf(group int) int64 {
	var total int64
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, stat := range stats {
		text, err := os.ReadFile(stat)
		if err != nil {
			continue // it has ended
		}
		fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:]) // state, parent, group, ...
		if len(fields) < 22 || string(fields[2]) != strconv.Itoa(group) {
			continue
		}
		total += held(filepath.Dir(stat), fields)
	}
	return total
}

// held is what one process holds.
func held(dir string, fields [][]byte) int64 {
	if text, err := os.ReadFile(filepath.Join(dir, "smaps_rollup")); err == nil {
		var kib int64
		if at := bytes.Index(text, []byte("\nPss:")); at >= 0 {
			if _, err := fmt.Sscan(string(text[at+5:]), &kib); err == nil {
				return kib << 10
			}
		}
	}
	pages, _ := strconv.ParseInt(string(fields[21]), 10, 64)
	return pages * int64(os.Getpagesize())
}
