package op

import "slices"

// MaxElements is the most elements that a tensor of one example, or a weight, may have.
const MaxElements = 1 << 31

// Shape makes a shape the tensor of the Tracer, which knows nothing else of a value.
func (s Shape) Shape() Shape { return s }

// Axis is the size of the axis of a name: in.c.
func (s Shape) Axis(name string) (int, bool) {
	for _, a := range s {
		if a.Name == name && name != "" && a.Size != nominal {
			return a.Size, true
		}
	}
	return 0, false
}

// Same tells whether the sizes are equal; names of axes don't matter, those of types do.
func (s Shape) Same(t Shape) bool {
	if len(s) != len(t) {
		return false
	}
	for i := range s {
		if s[i].Size != t[i].Size || s[i].Size == nominal && s[i].Name != t[i].Name {
			return false
		}
	}
	return true
}

// Sizes are the axes without their names.
func (s Shape) Sizes() []int {
	sizes := make([]int, len(s))
	for i, a := range s {
		sizes[i] = a.Size
	}
	return sizes
}

// valid tells whether every axis has a size and the whole is within MaxElements.
func (s Shape) valid() bool {
	if _, args, ok := s.Nominal(); ok {
		return !slices.ContainsFunc(args, func(a Axis) bool { return a.Size < 0 || int64(a.Size) > MaxElements })
	}
	n := int64(1)
	for _, a := range s {
		if a.Size < 1 || int64(a.Size) > MaxElements {
			return false
		}
		if n *= int64(a.Size); n > MaxElements {
			return false
		}
	}
	return true
}

// saturate adds costs that may be beyond what an int64 holds.
func saturate(a, b int64) int64 {
	if c := a + b; c >= a {
		return c
	}
	return 1<<63 - 1
}
