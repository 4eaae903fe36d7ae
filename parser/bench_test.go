package parser

import (
	"strings"
	"testing"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// BenchmarkParse parses the spaces of testdata, many times over as one file.
func BenchmarkParse(b *testing.B) {
	var all strings.Builder
	for _, text := range spaces(b) {
		all.WriteString(text)
	}
	src := lang.NewSource("bench.space", strings.Repeat(all.String(), 20))
	b.SetBytes(int64(len(src.Text)))
	b.ReportAllocs()
	for b.Loop() {
		var report diag.Report
		ParseFile(src, &report)
		if report.Failed() {
			b.Fatalf("%+v", report.Diagnostics()[0])
		}
	}
}
