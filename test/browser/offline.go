package browser

import (
	"context"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Offline tells the page that the network is gone, or back. Service workers do not hear of it: the
// site itself has to be out of reach too.
func (p *Page) Offline(gone bool) {
	p.t.Helper()
	p.tab.changed = true
	p.do("cut the network", func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: gone, DownloadThroughput: -1, UploadThroughput: -1})
		return chromedp.Void{}, err
	})
}

// untilTime is more than a page takes to do something by itself, and untilEvery how often it is
// asked whether it has.
const untilTime, untilEvery = 10 * time.Second, 20 * time.Millisecond

// Until waits for an expression, or the promise of one, to be true on the page, or on the one that
// it leads to meanwhile.
func (p *Page) Until(expression string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, untilTime)
	defer cancel()
	for ctx.Err() == nil {
		if is, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression, chromedp.EvalAwaitPromise)); err == nil && is {
			return
		}
		_ = chromedp.Do(ctx, chromedp.Sleep(untilEvery))
	}
	p.t.Fatalf("browser: it is never true that %s", expression)
}
