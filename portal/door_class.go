package portal

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"preau/account"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory"
	"preau/directory/place"
)

// classPath is the door of a class: the class is the one that the browser
// keeps the way into.
const classPath = "/class"

// typingPath is where one types a code.
const typingPath = classPath + "/code"

// behind is what there is behind the door of a class.
type behind struct {
	School directory.Structure
	Peers  []ui.Peer // the pupils who have pictures; behind a badge, its child
	Faces  map[school.ID]ui.Peer
}

// classDoor shows the pupils of the class that the browser keeps the way into,
// or asks for the code of a poster. Nobody needs to read there.
func (p *Portal) classDoor(r *web.Request) (web.Answer, error) {
	at, err := p.behind(r)
	switch {
	case fail.Is(err, fail.Forbidden):
		return p.closedClass(r, err)
	case fail.Is(err, fail.NotFound):
		if r.ClassDoor() != "" {
			r.DropClassDoor()
		}
		return p.scanning(r, ""), nil
	case err != nil:
		return nil, err
	}
	return classAnswer(r, at.School, web.Page{Title: r.Say("portal.class-door"), Body: crowdPage(at)}), nil
}

// typing is where one types the code that is printed on a badge or a poster, for
// whoever has no camera: at any hour, since a badge may be for home.
func (p *Portal) typing(r *web.Request) (web.Answer, error) { return p.scanning(r, ""), nil }

// scan takes the code of a poster or of a badge. On a tablet of the class the badge
// of a child opens their session; elsewhere it leads to the pad of the child.
func (p *Portal) scan(r *web.Request) (web.Answer, error) {
	scanned, err := p.Accounts.Scan(r.Context(), r.PostFormValue("code"), r.ClassDoor(), account.OriginOf(r))
	switch {
	case fail.Is(err, fail.Invalid) && r.PostFormValue(byCamera) != "":
		body := signPage(ui.Sign{Picture: ui.PictureTeacher, Text: r.Say("portal.class-no-badge")}, "")
		page := web.Page{Title: r.Say("portal.class-door"), Body: body, Status: http.StatusUnprocessableEntity}
		return classAnswer(r, directory.Structure{}, page), nil
	case fail.Is(err, fail.Invalid):
		return p.scanning(r, said(r, err)), nil
	case fail.Is(err, fail.Forbidden):
		return p.closedClass(r, err)
	case err != nil:
		return nil, err
	}
	if scanned.Opened.Token != "" {
		return p.letIn(r, scanned.Opened, web.Redirect{To: "/"})
	}
	if scanned.Token != "" {
		r.SetClassDoor(scanned.Token, scanned.Life)
	}
	if scanned.Child != 0 {
		return web.Redirect{To: padPath(scanned.Child)}, nil
	}
	return web.Redirect{To: classPath}, nil
}

// byCamera is the field of a form that nobody sees, in which a script sends the
// code that a camera read: what is wrong with it is told to a child.
const byCamera = "camera"

func padPath(child school.ID) string { return classPath + "/" + child.String() }

// scanning asks an adult for the code of a poster or a badge, which a camera sends by
// itself.
func (p *Portal) scanning(r *web.Request, wrong string) web.Answer {
	page := web.Page{Title: r.Say("portal.class-door"), Body: scanPage(wrong), Doorway: true}
	if wrong != "" {
		page.Status = http.StatusUnprocessableEntity
	}
	return page
}

