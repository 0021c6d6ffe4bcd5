package liaison_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/school"
	"preau/directory"
)

// Once both parents agree, the reminder of the day goes to whoever has the child; the word, and
// the answer that is awaited, go to both. Nobody else enters anything.
func TestTheReminderOfTheDayFollowsTheWeeks(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		teacher, mother, father := h.Enter(f.teacher, school.Teacher), h.Enter(f.mother, school.Guardian), h.Enter(f.father, school.Guardian)
		tomorrow := h.DB.Now().In(school.Paris).AddDate(0, 0, 1)
		form := outing(f.class)
		form.Set("on", tomorrow.Format(time.DateOnly))
		publish(teacher, f.class, form)
		const soon = "Aujourd’hui et demain"
		mother.Get("/").Wants(http.StatusOK, soon)
		father.Get("/").Wants(http.StatusOK, soon)

		path := "/me/custody/" + f.pupil.String()
		h.Enter(h.outsider(), school.Guardian).Post(path, url.Values{"even": {"me"}, "turn": {"1"}}).Wants(http.StatusNotFound)
		teacher.Post(path, url.Values{"even": {"me"}, "turn": {"1"}}).Wants(http.StatusNotFound)
		mother.Post(path, url.Values{"even": {"me"}, "turn": {"9"}}).Wants(http.StatusNotFound)

		mother.Post(path, url.Values{"even": {"me"}, "turn": {"1"}}).Wants(http.StatusSeeOther)
		mother.Get("/").Wants(http.StatusOK, soon)
		father.Get("/").Wants(http.StatusOK, soon, "À accepter")
		page := father.Get("/me/custody")
		page.Wants(http.StatusOK, "L’autre parent propose")
		page.Lacks(http.StatusOK, h.Who(f.mother).Usual+" ")
		father.Post(path, url.Values{"even": {"other"}, "turn": {"1"}}).Wants(http.StatusSeeOther)

		with, without := mother, father
		if (directory.Custody{Even: f.mother, Odd: f.father, Turn: time.Monday}).With(tomorrow) == f.father {
			with, without = father, mother
		}
		with.Get("/").Wants(http.StatusOK, soon, "Sortie au musée")
		rest := without.Get("/")
		rest.Lacks(http.StatusOK, soon)
		rest.Wants(http.StatusOK, "Sortie au musée", "Répondre oui ou non")

		without.Post(path+"/end", nil).Wants(http.StatusSeeOther)
		without.Get("/").Wants(http.StatusOK, soon)
	})
}

// What a guardian is of no more is not followed, and a head's word holds at once.
func TestCustodyIsOfTwoGuardians(t *testing.T) {
	onBoth(t, func(h *town) {
		f := h.two()
		enter := func(even, odd school.ID) (c directory.Custody, err error) {
			h.Write(func(tx *db.Tx) error {
				c, err = directory.EnterCustody(tx, directory.Custody{Pupil: f.pupil, Even: even, Odd: odd, AskedBy: f.teacher}, true)
				return nil
			})
			return c, err
		}
		for _, wrong := range [][2]school.ID{{f.mother, f.mother}, {f.mother, h.outsider()}, {f.teacher, f.father}} {
			if _, err := enter(wrong[0], wrong[1]); err == nil {
				t.Errorf("%v are taken", wrong)
			}
		}
		if c, err := enter(f.mother, f.father); err != nil || c.Agreed.IsZero() {
			t.Fatalf("a head's word: %+v, %v", c, err)
		}
		known := func() (n int) {
			h.Read(func(tx *db.Tx) error {
				all, err := directory.Custodies(tx, f.pupil)
				n = len(all)
				return err
			})
			return n
		}
		if known() != 1 {
			t.Error("it is not known")
		}
		h.restrict(f, directory.Restriction{NoAccess: true})
		if known() != 0 {
			t.Error("it is known of who has no access")
		}
	})
}
