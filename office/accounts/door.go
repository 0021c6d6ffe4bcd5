package accounts

import (
	"context"
	"maps"
	"slices"
	"time"

	"preau/account"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// doorView is the door of a class: its poster, its tablets, and who of its
// pupils has pictures and a badge.
type doorView struct {
	place.Room
	Posters  []account.ClassDoor // the class's own, and that of whoever is there for a time
	Tablets  []account.ClassDoor
	Makers   map[school.ID]string
	Children []child
	Without  int             // children who have no pictures
	NoBadge  int             // children who have no badge
	Post     account.Warrant // by which the visitor makes a poster and tablets
	Teaches  bool            // as a teacher of the class, whose tablets end with that
	Form     web.Form
	Now      time.Time
}

// child is a pupil with their pictures and their badge.
type child struct {
	directory.InClass
	Mark    string            // that tells the child from a homonym
	Animal  ui.Pictogram      // that the child is known by at the door
	Since   time.Time         // of the pictures; zero: none
	Badge   account.ClassDoor // its ID is 0 when there is none
	Home    string            // the guardian who allows the badge from home
	Waits   bool              // after too many wrong tries
	Account account.State
}

// door shows the door of a class.
func (s *Service) door(r *web.Request) (web.Answer, error) {
	at, err := doorClass(r)
	if err != nil {
		return nil, err
	}
	if err := s.Accounts.LookAtClass(r, at.Class.ID, at.School.ID); err != nil {
		return nil, err
	}
	return s.doorAnswer(r, at, web.Form{})
}

func (s *Service) doorAnswer(r *web.Request, at place.Room, form web.Form) (web.Answer, error) {
	children, err := s.children(r, at.Class.ID)
	if err != nil {
		return nil, err
	}
	view, err := s.doorOf(r, at, children)
	if err != nil {
		return nil, err
	}
	view.Form = form
	return place.Page(at.School, web.Page{Title: r.Say("accounts.door"), Body: doorPage(view), Status: form.Status()}), nil
}

// doorOf reads the door of a class, which the visitor may open, for its children.
func (s *Service) doorOf(r *web.Request, at place.Room, children []child) (doorView, error) {
	view := doorView{Room: at, Makers: map[school.ID]string{}, Children: children, Teaches: r.Actor.Profile == school.Teacher, Now: r.Tx.Now}
	doors, err := account.ClassDoors(r.Tx, at.Class.ID)
	if err != nil {
		return view, err
	}
	if view.Post, err = madeBy(r, at); err != nil {
		return view, err
	}
	var makers []school.ID
	for _, door := range doors {
		makers = append(makers, door.By)
		if door.Tablet {
			view.Tablets = append(view.Tablets, door)
		} else {
			view.Posters = append(view.Posters, door)
		}
	}
	people, err := directory.SomeByID(r.Tx, makers...)
	if err != nil {
		return view, err
	}
	for _, one := range people {
		view.Makers[one.ID] = one.Formal()
	}
	for _, c := range children {
		if c.Since.IsZero() {
			view.Without++
		}
		if c.Badge.ID == 0 {
			view.NoBadge++
		}
	}
	return view, nil
}

// madeBy is by what the visitor makes the doors of a class: they end with it, when it has
// an end.
func madeBy(r *web.Request, at place.Room) (account.Warrant, error) {
	return account.ByPostIn(r.Tx, r.By(), r.Actor.Profile, at.School.ID, at.Class.ID)
}

// until is when the doors that the visitor makes end, with their post or with the school
// year; zero for a post without an end.
func (v doorView) until() time.Time {
	if last := school.YearOf(v.Now).End(); v.Post.Until.After(last) {
		return last
	}
	return v.Post.Until
}

// doorClass reads the class of the path: a group has no door, since its pupils
// are known by the animals of their class.
func doorClass(r *web.Request) (place.Room, error) {
	at, err := place.Class(r, openDoor)
	if err == nil && at.Class.Kind != directory.OrdinaryClass {
		err = fail.New(fail.NotFound, "%s is no class", at.Class.ID)
	}
	return at, err
}

// children reads the pupils of a class, with how they come in.
func (s *Service) children(r *web.Request, class school.ID) ([]child, error) {
	pupils, err := directory.PupilsIn(r.Tx, class)
	if err != nil {
		return nil, err
	}
	accounts, err := account.Of(r.Tx, directory.IDs(pupils)...)
	if err != nil {
		return nil, err
	}
	return s.childrenOf(r, class, pupils, accounts)
}

// childrenOf is [Service.children] for whoever has read the pupils and their accounts.
func (s *Service) childrenOf(r *web.Request, class school.ID, pupils []directory.InClass, accounts map[school.ID]account.Account) ([]child, error) {
	people := directory.IDs(pupils)
	since, err := account.Pictured(r.Tx, people...)
	if err != nil {
		return nil, err
	}
	waits, err := s.Accounts.Waiting(r.Tx, class, people...)
	if err != nil {
		return nil, err
	}
	badges, err := account.Badges(r.Tx, class)
	if err != nil {
		return nil, err
	}
	home, err := s.homes(r, people)
	if err != nil {
		return nil, err
	}
	marks, animals := directory.TellApart(r.Printer, pupils), place.Animals(pupils)
	children := make([]child, len(pupils))
	for i, pupil := range pupils {
		a, has := accounts[pupil.ID]
		children[i] = child{
			InClass: pupil, Mark: marks[pupil.ID], Animal: animals[pupil.ID], Since: since[pupil.ID], Badge: badges[pupil.ID], Home: home[pupil.ID],
			Waits: waits[pupil.ID], Account: account.StateOf(a, has),
		}
	}
	return children, nil
}

// homes names, for each of some children who may use their badge from home, the
// guardian who allows it.
func (s *Service) homes(r *web.Request, children []school.ID) (map[school.ID]string, error) {
	by, err := account.HomeAllowed(r.Tx, children...)
	if err != nil {
		return nil, err
	}
	guardians, err := directory.SomeByID(r.Tx, slices.Collect(maps.Values(by))...)
	names := map[school.ID]string{}
	for child, guardian := range by {
		for _, g := range guardians {
			if g.ID == guardian {
				names[child] = g.Formal()
			}
		}
	}
	return names, err
}

// hang makes a poster and prints it: the class's own, and no other opens anything any
// more, or that of whoever is there for a time, beside it.
func (s *Service) hang(r *web.Request) (web.Answer, error) {
	at, err := doorClass(r)
	if err != nil {
		return nil, err
	}
	poster, err := s.Accounts.HangPoster(r.Tx, at.Class.ID, at.School.ID, r.By())
	if err != nil {
		return nil, err
	}
	post, err := madeBy(r, at)
	if err != nil {
		return nil, err
	}
	foot := "accounts.poster-foot"
	if !post.Until.IsZero() {
		foot = "accounts.poster-foot-beside"
	}
	p, site := s.printing(r, at), r.Absolute("")
	return printed(r.Say("accounts.poster-file", at.Class.Label), func() ([]byte, error) { return p.poster(poster, site, foot) }), nil
}

// endDoorView is a way in that is about to end, for good: another must be made then.
type endDoorView struct {
	place.Room
	Door account.ClassDoor
	Kind string // tablet, badge or poster: the end of keys
	Of   string // whose badge, or the name of the tablet
}

// doorAt finds a way in of a class, a badge too.
func doorAt(r *web.Request, at place.Room, id school.ID) (v endDoorView, err error) {
	v = endDoorView{Room: at, Kind: "poster"}
	doors, err := account.ClassDoors(r.Tx, at.Class.ID)
	if err != nil {
		return v, err
	}
	badges, err := account.Badges(r.Tx, at.Class.ID)
	if err != nil {
		return v, err
	}
	for _, door := range slices.Concat(doors, slices.Collect(maps.Values(badges))) {
		if door.ID != id {
			continue
		}
		v.Door = door
		switch {
		case door.Tablet:
			v.Kind, v.Of = "tablet", door.Name
		case door.Child != 0:
			who, err := directory.Get(r.Tx, door.Child)
			v.Kind, v.Of = "badge", who.Name()
			return v, err
		}
		return v, nil
	}
	return v, fail.New(fail.NotFound, "%s is no way into %s", id, at.Class.ID)
}

// endDoor takes the poster down, or revokes a tablet or a badge, once the visitor has
// read what will not open any more.
func (s *Service) endDoor(r *web.Request) (web.Answer, error) {
	at, err := doorClass(r)
	if err != nil {
		return nil, err
	}
	id, err := r.PathID("door")
	if err != nil {
		return nil, err
	}
	v, err := doorAt(r, at, id)
	if err != nil {
		return nil, err
	}
	if !r.Confirmed() {
		key := "accounts.end-" + v.Kind
		return place.Page(at.School, web.Page{Title: r.Say(key), Body: ui.Ask(ui.AskView{
			Title: r.Say(key), Lead: i18n.Dots(v.Class.Label, v.Of),
			Crumb: crumbs(r.Context(), ui.Link{Href: classPath(v.Class.ID), Label: v.Class.Label}, ui.Link{Href: doorPath(v.Class.ID), Label: r.Say("accounts.door")}),
			What:  []string{r.Say(key + "-what"), r.Say(key + "-again")}, Action: doorPath(v.Class.ID) + "/" + id.String() + "/end",
			Back: doorPath(v.Class.ID), Button: r.Say(key + "-button"), Cancel: r.Say("accounts.cancel"),
		})}), nil
	}
	if err := s.Accounts.EndDoor(r.Tx, at.Class.ID, id, at.School.ID, r.By()); err != nil {
		return nil, err
	}
	return web.Redirect{To: doorPath(at.Class.ID), Notice: "accounts.door-ended"}, nil
}

// maxTabletName is how long the name of a tablet may be.
const maxTabletName = 40

// enrol makes the device in the visitor's hands a tablet of the class, and
// leaves it there: the visitor is signed out, and the class is at its door.
func (s *Service) enrol(r *web.Request) (web.Answer, error) {
	at, err := doorClass(r)
	if err != nil {
		return nil, err
	}
	name, err := r.Text("name", maxTabletName)
	if err == nil && name == "" {
		err = fail.New(fail.Invalid, "a tablet without a name").Say("accounts.tablet-no-name").At("name")
	}
	if form, again := r.Again(err); again {
		return s.doorAnswer(r, at, form)
	}
	if err != nil {
		return nil, err
	}
	session, err := s.Accounts.Resolve(r.Tx, r.Token())
	if err != nil {
		return nil, err
	}
	if session.May != nil { // its provider stays open in the browser, and would let a child in as the teacher
		return nil, fail.New(fail.Conflict, "the session was opened by a provider").Say("accounts.tablet-password")
	}
	tablet, err := s.Accounts.EnrolTablet(r.Tx, at.Class.ID, at.School.ID, r.By(), name)
	if err != nil {
		return nil, err
	}
	if err := s.Accounts.SignOut(r.Tx, r.Token(), account.OriginOf(r)); err != nil {
		return nil, err
	}
	r.ClearSession()
	r.EmptyDevice()
	r.SetClassDoor(tablet.Token, tablet.Expires.Sub(r.Tx.Now))
	return web.Redirect{To: "/class"}, nil
}

// fromClass is what the form of unblock says on the page of the class.
const fromClass = "class"

// unblock lets a child try again who was wrong too often, and leads back to where it
// was asked.
func (s *Service) unblock(r *web.Request) (web.Answer, error) {
	at, who, err := s.childOfPath(r)
	if err != nil {
		return nil, err
	}
	if err := s.Accounts.Unblock(r.Tx, at.Class.ID, who.ID, at.School.ID, r.By()); err != nil {
		return nil, err
	}
	next := web.Redirect{To: doorPath(at.Class.ID), Notice: "accounts.unblocked"}
	if r.PostFormValue("from") == fromClass {
		next.To = classPath(at.Class.ID)
	}
	return next, nil
}

// childOfPath finds a pupil of the class of the path.
func (s *Service) childOfPath(r *web.Request) (place.Room, child, error) {
	at, err := doorClass(r)
	if err != nil {
		return at, child{}, err
	}
	id, err := r.PathID("person")
	if err != nil {
		return at, child{}, err
	}
	children, err := s.children(r, at.Class.ID)
	if err != nil {
		return at, child{}, err
	}
	i := slices.IndexFunc(children, func(c child) bool { return c.ID == id })
	if i < 0 {
		return at, child{}, fail.New(fail.NotFound, "%s is no pupil of class %s", id, at.Class.ID)
	}
	return at, children[i], nil
}

func doorPath(class school.ID) string { return classPath(class) + "/door" }

// path is the address of the pictures of a child.
func (c child) path() string { return classPath(c.Class) + "/person/" + c.ID.String() + "/pictures" }

// badgePath is where the badge of a child is printed.
func (c child) badgePath() string { return classPath(c.Class) + "/person/" + c.ID.String() + "/badge" }

// mayEnter tells whether the child has an account that is open.
func (c child) mayEnter() bool { return c.Account == account.ToActivate || c.Account == account.Active }

// about tells a child from a homonym.
func (c child) about(ctx context.Context) string {
	return i18n.Dots(c.Name(), animalName(ctx, c.Animal))
}
