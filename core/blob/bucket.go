package blob

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"preau/core/fail"
	"preau/core/seal"
)

// Bucket is a [Store] in a bucket of an object storage that speaks S3, under a prefix. A
// blob is sealed as in a [Folder]. It is an object that is written once and never
// overwritten: ab/cdef…/<written> has the sum abcdef…, and what is put again is another
// object beside, the last of which is the blob. So whoever removes one that is old cannot
// remove what is put meanwhile, and whoever reads one reads the same bytes to the end.
//
// The storage must list and give at once what it said that it keeps, as S3 does.
type Bucket struct {
	client *minio.Core
	name   string // of the bucket
	prefix string // with its slash, or empty
	spool  string // the folder of what is not named yet
	lock   seal.Lock
	last   *lru.Cache[Sum, string] // the object of a blob that was put or opened lately
}

var _ Store = (*Bucket)(nil)

const (
	// partSize is how much of a large blob is sent in one request, from the spool: it
	// takes no memory. S3 has 10,000 of them at most, 160 GB.
	partSize = 16 << 20
	// partsAtOnce is how many of them are sent at once.
	partsAtOnce = 2
	// tries is how often a request is sent to a storage that does not answer: two seconds,
	// when it refuses.
	tries = 4
	// lastKnown is of how many blobs it is known which object they are.
	lastKnown = 10_000
	// patience is how long an answer is waited for, and then each piece of it.
	patience = time.Minute
	// undoing is how long is taken to undo a put that failed.
	undoing = 5 * time.Second
)

// address is where a bucket is: s3://bucket/prefix?endpoint=https://…&region=…&env=…
type address struct {
	bucket, prefix string
	endpoint       *url.URL
	region         string
	env            string // what begins the names of the variables that hold the credentials
}

// parseAddress reads the address of a bucket.
func parseAddress(text string) (a address, err error) {
	u, err := url.Parse(text)
	if err != nil {
		return a, errors.New("it is no address") // err would say what was in it
	}
	if u.User != nil {
		return a, errors.New("credentials are given by the environment, never in the address")
	}
	if u.Scheme != "s3" || u.Host == "" || u.Port() != "" || u.Fragment != "" {
		return a, errors.New("an address of a bucket is s3://bucket/prefix?endpoint=https://…")
	}
	asked, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return a, errors.New("what follows ? cannot be read")
	}
	for name, values := range asked {
		if !slices.Contains([]string{"endpoint", "region", "env"}, name) || len(values) != 1 {
			return a, fmt.Errorf("%q is not one of endpoint, region and env, once each", name)
		}
	}
	a = address{
		bucket: u.Host, prefix: strings.Trim(u.Path, "/"),
		region: cmp.Or(asked.Get("region"), "us-east-1"), env: cmp.Or(asked.Get("env"), "AWS"),
	}
	if a.prefix != "" {
		a.prefix += "/"
	}
	if strings.Contains(a.prefix, "//") || slices.Contains(strings.Split(a.prefix, "/"), "..") {
		return a, errors.New("the prefix is not a path")
	}
	a.endpoint, err = url.Parse(cmp.Or(asked.Get("endpoint"), "https://s3."+a.region+".amazonaws.com"))
	if err != nil || (a.endpoint.Scheme != "https" && a.endpoint.Scheme != "http") || a.endpoint.Host == "" ||
		a.endpoint.User != nil || strings.Trim(a.endpoint.Path, "/") != "" || a.endpoint.RawQuery != "" {
		return a, errors.New("the endpoint is https://host or https://host:port")
	}
	return a, nil
}

// credentials reads the credentials that go with an address from the environment.
func (a address) credentials() (*credentials.Credentials, error) {
	id, secret := os.Getenv(a.env+"_ACCESS_KEY_ID"), os.Getenv(a.env+"_SECRET_ACCESS_KEY")
	if id == "" || secret == "" {
		return nil, fmt.Errorf("the environment has no %[1]s_ACCESS_KEY_ID or no %[1]s_SECRET_ACCESS_KEY", a.env)
	}
	return credentials.NewStaticV4(id, secret, os.Getenv(a.env+"_SESSION_TOKEN")), nil
}

// OpenBucket opens the blobs of a bucket, which exists, by its address:
// s3://bucket/prefix?endpoint=https://host&region=…&env=NAME, with the credentials in the
// variables NAME_ACCESS_KEY_ID, NAME_SECRET_ACCESS_KEY and NAME_SESSION_TOKEN of the
// environment; NAME is AWS when it is not given. What is put waits for its name in a folder
// of this machine, sealed. It does not ask the storage for anything yet.
func OpenBucket(at string, key *seal.Key, spool string) (*Bucket, error) {
	a, err := parseAddress(at)
	if err != nil {
		return nil, err
	}
	creds, err := a.credentials()
	if err != nil {
		return nil, err
	}
	secure := a.endpoint.Scheme == "https"
	way, err := minio.DefaultTransport(secure)
	if err != nil {
		return nil, err
	}
	way.DialContext = (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 15 * time.Second}).DialContext
	way.ResponseHeaderTimeout = patience
	client, err := minio.NewCore(a.endpoint.Host, &minio.Options{
		Creds: creds, Secure: secure, Transport: way, Region: a.region, MaxRetries: tries,
	})
	if err != nil {
		return nil, err
	}
	last, err := lru.New[Sum, string](lastKnown)
	if err != nil {
		return nil, err
	}
	return &Bucket{client: client, name: a.bucket, prefix: a.prefix, spool: spool, lock: seal.Lock{Key: key, Purpose: "blob"}, last: last}, nil
}

