package samplers

import (
	"hash/fnv"
	"math"
	"slices"

	"github.com/spacec-lang/spacec/ir/canon"
)

// One featurisation serves every space. It has no fixed length: a feature is a hash of what it says, and a point has the
// few that are not zero.

// The kinds of features.
const (
	decided  = iota // decisions by path: options taken, and where in their range numbers lie
	used            // ops by what they compute, and by the shape they leave: the logarithm of how many
	joined          // an op after another: the logarithm of how many
	followed        // sequences of ops from where paths part or meet to where all meet again: the logarithm of how many
	spent           // the logarithms of learnt numbers, multiplications and layers
	kinds
)

// features are a point's: those of the first kind, then those of the next, each in ascending order of their hashes, so that
// sums over them don't depend on what else was seen before.
type features struct {
	index  []int32 // in the vocabulary
	value  []float64
	ends   [kinds]int     // where those of a kind end
	square [kinds]float64 // of the length of a kind's
}

// vocabulary numbers the features that were met, by hash.
type vocabulary map[uint64]int32

// sums collects features of a kind by their hashes.
type sums map[uint64]float64

func (words vocabulary) features(all *[kinds]sums) *features {
	f := &features{}
	for kind, s := range all {
		keys := make([]uint64, 0, len(s))
		for key := range s {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		for _, key := range keys {
			word := mixed(key, uint64(kind))
			at, ok := words[word]
			if !ok {
				at = int32(len(words))
				words[word] = at
			}
			f.index, f.value = append(f.index, at), append(f.value, s[key])
			f.square[kind] += float64(s[key] * s[key])
		}
		f.ends[kind] = len(f.index)
	}
	f.index, f.value = slices.Clip(f.index), slices.Clip(f.value)
	return f
}

// decisions are the features of a genome. Two answers to a decision that has no order are at distance 1, as are the two ends
// of one that has, and as is a decision to its absence, or nearly.
func (g genome) decisions() sums {
	s := sums{}
	for _, x := range g {
		if x.ordered {
			s[mixed(x.key, 0)] += math.Sqrt2 / 2
			s[mixed(x.key, 1)] += x.at
		} else {
			s[mixed(x.key, uint64(x.option)+2)] += math.Sqrt2 / 2
		}
	}
	return s
}

// structure are the features of what matters of a graph.
func structure(graph []canon.Vertex) (s [kinds]sums) {
	for kind := range s {
		s[kind] = sums{}
	}
	uses, reach, depth := make([]int, len(graph)), make([]int, len(graph)), make([]int, len(graph))
	labels := make([]uint64, len(graph))
	params, macs, layers := 0.0, 0.0, 0
	for i, v := range graph {
		labels[i] = hashed(v.Label)
		for _, j := range v.From {
			uses[j]++
			reach[j] = i
			depth[i] = max(depth[i], depth[j])
			s[joined][mixed(labels[i], labels[j])]++
		}
		if v.Label != "" {
			depth[i]++
			s[used][labels[i]]++
			s[used][mixed(labels[i], hashed(v.Shape.String()))]++
		}
		params, macs, layers = params+float64(v.Params), macs+float64(v.MACs), max(layers, depth[i])
	}
	s[spent][1], s[spent][2], s[spent][3] = params, macs, float64(layers)
	paths{graph, labels, s[followed]}.cut(uses, reach)
	for _, kind := range s {
		for key, n := range kind {
			kind[key] = math.Log1p(n)
		}
	}
	return s
}

// paths collects the sequences of ops of a graph.
type paths struct {
	graph  []canon.Vertex
	labels []uint64
	found  sums
}

// maxPaths is how many paths are followed between two places where all meet.
const maxPaths = 128

// cut parts the graph at the vertices that every path goes through, unless the paths neither meet nor part there: between
// two of them are few paths, while those through the whole graph may be beyond counting.
func (p paths) cut(uses, reach []int) {
	start, farthest := 0, 0
	for i, v := range p.graph {
		if farthest <= i && i > start && (len(v.From) != 1 || uses[i] != 1) {
			left := maxPaths
			p.back(start, i, i, 0, &left)
			start = i
		}
		farthest = max(farthest, reach[i])
	}
}

// back follows the paths from a vertex back to start, behind what was met with that hash.
func (p paths) back(start, end, at int, hash uint64, left *int) {
	if at == start {
		p.found[hash]++
		*left--
		return
	}
	if label := p.graph[at].Label; at != end && label != "+" && label != "*" {
		hash = mixed(hash, p.labels[at])
	}
	for _, from := range p.graph[at].From {
		if *left > 0 && from >= start {
			p.back(start, end, from, hash, left)
		}
	}
}

func hashed(s string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(s))
	return h.Sum64()
}
