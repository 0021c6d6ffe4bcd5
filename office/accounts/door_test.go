package accounts_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/fail"
	"preau/core/i18n"
	"preau/core/school"
	"preau/core/ui"
	"preau/directory/place"
	"preau/test/house"
)

// doorsOf reads the ways into a class.
func (h *office) doorsOf(class school.ID) (doors []account.ClassDoor) {
	h.T.Helper()
	h.Read(func(tx *db.Tx) (err error) {
		doors, err = account.ClassDoors(tx, class)
		return err
	})
	return doors
}

// opens tells whether a token opens a class.
func (h *office) opens(token string) bool {
	h.T.Helper()
	err := h.DB.Read(h.T.Context(), func(tx *db.Tx) error {
		_, err := h.Accounts.ClassDoor(tx, token, house.From)
		return err
	})
	if err != nil && !fail.Is(err, fail.NotFound) {
		h.T.Fatal(err)
	}
	return err == nil
}

// A teacher puts a class up: a tablet, a poster, cards; and takes each down.
func TestAClassIsPutUp(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		class, teacher := h.Classes(at)[0].ID, h.Teachers(at)[0]
		h.Attach(class, teacher)
		v := h.Enter(teacher, school.Teacher)
		door := "/accounts/class/" + class.String() + "/door"
		v.Get("/accounts/class/"+class.String()).Wants(http.StatusOK, door)
		v.Get(door).Wants(http.StatusOK, "Pas d’images", "Imprimer l’affiche")

		for range 2 { // the second poster ends the first
			poster := v.Post(door+"/poster", nil)
			poster.Wants(http.StatusOK, "%PDF-")
			if doors := h.doorsOf(class); len(doors) != 1 || doors[0].Tablet || doors[0].By != teacher {
				h.T.Errorf("the doors are %+v", doors)
			}
		}
		v.Get(door).Wants(http.StatusOK, "Affiche imprimée", "l’ancienne n’ouvre plus rien")
		v.Post(door+"/"+h.doorsOf(class)[0].ID.String()+"/end", nil).Wants(http.StatusOK, "Ne plus avoir d’affiche")
		v.Post(door+"/"+h.doorsOf(class)[0].ID.String()+"/end", url.Values{"confirm": {"1"}}).Wants(http.StatusSeeOther)
		v.Post(door+"/tablet", nil).Wants(http.StatusUnprocessableEntity, "Donnez un nom à la tablette")
		if doors := h.doorsOf(class); len(doors) != 0 {
			h.T.Errorf("the doors are %+v", doors)
		}

		cards := v.Post(door+"/pictures", nil)
		cards.Wants(http.StatusOK, "%PDF-")
		v.Get(door).Lacks(http.StatusOK, "Pas d’images")
		v.Post(door+"/pictures", nil).Wants(http.StatusSeeOther)
		if n := int(h.One(`SELECT count(*) FROM account_pictures`)); n != len(h.Pupils(class)) {
			h.T.Errorf("%d children have pictures", n)
		}

		// On the tablet itself: the teacher is out, and the class is at its door.
		enrolled := v.Post(door+"/tablet", url.Values{"name": {"Tablette bleue"}})
		enrolled.Wants(http.StatusSeeOther)
		token := ""
		for _, c := range enrolled.Cookies() {
			if c.Name == "preau-class" && c.HttpOnly {
				token = c.Value
			}
		}
		if to := enrolled.Header.Get("Location"); to != "/class" || !h.opens(token) {
			h.T.Errorf("the tablet is led to %s, and opens %v", to, h.opens(token))
		}
		v.Get(door).Wants(http.StatusSeeOther) // to the page of sign-in
		v = h.Enter(teacher, school.Teacher)
		v.Get(door).Wants(http.StatusOK, "Tablette bleue")
		tablet := h.doorsOf(class)[0].ID.String()
		other := h.Classes(at)[1].ID
		h.Attach(other, teacher)
		v.Post("/accounts/class/"+other.String()+"/door/"+tablet+"/end", nil).Wants(http.StatusNotFound)
		if !h.opens(token) {
			h.T.Error("a tablet is revoked through another class")
		}
		v.Post(door+"/"+tablet+"/end", nil).Wants(http.StatusOK, "Retirer cette tablette", "Tablette bleue")
		if !h.opens(token) {
			h.T.Error("a tablet is revoked before one has read what that does")
		}
		v.Post(door+"/"+tablet+"/end", url.Values{"confirm": {"1"}}).Wants(http.StatusSeeOther)
		v.Post(door+"/"+tablet+"/end", url.Values{"confirm": {"1"}}).Wants(http.StatusNotFound)
		if h.opens(token) {
			h.T.Error("a tablet that was revoked opens the class")
		}
	})
}

