package portal

import (
	"context"
	"errors"
	"math"
	"net/http"
	"time"

	"preau/account"
	"preau/core/i18n"
	"preau/core/ui"
	"preau/core/web"
)

// turnPath is where the page of sign-in, and that of a code, ask for a turn.
const turnPath = "/login/turn"

// turn is what the script of such a page reads. Without a wait, one may knock.
type turn struct {
	Turn string `json:"turn"`
	Wait int64  `json:"wait"` // milliseconds
	Said string `json:"said,omitempty"`
}

// origin is where a request comes from, with its turn in the queue, and what its
// form says of the device.
func origin(r *web.Request) account.Origin {
	from := account.OriginOf(r)
	from.Turn = r.PostFormValue("turn")
	if r.PostForm.Has("asked") {
		if from.Said = account.Own; r.PostForm.Has("shared") {
			from.Said = account.Shared
		}
	}
	return from
}

// queue gives somebody their turn.
func (p *Portal) queue(r *web.Request) (web.Answer, error) {
	mine, err := p.Accounts.Queue(origin(r))
	var crowd *account.Crowd
	switch {
	case errors.As(err, &crowd):
		said := crowded(r, crowd) + " " + r.Say("portal.queue-goes-on")
		return web.JSON{Value: turn{crowd.Turn, crowd.Wait.Milliseconds() + 1, said}}, nil
	case err != nil:
		return nil, err
	}
	return web.JSON{Value: turn{Turn: mine}}, nil
}

// crowded says how many people pass before, and how long that takes.
func crowded(r *web.Request, c *account.Crowd) string {
	long := r.Say("portal.queue-seconds", int(math.Ceil(c.Wait.Seconds())))
	if c.Wait > time.Minute {
		long = r.Say("portal.queue-minutes", int(math.Ceil(c.Wait.Minutes())))
	}
	return r.Say("portal.queue-ahead", c.Ahead) + " " + long
}

// inQueue gives a page again to whoever was not let in for the crowd: what it says is
// their place. It is not the page when err is of another sort.
func inQueue(r *web.Request, page web.Page, err error) (web.Answer, error) {
	var crowd *account.Crowd
	if !errors.As(err, &crowd) {
		return nil, err
	}
	page.Status = http.StatusServiceUnavailable
	page.Notices = append(page.Notices, ui.Notice{
		Kind: ui.Warning, Title: r.Say("portal.queue"), Text: crowded(r, crowd) + " " + r.Say("portal.queue-kept"),
	})
	return page, nil
}

// turnOf is the turn that was given to whoever was not let in.
func turnOf(err error) string {
	var crowd *account.Crowd
	if !errors.As(err, &crowd) {
		return ""
	}
	return crowd.Turn
}

// queueWith is the queue of a form.
func queueWith(ctx context.Context, turn string) ui.Queue {
	return ui.Queue{At: turnPath, Turn: turn, Title: i18n.Say(ctx, "portal.queue")}
}
