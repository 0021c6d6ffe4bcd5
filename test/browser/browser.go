package browser

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// binaries are the names under which systems install Chromium, the one without
// windows first: it shows the same pages for a third of the work.
var binaries = []string{"chromium-headless-shell", "headless_shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// startTimeout is generous: a machine of continuous integration starts
// Chromium on a cold disk while it compiles.
const startTimeout = 60 * time.Second

// running is the one Chromium of the test binary.
var running struct {
	sync.Mutex
	main    bool // under Main, which stops it
	browser *Browser
}

// Browser is a running Chromium.
type Browser struct {
	ctx  context.Context
	stop func()

	mu    sync.Mutex
	clean []*tab // that a test has left, and the next takes
}

// Main runs the tests of a package and stops Chromium after them:
//
//	func TestMain(m *testing.M) { browser.Main(m) }
func Main(m *testing.M) { os.Exit(Run(m)) }

// Run is [Main] for a TestMain that has something else to do before it ends.
func Run(m interface{ Run() int }) int {
	running.main = true
	code := m.Run()
	if running.browser != nil {
		running.browser.stop()
	}
	return code
}

// Open gives the Chromium of the test binary, which must run under [Main] or
// [Run].
func Open(t testing.TB) *Browser {
	t.Helper()
	running.Lock()
	defer running.Unlock()
	if !running.main {
		t.Fatal("browser: the package needs func TestMain(m *testing.M) { browser.Main(m) }")
	}
	if running.browser != nil {
		return running.browser
	}
	path, err := find()
	if err != nil {
		if os.Getenv("PREAU_TEST_ALL") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	b, err := start(path)
	if err != nil {
		t.Fatalf("browser: %s does not start: %v", path, err)
	}
	running.browser = b
	return b
}

func find() (string, error) {
	for _, name := range binaries {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("browser: none of %v is installed", binaries)
}

func start(path string) (*Browser, error) {
	profile, err := os.MkdirTemp("", "preau-browser-")
	if err != nil {
		return nil, err
	}
	allocator, release := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(path),
		chromedp.UserDataDir(profile),
		chromedp.WSURLReadTimeout(startTimeout),
		chromedp.Headless,
		chromedp.NoSandbox,
		chromedp.DisableGPU,
		chromedp.NoFirstRun,
		chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("hide-scrollbars", true),
		chromedp.Flag("font-render-hinting", "none"),
	)
	ctx, cancel := chromedp.NewContext(allocator)
	stop := func() {
		chromedp.Cancel(ctx) // waits for Chromium to end; that it failed to end well is no fault of a test
		cancel()
		release()
		os.RemoveAll(profile)
	}
	if err := chromedp.Do(ctx); err != nil {
		stop()
		return nil, err
	}
	return &Browser{ctx: ctx, stop: stop}, nil
}
