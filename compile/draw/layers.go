package draw

import (
	"cmp"
	"math"
	"slices"
)

// The layout of a network is that of Sugiyama, Tagawa and Toda (1981): every vertex stands in a layer below all that it
// reads, a tensor that is read further down takes a place in each layer that it passes, the order within the layers
// is improved by barycentres to have few crossings, and then places move to stand below what they belong to.

// place is a vertex, or a tensor that passes a layer.
type place struct {
	vertex int // -1 for a tensor that passes
	layer  int
	width  float64
	x      float64 // of the middle
	up     []link
	down   []link
}

// link is a line between two neighbouring layers: from the port of the upper place to the lower one. at is how far
// from the middle of the place it leaves or arrives.
type link struct {
	place  int
	port   int
	weight float64
}

// layout puts vertices of the given widths into layers: all places, and those of each layer from left to right. Between
// neighbours there is a gap.
func layout(list []vertex, widths []float64, gap float64) ([]place, [][]int) {
	rank := make([]int, len(list))
	deepest := 0
	for i, v := range list { // the order is one in which each comes behind what it reads
		for _, s := range v.in {
			rank[i] = max(rank[i], rank[s.vertex]+1)
		}
		deepest = max(deepest, rank[i])
	}
	places := make([]place, len(list))
	layers := make([][]int, deepest+1)
	for i := range list {
		places[i] = place{vertex: i, layer: rank[i], width: widths[i]}
		layers[rank[i]] = append(layers[rank[i]], i)
	}
	connect := func(from, port, to int, weight float64) {
		places[from].down = append(places[from].down, link{to, port, weight})
		places[to].up = append(places[to].up, link{from, port, weight})
	}
	for from, ports := range readers(list) {
		for port, to := range ports {
			last := rank[from]
			for _, v := range to {
				last = max(last, rank[v])
			}
			at, from := from, from
			for layer := rank[from] + 1; layer <= last; layer++ {
				for _, v := range to {
					if rank[v] == layer {
						weight := 4.0
						if at != from {
							weight = 1
						}
						connect(at, port, v, weight)
					}
				}
				if layer < last {
					next := len(places)
					places = append(places, place{vertex: -1, layer: layer, width: 10})
					layers[layer] = append(layers[layer], next)
					weight := 1.0
					if at != from {
						weight = 8 // straight where it passes
					}
					connect(at, port, next, weight)
					at, port = next, 0
				}
			}
		}
	}
	order(places, layers)
	spread(places, layers, gap)
	return places, layers
}

// order sorts the layers, from the top and from the bottom in turn, by where the neighbours of each place stand, and
// keeps the best order met: of each segment between layers of one place, on which what is above and below doesn't depend.
func order(places []place, layers [][]int) {
	at := make([]float64, len(places))
	number := func(layer []int) {
		for i, p := range layer {
			at[p] = float64(i)
		}
	}
	for _, layer := range layers {
		number(layer)
	}
	var cuts []int
	for i, layer := range layers {
		if i == 0 || len(layer) == 1 || i == len(layers)-1 {
			cuts = append(cuts, i)
		}
	}
	best := copied(layers)
	least := make([]int, len(cuts))
	keep := func(first bool) (sum int) {
		for k := range cuts[1:] {
			part := layers[cuts[k] : cuts[k+1]+1]
			if n := crossings(places, part, at); first || n < least[k] {
				copy(best[cuts[k]:], copied(part))
				least[k] = n
			}
			sum += least[k]
		}
		return sum
	}
	left := keep(true)
	for turn := 0; turn < 48 && left > 0; turn++ {
		for i := range layers {
			layer, down := layers[i], turn%2 == 0
			if !down {
				layer = layers[len(layers)-1-i]
			}
			mean := func(p int) float64 {
				links := places[p].down
				if down {
					links = places[p].up
				}
				if len(links) == 0 {
					return at[p]
				}
				sum := 0.0
				for _, l := range links {
					sum += at[l.place] + float64(l.port)/16
				}
				return sum / float64(len(links))
			}
			if mix := uint32(turn)*2654435761 ^ uint32(i)*2246822519; turn > 1 && mix>>16%2 == 1 {
				slices.Reverse(layer) // so that what is equal comes in the other order, in some layers
			}
			slices.SortStableFunc(layer, func(a, b int) int { return cmp.Compare(mean(a), mean(b)) })
			number(layer)
		}
		left = keep(false)
	}
	copy(layers, best)
}

func copied(layers [][]int) [][]int {
	out := make([][]int, len(layers))
	for i, l := range layers {
		out[i] = slices.Clone(l)
	}
	return out
}

