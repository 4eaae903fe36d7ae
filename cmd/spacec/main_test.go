package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes the test binary the program itself for the commands that tests run.
func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"spacec": main}) }

// TestScripts runs the command lines of testdata; commands says which commands there are beside testscript's.
func TestScripts(t *testing.T) {
	digits, err := os.ReadFile("../../examples/digits.space")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata",
		RequireExplicitExec: true,
		Cmds:                commands(),
		Setup: func(env *testscript.Env) error {
			return os.WriteFile(filepath.Join(env.WorkDir, "digits.space"), digits, 0o666)
		},
		Condition: func(cond string) (bool, error) {
			if cond == "root" { // whom no permission stops
				return os.Geteuid() == 0, nil
			}
			return false, fmt.Errorf("unknown condition %q", cond)
		},
	})
}
