package study

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"sort"
	"strconv"
	"time"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/samplers"
)

// Evaluation is what came of trying a point.
type Evaluation struct {
	State        samplers.State // one in which a trial ends
	Value        float64        // what the search maximises; of a trial that is Complete or Pruned
	Metrics      []Metric       // everything measured, in the order in which to write it
	Intermediate []Intermediate // values on the way, where the evaluator gives any
	Reason       string         // why there is no value, for people; else empty
}

// Intermediate is the value that a trial had at a step, such as an epoch.
type Intermediate struct {
	Step  float64 `json:"step"`
	Value float64 `json:"value"` // what the search maximises
}

// Value is the evaluation of a point that has a value, which the search maximises.
func Value(v float64, metrics ...Metric) Evaluation {
	return Evaluation{State: samplers.Complete, Value: v, Metrics: metrics}
}

// Failed is the evaluation of a point that gave no value.
func Failed(format string, args ...any) Evaluation {
	return Evaluation{State: samplers.Fail, Reason: fmt.Sprintf(format, args...)}
}

// Impossible is the evaluation of a point that can't be tried.
func Impossible(format string, args ...any) Evaluation {
	return Evaluation{State: samplers.Infeasible, Reason: fmt.Sprintf(format, args...)}
}

// Metric is a measured number. A study keeps it under the name that NewMetric gives it.
type Metric struct {
	Name  string
	Value float64
}

// NewMetric is a measured number under a name that a line of trials.jsonl has no other use for: params, which each line has
// anyway, becomes reported_params.
func NewMetric(name string, x float64) Metric {
	if new(Trial).member(name) != nil {
		name = "reported_" + name
	}
	return Metric{name, x}
}

// Metric is the measured number of a name, and whether there is one.
func (e *Evaluation) Metric(name string) (float64, bool) {
	for _, m := range e.Metrics {
		if m.Name == name {
			return m.Value, true
		}
	}
	return 0, false
}

// valued tells whether the evaluation has a value that compares.
func (e *Evaluation) valued() bool {
	return e.State == samplers.Complete || e.State == samplers.Pruned
}

