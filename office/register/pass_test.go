package register_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"preau/core/db"
	"preau/core/school"
)

// A replacement holds classes for some days, with a sheet that says how to come
// in, and nothing after the last one.
func TestAReplacementHoldsAClass(t *testing.T) {
	onBoth(t, func(h *office) {
		at := h.near[0]
		classes := h.Classes(at)
		head := h.enter(h.Head(at), school.Head)
		path := "/register/school/" + at.String() + "/pass"
		form := func(name string, days int, more ...string) url.Values {
			v := url.Values{"civility": {"Mme"}, "first": {"Solène"}, "name": {name}, "reason": {"Remplacement"}}
			if days >= 0 {
				v.Set("until", h.DB.Now().In(school.Paris).AddDate(0, 0, days).Format(time.DateOnly))
			}
			v["class"] = more
			return v
		}
		mine := classes[0].ID.String()
		for name, wrong := range map[string]url.Values{
			"no class":             form("TEMPS", 1),
			"a class of elsewhere": form("TEMPS", 1, h.Classes(h.far[0])[0].ID.String()),
			"no name":              form("", 1, mine),
			"five weeks":           form("TEMPS", 35, mine),
		} {
			if got := head.Post(path, wrong); got.StatusCode != http.StatusUnprocessableEntity {
				h.T.Errorf("%s: %d", name, got.StatusCode)
			}
		}
		if h.One(`SELECT count(*) FROM directory_function WHERE code = 'replacement'`) != 0 {
			h.T.Fatal("a refused pass appointed somebody")
		}
		h.enter(h.Teachers(at)[0], school.Teacher).Post(path, form("TEMPS", 1, mine)).Wants(http.StatusNotFound)

		got := head.Post(path, form("TEMPS", 2, mine, classes[1].ID.String()))
		got.Wants(http.StatusOK)
		if got.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(got.Body, "%PDF") {
			h.T.Errorf("a pass is %s", got.Header.Get("Content-Type"))
		}
		who := h.appointed("TEMPS")
		v := h.enter(who, school.Teacher)
		for _, class := range classes[:2] {
			v.Get("/register/class/"+class.ID.String()).Wants(http.StatusOK, h.Pupils(class.ID)[0].Usual)
		}
		v.Get("/register/class/" + classes[2].ID.String()).Wants(http.StatusNotFound)
		h.Later(3 * 24 * time.Hour)
		var hats []school.Profile
		h.Read(func(tx *db.Tx) (err error) {
			hats, err = h.Accounts.Hats(tx, who)
			return err
		})
		if !slices.Equal(hats, []school.Profile{school.Departed}) {
			h.T.Errorf("after the last day one is still %v", hats)
		}
	})
}
