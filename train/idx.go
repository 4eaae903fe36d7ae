package train

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
)

// readIDX reads the format of MNIST's files (LeCun, Cortes & Burges 1998): two zero bytes, one for the
// type, one for the number of axes, each axis as a big-endian uint32, then the numbers.
func readIDX(r *bufio.Reader) (*array, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, short(err)
	}
	kinds := map[byte]kind{8: {'u', 1}, 9: {'i', 1}, 0xb: {'i', 2}, 0xc: {'i', 4}, 0xd: {'f', 4}, 0xe: {'f', 8}}
	k, known := kinds[head[2]]
	if head[0] != 0 || head[1] != 0 || !known || head[3] < 1 || head[3] > 4 {
		return nil, fmt.Errorf("it starts with the bytes %x, no IDX file of one to four axes", head)
	}
	dims := make([]int, head[3])
	for i := range dims {
		var size [4]byte
		if _, err := io.ReadFull(r, size[:]); err != nil {
			return nil, short(err)
		}
		dims[i] = int(binary.BigEndian.Uint32(size[:]))
	}
	return readArray(r, dims, k, binary.BigEndian)
}