// check makes an evaluation whose numbers can't be compared or written a failure that says so, and renames metrics whose names are
// taken.
func (e *Evaluation) check() {
	e.Metrics = slices.Clone(e.Metrics)
	for i, m := range e.Metrics {
		e.Metrics[i] = NewMetric(m.Name, m.Value)
	}
	bad := ""
	if e.valued() && !finite(e.Value) {
		bad = fmt.Sprintf("the value is %v", e.Value)
	}
	for _, m := range e.Metrics {
		if !finite(m.Value) && bad == "" {
			bad = fmt.Sprintf("%s is %v", m.Name, m.Value)
		}
	}
	for _, i := range e.Intermediate {
		if (!finite(i.Value) || !finite(i.Step)) && bad == "" {
			bad = fmt.Sprintf("the value at step %v is %v", i.Step, i.Value)
		}
	}
	if !e.State.Ended() || e.State == "" {
		bad = fmt.Sprintf("the evaluation ended in the state %q", e.State)
	}
	if bad != "" {
		*e = Evaluation{State: samplers.Fail, Reason: bad}
	}
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// Trial is a point and what came of it.
type Trial struct {
	Number int       // from 0
	Point  *ir.Point // nil where the trial was read from a file, without its space
	Evaluation
	Params, MACs int64 // of the graph, if there is one
	Layers       int
	Started      time.Time
	Seconds      float64

	point, config json.RawMessage // as Schema says
	memory        op.Memory
}

// better tells whether a trial is to be preferred to another, which may be nil: equals are not better, so
// the first of several stays.
func (t *Trial) better(than *Trial) bool {
	return t.State == samplers.Complete && (than == nil || t.Value > than.Value)
}

// Schema says what a line of trials.jsonl holds.
const Schema = `one JSON object for each trial, in the order of their numbers:
  number         from 0
  state          COMPLETE, PRUNED, FAIL or INFEASIBLE
  value          what the search maximises; only where state is COMPLETE or PRUNED
  val_accuracy, val_loss, test_accuracy, test_loss, train_loss, epochs
                 what was measured, accuracies from 0 to 1; only where state is COMPLETE or PRUNED. Other evaluators than
                 train measure under names of their own
  intermediate   values on the way, [{"step": 1, "value": 0.5}, ...], where the evaluator gives any
  reason         why there is no value; only where state is FAIL or INFEASIBLE
  params, macs, layers
                 of the network: learnt numbers, multiplications for one example, longest path of ops
  point          the decisions by name, {"block.times": 2, ...}; a real keeps its point, as 1.0
  config         the fields of each config, {"train": {"lr": 0.01, "optimizer": {"sgd": {"momentum": 0.9}}}}
  started        when, RFC 3339
  seconds        how long`

// timeFormat is RFC 3339 to the millisecond.
const timeFormat = "2006-01-02T15:04:05.999Z07:00"

// MarshalJSON is the trial as Schema says.
func (t *Trial) MarshalJSON() ([]byte, error) {
	o := append(object{{"number", t.Number}}, t.members()...)
	o = append(o, member{"params", t.Params}, member{"macs", t.MACs}, member{"layers", t.Layers})
	o = append(o, member{"point", t.point}, member{"config", t.config}, member{"started", t.Started.UTC().Format(timeFormat)})
	if t.State.Ended() {
		o = append(o, member{"seconds", milli(t.Seconds)})
	}
	return marshal(o)
}

// UnmarshalJSON reads what MarshalJSON writes; the trial has no Point.
func (t *Trial) UnmarshalJSON(text []byte) error {
	*t = Trial{}
	return eachMember(text, func(name string, value json.RawMessage) error {
		to := t.member(name)
		if to == nil {
			t.Metrics = append(t.Metrics, Metric{Name: name})
			to = &t.Metrics[len(t.Metrics)-1].Value
		}
		return json.Unmarshal(value, to)
	})
}

// member is where a member of a line belongs; nil for a metric.
func (t *Trial) member(name string) any {
	switch name {
	case "number":
		return &t.Number
	case "state":
		return &t.State
	case "value":
		return &t.Value
	case "intermediate":
		return &t.Intermediate
	case "reason":
		return &t.Reason
	case "params":
		return &t.Params
	case "macs":
		return &t.MACs
	case "layers":
		return &t.Layers
	case "point":
		return &t.point
	case "config":
		return &t.config
	case "started":
		return &t.Started
	case "seconds":
		return &t.Seconds
	}
	return nil
}

// Decisions are the point's, by name, in the order met: each an int, float64, bool or string.
func (t *Trial) Decisions() ([]ir.Choice, error) {
	var list []ir.Choice
	err := eachMember(t.point, func(name string, value json.RawMessage) error {
		var v any
		if err := json.Unmarshal(value, &v); err != nil {
			return err
		}
		if _, isNumber := v.(float64); isNumber {
			if n, err := strconv.Atoi(string(value)); err == nil {
				v = n
			}
		}
		list = append(list, ir.Choice{Path: name, Value: v})
		return nil
	})
	return list, err
}

// eachMember calls f with the members of a JSON object, in their order.
func eachMember(text []byte, f func(name string, value json.RawMessage) error) error {
	d := json.NewDecoder(bytes.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return fmt.Errorf("this is no JSON object: %.40s", text)
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return err
		}
		if err := f(name.(string), value); err != nil {
			return fmt.Errorf("%v: %w", name, err)
		}
	}
	_, err := d.Token()
	return err
}

// members are an evaluation's part of a line.
func (e *Evaluation) members() object {
	o := object{{"state", e.State}}
	if e.valued() {
		o = append(o, member{"value", e.Value})
	}
	for _, m := range e.Metrics {
		o = append(o, member{m.Name, m.Value})
	}
	if e.Intermediate != nil {
		o = append(o, member{"intermediate", e.Intermediate})
	}
	if e.Reason != "" {
		o = append(o, member{"reason", e.Reason})
	}
	return o
}

