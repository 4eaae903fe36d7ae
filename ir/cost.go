package ir

import "math"

// costs are what ops add up to, by dimension.
type costs [numCosts]int64

const (
	costParams = iota
	costMACs
	costLayers
	numCosts
)

var costNames = [numCosts]string{"params", "macs", "layers"}

func (c *costs) add(d *costs) {
	for i := range c {
		if c[i] += d[i]; c[i] < 0 {
			c[i] = math.MaxInt64 // beyond 64 bits: too much for any bound
		}
	}
}

// costs as a value, for the tables of lets.
func (vs *values) costs(c costs) val {
	parts := make([]val, numCosts)
	for i := range c {
		parts[i] = vs.int(c[i])
	}
	return vs.intern(value{kind: kindInts, parts: parts})
}

func (vs *values) costsOf(v val) (c costs) {
	for i, p := range vs.at(v).parts {
		c[i] = vs.at(p).i
	}
	return c
}

// bound is a requirement on a sum of costs over the whole point.
type bound struct {
	dim    int
	lo, hi int64 // MinInt64 and MaxInt64 where open
	pos    nodeInfo
}

// within tells whether a whole point of these costs keeps all bounds.
func (sp *Space) within(c *costs) bool {
	for i := range sp.bounds {
		b := &sp.bounds[i]
		if c[b.dim] < b.lo || c[b.dim] > b.hi {
			return false
		}
	}
	return true
}
