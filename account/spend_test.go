package account

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"preau/core/fail"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
)

// What is owed counts as what is sent, though there is no room for it and whoever owes it has left: an
// hour later there is room again only for what was beyond that hour. Others are not concerned.
func TestBytesThatAreOwed(t *testing.T) {
	each(t, func(h house) {
		sender := func(person school.ID) *web.Request {
			return &web.Request{Visitor: web.Visitor{Actor: rights.Actor{Person: person, Profile: school.Guardian}}, Request: httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil)}
		}
		mine, left := sender(claude), sender(claude)
		gone, leave := context.WithCancel(t.Context())
		leave()
		left.Request = left.WithContext(gone)
		for _, err := range []error{h.Spends(mine, 140<<20), h.Owes(left, 160<<20), h.Owes(mine, 1), h.Spends(sender(zoe), 1)} {
			if err != nil {
				t.Fatal(err)
			}
		}
		wants(t, "while much is owed", h.Spends(mine, 1), fail.TooMany)
		h.at(h.now().Add(time.Hour))
		wants(t, "an hour later", h.Spends(mine, 1<<20), fail.TooMany)
		h.at(h.now().Add(time.Hour))
		if err := h.Spends(mine, 140<<20); err != nil {
			t.Errorf("two hours later: %v", err)
		}
	})
}
