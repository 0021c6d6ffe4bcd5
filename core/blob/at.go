package blob

import (
	"errors"
	"io"
	"sync"
)

// At reads at any place of what one seeks in, for one reader at a time.
func At(from io.ReadSeeker) io.ReaderAt { return &atSeeker{from: from} }

// atSeeker is what [At] gives.
type atSeeker struct {
	from io.ReadSeeker
	turn sync.Mutex
}

// ReadAt implements io.ReaderAt.
func (a *atSeeker) ReadAt(into []byte, at int64) (int, error) {
	a.turn.Lock()
	defer a.turn.Unlock()
	if _, err := a.from.Seek(at, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(a.from, into)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}
