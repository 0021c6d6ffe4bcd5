package portal_test

import (
	"net/http"
	"net/netip"
	"testing"
	"time"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/school"
	"preau/directory"
	"preau/test/house"
)

// What a replacement did is marked, whoever wrote it down, and reads so.
func TestWhatAReplacementDidIsMarked(t *testing.T) {
	h := open(t)
	teacher, pupil := h.plainTeacher(), h.pupil(school.CM2)
	at := h.One(`SELECT school_id FROM directory_enrolment WHERE person_id = $1`, pupil)
	var pass school.ID
	h.Write(func(tx *db.Tx) (err error) {
		pass, err = directory.Appoint(tx, directory.Appointment{
			First: "Solène", Usual: "Temps", Structure: at, Template: "replacement", Reason: "stage", Until: time.Date(2026, 11, 1, 0, 0, 0, 0, school.Paris),
		})
		return err
	})
	as := h.as(pupil, school.Pupil)
	codeBy := func(by school.ID) {
		h.Later(time.Minute)
		h.Write(func(tx *db.Tx) error {
			_, err := h.Accounts.IssueCode(tx, pupil, audit.By{Actor: by, Request: "test"}, account.SlipLife)
			return err
		})
	}
	marked := func(by school.ID) int {
		return len(h.texts(`SELECT detail FROM audit_entry WHERE actor_id = $1 AND detail LIKE '%"under":"replacement"%'`, by))
	}
	codeBy(teacher)
	if n := marked(teacher); n != 0 {
		t.Errorf("%d acts of a teacher are a replacement's", n)
	}
	h.get("/me/journal", as).Lacks(http.StatusOK, "remplaçant")
	codeBy(pass)
	if n := marked(pass); n != 1 {
		t.Errorf("%d acts are a replacement's", n)
	}
	h.get("/me/journal", as).Wants(http.StatusOK, "un enseignant remplaçant, du ", " au 31\u00a0octobre 2026", "un enseignant de l’école")
}

// What nobody signed in did is said to be a visitor's, or the program's own.
func TestWhoDidWhatNobodySignedInDid(t *testing.T) {
	h := open(t)
	pupil := h.pupil(school.CM2)
	h.as(pupil, school.Pupil)
	login := h.Login(pupil)
	const visitor = "une personne non connectée"
	signIn := func(address, password string) error {
		_, err := h.Accounts.SignIn(t.Context(), login, password, account.Origin{IP: netip.MustParseAddr(address), Agent: "Robot", Request: "x"})
		return err
	}
	for _, address := range []string{"198.51.100.1", "203.0.113.1", "92.184.1.1", "2001:db8::1"} {
		_ = signIn(address, house.Password) // the last one freezes the account
	}
	h.Write(func(tx *db.Tx) error { return h.Accounts.Verify(tx, pupil, audit.By{Actor: h.head(), Request: "test"}) })
	as := h.as(pupil, school.Pupil)
	frozen := h.get("/me/journal", as)
	frozen.Lacks(http.StatusOK, visitor)
	frozen.Wants(http.StatusOK, "Compte mis en sécurité par Préau</td>", ">Préau</td>")
	for range 30 {
		_ = signIn("198.51.100.7", "pas le bon mot de passe")
	}
	h.get("/me/journal", as).Wants(http.StatusOK, visitor)
}
