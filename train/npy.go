package train

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// maxHeader is the longest header of a .npy file that is read, in bytes; NumPy writes about a hundred.
const maxHeader = 1 << 16

// readNPY reads NumPy's format, versions 1 to 3 (NumPy Enhancement Proposal 1): "\x93NUMPY", the version,
// the length of the header, a header that is the text of a Python dictionary, then the numbers, which
// must be integers or reals in row-major order.
func readNPY(r *bufio.Reader) (*array, error) {
	head := make([]byte, 10)
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, short(err)
	}
	major := head[6]
	if string(head[:6]) != "\x93NUMPY" || major < 1 || major > 3 {
		return nil, fmt.Errorf("it starts with the bytes %x, no .npy file of version 1 to 3", head[:8])
	}
	length := int64(binary.LittleEndian.Uint16(head[8:]))
	if major > 1 {
		rest := make([]byte, 2)
		if _, err := io.ReadFull(r, rest); err != nil {
			return nil, short(err)
		}
		length += int64(binary.LittleEndian.Uint16(rest)) << 16
	}
	if length > maxHeader {
		return nil, fmt.Errorf("its header is %d bytes long; the most that is read is %d", length, maxHeader)
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(r, text); err != nil {
		return nil, short(err)
	}
	dims, k, order, err := npyHeader(string(text))
	if err != nil {
		return nil, err
	}
	return readArray(r, dims, k, order)
}

// npyHeader reads {'descr': '<f4', 'fortran_order': False, 'shape': (60, 28, 28), }.
func npyHeader(text string) (dims []int, k kind, order binary.ByteOrder, err error) {
	find := func(field, value string) string {
		m := regexp.MustCompile(`['"]` + field + `['"]\s*:\s*` + value).FindStringSubmatch(text)
		if m == nil {
			return ""
		}
		return m[1]
	}
	descr := find("descr", `['"]([<>=|]?[iuf][1248])['"]`)
	if descr == "" || strings.HasSuffix(descr, "f1") || strings.HasSuffix(descr, "f2") {
		return nil, k, nil, fmt.Errorf("its numbers are neither integers nor float32 or float64: its header is %s; convert it by astype('float32')", clip(text))
	}
	k = kind{descr[len(descr)-2], int(descr[len(descr)-1] - '0')}
	order = binary.LittleEndian
	if descr[0] == '>' {
		order = binary.BigEndian
	}
	if find("fortran_order", `(True|False)`) != "False" {
		return nil, k, nil, fmt.Errorf("it is in column-major order; write it by numpy.ascontiguousarray")
	}
	shape := find("shape", `\(([0-9, ]*)\)`)
	for _, part := range strings.Split(shape, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		d, err := strconv.Atoi(part)
		if err != nil || len(dims) == 8 {
			return nil, k, nil, fmt.Errorf("its shape is (%s); at most 8 axes are read", clip(shape))
		}
		dims = append(dims, d)
	}
	if len(dims) == 0 {
		return nil, k, nil, fmt.Errorf("it has no axis of examples: its header is %s", clip(text))
	}
	return dims, k, order, nil
}