// closedClass says that school is over, to whoever asks and whatever for, or that
// the door is not where it opens. A tablet of a class is told nothing of home, where it
// opens nothing, nor who typed no code to check it.
func (p *Portal) closedClass(r *web.Request, err error) (web.Answer, error) {
	sign, more := ui.Sign{Picture: "moon", Text: r.Say("portal.class-closed")}, said(r, err)
	tablet := false
	if r.ClassDoor() != "" {
		read := func() (err error) {
			tablet, err = p.Accounts.IsTablet(r.Tx, r.ClassDoor())
			return err
		}
		if r.Tx == nil {
			err2 := r.Read(read)
			if err2 != nil {
				return nil, err2
			}
		} else if err2 := read(); err2 != nil {
			return nil, err2
		}
	}
	switch {
	case errors.Is(err, account.ErrElsewhere):
		sign, more = ui.Sign{Picture: ui.PictureSchool, Text: more}, ""
	case tablet && r.Method == http.MethodGet:
		more = r.Say("portal.class-hours")
	case r.Method == http.MethodGet:
		more = r.Say("portal.class-hours") + " " + r.Say("portal.class-hours-home")
	}
	page := web.Page{Title: r.Say("portal.class-door"), Body: signPage(sign, more), Status: http.StatusForbidden}
	return classAnswer(r, directory.Structure{}, page), nil
}

// pad is where a child shows their pictures. Whoever is not behind the door is
// led back to it.
func (p *Portal) pad(r *web.Request) (web.Answer, error) {
	at, err := p.behind(r)
	if fail.Is(err, fail.NotFound) || fail.Is(err, fail.Forbidden) {
		return web.Redirect{To: classPath}, nil
	}
	if err != nil {
		return nil, err
	}
	child, err := r.PathID("pupil")
	if _, there := at.Faces[child]; err != nil || !there {
		return web.Redirect{To: classPath}, nil
	}
	return padAnswer(r, at, child, nil, nil), nil
}

// showPictures takes the pictures that a child touched: the next one is asked
// for until they are three, which open the child's session.
func (p *Portal) showPictures(r *web.Request) (web.Answer, error) {
	child, err := r.PathID("pupil")
	if err != nil {
		return web.Redirect{To: classPath}, nil
	}
	var at behind
	err = r.Read(func() (err error) {
		at, err = p.behind(r)
		return err
	})
	if fail.Is(err, fail.NotFound) || fail.Is(err, fail.Forbidden) {
		return web.Redirect{To: classPath}, nil
	}
	if err != nil {
		return nil, err
	}
	touched := r.PostForm["picture"]
	if len(touched) < account.PicturesEach {
		return padAnswer(r, at, child, drawn(touched), nil), nil
	}
	shown, ok := account.ParsePictures(touched)
	if !ok {
		return padAnswer(r, at, child, nil, nil), nil
	}
	opened, err := p.Accounts.EnterClass(r.Context(), r.ClassDoor(), child, shown, account.OriginOf(r))
	switch {
	case fail.Is(err, fail.NotFound), fail.Is(err, fail.Forbidden): // the door was shut meanwhile
		return web.Redirect{To: classPath}, nil
	case fail.Is(err, fail.Invalid), fail.Is(err, fail.TooMany), fail.Is(err, fail.Unavailable):
		return padAnswer(r, at, child, nil, err), nil
	case err != nil:
		return nil, err
	}
	return p.letIn(r, opened, web.Redirect{To: "/"})
}

// drawn are the pictures among some names.
func drawn(names []string) (pictures []ui.Pictogram) {
	for _, name := range names {
		if slices.Contains(ui.Secrets, ui.Pictogram(name)) {
			pictures = append(pictures, ui.Pictogram(name))
		}
	}
	return pictures
}

