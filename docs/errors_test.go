package docs_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// entry is what the page of errors says of one code.
type entry struct {
	code    diag.Code
	title   string
	meaning string // what it means and what to do
	text    string // an example that gives it, and it alone
	make    func() string
	shown   string // what made is called, where the example is too large or too odd to print
	unused  bool   // no text gives the code yet
}

// entries are the codes in order; a test compares them with package diag.
func entries() []entry {
	return append(append(append(syntaxEntries(), nameEntries()...), valueEntries()...), feasibilityEntries()...)
}

func syntaxEntries() []entry {
	return []entry{
		{code: diag.TooLarge, title: "the file is too large", shown: fmt.Sprintf("A file of %d bytes.", lang.MaxSource+1),
			meaning: fmt.Sprintf("A file may have %d bytes. Nothing of a larger one is read.", lang.MaxSource),
			make:    func() string { return strings.Repeat("// \n", lang.MaxSource/4+1) }},
		{code: diag.NotText, title: "not text", shown: "A file with a NUL byte, or with bytes that are not UTF-8.",
			meaning: "A `.space` file is UTF-8 text. The first byte that is not is where the caret stands.",
			make:    func() string { return "space s\x00\n" }},
		{code: diag.BadCharacter, title: "a character that the language doesn't use",
			meaning: "Outside of comments and texts between quotes the language uses letters, digits, spaces and " +
				"`| ( ) { } [ ] , ; : = . ? # + - * / % @ < > \"`. Characters that other languages use come with what is written instead.",
			text: "config c { fair: a && b }\n"},
		{code: diag.Syntax, title: "something else was expected",
			meaning: "The text has not the form of a declaration, a statement or an expression. The caret stands at the first token " +
				"that fits nowhere. Every declaration is parsed by itself, so an error in one hides none in another.",
			text: "config c {\n  lr = 0.1\n}\n"},
		{code: diag.TooDeep, title: "nested too deep", shown: fmt.Sprintf("`config c { n: ((( ... 1 ... ))) }` with %d parentheses.", lang.MaxNesting+1),
			meaning: fmt.Sprintf("Brackets and conditions nest at most %d levels deep, and one expression is built of at most %d operators and "+
				"brackets. Give parts of it names, with `rule` or `let`.", lang.MaxNesting, lang.MaxHeight),
			make: func() string {
				n := lang.MaxNesting + 1
				return "config c { n: " + strings.Repeat("(", n) + "1" + strings.Repeat(")", n) + " }\n"
			}},
		{code: diag.Mixed, title: "a sequence and a join without parentheses",
			meaning: "`a >> b + c` could mean two networks. Write `a >> (b + c)` or `(a >> b) + c`.",
			text:    net("net = relu >> tanh + skip")},
		{code: diag.Empty, title: "a file that declares nothing", meaning: "The file is empty or holds only comments.",
			text: "// nothing yet\n"},
		{code: diag.BadNumber, title: "a number that can't be represented",
			meaning: "A whole number fits 64 bits, a real one IEEE 754's double precision. Only the suffixes k, M and G follow digits.",
			text:    "config c { n: 32m }\n"},
		{code: diag.BadEdition, title: "an edition that isn't there",
			meaning: fmt.Sprintf("`edition %d` is the language that this version reads; leaving it out means the same.", lang.CurrentEdition),
			text:    "edition 7\nconfig c { n: 1 | 2 }\n"},
	}
}

