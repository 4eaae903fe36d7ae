package train

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sort"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/lang/diag"
	"github.com/spacec-lang/spacec/lang/foreign"
)

// Settings say how a network is trained.
type Settings struct {
	Optimizer   string   `json:"optimizer"`    // "sgd", "adam" or "adamw"
	Momentum    float64  `json:"momentum"`     // of sgd, 0..1 exclusive of 1
	Beta1       float64  `json:"beta1"`        // of adam and adamw: decay of the mean of gradients
	Beta2       float64  `json:"beta2"`        // of adam and adamw: decay of the mean of their squares
	LR          float64  `json:"lr"`           // the learning rate before the schedule, over 0
	WeightDecay float64  `json:"weight_decay"` // 0 or more; decoupled in adamw, added to the gradient in the others
	Schedule    Schedule `json:"schedule"`
	Batch       int      `json:"batch"`
	Epochs      int      `json:"epochs"`
	Seed        uint64   `json:"seed"` // of weights, order of examples and dropout
	Cores       int      `json:"-"`    // of the processor to compute on, 0 for all that Go may use; the results don't depend on it
}

// Bounds of settings: beyond them a typing error is likelier than a wish.
const (
	maxBatch  = 1 << 16
	maxEpochs = 1 << 20
)

// DefaultSettings are Adam's, as Kingma & Ba 2015 recommend, with a learning rate that falls to 0 along a
// cosine: what counts are the weights of the last epoch, and at a constant rate their accuracy jumps by
// several points from epoch to epoch. Eight epochs bring small networks on the digits over 95 %.
func DefaultSettings() Settings {
	return Settings{
		Optimizer: "adam", Beta1: 0.9, Beta2: 0.999, LR: 3e-3, Batch: 32, Epochs: 8,
		Schedule: Schedule{Kind: "cosine"},
	}
}

// check reports settings that nothing can be trained with; those of ParseSettings are all right.
func (s Settings) check() error {
	switch {
	case s.Batch < 1 || s.Batch > maxBatch || s.Epochs < 1 || s.Epochs > maxEpochs:
		return fmt.Errorf("settings: a batch of %d for %d epochs; batch is from 1 to %d, epochs from 1 to %d", s.Batch, s.Epochs, maxBatch, maxEpochs)
	case !(s.LR > 0) || math.IsInf(s.LR, 0) || !(s.WeightDecay >= 0):
		return fmt.Errorf("settings: a learning rate of %v and a weight decay of %v; they are finite, and over and from 0", s.LR, s.WeightDecay)
	case !slices.Contains([]string{"sgd", "adam", "adamw"}, s.Optimizer):
		return fmt.Errorf("settings: there is no optimizer %q; there are adam, adamw and sgd", s.Optimizer)
	case s.Schedule.Kind == "step" && s.Schedule.Every < 1 || !slices.Contains([]string{"", "constant", "step", "cosine"}, s.Schedule.Kind):
		return fmt.Errorf("settings: there is no schedule %q every %d epochs; there are constant, cosine and step", s.Schedule.Kind, s.Schedule.Every)
	}
	return nil
}

const configName = "config train"

// UnknownSetting is a setting, or a name given to one, that doesn't exist. Names are those that do, for a
// caller that suggests the near one.
type UnknownSetting struct {
	Where string   // "config train", "adam"
	Name  string   // what was written
	Names []string // what is known there
}

func (e *UnknownSetting) Error() string {
	text := fmt.Sprintf("%s: unknown name '%s'", e.Where, clip(e.Name))
	here, _ := foreign.FindSetting(e.Name)
	here = cmp.Or(here, e.Name)
	if slices.Contains(e.Names, here) {
		return fmt.Sprintf("%s: that is '%s' here", text, here)
	}
	if near := diag.Nearest(e.Name, e.Names); near != "" {
		return fmt.Sprintf("%s: did you mean '%s'?", text, near)
	}
	for _, f := range Fields() {
		if f.Name == here && f.Of == "" {
			return fmt.Sprintf("%s: '%s' is a field of the config itself", text, here)
		}
		if f.Name == here && e.Where == configName {
			return fmt.Sprintf("%s: '%s' goes with its value, '%s(%s: ...)'", text, here, f.Of, here)
		}
	}
	return fmt.Sprintf("%s; known are %s", text, list(e.Names))
}

