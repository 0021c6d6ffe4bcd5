package portal_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"preau/account"
	"preau/test/browser"
)

// crowd keeps the door busy until the end of the test, two minutes at most, with
// people whose turn has come, and has so many others ask for one that whoever
// comes next waits.
func (h *lobby) crowd(long time.Duration) {
	h.T.Helper()
	turn, err := h.Accounts.Queue(account.Origin{})
	if err != nil {
		h.T.Fatal(err)
	}
	ctx := h.T.Context()
	var all sync.WaitGroup
	h.T.Cleanup(all.Wait)
	for i := range 4 * runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				login := fmt.Sprintf("foule.n%d", i+100*n)
				_, _ = h.Accounts.SignIn(ctx, login, "pas du tout le bon", account.Origin{Turn: turn})
			}
		})
	}
	h.ask(long)
}

// ask has so many people ask for a turn, from everywhere: those of one network keep
// few others waiting.
func (h *lobby) ask(long time.Duration) {
	h.T.Helper()
	for asked := 0; h.wait(asked) < long; asked++ {
		if asked > 1_000_000 {
			h.T.Fatal("however many come, nobody waits")
		}
	}
}

// wait is how long whoever comes now waits at the door, from one of ten thousand
// networks.
func (h *lobby) wait(network int) time.Duration {
	ip := netip.AddrFrom4([4]byte{10, byte(network % 10_000 >> 8), byte(network % 10_000), 1})
	_, err := h.Accounts.Queue(account.Origin{IP: ip})
	var crowd *account.Crowd
	if errors.As(err, &crowd) {
		return crowd.Wait
	}
	return 0
}

// kept is a turn that a form has.
var kept = regexp.MustCompile(`name="turn" value="[\w-]{32}"`)

// Who has no script keeps their place, and what they typed but the password.
func TestACrowdAtTheDoor(t *testing.T) {
	h := open(t)
	login := h.activate(h.guardian())
	h.crowd(time.Minute)
	page := h.post("/login", form("login", login, "password", good, "next", "/me"))
	holds(t, page.Body, "Beaucoup de personnes se connectent", "passent avant vous", "Votre place est gardée", `value="`+login+`"`, `value="/me"`)
	if page.StatusCode != http.StatusServiceUnavailable || page.session() != "" || !kept.MatchString(page.Body) {
		t.Errorf("%d, session %q, a turn: %t", page.StatusCode, page.session(), kept.MatchString(page.Body))
	}
	if strings.Contains(page.Body, good) {
		t.Error("the password is in the page")
	}

	var mine struct {
		Turn, Said string
		Wait       int
	}
	if err := json.Unmarshal([]byte(h.post("/login/turn", nil).Body), &mine); err != nil {
		t.Fatal(err)
	}
	if len(mine.Turn) != 32 || mine.Wait < 1000 || !strings.Contains(mine.Said, "La page continue toute seule.") {
		t.Errorf("%+v", mine)
	}
}

// With a script what was typed waits in the page, which goes on by itself.
func TestThePageWaitsForItsTurn(t *testing.T) {
	b, h := browser.Open(t), open(t)
	login := h.activate(h.guardian())
	h.crowd(5 * time.Second)
	for _, view := range []browser.View{{Width: browser.Phone}, {Width: browser.Desk}} {
		p := b.Page(t, view)
		p.Goto(h.URL + "/login")
		p.Fill("login", login)
		p.Fill("password", good)
		h.ask(5 * time.Second)
		p.Click(`form[action="/login"] button:not([type="button"])`)
		said := p.Text(`.queue:not([hidden])`)
		if !strings.Contains(said, "passent avant vous") {
			t.Errorf("said: %s", said)
		}
		p.Axe()
		p.Fits()
		p.Shot("queue")
		p.Text(".menu-name") // the home page
		if at := p.URL(); at != h.URL+"/" {
			t.Errorf("at %s", at)
		}
	}
}
