package browser

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// The widths at which every page is looked at: a telephone and a desk.
const (
	Phone = 390
	Desk  = 1280
)

// pageTimeout bounds everything that a test does with one page.
const pageTimeout = 2 * time.Minute

// View is how someone looks at a page.
type View struct {
	Width    int  // CSS pixels; Desk when 0
	Height   int  // CSS pixels; that of a screen of this width when 0
	Dark     bool // prefers-color-scheme
	Contrast bool // prefers-contrast: more
	Print    bool // as on paper
	NoScript bool
	Lang     string // Accept-Language; "fr" when empty
}

// Page is a tab with cookies and a cache of its own. Its methods end the test
// when they fail.
type Page struct {
	t    testing.TB
	ctx  context.Context
	view View
	tab  *tab

	mu         sync.Mutex
	complaints []string
	weight     Weight
}

// Weight is what a page cost to load.
type Weight struct {
	Bytes    int // transferred, headers included
	Requests int
}

// Page opens a tab, until the end of the test.
func (b *Browser) Page(t testing.TB, v View) *Page {
	t.Helper()
	if v.Width == 0 {
		v.Width = Desk
	}
	if v.Lang == "" {
		v.Lang = "fr"
	}
	tab, err := b.take()
	if err != nil {
		t.Fatalf("browser: open a tab: %v", err)
	}
	p := &Page{t: t, view: v, tab: tab}
	tab.shows(p)
	t.Cleanup(func() { b.leave(tab, t.Failed()) })
	ctx, cancel := context.WithTimeout(tab.ctx, pageTimeout)
	t.Cleanup(cancel)
	p.ctx = ctx
	p.do("set a tab", v.emulate)
	return p
}

func (v View) emulate(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	pick := func(is bool, yes, no string) string {
		if is {
			return yes
		}
		return no
	}
	_, sized := v.size(v.height())(ctx, t)
	_, styled := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Media: pick(v.Print, "print", ""),
		Features: []*emulation.MediaFeature{
			{Name: "prefers-color-scheme", Value: pick(v.Dark, "dark", "light")},
			{Name: "prefers-contrast", Value: pick(v.Contrast, "more", "no-preference")},
			{Name: "prefers-reduced-motion", Value: "reduce"}, // nothing is read in the middle of a motion
		},
	})
	_, scripted := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: v.NoScript})
	_, spoken := cdp.Call(ctx, t, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": v.Lang}})
	return chromedp.Void{}, errors.Join(sized, styled, scripted, spoken)
}

// handheld is the width under which a screen is that of a telephone.
const handheld = 600

// height is that of the view, or else of the screens that have this width.
func (v View) height() int64 {
	if v.Height != 0 {
		return int64(v.Height)
	}
	if v.Width < handheld {
		return 844
	}
	return 900
}

func (v View) size(height int64) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
			Width: int64(v.Width), Height: height, DeviceScaleFactor: 1, Mobile: v.Width < handheld,
		})
		return chromedp.Void{}, err
	}
}

// do runs steps that give nothing back.
func (p *Page) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.t.Fatalf("browser: %s: %v", what, err)
	}
}

// ask runs a step for its value.
func ask[T any](p *Page, what string, step chromedp.Action[T]) T {
	p.t.Helper()
	value, err := chromedp.Run(p.ctx, step)
	if err != nil {
		p.t.Fatalf("browser: %s: %v", what, err)
	}
	return value
}

// hear keeps what the console says and weighs what is loaded.
func (p *Page) hear(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			p.complaints = append(p.complaints, fmt.Sprintf("%s: %s (%s)", e.Entry.Source, e.Entry.Text, e.Entry.URL))
		}
	case *runtime.EventExceptionThrown:
		p.complaints = append(p.complaints, "exception: "+e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			var said []string
			for _, arg := range e.Args {
				said = append(said, string(arg.Value))
			}
			p.complaints = append(p.complaints, "console: "+strings.Join(said, " "))
		}
	case *network.EventRequestWillBeSent:
		p.weight.Requests++
	case *network.EventLoadingFinished:
		p.weight.Bytes += int(e.EncodedDataLength)
	}
}

// Goto loads an address and forgets what earlier pages weighed.
func (p *Page) Goto(url string) {
	p.t.Helper()
	p.mu.Lock()
	p.weight = Weight{}
	p.mu.Unlock()
	p.do("go to "+url, chromedp.Navigate(url))
	if !p.view.NoScript {
		p.Eval("document.fonts.ready.then(() => true)")
	}
}

// Cookie puts a cookie, as the site at a URL would.
func (p *Page) Cookie(url, name, value string) {
	p.t.Helper()
	p.do("put the cookie "+name, func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: url})
		return chromedp.Void{}, err
	})
}

// Login fills the login form of the portal at base and sends it.
func (p *Page) Login(base, login, password string) {
	p.t.Helper()
	p.Goto(strings.TrimSuffix(base, "/") + "/login")
	p.Fill("login", login)
	p.Fill("password", password)
	p.Submit(`form:has([name="password"])`)
}

