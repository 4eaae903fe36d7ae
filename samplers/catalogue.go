package samplers

import (
	"crypto/sha256"
	"encoding/binary"
	"math/big"
	"slices"
	"sync"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/ir/canon"
)

// Catalogue remembers of a space's points what takes long to find out and needs no trial. Samplers of one space may
// share one; its methods may be called from several goroutines.
type Catalogue struct {
	space    *ir.Space
	mu       sync.Mutex
	canon    *canon.Hasher
	ids      map[uint64]ID // by the points' keys
	features map[uint64]*features
	words    vocabulary

	listing sync.Mutex
	total   int // points of the space, where there are few; 0 before it is known, -1 where there are many
	next    *odometer
	all     []item // those listed so far
}

// ID is the identity of a trial: points with one ID build the same network and have the same configs.
type ID [sha256.Size]byte

// maxCatalogue is how many points a catalogue remembers before it forgets them all.
const maxCatalogue = 1 << 16

// NewCatalogue makes the catalogue of a space.
func NewCatalogue(space *ir.Space) *Catalogue {
	return &Catalogue{space: space, canon: canon.NewHasher(canon.Budget), ids: map[uint64]ID{}, features: map[uint64]*features{},
		words: vocabulary{}}
}

// Space is the space whose points are catalogued.
func (c *Catalogue) Space() *ir.Space { return c.space }

// Few tells whether the space has few enough points for samplers to look at all of them: 20,000 at most.
func (c *Catalogue) Few() bool {
	n, err := c.space.Count()
	return err == nil && n.Cmp(big.NewInt(allPoints)) <= 0
}

// ID is the identity of a point: the canonical form of its network with its configs. A point that can't be built, or
// whose values can't be written, is one of its own.
func (c *Catalogue) ID(p *ir.Point) ID {
	key := p.Key()
	c.mu.Lock()
	defer c.mu.Unlock()
	id, ok := c.ids[key]
	if !ok {
		var err error
		if id, err = c.identify(p); err != nil {
			binary.BigEndian.PutUint64(id[:], key)
		}
		if len(c.ids) >= maxCatalogue {
			clear(c.ids)
		}
		c.ids[key] = id
	}
	return id
}

func (c *Catalogue) identify(p *ir.Point) (ID, error) {
	b, err := p.Build()
	if err != nil {
		return ID{}, err
	}
	form, err := c.canon.Hash(b.Graph)
	if err != nil {
		return ID{}, err
	}
	configs := map[string]map[string]any{}
	for _, values := range b.Configs {
		configs[values.Name] = values.Map()
	}
	return canon.Trial(form, configs, nil)
}

// item is a point with its features.
func (c *Catalogue) item(p *ir.Point, g genome) item {
	key := p.Key()
	c.mu.Lock()
	defer c.mu.Unlock()
	f := c.features[key]
	if f == nil {
		f = c.see(p, g)
		if len(c.features) >= maxCatalogue {
			clear(c.features)
		}
		c.features[key] = f
	}
	return item{point: p, genome: g, features: f}
}

// see finds the features of a point; of one that can't be built, those of its decisions.
func (c *Catalogue) see(p *ir.Point, g genome) *features {
	var graph []canon.Vertex
	if b, err := p.Build(); err == nil {
		if live, err := c.canon.Live(b.Graph); err == nil {
			graph = live
		}
	}
	all := structure(graph)
	all[decided] = g.decisions()
	return c.words.features(&all)
}

// everyPoint lists a share of the points of a space that has at most 20,000 and no continuous range; of others, none. It
// builds them, which for large networks takes a millisecond each, and goes on where it, or another sampler that shares the
// catalogue, left off.
func (c *Catalogue) everyPoint(w *ir.Walk, share float64) ([]item, error) {
	c.listing.Lock()
	defer c.listing.Unlock()
	if c.total == 0 {
		c.total, c.next = -1, &odometer{}
		if c.Few() {
			n, _ := c.space.Count()
			c.total = int(n.Int64())
		}
	}
	for float64(len(c.all)) < share*float64(c.total) {
		p, g, err := drive(w, c.next)
		if err != nil || slices.ContainsFunc(g, func(x gene) bool { return x.options == 0 }) {
			c.total, c.all = -1, nil
			return nil, err
		}
		c.all = append(c.all, c.item(p, g))
		if !c.next.turn() {
			c.total = len(c.all)
		}
	}
	return c.all, nil
}
