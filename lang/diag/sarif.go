package diag

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/spacec-lang/spacec/lang"
)

// Tool is what a SARIF log says of the program that wrote it.
type Tool struct {
	Name, Version, URI string
	Rules              []Rule // of those codes that are to be described
	Failures           []string
}

// Rule describes a code: in a few words, and at length in Markdown.
type Rule struct {
	Code        Code
	Title, Text string
	URI         string
}

// The parts of SARIF 2.1.0 (OASIS Standard, 27 March 2020) that are used here.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool        sarifTool         `json:"tool"`
		Invocations []sarifInvocation `json:"invocations"`
		ColumnKind  string            `json:"columnKind"`
		Results     []sarifResult     `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version,omitempty"`
		InformationURI string      `json:"informationUri,omitempty"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               Code       `json:"id"`
		ShortDescription *sarifText `json:"shortDescription,omitempty"`
		Help             *sarifText `json:"help,omitempty"`
		HelpURI          string     `json:"helpUri,omitempty"`
	}
	sarifText struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown,omitempty"`
	}
	sarifInvocation struct {
		ExecutionSuccessful        bool                `json:"executionSuccessful"`
		ToolExecutionNotifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
	}
	sarifNotification struct {
		Level   string    `json:"level"`
		Message sarifText `json:"message"`
	}
	sarifResult struct {
		RuleID           Code            `json:"ruleId"`
		RuleIndex        int             `json:"ruleIndex"`
		Level            string          `json:"level"`
		Message          sarifText       `json:"message"`
		Locations        []sarifLocation `json:"locations,omitempty"`
		RelatedLocations []sarifLocation `json:"relatedLocations,omitempty"`
		Fixes            []sarifFix      `json:"fixes,omitempty"`
	}
	sarifLocation struct {
		ID               *int          `json:"id,omitempty"`
		PhysicalLocation sarifPhysical `json:"physicalLocation"`
		Message          *sarifText    `json:"message,omitempty"`
	}
	sarifPhysical struct {
		ArtifactLocation sarifArtifact `json:"artifactLocation"`
		Region           sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}
	sarifFix struct {
		Description     *sarifText    `json:"description,omitempty"`
		ArtifactChanges []sarifChange `json:"artifactChanges"`
	}
	sarifChange struct {
		ArtifactLocation sarifArtifact      `json:"artifactLocation"`
		Replacements     []sarifReplacement `json:"replacements"`
	}
	sarifReplacement struct {
		DeletedRegion   sarifRegion `json:"deletedRegion"`
		InsertedContent sarifText   `json:"insertedContent"`
	}
)

// WriteSARIF writes reports as one log in the Static Analysis Results Interchange Format, version 2.1.0, for code review
// tools. Columns count characters, as everywhere.
func WriteSARIF(w io.Writer, tool Tool, reports []*Report) error {
	driver := sarifDriver{Name: tool.Name, Version: tool.Version, InformationURI: tool.URI, Rules: []sarifRule{}}
	described, index := map[Code]Rule{}, map[Code]int{}
	for _, r := range tool.Rules {
		described[r.Code] = r
	}
	invocation := sarifInvocation{ExecutionSuccessful: len(tool.Failures) == 0}
	for _, f := range tool.Failures {
		invocation.ToolExecutionNotifications = append(invocation.ToolExecutionNotifications, sarifNotification{"error", sarifText{Text: f}})
	}
	results := []sarifResult{}
	for _, report := range reports {
		for _, d := range report.Diagnostics() {
			if _, ok := index[d.Code]; !ok {
				index[d.Code] = len(driver.Rules)
				driver.Rules = append(driver.Rules, sarifRuleOf(d.Code, described[d.Code]))
			}
			r := sarifResultOf(d)
			r.RuleIndex = index[d.Code]
			results = append(results, r)
		}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	run := sarifRun{sarifTool{driver}, []sarifInvocation{invocation}, "unicodeCodePoints", results}
	if err := enc.Encode(sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}}); err != nil {
		return fmt.Errorf("write diagnostics: %w", err)
	}
	return nil
}

func sarifRuleOf(code Code, r Rule) sarifRule {
	out := sarifRule{ID: code, HelpURI: r.URI}
	if r.Title != "" {
		out.ShortDescription = &sarifText{Text: r.Title}
	}
	if r.Text != "" {
		out.Help = &sarifText{r.Text, r.Text}
	}
	return out
}

func sarifResultOf(d *Diagnostic) sarifResult {
	lines := []string{d.Message}
	if d.Label != "" {
		lines = append(lines, d.Label)
	}
	r := sarifResult{RuleID: d.Code, Level: d.Severity.String(), Message: sarifText{Text: strings.Join(append(lines, d.Notes...), "\n")}}
	if d.At.Source != nil {
		r.Locations = []sarifLocation{{PhysicalLocation: sarifPlace(d.At)}}
	}
	for i, o := range d.Others {
		if o.Span.Source != nil {
			r.RelatedLocations = append(r.RelatedLocations, sarifLocation{&i, sarifPlace(o.Span), &sarifText{Text: o.Text}})
		}
	}
	if len(d.Edits) > 0 {
		change := sarifChange{ArtifactLocation: sarifPlace(d.Edits[0].Span).ArtifactLocation}
		for _, e := range d.Edits {
			change.Replacements = append(change.Replacements, sarifReplacement{sarifPlace(e.Span).Region, sarifText{Text: e.Text}})
		}
		r.Fixes = []sarifFix{{&sarifText{Text: fixTitle(d)}, []sarifChange{change}}}
	}
	return r
}

func sarifPlace(s lang.Span) sarifPhysical {
	at := jsonAt(s)
	uri := url.URL{Path: filepath.ToSlash(at.File)}
	if filepath.IsAbs(at.File) {
		uri.Scheme = "file"
	}
	return sarifPhysical{sarifArtifact{uri.String()}, sarifRegion{at.Start.Line, at.Start.Column, at.End.Line, at.End.Column}}
}
