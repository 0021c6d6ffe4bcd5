package accounts_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"preau/core/school"
	"preau/directory"
	"preau/test/house"
)

// Each profile knocks at each route, on what is theirs. What is not for them
// looks like nothing at all.
func TestWhoMayDoWhat(t *testing.T) {
	h := onSQLite(t)
	at := h.near[0]
	class := h.Classes(at)[0].ID
	teacher, other := h.Teachers(at)[0], h.Teachers(at)[1]
	h.Attach(class, teacher)
	pupil, guardian := h.Pupils(class)[0].ID, h.guardian(class)
	aide := h.Appoint("aide", school.Staff, at)

	visitors := map[string]house.Visitor{
		"stranger":  {House: h.House},
		"pupil":     h.Enter(pupil, school.Pupil),
		"guardian":  h.Enter(guardian, school.Guardian),
		"teacher":   h.Enter(teacher, school.Teacher),
		"head":      h.Enter(h.Head(at), school.Head),
		"aide":      h.Enter(aide, school.Staff),
		"secretary": h.Enter(h.Appoint("secretaire", school.Admin, at), school.Admin),
		"municipal": h.Enter(h.Appoint("mairie", school.Municipal, h.Above(at, directory.Commune)), school.Municipal),
		"agent":     h.Enter(h.Appoint("agent", school.CareAgent, at), school.CareAgent),
		"partner":   h.Enter(h.Appoint("canope", school.Partner, h.Project()), school.Partner),
		"tech":      h.Enter(h.Appoint("aide.en.ligne", school.Tech, h.Project()), school.Tech),
		"pilot":     h.Enter(h.Appoint("dsi", school.Pilot, h.academy()), school.Pilot),
		"operator":  h.Enter(h.Operator(), school.Operator),
	}
	schoolPath, classPath := "/accounts/school/"+at.String(), "/accounts/class/"+class.String()
	team := "/accounts/structure/" + at.String() + "/person/" + aide.String()
	for _, route := range []struct {
		method, path string
		form         url.Values
		open         string // profiles that may, and the status they get
		status       int
	}{
		{"GET", "/accounts/", nil, "head operator", http.StatusOK},
		{"GET", schoolPath + "/staff", nil, "head", http.StatusOK},
		{"GET", schoolPath + "/staff/" + other.String() + "/code", nil, "head", http.StatusOK},
		{"POST", schoolPath + "/staff/" + other.String() + "/code", url.Values{}, "head", http.StatusOK},
		{"POST", schoolPath + "/staff/mail", nil, "head", http.StatusSeeOther},
		{"POST", schoolPath + "/staff/letters", url.Values{"again": {"1"}}, "head", http.StatusOK},
		{"GET", classPath, nil, "teacher head", http.StatusOK},
		{"GET", classPath + "/person/" + pupil.String() + "/code", nil, "teacher head", http.StatusOK},
		{"POST", classPath + "/person/" + pupil.String() + "/code", url.Values{}, "teacher head", http.StatusSeeOther},
		{"GET", classPath + "/person/" + guardian.String() + "/code", nil, "head", http.StatusOK},
		{"POST", classPath + "/person/" + guardian.String() + "/code", url.Values{}, "head", http.StatusSeeOther},
		{"POST", classPath + "/letters", url.Values{"language": {"tlh"}}, "head", http.StatusUnprocessableEntity},
		{"POST", classPath + "/labels", url.Values{"again": {"1"}}, "teacher head", http.StatusOK},
		{"GET", schoolPath + "/opened", nil, "head", http.StatusOK},
		{"POST", schoolPath + "/opened/1/contest", nil, "", 0},
		{"GET", schoolPath + "/journal", nil, "head operator", http.StatusOK},
		{"GET", schoolPath + "/journal.csv", nil, "head operator", http.StatusOK},
		{"GET", "/accounts/journal", nil, "operator", http.StatusOK},
		{"GET", "/accounts/journal.csv", nil, "operator", http.StatusOK},
		{"GET", schoolPath + "/switches", nil, "head", http.StatusOK},
		{"POST", schoolPath + "/switches/on", url.Values{"x": {"1"}}, "head", http.StatusUnprocessableEntity},
		{"POST", schoolPath + "/switches/off", url.Values{"profile": {"x"}}, "head", http.StatusUnprocessableEntity},
		{"POST", schoolPath + "/sign-out", url.Values{"profile": {"x"}}, "head", http.StatusUnprocessableEntity},
		{"GET", schoolPath + "/network", nil, "head", http.StatusOK},
		{"POST", schoolPath + "/network/only", nil, "head", http.StatusConflict},
		{"POST", schoolPath + "/network/keep", nil, "head", http.StatusSeeOther},
		{"POST", schoolPath + "/network/anywhere", nil, "head", http.StatusSeeOther},
		{"POST", schoolPath + "/network/1/forget", nil, "", 0},
		{"GET", "/accounts/switches", nil, "operator", http.StatusOK},
		{"POST", "/accounts/switches/on", url.Values{"x": {"1"}}, "operator", http.StatusUnprocessableEntity},
		{"POST", "/accounts/switches/off", url.Values{"profile": {"x"}}, "operator", http.StatusUnprocessableEntity},
		{"POST", "/accounts/sign-out", url.Values{"profile": {"x"}}, "operator", http.StatusUnprocessableEntity},
		{"GET", classPath + "/door", nil, "teacher head", http.StatusOK},
		{"POST", classPath + "/door/poster", nil, "teacher head", http.StatusOK},
		{"POST", classPath + "/door/tablet", nil, "teacher head", http.StatusUnprocessableEntity},
		{"POST", classPath + "/door/pictures", url.Values{"again": {"1"}}, "teacher head", http.StatusOK},
		{"POST", classPath + "/door/1/end", nil, "", 0},
		{"GET", classPath + "/person/" + pupil.String() + "/pictures", nil, "teacher head", http.StatusOK},
		{"POST", classPath + "/person/" + pupil.String() + "/pictures", nil, "teacher head", http.StatusOK},
		{"POST", classPath + "/person/" + pupil.String() + "/pictures/unblock", nil, "teacher head", http.StatusSeeOther},
		{"POST", classPath + "/person/" + guardian.String() + "/pictures", nil, "", 0},
		{"GET", team + "/code", nil, "head operator", http.StatusOK},
		{"POST", team + "/code", url.Values{}, "head operator", http.StatusSeeOther},
	} {
		for name, v := range visitors {
			want := http.StatusNotFound
			switch {
			case name == "stranger" && len(route.form) > 0:
				want = http.StatusForbidden // the page that keeps what was written
			case name == "stranger":
				want = http.StatusSeeOther
			case name == "teacher" && route.path == "/accounts/":
				want = http.StatusSeeOther // to their only class
			case strings.Contains(" "+route.open+" ", " "+name+" "):
				want = route.status
			}
			var got house.Reply
			if route.method == http.MethodGet {
				got = v.Get(route.path)
			} else {
				got = v.Post(route.path, route.form)
			}
			if got.StatusCode != want {
				t.Errorf("%s: %s %s gives %d, want %d", name, route.method, route.path, got.StatusCode, want)
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
	theirPupil, neighbour := h.Pupils(theirClass)[0].ID, h.Pupils(classes[1].ID)[0].ID
	asHead, asTeacher := h.Enter(h.Head(ours), school.Head), h.Enter(teacher, school.Teacher)
	class := func(id school.ID) string { return "/accounts/class/" + id.String() }
	for _, c := range []struct {
		visitor house.Visitor
		path    string
	}{
		{asHead, class(theirClass)},
		{asHead, class(theirClass) + "/person/" + theirPupil.String() + "/code"},
		{asHead, class(classes[0].ID) + "/person/" + theirPupil.String() + "/code"},
		{asHead, "/accounts/school/" + theirs.String() + "/staff"},
		{asHead, "/accounts/school/" + ours.String() + "/staff/" + h.Teachers(theirs)[0].String() + "/code"},
		{asHead, "/accounts/structure/" + theirs.String() + "/person/" + h.Teachers(theirs)[0].String() + "/code"},
		{asHead, "/accounts/structure/" + ours.String() + "/person/" + h.Teachers(theirs)[0].String() + "/code"},
		{asHead, "/accounts/school/" + theirs.String() + "/network"},
		{asHead, class(theirClass) + "/door"},
		{asHead, class(theirClass) + "/person/" + theirPupil.String() + "/pictures"},
		{asHead, class(classes[0].ID) + "/person/" + theirPupil.String() + "/pictures"},
		{asTeacher, class(classes[1].ID) + "/door"},
		{asTeacher, class(classes[1].ID) + "/person/" + neighbour.String() + "/pictures"},
		{asTeacher, class(classes[0].ID) + "/person/" + neighbour.String() + "/pictures"},
		{asTeacher, class(classes[1].ID)},
		{asTeacher, class(classes[1].ID) + "/person/" + neighbour.String() + "/code"},
		{asTeacher, class(classes[0].ID) + "/person/" + neighbour.String() + "/code"},
		{asTeacher, class(classes[0].ID) + "/person/" + h.guardian(classes[0].ID).String() + "/code"},
	} {
		c.visitor.Get(c.path).Wants(http.StatusNotFound)
		if strings.HasSuffix(c.path, "/code") || strings.HasSuffix(c.path, "/pictures") {
			c.visitor.Post(c.path, nil).Wants(http.StatusNotFound)
		}
	}
	if h.One(`SELECT count(*) FROM account_code WHERE person_id IN ($1, $2)`, neighbour, theirPupil) != 0 {
		t.Error("a code was made")
	}
	if h.One(`SELECT count(*) FROM account_pictures`) != 0 {
		t.Error("pictures were given")
	}
}
