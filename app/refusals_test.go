//go:build !race

package app

import (
	"cmp"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"

	"preau/account"
	"preau/core/audit"
	"preau/core/db"
	"preau/core/db/dbtest"
	"preau/core/notify"
	"preau/core/rights"
	"preau/core/school"
	"preau/core/web"
	"preau/directory"
	"preau/directory/feed"
	"preau/service/alert"
	"preau/service/liaison"
	"preau/service/message"
	"preau/service/news"
)

var places = regexp.MustCompile(`\{[a-z$]+\}`)

// TestEveryRefusalOfTheMatrix asks for every protected route, without a
// session and as each profile that does not hold its right: the answer is
// that of what does not exist.
func TestEveryRefusalOfTheMatrix(t *testing.T) {
	s := sweep(t, dbtest.SQLite(t))
	nothing := func(path string) int { // how long the answer is, beside the path
		room, _, _ := strings.Cut(path[1:], "/")
		return s.ask(http.MethodGet, "/"+room+"/nothing-of-the-kind", s.people[school.Pupil]).Body.Len()
	}
	asked := 0
	for _, route := range s.site.Routes() {
		if route.Right == "" {
			continue
		}
		path := places.ReplaceAllStringFunc(route.Pattern, func(place string) string {
			if place == "{$}" {
				return ""
			}
			return "182718981734817792"
		})
		if route.Kind == web.Device { // no session opens it: see TestADriveIsRefused
			for _, method := range []string{http.MethodGet, "PROPFIND", http.MethodPut, http.MethodDelete} {
				for profile, token := range s.people {
					if got := s.ask(method, path, token).Code; got != http.StatusUnauthorized {
						t.Errorf("%s %s answers %d to a session of %s", method, route.Pattern, got, profile)
					}
				}
			}
			continue
		}
		signIn := http.StatusSeeOther
		if route.Called {
			signIn = http.StatusUnauthorized
		}
		if got := s.ask(route.Method, path, "").Code; got != signIn && got != http.StatusForbidden {
			t.Errorf("%s %s answers %d to a visitor", route.Method, route.Pattern, got)
		}
		if got := s.ask(route.Method, path, "not-a-token").Code; got != signIn && got != http.StatusForbidden {
			t.Errorf("%s %s answers %d to a false session", route.Method, route.Pattern, got)
		}
		for profile, token := range s.people {
			if s.site.Rights.Reach(profile, route.Right) != rights.Nowhere {
				continue
			}
			asked++
			w := s.ask(route.Method, path, token)
			if w.Code != http.StatusNotFound {
				t.Errorf("%s %s answers %d to %s", route.Method, route.Pattern, w.Code, profile)
			}
			if route.Method == http.MethodGet && profile == school.Pupil && w.Body.Len() != nothing(path) {
				t.Errorf("%s %s is refused in other words than what does not exist", route.Method, route.Pattern)
			}
		}
	}
	if asked < 40 {
		t.Errorf("only %d refusals were asked for", asked)
	}
}

// neighbour is what there is in a school that is not that of whoever asks.
type neighbour struct {
	school school.ID
	names  *strings.Replacer
}

