package portal

import (
	"slices"

	"preau/core/audience"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
)

// feedView is what is new for the visitor, and what is expected of them.
type feedView struct {
	Filters  ui.Filters // by child; none for who has one child, or none
	Expected []ui.FeedLine
	New      []ui.FeedLine
}

// empty tells whether nothing is expected, and nothing is new.
func (v feedView) empty() bool { return len(v.Expected)+len(v.New) == 0 }

// kid is a child of the visitor's, as their feed names it.
type kid struct {
	ID      school.ID
	First   string
	Accent  ui.Accent
	Picture ui.Pictogram
}

// told is everything that the rooms say of what reaches the visitor with the hat they
// wear, in the order in which they need it.
func (p *Portal) told(r *web.Request) ([]web.Told, error) {
	held, err := p.Audiences.Held(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	news, err := held.As(r.Actor.Profile).News(r.Tx, r.Actor.Person)
	if err != nil {
		return nil, err
	}
	of := map[string][]audience.News{}
	for _, n := range news {
		of[n.Room] = append(of[n.Room], n)
	}
	var told []web.Told
	for room, news := range of {
		teller, there := p.Tellers[room]
		if !there { // a room that this installation has no more
			continue
		}
		lines, err := teller.Tell(r.Tx, r.Addressee(), news)
		if err != nil {
			return nil, err
		}
		told = append(told, lines...)
	}
	slices.SortFunc(told, func(a, b web.Told) int { return a.News.Compare(b.News) })
	return told, nil
}

// feed is what the visitor has not seen or done: of one of their children when the
// address says so.
func (p *Portal) feed(r *web.Request, kids []kid) (v feedView, err error) {
	told, err := p.told(r)
	if err != nil {
		return v, err
	}
	of, _ := school.ParseID(r.URL.Query().Get("child"))
	waiting := map[school.ID]int{}
	for _, t := range told {
		if !t.Expected() && !t.New() {
			continue
		}
		waiting[t.Child]++
		if of != 0 && t.Child != of {
			continue
		}
		line := ui.FeedLine{
			Href: t.Href, Title: t.Title, Detail: i18n.Dots(t.From, r.Printer.Moment(t.Published, r.Tx.Now)), Icon: t.Icon, Wants: t.Wants, New: t.New(),
		}
		if i := slices.IndexFunc(kids, func(k kid) bool { return k.ID == t.Child }); i >= 0 {
			line.Child, line.Accent = kids[i].First, kids[i].Accent
		}
		if t.Expected() {
			v.Expected = append(v.Expected, line)
		} else {
			v.New = append(v.New, line)
		}
	}
	if len(kids) < 2 {
		return v, nil
	}
	all := 0
	for _, n := range waiting {
		all += n
	}
	v.Filters = ui.Filters{Label: r.Say("portal.feed-of"), Items: []ui.Filter{{Href: "/", Label: r.Say("portal.feed-all"), Count: all, Current: of == 0}}}
	for _, k := range kids {
		v.Filters.Items = append(v.Filters.Items, ui.Filter{
			Href: "/?child=" + k.ID.String(), Label: k.First, Picture: k.Picture, Accent: k.Accent, Count: waiting[k.ID], Current: of == k.ID,
		})
	}
	return v, nil
}
