package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// edition is the edition of the language that this program reads.
const edition = 1

// repository is where the program comes from.
const repository = "https://github.com/spacec-lang/spacec"

// stamped is the version that .ci/release has the linker set.
var stamped string

// programVersion is the version of a release, or what the build has noted: the module's version under go install, the tag of
// the commit in a clone, or what stands for one.
func programVersion() string {
	if stamped != "" {
		return stamped
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

const platform = runtime.GOOS + "/" + runtime.GOARCH

// versionLine is what 'spacec version' and 'spacec --version' print.
func versionLine() string {
	return fmt.Sprintf("spacec %s, %s, %s, edition %d\n", programVersion(), runtime.Version(), platform, edition)
}

func (a *app) version() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Long: `Version prints the version of spacec, of Go, the platform, and the edition of the language.

With --json it is an object of version, go, platform and edition.`,
		Example: "  spacec version --json",
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return a.writeJSON(struct {
					Version  string `json:"version"`
					Go       string `json:"go"`
					Platform string `json:"platform"`
					Edition  int    `json:"edition"`
				}{programVersion(), runtime.Version(), platform, edition})
			}
			_, err := fmt.Fprint(a.out, versionLine())
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "write a JSON object")
	return cmd
}
