package browser

import (
	"context"
	"fmt"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Drop drops files and folders of this machine, by their paths, in the middle of an element.
func (p *Page) Drop(selector string, paths ...string) {
	p.t.Helper()
	at := Value[struct{ X, Y float64 }](p, fmt.Sprintf(`((e) => {
		e.scrollIntoView({ block: "center" });
		const box = e.getBoundingClientRect();
		return { X: box.x + box.width / 2, Y: box.y + box.height / 2 };
	})(document.querySelector(%q))`, selector))
	for _, of := range []input.DispatchDragEventType{"dragEnter", "dragOver", "drop"} {
		p.do("drop files", func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
			_, err := cdp.Call(ctx, t, input.DispatchDragEvent, input.DispatchDragEventParams{
				Type: of, X: at.X, Y: at.Y, Data: &input.DragData{Items: []*input.DragDataItem{}, Files: paths, DragOperationsMask: 1},
			})
			return chromedp.Void{}, err
		})
	}
}

// Slow lets so many bytes a second leave the page; -1: as many as can.
func (p *Page) Slow(bytes float64) {
	p.t.Helper()
	p.tab.changed = true
	p.do("slow the network", func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{{DownloadThroughput: -1, UploadThroughput: bytes}},
		})
		return chromedp.Void{}, err
	})
}
