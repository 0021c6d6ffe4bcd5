package content

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"errors"
	"io"
)

// tarred refuses a tar that leaves its folder, or has too many members. What is in a member is passed
// over, not read.
func tarred(r io.Reader) error {
	members := tar.NewReader(r)
	for n := 0; ; n++ {
		h, err := members.Next()
		if err != nil { // the end; or what no program of ours opens
			return nil
		}
		if n > maxMembers {
			return bomb("more than %d members", maxMembers)
		}
		if h.Name != "./" && !within(h.Name) {
			return climbs(h.Name)
		}
		if (h.Typeflag == tar.TypeSymlink || h.Typeflag == tar.TypeLink) && !within(h.Linkname) {
			return climbs(h.Name)
		}
	}
}

// gzipped refuses a gzip that becomes far larger, and a tar in one that leaves its folder, as far as
// it is unpacked here.
func (s *source) gzipped(look Look) (Look, error) {
	packed, err := gzip.NewReader(bufio.NewReaderSize(io.NewSectionReader(s, 0, s.size), edge))
	if err != nil {
		look.Closed = true
		return look, nil
	}
	whole := max(fewUnpacked, maxRatio*s.size)
	left := min(whole, maxUnpacked)
	unpacked := bufio.NewReader(&io.LimitedReader{R: packed, N: left})
	if head, _ := unpacked.Peek(512); len(head) == 512 && string(head[257:262]) == "ustar" {
		if err := tarred(unpacked); err != nil {
			return look, err
		}
	}
	_, err = io.Copy(io.Discard, unpacked)
	if err != nil {
		look.Closed = true
		return look, nil
	}
	if n, err := packed.Read(make([]byte, 1)); n == 1 {
		if left == whole {
			return look, bomb("a gzip of %d bytes that becomes more than %d", s.size, whole)
		}
		look.Closed = true
	} else if err != nil && !errors.Is(err, io.EOF) {
		look.Closed = true
	}
	return look, nil
}
