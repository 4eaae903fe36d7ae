package windows

import "slices"

// multiply goes through the blocks of c.
func multiply(f *Work[float32], m, n, k int, alpha float32, a, b Matrix[float32], beta float32, c Matrix[float32]) {
	grow(&f.a, (min(m, mc)+mr-1)/mr*mr*min(k, kc))
	grow(&f.b, (min(n, nc)+nr-1)/nr*nr*min(k, kc))
	for j := 0; j < n; j += nc {
		width := min(nc, n-j)
		for p := 0; p < k; p += kc {
			depth := min(kc, k-p)
			packB(f.b, b, p, j, depth, width)
			for i := 0; i < m; i += mc {
				height := min(mc, m-i)
				packA(f.a, a, i, p, height, depth, alpha)
				by := float32(1)
				if p == 0 {
					by = beta
				}
				block(f, i, j, height, width, depth, by, c)
			}
		}
	}
}

// block is c = a b + beta * c for the packed blocks, c from row i0 and column j0.
func block(f *Work[float32], i0, j0, m, n, k int, beta float32, c Matrix[float32]) {
	var edge [mr * nr]float32
	for j := 0; j < n; j += nr {
		b := &f.b[j*k]
		cols := min(nr, n-j)
		for i := 0; i < m; i += mr {
			a := &f.a[i*k]
			rows := min(mr, m-i)
			if at, stride, ok := tile(c, i0+i, j0+j, rows, cols); ok {
				if beta != 1 {
					for r := range mr {
						scale(c.Data[at+r*stride:][:nr], beta)
					}
				}
				kernel(k, a, b, &c.Data[at], stride)
				continue
			}
			clear(edge[:])
			kernel(k, a, b, &edge[0], nr)
			for r := range rows {
				add(c, i0+i+r, j0+j, edge[r*nr:][:cols], beta)
			}
		}
	}
}

// scale multiplies by beta; what isn't a number doesn't outlive 0.
func scale(row []float32, beta float32) {
	if beta == 0 {
		clear(row)
		return
	}
	for i := range row {
		row[i] *= beta
	}
}

// tile is where a full block of c stands, if its rows are runs in memory at equal distances.
func tile(c Matrix[float32], i, j, rows, cols int) (at, stride int, ok bool) {
	if rows < mr || cols < nr {
		return 0, 0, false
	}
	if c.Rows == nil {
		return i*c.Stride + j, c.Stride, true
	}
	if c.Cols[j+nr-1]-c.Cols[j] != nr-1 { // columns only ever go up
		return 0, 0, false
	}
	stride = int(c.Rows[i+1] - c.Rows[i])
	return int(c.Rows[i] + c.Cols[j]), stride, int(c.Rows[i+mr-1]-c.Rows[i]) == (mr-1)*stride
}

// add is a part of a row of c times beta, plus values.
func add(c Matrix[float32], i, j int, values []float32, beta float32) {
	if c.Rows == nil {
		row := c.Data[i*c.Stride+j:][:len(values)]
		scale(row, beta)
		for x, v := range values {
			row[x] += v
		}
		return
	}
	if start, end := c.Cols[j], c.Cols[j+len(values)-1]; int(end-start) == len(values)-1 {
		add(Matrix[float32]{Data: c.Data[c.Rows[i]+start:]}, 0, 0, values, beta)
		return
	}
	for x, v := range values {
		at := c.Rows[i] + c.Cols[j+x]
		if beta != 0 {
			v += beta * c.Data[at]
		}
		c.Data[at] = v
	}
}