func nameEntries() []entry {
	return []entry{
		{code: diag.UnknownName, title: "a name that isn't there",
			meaning: "No rule, let, parameter, wire or op has this name here. Ops and the rules of the standard library are " +
				"there after `use std`; no op is in scope in a config, where a new name in a value is a symbol.",
			text: net("net = cov(8)")},
		{code: diag.Defined, title: "a name defined twice",
			meaning: "A name has one meaning in its scope. Rules and lets of a file share one scope; blocks and configs have their own.",
			text:    "config c {\n  lr: 0.1\n  lr: 0.2\n}\n"},
		{code: diag.NoRoot, title: "nothing to draw",
			meaning: "A space has a `net`, or a `config`, or both: they are what is drawn.",
			text:    "space s\nrule a = 1 | 2\n"},
		{code: diag.BadUse, title: "a module that can't be used",
			meaning: "`use std` is the standard library, the only module there is. Files can't be used yet.",
			text:    "use \"blocks.space\"\nconfig c { n: 1 | 2 }\n"},
		{code: diag.Arguments, title: "arguments that don't fit",
			meaning: "An argument too many, one that is missing, one given twice, or one under a name that the rule or op doesn't have.",
			text:    net("net = conv(8, size: 3)")},
		{code: diag.Declaration, title: "a declaration that contradicts another, or can't be used",
			meaning: "A net without an input, a net with parameters, an input that is no tensor; and the declarations " +
				"`op` and `type`, which are part of the language and do nothing yet.",
			text: "type image\nconfig c { n: 1 | 2 }\n"},
		{code: diag.Unused, title: "declared and never used",
			meaning: "A rule that nothing calls, or a let of a block or a config that nothing reads: it draws nothing. A warning.",
			text:    "rule n = 1 | 2\nconfig c { m: 3 | 4 }\n"},
	}
}

func valueEntries() []entry {
	return []entry{
		{code: diag.Kind, title: "a value where a module belongs, or the reverse",
			meaning: "An expression is a module (`conv(8)`, a function from wires to wires), a wire (`in >> relu`) or a value (`8 | 16`). " +
				"What is needed follows from the place: arguments of ops, counts and fields of a config are values, the parts of `>>` " +
				"are modules, an assignment in a block gives a wire a name.",
			text: net("net = relu >> 3")},
		{code: diag.BadRange, title: "a range that isn't one",
			meaning: "The ends of a range are numbers, the smaller one first; a step is above zero and of the ends' kind; a logarithmic range starts " +
				"above zero; a range lists at most 100,000 values.",
			text: "config c { n: 64..8 }\n"},
		{code: diag.BadWeight, title: "a weight that isn't one",
			meaning: "A weight is above zero and a percentage at most 100. To take an alternative away, remove it. Alternatives of `of` " +
				"take neither percentages nor guards.",
			text: "config c { n: 1 [0] | 2 }\n"},
		{code: diag.BadValue, title: "a value that can't stand here",
			meaning: "A value outside what a parameter takes, a count that no repetition has, an axis of size zero, a sum of what can't be summed.",
			text:    net("net = conv(0)")},
	}
}

func feasibilityEntries() []entry {
	return []entry{
		{code: diag.Shape, title: "a type that can't fit here", unused: true,
			meaning: "Where tensors don't fit, the alternative is dead (W502) or the space is empty (E501), and the shapes stand in the message."},
		{code: diag.NoCompletion, title: "the space has no point",
			meaning: "Nothing that can be drawn completes: shapes don't fit, guards don't hold, or requirements can't be kept. What is reported is the " +
				"failure that came furthest.",
			text: net("output y: [10]\nnet = conv(8) >> global_avg_pool")},
		{code: diag.Dead, title: "an alternative that no point takes",
			meaning: "Whatever is drawn elsewhere, nothing that takes this alternative completes. The space is sound without it; often it shows a " +
				"mistake, such as one pool too many. A warning, given for spaces without recursion.",
			text: net("net = max_pool(4) >> (max_pool(4) | relu)")},
		{code: diag.Conflict, title: "bounds that can't hold together",
			meaning: "Two bounds on one cost leave no number that keeps both. Other requirements that contradict each other give E501.",
			text:    net("net = relu | conv(8)\nrequire params <= 100\nrequire params > 200")},
		{code: diag.Withheld, title: "undecided, so never offered", unused: true,
			meaning: "In a recursive space the search for completions has bounds; an option that is undecided within them is not offered."},
		{code: diag.Endless, title: "recursion without end",
			meaning: "Each alternative of the rule leads back to it, so nothing can be finished, or a let is defined by itself. Add an alternative that ends.",
			text:    net("net = tower\nrule tower = relu >> tower")},
		{code: diag.Limit, title: "beyond a stated limit",
			meaning: "A file has at most five costs of its own, counts of ops among them; a space has at most 500,000 parts and nests " +
				"at most 500 levels, rules that are called with their caller's names counted.",
			text: net("net = relu\nrequire count(relu) <= 1, count(tanh) <= 1, count(gelu) <= 1\nrequire count(silu) <= 1, count(sigmoid) <= 1, count(conv) <= 1")},
		{code: diag.NotAPoint, title: "a space where a point is asked for",
			meaning: "A seed is one architecture: no choice is left in it. `spacec compile` and `spacec train` say the same of a file in words, with " +
				"the name of a decision that is still to be made.",
			text: net("net = conv(8 | 16) >> relu\nseed small = conv(8 | 16) >> relu")},
		{code: diag.BadDecision, title: "an architecture that is not in the space",
			meaning: "`spacec check` gives it at the op at which a seed leaves the space, and `spacec locate` at that of an architecture, with " +
				"what the space has there and the nearest alternative.",
			text: net("net = conv(8 | 16) >> relu\nseed small = conv(12) >> relu")},
	}
}

