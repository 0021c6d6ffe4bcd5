package web

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"preau/core/audience"
	"preau/core/db"
	"preau/core/i18n"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/search"
	"preau/core/ui"
)

// Service is a room: one tile of the portal, one folder, one URL prefix, one
// table prefix.
type Service interface {
	Room
	Card() Card           // its tile
	Rights() rights.Table // who holds what by default
}

// Lender is a room some of whose rights may be lent.
type Lender interface {
	Lends() map[rights.Function][]rights.Right
}

// Lend tells the matrix which rights the rooms lend.
func Lend(m *rights.Matrix, rooms ...Room) error {
	for _, room := range rooms {
		lender, ok := room.(Lender)
		if !ok {
			continue
		}
		for function, lent := range lender.Lends() {
			if err := m.Lend(function, lent...); err != nil {
				return err
			}
		}
	}
	return nil
}

// Teller is a service whose things reach people, by core/audience: it says what a feed
// or a mail shows of each.
type Teller interface {
	// Tell gives what is to be read of some news of the service, which somebody sees.
	// What is left out is not told.
	Tell(tx *db.Tx, to Addressee, news []audience.News) ([]Told, error)
}

// Addressee is whom something is told: a visitor, or somebody who is written to.
type Addressee struct {
	Person  school.ID
	Profile school.Profile    // the hat with which they are told it
	Held    audience.Holdings // with it
	Printer i18n.Printer
}

// Addressee is the visitor.
func (r *Request) Addressee() (Addressee, error) {
	held, err := r.Held()
	return Addressee{Person: r.Actor.Person, Profile: r.Actor.Profile, Held: held, Printer: r.Printer}, err
}

// Tell is everything that the rooms, by their names, say of what reaches somebody by what
// they hold with a hat, and of what passes; in the order in which they need it. What a room
// would say that is not there any more is left out.
func Tell(tx *db.Tx, rooms map[string]Teller, held audience.Holdings, to Addressee, passes func(audience.News) bool) ([]Told, error) {
	to.Held = held.As(to.Profile)
	news, err := to.Held.News(tx, to.Person)
	if err != nil {
		return nil, err
	}
	of := map[string][]audience.News{}
	for _, n := range news {
		if passes == nil || passes(n) {
			of[n.Room] = append(of[n.Room], n)
		}
	}
	var told []Told
	for room, news := range of {
		if teller, there := rooms[room]; there {
			lines, err := teller.Tell(tx, to, news)
			if err != nil {
				return nil, err
			}
			told = append(told, lines...)
		}
	}
	slices.SortFunc(told, func(a, b Told) int { return a.News.Compare(b.News) })
	return told, nil
}

// Told is one line of a feed.
type Told struct {
	audience.News // Expects is Nobody when, of this person, nothing is expected
	Icon          ui.Icon
	Title         string
	Lang          i18n.Lang // of the title, when somebody wrote it
	From          string    // who says it
	Wants         string    // what is expected, and until when: "À signer avant vendredi"
	Href          string
	On            time.Time // the day on which it takes place; zero: none
	// Changed is since when it says something else than it did first, or does not hold any more;
	// zero: it says what it said. Who was told of it is told again, once.
	Changed time.Time
	// State is what became of it since, in a word: "Modifié"; empty: nothing did, or Wants says it.
	State string
	// Children are those whom it reaches them for, where it is told once for several: its own
	// Child is 0 then.
	Children []school.ID
}

// Reaching is a thing that reaches somebody, once, whoever it reaches them for.
type Reaching struct {
	audience.News             // its Child is 0 where it reaches them for several
	Children      []school.ID // those several
}

// Once lists the things of some news, each once, in their order: for those that are told once
// and not for each child. Read for one child, a thing is read.
func Once(news []audience.News) (things []school.ID, of map[school.ID]Reaching) {
	of = map[school.ID]Reaching{}
	for _, n := range news {
		before, twice := of[n.Thing]
		if !twice {
			things, of[n.Thing] = append(things, n.Thing), Reaching{News: n}
			continue
		}
		if before.Children == nil {
			before.Children = []school.ID{before.Child}
		}
		before.Children = append(before.Children, n.Child)
		n.Child, n.Read = 0, n.Read || before.Read
		of[n.Thing] = Reaching{n, before.Children}
	}
	return things, of
}

// Of tells whether it reaches somebody for a child.
func (t Told) Of(child school.ID) bool { return t.Child == child || slices.Contains(t.Children, child) }

// Last is when it was told last: when it changed or, if it did not, when it was published.
func (t Told) Last() time.Time {
	if t.Changed.After(t.Published) {
		return t.Changed
	}
	return t.Published
}

// Finder is a service in which one finds things from the hall, by words.
type Finder interface {
	// Find looks for what the visitor may read: [MostFound] things at most, the
	// best first.
	Find(*Request, search.Query) (Findings, error)
}

// MostFound is how many things of one service the hall shows.
const MostFound = 5

// Findings are what was found in a service.
type Findings struct {
	Found []Found
	All   string // a page of the service that lists all of them; empty when there are no more
}

