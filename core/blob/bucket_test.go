package blob_test

import (
	"errors"
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"github.com/minio/minio-go/v7"

	"preau/core/blob"
	"preau/core/blob/blobtest"
	"preau/core/fail"
)

// bucket opens the blobs of a storage under a prefix, with the key of an installation.
func bucket(t *testing.T, dir, address string) *blob.Bucket {
	t.Helper()
	b, err := blob.OpenBucket(address, key(dir), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// object is the file of the last object of a blob.
func object(t *testing.T, storage *blobtest.Storage, prefix string, sum blob.Sum) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(storage.Path(prefix), sum.String()[:2], sum.String()[2:], "*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%v, %v", files, err)
	}
	slices.Sort(files)
	return files[len(files)-1]
}

// inBucket is a subject in a bucket, under a prefix of its own.
func inBucket(t *testing.T, storage *blobtest.Storage) blobtest.Subject {
	dir := t.TempDir()
	prefix := filepath.Base(filepath.Dir(dir)) + filepath.Base(dir)
	return blobtest.Subject{
		Store: bucket(t, dir, storage.Address(prefix, storage.Host)),
		Kept: func(t *testing.T, sum blob.Sum) []byte {
			b, err := os.ReadFile(object(t, storage, prefix, sum))
			if err != nil {
				t.Fatal(err)
			}
			return b
		},
		Spoil: func(t *testing.T, sum blob.Sum, kept []byte) {
			if err := os.WriteFile(object(t, storage, prefix, sum), kept, 0o600); err != nil {
				t.Fatal(err)
			}
		},
	}
}

func TestBucket(t *testing.T) {
	storage := blobtest.NewStorage(t, t.TempDir())
	blobtest.Run(t, func(t *testing.T) blobtest.Subject { return inBucket(t, storage) })
}

