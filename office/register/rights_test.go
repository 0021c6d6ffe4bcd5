package register_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"preau/core/school"
	"preau/test/house"
)

// Each profile knocks at each route, on what is theirs. What is not for them
// looks like nothing at all.
func TestWhoMayDoWhat(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	class := h.Classes(at)[0]
	teacher, other := h.Teachers(at)[0], h.Teachers(at)[1]
	h.Attach(class.ID, teacher)
	pupil := h.Pupils(class.ID)[0].ID
	guardian := h.One(`SELECT b.guardian_id FROM directory_bond b JOIN directory_membership m ON m.person_id = b.pupil_id
		JOIN directory_person p ON p.id = b.guardian_id
		WHERE m.class_id = $1 AND NOT p.organisation AND b.until_at IS NULL ORDER BY b.guardian_id LIMIT 1`, class.ID)
	academy := h.StructureByRef("academy:" + h.academy())

	visitors := map[string]visitor{
		"stranger":  {house.Visitor{House: h.House}},
		"pupil":     h.enter(pupil, school.Pupil),
		"guardian":  h.enter(guardian, school.Guardian),
		"teacher":   h.enter(teacher, school.Teacher),
		"head":      h.enter(h.Head(at), school.Head),
		"aide":      h.enter(h.Appoint("aide", school.Staff, at), school.Staff),
		"secretary": h.enter(h.Appoint("secretaire", school.Admin, at), school.Admin),
		"municipal": h.enter(h.Appoint("mairie", school.Municipal, h.commune(at)), school.Municipal),
		"agent":     h.enter(h.Appoint("agent", school.CareAgent, at), school.CareAgent), // of the morning
		"partner":   h.enter(h.Appoint("canope", school.Partner, h.Project()), school.Partner),
		"tech":      h.enter(h.Appoint("aide.en.ligne", school.Tech, h.Project()), school.Tech),
		"pilot":     h.enter(h.Appoint("dsi", school.Pilot, academy.ID), school.Pilot),
		"operator":  h.enter(h.Operator(), school.Operator),
	}
	schoolPath, classPath := "/register/school/"+at.String(), "/register/class/"+class.ID.String()
	delivery := "/register/delivery/" + h.Fed.ID.String()
	_, parent := h.onlyChild(at)
	pair, merge := "/duplicate/"+parent.String()+"/"+h.twin(parent).String(), h.mergeSome(at, parent)
	for _, route := range []struct {
		method, path string
		form         url.Values
		open         string // profiles that may, and the status they get
		status       int
	}{
		{"GET", "/register/", nil, "teacher head municipal pilot operator", http.StatusSeeOther},
		{"GET", schoolPath, nil, "head", http.StatusOK},
		{"GET", schoolPath + "/teachers", nil, "head", http.StatusOK},
		{"POST", schoolPath + "/suggestions", url.Values{}, "head", http.StatusConflict},
		{"POST", schoolPath + "/class/" + class.ID.String() + "/attach", url.Values{}, "head", http.StatusUnprocessableEntity},
		{"POST", schoolPath + "/class/" + class.ID.String() + "/detach", url.Values{"teacher": {other.String()}}, "", 0},
		{"GET", schoolPath + "/troubles", nil, "head", http.StatusOK},
		{"GET", schoolPath + "/pupil/" + pupil.String(), nil, "head", http.StatusOK},
		{"POST", schoolPath + "/pupil/" + pupil.String() + "/restrict", url.Values{"restrict": {guardian.String()}}, "head", http.StatusUnprocessableEntity},
		{"POST", schoolPath + "/pupil/" + pupil.String() + "/lift", url.Values{"restriction": {"7"}}, "", 0},
		{"GET", schoolPath + "/arrival", nil, "head", http.StatusOK},
		{"POST", schoolPath + "/arrival", url.Values{"x": {"1"}}, "head", http.StatusUnprocessableEntity},
		{"POST", schoolPath + "/pupil/" + pupil.String() + "/correct", url.Values{"x": {"1"}}, "head", http.StatusUnprocessableEntity},
		{"POST", schoolPath + "/pupil/" + pupil.String() + "/close", url.Values{"x": {"1"}}, "head", http.StatusConflict},
		{"POST", schoolPath + "/pupil/" + pupil.String() + "/guardian", url.Values{"x": {"1"}}, "head", http.StatusUnprocessableEntity},
		{"GET", schoolPath + "/rpi", nil, "head", http.StatusOK},
		{"POST", schoolPath + "/rpi", url.Values{"x": {"1"}}, "head", http.StatusUnprocessableEntity},
		{"GET", schoolPath + "/groups", nil, "head", http.StatusOK},
		{"POST", schoolPath + "/groups", url.Values{"x": {"1"}}, "head", http.StatusUnprocessableEntity},
		{"GET", schoolPath + "/group/" + class.ID.String(), nil, "", 0},
		{"GET", schoolPath + "/care/canteen", nil, "municipal", http.StatusOK},
		{"GET", schoolPath + "/care/morning-care", nil, "municipal agent", http.StatusOK},
		{"GET", "/register/structure/" + at.String() + "/team", nil, "head municipal pilot operator", http.StatusOK},
		{"POST", "/register/structure/" + at.String() + "/appoint", url.Values{"post": {"head"}}, "operator", http.StatusUnprocessableEntity},
		{"GET", "/register/structure/" + at.String() + "/team/" + other.String(), nil, "head operator", http.StatusOK},
		{"POST", "/register/structure/" + at.String() + "/team/" + other.String() + "/dismiss", url.Values{"post": {"ENS"}}, "", 0},
		{"POST", "/register/structure/" + at.String() + "/team/" + other.String() + "/extend", url.Values{"post": {"ENS"}}, "", 0},
		{"POST", "/register/structure/" + at.String() + "/team/" + other.String() + "/grant", url.Values{"x": {"1"}}, "head", http.StatusUnprocessableEntity},
		{"POST", "/register/structure/" + at.String() + "/team/" + other.String() + "/take-back", url.Values{"grant": {"7"}}, "", 0},
		{"GET", "/register/teams?q=a", nil, "head municipal pilot operator", http.StatusOK},
		{"GET", "/register/interims", nil, "municipal pilot operator", http.StatusOK},
		{"GET", schoolPath + "/interim", nil, "municipal pilot operator", http.StatusOK},
		{"POST", schoolPath + "/interim", url.Values{"x": {"1"}}, "municipal pilot operator", http.StatusConflict},
		{"POST", schoolPath + "/interim/confirm", url.Values{"x": {"1"}}, "", 0},
		{"POST", schoolPath + "/interim/letter", url.Values{"x": {"1"}}, "", 0},
		{"GET", "/register/roll", nil, "municipal pilot operator", http.StatusOK},
		{"GET", "/register/followed/" + pupil.String(), nil, "", 0},
		{"GET", schoolPath + "/care/dinner", nil, "", 0},
		{"GET", schoolPath + "/onde", nil, "head", http.StatusConflict},
		{"POST", schoolPath + "/onde", url.Values{}, "head", http.StatusConflict},
		{"POST", schoolPath + "/onde/accept", url.Values{}, "head", http.StatusConflict},
		{"POST", schoolPath + "/onde/apply", url.Values{}, "head", http.StatusConflict},
		{"GET", classPath, nil, "teacher head secretary", http.StatusOK},
		{"GET", schoolPath + "/duplicates", nil, "head operator", http.StatusOK},
		{"GET", schoolPath + pair, nil, "head operator", http.StatusOK},
		{"POST", schoolPath + pair + "/merge", url.Values{}, "head operator", http.StatusConflict},
		{"POST", schoolPath + pair + "/apart", url.Values{}, "head operator", http.StatusSeeOther},
		{"GET", schoolPath + "/merge/" + merge.String(), nil, "head operator", http.StatusOK},
		{"GET", "/register/duplicates", nil, "operator", http.StatusOK},
		{"GET", "/register" + pair, nil, "operator", http.StatusOK},
		{"POST", "/register" + pair + "/merge", url.Values{}, "operator", http.StatusConflict},
		{"POST", "/register" + pair + "/apart", url.Values{}, "operator", http.StatusSeeOther},
		{"GET", "/register/merge/" + merge.String(), nil, "operator", http.StatusOK},
		{"POST", "/register/merge/7/undo", url.Values{}, "", 0},
		{"POST", schoolPath + "/merge/7/undo", url.Values{}, "", 0},
		{"GET", "/register/structure/" + at.String() + "/referents", nil, "head pilot operator", http.StatusOK},
		{"GET", "/register/structure/" + at.String() + "/referents/referent-numerique", nil, "head pilot operator", http.StatusOK},
		{"POST", "/register/structure/" + at.String() + "/referents/referent-numerique", url.Values{"x": {"1"}}, "head pilot operator", http.StatusUnprocessableEntity},
		{"POST", "/register/structure/" + at.String() + "/referent/7/end", url.Values{"x": {"1"}}, "", 0},
		{"GET", "/register/holds", nil, "head operator", http.StatusOK},
		{"POST", "/register/hold/" + h.Fed.ID.String() + "/" + at.String() + "/accept", url.Values{}, "head operator", http.StatusConflict},
		{"GET", "/register/deliveries", nil, "pilot operator", http.StatusOK},
		{"GET", "/register/conformity", nil, "pilot operator", http.StatusOK},
		{"GET", "/register/conformity.csv", nil, "pilot operator", http.StatusOK},
		{"GET", "/register/conformity.json", nil, "pilot operator", http.StatusOK},
		{"GET", delivery, nil, "pilot operator", http.StatusOK},
		{"GET", delivery + "/report.csv", nil, "pilot operator", http.StatusOK},
		{"GET", delivery + "/report.json", nil, "pilot operator", http.StatusOK},
	} {
		for name, v := range visitors {
			want := http.StatusNotFound
			switch {
			case name == "stranger" && len(route.form) > 0:
				want = http.StatusForbidden // the page that keeps what was written
			case name == "stranger":
				want = http.StatusSeeOther
			case strings.Contains(" "+route.open+" ", " "+name+" "):
				want = route.status
			}
			var got reply
			if route.method == http.MethodGet {
				got = v.Get(route.path)
			} else {
				got = v.Post(route.path, route.form)
			}
			if got.StatusCode != want {
				t.Errorf("%s: %s %s gives %d, want %d", name, route.method, route.path, got.StatusCode, want)
			}
			if name == "stranger" && route.method == http.MethodGet && !strings.HasPrefix(got.Header.Get("Location"), "/login") {
				t.Errorf("a stranger is led to %s", got.Header.Get("Location"))
			}
		}
	}
}

