package source

import (
	"bytes"
	"fmt"

	"github.com/spacec-lang/spacec/ir/op"
)

// loop is a run of nodes that does the same again and again, each turn with what the one before has left.
type loop struct {
	from, size, turns int
	first             op.Wire // arrives at the first turn
	node, out         int     // what a turn leaves: an output of its node'th
}

// least is how many lines a loop has to save.
const least = 3

// loop finds, among the loops that start at a node and end before to, the one that saves most lines.
func (w *writer) loop(from, to int) (best loop, found bool) {
	for size := 1; from+2*size <= to; size++ {
		if w.nodes[from].kind != w.nodes[from+size].kind {
			continue
		}
		l := loop{from: from, size: size, turns: 1, node: -1}
		for l.from+(l.turns+1)*size <= to && w.goesOn(&l) {
			l.turns++
		}
		for l.turns > 1 && w.escapes(&l) {
			l.turns--
		}
		if saves := (l.turns - 1) * size; l.turns > 1 && saves >= least && (!found || saves > (best.turns-1)*best.size) {
			best, found = l, true
		}
	}
	return best, found
}

// goesOn tells whether the nodes after the last turn are one more turn. The first two turns say what goes from one to
// the next.
func (w *writer) goesOn(l *loop) bool {
	second := *l
	carries, fixed := false, map[op.Wire]bool{}
	for i := range l.size {
		a, b := &w.nodes[l.from+i], &w.nodes[l.from+l.turns*l.size+i]
		if a.kind != b.kind || len(a.in) != len(b.in) || !w.sharesAlike(l, i) {
			return false
		}
		for k, x := range a.in {
			y := b.in[k]
			maker, out := w.maker(x, l.from, l.size)
			again, outAgain := w.maker(y, l.from+l.turns*l.size, l.size)
			before, outBefore := w.maker(y, l.from+(l.turns-1)*l.size, l.size)
			switch {
			case maker >= 0:
				if again != maker || outAgain != out {
					return false
				}
			case again >= 0:
				return false
			case before >= 0:
				if second.node < 0 {
					second.first, second.node, second.out = x, before, outBefore
				}
				if second.first != x || second.node != before || second.out != outBefore {
					return false
				}
				carries = true
			case x != y:
				return false
			default:
				fixed[x] = true
			}
		}
	}
	if !carries || fixed[second.first] { // the latter is a variable in the loop
		return false
	}
	*l = second
	return true
}

// maker is the node among the size ones from a given one that makes a wire, and which of its outputs it is; or -1.
func (w *writer) maker(x op.Wire, from, size int) (node, out int) {
	at, ok := w.made[x]
	if !ok || at.node < from || at.node >= from+size {
		return -1, 0
	}
	return at.node - from, at.out
}

// sharesAlike tells whether node i of the next turn shares its weights with nodes of that turn alone, as in the first.
func (w *writer) sharesAlike(l *loop, i int) bool {
	next := l.from + l.turns*l.size
	a, b := w.share[w.nodes[l.from+i].Share], w.share[w.nodes[next+i].Share] // none where there is no share
	if len(a) != len(b) {
		return false
	}
	for k := range a {
		if a[k]-l.from != b[k]-next || a[k] < l.from || a[k] >= l.from+l.size {
			return false
		}
	}
	return true
}

// escapes tells whether something of a turn is read elsewhere than in it, but for what the last turn leaves.
func (w *writer) escapes(l *loop) bool {
	end := l.from + l.size*l.turns
	for i := l.from; i < end; i++ {
		turn := (i - l.from) / l.size
		for k, x := range w.nodes[i].Out {
			left := (i-l.from)%l.size == l.node && k == l.out
			for _, by := range w.readers[x] {
				inside := by < end && (by-l.from)/l.size == turn
				next := by < end && (by-l.from)/l.size == turn+1
				if !inside && (!left || !next && turn != l.turns-1) {
					return true
				}
			}
		}
	}
	return false
}

// repeat writes a loop.
func (w *writer) repeat(l loop) {
	w.turning++
	if !bytes.HasSuffix(w.out.Bytes(), []byte("{\n")) {
		w.out.WriteByte('\n')
	}
	w.head(w.nodes[l.from].Path)
	w.loops++
	x := w.fresh(fmt.Sprint("x", w.loops))
	before := w.wires[l.first]
	fmt.Fprintf(&w.out, "%s := %s\nfor range %d {\n", x, before, l.turns)
	w.wires[l.first] = x
	last := l.from + l.node
	if l.node == l.size-1 && len(w.nodes[last].Out) == 1 && !w.leads(last) {
		w.assign[last] = x
	}
	w.block(l.from, l.from+l.size)
	if left := w.wires[w.nodes[last].Out[l.out]]; left != x {
		fmt.Fprintf(&w.out, "%s = %s\n", x, left)
	}
	w.out.WriteString("}\n")
	w.wires[l.first] = before
	w.wires[w.nodes[last+l.size*(l.turns-1)].Out[l.out]] = x
	w.turning--
}