// Close implements [Store].
func (*Bucket) Close() error { return nil }

// under is what begins the names of the objects of a blob.
func (b *Bucket) under(sum Sum) string { return b.prefix + place(sum) + "/" }

// beyond is a name after those of the objects of a blob, and before those of the next one.
func (b *Bucket) beyond(sum Sum) string { return b.under(sum) + "~" }

// fresh is a name for an object of a blob, which nothing ever had.
func (b *Bucket) fresh(sum Sum) string {
	return fmt.Sprintf("%s%016x-%s", b.under(sum), time.Now().UnixNano(), rand.Text())
}

// of gives the blob of which an object is; false for what is no blob.
func (b *Bucket) of(object string) (Sum, bool) {
	parts := strings.Split(strings.TrimPrefix(object, b.prefix), "/")
	if len(parts) != 3 || parts[2] == "" {
		return Sum{}, false
	}
	return placed(parts[0], parts[1])
}

// Put implements [Store].
func (b *Bucket) Put(ctx context.Context, r io.Reader, limit int64) (Sum, int64, error) {
	waiting := &spool{dir: b.spool}
	defer waiting.Close()
	digest, size, err := sealTo(waiting, b.lock, &bounded{ctx: ctx, r: r, left: limit})
	if isFull(err) {
		return Sum{}, 0, fail.New(fail.Unavailable, "keeping a blob: %w", err)
	}
	if err != nil {
		return Sum{}, 0, fmt.Errorf("keeping a blob: %w", err)
	}
	sum := sumOf(b.lock.Key, digest)
	object := b.fresh(sum)
	_, err = b.client.Client.PutObject(ctx, b.name, object, waiting.reader(), waiting.size, minio.PutObjectOptions{
		ContentType: "application/octet-stream", PartSize: partSize, NumThreads: partsAtOnce,
	})
	if err != nil {
		return Sum{}, 0, errors.Join(trouble(ctx, "keeping a blob", err), b.undo(ctx, object))
	}
	b.last.Add(sum, object)
	return sum, size, nil
}

// undo removes the object of a put that failed, if it is there: nobody else has its name,
// and whoever put it was told that it is not kept. What cannot be undone now is swept: its
// error says nothing more.
func (b *Bucket) undo(ctx context.Context, object string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), undoing)
	defer cancel()
	err := b.drop(ctx, object)
	if ctx.Err() != nil || fail.Is(err, fail.Unavailable) {
		return nil
	}
	return err
}

// trouble says what went wrong with a storage: fail.Unavailable when it is away, or has no
// room left; fail.NotFound for an object that is not there.
func trouble(ctx context.Context, doing string, err error) error {
	if err == nil {
		return nil
	}
	if ctx.Err() != nil { // nobody waits for it any more
		return fmt.Errorf("%s: %w", doing, errors.Join(err, ctx.Err()))
	}
	var said minio.ErrorResponse
	if !errors.As(err, &said) { // it said nothing
		return fail.New(fail.Unavailable, "%s: the storage is away: %w", doing, err)
	}
	switch {
	case said.Code == minio.NoSuchKey:
		return fail.New(fail.NotFound, "%s: %w", doing, err)
	case said.StatusCode >= http.StatusInternalServerError, said.StatusCode == http.StatusTooManyRequests,
		said.StatusCode == http.StatusRequestTimeout, said.Code == "QuotaExceeded":
		return fail.New(fail.Unavailable, "%s: the storage answers %d %s: %w", doing, said.StatusCode, said.Code, err)
	}
	return fmt.Errorf("%s: the storage answers %d %s: %w", doing, said.StatusCode, said.Code, err)
}

// Open implements [Store].
func (b *Bucket) Open(ctx context.Context, sum Sum) (io.ReadSeekCloser, error) {
	if object, known := b.last.Get(sum); known {
		content, err := b.open(ctx, sum, object)
		if !fail.Is(err, fail.NotFound) && !errors.Is(err, ErrDamaged) {
			return content, err
		}
		b.last.Remove(sum) // it was put again, or removed, through another node
	}
	objects, err := b.objects(ctx, sum)
	if err != nil {
		return nil, err
	}
	err = fail.New(fail.NotFound, "no blob %s", sum)
	for _, object := range slices.Backward(objects) {
		var content io.ReadSeekCloser
		if content, err = b.open(ctx, sum, object.Key); err == nil {
			b.last.Add(sum, object.Key)
			return content, nil
		}
		if !fail.Is(err, fail.NotFound) && !errors.Is(err, ErrDamaged) {
			break
		}
	}
	return nil, err
}

