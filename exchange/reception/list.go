package reception

import (
	"strings"
	"time"

	"preau/core/db"
	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// shown is how many of the last arrivals the page shows.
const shown = 50

// listView is who delivers, what waits and what came.
type listView struct {
	Accounts []accountView
	Held     []arrivalView
	Last     []arrivalView
	Watched  bool
	Releases bool // the visitor may let go
	Runs     bool // the visitor runs the installation
	Now      time.Time
}

// accountView is an account, with the name of its académie.
type accountView struct {
	Account
	AcademyName string
	Silent      time.Time // since when; zero when it is not
	Held        int
}

// arrivalView is an arrival, with whose it is.
type arrivalView struct {
	Arrival
	Account string // empty: the operators' folder
	Refused int    // structures that were left out
}

// list shows the accounts, what waits and what came last.
func (s *Service) list(r *web.Request) (web.Answer, error) {
	v := listView{Releases: r.Holds(release), Runs: r.Can(view, rights.Whole) == nil, Now: r.Tx.Now}
	all, err := allAccounts(r.Tx)
	if err != nil {
		return nil, err
	}
	names := map[school.ID]string{}
	if v.Runs {
		names[0] = ""
	}
	held, err := heldNow(r.Tx)
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		one, sees, err := seen(r, a)
		if err != nil {
			return nil, err
		}
		if !sees {
			continue
		}
		names[a.ID] = a.Name
		if !a.ClosedAt.IsZero() {
			continue
		}
		for _, h := range held {
			if h.Account == a.ID {
				one.Held++
			}
		}
		v.Accounts = append(v.Accounts, one)
	}
	last, err := Arrivals(r.Tx, shown)
	if err != nil {
		return nil, err
	}
	refused, err := refusedCounts(r.Tx)
	if err != nil {
		return nil, err
	}
	views := func(list []Arrival) (views []arrivalView) {
		for _, a := range list {
			if name, sees := names[a.Account]; sees {
				views = append(views, arrivalView{a, name, refused[a.ID]})
			}
		}
		return views
	}
	v.Held, v.Last = views(held), views(last)
	v.Watched, err = watched(r.Tx)
	return web.Page{Title: r.Say("reception.title"), Body: listPage(v)}, err
}

// seen tells whether the visitor may see an account, and completes it.
func seen(r *web.Request, a Account) (v accountView, sees bool, err error) {
	v = accountView{Account: a, AcademyName: r.Say("reception.academy", a.Academy)}
	if since, silent := a.silent(r.Tx.Now); silent {
		v.Silent = since
	}
	academy, err := directory.StructureByRef(r.Tx, "academy:"+a.Academy)
	object := rights.Object{}
	switch {
	case err == nil:
		v.AcademyName, object.Areas = academy.Name, []school.ID{academy.ID}
	case !fail.Is(err, fail.NotFound): // before its first delivery, nobody is its pilot
		return v, false, err
	}
	return v, r.Can(view, object) == nil, nil
}

// Awaits is what waits here for whoever runs the installation, for their home
// page.
func Awaits(r *web.Request) ([]ui.Task, error) {
	held, err := heldNow(r.Tx)
	if err != nil {
		return nil, err
	}
	accounts, err := Accounts(r.Tx)
	if err != nil {
		return nil, err
	}
	silent := countSilent(r.Tx, accounts)
	seen, err := watched(r.Tx)
	if err != nil {
		return nil, err
	}
	var what []string
	if n := len(held); n > 0 {
		what = append(what, r.Say("reception.held-count", n))
	}
	if silent > 0 {
		what = append(what, r.Say("reception.silent-count", silent))
	}
	count := len(held) + silent
	if len(accounts) > 0 && !seen {
		what, count = append(what, r.Say("reception.unwatched")), count+1
	}
	if count == 0 {
		return nil, nil
	}
	return []ui.Task{{
		Href: home, Title: r.Say("reception.title"), Text: strings.Join(what, " "), Icon: ui.IconInbox, Count: count,
	}}, nil
}

func countSilent(tx *db.Tx, accounts []Account) (n int) {
	for _, a := range accounts {
		if _, silent := a.silent(tx.Now); silent {
			n++
		}
	}
	return n
}