// What is somebody else's cannot be told from what does not exist.
func TestTheNextDoorIsShut(t *testing.T) {
	h := onSQLite(t)
	ours, theirs := h.near[0], pick(t, h.near[1:], func(id school.ID) bool { return h.Head(id) != h.Head(h.near[0]) })
	classes := h.Classes(ours)
	teacher := h.Teachers(ours)[0]
	h.Attach(classes[0].ID, teacher)
	theirClass := h.Classes(theirs)[0].ID
	theirPupil := h.Pupils(theirClass)[0].ID
	schoolPath, theirPath := "/register/school/"+ours.String(), "/register/school/"+theirs.String()

	asHead, asTeacher := h.enter(h.Head(ours), school.Head), h.enter(teacher, school.Teacher)
	for _, path := range []string{
		theirPath, theirPath + "/teachers", theirPath + "/troubles",
		"/register/class/" + theirClass.String(),
		schoolPath + "/pupil/" + theirPupil.String(), theirPath + "/pupil/" + theirPupil.String(),
		"/register/school/1", "/register/class/1", "/register/school/x", "/register/class/-1",
	} {
		asHead.Get(path).Wants(http.StatusNotFound)
	}
	for path, form := range map[string]url.Values{
		schoolPath + "/pupil/" + theirPupil.String() + "/restrict":                {"restrict": {"7"}, "effect": {"no-access"}, "reference": {"x"}},
		theirPath + "/suggestions":                                                {},
		theirPath + "/class/" + theirClass.String() + "/attach":                   {"teacher": {teacher.String()}},
		schoolPath + "/class/" + theirClass.String() + "/attach":                  {"teacher": {teacher.String()}},
		theirPath + "/class/" + classes[0].ID.String() + "/detach":                {"teacher": {teacher.String()}},
		schoolPath + "/class/" + theirClass.String() + "/detach":                  {"teacher": {teacher.String()}},
		"/register/hold/" + h.Fed.ID.String() + "/" + theirs.String() + "/accept": {"people": {"1"}},
	} {
		asHead.Post(path, form).Wants(http.StatusNotFound)
	}
	asTeacher.Get("/register/class/" + classes[1].ID.String()).Wants(http.StatusNotFound)
}

// Another site cannot make a head post.
func TestOtherSitesCannotPost(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	class, teacher := h.Classes(at)[0].ID, h.Teachers(at)[0]
	v := h.enter(h.Head(at), school.Head)
	for _, path := range []string{
		"/register/school/" + at.String() + "/class/" + class.String() + "/attach",
		"/register/hold/" + h.Fed.ID.String() + "/" + at.String() + "/accept",
	} {
		r := v.Form(path, url.Values{"teacher": {teacher.String()}})
		r.Header.Set("Origin", "https://evil.test")
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		v.Do(r).Wants(http.StatusForbidden)
	}
	if h.One(`SELECT count(*) FROM directory_membership WHERE role = 'teacher'`) != 0 {
		t.Error("a teacher was attached")
	}
}
