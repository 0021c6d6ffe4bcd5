package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"preau/core/fail"
)

const (
	// head is how much of an object is asked for first, and held: nearly all photos, whole.
	head = 256 << 10
	// mostAhead is how much is asked for in one request of what is read in order. It is
	// never held: a slow reader keeps it on its way.
	mostAhead = 16 << 20
	// again is how often what breaks off is asked for again from there, without a byte more.
	again = 3
)

// object reads an object of a bucket, in order with few requests: each asks for more than
// the one before. It serves one goroutine.
type object struct {
	ctx    context.Context
	bucket *Bucket
	sum    Sum
	name   string
	size   int64
	head   []byte

	body   io.ReadCloser // what is on its way, or nil
	cancel context.CancelFunc
	at     int64 // where it is
	left   int64 // bytes of it
	ahead  int64 // how much was asked for last
}

// begin reads the first bytes, and the size.
func (o *object) begin() error {
	header, err := o.ask(0, head)
	if err != nil {
		return err
	}
	defer o.leave()
	_, total, part := strings.Cut(header.Get("Content-Range"), "/") // RFC 9110 §14.4
	if !part {
		total = header.Get("Content-Length") // it gives the whole
	}
	if o.size, err = strconv.ParseInt(total, 10, 64); err != nil {
		return fail.New(fail.Unavailable, "opening a blob: the storage does not say its size")
	}
	o.left = min(o.size, head)
	first := make([]byte, o.left)
	for n := 0; n < len(first); {
		m, err := o.stream(first[n:], int64(n))
		if n += m; err != nil {
			return err
		}
	}
	o.head, o.ahead = first, head
	return nil
}

// ask has bytes come, and gives what is said of them.
func (o *object) ask(from, length int64) (http.Header, error) {
	o.leave()
	var which minio.GetObjectOptions
	if err := which.SetRange(from, from+length-1); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(o.ctx)
	body, _, header, err := o.bucket.client.GetObject(ctx, o.bucket.name, o.name, which)
	if err != nil {
		cancel()
		var said minio.ErrorResponse
		if errors.As(err, &said) && said.StatusCode == http.StatusRequestedRangeNotSatisfiable {
			return nil, fmt.Errorf("%w: %s is cut", ErrDamaged, o.sum)
		}
		return nil, trouble(o.ctx, "reading a blob", err)
	}
	o.body, o.cancel, o.at, o.left, o.ahead = body, cancel, from, length, length
	return header, nil
}

// leave lets go of what is on its way.
func (o *object) leave() {
	if o.body != nil {
		_ = o.body.Close() // nothing more is wanted of it
		o.cancel()
	}
	o.body, o.left = nil, 0
}

// ReadAt implements io.ReaderAt.
func (o *object) ReadAt(into []byte, from int64) (n int, err error) {
	for n < len(into) {
		at := from + int64(n)
		if at >= o.size {
			return n, io.EOF
		}
		if at < int64(len(o.head)) {
			n += copy(into[n:], o.head[at:])
			continue
		}
		m, err := o.stream(into[n:min(int64(len(into)), o.size-from)], at)
		if n += m; err != nil {
			return n, err
		}
	}
	return n, nil
}

// stream reads one byte at least of those on their way, or asks for them.
func (o *object) stream(into []byte, at int64) (int, error) {
	var err error
	for range again {
		if err = o.reach(at); err != nil {
			return 0, err // the request was tried several times already
		}
		watch := time.AfterFunc(patience, o.cancel)
		var n int
		n, err = o.body.Read(into[:min(int64(len(into)), o.left)])
		watch.Stop()
		o.at += int64(n)
		if o.left -= int64(n); o.left == 0 || err != nil {
			o.leave()
		}
		if n > 0 {
			return n, nil
		}
	}
	return 0, fail.New(fail.Unavailable, "reading a blob: it breaks off at byte %d: %w", at, err)
}

// reach has the bytes from one on their way: many when those before were just read.
func (o *object) reach(at int64) error {
	if o.body != nil && o.at == at {
		return nil
	}
	length := int64(head)
	if o.at == at {
		length = min(4*o.ahead, mostAhead)
	}
	_, err := o.ask(at, min(length, o.size-at))
	return err
}

// spoilt implements spoilable: it is not opened without a look at what else is there.
func (o *object) spoilt() { o.bucket.last.Remove(o.sum) }

// Close implements io.Closer.
func (o *object) Close() error {
	o.leave()
	return nil
}