// A teacher reads which animal is whose, the same as at the door. In a class of
// maternelle that door comes first, and no activation is counted.
func TestTheAnimalsOfAClass(t *testing.T) {
	onBoth(t, func(h *office) {
		seen := map[bool]bool{}
		for _, at := range append(h.near, h.far...) {
			for _, class := range h.Classes(at) {
				pupils := h.Pupils(class.ID)
				small := true
				for _, pupil := range pupils {
					small = small && school.LevelOf(pupil.Level).Cycle() == 1
				}
				if len(pupils) == 0 || seen[small] {
					continue
				}
				seen[small] = true
				v := h.Enter(h.Head(at), school.Head)
				path := "/accounts/class/" + class.ID.String()
				v.Post(path+"/person/"+pupils[0].ID.String()+"/pictures", nil).Wants(http.StatusOK)
				page := v.Get(path)
				page.Wants(http.StatusOK)
				text := page.Main()
				animals := place.Animals(pupils)
				for _, list := range []string{text, v.Get(path + "/door").Main()} {
					for _, pupil := range pupils {
						name := h.Words.Say(i18n.French, "ui.picture-"+string(animals[pupil.ID]))
						before, after, _ := strings.Cut(list, pupil.Name()+"</")
						if !strings.Contains(before[max(0, len(before)-400):], "/"+string(animals[pupil.ID])) || !strings.Contains(after[:min(len(after), 400)], name) {
							h.T.Errorf("%s is not told to be %s", pupil.Name(), animals[pupil.ID])
						}
					}
				}
				letters, door := strings.Index(text, "Lettres"), strings.Index(text, "Imprimer l’affiche")
				if counts := strings.Contains(text, "Images données"); counts != small || small != (door >= 0 && door < letters) {
					h.T.Errorf("%s, of maternelle: %v; counts pictures: %v, the door is at %d, the letters at %d", class.Label, small, counts, door, letters)
				}
				if small {
					page.Wants(http.StatusOK, "1 enfant sur "+strconv.Itoa(len(pupils)), "0 enfant sur")
					page.Lacks(http.StatusOK, "Comptes activés", "Élèves")
				}
			}
		}
		if len(seen) != 2 {
			h.T.Errorf("there is no class of both: %v", seen)
		}
	})
}

