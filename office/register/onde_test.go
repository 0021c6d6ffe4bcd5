package register_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"preau/core/db/dbtest"
	"preau/core/school"
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
func (h *house) extract(files ...[]byte) school.ID {
	h.t.Helper()
	var list []onde.File
	for _, content := range files {
		list = append(list, onde.File{Name: "CSVExtraction.csv", Content: content})
	}
	list, err := onde.Unpack(list...)
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.feeder.FeedExtraction(h.t.Context(), list, feed.School{UAI: apart, Name: "École des Aulnes"}, feed.Options{}); err != nil {
		h.t.Fatal(err)
	}
	return h.structure("uai:" + string(apart)).ID
}

// drop sends files as the form of the page does.
func (v visitor) drop(path string, files ...[]byte) reply {
	v.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for _, content := range files {
		w, err := form.CreateFormFile("files", "CSVExtraction.csv")
		if err != nil {
			v.t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			v.t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		v.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(v.t.Context(), http.MethodPost, v.url+path, &body)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	return v.do(r)
}

var draftField = regexp.MustCompile(`name="draft" value="(\d+)"`)

func (r reply) draft(t *testing.T) url.Values {
	t.Helper()
	found := draftField.FindStringSubmatch(r.body)
	if found == nil {
		t.Fatalf("no draft in\n%s", head(r.body))
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
	onBoth(t, func(h *house) {
		at := h.extract(pupils, guardians)
		path := "/register/school/" + at.String() + "/onde"
		v := h.enter(h.appoint("ada", school.Head, at), school.Head)
		other := h.enter(h.appoint("ben", school.Head, at), school.Head)
		stranger := h.enter(h.head(h.near[0]), school.Head)

		// Refusals: not their school, one that the AAF delivers, nothing, anything.
		stranger.get(path).wants(h.t, http.StatusNotFound)
		stranger.drop(path, pupils).wants(h.t, http.StatusNotFound)
		covered := "/register/school/" + h.near[0].String() + "/onde"
		stranger.get(covered).wants(h.t, http.StatusConflict, "livrée par l’académie")
		stranger.drop(covered, pupils).wants(h.t, http.StatusConflict, "livrée par l’académie")
		v.drop(path).wants(h.t, http.StatusUnprocessableEntity, "Choisissez au moins un fichier.")
		v.drop(path, []byte("a;b\n1;2\n")).wants(h.t, http.StatusUnprocessableEntity, "Aucun fichier ne contient la liste des élèves.")
		v.drop(path, guardians).wants(h.t, http.StatusUnprocessableEntity, "Aucun fichier ne contient la liste des élèves.")
		v.drop(path, bytes.Repeat([]byte("a;b\n"), onde.MaxBytes/4)).wants(h.t, http.StatusRequestEntityTooLarge)
		v.post(path, url.Values{"x": {"1"}}).wants(h.t, http.StatusUnprocessableEntity)
		v.post(path+"/apply", url.Values{"draft": {"12"}}).wants(h.t, http.StatusConflict, "Ces fichiers ne sont plus là")

		v.get("/register/school/"+at.String()).wants(h.t, http.StatusOK, "Élèves et responsables (ONDE)", "Dernier dépôt")
		v.get(path).wants(h.t, http.StatusOK, "Où les trouver")

		// Somebody leaves: the preview says who, and changes nothing.
		here := func() school.ID {
			return h.one(`SELECT count(*) FROM directory_enrolment WHERE school_id = $1 AND until_at IS NULL`, at)
		}
		before := here()
		h.tick()
		fewer := without(pupils, 1, 2)
		preview := v.drop(path, guardians, fewer)
		preview.wants(h.t, http.StatusOK, "Aperçu du dépôt", "ne figure")
		if here() != before {
			h.t.Fatal("a preview changed the register")
		}
		draft := preview.draft(h.t)
		other.post(path+"/apply", draft).wants(h.t, http.StatusConflict)
		v.post(path+"/apply", draft).wants(h.t, http.StatusSeeOther)
		if here() != before-1 {
			h.t.Errorf("%d pupils, of %d", here(), before)
		}
		if h.one(`SELECT count(*) FROM audit_entry WHERE action = 'register.import-onde' AND school_id = $1 AND actor_id = $2`, at, v.person) != 1 {
			h.t.Error("no trace of who applied it")
		}
		if h.one(`SELECT count(*) FROM feed_draft`) != 0 {
			h.t.Error("the files are still there")
		}
		v.post(path+"/apply", draft).wants(h.t, http.StatusConflict, "Ces fichiers ne sont plus là")

		// What would do something else than what was shown is shown again.
		draft = v.drop(path, pupils, guardians).draft(h.t)
		h.tick()
		h.extract(pupils, guardians)
		again := v.post(path+"/apply", draft)
		again.wants(h.t, http.StatusOK, "L’annuaire a changé depuis l’aperçu", "Appliquer")
		v.post(path+"/apply", again.draft(h.t)).wants(h.t, http.StatusSeeOther)

		// A list that looks cut is refused, unless its head says that it is not.
		h.tick()
		h.feeder.Caps = feed.DefaultCaps
		cut := without(pupils, 1, bytes.Count(pupils, []byte("\r\n"))-2)
		before = here()
		refused := v.drop(path, cut)
		refused.wants(h.t, http.StatusUnprocessableEntity, "Trop de personnes partiraient à la fois")
		accepted := v.post(path+"/accept", refused.draft(h.t))
		accepted.wants(h.t, http.StatusOK, "Aperçu du dépôt")
		if here() != before {
			h.t.Fatal("a preview changed the register")
		}
		v.post(path+"/apply", accepted.draft(h.t)).wants(h.t, http.StatusSeeOther)
		if here() >= before {
			h.t.Error("nobody left")
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
	v, operator := h.enter(h.appoint("ada", school.Head, at), school.Head), h.enter(h.operator(), school.Operator)
	v.get("/register/school/"+at.String()+"/troubles").wants(t, http.StatusOK, "Une date est mal écrite", "déposez-les", "Fichier et ligne")
	operator.get("/register/deliveries").wants(t, http.StatusOK, "École des Aulnes")
	delivery := h.one(`SELECT max(id) FROM feed_delivery`).String()
	operator.get("/register/delivery/"+delivery).wants(t, http.StatusOK, "École des Aulnes", "CSVExtraction.csv, ligne 2")
	v.get("/register/delivery/"+delivery).wants(t, http.StatusNotFound)
}

// The files that wait are nobody's to read: they are sealed.
func TestFilesThatWaitAreSealed(t *testing.T) {
	pupils, guardians := extracted(t)
	h := onSQLite(t)
	at := h.extract(pupils, guardians)
	v := h.enter(h.appoint("ada", school.Head, at), school.Head)
	v.drop("/register/school/"+at.String()+"/onde", pupils).wants(t, http.StatusOK)
	if h.one(`SELECT count(*) FROM feed_draft WHERE instr(sealed, 'Pr') > 0 AND instr(sealed, 'INE') > 0`) != 0 {
		t.Error("they can be read")
	}
	if !strings.Contains(string(pupils), "INE") {
		t.Error("this test looks for what is not there")
	}
}
