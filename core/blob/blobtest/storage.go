package blobtest

import (
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Bucket is the name of the bucket of a [Storage].
const Bucket = "blobs"

const (
	// the credentials of the tests, and what begins their variables
	variables, access, secret = "PREAU_BLOBTEST", "blobtest", "not-a-secret"
)

// Storage is a real object storage, versitygw over a folder, until the test ends.
type Storage struct {
	// Root is its folder: an object of the bucket is a file under blobs/.
	Root string
	// Host is where it listens.
	Host string

	t      testing.TB
	server *exec.Cmd
}

// NewStorage starts a storage with an empty bucket, in a folder. Where there is no versitygw the
// test is skipped, unless PREAU_TEST_ALL=1 asks for everything.
func NewStorage(t testing.TB, root string) *Storage {
	t.Helper()
	if _, err := exec.LookPath("versitygw"); err != nil {
		if os.Getenv("PREAU_TEST_ALL") == "1" {
			t.Fatal("no versitygw: .ci/run installs it")
		}
		t.Skip("no versitygw: .ci/run installs it")
	}
	for name, value := range map[string]string{"_ACCESS_KEY_ID": access, "_SECRET_ACCESS_KEY": secret} {
		if err := os.Setenv(variables+name, value); err != nil { // the same whichever test says it
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Join(root, Bucket), 0o700); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Storage{Root: root, Host: listener.Addr().String(), t: t}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(s.Stop)
	return s
}

// Address is that of blobs in the bucket, under a prefix, at a host: its own, or one that
// passes what it is asked on.
func (s *Storage) Address(prefix, host string) string {
	asked := url.Values{"endpoint": {"http://" + host}, "env": {variables}}
	return (&url.URL{Scheme: "s3", Host: Bucket, Path: "/" + prefix, RawQuery: asked.Encode()}).String()
}

// Credentials are those with which it is asked.
func (*Storage) Credentials() *credentials.Credentials {
	return credentials.NewStaticV4(access, secret, "")
}

// Start starts it, again after [Storage.Stop], and waits until it answers.
func (s *Storage) Start() {
	s.t.Helper()
	s.server = exec.Command("versitygw", "--port", s.Host, "--quiet", "--keep-alive", "posix", s.Root)
	s.server.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+access, "ROOT_SECRET_KEY="+secret)
	if err := s.server.Start(); err != nil {
		s.t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); ; {
		answer, err := http.Get("http://" + s.Host + "/")
		if err == nil {
			_ = answer.Body.Close()
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatal("versitygw does not answer: ", err)
		}
	}
}

// Stop kills it.
func (s *Storage) Stop() {
	_ = s.server.Process.Kill() // it may be stopped already
	_ = s.server.Wait()
}

// Path is the folder of the objects of the bucket, under a prefix.
func (s *Storage) Path(prefix string) string { return filepath.Join(s.Root, Bucket, prefix) }
