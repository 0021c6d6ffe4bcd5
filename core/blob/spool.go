package blob

import (
	"bytes"
	"io"
	"os"
)

// inMemory is how many sealed bytes wait for their name in memory: nearly all photos.
const inMemory = 1 << 20

// spool holds what is sealed until its name is known: in memory while it is small, then in
// a file of a folder, which has no name there. Whatever becomes of this process, nothing is
// left of it.
type spool struct {
	dir   string
	small bytes.Buffer
	file  *os.File
	size  int64
}

// Write implements io.Writer.
func (s *spool) Write(b []byte) (int, error) {
	if s.file == nil && s.size+int64(len(b)) > inMemory {
		if err := s.spill(); err != nil {
			return 0, err
		}
	}
	var into io.Writer = &s.small
	if s.file != nil {
		into = s.file
	}
	n, err := into.Write(b)
	s.size += int64(n)
	return n, err
}

// spill moves what is held to a file.
func (s *spool) spill() error {
	file, err := os.CreateTemp(s.dir, "spool-") // mode 0600
	if err != nil {
		return err
	}
	s.file = file
	if err := os.Remove(file.Name()); err != nil {
		return err
	}
	_, err = s.small.WriteTo(file)
	s.small = bytes.Buffer{}
	return err
}

// reader reads what was written, as often as it is asked.
func (s *spool) reader() io.ReadSeeker {
	if s.file == nil {
		return bytes.NewReader(s.small.Bytes())
	}
	return io.NewSectionReader(s.file, 0, s.size)
}

// Close implements io.Closer.
func (s *spool) Close() error {
	if s.file == nil {
		return nil
	}
	return s.file.Close()
}
