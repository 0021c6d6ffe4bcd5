package accounts

import (
	"strconv"
	"time"

	"preau/account"
	"preau/core/fail"
	"preau/core/school"
	"preau/core/ui"
	"preau/core/web"
	"preau/directory/place"
)

// picturesView is a child who gets pictures, or has just got them.
type picturesView struct {
	place.Room
	Child child
	Given []ui.Pictogram // just now; none when the visitor is asked first
	Again bool           // what was sent had been sent already, or others were given since
	Form  web.Form
	Now   time.Time
}

// askPictures lets the visitor draw a child's pictures, or choose them with the
// child.
func (s *Service) askPictures(r *web.Request) (web.Answer, error) {
	at, who, err := s.childOfPath(r)
	if err != nil {
		return nil, err
	}
	if err := s.Accounts.Look(r, who.ID, at.School.ID); err != nil {
		return nil, err
	}
	return picturesAnswer(r, picturesView{Room: at, Child: who, Now: r.Tx.Now}), nil
}

func picturesAnswer(r *web.Request, v picturesView) web.Page {
	return place.Page(v.School, web.Page{Title: r.Say("accounts.pictures-of", v.Child.Name()), Body: picturesPage(v), Status: v.Form.Status()})
}

// givePictures gives a child the pictures that were chosen, or drawn, and shows
// them, this once: a page that is sent again, or that had not seen those which the child
// has, is asked first.
func (s *Service) givePictures(r *web.Request) (web.Answer, error) {
	var at place.Room
	var who child
	err := r.Read(func() (err error) {
		at, who, err = s.childOfPath(r)
		return err
	})
	if err != nil {
		return nil, err
	}
	if r.PostFormValue(seenField) != who.stamp() {
		return picturesAnswer(r, picturesView{Room: at, Child: who, Again: true, Now: s.Accounts.DB.Now()}), nil
	}
	given, err := chosenPictures(r)
	if err == nil {
		err = r.ActsOn(1)
	}
	if err == nil {
		err = s.Accounts.GivePictures(r.Context(), at.Class.ID, at.School.ID, r.By(), map[school.ID]account.Pictures{who.ID: given})
	}
	form, again := r.Again(err)
	if err != nil && !again {
		return nil, err
	}
	view := picturesView{Form: form, Now: s.Accounts.DB.Now()}
	if !again {
		view.Given = given[:]
	}
	err = r.Read(func() (err error) {
		view.Room, view.Child, err = s.childOfPath(r)
		return err
	})
	return picturesAnswer(r, view), err
}

// seenField is what a form that gives pictures says that it saw.
const seenField = "seen"

// stamp tells the pictures that a child has from those of another time.
func (c child) stamp() string {
	if c.Since.IsZero() {
		return ""
	}
	return strconv.FormatInt(c.Since.UnixMilli(), 10)
}

// seen is the field of it.
func (c child) seen() ui.Hidden { return ui.Hidden{Name: seenField, Value: c.stamp()} }

// chosenPictures reads the pictures of the form: all three, or none to have
// them drawn.
func chosenPictures(r *web.Request) (account.Pictures, error) {
	var named []string
	for _, field := range pictureFields {
		if value := r.PostFormValue(field); value != "" {
			named = append(named, value)
		}
	}
	if len(named) == 0 {
		return account.DrawPictures(), nil
	}
	chosen, ok := account.ParsePictures(named)
	if !ok {
		return chosen, fail.New(fail.Invalid, "not three pictures").Say("accounts.pictures-three").At(pictureFields[0])
	}
	if chosen.OneAlone() {
		return chosen, fail.New(fail.Invalid, "three times one picture").Say("accounts.pictures-same").At(pictureFields[2])
	}
	return chosen, nil
}

// pictureFields are the fields of the form where pictures are chosen.
var pictureFields = [account.PicturesEach]string{"first", "second", "third"}

// printPictures gives pictures to the children of the class who have none, or
// to all when the form asks for it, and prints them as small cards.
func (s *Service) printPictures(r *web.Request) (web.Answer, error) {
	again := r.PostFormValue("again") != ""
	var p printing
	var cards []card
	secrets := map[school.ID]account.Pictures{}
	err := r.Read(func() error {
		at, err := doorClass(r)
		if err != nil {
			return err
		}
		children, err := s.children(r, at.Class.ID)
		if err != nil {
			return err
		}
		p = s.printing(r, at)
		for _, one := range children {
			if (one.Since.IsZero() || again) && one.mayEnter() {
				secrets[one.ID] = account.DrawPictures()
				cards = append(cards, card{one, secrets[one.ID]})
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(cards) == 0 {
		return web.Redirect{To: doorPath(p.Class.ID), Notice: "accounts.no-cards", Info: true}, nil
	}
	if err := r.ActsOn(len(cards)); err != nil {
		return nil, err
	}
	if err := s.Accounts.GivePictures(r.Context(), p.Class.ID, p.School.ID, r.By(), secrets); err != nil {
		return nil, err
	}
	return printed(r.Say("accounts.cards-file", p.Class.Label), func() ([]byte, error) { return p.cards(cards, s.Accounts.DB.Now()) }), nil
}
