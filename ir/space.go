// Package ir is the tree-structured space: what a .space file means. Lowering turns the syntax tree into
// nodes; a small machine (machine.go) gives the nodes their meaning; the solver (solve.go) learns which of
// the machine's situations can complete, and at what cost; a Walk draws points, and a Point builds a graph
// of ops and prints itself.
package ir

import (
	"errors"
	"fmt"
	"sync"

	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// Space is a checked space. Its methods may be called from several goroutines.
type Space struct {
	Name       string
	Doc        string
	File       *lang.File
	Inputs     []op.Port
	Outputs    []op.Port
	Objectives []Objective
	seeds      []Seed

	mu     sync.Mutex
	vals   *values
	states *states
	root   node
	cells  int
	bottom *frame
	m      machine
	lib    *op.Library

	sharing  bool                   // some let shares its weights
	usesStd  bool                   // a file says "use std", so its points do
	declared map[string]*declaredOp // the ops that files declare
	types    []*lang.TypeDecl       // and the types

	frames   map[frameKey]*frame
	configs  map[configKey]*config
	ops      *madeOps
	calls    map[callKey]*opCall
	tracer   op.Tracer // of the op that is looked at
	result   inferred  // of the last one
	ranges   map[rangeKey]*domain
	fitted   map[fitKey]bool
	sized    *tally // of the last draw by size
	counted  map[fitKey]poly
	lets     []arrivals
	letIDs   map[letKey]int32
	first    *transition
	reached  map[reachKey]*reach
	leaper   machine // searches with it: it leaps over recursive rules
	top      *proc   // the root as a rule
	decided  bool    // whether it is vast
	vast     bool    // recursive rules meet more types than are listed
	asVast   bool    // it is taken to be: a test compares what that offers
	lists    map[listKey]*list
	opaques  []val             // by number (place.go)
	recorder machine           // finds out what hops do
	into     map[reachKey]*hop // of rules, entered in a state
	starts   map[reachKey]*transition
	refusal  transition // of an op that doesn't take what arrives
	entries  map[reachKey]*frame
	records  []*Record // of walks, by these tables,
	recorded int       // and how large they are
	rows     int

	alternatives map[lang.Span]bool // as the file writes them, in choices that were lowered

	results    map[string]bool // named results of ops that something asks for
	dims       []costDim
	bounds     []bound
	deep       bool // types carry the longest path that leads to them
	layersLo   int64
	layersHi   int64
	counts     bool // costs matter: some bound is on a sum of them
	whole      bool // all of them, bounded or not
	recursive  bool
	nests      bool    // some guard asks for the nesting
	nestings   int     // how many do
	margin     int32   // how much deeper than where they start searches may look (leap.go)
	turns      []int32 // the nestings at which guards turn, if all are comparisons with a number
	proved     bool    // to be infinite
	env        Env
	flat       bool // every tensor is taken to have the input's shape (describe_flat.go)
	fresh      bool // a let of a module is drawn anew at each use (describe_flat.go)
	depthDim   int  // the cost that is the longest path, where one is (describe_survey.go)
	grown      bool // an arrival was found that the tables of lets don't know
	looked     int  // options that the machine has run since all was last solved anew
	enoughAt   int  // of them, where grown: where a search ends
	epoch      int
	query      int32
	fuel       int
	undecided  int
	spending   *spending // of recursive rules
	tallyAll   *tally    // of the whole
	charts     *tally    // of walks
	uncharted  bool      // there are too many tables for that
	aheadAll   int
	lastFailed *transition // the last transition that failed
	patience   int         // options that the search for sums under way may still look at
	unsettled  int         // searches for sums that gave up

	loaded int // values that the lowered space needs
	onWay  int // configs that a walk under way may add before the tables are dropped
	trims  int // times that the tables were dropped

	searched              int // places and calls that walks have come to
	met, missed, withheld int // of a vast space: options that walks asked about, those that were new, those left out undecided
}

// Objective is what the space is searched for.
type Objective struct {
	Name     string
	Maximize bool
}

// String is the objective as a file states it.
func (o Objective) String() string {
	if o.Maximize {
		return "maximize " + o.Name
	}
	return "minimize " + o.Name
}

// arrivals are what a let is solved for at once: the first is the one at hand.
type arrivals struct{ list []val }

type letKey struct {
	let     int32
	arrival val
}

// maxArrivals is how many arrivals a let is solved for; a use beyond them is not offered.
const maxArrivals = 256

// arrivals is the number of the list of arrivals of a let drawn at arrival.
func (sp *Space) arrivals(let int32, arrival val) int32 {
	key := letKey{let, arrival}
	if id, ok := sp.letIDs[key]; ok {
		return id
	}
	id := int32(len(sp.lets))
	list := []val{arrival}
	if v := sp.vals.at(arrival); v.kind == kindLanes {
		list = append(list[:0], v.parts...)
	}
	sp.lets = append(sp.lets, arrivals{list})
	sp.letIDs[key] = id
	return id
}

// grow notes a further arrival of a let.
func (sp *Space) grow(id int32, arrival val) {
	l := &sp.lets[id]
	if sp.hasOpaque(arrival) { // nothing arrives so
		return
	}
	for _, a := range l.list {
		if a == arrival {
			return // noted already, in this very search
		}
	}
	if len(l.list) >= maxArrivals {
		sp.undecided++
		return
	}
	l.list = append(l.list, arrival)
	if !sp.grown {
		sp.grown, sp.enoughAt = true, 4*sp.looked
	}
}

// forget drops what was learned of configs; values, states and ops stay.
func (sp *Space) forget() {
	sp.frames, sp.configs, sp.fitted, sp.counted = map[frameKey]*frame{}, map[configKey]*config{}, map[fitKey]bool{}, map[fitKey]poly{}
	sp.reached, sp.entries, sp.rows = map[reachKey]*reach{}, map[reachKey]*frame{}, 0
	sp.lists, sp.starts, sp.into = map[listKey]*list{}, map[reachKey]*transition{}, map[reachKey]*hop{}
	sp.refusal = transition{failed: true, why: &failure{}}
	sp.first, sp.grown, sp.decided, sp.vast = nil, false, false, false
	for _, r := range sp.records {
		r.end()
	}
	sp.records, sp.recorded, sp.looked = nil, 0, 0
	sp.spending, sp.aheadAll = nil, 0
	sp.epoch++
}

// Tables beyond these sizes are dropped between walks, so that memory stays bounded in spaces that are
// infinite.
const (
	maxConfigs = 1 << 20 // and where recursion is solved rule by rule, everything kept counted:
	maxVast    = 250_000 // more find hardly more again
	maxOnWay   = 600_000 // within a walk, whose searches start anew then
)

// kept is how much stands in the tables.
func (sp *Space) kept() int {
	return len(sp.configs) + len(sp.frames) + len(sp.ops.rows) + sp.states.len() + len(sp.vals.list) - len(sp.vals.free) + sp.recorded
}

func (sp *Space) trim() {
	switch {
	case sp.vast && sp.kept() > maxVast:
		sp.drop()
	case len(sp.configs) > maxConfigs || sp.rows > keptRows:
		sp.forget()
	}
}

// drop forgets all that was learned, types too. A walk that is under way goes its way anew.
func (sp *Space) drop() {
	vast := sp.vast
	sp.forget()
	sp.decided, sp.vast = vast, vast // a space stays vast
	sp.ops.clear()
	sp.states, sp.calls = newStates(), map[callKey]*opCall{}
	sp.lets, sp.letIDs = nil, map[letKey]int32{}
	sp.vals.release(sp.loaded)
	sp.trims++
}

// Stats is what the solver has learned and how much of it is kept.
type Stats struct {
	Configs, Frames, States, Values, Ops, Reached int
	Withheld                                      int // options left out as undecided, since the space was loaded; by draws, those that they fell on
	// Of a space whose recursion is solved rule by rule, since it was loaded: the options that walks asked about, and those
	// for which something was learned that holds for any type.
	Met, Missed int
	Trims       int // times that the tables were dropped, for their size
}

// Stats counts the solver's tables.
func (sp *Space) Stats() Stats {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	return Stats{len(sp.configs), len(sp.frames), sp.states.len(), len(sp.vals.list), len(sp.ops.rows), sp.rows,
		sp.withheld, sp.met, sp.missed, sp.trims}
}

// completes tells whether the space, entered by t, has a point at all.
func (sp *Space) completes(t *transition) bool {
	if t.failed {
		return false
	}
	if sp.vast {
		if y := sp.charted(); y != nil {
			return y.root.completes(y.root.in.start)
		}
	}
	if t.next != nil && sp.solve(t.next) != yes || sp.grown {
		return false
	}
	var zero costs
	return sp.fits(t, &zero)
}

// emptiness says why there is no point.
func (sp *Space) emptiness() error {
	d := sp.explain()
	if d == nil {
		return fmt.Errorf("%v has no point", sp)
	}
	line, col := d.span.Source.Position(d.span.Start)
	return fmt.Errorf("%s:%d:%d: %v has no point: %s", d.span.Source.Name, line, col, sp, d)
}

// explain finds the failure that came furthest: what to show where nothing completes.
func (sp *Space) explain() *failure {
	t := sp.begin()
	if t.failed {
		return t.why
	}
	if best := sp.reason(t.next); best.span.Source != nil {
		return &best
	}
	if len(sp.bounds) > 0 {
		return &failure{span: sp.bounds[0].pos.span, text: "no point keeps this requirement"}
	}
	return nil
}

// point adds to a message where else its reason is written, and what else could be.
func (sp *Space) point(why *failure, d *diag.Diagnostic) {
	if c := (*costError)(nil); errors.As(why.err, &c) {
		d.With(c.at, "computed so")
	}
	for _, decl := range sp.File.Decls {
		config, ok := decl.(*lang.Config)
		if !ok {
			continue
		}
		for _, f := range config.Fields() {
			if c, ok := f.Value.(*lang.Choice); ok && len(c.Alts) == 1 && c.Alts[0].Guard != nil && c.Alts[0].Guard.Pos() == why.span {
				d.Note("every point has this field; what only one option has is its argument, 'kernel: linear | poly(degree: 2..5)'")
			}
		}
	}
}

// unsettledBy reports that requirements on sums are not settled: which, and how far the search went.
func (sp *Space) unsettledBy(report *diag.Report) {
	d := report.Errorf(diag.NoCompletion, sp.bounds[0].pos.span, "whether some point keeps this stays undecided; none was found")
	if len(sp.bounds) > 1 {
		d.Message = "whether some point keeps all of these stays undecided; none was found"
	}
	for _, b := range sp.bounds[1:] {
		d.With(b.pos.span, "together with this")
	}
	d.Note("the sums are too many to list, and %d options were looked at; bounds that are less tight take fewer", sp.afford(searchSpent))
}

// Check proves what can be proved of the whole space without drawing from it, and reports the rest.
func (sp *Space) Check(report *diag.Report) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	for {
		t := sp.begin()
		unsettled := sp.unsettled
		ok := !t.failed && sp.recursive && sp.boundsLayers(t) || sp.completes(t) // the former is looked at with its layers
		unsettled = sp.unsettled - unsettled
		if !sp.grown && !t.failed && sp.boundsLayers(t) {
			sp.deepen()
			continue
		}
		var dead, withheld []Dead
		switch {
		case !ok || sp.grown:
		case sp.recursive && sp.charted() != nil:
			dead = sp.deadCharted()
		case sp.vast:
			withheld = sp.withheldFirst(t)
		case sp.recursive:
			dead = sp.deadRules()
		default:
			dead = sp.dead(t)
		}
		if sp.grown {
			sp.forget()
			continue
		}
		switch {
		case ok:
		case unsettled > 0:
			sp.unsettledBy(report)
		default:
			text := "this space has no point"
			if sp.vast && sp.charted() == nil || t.next != nil && t.next.verdict == open { // which is then not proved
				text = "no point of this space was found within the bounds of the search"
			}
			if why := sp.explain(); why != nil && why.span.Source != nil {
				sp.point(why, report.Errorf(diag.NoCompletion, why.span, "%s: %s", text, why))
			} else {
				report.Errorf(diag.NoCompletion, lang.Span{Source: sp.File.Source}, "%s", text)
			}
		}
		for _, d := range dead {
			alt := d.node.alts[d.alt]
			w := report.Warnf(diag.Dead, alt.body.pos().span, "this alternative can never be chosen: nothing that takes it completes")
			w.Label = "'" + alt.label + "' is in no point"
			if d.why.span.Source != nil {
				w.With(d.why.span, "%s", d.why.String())
				sp.point(&d.why, w)
			}
		}
		for _, d := range withheld {
			alt := d.node.alts[d.alt]
			w := report.Warnf(diag.Withheld, alt.body.pos().span, "whether this alternative can complete stays undecided within the bounds: it is never offered")
			w.Label = "'" + alt.label + "' is withheld"
			w.Note("the rules meet more types than are listed, and no completion was found among the small ones")
		}
		return
	}
}
