package register_test

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/school"
	"preau/directory"
	"preau/directory/feed"
	"preau/directory/onde"
	"preau/test/village"
)

// apart is a school that the deliveries of the house do not hold.
var apart = school.MakeUAI("0960409")

// extracted writes the two lists of the school that is apart.
func extracted(t *testing.T) (pupils, guardians []byte) {
	t.Helper()
	dir := t.TempDir()
	if _, err := village.WriteExtraction(dir, village.Options{Schools: 12, Seed: seed, Date: dbtest.Noon}, apart); err != nil {
		t.Fatal(err)
	}
	for folder, into := range map[string]*[]byte{"eleves": &pupils, "responsables": &guardians} {
		text, err := os.ReadFile(filepath.Join(dir, folder, "CSVExtraction.csv"))
		if err != nil {
			t.Fatal(err)
		}
		*into = text
	}
	return pupils, guardians
}

// extract feeds the school that is apart, and gives it.
func (h *office) extract(files ...[]byte) school.ID {
	h.T.Helper()
	var list []onde.File
	for _, content := range files {
		list = append(list, onde.File{Name: "CSVExtraction.csv", Content: content})
	}
	list, err := onde.Unpack(list...)
	if err != nil {
		h.T.Fatal(err)
	}
	if _, err := h.Feeder.FeedExtraction(h.T.Context(), list, feed.School{UAI: apart, Name: "École des Aulnes"}, feed.Options{}); err != nil {
		h.T.Fatal(err)
	}
	return h.StructureByRef("uai:" + string(apart)).ID
}

