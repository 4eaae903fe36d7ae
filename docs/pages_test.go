package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// pages are the pages of the documentation and the README.
func pages(t *testing.T) []string {
	t.Helper()
	list := []string{"../README.md", "../examples/README.md"}
	for _, pattern := range []string{"*.md", "*/*.md"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, found...)
	}
	return list
}

// TestLinksLead follows the relative links of each page to a file, and to a heading where they name one.
func TestLinksLead(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	code := regexp.MustCompile("(?ms)^```.*?^```$|`[^`\n]+`")
	for _, page := range pages(t) {
		for _, m := range link.FindAllStringSubmatch(code.ReplaceAllString(readPage(t, page), ""), -1) {
			file, heading, _ := strings.Cut(m[1], "#")
			if strings.Contains(file, "://") {
				continue
			}
			target := page
			if file != "" {
				target = filepath.Join(filepath.Dir(page), file)
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s: the link to %s leads nowhere", page, m[1])
				continue
			}
			if heading != "" && !anchors(readPage(t, target))[heading] {
				t.Errorf("%s: %s has no such heading", page, m[1])
			}
		}
	}
}

// anchors are what a page's headings are called in links, as GitHub calls them.
func anchors(page string) map[string]bool {
	list := map[string]bool{}
	odd := regexp.MustCompile(`[^\w\- ]`)
	for _, m := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(page, -1) {
		list[strings.ReplaceAll(odd.ReplaceAllString(strings.ToLower(m[1]), ""), " ", "-")] = true
	}
	return list
}

// TestGoOfThePages finds every block of Go that names a file in that file, which the tests compile and run.
func TestGoOfThePages(t *testing.T) {
	for _, page := range pages(t) {
		blocks, err := fences(readPage(t, page))
		if err != nil {
			t.Errorf("%s: %v", page, err)
		}
		for _, b := range blocks {
			file, named := strings.CutPrefix(b.info, "go ")
			if !named {
				continue
			}
			if !strings.Contains(flush(readPage(t, "../"+file)), flush(b.text)) {
				t.Errorf("%s:%d: the block does not stand in %s", page, b.line, file)
			}
		}
	}
}

// flush is a text without the indentation of its lines.
func flush(text string) string { return regexp.MustCompile(`(?m)^[ \t]+`).ReplaceAllString(text, "") }