// neighbour finds, or makes, one thing of each kind that a route names. What nobody
// has in the stage stays an identifier of nothing: a factor, an arrival.
func (s stage) neighbour(t *testing.T) (n neighbour) {
	t.Helper()
	const nothing = "182718981734817792"
	names := []string{"{factor}", nothing, "{drive}", nothing, "{commune}", nothing, "{arrival}", nothing, "{photo}", nothing, "{file}", nothing, "{size}", "small", "{upload}", nothing, "{service}", "liaison", "{care}", string(directory.Canteen), "{name}", "Rendez-vous", "{role}", string(directory.DigitalReferent)}
	name := func(place string, id school.ID) { names = append(names, place, id.String()) }
	err := s.h.DB.Write(t.Context(), func(tx *db.Tx) error {
		schools, err := directory.Structures.All(tx, "kind = 'school' ORDER BY uai DESC")
		if err != nil {
			return err
		}
		n.school = schools[0].ID // the head and the teacher of the demo are in the first
		// The village is one commune, of one académie: this school moves out of both.
		if _, err := tx.Exec(`DELETE FROM directory_within WHERE structure_id = $1`, n.school); err != nil {
			return err
		}
		classes, err := directory.ClassesOf(tx, n.school)
		if err != nil {
			return err
		}
		class := classes[0].ID
		pupils, err := directory.PupilsIn(tx, class)
		if err != nil {
			return err
		}
		staff, err := directory.StaffOf(tx, n.school)
		if err != nil {
			return err
		}
		head := staff[0]
		referents, err := directory.ReferentsOf(tx, n.school)
		if err != nil {
			return err
		}
		delivery, err := feed.LastApplied(tx)
		if err != nil {
			return err
		}
		act, err := s.h.Feeder.Merge(tx, pupils[1].ID, pupils[2].ID, head.ID)
		if err != nil {
			return err
		}
		by := audit.By{Actor: head.ID, Profile: head.Profile, Request: "test"}
		tablet, err := s.h.Accounts.EnrolTablet(tx, class, n.school, by, "Tablette")
		if err != nil {
			return err
		}
		if err := s.h.Accounts.KeepNetwork(tx, n.school, by, account.Origin{IP: netip.MustParseAddr("198.51.100.7")}); err != nil {
			return err
		}
		network, err := db.One(tx, db.Column[school.ID], `SELECT id FROM account_network WHERE school_id = $1`, n.school)
		if err != nil {
			return err
		}
		grant := directory.Grant{ID: school.NewID(tx.Now), Person: head.ID, Lender: n.school, School: n.school, Function: directory.LentAccounts,
			From: db.At(tx.Now), Until: db.At(tx.Now.AddDate(0, 1, 0)), GrantedBy: head.ID, Reason: "test"}
		if err := directory.Grants.Insert(tx, grant); err != nil {
			return err
		}
		colleague, err := s.h.office.Appoint(tx, directory.Appointment{First: "Lou", Usual: "Voisin", Template: "atsem", Structure: n.school, Reason: "test"}, "", audit.Entry{})
		if err != nil {
			return err
		}
		group, err := directory.MakeGroup(tx, n.school, "Chorale")
		if err != nil {
			return err
		}
		if err := liaison.Sample(tx, n.school, class, head.ID); err != nil {
			return err
		}
		if err := news.Sample(tx, n.school, head.ID); err != nil {
			return err
		}
		item, err := db.One(tx, db.Column[school.ID], `SELECT max(id) FROM news_item WHERE school_id = $1`, n.school)
		if err != nil {
			return err
		}
		if err := s.h.files.Sample(tx, n.school, class, head.ID); err != nil {
			return err
		}
		var spot, version school.ID
		if err := tx.Get([]any{&spot, &version}, `SELECT e.id, e.version_id FROM file_entry e JOIN file_space s ON s.id = e.space_id WHERE s.of_id = $1 AND NOT e.folder ORDER BY e.id DESC LIMIT 1`, class); err != nil {
			return err
		}
		if err := alert.Sample(tx, s.h.french(), n.school, head.ID); err != nil {
			return err
		}
		notice, err := db.One(tx, db.Column[school.ID], `SELECT max(id) FROM alert_alert WHERE school_id = $1`, n.school)
		if err != nil {
			return err
		}
		word, err := db.One(tx, db.Column[school.ID], `SELECT max(id) FROM liaison_word WHERE class_id = $1`, class)
		if err != nil {
			return err
		}
		guardian, err := db.One(tx, db.Column[school.ID], `SELECT min(guardian_id) FROM directory_bond WHERE pupil_id = $1`, pupils[0].ID)
		if err != nil {
			return err
		}
		if err := liaison.SampleNote(tx, n.school, class, pupils[0].ID, guardian); err != nil {
			return err
		}
		note, err := db.One(tx, db.Column[school.ID], `SELECT max(id) FROM liaison_note WHERE class_id = $1`, class)
		if err != nil {
			return err
		}
		told := notify.Reached{
			Endpoint: "https://push.example.org/x", Auth: "tBHItJI5svbpez7KI4CCXg",
			Key: "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM",
		}
		if err := s.h.Notify.Subscribe(tx, head.ID, 1, "", told); err != nil {
			return err
		}
		devices, err := s.h.Notify.SubscriptionsOf(tx, head.ID)
		if err != nil {
			return err
		}
		if err := message.Sample(tx, n.school, class, head.ID, colleague, pupils[5].ID); err != nil {
			return err
		}
		talk, err := db.One(tx, db.Column[school.ID], `SELECT max(id) FROM message_thread WHERE child_id = $1`, pupils[5].ID)
		if err != nil {
			return err
		}
		post, report, draft := school.NewID(tx.Now), school.NewID(tx.Now), school.NewID(tx.Now)
		for _, insert := range []string{
			`UPDATE message_thread SET class_id = ` + class.String() + ` WHERE id = $1`,
			`INSERT INTO message_post (id, thread_id, author_id, body, state, why, posted_at) VALUES (` + post.String() + `, $1, 1, 'x', 'held', '', 0)`,
			`INSERT INTO message_report (id, post_id, thread_id, school_id, reporter_id, reason, reported_at, outcome)
				VALUES (` + report.String() + `, 1, $1, ` + n.school.String() + `, 1, 'x', 0, '')`,
			`INSERT INTO message_draft (id, person_id, profile, path, subject, form, saved_at) VALUES (` + draft.String() + `, $1, '', '/message/new', 'x', '', 0)`,
		} {
			if _, err := tx.Exec(insert, talk); err != nil {
				return err
			}
		}
		kase := school.NewID(tx.Now)
		if _, err := tx.Exec(`INSERT INTO removal_case (id, school_id, account_id, since_at, words, things, why, asked_by, asked_at,
				outcome, settled_by, answer, removed, undone_by)
			VALUES ($1, $2, $3, 0, '', '1', 'test', $3, 0, '', 0, '', 0, 0)`, kase, n.school, head.ID); err != nil {
			return err
		}
		for place, id := range map[string]school.ID{
			"{spot}": spot, "{version}": version, "{case}": kase, "{thread}": talk, "{post}": post, "{report}": report, "{draft}": draft, "{child}": pupils[5].ID,
			"{word}": word, "{item}": item, "{notice}": notice, "{note}": note, "{device}": devices[0].ID, "{school}": n.school, "{structure}": n.school, "{class}": class, "{delivery}": delivery.ID, "{merge}": act.ID, "{door}": tablet.ID,
			"{network}": network, "{grant}": grant.ID, "{referent}": referents[0].ID, "{one}": pupils[3].ID, "{other}": pupils[4].ID,
		} {
			name(place, id)
		}
		// Who is somebody there, and what is a group, where the path says so.
		for post, id := range map[string]school.ID{
			"/staff/{person}": head.ID, "/frozen/{person}": head.ID, "/opened/{person}": head.ID, "/pass/{person}": colleague,
			"/team/{person}": colleague, "/structure/{structure}/person/{person}": colleague, "/group/{class}": group,
		} {
			there := strings.ReplaceAll(post, "{structure}", n.school.String())
			names = append([]string{post, places.ReplaceAllString(there, id.String())}, names...)
		}
		name("{person}", pupils[0].ID)
		_, err = tx.Exec(`UPDATE account_account SET disabled_at = $2, frozen_at = $2, frozen_why = $3 WHERE person_id IN ($1, $4)`,
			head.ID, db.At(tx.Now), string(account.Unusual), pupils[0].ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	n.names = strings.NewReplacer(names...)
	return n
}

// ungated is the site whose rights each reach everything, for whoever holds them anywhere.
func (s stage) ungated(t *testing.T) stage {
	t.Helper()
	table := rights.Table{}
	for _, right := range s.site.Rights.Rights() {
		table[right] = rights.Holders{}
		for _, profile := range school.Profiles {
			if s.site.Rights.Reach(profile, right) != rights.Nowhere {
				table[right][profile] = rights.Project
			}
		}
	}
	open := s.site.Config
	var err error
	if open.Rights, err = rights.New(table); err != nil {
		t.Fatal(err)
	}
	if s.site, err = web.New(open); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestHoldersStopAtTheirReach asks, as each holder of a right, for what is of another
// school, and then asks again where rights stop nowhere: so many requests find
// something there that would be refused whatever the gates do otherwise.
func TestHoldersStopAtTheirReach(t *testing.T) {
	s := sweep(t, dbtest.SQLite(t))
	n := s.neighbour(t)
	type request struct {
		profile               school.Profile
		method, pattern, path string
		own                   bool
	}
	var asked []request
	for _, route := range s.site.Routes() {
		if route.Right == "" || route.Kind == web.Device || !strings.Contains(route.Pattern, "{") || strings.HasSuffix(route.Pattern, "/{$}") || route.Method == http.MethodOptions { // which tells of no place
			continue
		}
		for _, profile := range school.Profiles {
			switch reach := s.site.Rights.Reach(profile, route.Right); {
			case reach == rights.Nowhere, reach == rights.Project, s.people[profile] == "":
				continue
			case reach == rights.Area && strings.Contains(route.Pattern, "{delivery}"):
				continue // there is one, of their own académie
			}
			path := n.names.Replace(route.Pattern)
			path = strings.ReplaceAll(path, "{session}", s.sessionOfAnother(t, profile).String())
			if strings.Contains(path, "{") {
				t.Fatalf("no identifier is known for %s: add one here", path)
			}
			own := s.site.Rights.Reach(profile, route.Right) == rights.Self // found by whose it is, whatever the gates say
			asked = append(asked, request{profile, route.Method, route.Pattern, path, own})
		}
	}
	for _, r := range asked {
		if w := s.ask(r.method, r.path, s.people[r.profile]); w.Code != http.StatusNotFound {
			t.Errorf("%s %s of another school answers %d to %s", r.method, r.pattern, w.Code, r.profile)
		}
	}
	asked = slices.DeleteFunc(asked, func(r request) bool { return r.own })
	open, found := s.ungated(t), 0
	slices.SortStableFunc(asked, func(a, b request) int { return cmp.Compare(a.method, b.method) }) // what is posted changes things
	for _, r := range asked {
		if w := open.ask(r.method, r.path, s.people[r.profile]); w.Code != http.StatusNotFound {
			found++
		}
	}
	if len(asked) < 210 || found < 130 {
		t.Errorf("without the gates %d of %d requests find something", found, len(asked))
	}
}

// sessionOfAnother is a session of the stage that is not of whoever plays a profile.
func (s stage) sessionOfAnother(t *testing.T, profile school.Profile) (id school.ID) {
	t.Helper()
	err := s.h.DB.Read(t.Context(), func(tx *db.Tx) error {
		mine, err := account.Bearer(tx, s.people[profile])
		if err == nil {
			id, err = db.One(tx, db.Column[school.ID], `SELECT min(id) FROM account_session WHERE person_id <> $1`, mine.Person)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}
