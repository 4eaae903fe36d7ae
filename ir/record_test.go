package ir_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/spacec-lang/spacec/ir"
)

// TestRecord starts walks at every decision of points of einspace, changes the answer there, and ends them where they come back to the
// point's way: the same points come of walks from the root with the same answers.
func TestRecord(t *testing.T) {
	sp := example(t, "einspace")
	w, plain := sp.Walk(), sp.Walk()
	joined, whole := 0, 0
	var last *ir.Record
	for trial := range uint64(12) {
		p := draw(t, sp, 31, trial)
		r := w.Record(p)
		if r == nil {
			t.Fatalf("trial %d: no record", trial)
		}
		last = r
		if _, ok := w.From(r, len(p.Choices())); ok {
			t.Errorf("trial %d: a decision behind the last", trial)
		}
		for i := range p.Choices() {
			d, ok := w.From(r, i)
			if !ok {
				t.Fatalf("trial %d: the record doesn't hold at %d", trial, i)
			}
			if d.Path() != p.Choices()[i].Path {
				t.Fatalf("trial %d: decision %d is %s, not %s", trial, i, d.Path(), p.Choices()[i].Path)
			}
			changed := d.Key()
			pick := func(d *ir.Decision, seed uint64) int { return d.Draw(ir.Uniform(seed, trial, d.Key())) }
			option := pick(d, 99)
			w.Answer(option)
			for d, ok = w.Next(); ok; d, ok = w.Next() {
				if _, ok := w.Joins(r); ok {
					joined++
					break
				}
				w.Answer(pick(d, 98))
			}
			got, err := w.Point()
			if err != nil {
				t.Fatalf("trial %d, decision %d: %v", trial, i, err)
			}
			answers := got.Choices()
			plain.Along(got)
			for d, ok := plain.Next(); ok; d, ok = plain.Next() {
				if d.Key() == changed && !d.Offers(option) {
					t.Errorf("trial %d, decision %d: option %d is not on offer", trial, i, option)
				}
				k := 0
				for k < d.Len() && d.Value(k) != answers[0].Value {
					k++
				}
				if d.Path() != answers[0].Path || k == d.Len() {
					t.Fatalf("trial %d, decision %d: %s has no %v", trial, i, d.Path(), answers[0])
				}
				plain.Choose(k)
				answers = answers[1:]
			}
			want, err := plain.Point()
			if err != nil {
				t.Fatalf("trial %d, decision %d: %v", trial, i, err)
			}
			whole++
			if diff := cmp.Diff(want.Choices(), got.Choices()); diff != "" {
				t.Fatalf("trial %d, decision %d:\n%s", trial, i, diff)
			}
			if want.Ops() != got.Ops() || want.Key() != got.Key() {
				t.Errorf("trial %d, decision %d: %d ops, not %d", trial, i, got.Ops(), want.Ops())
			}
			if b, err := got.Build(); err != nil || int64(len(b.Graph.Nodes)) < got.Ops() {
				t.Errorf("trial %d, decision %d: %v", trial, i, err)
			}
		}
	}
	if joined < whole/4 {
		t.Errorf("%d of %d walks came back", joined, whole)
	}
	t.Logf("%d of %d walks came back", joined, whole)
	sp.Drop()
	if _, ok := w.From(last, 0); ok {
		t.Error("a record holds though the tables were dropped")
	}
}

// TestRecordDropped: a record on whose way tables are dropped is none, or of one piece: what walks from it have spent is what they
// build.
func TestRecordDropped(t *testing.T) {
	sp := load(t, image+"net = t >> relu\nrule t = skip [5%] | conv(1..60) >> t | conv(in.c + 1) >> t\n")
	for trial := range uint64(20) {
		sp.DropOnWay(1 << 30)
		p := draw(t, sp, 1, trial)
		sp.Drop()
		draw(t, sp, 2, trial)
		sp.DropOnWay(30)
		w := sp.Walk()
		r := w.Record(p)
		sp.DropOnWay(1 << 30)
		for k := range uint64(12) {
			draw(t, sp, 3, k+12*trial)
		}
		if r == nil {
			continue
		}
		for i := range p.Choices() {
			d, ok := w.From(r, i)
			for ; ok; d, ok = w.Next() {
				w.Answer(d.Draw(ir.Uniform(7, trial, d.Key())))
			}
			q, err := w.Point()
			if err != nil {
				continue
			}
			b, err := q.Build()
			if err != nil {
				t.Error(err)
				continue
			}
			if got, _ := q.Spent(); got != int64(b.Costs()[0].Value) {
				t.Fatalf("trial %d, decision %d: %d spent, %v built", trial, i, got, b.Costs()[0].Value)
			}
		}
	}
}
