package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/spacec-lang/spacec/docs"
)

// TestCheckSchema compares what check --json writes with docs/check.schema.json: of a good file, of one that is not there,
// and of every example of the page of errors, with and without --fix.
func TestCheckSchema(t *testing.T) {
	schema, err := jsonschema.NewCompiler().Compile("../../docs/check.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	codes, err := docs.Codes()
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{onePoint, "space s\nuse std\ninput x: [10]\nnet = cov(8) >> relu + tanh\n"}
	for _, e := range codes {
		for _, fence := range strings.Split(e.Text, "```space s.space\n")[1:] {
			text, _, _ := strings.Cut(fence, "```")
			texts = append(texts, text)
		}
	}
	if len(texts) < 20 {
		t.Fatalf("there are %d texts", len(texts))
	}
	fields := map[string]bool{}
	for _, text := range append(texts, "") {
		for _, args := range [][]string{{"check", "--json", "-"}, {"check", "--json", "--fix", "-"}, {"check", "--json", "missing.space"}} {
			var out, trouble bytes.Buffer
			a := &app{in: strings.NewReader(text), out: &out, err: &trouble}
			a.run(t.Context(), args)
			value, err := jsonschema.UnmarshalJSON(&out)
			if err != nil {
				t.Fatalf("%v of %q: %v", args, text, err)
			}
			if err := schema.Validate(value); err != nil {
				t.Errorf("%v of %q: %v", args, text, err)
			}
			for name := range value.(map[string]any) {
				fields[name] = true
			}
		}
	}
	for name := range schema.Properties {
		if !fields[name] && name != "doc" {
			t.Errorf("the field %q of the schema was never written", name)
		}
	}
}
