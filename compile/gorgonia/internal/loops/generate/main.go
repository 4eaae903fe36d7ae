// Generate writes the assembly of package kernel: for each instruction set and each width of a block the loops that all
// products and convolutions are made of. They are regular: only registers and offsets differ.
package main

import (
	"fmt"
	"os"
	"strings"
)

// set is an instruction set: the letter and number of its registers, the rows of a block, and what differs in its instructions.
type set struct {
	name  string
	reg   string
	bytes int // of a register
	rows  int
	zero  string // sets a register to 0
	fold  []string
}

var sets = []set{
	// fold adds up the parts of 128 bits of the register A, T being free, in its first.
	{"AVX2", "Y", 32, 4, "VXORPS", []string{"VEXTRACTF128 $1, Y_A, X_T", "VADDPS X_T, X_A, X_A"}},
	{"AVX512", "Z", 64, 8, "VPXORQ", []string{"VEXTRACTF64X4 $1, Z_A, Y_T", "VADDPS Y_T, Y_A, Y_A", "VEXTRACTF32X4 $1, Y_A, X_T", "VADDPS X_T, X_A, X_A"}},
}

// most is the registers side by side in the widest block.
const most = 3

type writer struct {
	strings.Builder
	set
	v int // registers side by side
}

func (w *writer) line(format string, args ...any) { fmt.Fprintf(w, "\t"+format+"\n", args...) }
func (w *writer) label(name string)               { fmt.Fprintf(w, "%s:\n", name) }

// sum is the register of a sum; beside are free registers beyond all sums.
func (w *writer) sum(r, v int) string { return fmt.Sprintf("%s%d", w.reg, r*w.v+v) }
func (w *writer) beside(i int) string { return fmt.Sprintf("%s%d", w.reg, w.rows*most+i) }
func (w *writer) number(i int) int    { return w.rows*most + i }
func pointer(v int) string            { return fmt.Sprintf("R%d", 8+v) }

func (w *writer) clear() {
	for i := range w.rows * w.v {
		w.line("%s %[2]s%[3]d, %[2]s%[3]d, %[2]s%[3]d", w.zero, w.reg, i)
	}
}

// pointers are base + 4 * offsets[v].
func (w *writer) pointers(offsets, base string) {
	for v := range w.v {
		w.line("MOVLQSX %d(%s), AX", 4*v, offsets)
		w.line("LEAQ (%s)(AX*4), %s", base, pointer(v))
	}
}

func (w *writer) multiply(r int, t string) {
	for v := range w.v {
		w.line("VFMADD231PS %s, %s, %s", w.beside(v), t, w.sum(r, v))
	}
}

func (w *writer) tile() {
	fmt.Fprintf(w, "\n// func tile%s%d(k int, a, b *float32, rows, cols *int32, c *float32, ldc int, outs *int32, add bool)\n", w.name, w.v)
	fmt.Fprintf(w, "TEXT ·tile%s%d(SB), NOSPLIT, $0-65\n", w.name, w.v)
	w.line("MOVQ k+0(FP), CX\n\tMOVQ a+8(FP), SI\n\tMOVQ b+16(FP), DI\n\tMOVQ rows+24(FP), DX\n\tMOVQ cols+32(FP), BX")
	w.pointers("BX", "DI")
	w.clear()
	w.label("loop")
	w.line("MOVLQSX (DX), AX")
	for v := range w.v {
		w.line("VMOVUPS (%s)(AX*4), %s", pointer(v), w.beside(v))
	}
	for r := range w.rows {
		w.line("VBROADCASTSS %d(SI), %s", 4*r, w.beside(most))
		w.multiply(r, w.beside(most))
	}
	w.line("ADDQ $4, DX\n\tADDQ $%d, SI\n\tDECQ CX\n\tJNE loop", 4*w.rows)
	w.line("MOVQ c+40(FP), DI\n\tMOVQ ldc+48(FP), DX\n\tSHLQ $2, DX\n\tMOVQ outs+56(FP), BX")
	w.pointers("BX", "DI")
	w.line("CMPB add+64(FP), $0\n\tJEQ store")
	w.rowsOf(true)
	w.line("VZEROUPPER\n\tRET")
	w.label("store")
	w.rowsOf(false)
	w.line("VZEROUPPER\n\tRET")
}

func (w *writer) rowsOf(add bool) {
	for r := range w.rows {
		for v := range w.v {
			if add {
				w.line("VADDPS (%s), %s, %[2]s", pointer(v), w.sum(r, v))
			}
			w.line("VMOVUPS %s, (%s)", w.sum(r, v), pointer(v))
			if r < w.rows-1 {
				w.line("ADDQ DX, %s", pointer(v))
			}
		}
	}
}

