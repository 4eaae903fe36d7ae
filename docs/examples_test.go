package docs_test

import (
	"fmt"
	"math/big"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spacec-lang/spacec/ir"
)

const generatedExamples = `<!-- Generated from the comments of the files by go generate ./docs; don't edit. -->
# Examples

Every file here checks clean, and points are drawn from each by the tests; those of the networks are built and, where their ops
can be run, take a step of training. A file's comment says which paper it is from, what is exact, and what was chosen where the paper is silent. The
numbers of points are as ` + "`spacec count`" + ` prints them, without what is continuous; what a paper publishes stands beside them.
[einspace/](einspace) has the seed networks of einspace as architectures, to be located in it.

| file | what | points | published | try |
| --- | --- | ---: | --- | --- |
`

// TestGeneratedExamples keeps the table of the examples what their comments say, and these what the spaces count.
func TestGeneratedExamples(t *testing.T) {
	files, err := filepath.Glob("../examples/*.space")
	if err != nil || len(files) == 0 {
		t.Fatal("no examples", err)
	}
	var page strings.Builder
	page.WriteString(generatedExamples)
	for _, file := range files {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			space, report := load(name, readPage(t, file))
			if space == nil || len(report.Diagnostics()) > 0 {
				t.Fatalf("it doesn't check clean:\n%s", said(report))
			}
			about := commentOf(t, name, space.Doc)
			points := pointsAsStated(t, space, about["Size"])
			fmt.Fprintf(&page, "| [%s](%s) | %s | %s | %s | `%s` |\n", name, name, prose(about["what"]), prose(points),
				prose(about["Published"]), about["Try"])
		})
	}
	current(t, "../examples/README.md", page.String())
}

// commentOf takes a space's comment apart: "what" is its first sentence, and "Size", "Published" and "Try" are the
// paragraphs that start so. A space that is nobody's may have a comment of one paragraph.
func commentOf(t *testing.T, name, doc string) map[string]string {
	t.Helper()
	about := map[string]string{}
	paragraphs := strings.Split(strings.TrimSpace(doc), "\n\n")
	for i, p := range paragraphs {
		p = strings.Join(strings.Fields(p), " ")
		word, rest, labelled := strings.Cut(p, ": ")
		switch {
		case i == 0:
			about["what"] = firstSentence(p)
		case labelled && (word == "Size" || word == "Published" || word == "Try"):
			about[word] = rest
		}
	}
	if len(paragraphs) == 1 {
		about["Published"], about["Try"] = "none.", "spacec sample examples/"+name
		return about
	}
	for _, word := range []string{"what", "Size", "Published", "Try"} {
		if about[word] == "" {
			t.Errorf("the comment has no paragraph %q", word+": ...")
		}
	}
	if !strings.HasPrefix(about["Try"], "spacec ") || !strings.Contains(about["Try"], "examples/"+name) {
		t.Errorf("Try: %s is no command of spacec on this file", about["Try"])
	}
	return about
}

// firstSentence ends at the first full stop before a space, but for that of "et al.".
func firstSentence(p string) string {
	at := 0
	for {
		k := strings.Index(p[at:], ". ")
		if k < 0 {
			return p
		}
		at += k + 1
		if !strings.HasSuffix(p[:at], " al.") {
			return p[:at]
		}
	}
}

// pointsAsStated counts a space, and looks for the number in the paragraph on its size. Where that starts with "not
// counted" it is believed: to find that out takes a while.
func pointsAsStated(t *testing.T, space *ir.Space, size string) string {
	t.Helper()
	if uncounted := ir.ErrUncounted.Error(); strings.HasPrefix(size, uncounted) {
		return uncounted
	}
	n, err := space.Count()
	if err != nil {
		t.Fatalf("it has no number of points (%v); if that is so, the paragraph on its size starts with those words", err)
	}
	stated := stateNumber(n)
	if size != "" && !strings.Contains(size, stated) {
		t.Errorf("there are %s points (%v), and the comment says %q", stated, n, size)
	}
	return stated
}

// stateNumber writes a number with commas, or a very large one to three digits.
func stateNumber(n *big.Int) string {
	digits := n.String()
	if len(digits) > 24 {
		mantissa, exponent, _ := strings.Cut(new(big.Float).SetInt(n).Text('e', 2), "e+")
		return mantissa + " * 10^" + exponent
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
