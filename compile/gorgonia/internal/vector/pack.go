package vector

// Rows is to[r*stride + i] = by * from[r*ld + i] for r below m and i below n.
func Rows(to, from []float32, m, n, stride, ld int, by float32) {
	if m == 0 || n == 0 {
		return
	}
	_, _ = to[(m-1)*stride+n-1], from[(m-1)*ld+n-1]
	all := whole(n)
	if all > 0 {
		rows(m, all, &to[0], &from[0], 4*stride, 4*ld, by)
	}
	if all == n {
		return
	}
	for r := range m {
		for i := all; i < n; i++ {
			to[r*stride+i] = by * from[r*ld+i]
		}
	}
}

// Turn is to[i*stride + r] = by * from[r*ld + i] for r below m and i below n: the transpose.
func Turn(to, from []float32, m, n, stride, ld int, by float32) {
	if m == 0 || n == 0 {
		return
	}
	_, _ = to[(n-1)*stride+m-1], from[(m-1)*ld+n-1]
	all, high := whole(n), whole(m)
	for r := 0; r < high && all > 0; r += lanes {
		turn(all, &to[r], &from[r*ld], 4*stride, 4*ld, by)
	}
	for r := range m {
		start := 0
		if r < high {
			start = all
		}
		for i := start; i < n; i++ {
			to[i*stride+r] = by * from[r*ld+i]
		}
	}
}
