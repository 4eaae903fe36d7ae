package canon

import (
	"encoding/binary"
	"math"

	"github.com/spacec-lang/spacec/ir/op"
)

// maxOutlines is how many outlines a hasher remembers before it forgets them all.
const maxOutlines = 1 << 14

// outlineKey is all that an outline depends on.
type outlineKey struct {
	spec *op.Spec
	rest string
}

type remembered struct {
	o      *outline
	shapes []op.Shape
}

// outline is outlineOf, remembered.
func (h *Hasher) outline(args op.Args, in []op.Shape, from []operand) (*outline, []op.Shape, error) {
	zeros := make([]bool, len(in))
	b := h.key[:0]
	for i, s := range in {
		b = appendSizes(b, s)
		if zeros[i] = from[i] == nothingAtAll; zeros[i] {
			b = append(b, 'z')
		}
	}
	for _, v := range args.Values {
		switch v := v.(type) {
		case nil:
			b = append(b, '-')
		case int:
			b = binary.AppendVarint(append(b, 'i'), int64(v))
		case float64:
			b = binary.BigEndian.AppendUint64(append(b, 'f'), math.Float64bits(v))
		case bool:
			if v {
				b = append(b, 't')
			} else {
				b = append(b, 'n')
			}
		case string:
			b = append(binary.AppendVarint(append(b, 's'), int64(len(v))), v...)
		case []int:
			b = binary.AppendVarint(append(b, 'l'), int64(len(v)))
			for _, n := range v {
				b = binary.AppendVarint(b, int64(n))
			}
		default: // no argument that Bind makes
			return outlineOf(args, in, zeros)
		}
	}
	h.key = b
	if r, ok := h.outlines[outlineKey{args.Spec, string(b)}]; ok {
		return r.o, r.shapes, nil
	}
	o, shapes, err := outlineOf(args, in, zeros)
	if err != nil {
		return nil, nil, err
	}
	if len(h.outlines) >= maxOutlines {
		clear(h.outlines)
	}
	h.outlines[outlineKey{args.Spec, string(b)}] = remembered{o, shapes}
	return o, shapes, nil
}