// crossings counts pairs of lines that cross between layers: of the lines in the order of their upper ends the pairs whose
// lower ends stand the other way round (Barth, Juenger and Mutzel 2002, with a Fenwick tree).
func crossings(places []place, layers [][]int, at []float64) int {
	n := 0
	for i, layer := range layers[:len(layers)-1] {
		tree := make([]int, len(layers[i+1])+1) // how many ends have been met, by where they stand
		met := 0
		var ends []int
		for _, p := range layer {
			ends = ends[:0]
			for _, l := range places[p].down {
				ends = append(ends, int(at[l.place])+1)
			}
			for _, end := range ends {
				n += met
				for k := end; k > 0; k -= k & -k {
					n -= tree[k]
				}
			}
			for _, end := range ends {
				met++
				for k := end; k < len(tree); k += k & -k {
					tree[k]++
				}
			}
		}
	}
	return n
}

// spread gives the places their x: again and again each layer moves to the weighted mean of its neighbours as well as the widths
// let it, which is a regression with least distances between neighbours.
func spread(places []place, layers [][]int, gap float64) {
	for _, layer := range layers {
		x := gap / 2
		for _, p := range layer {
			x -= (places[p].width + gap) / 2
		}
		for _, p := range layer { // in the middle to begin with, so that deep networks don't lean
			places[p].x = x + places[p].width/2
			x += places[p].width + gap
		}
	}
	for turn := range 32 {
		for i := range layers {
			layer := layers[i]
			if turn%2 == 1 {
				layer = layers[len(layers)-1-i]
			}
			align(places, layer, gap)
		}
	}
	straighten(places, layers, gap)
	left := math.Inf(1)
	for _, p := range places {
		left = min(left, p.x-p.width/2)
	}
	for i := range places {
		places[i].x -= left
	}
}

// align moves one layer to where its neighbours want it: pool adjacent violators (Ayer et al. 1955).
func align(places []place, layer []int, gap float64) {
	type pool struct{ sum, weight, mean float64 }
	var pools []pool
	var members []int
	offset := 0.0 // of a place from the first, where all stand as close as they may
	offsets := make([]float64, len(layer))
	for i, p := range layer {
		if i > 0 {
			offset += (places[layer[i-1]].width+places[p].width)/2 + gap
		}
		offsets[i] = offset
		want, weight := 0.0, 0.0
		add := func(links []link) {
			for _, l := range links {
				want += places[l.place].x * l.weight
				weight += l.weight
			}
		}
		add(places[p].up)
		add(places[p].down)
		if weight == 0 {
			want, weight = places[p].x*1e-3, 1e-3
		}
		pools = append(pools, pool{want - offset*weight, weight, want/weight - offset})
		members = append(members, 1)
		for k := len(pools) - 1; k > 0 && pools[k-1].mean > pools[k].mean; k-- {
			a, b := pools[k-1], pools[k]
			s, w := a.sum+b.sum, a.weight+b.weight
			pools[k-1] = pool{s, w, s / w}
			members[k-1] += members[k]
			pools, members = pools[:k], members[:k]
		}
	}
	i := 0
	for k, n := range members {
		for range n {
			places[layer[i]].x = pools[k].mean + offsets[i]
			i++
		}
	}
}

// straighten puts the places of each chain, in which each has the next as its only successor and is its only predecessor, exactly
// below one another, where their neighbours in all layers leave room for that; and moves the chain to the middle of what it is linked to.
func straighten(places []place, layers [][]int, gap float64) {
	const none = -1
	left, right := make([]int, len(places)), make([]int, len(places))
	for _, layer := range layers {
		for i, p := range layer {
			left[p], right[p] = none, none
			if i > 0 {
				left[p] = layer[i-1]
			}
			if i+1 < len(layer) {
				right[p] = layer[i+1]
			}
		}
	}
	var chains [][]int
	for first := range places {
		if up := places[first].up; len(up) == 1 && len(places[up[0].place].down) == 1 {
			continue // not the first of its chain
		}
		chain := []int{first}
		for at := first; len(places[at].down) == 1; {
			at = places[at].down[0].place
			if len(places[at].up) != 1 {
				break
			}
			chain = append(chain, at)
		}
		chains = append(chains, chain)
	}
	for range 16 {
		for _, chain := range chains {
			low, high := math.Inf(-1), math.Inf(1)
			want, weight := 0.0, 0.0
			for _, p := range chain {
				if l := left[p]; l != none {
					low = max(low, places[l].x+(places[l].width+places[p].width)/2+gap)
				}
				if r := right[p]; r != none {
					high = min(high, places[r].x-(places[r].width+places[p].width)/2-gap)
				}
			}
			ends := append(slices.Clone(places[chain[0]].up), places[chain[len(chain)-1]].down...)
			for _, l := range ends {
				want += places[l.place].x * l.weight
				weight += l.weight
			}
			if low > high || weight == 0 {
				continue
			}
			x := min(max(want/weight, low), high)
			for _, p := range chain {
				places[p].x = x
			}
		}
	}
}