// Fill writes into the field of this name, over what it holds. It types where
// the focus is: SendKeys reads the field's attributes without a lock, while
// the browser still tells of the one that Clear has just changed.
func (p *Page) Fill(name, value string) {
	p.t.Helper()
	field := chromedp.CSS(fmt.Sprintf("[name=%q]", name))
	p.do("fill "+name, chromedp.Clear(field), chromedp.Focus(field, chromedp.NodeVisible), chromedp.KeyEvent(value))
}

// Submit presses the first button of a form and waits for the next page.
func (p *Page) Submit(form string) {
	p.t.Helper()
	p.Follow(form + ` button:not([type="button"])`)
}

// Follow presses a link or a button that leads to another page and waits for
// that page.
func (p *Page) Follow(selector string) {
	p.t.Helper()
	if _, err := chromedp.RunResponse(p.ctx, chromedp.Click(chromedp.CSS(selector))); err != nil {
		p.t.Fatalf("browser: follow %s: %v", selector, err)
	}
}

// Back goes back, as the button of the browser does, and waits until the page
// is still.
func (p *Page) Back() {
	p.t.Helper()
	p.Eval(`history.back()`)
	p.do("go back", chromedp.Sleep(backTime))
}

// backTime is more than a page that is shown again takes to be asked for anew.
const backTime = time.Second

// Click presses something that stays on the page.
func (p *Page) Click(selector string) {
	p.t.Helper()
	p.do("click "+selector, chromedp.Click(chromedp.CSS(selector)))
}

// Press types keys, letters or one of the package kb of chromedp, while others
// are held.
func (p *Page) Press(keys string, held ...chromedp.Modifier) {
	p.t.Helper()
	p.do("press a key", chromedp.KeyEvent(keys, chromedp.KeyModifiers(held...)))
}

// Text gives the visible text of the first element that a selector finds, of the
// page that comes where one goes away at this moment.
func (p *Page) Text(selector string) string {
	p.t.Helper()
	text := chromedp.Text(chromedp.CSS(selector))
	return ask(p, "read "+selector, func(ctx context.Context, t *chromedp.Target) (string, error) {
		for {
			said, err := text(ctx, t)
			if err == nil || !strings.Contains(err.Error(), goneNode) || ctx.Err() != nil {
				return said, err
			}
		}
	})
}

// goneNode is what the browser answers about an element of a page that was left.
const goneNode = "No node with given id found"

// URL gives the address of the page.
func (p *Page) URL() string {
	p.t.Helper()
	return ask(p, "read the address", chromedp.Location())
}

// Eval runs an expression in the page, for what it does, and waits for it
// when it is a promise.
func (p *Page) Eval(expression string) {
	p.t.Helper()
	p.do("evaluate", chromedp.Evaluate[chromedp.Void](expression, chromedp.EvalAwaitPromise))
}

// Value computes an expression in the page, waits for it when it is a
// promise, and decodes it as JSON.
func Value[T any](p *Page, expression string) T {
	p.t.Helper()
	return ask(p, "evaluate", chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// Prepare runs a script in every document before its own: it lends the page
// what this Chromium does not have, a voice or a camera.
func (p *Page) Prepare(script string) {
	p.t.Helper()
	p.tab.changed = true
	p.do("prepare", func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return chromedp.Void{}, err
	})
}

// Complaints gives what the console said since the page was opened: errors,
// warnings, refusals of the content security policy, files not found.
func (p *Page) Complaints() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.complaints...)
}

// Weight gives what was loaded since the last [Page.Goto].
func (p *Page) Weight() Weight {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.weight
}

// Shot writes a picture of the whole page as name-390-dark.png into the
// folder of PREAU_SHOTS, if it is set.
func (p *Page) Shot(name string) {
	p.t.Helper()
	folder := os.Getenv("PREAU_SHOTS")
	if folder == "" {
		return
	}
	// The screen is made as high as the page: what is fixed at its bottom
	// stands at the end of the picture and not across it.
	height := Value[int64](p, "Math.max(document.documentElement.scrollHeight, innerHeight)")
	p.do("enlarge the screen", p.view.size(height))
	picture := ask(p, "take a picture", chromedp.CaptureScreenshot())
	p.do("restore the screen", p.view.size(p.view.height()))
	file := filepath.Join(folder, name+p.view.suffix()+".png")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(file, picture, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// Sheets counts the pages of A4 that the page takes on paper.
func (p *Page) Sheets() int {
	p.t.Helper()
	paper := ask(p, "print the page", func(ctx context.Context, t *chromedp.Target) ([]byte, error) {
		printed, err := cdp.Call(ctx, t, page.PrintToPDF, page.PrintToPDFParams{PaperWidth: 8.27, PaperHeight: 11.69, PreferCSSPageSize: new(true)})
		return printed.Data, err
	})
	return len(sheet.FindAll(paper, -1))
}

// sheet is the beginning of each page in a PDF of Chromium.
var sheet = regexp.MustCompile(`/Type\s*/Page\b[^s]`)

func (v View) suffix() string {
	s := fmt.Sprintf("-%d", v.Width)
	for _, mode := range []struct {
		on   bool
		name string
	}{{v.Dark, "dark"}, {v.Contrast, "contrast"}, {v.Print, "print"}, {v.NoScript, "noscript"}} {
		if mode.on {
			s += "-" + mode.name
		}
	}
	return s
}
