package train

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
)

const (
	maxValues  = 1 << 28 // input or target values of one file: 1 GiB of float32
	maxClasses = 1 << 16
)

// bounded reads from r and fails, instead of ending, where more than left bytes come.
type bounded struct {
	r    io.Reader
	max  int64
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, fmt.Errorf("it is longer than %d bytes, the most that is read", b.max)
	}
	return n, err
}

// plain is a buffered reader of r's content, decompressed where it starts as gzip does, of at most
// limit bytes: a small file can decompress to a very long one.
func plain(r io.Reader, limit int64) (*bufio.Reader, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	var content io.Reader = b
	if magic, _ := b.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, fmt.Errorf("it starts like gzip, but: %w", err)
		}
		content = z
	}
	return bufio.NewReaderSize(&bounded{r: content, max: limit, left: limit}, 1<<16), nil
}

// atEnd is nil where nothing is left to read.
func atEnd(r *bufio.Reader) error {
	switch _, err := r.ReadByte(); err {
	case io.EOF:
		return nil
	case nil:
		return fmt.Errorf("it goes on after the last value that its header promises")
	default:
		return err
	}
}

// short replaces the end of a file by what it means.
func short(err error) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return fmt.Errorf("it ends too early: the file is truncated")
	}
	return err
}
