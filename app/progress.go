package app

import (
	"fmt"
	"io"

	"github.com/schollz/progressbar/v3"

	"preau/directory/feed"
)

// progress shows how far a feed is: a bar on a terminal, a line a stage
// elsewhere.
type progress struct {
	w     io.Writer
	tty   bool
	stage string
	bar   *progressbar.ProgressBar
}

func newProgress(w io.Writer) *progress {
	return &progress{w: w, tty: onTerminal(w)}
}

func (p *progress) show(at feed.Progress) {
	if stage := at.Delivery + ": " + at.Stage; stage != p.stage {
		p.end()
		p.stage = stage
		if p.tty {
			p.bar = progressbar.NewOptions(-1, progressbar.OptionSetWriter(p.w), progressbar.OptionSetDescription(stage),
				progressbar.OptionShowCount(), progressbar.OptionClearOnFinish())
		} else {
			fmt.Fprintln(p.w, stage)
		}
	}
	if p.bar != nil {
		_ = p.bar.Set(at.Records) // a terminal that went away stops no feed
	}
}

func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Finish()
		p.bar = nil
	}
}