// Alerter is a service that tells people something at once, on every page.
type Alerter interface {
	// Alerts are those that the visitor has still to read. It is asked at each request, and
	// costs nothing while there is none.
	Alerts(*Request) ([]ui.Alert, error)
}

// Found is a thing that was found. What is not said is left empty.
type Found struct {
	Title string
	Text  string    // a line of it, or what it is
	Lang  i18n.Lang // of both, when somebody wrote them
	Who   string    // wrote it, or whom it is about
	When  string    // as people say it
	Href  string    // empty where nothing opens
	Icon  ui.Icon

	Children []ui.ChildTag // whom it concerns, where the room says so
}

// Awaiter is a service in which something waits for the visitor.
type Awaiter interface {
	// Awaits counts it, for the tile of the service.
	Awaits(*Request) (int, error)
}

// Opener is a service that is open to some of those whom its card is not for: a pupil, to
// whom a teacher opens it. They have its tile then.
type Opener interface {
	// Opens tells whether it is open to the pupil who visits, and how much is new there.
	Opens(*Request) (open bool, news int, err error)
}

// opening is how an [Opener] stands to a visitor.
type opening struct {
	open bool
	news int
}

// Opens tells whether a service, by its name, is open to the visitor, and how much is new
// there: it is asked once. Where nothing is read any more, none is that was not asked before.
func (r *Request) Opens(name string, room Opener) (open bool, news int, err error) {
	if was, asked := r.opened[name]; asked || r.Tx == nil {
		return was.open, was.news, nil
	}
	if open, news, err = room.Opens(r); err != nil {
		return false, 0, err
	}
	if r.opened == nil {
		r.opened = map[string]opening{}
	}
	r.opened[name] = opening{open, news}
	return open, news, nil
}

// Counted begins two keys of the catalogue, which may say numbers of the things of a service
// in its own words: of how many an answer is expected ("liaison.notify-expected"), and how
// many are new ("liaison.notify-new").
func Counted(service string) string { return service + ".notify" }

// Room is what has pages.
type Room interface {
	Mount(*Mux) // one line per route, with its right on the line
}

// Card is what the portal shows of a service.
type Card struct {
	Name      string                    // folder, URL prefix and table prefix: "liaison"
	Title     string                    // key of the catalogue
	Titles    map[school.Profile]string // a truer one, of some profiles; optional
	Icon      ui.Icon                   // for those who read
	Pictogram ui.Pictogram              // for those who do not read yet; empty when it is not for them
	For       []school.Profile          // whose home page has the tile
	Right     rights.Right              // of theirs, that one needs to have the tile; optional
	// Publishes are the rights by which something new is written for a school: nobody
	// holds them where the school shuts the service, or it is stopped in an emergency.
	// None: the service is always open.
	Publishes []rights.Right
	Rules     string  // the page where its heads say who writes to whom; optional
	Quick     []Quick // what one does most there, in one touch from the home page
}

// TitleFor is the key of what a profile calls the service.
func (c Card) TitleFor(profile school.Profile) string { return cmp.Or(c.Titles[profile], c.Title) }

// Quick is an act of a service that the home page leads to, for whoever holds its right.
type Quick struct {
	Title string // key of the catalogue
	Path  string
	Icon  ui.Icon
	Right rights.Right
}

var cardName = regexp.MustCompile(`^[a-z][a-z0-9-]*$`)

// check refuses a card that names what does not exist.
func (c Card) check(words *i18n.Catalogue) error {
	switch {
	case !cardName.MatchString(c.Name):
		return fmt.Errorf("web: %q cannot be the name of a service", c.Name)
	case !words.Has(c.Title):
		return fmt.Errorf("web: the title of %s, %q, is not in the catalogue", c.Name, c.Title)
	case words.Has(Counted(c.Name)+"-expected") != words.Has(Counted(c.Name)+"-new"):
		return fmt.Errorf("web: %s has words for some numbers of its things only, %s", c.Name, Counted(c.Name))
	case !c.Icon.Known():
		return fmt.Errorf("web: the icon of %s, %q, does not exist", c.Name, c.Icon)
	case c.Pictogram != "" && !c.Pictogram.Known():
		return fmt.Errorf("web: the pictogram of %s, %q, does not exist", c.Name, c.Pictogram)
	case len(c.For) == 0:
		return fmt.Errorf("web: %s is for nobody", c.Name)
	}
	for _, q := range c.Quick {
		if !words.Has(q.Title) || !q.Icon.Known() {
			return fmt.Errorf("web: %s leads to %s without words, or without an icon", c.Name, q.Path)
		}
	}
	for _, profile := range c.For {
		if !profile.Known() {
			return fmt.Errorf("web: %s is for %q, which is no profile", c.Name, profile)
		}
	}
	return nil
}

// checkRights refuses a right that is not named after its service, or that
// the matrix does not have.
func checkRights(name string, table rights.Table, matrix *rights.Matrix) error {
	for right := range table {
		if !strings.HasPrefix(string(right), name+".") {
			return fmt.Errorf("web: the right %s of %s is not named after it", right, name)
		}
		if !matrix.Declared(right) {
			return fmt.Errorf("web: the right %s of %s is not in the matrix", right, name)
		}
	}
	return nil
}