// net is an example with a network.
func net(text string) string {
	return "space s\nuse std\ninput x: [c: 3, h: 8, w: 8]\n" + text + "\n"
}

// TestGeneratedErrors keeps the page of errors current, and sees that each example gives its code and no other.
func TestGeneratedErrors(t *testing.T) {
	var b strings.Builder
	b.WriteString(`<!-- Generated from the table in docs/errors_test.go by go generate ./docs; don't edit. -->
# Errors and warnings

Every diagnostic has a code that never changes its meaning. E is an error, which stops the file from being used; W is a
warning. 1xx is about text and syntax, 2xx about names and declarations, 3xx about kinds and values, 4xx about shapes, 5xx about what
can be completed, 6xx about points. All that is wrong with a file is reported in one run, 100 diagnostics at most; with
` + "`spacec check --json`" + ` they are objects with positions and edits.

| code | |
| --- | --- |
`)
	for _, e := range entries() {
		fmt.Fprintf(&b, "| [%s](#%s) | %s |\n", e.code, strings.ToLower(string(e.code)), e.title)
	}
	for _, e := range entries() {
		fmt.Fprintf(&b, "\n## %s\n\n%s%s.\n\n%s\n", e.code, strings.ToUpper(e.title[:1]), e.title[1:], e.meaning)
		if e.unused {
			b.WriteString("\nNo file alone gives this code.\n")
			continue
		}
		text := e.text
		if e.make != nil {
			text = e.make()
			fmt.Fprintf(&b, "\n%s\n", e.shown)
		} else {
			fmt.Fprintf(&b, "\n```space\n%s```\n", e.text)
		}
		_, report := load("s.space", text)
		list := report.Diagnostics()
		for _, d := range list {
			if d.Code != e.code {
				t.Errorf("the example of %s gives %s: %s", e.code, d.Code, d.Message)
			}
			if isError := e.code[0] == 'E'; isError != (d.Severity == diag.Error) {
				t.Errorf("%s is of severity %s", e.code, d.Severity)
			}
		}
		if len(list) == 0 {
			t.Errorf("the example of %s gives nothing", e.code)
		}
		if e.make == nil {
			fmt.Fprintf(&b, "\n```text\n%s```\n", said(report))
		}
	}
	current(t, "errors.md", b.String())
}

// TestEntries compares the table with the codes that package diag declares, and sees that the codes marked as
// unused are.
func TestEntries(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "../lang/diag/codes.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	names, listed := map[diag.Code]string{}, entries()
	at := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		names[diag.Code(text)] = spec.Names[0].Name
		if at >= len(listed) || string(listed[at].code) != text {
			t.Fatalf("%s (diag.%s) is missing in entries(), or not in its place", text, spec.Names[0].Name)
		}
		at++
		return false
	})
	if at != len(listed) {
		t.Errorf("entries() has %d codes, package diag %d", len(listed), at)
	}
	used := usedNames(t)
	for _, e := range listed {
		if given := used[names[e.code]]; given == e.unused && e.code != diag.Withheld { // of a seed too large to be looked for: no example is short
			t.Errorf("%s: the table says that nothing gives it: %v; the source says so: %v; mend its entry in docs/errors_test.go",
				e.code, e.unused, !given)
		}
	}
}

// usedNames are the names of package diag that the project's source uses, tests left out.
func usedNames(t *testing.T) map[string]bool {
	t.Helper()
	used := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, rest := range strings.Split(string(text), "diag.")[1:] {
			end := strings.IndexFunc(rest, func(r rune) bool { return r < 'A' || r > 'z' || r > 'Z' && r < 'a' })
			used[rest[:max(end, 0)]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return used
}
