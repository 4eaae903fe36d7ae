package diag

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/spacec-lang/spacec/lang"
)

// TestSARIF compares a log with the schema of the standard, and reads it back as a code review tool would.
func TestSARIF(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	src := lang.NewSource("dir/ö b.space", "é\nnet = cov + <d>")
	full, empty := &Report{}, &Report{}
	full.Errorf(UnknownName, at(src, "cov", 0), "unknown <op>").Note("n").With(at(src, "é", 0), "there").Edit(at(src, "cov", 0), "conv")
	full.Warnf(Unused, lang.Span{}, "w")
	abs, err := filepath.Abs("a.space")
	if err != nil {
		t.Fatal(err)
	}
	full.Errorf(UnknownName, lang.Span{Source: lang.NewSource(abs, "x"), Start: 1, End: 1}, "at the end")
	tool := Tool{Name: "spacec", Version: "v1", URI: "https://example.org", Rules: []Rule{{UnknownName, "T", "text", "https://example.org/#e201"}}}
	for name, log := range map[string]struct {
		reports  []*Report
		failures []string
	}{"full": {[]*Report{full, empty}, nil}, "empty": {nil, nil}, "failed": {[]*Report{empty}, []string{"no such file"}}} {
		tool.Failures = log.failures
		var b bytes.Buffer
		if err := WriteSARIF(&b, tool, log.reports); err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader(b.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(value); err != nil {
			t.Errorf("%s: not in the standard's form: %v", name, err)
		}
		if name == "full" {
			readLog(t, b.Bytes(), src)
		}
	}
}

// readLog reads what the standard says of a result: lines and columns from 1, columns in characters as columnKind says, the
// end behind the last.
func readLog(t *testing.T, text []byte, src *lang.Source) {
	t.Helper()
	type region struct{ StartLine, StartColumn, EndLine, EndColumn int }
	type physical struct {
		ArtifactLocation struct{ URI string }
		Region           region
	}
	var log struct {
		Runs []struct {
			ColumnKind string
			Tool       struct {
				Driver struct{ Rules []struct{ ID string } }
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Locations []struct{ PhysicalLocation physical }
				Fixes     []struct {
					ArtifactChanges []struct {
						Replacements []struct {
							DeletedRegion   region
							InsertedContent struct{ Text string }
						}
					}
				}
			}
		}
	}
	if err := json.Unmarshal(text, &log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if run.ColumnKind != "unicodeCodePoints" || len(run.Results) != 3 {
		t.Fatalf("columns are %s, and there are %d results", run.ColumnKind, len(run.Results))
	}
	for _, r := range run.Results {
		if got := run.Tool.Driver.Rules[r.RuleIndex].ID; got != r.RuleID {
			t.Errorf("a result of %s points to the rule %s", r.RuleID, got)
		}
		if r.RuleID != "E201" || r.Locations[0].PhysicalLocation.ArtifactLocation.URI != "dir/%C3%B6%20b.space" {
			continue
		}
		at := region{2, 7, 2, 10}
		if diff := cmp.Diff(at, r.Locations[0].PhysicalLocation.Region); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		replacement := r.Fixes[0].ArtifactChanges[0].Replacements[0]
		if replacement.DeletedRegion != at || replacement.InsertedContent.Text != "conv" {
			t.Errorf("the fix is %v", replacement)
		}
		return
	}
	t.Errorf("no result of %s in\n%s", src.Name, text)
}

// TestSARIFSchema makes sure that the schema refuses what is not in its form: TestSARIF could not fail otherwise.
func TestSARIFSchema(t *testing.T) {
	text, err := os.ReadFile("testdata/sarif-schema-2.1.0.json")
	if err != nil || !json.Valid(text) {
		t.Fatal("the schema is no JSON: ", err)
	}
	schema, err := jsonschema.NewCompiler().Compile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{`{}`, `{"version": "2.1.0"}`, `{"version": "2.1.0", "runs": [{"results": []}]}`,
		`{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [{"level": "fatal", "message": {"text": "x"}}]}]}`} {
		value, err := jsonschema.UnmarshalJSON(bytes.NewReader([]byte(bad)))
		if err != nil {
			t.Fatal(err)
		}
		if schema.Validate(value) == nil {
			t.Errorf("the schema takes %s", bad)
		}
	}
}