// decisionsOf are a point's, by name.
func decisionsOf(p *ir.Point) object {
	var o object
	for _, c := range p.Choices() {
		o = append(o, member{c.Path, AsJSON(c.Value)})
	}
	return o
}

// configsOf are the fields of each config.
func configsOf(configs []ir.ConfigValues) object {
	var o object
	for _, c := range configs {
		o = append(o, member{c.Name, fields(c)})
	}
	return o
}

// milli is a number of seconds to the thousandth.
func milli(seconds float64) float64 { return math.Round(seconds*1000) / 1000 }

// WritePoint writes a point as a line of JSON: number, point, config, params, macs and layers as in Schema; memory, as
// op.Memory; text, the point as a .space file; and graph, where that is asked for, as in GraphSchema.
func WritePoint(w io.Writer, number int, p *ir.Point, withGraph bool) error {
	b, err := p.Build()
	if err != nil {
		return err
	}
	t := &Trial{Number: number, Point: p}
	if err := t.measure(b); err != nil {
		return err
	}
	o := object{{"number", number}, {"point", t.point}, {"config", t.config}, {"params", t.Params}, {"macs", t.MACs},
		{"layers", t.Layers}, {"memory", t.memory}, {"text", b.Text()}}
	if withGraph && b.Graph != nil {
		o = append(o, member{"graph", graph(b.Graph)})
	}
	line, err := marshal(o)
	if err == nil {
		_, err = w.Write(line)
	}
	return err
}

// fields are a config as JSON: a symbol with arguments is an object of its name, one without is a string, and what 'of'
// picked is a list.
func fields(c ir.ConfigValues) object {
	var o object
	for _, f := range c.Fields {
		o = append(o, member{f.Name, AsJSON(f.Value)})
	}
	return o
}

// AsJSON is a value of a point for encoding/json, by which a real keeps its point: 1.0 is no whole number.
func AsJSON(v any) any {
	switch v := v.(type) {
	case float64:
		return real(v)
	case ir.Symbol:
		var args object
		for name, a := range v.Args {
			args = append(args, member{name, AsJSON(a)})
		}
		sort.Slice(args, func(i, j int) bool { return args[i].name < args[j].name })
		return object{{v.Name, args}}
	case []any:
		list := make([]any, len(v))
		for i, x := range v {
			list[i] = AsJSON(x)
		}
		return list
	}
	return v
}

type real float64

func (r real) MarshalJSON() ([]byte, error) {
	text, err := json.Marshal(float64(r))
	if err == nil && !bytes.ContainsAny(text, ".e") {
		text = append(text, ".0"...)
	}
	return text, err
}

// object is a JSON object whose members keep their order.
type object []member

type member struct {
	name  string
	value any
}

func (o object) MarshalJSON() ([]byte, error) { return marshal(o) }

// marshal is a value as a line of JSON, with < and > left readable: it is for no web page.
func marshal(v any) ([]byte, error) {
	var w jsonWriter
	err := w.add(v)
	w.WriteByte('\n')
	return w.Bytes(), err
}

// jsonWriter writes objects in one go: they may be deep, and encoding/json goes through what each of them has marshalled anew.
type jsonWriter struct {
	bytes.Buffer
	enc *json.Encoder
}

func (w *jsonWriter) add(v any) error {
	switch v := v.(type) {
	case object:
		w.WriteByte('{')
		for i, m := range v {
			if i > 0 {
				w.WriteByte(',')
			}
			err := w.add(m.name)
			w.WriteByte(':')
			if err := cmp.Or(err, w.add(m.value)); err != nil {
				return fmt.Errorf("%s: %w", m.name, err)
			}
		}
		w.WriteByte('}')
		return nil
	case json.RawMessage: // that marshal has made
		w.Write(bytes.TrimSuffix(v, []byte{'\n'}))
		return nil
	}
	if w.enc == nil {
		w.enc = json.NewEncoder(&w.Buffer)
		w.enc.SetEscapeHTML(false)
	}
	err := w.enc.Encode(v)
	if err == nil {
		w.Truncate(w.Len() - 1) // its line's end
	}
	return err
}
