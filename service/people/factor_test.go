package people_test

import (
	"net/http"
	"net/url"
	"testing"

	"preau/core/school"
	"preau/test/house"
)

// A list leaves in a file for whoever proved lately who they are: a session that was
// left open does not let it out, and nothing is journalled.
func TestAFileAsksForAProof(t *testing.T) {
	onBoth(t, func(h *town) {
		at := h.near[0]
		class := h.Classes(at)[0].ID
		page := "/people/class/" + class.String()
		alone := h.Enter(h.Head(at), school.Head).Tired() // with a password and no more
		alone.Get(page + "/list.csv").Wants(http.StatusSeeOther)
		opened, err := h.Accounts.ProvePassword(h.T.Context(), alone.Token, house.Password, house.From)
		if err != nil {
			h.T.Fatal(err)
		}
		alone.Token = opened.Token
		alone.Get(page + "/list.csv").Wants(http.StatusOK)
		v, secret := h.Enter(h.Head(at), school.Head).Protect()
		v.Get(page + "/list.csv").Wants(http.StatusOK)
		v = v.Tired()
		v.Get(page).Wants(http.StatusOK)
		straight := v.Get(page + "/list.csv")
		straight.Wants(http.StatusSeeOther)
		if to := straight.Header.Get("Location"); to != "/second?next="+url.QueryEscape(page+"/list.csv") {
			h.T.Errorf("led to %q", to)
		}
		r, err := http.NewRequestWithContext(h.T.Context(), http.MethodGet, h.URL+page+"/list.csv", nil)
		if err != nil {
			h.T.Fatal(err)
		}
		r.Header.Set("Referer", h.URL+page)
		if to := v.Do(r).Header.Get("Location"); to != "/second?next="+url.QueryEscape(page) {
			h.T.Errorf("from the list, led to %q", to)
		}
		if n := h.One(`SELECT count(*) FROM audit_entry WHERE action = 'people.export-class'`); n != 2 {
			h.T.Errorf("%d lists left", n)
		}
		h.Enter(h.Head(h.far[0]), school.Head).Get(page + "/list.csv").Wants(http.StatusNotFound)
		v = v.Prove(secret)
		v.Get(page + "/list.csv").Wants(http.StatusOK)

		// A page of another site may have it taken again and again.
		if r, err = http.NewRequestWithContext(h.T.Context(), http.MethodGet, h.URL+page+"/list.csv", nil); err != nil {
			h.T.Fatal(err)
		}
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		v.Do(r).Wants(http.StatusForbidden)
	})
}