// packA lays out rows [i, i+m) and columns [p, p+k) of alpha * a: mr rows at a time, column after column.
func packA(to []float32, a Matrix[float32], i, p, m, k int, alpha float32) {
	for ; m > 0; i, m = i+mr, m-mr {
		rows := min(m, mr)
		panel := to[:mr*k]
		to = to[mr*k:]
		if rows < mr {
			clear(panel)
		}
		switch {
		case a.Rows != nil:
			for r, start := range a.Rows[i : i+rows] {
				from, at := a.Data[start:], r
				for _, c := range a.Cols[p : p+k] {
					panel[at] = alpha * from[c]
					at += mr
				}
			}
		case a.Transposed:
			for x := 0; x < k; x++ {
				from := a.Data[(p+x)*a.Stride+i:][:rows]
				to := panel[x*mr:][:mr]
				for r, v := range from {
					to[r] = alpha * v
				}
			}
		default:
			for r := 0; r < rows; r++ {
				at := r
				for _, v := range a.Data[(i+r)*a.Stride+p:][:k] {
					panel[at] = alpha * v
					at += mr
				}
			}
		}
	}
}

// packB lays out rows [p, p+k) and columns [j, j+n) of b: nr columns at a time, row after row.
func packB(to []float32, b Matrix[float32], p, j, k, n int) {
	for ; n > 0; j, n = j+nr, n-nr {
		cols := min(n, nr)
		panel := to[:nr*k]
		to = to[nr*k:]
		if cols < nr {
			clear(panel)
		}
		switch {
		case b.Rows != nil:
			gather(panel, b.Data, b.Rows[p:p+k], b.Cols[j:j+cols])
		case b.Transposed:
			for c := 0; c < cols; c++ {
				at := c
				for _, v := range b.Data[(j+c)*b.Stride+p:][:k] {
					panel[at] = v
					at += nr
				}
			}
		case cols == nr:
			from := b.Data[p*b.Stride+j:]
			for x := 0; x < k; x++ {
				*(*[nr]float32)(panel[x*nr:]) = *(*[nr]float32)(from[x*b.Stride:])
			}
		default:
			from := b.Data[p*b.Stride+j:]
			for x := 0; x < k; x++ {
				copy(panel[x*nr:x*nr+cols], from[x*b.Stride:])
			}
		}
	}
}

// gather packs one panel of an operand with offsets. Columns that follow each other in memory, as the
// pixels of a row do, are taken in runs.
func gather(panel, data []float32, rows, cols []int32) {
	run := runs(cols)
	if run > 1 {
		within(data, rows, cols)
	}
	switch {
	case run == 16:
		pack16(len(rows), &panel[0], &data[0], &rows[0], &cols[0])
	case run == 8:
		pack8(len(rows), &panel[0], &data[0], &rows[0], &cols[0])
	case run == 4:
		pack4(len(rows), &panel[0], &data[0], &rows[0], &cols[0])
	case len(cols) == nr:
		c := (*[nr]int32)(cols)
		for x, r := range rows {
			from, to := data[r:], (*[nr]float32)(panel[x*nr:])
			to[0], to[1], to[2], to[3] = from[c[0]], from[c[1]], from[c[2]], from[c[3]]
			to[4], to[5], to[6], to[7] = from[c[4]], from[c[5]], from[c[6]], from[c[7]]
			to[8], to[9], to[10], to[11] = from[c[8]], from[c[9]], from[c[10]], from[c[11]]
			to[12], to[13], to[14], to[15] = from[c[12]], from[c[13]], from[c[14]], from[c[15]]
		}
	default:
		for x, r := range rows {
			from, to := data[r:], panel[x*nr:][:len(cols)]
			for c, at := range cols {
				to[c] = from[at]
			}
		}
	}
}

// within panics where an element isn't in the data: what is packed without checks must be.
func within(data []float32, rows, cols []int32) {
	least, most := rows[0], rows[0]
	for _, r := range rows {
		least, most = min(least, r), max(most, r)
	}
	_ = data[least+slices.Min(cols) : most+slices.Max(cols)+1]
}

// runs is the largest of 16, 8 and 4 in runs of which nr offsets follow each other; 1 otherwise.
func runs(cols []int32) int {
	if len(cols) < nr {
		return 1
	}
	run := 16
	for i := 1; i < nr; i++ {
		if cols[i] == cols[i-1]+1 {
			continue
		}
		for run > 1 && i%run != 0 {
			run /= 2
		}
	}
	if run < 4 {
		return 1
	}
	return run
}