// client speaks to a storage without a store.
func client(t *testing.T, storage *blobtest.Storage) *minio.Core {
	t.Helper()
	c, err := minio.NewCore(storage.Host, &minio.Options{Creds: storage.Credentials(), Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWhatIsSentByHalfIsTidied(t *testing.T) {
	storage := blobtest.NewStorage(t, t.TempDir())
	b := bucket(t, t.TempDir(), storage.Address("half", storage.Host))
	sum := put(t, b, "a photo")
	c := client(t, storage)
	begin := func(object string) {
		upload, err := c.NewMultipartUpload(t.Context(), blobtest.Bucket, object, minio.PutObjectOptions{})
		if err == nil {
			_, err = c.PutObjectPart(t.Context(), blobtest.Bucket, object, upload, 1, strings.NewReader("half"), 4, minio.PutObjectPartOptions{})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	begin("half/" + sum.String()[:2] + "/" + sum.String()[2:] + "/1")
	begin("half/not-a-blob")
	begin("another/" + sum.String()[:2] + "/" + sum.String()[2:] + "/1")
	for _, want := range []struct {
		before time.Time
		n      int
	}{{time.Now().Add(-time.Hour), 0}, {time.Now().Add(time.Hour), 1}, {time.Now().Add(time.Hour), 0}} {
		if n, err := b.Tidy(t.Context(), want.before); n != want.n || err != nil {
			t.Errorf("tidied %d, %v; want %d", n, err, want.n)
		}
	}
	if _, err := read(t, b, sum); err != nil {
		t.Error(err)
	}
}

// What is put again is another object; the one before goes with the night, and whoever reads it
// until then reads on.
func TestWhatIsPutAgainReplacesNothing(t *testing.T) {
	storage := blobtest.NewStorage(t, t.TempDir())
	dir := t.TempDir()
	b, other := bucket(t, dir, storage.Address("again", storage.Host)), bucket(t, dir, storage.Address("again", storage.Host))
	content := func() io.Reader { return io.LimitReader(noise(0, 0), 2<<20) }
	sum, _, err := b.Put(t.Context(), content(), 4<<20)
	if err != nil {
		t.Fatal(err)
	}
	first := object(t, storage, "again", sum)
	reading, err := other.Open(t.Context(), sum)
	if err != nil {
		t.Fatal(err)
	}
	defer reading.Close()
	if _, err := io.CopyN(io.Discard, reading, 300_000); err != nil {
		t.Fatal(err)
	}
	if again, _, err := b.Put(t.Context(), content(), 4<<20); err != nil || again != sum {
		t.Fatal(again, err)
	}
	if object(t, storage, "again", sum) == first {
		t.Error("it was overwritten")
	}
	if n, err := io.Copy(io.Discard, reading); n != 2<<20-300_000 || err != nil {
		t.Errorf("who was reading read %d more, %v", n, err)
	}
	if _, err := b.Tidy(t.Context(), time.Now().Add(time.Hour)); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(first); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the one before: %v", err)
	}
	for name, b := range map[string]*blob.Bucket{"who put it": b, "who knew the one before": other} {
		if text, err := read(t, b, sum); len(text) != 2<<20 || err != nil {
			t.Errorf("%s reads %d, %v", name, len(text), err)
		}
	}
	if err := os.WriteFile(object(t, storage, "again", sum), []byte("not a blob"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := read(t, other, sum); !errors.Is(err, blob.ErrDamaged) {
		t.Errorf("damaged: %v", err)
	}
	if _, _, err := b.Put(t.Context(), content(), 4<<20); err != nil {
		t.Fatal(err)
	}
	if text, err := read(t, other, sum); len(text) != 2<<20 || err != nil {
		t.Errorf("mended through another node: %d, %v", len(text), err)
	}
	if gone, err := b.Remove(t.Context(), sum, time.Now().Add(time.Hour)); !gone || err != nil {
		t.Error(gone, err)
	}
	if _, err := other.Open(t.Context(), sum); !fail.Is(err, fail.NotFound) {
		t.Errorf("removed through another node: %v", err)
	}
}

// between passes what a storage is asked on, counts it, and spoils answers.
type between struct {
	*httptest.Server
	asked atomic.Int64
	cut   atomic.Int64 // bytes after which each answer to a GET breaks off; 0: none does
	say   atomic.Int64 // the status of each answer; 0: that of the storage
}

func newBetween(t *testing.T, storage *blobtest.Storage) *between {
	b := &between{}
	pass := &httputil.ReverseProxy{
		ErrorLog: log.New(io.Discard, "", 0),
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: storage.Host})
			r.Out.Host = r.In.Host // it is signed
		},
		ModifyResponse: func(r *http.Response) error {
			if cut := b.cut.Load(); cut > 0 && r.Request.Method == http.MethodGet {
				r.Body = struct {
					io.Reader
					io.Closer
				}{io.MultiReader(io.LimitReader(r.Body, cut), iotest.ErrReader(io.ErrUnexpectedEOF)), r.Body}
			}
			return nil
		},
	}
	b.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b.asked.Add(1)
		if say := b.say.Load(); say > 0 {
			_, _ = io.Copy(io.Discard, r.Body)
			w.WriteHeader(int(say))
			return
		}
		pass.ServeHTTP(w, r)
	}))
	t.Cleanup(b.Close)
	return b
}

func (b *between) host() string { return strings.TrimPrefix(b.URL, "http://") }

// requests gives how many something takes.
func (b *between) requests(what func()) int64 {
	before := b.asked.Load()
	what()
	return b.asked.Load() - before
}

func TestHowManyRequestsItTakes(t *testing.T) {
	storage := blobtest.NewStorage(t, t.TempDir())
	way := newBetween(t, storage)
	dir := t.TempDir()
	b, other := bucket(t, dir, storage.Address("few", way.host())), bucket(t, dir, storage.Address("few", way.host()))
	const large = 40 << 20
	var photo, film blob.Sum
	whole := func(b *blob.Bucket, sum blob.Sum) func() {
		return func() {
			if _, err := read(t, b, sum); err != nil {
				t.Error(err)
			}
		}
	}
	if n := way.requests(func() { photo = put(t, b, strings.Repeat("photo", 20_000)) }); n != 1 {
		t.Errorf("a photo is put: %d requests", n)
	}
	n := way.requests(func() {
		var err error
		if film, _, err = b.Put(t.Context(), io.LimitReader(noise(0, 0), large), large); err != nil {
			t.Fatal(err)
		}
	})
	if n != 5 {
		t.Errorf("a film of three parts is put: %d requests", n)
	}
	for _, c := range []struct {
		name string
		what func()
		most int64
	}{
		{"a photo is read", whole(b, photo), 1},
		{"by another node, the first time", whole(other, photo), 2},
		{"and again", whole(other, photo), 1},
		{"a film is read", whole(b, film), 8},
		{"its size", func() {
			r, err := b.Open(t.Context(), film)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if n, err := r.Seek(0, io.SeekEnd); n != large || err != nil {
				t.Error(n, err)
			}
		}, 2},
		{"a minute in its middle", func() {
			r, err := b.Open(t.Context(), film)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if _, err := r.Seek(large/2, io.SeekStart); err != nil {
				t.Error(err)
			}
			if _, err := io.CopyN(io.Discard, r, 1<<20); err != nil {
				t.Error(err)
			}
		}, 4},
	} {
		if n := way.requests(c.what); n > c.most {
			t.Errorf("%s: %d requests, at most %d", c.name, n, c.most)
		}
	}
}

