package grammar_test

import (
	"strings"
	"testing"

	"github.com/spacec-lang/spacec/lang/grammar"
)

// BenchmarkPaint paints a point of a deep network; the first time makes the lexer.
func BenchmarkPaint(b *testing.B) {
	text := "net = " + strings.Repeat("(conv(48, kernel: 5) >> (relu >> batch_norm) >> dropout(0.25)) >> ", 200) + "dense(10)\n"
	names := func() []string { return []string{"conv", "relu", "batch_norm", "dropout", "dense"} }
	p := grammar.NewPainter(names)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		p.Paint(text)
	}
}

func BenchmarkFirstPaint(b *testing.B) {
	for b.Loop() {
		grammar.NewPainter(func() []string { return []string{"conv"} }).Paint("net = conv(8)\n")
	}
}