// drop sends files as the form of the page does.
func (v visitor) drop(path string, files ...[]byte) reply {
	v.T.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, content := range files {
		w, err := form.CreateFormFile("files", "CSVExtraction.csv")
		if err != nil {
			v.T.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			v.T.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		v.T.Fatal(err)
	}
	r, err := http.NewRequestWithContext(v.T.Context(), http.MethodPost, v.URL+path, &body)
	if err != nil {
		v.T.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	return v.Do(r)
}

var draftField = regexp.MustCompile(`name="draft" value="(\d+)"`)

// drafted is what a page asks to confirm.
func drafted(r reply) url.Values {
	r.T.Helper()
	found := draftField.FindStringSubmatch(r.Body)
	if found == nil {
		r.T.Fatalf("no draft in\n%.3000s", r.Body)
	}
	return url.Values{"draft": {found[1]}}
}

// without takes lines out of a list.
func without(list []byte, from, to int) []byte {
	lines := bytes.SplitAfter(list, []byte("\r\n"))
	return bytes.Join(append(append([][]byte{}, lines[:from]...), lines[to:]...), nil)
}

func TestAHeadDropsExtractions(t *testing.T) {
	pupils, guardians := extracted(t)
	onBoth(t, func(h *office) {
		at := h.extract(pupils, guardians)
		path := "/register/school/" + at.String() + "/onde"
		v := h.enter(h.Appoint("ada", school.Head, at), school.Head)
		other := h.enter(h.Appoint("ben", school.Head, at), school.Head)
		stranger := h.enter(h.Head(h.near[0]), school.Head)

		// Refusals: not their school, one that the AAF delivers, nothing, anything.
		stranger.Get(path).Wants(http.StatusNotFound)
		stranger.drop(path, pupils).Wants(http.StatusNotFound)
		covered := "/register/school/" + h.near[0].String() + "/onde"
		stranger.Get(covered).Wants(http.StatusConflict, "livrée par l’académie")
		stranger.drop(covered, pupils).Wants(http.StatusConflict, "livrée par l’académie")
		v.drop(path).Wants(http.StatusUnprocessableEntity, "Choisissez au moins un fichier.")
		v.drop(path, nil).Wants(http.StatusUnprocessableEntity, "Ce fichier est vide.")
		v.drop(path, []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")).Wants(http.StatusUnprocessableEntity, "Ce n’est pas un tableau CSV")
		v.drop(path, []byte("a;b\n1;2\n")).Wants(http.StatusUnprocessableEntity, "Aucun fichier ne contient la liste des élèves.")
		v.drop(path, guardians).Wants(http.StatusUnprocessableEntity, "Aucun fichier ne contient la liste des élèves.")
		v.drop(path, bytes.Repeat([]byte("a;b\n"), onde.MaxBytes/4)).Wants(http.StatusRequestEntityTooLarge)
		v.Post(path, url.Values{"x": {"1"}}).Wants(http.StatusUnprocessableEntity)
		v.Post(path+"/apply", url.Values{"draft": {"12"}}).Wants(http.StatusConflict, "Ces fichiers ne sont plus là")

		v.Get("/register/school/"+at.String()).Wants(http.StatusOK, "Élèves et responsables (ONDE)", "Dernier dépôt")
		v.Get(path).Wants(http.StatusOK, "Où les trouver")

		// Somebody leaves: the preview says who, and changes nothing.
		here := func() school.ID {
			return h.One(`SELECT count(*) FROM directory_enrolment WHERE school_id = $1 AND until_at IS NULL`, at)
		}
		before := here()
		h.tick()
		fewer := without(pupils, 1, 2)
		preview := v.drop(path, guardians, fewer)
		preview.Wants(http.StatusOK, "Aperçu du dépôt", "ne figure")
		if here() != before {
			h.T.Fatal("a preview changed the register")
		}
		draft := drafted(preview)
		other.Post(path+"/apply", draft).Wants(http.StatusConflict)
		v.Post(path+"/apply", draft).Wants(http.StatusSeeOther)
		if here() != before-1 {
			h.T.Errorf("%d pupils, of %d", here(), before)
		}
		if h.One(`SELECT count(*) FROM audit_entry WHERE action = 'register.import-onde' AND school_id = $1 AND actor_id = $2`, at, v.Person) != 1 {
			h.T.Error("no trace of who applied it")
		}
		if h.One(`SELECT count(*) FROM feed_draft`) != 0 {
			h.T.Error("the files are still there")
		}
		v.Post(path+"/apply", draft).Wants(http.StatusConflict, "Ces fichiers ne sont plus là")

		// What would do something else than what was shown is shown again.
		draft = drafted(v.drop(path, pupils, guardians))
		h.tick()
		h.extract(pupils, guardians)
		again := v.Post(path+"/apply", draft)
		again.Wants(http.StatusOK, "L’annuaire a changé depuis l’aperçu", "Appliquer")
		v.Post(path+"/apply", drafted(again)).Wants(http.StatusSeeOther)

		// A list that looks cut is refused, unless its head says that it is not.
		h.tick()
		h.Feeder.Caps = feed.DefaultCaps
		cut := without(pupils, 1, bytes.Count(pupils, []byte("\r\n"))-2)
		before = here()
		refused := v.drop(path, cut)
		refused.Wants(http.StatusUnprocessableEntity, "Trop de personnes partiraient à la fois")
		accepted := v.Post(path+"/accept", drafted(refused))
		accepted.Wants(http.StatusOK, "Aperçu du dépôt")
		if here() != before {
			h.T.Fatal("a preview changed the register")
		}
		v.Post(path+"/apply", drafted(accepted)).Wants(http.StatusSeeOther)
		if here() >= before {
			h.T.Error("nobody left")
		}
	})
}

// A preview names those whose address would change, an address being a way into an
// account. Those of the family of whoever drops the files do not change, by their hand.
func TestAPreviewShowsWhoseAddressChanges(t *testing.T) {
	pupils, guardians := extracted(t)
	onBoth(t, func(h *office) {
		at := h.extract(pupils, guardians)
		path := "/register/school/" + at.String() + "/onde"
		v := h.enter(h.Appoint("ada", school.Head, at), school.Head)
		v.drop(path, pupils, guardians).Wants(http.StatusOK, "Aucune adresse de courriel ne change")

		some := h.Some(`SELECT b.guardian_id FROM directory_bond b JOIN directory_person p ON p.id = b.guardian_id AND p.mail <> '' AND NOT p.organisation
			JOIN directory_enrolment e ON e.person_id = b.pupil_id AND e.school_id = $1
			WHERE NOT EXISTS (SELECT 1 FROM directory_person o WHERE o.mail = p.mail AND o.id <> p.id)
			GROUP BY b.guardian_id ORDER BY b.guardian_id`, at)
		ours, theirs := some[0], some[1]
		changed, class := guardians, ""
		for _, person := range []school.ID{ours, theirs} {
			var mail string
			h.Read(func(tx *db.Tx) error {
				p, err := directory.Persons.One(tx, "id = $1", person)
				if err != nil {
					return err
				}
				children, err := directory.ChildrenOf(tx, person)
				mail, class = p.Mail, children[0].ClassLabel
				return err
			})
			changed = bytes.ReplaceAll(changed, []byte(mail), []byte("x"+person.String()+"@exemple.fr"))
		}
		h.Write(func(tx *db.Tx) error { // the head's child is that of the first
			bonds, err := directory.Bonds.All(tx, "guardian_id = $1", ours)
			if err != nil {
				return err
			}
			return directory.Bonds.Insert(tx, directory.Bond{Pupil: bonds[0].Pupil, Guardian: v.Person, Link: "10", Authority: true, From: db.At(tx.Now)})
		})
		h.tick()
		page := v.drop(path, pupils, changed)
		const kept = "l’adresse reste celle d’avant"
		page.Wants(http.StatusOK, "1 adresse de courriel changerait", h.Who(theirs).Name(), class, kept)
		v.Post(path+"/apply", drafted(page)).Wants(http.StatusSeeOther)
		moved := func() string {
			return fmt.Sprint(h.Some(`SELECT id FROM directory_person WHERE mail LIKE 'x%@exemple.fr' ORDER BY id`))
		}
		if got, want := moved(), fmt.Sprint([]school.ID{theirs}); got != want {
			h.T.Errorf("by the head's hand %s have another address, want %s", got, want)
		}
		v.Get("/register/school/"+at.String()+"/troubles").Wants(http.StatusOK, kept)
		h.tick()
		v.drop(path, pupils, changed).Wants(http.StatusOK, "Aucune adresse de courriel ne change", kept)

		other := h.enter(h.Appoint("grace", school.Head, at), school.Head)
		page = other.drop(path, pupils, changed)
		page.Wants(http.StatusOK, "1 adresse de courriel changerait", h.Who(ours).Name())
		page.Lacks(http.StatusOK, kept)
		other.Post(path+"/apply", drafted(page)).Wants(http.StatusSeeOther)
		if got, want := moved(), fmt.Sprint([]school.ID{ours, theirs}); got != want {
			h.T.Errorf("by another hand %s have another address, want %s", got, want)
		}
	})
}

// What an extraction had wrong is read by the head, by the line of the file,
// and by whoever runs the installation, under the name of the school.
func TestReportsOfExtractions(t *testing.T) {
	pupils, guardians := extracted(t)
	h := onSQLite(t)
	pupils = bytes.Replace(pupils, []byte("/20"), []byte("/13/20"), 1)
	at := h.extract(pupils, guardians)
	v, operator := h.enter(h.Appoint("ada", school.Head, at), school.Head), h.enter(h.Operator(), school.Operator)
	v.Get("/register/school/"+at.String()+"/troubles").Wants(http.StatusOK, "Une date est mal écrite", "déposez-les", "Fichier et ligne")
	operator.Get("/register/deliveries").Wants(http.StatusOK, "École des Aulnes")
	delivery := h.One(`SELECT max(id) FROM feed_delivery`).String()
	operator.Get("/register/delivery/"+delivery).Wants(http.StatusOK, "École des Aulnes", "CSVExtraction.csv, ligne 2")
	v.Get("/register/delivery/" + delivery).Wants(http.StatusNotFound)
}

// The files that wait are nobody's to read: they are sealed.
func TestFilesThatWaitAreSealed(t *testing.T) {
	pupils, guardians := extracted(t)
	h := onSQLite(t)
	at := h.extract(pupils, guardians)
	v := h.enter(h.Appoint("ada", school.Head, at), school.Head)
	v.drop("/register/school/"+at.String()+"/onde", pupils).Wants(http.StatusOK)
	if h.One(`SELECT count(*) FROM feed_draft WHERE instr(sealed, 'Pr') > 0 AND instr(sealed, 'INE') > 0`) != 0 {
		t.Error("they can be read")
	}
	if !strings.Contains(string(pupils), "INE") {
		t.Error("this test looks for what is not there")
	}
}

// Lists count among the bytes that a head sends within an hour, before any of them is read: beyond,
// they wait, and another head of the school goes on.
func TestListsCountInTheBytesOfAnHour(t *testing.T) {
	pupils, guardians := extracted(t)
	h := onSQLite(t)
	at := h.extract(pupils, guardians)
	path := "/register/school/" + at.String() + "/onde"
	v := h.enter(h.Appoint("ada", school.Head, at), school.Head)
	other := h.enter(h.Appoint("ben", school.Head, at), school.Head)
	before := h.One(`SELECT count(*) FROM account_attempt`)
	v.drop(path, pupils, guardians).Wants(http.StatusOK)
	if n := h.One(`SELECT count(*) FROM account_attempt`); n != before+1 {
		t.Fatalf("lists are counted in %d places", n-before)
	}
	h.Write(func(tx *db.Tx) error { // as after an hour's
		_, err := tx.Exec(`UPDATE account_attempt SET free_at = free_at + 3600000`)
		return err
	})
	for _, length := range []int64{onde.MaxBytes, -1} { // -1: it does not say, and may be as long as any
		body := &listened{Reader: strings.NewReader(strings.Repeat("a", onde.MaxBytes))}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, v.URL+path, io.NopCloser(body))
		if err != nil {
			t.Fatal(err)
		}
		r.ContentLength = length
		r.Header.Set("Content-Type", "multipart/form-data; boundary=lists")
		r.Header.Set("Expect", "100-continue") // the server says so once it reads
		if v.Do(r).Wants(http.StatusTooManyRequests, "cet envoi n’a pas été pris"); body.read {
			t.Errorf("lists of %d bytes are read before they are refused", length)
		}
	}
	other.drop(path, pupils, guardians).Wants(http.StatusOK)
}

// listened is a body that tells whether anybody read it.
type listened struct {
	io.Reader
	read bool
}

func (l *listened) Read(b []byte) (int, error) {
	l.read = true
	return l.Reader.Read(b)
}
