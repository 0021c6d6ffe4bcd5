//go:build !race

package app

import (
	"net/http"
	"testing"

	"preau/core/db/dbtest"
)

// Wrong passwords are told to wait, one after the other; the device that has the right one is let in meanwhile.
func TestWrongPasswordsOfDrivesWait(t *testing.T) {
	m := mount(t, dbtest.SQLite(t))
	last := 0
	for n := 0; n < 40 && last != http.StatusTooManyRequests; n++ {
		var header http.Header
		last, _, header = m.davAs(m.login, "2222-2222-2222-2222-2222-2222", "PROPFIND", "/dav/", "", "Depth", "0")
		if last == http.StatusTooManyRequests && header.Get("Retry-After") == "" {
			t.Errorf("how long to wait is not said: %v", header)
		}
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the fortieth wrong password is answered %d", last)
	}
	if status, said, _ := m.dav("PROPFIND", "/dav/", "", "Depth", "0"); status != http.StatusMultiStatus {
		t.Errorf("the device itself: %d %s", status, said)
	}
}