// ParseSettings fills the defaults with the fields of a config, as ir.ConfigValues has them and Fields lists them: ints,
// float64s, strings and ir.Symbols by name. A name that isn't known is an *UnknownSetting; a value of the wrong kind or out of its range is an
// error that says what the setting takes.
func ParseSettings(fields map[string]any) (Settings, error) {
	s := DefaultSettings()
	f := &fieldSet{where: configName, fields: fields}
	f.call("optimizer", map[string]func(*fieldSet){
		"sgd": func(a *fieldSet) {
			s.Optimizer = "sgd"
			a.real("momentum", &s.Momentum, 0, 1, "from 0 to below 1")
			decay(a, &s)
		},
		"adam":  func(a *fieldSet) { s.Optimizer = "adam"; betas(a, &s); decay(a, &s) },
		"adamw": func(a *fieldSet) { s.Optimizer = "adamw"; s.WeightDecay = 0.01; betas(a, &s); decay(a, &s) },
	})
	f.call("schedule", map[string]func(*fieldSet){
		"constant": func(*fieldSet) { s.Schedule.Kind = "constant" },
		"cosine":   func(*fieldSet) { s.Schedule.Kind = "cosine" },
		"step": func(a *fieldSet) {
			s.Schedule.Kind, s.Schedule.Every, s.Schedule.Factor = "step", 5, 0.1
			a.integer("every", &s.Schedule.Every, 1, maxEpochs)
			a.real("factor", &s.Schedule.Factor, math.SmallestNonzeroFloat64, math.Nextafter(1, 2), "over 0, up to 1")
		},
	})
	f.real("lr", &s.LR, math.SmallestNonzeroFloat64, math.Inf(1), "over 0")
	decay(f, &s)
	f.integer("batch", &s.Batch, 1, maxBatch)
	f.integer("epochs", &s.Epochs, 1, maxEpochs)
	f.real("warmup", &s.Schedule.Warmup, 0, maxEpochs, fmt.Sprintf("of epochs, from 0 to below %d", maxEpochs))
	seed := int(s.Seed)
	f.integer("seed", &seed, 0, math.MaxInt)
	s.Seed = uint64(seed)
	return s, f.done()
}

func betas(f *fieldSet, s *Settings) {
	f.real("beta1", &s.Beta1, 0, 1, "from 0 to below 1")
	f.real("beta2", &s.Beta2, 0, 1, "from 0 to below 1")
}

func decay(f *fieldSet, s *Settings) {
	f.real("weight_decay", &s.WeightDecay, 0, math.Inf(1), "from 0")
}

// fieldSet takes fields by name, remembers which names are known, and keeps the first error.
type fieldSet struct {
	where  string
	fields map[string]any
	known  []string
	err    error
}

func (f *fieldSet) take(name string) (any, bool) {
	f.known = append(f.known, name)
	v, ok := f.fields[name]
	return v, ok && f.err == nil
}

func (f *fieldSet) fail(name, takes string, got any) {
	f.err = fmt.Errorf("%s: %s is %s; it takes %s", f.where, name, describe(got), takes)
}

// real takes a number of at least lo and below hi.
func (f *fieldSet) real(name string, to *float64, lo, hi float64, takes string) {
	v, ok := f.take(name)
	if !ok {
		return
	}
	x, isReal := v.(float64)
	if n, isInt := whole(v); isInt {
		x, isReal = float64(n), true
	}
	if !isReal || !(x >= lo && x < hi) {
		f.fail(name, "a real "+takes, v)
		return
	}
	*to = x
}

// integer takes an integer of at least lo and at most hi.
func (f *fieldSet) integer(name string, to *int, lo, hi int) {
	v, ok := f.take(name)
	if !ok {
		return
	}
	n, isInt := whole(v)
	if !isInt || n < int64(lo) || n > int64(hi) {
		takes := fmt.Sprintf("an integer from %d to %d", lo, hi)
		if hi == math.MaxInt {
			takes = fmt.Sprintf("an integer from %d", lo)
		}
		f.fail(name, takes, v)
		return
	}
	*to = int(n)
}

// call takes a name with arguments, which the function of that name reads.
func (f *fieldSet) call(name string, forms map[string]func(*fieldSet)) {
	v, ok := f.take(name)
	if !ok {
		return
	}
	c, isCall := v.(ir.Symbol)
	if s, isName := v.(string); isName {
		c, isCall = ir.Symbol{Name: s}, true
	}
	names := make([]string, 0, len(forms))
	for n := range forms {
		names = append(names, n)
	}
	sort.Strings(names)
	if !isCall {
		f.fail(name, list(names), v)
		return
	}
	read := forms[c.Name]
	if read == nil {
		f.err = &UnknownSetting{Where: name, Name: c.Name, Names: names}
		return
	}
	args := &fieldSet{where: c.Name, fields: c.Args}
	read(args)
	f.err = args.done()
}

// done is the first error, or one about a field that nothing took.
func (f *fieldSet) done() error {
	if f.err != nil {
		return f.err
	}
	var unknown []string
	for name := range f.fields {
		if !slices.Contains(f.known, name) {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	sort.Strings(unknown)
	return &UnknownSetting{Where: f.where, Name: unknown[0], Names: f.known}
}

func whole(v any) (int64, bool) {
	switch n := v.(type) {
	case int:
		return int64(n), true
	case int64:
		return n, true
	}
	return 0, false
}

func describe(v any) string {
	switch v := v.(type) {
	case ir.Symbol:
		return v.Name + "(...)"
	case float32, int8, int16, int32, uint, uint8, uint16, uint32, uint64: // numbers that no file gives
		return fmt.Sprintf("%v, a %T", v, v)
	}
	return fmt.Sprint(v)
}

func list(names []string) string {
	switch n := len(names); n {
	case 0:
		return "none"
	case 1:
		return names[0]
	default:
		text := ""
		for _, name := range names[:n-1] {
			text += name + ", "
		}
		return text[:len(text)-2] + " and " + names[n-1]
	}
}
