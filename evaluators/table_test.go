//go:build unix

package evaluators

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/samplers"
	"github.com/spacec-lang/spacec/study"
)

func write(tb testing.TB, text string) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "t.csv")
	if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
		tb.Fatal(err)
	}
	return path
}

const small = `use std
input x: [4]
output y: [2]
net = {
  let first = plain | deep
  in >> first >> dense(2)
}
rule plain = dense(8) >> (relu | tanh)
rule deep = dense(8) >> relu >> dense(16 | 32) >> relu
config c { lr: 0.1 | 1e-2; on: true | false }
`

func TestTable(t *testing.T) {
	space := load(t, small)
	names := map[string]bool{}
	for trial := range uint64(50) {
		w := space.Walk()
		w.Draw(1, trial)
		p, err := w.Point()
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range p.Choices() {
			names[c.Path] = true
		}
	}
	// The two that have no name of their own are called by where they stand.
	header := "first,XX,YY,lr,on,acc,test"
	var kind, units string
	for name := range names {
		switch name {
		case "first", "c.lr", "c.on":
		default:
			if strings.Contains(name, "plain") {
				kind = name
			} else {
				units = name
			}
		}
	}
	if kind == "" || units == "" || len(names) != 5 {
		t.Fatalf("the decisions are %v", names)
	}
	header = strings.NewReplacer("XX", kind, "YY", units).Replace(header)
	text := header + "\nplain,relu,,0.10,True,0.5,0.4\nplain,tanh,,0.010,True,0.6,0.7\ndeep,,16,0.1,False,,0.9\n deep ,,32,.01,true,0.8,0.1\n"
	file := write(t, text)
	table, err := ReadTable(file, space, Reward{Name: "acc"}, []string{"test"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		answers map[string]string
		want    study.Evaluation
	}{
		{map[string]string{"first": "plain", kind: "relu", "c.lr": "0.1", "c.on": "true"},
			study.Value(0.5, study.Metric{Name: "acc", Value: 0.5}, study.Metric{Name: "test", Value: 0.4})},
		{map[string]string{"first": "plain", kind: "tanh", "c.lr": "0.01", "c.on": "true"},
			study.Value(0.6, study.Metric{Name: "acc", Value: 0.6}, study.Metric{Name: "test", Value: 0.7})},
		{map[string]string{"first": "deep", units: "32", "c.lr": "0.01", "c.on": "true"},
			study.Value(0.8, study.Metric{Name: "acc", Value: 0.8}, study.Metric{Name: "test", Value: 0.1})},
		{map[string]string{"first": "deep", units: "16", "c.lr": "0.1", "c.on": "false"}, study.Failed("line 4 of the table has no acc")},
		{map[string]string{"first": "deep", units: "16", "c.lr": "0.1", "c.on": "true"},
			study.Impossible("the table has no row of first=deep, %s=16, lr=0.1, on=true", units)},
	} {
		got, err := table.Evaluate(t.Context(), task(t, space, c.answers))
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%v: %v (-want +got):\n%s", c.answers, err, diff)
		}
	}
	if best, ok := table.Best(space); !ok || best != 0.8 {
		t.Errorf("the best is %v, %v; want 0.8", best, ok)
	}
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	z.Write([]byte("\ufeff" + text))
	z.Close()
	if err := os.WriteFile(file, zipped.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	table, err = ReadTable(file, space, Reward{Name: "test", Minimize: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	got, err := table.Evaluate(t.Context(), task(t, space, map[string]string{"first": "plain", kind: "relu", "c.lr": "0.1", "c.on": "true"}))
	if diff := cmp.Diff(study.Value(-0.4, study.Metric{Name: "test", Value: 0.4}), got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

// A decision that a requirement settles is none of the point's, and the row is that of its one option all the same.
func TestTableOfWhatIsSettled(t *testing.T) {
	space := load(t, "config c {\n  a: 1..3\n  b: 1..3\n  require a + b == 4\n}\n")
	table, err := ReadTable(write(t, "a,b,v\n1,3,0.1\n1,2,0.9\n2,2,0.3\n3,1,0.2\n3,3,1\n"), space, Reward{Name: "v"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for a, want := range map[string]float64{"1": 0.1, "2": 0.3, "3": 0.2} {
		tk := task(t, space, map[string]string{"c.a": a})
		if len(tk.Point.Choices()) != 1 {
			t.Fatalf("the decisions are %v", tk.Point.Choices())
		}
		if got, err := table.Evaluate(t.Context(), tk); err != nil || got.State != samplers.Complete || got.Value != want {
			t.Errorf("a = %s is %v, %v; want %v", a, got, err, want)
		}
	}
	if best, ok := table.Best(space); !ok || best != 0.3 {
		t.Errorf("the best of the space is %v, %v; want 0.3", best, ok)
	}
}

// In a table as export and Optuna write it the columns of choices are known by their names, and those of other meaning are no choices'.
func TestTableThatIsExported(t *testing.T) {
	space := load(t, "config t {\n  value: 1 | 2 | 3\n  state: on | off\n  number: (1..2) of (a | b)\n}\n")
	table, err := ReadTable(write(t, "number,value,params_t.value,params_t.state,params_t.number.of.number,params_t.number.of[1],state\n"+
		"0,0.5,1,on,1,a,COMPLETE\n1,0.25,2,off,2,,COMPLETE\n2,,2,on,2,,FAIL\n3,0.75,2,on,1,b,COMPLETE\n"), space, Reward{Name: "value"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		answers map[string]string
		want    study.Evaluation
	}{
		{map[string]string{"t.value": "2", "t.state": "off", "t.number.of.number": "2"}, study.Value(0.25, study.Metric{Name: "reported_value", Value: 0.25})},
	} {
		got, err := table.Evaluate(t.Context(), task(t, space, c.answers))
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%v: %v (-want +got):\n%s", c.answers, err, diff)
		}
	}
}

func TestTablesThatDontFit(t *testing.T) {
	space := load(t, knobs)
	continuous := load(t, "config c { lr: 0.1..0.2 }\n")
	twice := load(t, "config c { kind: red | blue }\nconfig d { kind: red | blue }\n")
	for _, c := range []struct {
		space       *ir.Space
		text, error string
	}{
		{space, "", "the table is empty"},
		{space, "lr,kind,acc\n0.1,red\n", "wrong number of fields"},
		{space, "lr,lr,acc\n", "two columns are called 'lr'"},
		{space, "lr,kind,ac\n0.1,red,1\n", "unknown reward column 'acc': did you mean 'ac'?"},
		{space, "lr,kind,acc\n0.1,red,1\n0.2,red,much\n", "t.csv:3: the reward column 'acc' holds 'much', which is no number"},
		{space, "lr,kinds,acc\n0.1,red,1\n", "has no column for 'c.kind'; nearest to 'c.kind' is 'kinds'"},
		{space, "x,y,acc\n0.1,red,1\n", "has no column for 'c.kind', 'c.lr'; its columns are x, y, acc"},
		{space, "lr,kind,acc\n0.1,red,1\n0.2,red,1\n0.10,red,2\n", "lines 2 and 4 are of the same point, lr=0.1, kind=red"},
		{continuous, "lr,acc\n0.1,1\n", "'c.lr' is a continuous range"},
		{twice, "kind,acc\nred,1\nblue,1\n", "'c.kind' and 'd.kind' are both joined with the column 'kind'"},
	} {
		_, err := ReadTable(write(t, c.text), c.space, Reward{Name: "acc"}, nil)
		if err == nil || !strings.Contains(err.Error(), c.error) {
			t.Errorf("%q gives %v, want %q", c.text, err, c.error)
		}
	}
	if _, err := ReadTable(filepath.Join(t.TempDir(), "none.csv"), space, Reward{Name: "acc"}, nil); err == nil || !strings.Contains(err.Error(), "none.csv: no such file") {
		t.Errorf("a table that isn't there: %v", err)
	}
	if _, err := ReadTable(write(t, "lr,kind,acc\n0.1,red,1\n"), space, Reward{Name: "acc"}, []string{"tst"}); err == nil || !strings.Contains(err.Error(), "reported column 'tst'") {
		t.Errorf("a column to report that isn't there: %v", err)
	}
}

func TestCost(t *testing.T) {
	space := load(t, small+"cost bits { dense: params * 8 }\n")
	evaluate, err := Cost(space, Reward{Name: "bits", Minimize: true})
	if err != nil {
		t.Fatal(err)
	}
	tk := task(t, space, map[string]string{"first": "deep", "first.deep.units": "16", "c.lr": "0.1", "c.on": "true"})
	bits := 8.0 * (4*8 + 8 + 8*16 + 16 + 16*2 + 2)
	got, err := evaluate(t.Context(), tk)
	if diff := cmp.Diff(study.Value(-bits, study.Metric{Name: "bits", Value: bits}), got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for name, want := range map[string]float64{"params": bits / 8, "layers": 5} {
		evaluate, err := Cost(space, Reward{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		if got, err := evaluate(t.Context(), tk); err != nil || got.Value != want {
			t.Errorf("%s is %v, %v; want %v", name, got, err, want)
		}
	}
	if _, err := Cost(space, Reward{Name: "param"}); err == nil || !strings.Contains(err.Error(), "did you mean 'params'") {
		t.Errorf("a cost that isn't there: %v", err)
	}
}
