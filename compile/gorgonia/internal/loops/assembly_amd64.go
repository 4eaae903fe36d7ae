package loops

import "golang.org/x/sys/cpu"

// assembly is the loops in assembly that the processor can run.
func assembly() (all []Set[float32]) {
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512VL {
		all = append(all, Set[float32]{"avx512", 16, 8,
			tiles(tileAVX5121, tileAVX5122, tileAVX5123), dots(dotAVX5121, dotAVX5122, dotAVX5123), sliding(slideAVX512)})
	}
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		all = append(all, Set[float32]{"avx2", 8, 4, tiles(tileAVX21, tileAVX22, tileAVX23), dots(dotAVX21, dotAVX22, dotAVX23), sliding(slideAVX2)})
	}
	return all
}

func tiles(by ...func(k int, a, b *float32, rows, cols *int32, c *float32, ldc int, outs *int32, add bool)) func(v, k int, a, b []float32, rows, cols []int32, c []float32, ldc int, outs []int32, add bool) {
	return func(v, k int, a, b []float32, rows, cols []int32, c []float32, ldc int, outs []int32, add bool) {
		by[v-1](k, &a[0], &b[0], &rows[0], &cols[0], &c[0], ldc, &outs[0], add)
	}
}

func dots(by ...func(n int, y *float32, ldy int, x *float32, offsets *int32, to *float32, ldto int)) func(v, n int, y []float32, ldy int, x []float32, offsets []int32, to []float32, ldto int) {
	return func(v, n int, y []float32, ldy int, x []float32, offsets []int32, to []float32, ldto int) {
		by[v-1](n, &y[0], ldy, &x[0], &offsets[0], &to[0], ldto)
	}
}

func sliding(by func(n, k int, w, x *float32, offsets *int32, y *float32)) func(n, k int, w, x []float32, offsets []int32, y []float32) {
	return func(n, k int, w, x []float32, offsets []int32, y []float32) {
		by(n, k, &w[0], &x[0], &offsets[0], &y[0])
	}
}
