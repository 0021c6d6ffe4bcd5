package browser

import (
	"context"
	"sync"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"
)

// tab is a tab of Chromium with a profile of its own. It costs more than most
// of what is done in it: a test leaves it clean to the next.
type tab struct {
	ctx     context.Context
	close   func()
	changed bool // in a way that is not undone: it serves once

	mu   sync.Mutex
	page *Page // of the test that has it
}

// cleanTimeout is more than a tab takes to forget what it has shown.
const cleanTimeout = 20 * time.Second

// take gives a tab that has seen nothing.
func (b *Browser) take() (*tab, error) {
	b.mu.Lock()
	if last := len(b.clean) - 1; last >= 0 {
		defer b.mu.Unlock()
		t := b.clean[last]
		b.clean = b.clean[:last]
		return t, nil
	}
	b.mu.Unlock()
	t := new(tab)
	t.ctx, t.close = chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(t.hear))
	if err := chromedp.Do(t.ctx, enable); err != nil {
		t.close()
		return nil, err
	}
	return t, nil
}

// leave takes a tab back from a test; one that cannot be cleaned is closed, and
// so is one that a failure has left in a state that nobody foresaw.
func (b *Browser) leave(t *tab, failed bool) {
	ctx, cancel := context.WithTimeout(t.ctx, cleanTimeout)
	defer cancel()
	if failed || t.changed || chromedp.Do(ctx, forget) != nil {
		t.close()
		return
	}
	t.shows(nil)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.clean = append(b.clean, t)
}

// enable asks for the events that [Page.hear] hears.
func enable(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	_, err := cdp.Call(ctx, t, network.Enable, network.EnableParams{})
	return chromedp.Void{}, call(ctx, t, err, log.Enable, runtime.Enable)
}

// forget leaves the page, and what it has put in the tab: cookies, files,
// what scripts kept, the pages before it. It is the page that goes away, in
// the same process: the browser would start another to go elsewhere.
func forget(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	if _, err := chromedp.Evaluate[chromedp.Void](`location.replace("about:blank")`)(ctx, t); err != nil {
		return chromedp.Void{}, err
	}
	for at := ""; at != "about:blank"; {
		var err error
		if at, err = chromedp.Evaluate[string]("location.href")(ctx, t); ctx.Err() != nil {
			return chromedp.Void{}, err
		}
	}
	_, err := cdp.Call(ctx, t, storage.ClearDataForOrigin, storage.ClearDataForOriginParams{Origin: "*", StorageTypes: "all"})
	return chromedp.Void{}, call(ctx, t, err, network.ClearBrowserCache, page.ResetNavigationHistory)
}

// call sends commands one after the other, unless something went wrong.
func call(ctx context.Context, t *chromedp.Target, err error, commands ...cdp.Command[cdp.Empty, cdp.Empty]) error {
	for _, command := range commands {
		if err == nil {
			_, err = cdp.Call(ctx, t, command, cdp.Empty{})
		}
	}
	return err
}

// shows gives the tab a page; what is heard between two is nobody's.
func (t *tab) shows(p *Page) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.page = p
}

func (t *tab) hear(event any) {
	t.mu.Lock()
	p := t.page
	t.mu.Unlock()
	if p != nil {
		p.hear(event)
	}
}