// behind reads the class whose way in the browser keeps. First names are shown
// on a tablet of the class, which a teacher enrolled; elsewhere an animal says
// nothing to whoever is not of the class. The errors are those of
// [account.Accounts.ClassDoor].
func (p *Portal) behind(r *web.Request) (behind, error) {
	door, err := p.Accounts.ClassDoor(r.Tx, r.ClassDoor(), account.OriginOf(r))
	if err != nil {
		return behind{}, err
	}
	classes, err := directory.ClassesByID(r.Tx, door.Class)
	if err != nil || len(classes) == 0 {
		return behind{}, err
	}
	at := behind{Faces: map[school.ID]ui.Peer{}}
	if at.School, err = directory.StructureByID(r.Tx, classes[0].School); err != nil {
		return behind{}, err
	}
	pupils, err := directory.PupilsIn(r.Tx, door.Class)
	if err != nil {
		return behind{}, err
	}
	pictured, err := account.Pictured(r.Tx, directory.IDs(pupils)...)
	if err != nil {
		return behind{}, err
	}
	animals, shared := place.Animals(pupils), map[ui.Pictogram]int{}
	for _, pupil := range pupils {
		shared[animals[pupil.ID]]++
	}
	for _, pupil := range pupils {
		if pictured[pupil.ID].IsZero() || door.Child != 0 && door.Child != pupil.ID {
			continue
		}
		peer := ui.Peer{Href: padPath(pupil.ID), Picture: animals[pupil.ID], Accent: accentOf(pupil.ID)}
		peer.Say = peer.Picture.Label(r.Context())
		if door.Tablet {
			peer.Name = directory.CalledIn(pupil, pupils)
			peer.Say = peer.Name
		} else if door.Child == 0 && shared[peer.Picture] > 1 {
			peer.Mark = initial(pupil.First)
		}
		at.Peers, at.Faces[pupil.ID] = append(at.Peers, peer), peer
	}
	return at, nil
}

// initial is the letter that tells two children apart who share an animal:
// where it has no name, a big class has more children than there are animals.
func initial(first string) string {
	for _, letter := range strings.ToUpper(first) {
		return string(letter)
	}
	return ""
}

// padAnswer shows the pad of a child, with the pictures touched so far and what
// was wrong with those before. A child who is not behind the door has a pad
// like any other: it opens nothing.
func padAnswer(r *web.Request, at behind, child school.ID, chosen []ui.Pictogram, wrong error) web.Answer {
	path := padPath(child)
	view := padView{
		Peer: at.Faces[child],
		Pad:  ui.Pad{Action: path, Pieces: ui.Secrets, Chosen: chosen, Of: account.PicturesEach, Restart: path},
	}
	page := web.Page{Title: r.Say("portal.class-pictures")}
	switch {
	case fail.Is(wrong, fail.TooMany):
		page.Status = http.StatusTooManyRequests
		page.Body = signPage(ui.Sign{Picture: ui.PictureTeacher, Text: r.Say("portal.class-ask")}, "")
		return classAnswer(r, at.School, page)
	case fail.Is(wrong, fail.Unavailable): // the try is not counted
		page.Status = http.StatusServiceUnavailable
		view.Wrong = ui.Sign{Picture: ui.PictureTeddy, Text: r.Say("portal.class-busy"), Small: true}
	case wrong != nil:
		page.Status = http.StatusUnprocessableEntity
		view.Wrong = ui.Sign{Picture: ui.PictureTeddy, Text: said(r, wrong), Small: true}
	}
	page.Body = padPage(view)
	return classAnswer(r, at.School, page)
}

// padView is the pad of a child.
type padView struct {
	Peer  ui.Peer
	Pad   ui.Pad
	Wrong ui.Sign
}

// classAnswer is a page for a child who does not read, nobody yet: whoever was
// in before on the same tablet is not shown on it.
func classAnswer(r *web.Request, at directory.Structure, page web.Page) web.Answer {
	r.Visitor = web.Visitor{Reader: ui.PreReader}
	page.Private, page.Home = true, classPath
	return place.Page(at, page)
}

// adultLink leads an adult past the door of a class, which the page of sign-in
// leads children to.
const adultLink = "/login?who=adult"

// toClass tells whether the page of sign-in is for a child of the class whose
// way in the browser keeps: a session ended, or the house was touched.
func toClass(r *web.Request) bool {
	return !r.SignedIn() && r.ClassDoor() != "" && r.URL.Query().Get("who") != "adult"
}