func (w *writer) dot() {
	fmt.Fprintf(w, "\n// func dot%s%d(n int, y *float32, ldy int, x *float32, offsets *int32, to *float32, ldto int)\n", w.name, w.v)
	fmt.Fprintf(w, "TEXT ·dot%s%d(SB), NOSPLIT, $0-56\n", w.name, w.v)
	w.line("MOVQ n+0(FP), CX\n\tMOVQ y+8(FP), SI\n\tMOVQ ldy+16(FP), DX\n\tSHLQ $2, DX\n\tMOVQ x+24(FP), DI\n\tMOVQ offsets+32(FP), BX")
	w.pointers("BX", "DI")
	w.line("LEAQ (DX)(DX*2), BX\n\tLEAQ (SI)(DX*4), DI") // three rows on; the fifth row
	w.clear()
	w.label("loop")
	for v := range w.v {
		w.line("VMOVUPS (%s), %s", pointer(v), w.beside(v))
	}
	for r := range w.rows {
		w.line("VMOVUPS (%s)%s, %s", []string{"SI", "DI"}[r/4], []string{"", "(DX*1)", "(DX*2)", "(BX*1)"}[r%4], w.beside(most))
		w.multiply(r, w.beside(most))
	}
	for v := range w.v {
		w.line("ADDQ $%d, %s", w.bytes, pointer(v))
	}
	w.line("ADDQ $%[1]d, SI\n\tADDQ $%[1]d, DI\n\tDECQ CX\n\tJNE loop", w.bytes)
	w.line("MOVQ to+40(FP), DI\n\tMOVQ ldto+48(FP), DX\n\tSHLQ $2, DX")
	for v := range w.v {
		for r := 0; r < w.rows; r += 4 {
			w.four(r, v)
		}
		if v < w.v-1 {
			w.line("ADDQ DX, DI")
		}
	}
	w.line("VZEROUPPER\n\tRET")
}

// four adds the sums of four rows to memory: each register's numbers are added up by exchanging among the four.
func (w *writer) four(r, v int) {
	a, b, c, d := w.sum(r, v), w.sum(r+1, v), w.sum(r+2, v), w.sum(r+3, v)
	t, u := w.beside(0), w.beside(1)
	for _, pair := range [][2]string{{a, b}, {c, d}} {
		w.line("VUNPCKLPS %s, %s, %s", pair[1], pair[0], t)
		w.line("VUNPCKHPS %s, %s, %s", pair[1], pair[0], u)
		w.line("VADDPS %s, %s, %s", t, u, pair[0])
	}
	w.line("VUNPCKLPD %s, %s, %s", c, a, t)
	w.line("VUNPCKHPD %s, %s, %s", c, a, u)
	w.line("VADDPS %s, %s, %s", t, u, t)
	for _, f := range w.fold {
		w.line("%s", strings.NewReplacer("_A", fmt.Sprint(w.number(0)), "_T", fmt.Sprint(w.number(1))).Replace(f))
	}
	w.line("VADDPS %d(DI), X%d, X%[2]d", 4*r, w.number(0))
	w.line("VMOVUPS X%d, %d(DI)", w.number(0), 4*r)
}

// slide has the sums of four registers at a time, and then of one.
func (w *writer) slide() {
	fmt.Fprintf(w, "\n// func slide%s(n, k int, w, x *float32, offsets *int32, y *float32)\n", w.name)
	fmt.Fprintf(w, "TEXT ·slide%s(SB), NOSPLIT, $0-48\n", w.name)
	w.line("MOVQ n+0(FP), CX\n\tMOVQ k+8(FP), R8\n\tMOVQ w+16(FP), SI\n\tMOVQ x+24(FP), DI\n\tMOVQ offsets+32(FP), DX\n\tMOVQ y+40(FP), BX")
	for i, many := range []int{4, 1} {
		w.v = 1
		w.label(fmt.Sprint("next", many))
		if many > 1 {
			w.line("CMPQ CX, $%d\n\tJLT next1", many)
		} else {
			w.line("TESTQ CX, CX\n\tJEQ done")
		}
		for r := range many {
			w.line("%s %[2]s, %[2]s, %[2]s", w.zero, w.sum(r, 0))
		}
		w.line("XORQ R9, R9")
		w.label(fmt.Sprint("element", i))
		w.line("MOVLQSX (DX)(R9*4), AX\n\tVBROADCASTSS (SI)(R9*4), %s", w.beside(0))
		w.line("LEAQ (DI)(AX*4), AX")
		for r := range many {
			w.line("VFMADD231PS %d(AX), %s, %s", r*w.bytes, w.beside(0), w.sum(r, 0))
		}
		w.line("INCQ R9\n\tCMPQ R9, R8\n\tJLT element%d", i)
		for r := range many {
			w.line("VMOVUPS %s, %d(BX)", w.sum(r, 0), r*w.bytes)
		}
		w.line("ADDQ $%[1]d, DI\n\tADDQ $%[1]d, BX\n\tSUBQ $%d, CX\n\tJMP next%[2]d", many*w.bytes, many)
	}
	w.label("done")
	w.line("VZEROUPPER\n\tRET")
}

func main() {
	w := &writer{}
	w.WriteString("// Code generated by ./generate. DO NOT EDIT.\n\n#include \"textflag.h\"\n")
	var decl strings.Builder
	decl.WriteString("// Code generated by ./generate. DO NOT EDIT.\n\npackage loops\n")
	for _, s := range sets {
		w.set = s
		w.slide()
		fmt.Fprintf(&decl, "\n//go:noescape\nfunc slide%s(n, k int, w, x *float32, offsets *int32, y *float32)\n", s.name)
		for v := 1; v <= most; v++ {
			w.set, w.v = s, v
			w.tile()
			w.dot()
			fmt.Fprintf(&decl, "\n//go:noescape\nfunc tile%s%d(k int, a, b *float32, rows, cols *int32, c *float32, ldc int, outs *int32, add bool)\n", s.name, v)
			fmt.Fprintf(&decl, "\n//go:noescape\nfunc dot%s%d(n int, y *float32, ldy int, x *float32, offsets *int32, to *float32, ldto int)\n", s.name, v)
		}
	}
	for name, text := range map[string]string{"loops_amd64.s": w.String(), "loops_amd64.go": decl.String()} {
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}