// Pictures are drawn or chosen, shown once, and given to nobody but a pupil
// who is nothing else.
func TestPicturesAreGiven(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	class := h.Classes(at)[0].ID
	pupils := h.Pupils(class)
	v := h.Enter(h.Head(at), school.Head)
	path := func(person school.ID) string {
		return "/accounts/class/" + class.String() + "/person/" + person.String() + "/pictures"
	}
	zoe, staff := pupils[0].ID, pupils[1].ID
	h.Name(staff, school.Staff, at)
	h.Write(func(tx *db.Tx) (err error) {
		_, err = h.Accounts.EnrolTablet(tx, class, at, audit.By{Actor: v.Person, Request: "test"}, "bleue")
		return err
	})

	v.Get(path(zoe)).Wants(http.StatusOK, "Tirer trois images", "le soleil")
	for _, chosen := range []url.Values{{"first": {"sun"}}, {"first": {"sun"}, "second": {"moon"}, "third": {"cat"}}} {
		v.Post(path(zoe), chosen).Wants(http.StatusUnprocessableEntity, "Choisissez les trois images")
	}
	v.Post(path(zoe), url.Values{"first": {"sun"}, "second": {"sun"}, "third": {"sun"}}).Wants(http.StatusUnprocessableEntity, "Trois fois la même image")
	v.Post(path(staff), nil).Wants(http.StatusNotFound)
	v.Post(path(v.Person), nil).Wants(http.StatusNotFound)
	if h.One(`SELECT count(*) FROM account_pictures`) != 0 {
		t.Error("pictures were given")
	}
	if n := strings.Count(v.Post(path(zoe), nil).Main(), `class="picture"`); n != account.PicturesEach {
		t.Errorf("%d pictures are shown", n)
	}
	seen := h.Some(`SELECT set_at FROM account_pictures WHERE person_id = $1`, zoe)[0].String()
	v.Post(path(zoe), url.Values{"first": {"sun"}, "second": {"moon"}, "third": {"sun"}, "seen": {seen}}).Wants(http.StatusOK, "1. le soleil", "2. la lune", "3. le soleil")
	again := v.Get(path(zoe))
	if strings.Contains(again.Main(), "1. le soleil") {
		t.Error("pictures are shown again")
	}
	token := ""
	h.Write(func(tx *db.Tx) error {
		tablet, err := h.Accounts.EnrolTablet(tx, class, at, audit.By{Actor: v.Person, Request: "test"}, "rouge")
		token = tablet.Token
		return err
	})
	if _, err := h.Accounts.EnterClass(t.Context(), token, zoe, account.Pictures{"sun", "moon", "sun"}, house.From); err != nil {
		t.Errorf("the pictures that were chosen: %v", err)
	}
	for range 10 {
		_, _ = h.Accounts.EnterClass(t.Context(), token, zoe, account.Pictures{ui.Secrets[5], "moon", "sun"}, house.From)
	}
	v.Get("/accounts/class/"+class.String()+"/door").Wants(http.StatusOK, "Trop d’essais", "Laisser réessayer")
	for from, want := range map[string]string{"": "/door", "class": ""} {
		reply := v.Post(path(zoe)+"/unblock", url.Values{"from": {from}})
		reply.Wants(http.StatusSeeOther)
		if to := reply.Header.Get("Location"); to != "/accounts/class/"+class.String()+want {
			t.Errorf("asked on %q, one is led to %s", from, to)
		}
	}
	if _, err := h.Accounts.EnterClass(t.Context(), token, zoe, account.Pictures{"sun", "moon", "sun"}, house.From); err != nil {
		t.Errorf("once they may try again: %v", err)
	}
	for _, detail := range []string{"sun", "moon"} {
		if h.One(`SELECT count(*) FROM audit_entry WHERE detail LIKE $1`, "%"+detail+"%") != 0 {
			t.Errorf("the journal says %s", detail)
		}
	}
}

// A page of pictures that is sent again by whoever reloads it gives no others: it asks first.
func TestPicturesSentAgainAreAskedFirst(t *testing.T) {
	onBoth(t, func(h *office) {
		at, class := h.small()
		child := h.Pupils(class)[0]
		page := "/accounts/class/" + class.String() + "/person/" + child.ID.String() + "/pictures"
		v := h.Enter(h.Head(at), school.Head)
		v.Post(page, url.Values{"seen": {""}}).Wants(http.StatusOK, "elles ne s’affichent qu’une fois")
		since := func() []school.ID {
			return h.Some(`SELECT set_at FROM account_pictures WHERE person_id = $1`, child.ID)
		}
		before := since()
		h.Later(time.Minute)
		reply := v.Post(page, url.Values{"seen": {""}})
		reply.Wants(http.StatusOK, child.First+" a reçu trois images", `name="seen" value="`+before[0].String()+`"`)
		reply.Lacks(http.StatusOK, "elles ne s’affichent qu’une fois")
		if after := since(); after[0] != before[0] {
			h.T.Error("a page that is loaded again gives other pictures")
		}
		v.Post(page, url.Values{"seen": {before[0].String()}}).Wants(http.StatusOK, "elles ne s’affichent qu’une fois")
	})
}
