package gorgonia

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"sort"
	"strings"
)

// Weights are kept in the safetensors format (https://github.com/huggingface/safetensors): eight bytes with
// the length of a header, little-endian; the header, JSON that gives each tensor a dtype, a shape and its
// place in the rest; and the numbers. Parameters and states stand side by side by their names, and beside them, by
// names that start with OptimizerPrefix, what an optimiser keeps. The header's __metadata__ maps names to texts, which
// say what the weights are of.

// maxHeader is the longest header that is read, as in the format's own reader.
const maxHeader = 100_000_000

// OptimizerPrefix starts the names of tensors that belong to no op. Who doesn't ask for them passes them over.
const OptimizerPrefix = "optimizer."

// entry is a tensor in a header.
type entry struct {
	Dtype   string   `json:"dtype"`
	Shape   []int    `json:"shape"`
	Offsets [2]int64 `json:"data_offsets"`
}

// metadata is the name under which a header keeps what isn't a tensor.
const metadata = "__metadata__"

// Save writes the params, the state and those beside, and about, which may be nil, as the file's metadata.
func (m *Model) Save(w io.Writer, about map[string]string, beside ...*Param) error {
	header := map[string]any{}
	if about != nil {
		header[metadata] = about
	}
	tensors := m.tensors(beside)
	at := int64(0)
	for _, p := range tensors {
		e := entry{Dtype: "F32", Shape: p.Shape, Offsets: [2]int64{at, at + 4*int64(len(p.Value))}}
		if p.Value64 != nil {
			e.Dtype, e.Offsets[1] = "F64", at+8*int64(len(p.Value64))
		}
		header[p.Name] = e
		at = e.Offsets[1]
	}
	text, err := json.Marshal(header)
	if err != nil {
		return err
	}
	for len(text)%8 != 0 { // the numbers start at a multiple of eight
		text = append(text, ' ')
	}
	if err := binary.Write(w, binary.LittleEndian, uint64(len(text))); err != nil {
		return err
	}
	if _, err := w.Write(text); err != nil {
		return err
	}
	for _, p := range tensors {
		var numbers any = p.Value
		if p.Value64 != nil {
			numbers = p.Value64
		}
		if err := binary.Write(w, binary.LittleEndian, numbers); err != nil {
			return err
		}
	}
	return nil
}

// tensors are the params, the state and those beside, by name.
func (m *Model) tensors(beside []*Param) []*Param {
	all := slices.Concat(m.params, m.state, beside)
	sort.Slice(all, func(i, j int) bool { return all[i].Name < all[j].Name })
	return all
}

// Metadata reads what a file says of itself, without its tensors.
func Metadata(r io.Reader) (map[string]string, error) {
	raw, err := readHeader(r)
	if err != nil {
		return nil, err
	}
	about := map[string]string{}
	if text, ok := raw[metadata]; ok {
		if err := json.Unmarshal(text, &about); err != nil {
			return nil, fmt.Errorf("the header's metadata can't be read: %w", err)
		}
	}
	return about, nil
}

func readHeader(r io.Reader) (map[string]json.RawMessage, error) {
	var length uint64
	if err := binary.Read(r, binary.LittleEndian, &length); err != nil {
		return nil, fmt.Errorf("this is no safetensors file: it has less than eight bytes")
	}
	if length > maxHeader {
		return nil, fmt.Errorf("this is no safetensors file: its header would have %d bytes", length)
	}
	text, err := io.ReadAll(io.LimitReader(r, int64(length)))
	if err != nil {
		return nil, err
	}
	if uint64(len(text)) < length {
		return nil, fmt.Errorf("the file ends within its header")
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		return nil, fmt.Errorf("the header can't be read: %w", err)
	}
	return raw, nil
}

// Load reads what Save wrote for a model of the same graph, of F32 or F64, into the params, the state and those beside.
// The file must hold each of them in its size, and nothing else but what an optimiser kept. After an error all is as before.
func (m *Model) Load(r io.Reader, beside ...*Param) error {
	raw, err := readHeader(r)
	if err != nil {
		return err
	}
	delete(raw, metadata)
	header := map[string]entry{}
	for name, text := range raw {
		var e entry
		if err := json.Unmarshal(text, &e); err != nil {
			return fmt.Errorf("the header of %s can't be read: %w", name, err)
		}
		header[name] = e
	}
	tensors := m.tensors(beside)
	size, err := fit(tensors, header)
	if err != nil {
		return err
	}
	data, err := io.ReadAll(io.LimitReader(r, size+1))
	if err != nil {
		return err
	}
	if int64(len(data)) != size {
		return fmt.Errorf("the tensors take %d bytes; the file has %s", size, atLeast(int64(len(data)), size))
	}
	for _, p := range tensors {
		p.decode(header[p.Name], data)
	}
	return nil
}

func atLeast(n, than int64) string {
	if n > than {
		return "more"
	}
	return fmt.Sprint(n)
}

// fit checks that the header holds the tensors, one after the other, and gives their bytes.
func fit(tensors []*Param, header map[string]entry) (int64, error) {
	known := map[string]bool{}
	for _, p := range tensors {
		known[p.Name] = true
		e, ok := header[p.Name]
		if !ok {
			return 0, fmt.Errorf("the file lacks %s", p.Name)
		}
		if !equalInts(e.Shape, p.Shape) {
			return 0, fmt.Errorf("%s has the sizes %v in the file, and %v in the model", p.Name, e.Shape, p.Shape)
		}
		width := map[string]int64{"F32": 4, "F64": 8}[e.Dtype]
		n := int64(len(p.Value) + len(p.Value64))
		if width == 0 || e.Offsets[1]-e.Offsets[0] != n*width {
			return 0, fmt.Errorf("%s should be %d numbers of F32 or F64; the file has %d bytes of %s", p.Name, n, e.Offsets[1]-e.Offsets[0], e.Dtype)
		}
	}
	var entries []entry
	for name, e := range header {
		if !known[name] && !strings.HasPrefix(name, OptimizerPrefix) {
			return 0, fmt.Errorf("the file holds %s, which the model doesn't have", name)
		}
		entries = append(entries, e)
	}
	sort.Slice(entries, func(i, j int) bool { return entries[i].Offsets[0] < entries[j].Offsets[0] })
	end := int64(0)
	for _, e := range entries {
		if e.Offsets[0] != end || e.Offsets[1] < end {
			return 0, fmt.Errorf("the tensors don't stand one after the other")
		}
		end = e.Offsets[1]
	}
	return end, nil
}

// decode takes the numbers of an entry that fits.
func (p *Param) decode(e entry, data []byte) {
	data = data[e.Offsets[0]:e.Offsets[1]]
	for i := range len(p.Value) + len(p.Value64) {
		var v float64
		if e.Dtype == "F64" {
			v = math.Float64frombits(binary.LittleEndian.Uint64(data[8*i:]))
		} else {
			v = float64(math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:])))
		}
		if p.Value64 != nil {
			p.Value64[i] = v
		} else {
			p.Value[i] = float32(v)
		}
	}
}
