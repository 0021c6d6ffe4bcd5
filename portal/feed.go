package portal

import (
	"cmp"
	"slices"

	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
)

// feedView is what is new for the visitor, and what is expected of them.
type feedView struct {
	Filters  ui.Filters    // by child; none for whoever has one child, or none
	Soon     []ui.FeedLine // what takes place today or tomorrow
	Expected []ui.FeedLine
	New      []ui.FeedLine
	Version  []any // what is told, seen and done or not: a copy of the page is forgotten when it changes
}

// empty tells whether nothing is expected, and nothing is new.
func (v feedView) empty() bool { return len(v.Expected)+len(v.New)+len(v.Soon) == 0 }

// reminded tells of which of some things the visitor gets the practical reminder: of those
// that take place today or tomorrow, unless every child whom it reaches them for is with the other
// guardian that day.
// It is a reminder: what there is to read and to answer is told to both.
func (p *Portal) reminded(r *web.Request, told []web.Told) (is map[int]bool, err error) {
	is = map[int]bool{}
	today := school.DayOf(r.Tx.Now)
	var children []school.ID
	for i, t := range told {
		if !t.On.Before(today) && t.On.Before(today.AddDate(0, 0, 2)) {
			is[i], children = true, append(children, toldFor(t)...)
		}
	}
	if len(is) == 0 || r.Actor.Profile != school.Guardian {
		return is, nil
	}
	homes, err := directory.Custodies(r.Tx, children...)
	for i := range is {
		elsewhere := func(child school.ID) bool {
			c, entered := homes[child]
			return entered && !c.Agreed.IsZero() && c.With(told[i].On) != r.Actor.Person
		}
		if children := toldFor(told[i]); len(children) > 0 && !slices.ContainsFunc(children, func(child school.ID) bool { return !elsewhere(child) }) {
			delete(is, i)
		}
	}
	return is, err
}

// toldFor are the children whom something reaches somebody for.
func toldFor(t web.Told) []school.ID {
	if t.Child != 0 {
		return []school.ID{t.Child}
	}
	return t.Children
}

// feedKey is what makes two things one line: the same is told of several children, and opens one page.
type feedKey struct {
	href, title, wants string
	expected           bool
}

func keyOf(t web.Told) feedKey { return feedKey{t.Href, t.Title, t.Wants, t.Expected()} }

// withLine adds a line to some, or its children to the one that says the same of others, in the
// order of the visitor's.
func withLine(lines []ui.FeedLine, line ui.FeedLine, kids []kid) []ui.FeedLine {
	i := slices.IndexFunc(lines, func(l ui.FeedLine) bool {
		return l.Href == line.Href && l.Title == line.Title && l.Wants == line.Wants
	})
	if i < 0 {
		return append(lines, line)
	}
	lines[i].Children = append(lines[i].Children, line.Children...)
	rank := func(tag ui.ChildTag) int { return slices.IndexFunc(kids, func(k kid) bool { return k.tag() == tag }) }
	slices.SortStableFunc(lines[i].Children, func(a, b ui.ChildTag) int { return cmp.Compare(rank(a), rank(b)) })
	lines[i].New = lines[i].New || line.New
	return lines
}

// kid is a child of the visitor's, as their feed names it.
type kid struct {
	ID      school.ID
	First   string
	Accent  ui.Accent
	Picture ui.Pictogram
}

func (k kid) tag() ui.ChildTag { return ui.ChildTag{First: k.First, Accent: k.Accent} }

// told is everything that the rooms say of what reaches the visitor with the hat they
// wear, in the order in which they need it.
func (p *Portal) told(r *web.Request) ([]web.Told, error) {
	me, err := r.Addressee()
	if err != nil {
		return nil, err
	}
	return web.Tell(r.Tx, p.Tellers, me.Held, me, nil)
}

// feed is what the visitor has not seen or done: of one of their children when the
// address says so. What the page begins with is not said twice, unless something is wanted of it.
func (p *Portal) feed(r *web.Request, kids []kid) (v feedView, err error) {
	told, err := p.told(r)
	if err != nil {
		return v, err
	}
	only, _ := school.ParseID(r.URL.Query().Get("child"))
	reminded, err := p.reminded(r, told)
	if err != nil {
		return v, err
	}
	waiting := map[school.ID]int{}
	all := map[feedKey]bool{}
	for i, t := range told {
		v.Version = append(v.Version, t.Href, t.Title, t.Wants, t.Child, t.Expected(), t.New(), t.State, t.Changed)
		if !t.Expected() && !t.New() && !reminded[i] || r.Alerted(t.Href) && t.Wants == "" {
			continue
		}
		if t.Expected() || t.New() {
			all[keyOf(t)] = true
			for _, k := range kids {
				if t.Of(k.ID) {
					waiting[k.ID]++
				}
			}
		}
		if only != 0 && !t.Of(only) {
			continue
		}
		line := ui.FeedLine{
			Href: t.Href, Title: t.Title, Lang: t.Lang, Detail: i18n.Dots(t.From, r.Printer.Moment(t.Last(), r.Tx.Now)), Icon: t.Icon, Wants: t.Wants, New: t.New(),
			State: ui.Tag{Label: t.State, Kind: ui.Info},
		}
		for _, k := range kids {
			if t.Of(k.ID) {
				line.Children = append(line.Children, k.tag())
			}
		}
		if reminded[i] {
			soon := line
			soon.Wants = r.Printer.Day(t.On, r.Tx.Now)
			v.Soon = withLine(v.Soon, soon, kids)
		}
		switch {
		case t.Expected():
			v.Expected = withLine(v.Expected, line, kids)
		case t.New() && !reminded[i]:
			v.New = withLine(v.New, line, kids)
		}
	}
	if len(kids) < 2 {
		return v, nil
	}
	v.Filters = ui.Filters{Label: r.Say("portal.feed-of"), Items: []ui.Filter{{Href: "/", Label: r.Say("portal.feed-all"), Count: len(all), Current: only == 0}}}
	for _, k := range kids {
		v.Filters.Items = append(v.Filters.Items, ui.Filter{
			Href: "/?child=" + k.ID.String(), Label: k.First, Picture: k.Picture, Accent: k.Accent, Count: waiting[k.ID], Current: only == k.ID,
		})
	}
	return v, nil
}