// open reads one object of a blob.
func (b *Bucket) open(ctx context.Context, sum Sum, name string) (io.ReadSeekCloser, error) {
	o := &object{ctx: context.WithoutCancel(ctx), bucket: b, sum: sum, name: name}
	if err := o.begin(); err != nil {
		return nil, err
	}
	content, err := unseal(o, o.size, b.lock, sum)
	if err != nil {
		return nil, errors.Join(err, o.Close())
	}
	return content, nil
}

// objects lists those of a blob, the last one last.
func (b *Bucket) objects(ctx context.Context, sum Sum) (objects []minio.ObjectInfo, err error) {
	err = b.list(ctx, minio.ListObjectsOptions{Prefix: b.under(sum)}, func(_ Sum, o minio.ObjectInfo) error {
		objects = append(objects, o)
		return nil
	})
	slices.SortFunc(objects, byAge)
	return objects, err
}

// byAge orders objects of a blob by when they were put, by the clock of the storage.
func byAge(a, b minio.ObjectInfo) int {
	return cmp.Or(a.LastModified.Compare(b.LastModified), cmp.Compare(a.Key, b.Key))
}

// list calls f with objects of blobs, in the order of their names.
func (b *Bucket) list(ctx context.Context, which minio.ListObjectsOptions, f func(Sum, minio.ObjectInfo) error) error {
	which.Recursive, which.FetchOwner = true, new(bool)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for object := range b.client.ListObjectsIter(ctx, b.name, which) {
		if object.Err != nil {
			return trouble(ctx, "listing blobs", object.Err)
		}
		if sum, is := b.of(object.Key); is {
			if err := f(sum, object); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// each calls f with every blob whose sum comes after one, in the order of their sums, and
// its objects, the last one last.
func (b *Bucket) each(ctx context.Context, after Sum, f func(Sum, []minio.ObjectInfo) error) error {
	which := minio.ListObjectsOptions{Prefix: b.prefix}
	if after != (Sum{}) {
		which.StartAfter = b.beyond(after)
	}
	var of Sum
	var objects []minio.ObjectInfo
	told := func() error {
		if len(objects) == 0 {
			return nil
		}
		slices.SortFunc(objects, byAge)
		return f(of, objects)
	}
	err := b.list(ctx, which, func(sum Sum, object minio.ObjectInfo) error {
		if sum != of {
			if err := told(); err != nil {
				return err
			}
			of, objects = sum, objects[:0]
		}
		objects = append(objects, object)
		return nil
	})
	if err != nil {
		return err
	}
	return told()
}

// Each implements [Store].
func (b *Bucket) Each(ctx context.Context, after Sum, f func(Info) error) error {
	return b.each(ctx, after, func(sum Sum, objects []minio.ObjectInfo) error {
		last := objects[len(objects)-1]
		return f(Info{Sum: sum, Size: last.Size, Put: last.LastModified})
	})
}

// Remove implements [Store]. What is put once the objects were listed is another one, which
// stays.
func (b *Bucket) Remove(ctx context.Context, sum Sum, before time.Time) (bool, error) {
	objects, err := b.objects(ctx, sum)
	if err != nil || len(objects) == 0 || !objects[len(objects)-1].LastModified.Before(before) {
		return false, err
	}
	b.last.Remove(sum)
	for _, object := range objects {
		if err := b.drop(ctx, object.Key); err != nil {
			return false, err
		}
	}
	return true, nil
}

// drop removes an object.
func (b *Bucket) drop(ctx context.Context, object string) error {
	err := trouble(ctx, "removing a blob", b.client.RemoveObject(ctx, b.name, object, minio.RemoveObjectOptions{}))
	if fail.Is(err, fail.NotFound) {
		return nil
	}
	return err
}

// Tidy implements [Store]. It also removes the objects of blobs that were put again since:
// who read them then has ended.
func (b *Bucket) Tidy(ctx context.Context, before time.Time) (int, error) {
	err := b.each(ctx, Sum{}, func(_ Sum, objects []minio.ObjectInfo) error {
		for _, object := range objects[:len(objects)-1] {
			if object.LastModified.Before(before) {
				if err := b.drop(ctx, object.Key); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	removed := 0
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // of the listing, when it is left
	for upload := range b.client.ListIncompleteUploads(ctx, b.name, b.prefix, true) {
		if upload.Err != nil {
			return removed, trouble(ctx, "listing what is under way", upload.Err)
		}
		if _, is := b.of(upload.Key); !is || !upload.Initiated.Before(before) {
			continue
		}
		if err := trouble(ctx, "tidying", b.client.AbortMultipartUpload(ctx, b.name, upload.Key, upload.UploadID)); err != nil {
			return removed, err
		}
		removed++
	}
	return removed, ctx.Err()
}
