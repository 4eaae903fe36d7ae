package samplers

import (
	"crypto/sha256"
	"encoding/binary"
	"sync"

	"github.com/spacec-lang/spacec/ir"
	"github.com/spacec-lang/spacec/ir/canon"
)

// Catalogue remembers of a space's points what takes long to find out and needs no trial. Samplers of one space may
// share one; its methods may be called from several goroutines.
type Catalogue struct {
	space *ir.Space
	mu    sync.Mutex
	canon *canon.Hasher
	ids   map[uint64]ID // by the points' keys
}

// ID is the identity of a trial: points with one ID build the same network and have the same configs.
type ID [sha256.Size]byte

// maxCatalogue is how many points a catalogue remembers before it forgets them all.
const maxCatalogue = 1 << 18

// NewCatalogue makes the catalogue of a space.
func NewCatalogue(space *ir.Space) *Catalogue {
	return &Catalogue{space: space, canon: canon.NewHasher(canon.Budget), ids: map[uint64]ID{}}
}

// Space is the space whose points are catalogued.
func (c *Catalogue) Space() *ir.Space { return c.space }

// ID is the identity of a point: the canonical form of its network with its configs. A point that can't be built, or
// whose values can't be written, is one of its own.
func (c *Catalogue) ID(p *ir.Point) ID {
	key := p.Key()
	c.mu.Lock()
	defer c.mu.Unlock()
	id, ok := c.ids[key]
	if !ok {
		if id, ok = c.identify(p); !ok {
			id = ID{}
			binary.BigEndian.PutUint64(id[:], key)
		}
		if len(c.ids) >= maxCatalogue {
			clear(c.ids)
		}
		c.ids[key] = id
	}
	return id
}

func (c *Catalogue) identify(p *ir.Point) (ID, bool) {
	b, err := p.Build()
	if err != nil {
		return ID{}, false
	}
	form, err := c.canon.Hash(b.Graph)
	if err != nil {
		return ID{}, false
	}
	configs := map[string]map[string]any{}
	for _, values := range b.Configs {
		configs[values.Name] = values.Map()
	}
	id, err := canon.Trial(form, configs, nil)
	return id, err == nil
}
