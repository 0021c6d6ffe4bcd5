package bench

import (
	"net"
	"net/http"
	"os"
	"os/exec"
	"testing"
)

// floorAddress and floorPage tell this program to be the floor of a measure
// instead of a test: a server of net/http and nothing else, in a process of
// its own as the portal has. It says hello, and serves one page that is
// compressed already.
const floorAddress, floorPage = "PREAU_BENCH_FLOOR", "PREAU_BENCH_FLOOR_PAGE"

func TestMain(m *testing.M) {
	if addr := os.Getenv(floorAddress); addr != "" {
		os.Exit(beFloor(addr, os.Getenv(floorPage)))
	}
	if text := os.Getenv(blobWork); text != "" {
		os.Exit(workOnBlobs(text))
	}
	os.Exit(m.Run())
}

func beFloor(addr, page string) int {
	body, err := os.ReadFile(page)
	if err != nil {
		return 1
	}
	http.HandleFunc("GET /hello", func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("hello")) })
	http.HandleFunc("GET /page", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(body)
	})
	if err := http.ListenAndServe(addr, nil); err != nil {
		return 1
	}
	return 0
}

// serveFloor starts the floor, which serves a page, and gives its address and
// what ends it.
func serveFloor(b *testing.B, page string) (site string, stop func()) {
	b.Helper()
	addr := freeAddress(b)
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	server := exec.Command(self)
	server.Env = append(os.Environ(), floorAddress+"="+addr, floorPage+"="+page)
	if err := server.Start(); err != nil {
		b.Fatal(err)
	}
	stop = func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	}
	untilReady(b, "http://"+addr+"/hello", stop)
	return "http://" + addr, stop
}

// freeAddress is one where nobody listens.
func freeAddress(b *testing.B) string {
	b.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer free.Close()
	return free.Addr().String()
}
