package train

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"slices"
)

const (
	maxValues = 1 << 28        // input or target values of one file: 1 GiB of float32
	maxBytes  = 16 * maxValues // of one file, decompressed
)

// raw is what one part of a data set's files hold, before it is divided and normalised.
type raw struct {
	name, targetName string // the files of inputs and targets
	examples         int
	dims             []int // of one example's inputs
	inputs           []float32
	bytes            bool  // the inputs are unsigned bytes
	tdims            []int // of one example's targets; none for one number
	targets          []float32
	classes          int      // of the targets as labels; 0 where they are values
	named            bool     // the labels are names,
	names            []string // in place of targets until they are numbered
}

// bounded reads from r and fails, instead of ending, where more than left bytes come.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, fmt.Errorf("it is longer than %d bytes, the most that is read", int64(maxBytes))
	}
	return n, err
}

// plain is a buffered reader of r's content, decompressed where it starts as gzip does, and bounded: a
// small file can decompress to a very long one.
func plain(r io.Reader) (*bufio.Reader, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	var content io.Reader = b
	if magic, _ := b.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, fmt.Errorf("it starts like gzip, but: %w", short(err))
		}
		content = z
	}
	return bufio.NewReaderSize(&bounded{content, maxBytes}, 1<<16), nil
}

// short gives the end of a file its meaning where more was to come.
func short(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("it ends too early, as a truncated file does")
	}
	return err
}

// array is a tensor as a file holds it.
type array struct {
	dims   []int // dims[0] examples
	kind   kind
	values []float32
}

// kind is a type of number in a file: 'u', 'i' or 'f' and its bytes.
type kind struct {
	class byte
	size  int
}

func (k kind) String() string {
	return fmt.Sprintf("%s of %d bits", map[byte]string{'u': "unsigned integers", 'i': "integers", 'f': "reals"}[k.class], 8*k.size)
}

// read gives one number. Integers beyond 2^24 are rounded, as float32 must.
func (k kind) read(b []byte, order binary.ByteOrder) float32 {
	switch k {
	case kind{'u', 1}:
		return float32(b[0])
	case kind{'i', 1}:
		return float32(int8(b[0]))
	case kind{'u', 2}:
		return float32(order.Uint16(b))
	case kind{'i', 2}:
		return float32(int16(order.Uint16(b)))
	case kind{'u', 4}:
		return float32(order.Uint32(b))
	case kind{'i', 4}:
		return float32(int32(order.Uint32(b)))
	case kind{'u', 8}:
		return float32(order.Uint64(b))
	case kind{'i', 8}:
		return float32(int64(order.Uint64(b)))
	case kind{'f', 4}:
		return math.Float32frombits(order.Uint32(b))
	case kind{'f', 8}:
		return float32(math.Float64frombits(order.Uint64(b)))
	}
	return float32(math.NaN())
}

// readArray reads the numbers that a header promised, which must be all that is left. Memory grows with
// what the file holds, not with what its header says.
func readArray(r *bufio.Reader, dims []int, k kind, order binary.ByteOrder) (*array, error) {
	n := 1
	for _, d := range dims {
		if d < 1 {
			return nil, fmt.Errorf("its header promises an axis of %d elements", d)
		}
		if n *= d; d > maxValues || n > maxValues {
			return nil, fmt.Errorf("its header promises %v values; the most that are read are %d", dims, maxValues)
		}
	}
	a := &array{dims: dims, kind: k}
	chunk := make([]byte, 1<<16)
	for len(a.values) < n {
		part := chunk[:min(len(chunk), (n-len(a.values))*k.size)]
		if _, err := io.ReadFull(r, part); err != nil {
			return nil, fmt.Errorf("after %d of %d values: %w", len(a.values), n, short(err))
		}
		if room := cap(a.values) - len(a.values); room < len(part)/k.size {
			// append grows by a quarter, which copies a large file many times.
			a.values = slices.Grow(a.values, min(max(len(part)/k.size, len(a.values)), n-len(a.values)))
		}
		for ; len(part) > 0; part = part[k.size:] {
			x := k.read(part, order)
			if !finite(float64(x)) {
				return nil, fmt.Errorf("value %d is not a finite float32", len(a.values))
			}
			a.values = append(a.values, x)
		}
	}
	if _, err := r.ReadByte(); err == nil {
		return nil, fmt.Errorf("it goes on after the %d values that its header promises", n)
	} else if err != io.EOF {
		return nil, err
	}
	return a, nil
}
