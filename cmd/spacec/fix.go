package main

import (
	"strings"

	"github.com/spacec-lang/spacec/docs"
	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// maxRounds is how often a file is read anew after fixes: what one hides, and what stands in its way, comes in the next.
const maxRounds = 20

// fix makes the fixes of a file until there are none left, and writes it back. The space and the report are then those of
// the fixed text.
func (a *app) fix(c *checked, src *lang.Source, space *ir.Space, report *diag.Report) (*ir.Space, *diag.Report, error) {
	for range maxRounds {
		text, mended := report.Mend(src)
		if len(mended) == 0 {
			break
		}
		c.fixes = append(c.fixes, mended...)
		src = lang.NewSource(src.Name, text)
		space, report = checkSource(src)
	}
	if c.File == "-" {
		c.Text = &src.Text
	} else if len(c.fixes) > 0 {
		if err := a.replaceFile(c.File, []byte(src.Text)); err != nil {
			c.fixes = nil
			return nil, nil, err
		}
	}
	return space, report, nil
}

// writeSARIF writes what was found in all files as one log, with what the page of errors says of each code.
func (a *app) writeSARIF(all []*checked) error {
	codes, err := docs.Codes()
	if err != nil {
		return err
	}
	tool := diag.Tool{Name: "spacec", Version: programVersion(), URI: repository}
	for _, e := range codes {
		tool.Rules = append(tool.Rules, diag.Rule{Code: diag.Code(e.Name), Title: e.Title, Text: e.Text,
			URI: repository + "/blob/main/docs/errors.md#" + strings.ToLower(e.Name)})
	}
	var reports []*diag.Report
	for _, c := range all {
		if c.report != nil {
			reports = append(reports, c.report)
		} else {
			tool.Failures = append(tool.Failures, c.Error)
		}
	}
	return diag.WriteSARIF(a.out, tool, reports)
}