func TestAStorageThatStumbles(t *testing.T) {
	storage := blobtest.NewStorage(t, t.TempDir())
	way := newBetween(t, storage)
	b := bucket(t, t.TempDir(), storage.Address("stumbles", way.host()))
	const large = 2 << 20
	sum, _, err := b.Put(t.Context(), io.LimitReader(noise(0, 0), large), large)
	if err != nil {
		t.Fatal(err)
	}
	way.cut.Store(100_000)
	if text, err := read(t, b, sum); len(text) != large || err != nil {
		t.Errorf("each answer breaks off: %d bytes, %v", len(text), err)
	}
	r, err := b.Open(t.Context(), sum)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	for _, status := range []int64{500, 503, 429} {
		way.say.Store(status)
		if _, err := b.Open(t.Context(), sum); !isUnavailable(err) {
			t.Errorf("%d: %v", status, err)
		}
	}
	if _, err := io.Copy(io.Discard, r); !isUnavailable(err) {
		t.Errorf("while it is read: %v", err)
	}
	way.say.Store(403)
	for name, err := range map[string]error{
		"put":  func() error { _, _, err := b.Put(t.Context(), strings.NewReader("a photo"), 10); return err }(),
		"open": func() error { _, err := b.Open(t.Context(), blob.Sum{1}); return err }(),
	} {
		if err == nil || fail.KindOf(err) != fail.Fault || strings.Contains(err.Error(), "not-a-secret") {
			t.Errorf("%s, refused: %v", name, err)
		}
	}
}

func TestTheAddressOfABucket(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "somebody")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "hidden")
	t.Setenv("OTHER_ACCESS_KEY_ID", "somebody")
	dir := t.TempDir()
	for _, at := range []string{"", "s3://", "s3:///prefix", "http://blobs", "s3://me:hidden@blobs", "s3://blobs:80", "s3://blobs#x",
		"s3://blobs?secret=hidden", "s3://blobs?endpoint=ftp://host", "s3://blobs?endpoint=https://me:hidden@host", "s3://blobs?endpoint=host",
		"s3://blobs?endpoint=https://host/path", "s3://blobs?region=a&region=b", "s3://blobs/../x", "s3://blobs/a//b", "s3://blobs?%zz",
		"s3://blobs?env=OTHER", "s3://blobs?env=NOBODY", "s3://blobs/\x7f"} {
		if _, err := blob.OpenBucket(at, key(dir), dir); err == nil || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%q: %v", at, err)
		}
	}
	for _, at := range []string{"s3://blobs", "s3://blobs/", "s3://blobs/a/b/", "s3://blobs?region=fr-par&endpoint=https://s3.fr-par.scw.cloud", "s3://blobs/x?endpoint=http://127.0.0.1:7070"} {
		if _, err := blob.OpenBucket(at, key(dir), dir); err != nil {
			t.Errorf("%q: %v", at, err)
		}
	}
}

// Whatever the address, it is read or refused, and a refusal does not repeat it.
func FuzzTheAddressOfABucket(f *testing.F) {
	for _, at := range []string{"s3://blobs", "s3://me:hidden@blobs/x", "s3://blobs/a/b?endpoint=https://host:9000&region=fr-par&env=OTHER", "s3://[::1]/x", "s3://blobs?endpoint=https://me:hidden@host"} {
		f.Add(at)
	}
	dir := f.TempDir()
	key := key(dir)
	f.Setenv("AWS_ACCESS_KEY_ID", "somebody")
	f.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	f.Fuzz(func(t *testing.T, at string) {
		b, err := blob.OpenBucket(at, key, dir)
		if (b == nil) == (err == nil) {
			t.Errorf("%v, %v", b, err)
		}
		if u, bad := url.Parse(at); err != nil && bad == nil && u.User != nil {
			if password, has := u.User.Password(); has && len(password) > 8 && strings.Contains(err.Error(), password) {
				t.Errorf("it is repeated: %v", err)
			}
		}
	})
}
